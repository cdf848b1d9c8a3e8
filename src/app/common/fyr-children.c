/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-children.h"

void
fyr_children_unparent (GtkWidget *widget)
{
  GtkWidget *child;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  while ((child = gtk_widget_get_first_child (widget)))
    gtk_widget_unparent (child);
}
