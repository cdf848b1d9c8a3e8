/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-text.h"

void
fyr_alert_text_set (GtkLabel *label, const char *text)
{
  g_return_if_fail (GTK_IS_LABEL (label));
  gtk_label_set_label (label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}
