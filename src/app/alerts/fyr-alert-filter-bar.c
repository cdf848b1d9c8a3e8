/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-filter-bar.h"

#include <glib/gi18n.h>

#include "fyr-alert-category.h"
#include "fyr-badge.h"
#include "fyr-children.h"

struct _FyrAlertFilterBar {
  GtkWidget parent_instance;
  GtkWidget *colours[FYR_ALERT_CATEGORY_LAST + 1];
  GtkWidget *mine;
  GtkWidget *closed;
  gboolean clearing;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrAlertFilterBar, fyr_alert_filter_bar, GTK_TYPE_WIDGET)

static void
on_toggled (FyrAlertFilterBar *self)
{
  if (!self->clearing)
    g_signal_emit (self, signals[CHANGED], 0);
}

guint
fyr_alert_filter_bar_get_categories (FyrAlertFilterBar *self)
{
  guint mask = 0;

  for (guint i = 1; i <= FYR_ALERT_CATEGORY_LAST; i++)
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->colours[i])))
      mask |= 1u << i;
  return mask;
}

gboolean
fyr_alert_filter_bar_get_mine (FyrAlertFilterBar *self)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->mine));
}

gboolean
fyr_alert_filter_bar_get_closed (FyrAlertFilterBar *self)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->closed));
}

void
fyr_alert_filter_bar_clear (FyrAlertFilterBar *self)
{
  g_return_if_fail (FYR_IS_ALERT_FILTER_BAR (self));
  self->clearing = TRUE;
  for (guint i = 1; i <= FYR_ALERT_CATEGORY_LAST; i++)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->colours[i]), FALSE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->mine), FALSE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->closed), FALSE);
  self->clearing = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
colour_button (FyrAlertFilterBar *self, FyrAlertCategory category)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *badge = fyr_badge_new ();

  fyr_badge_set_compact (FYR_BADGE (badge), TRUE);
  fyr_badge_set_category (FYR_BADGE (badge), category);
  gtk_button_set_child (GTK_BUTTON (button), badge);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "colour-filter");
  gtk_widget_set_tooltip_text (button, fyr_category_get_word (category));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  fyr_category_get_word (category), -1);
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_toggled), self);
  return button;
}

static GtkWidget *
word_button (FyrAlertFilterBar *self, const char *label)
{
  GtkWidget *button = gtk_toggle_button_new_with_mnemonic (label);

  gtk_widget_add_css_class (button, "flat");
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_toggled), self);
  return button;
}

static void
fyr_alert_filter_bar_dispose (GObject *object)
{
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_alert_filter_bar_parent_class)->dispose (object);
}

static void
fyr_alert_filter_bar_class_init (FyrAlertFilterBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_alert_filter_bar_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "filterbar");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

/* Worst first, as in the list. */
static void
add_colours (FyrAlertFilterBar *self, GtkBox *row)
{
  for (int rank = 0; rank <= FYR_ALERT_CATEGORY_LAST; rank++) {
    for (guint i = 1; i <= FYR_ALERT_CATEGORY_LAST; i++) {
      if (fyr_alert_category_get_rank (i) != rank)
        continue;
      self->colours[i] = colour_button (self, i);
      gtk_box_append (row, self->colours[i]);
    }
  }
}

static void
fyr_alert_filter_bar_init (FyrAlertFilterBar *self)
{
  GtkWidget *colours = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  add_colours (self, GTK_BOX (colours));
  self->mine = word_button (self, _ ("_Mine"));
  self->closed = word_button (self, _ ("Closed to_day"));
  gtk_box_append (GTK_BOX (words), self->mine);
  gtk_box_append (GTK_BOX (words), self->closed);
  gtk_widget_set_parent (colours, GTK_WIDGET (self));
  gtk_widget_set_parent (words, GTK_WIDGET (self));
}
