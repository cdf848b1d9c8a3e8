/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-navigation.h"

#include <glib/gi18n.h>

#include "fyr-children.h"

struct _FyrNavigation {
  GtkWidget parent_instance;
  GtkListBox *list;
  GHashTable *rows; /* place id → row */
  gboolean selecting;
};

typedef struct {
  const FyrPlaceInfo *info;
  GtkWidget *row;
  GtkLabel *count;
  FyrPlace *place; /* (nullable): whose attention is shown */
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  if (row->place)
    g_signal_handlers_disconnect_by_data (row->place, row);
  g_clear_object (&row->place);
  g_free (row);
}

enum { NAVIGATED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrNavigation, fyr_navigation, GTK_TYPE_WIDGET)

static Row *
row_new (const FyrPlaceInfo *info)
{
  Row *row = g_new0 (Row, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *name = gtk_label_new (_ (info->title));

  row->info = info;
  row->row = gtk_list_box_row_new ();
  row->count = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (info->icon_name));
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row->count));
  gtk_widget_add_css_class (GTK_WIDGET (row->count), "attention");
  gtk_widget_add_css_class (GTK_WIDGET (row->count), "numeric");
  gtk_widget_set_valign (GTK_WIDGET (row->count), GTK_ALIGN_CENTER);
  gtk_widget_set_visible (GTK_WIDGET (row->count), FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row->row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->row), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (info->title),
                                  -1);
  return row;
}

void
fyr_navigation_set_role (FyrNavigation *self, FyrRole role)
{
  guint n;
  const FyrPlaceInfo *places = fyr_places_get (&n);
  GtkWidget *child;

  g_return_if_fail (FYR_IS_NAVIGATION (self));
  self->selecting = TRUE;
  g_hash_table_remove_all (self->rows);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))))
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; role != FYR_ROLE_UNSET && i < n; i++) {
    if (places[i].roles & 1u << role) {
      Row *row = row_new (&places[i]);

      g_hash_table_insert (self->rows, (gpointer)places[i].id, row);
      gtk_list_box_append (self->list, row->row);
    }
  }
  self->selecting = FALSE;
}

void
fyr_navigation_select (FyrNavigation *self, const char *id)
{
  Row *row = g_hash_table_lookup (self->rows, id);

  if (!row)
    return;
  self->selecting = TRUE;
  gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row->row));
  self->selecting = FALSE;
}

static void
on_attention (FyrPlace *place, GParamSpec *pspec, Row *row)
{
  guint n = fyr_place_get_attention (place);
  g_autofree char *number = g_strdup_printf ("%u", n);
  g_autofree char *name = NULL;

  gtk_label_set_label (row->count, number);
  gtk_widget_set_visible (GTK_WIDGET (row->count), n > 0);
  if (fyr_place_get_urgent (place))
    gtk_widget_add_css_class (GTK_WIDGET (row->count), "urgent");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row->count), "urgent");
  name = n > 0 ? g_strdup_printf ("%s, %u", _ (row->info->title), n) : g_strdup (_ (row->info->title));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
fyr_navigation_follow (FyrNavigation *self, const char *id, FyrPlace *place)
{
  Row *row = g_hash_table_lookup (self->rows, id);

  if (!row)
    return;
  g_set_object (&row->place, place);
  g_signal_connect (place, "notify::attention", G_CALLBACK (on_attention), row);
  g_signal_connect (place, "notify::urgent", G_CALLBACK (on_attention), row);
  on_attention (place, NULL, row);
}

static void
on_row_selected (FyrNavigation *self, GtkListBoxRow *selected)
{
  GHashTableIter iter;
  gpointer value;

  if (self->selecting || !selected)
    return;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Row *row = value;

    if (row->row == GTK_WIDGET (selected)) {
      g_signal_emit (self, signals[NAVIGATED], 0, row->info->id);
      return;
    }
  }
}

static void
fyr_navigation_dispose (GObject *object)
{
  fyr_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (fyr_navigation_parent_class)->dispose (object);
}

static void
fyr_navigation_finalize (GObject *object)
{
  g_hash_table_unref (FYR_NAVIGATION (object)->rows);
  G_OBJECT_CLASS (fyr_navigation_parent_class)->finalize (object);
}

static void
fyr_navigation_class_init (FyrNavigationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_navigation_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_navigation_finalize;
  signals[NAVIGATED] = g_signal_new ("navigated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "navigation");
}

static void
fyr_navigation_init (FyrNavigation *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, row_free);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_BROWSE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Places"),
                                  -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  gtk_widget_set_parent (scroller, GTK_WIDGET (self));
  g_signal_connect_swapped (self->list, "row-selected", G_CALLBACK (on_row_selected), self);
}
