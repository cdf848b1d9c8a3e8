/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-compat-menu.h"

#include <gtk/gtk.h>

/* GTK's own class, which has no public name. */
#define ITEM_CLASS "GtkModelButton"

static char *
without_mnemonic (const char *text)
{
  g_autoptr (GString) plain = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '_' && at[1] != '\0')
      at++;
    g_string_append_c (plain, *at);
  }
  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static void
name_item (GtkWidget *item)
{
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;

  g_object_get (item, "text", &text, NULL);
  if (!text)
    return;
  name = without_mnemonic (text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
name_items_below (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child)) {
    if (g_str_equal (G_OBJECT_TYPE_NAME (child), ITEM_CLASS))
      name_item (child);
    name_items_below (child);
  }
}

static gboolean
on_map (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer data)
{
  GtkWidget *widget = g_value_get_object (&values[0]);

  if (GTK_IS_POPOVER_MENU (widget))
    name_items_below (widget);
  return TRUE;
}

void
fyr_compat_menu_name_items (void)
{
  gpointer widget_class = g_type_class_ref (GTK_TYPE_WIDGET);

  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, on_map, NULL, NULL);
  g_type_class_unref (widget_class);
}
