/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-background-section.h"

#include "fyr-children.h"

struct _FyrBackgroundSection {
  GtkWidget parent_instance;
  GtkListBox *rows;
};

G_DEFINE_FINAL_TYPE (FyrBackgroundSection, fyr_background_section, GTK_TYPE_WIDGET)

static void
fyr_background_section_dispose (GObject *object)
{
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_background_section_parent_class)->dispose (object);
}

static void
fyr_background_section_class_init (FyrBackgroundSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_background_section_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
fyr_background_section_init (FyrBackgroundSection *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 6);
}

static GtkWidget *
head_new (const char *title, const char *add_label, const char *add_action)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", title, "xalign", 0.0, "hexpand", TRUE, "wrap",
                                   TRUE, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (head), label);
  if (add_label != NULL) {
    GtkWidget *button = gtk_button_new_with_mnemonic (add_label);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), add_action);
    gtk_box_append (GTK_BOX (head), button);
  }
  return head;
}

GtkWidget *
fyr_background_section_new (const char *title, const char *add_label, const char *add_action)
{
  FyrBackgroundSection *self = g_object_new (FYR_TYPE_BACKGROUND_SECTION, NULL);
  gtk_widget_set_parent (head_new (title, add_label, add_action), GTK_WIDGET (self));
  self->rows = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->rows, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->rows), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_set_parent (GTK_WIDGET (self->rows), GTK_WIDGET (self));
  return GTK_WIDGET (self);
}

void
fyr_background_section_clear (FyrBackgroundSection *self)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_list_box_remove (self->rows, child);
}

AdwActionRow *
fyr_background_section_add (FyrBackgroundSection *self, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title != NULL && *title != '\0' ? title : "–");
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_append (self->rows, row);
  return ADW_ACTION_ROW (row);
}

AdwActionRow *
fyr_background_section_add_fact (FyrBackgroundSection *self, const char *what, const char *value)
{
  g_autofree char *name = g_strdup_printf ("%s: %s", what, value != NULL && *value != '\0' ? value : "–");
  AdwActionRow *row = fyr_background_section_add (self, value, what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

GtkWidget *
fyr_background_row_add_button (
    AdwActionRow *row, const char *icon_name, const char *label, const char *action, const char *target)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  adw_action_row_add_suffix (row, button);
  return button;
}
