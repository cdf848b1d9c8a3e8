/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record-list.h"

#include <glib/gi18n.h>

#include "fyr-children.h"
#include "fyr-empty-state.h"
#include "fyr-keyed-list.h"
#include "fyr-text-fold.h"

/* A row: lives on while its record is replaced by a newer one. */
#define FYR_TYPE_RECORD_LIST_ROW (fyr_record_list_row_get_type ())
G_DECLARE_FINAL_TYPE (FyrRecordListRow, fyr_record_list_row, FYR, RECORD_LIST_ROW, GObject)

struct _FyrRecordListRow {
  GObject parent_instance;
  FyrRecord *record;
};

G_DEFINE_FINAL_TYPE (FyrRecordListRow, fyr_record_list_row, G_TYPE_OBJECT)

static guint changed_signal;

typedef struct {
  FyrRecordList *table;
  const FyrRecordColumn *spec;
  guint index;
} Column;

struct _FyrRecordList {
  GtkWidget parent_instance;
  FyrKeyedList *list;
  GtkFilter *filter;
  GtkSingleSelection *selection;
  Column *columns;
  guint n_columns;
  gpointer data;
  char *query; /* folded */
  guint leading;
  gboolean probing;

  GtkBox *toolbar;
  GtkSearchEntry *search;
  GtkDropDown *sort;
  GtkStack *stack;
  GtkColumnView *view;
  GtkLabel *total;
};

G_DEFINE_FINAL_TYPE (FyrRecordList, fyr_record_list, GTK_TYPE_WIDGET)

static guint opened_signal;

static void
fyr_record_list_row_finalize (GObject *object)
{
  g_object_unref (FYR_RECORD_LIST_ROW (object)->record);
  G_OBJECT_CLASS (fyr_record_list_row_parent_class)->finalize (object);
}

static void
fyr_record_list_row_class_init (FyrRecordListRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_record_list_row_finalize;
  changed_signal = g_signal_new ("changed", FYR_TYPE_RECORD_LIST_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
fyr_record_list_row_init (FyrRecordListRow *self)
{
}

static FyrRecordListRow *
row_new (FyrRecord *record)
{
  FyrRecordListRow *row = g_object_new (FYR_TYPE_RECORD_LIST_ROW, NULL);

  row->record = g_object_ref (record);
  return row;
}

static const char *
row_key (gpointer item)
{
  return fyr_record_get_id (FYR_RECORD_LIST_ROW (item)->record);
}

static void
row_take_over (gpointer item, gpointer fresh)
{
  g_set_object (&FYR_RECORD_LIST_ROW (item)->record, FYR_RECORD_LIST_ROW (fresh)->record);
  g_signal_emit (item, changed_signal, 0);
}

static char *
text_of (FyrRecordListRow *row, const Column *column)
{
  char *text = column->spec->text (row->record, column->table->data);

  return text ? text : g_strdup ("");
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const Column *column = data;
  g_autofree char *first = text_of ((FyrRecordListRow *)a, column);
  g_autofree char *second = text_of ((FyrRecordListRow *)b, column);
  g_autofree char *first_key = NULL, *second_key = NULL;

  if (column->table->probing) {
    column->table->leading = column->index;
    column->table->probing = FALSE;
  }
  if (!column->spec->number)
    return g_utf8_collate (first, second);
  first_key = g_utf8_collate_key_for_filename (first, -1);
  second_key = g_utf8_collate_key_for_filename (second, -1);
  return strcmp (first_key, second_key);
}

static gboolean
matches (gpointer item, gpointer data)
{
  FyrRecordList *self = data;
  GString *words;
  gboolean found;

  if (!self->query || !*self->query)
    return TRUE;
  words = g_string_new (NULL);
  for (guint i = 0; i < self->n_columns; i++) {
    g_autofree char *text = text_of (item, &self->columns[i]);
    g_autofree char *folded = fyr_text_fold (text);

    g_string_append_printf (words, "%s ", folded);
  }
  found = fyr_text_fold_matches (words->str, self->query);
  g_string_free (words, TRUE);
  return found;
}

static void
setup_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, const Column *column)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label),
                           column->spec->expand ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  if (column->spec->number)
    gtk_widget_add_css_class (label, "numeric");
  g_object_set_data (G_OBJECT (list_item), "column", (gpointer)column);
  gtk_list_item_set_child (list_item, label);
}

static void
show_cell (FyrRecordListRow *row, GtkListItem *list_item)
{
  g_autofree char *text = text_of (row, g_object_get_data (G_OBJECT (list_item), "column"));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), text);
}

static void
bind_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  FyrRecordListRow *row = gtk_list_item_get_item (list_item);

  g_signal_connect (row, "changed", G_CALLBACK (show_cell), list_item);
  show_cell (row, list_item);
}

static void
unbind_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item), show_cell, list_item);
}

static void
add_column (FyrRecordList *self, Column *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare, column, NULL));
  g_autoptr (GtkColumnViewColumn) view_column = gtk_column_view_column_new (_ (column->spec->title), factory);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell), column);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell), NULL);
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_column_set_expand (view_column, column->spec->expand);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_append_column (self->view, view_column);
}

static void
show_total (FyrRecordList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  guint all = fyr_keyed_list_get_size (self->list);
  /* Translators: rows shown of all rows. */
  g_autofree char *text = n == all ? g_strdup_printf (ngettext ("%u row", "%u rows", all), all)
                                   : g_strdup_printf (_ ("%u of %u"), n, all);

  gtk_label_set_label (self->total, text);
  gtk_widget_set_visible (GTK_WIDGET (self->total), all > 0);
  gtk_stack_set_visible_child_name (self->stack, all == 0 ? "empty" : n == 0 ? "no match" : "rows");
}

static void
on_search (FyrRecordList *self)
{
  g_free (self->query);
  self->query = fyr_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->search)));
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  show_total (self);
}

static void
on_sort_chosen (FyrRecordList *self)
{
  guint selected = gtk_drop_down_get_selected (self->sort);
  g_autoptr (GtkColumnViewColumn) column = NULL;

  if (selected == self->leading)
    return;
  column = g_list_model_get_item (gtk_column_view_get_columns (self->view), selected);
  if (column)
    gtk_column_view_sort_by_column (self->view, column, GTK_SORT_ASCENDING);
}

/* A heading was pressed. GTK 4.8 does not say which: the column that leads is the first that is asked to compare. */
static void
on_sorted (FyrRecordList *self)
{
  GListModel *rows = G_LIST_MODEL (self->list);
  g_autoptr (GObject) first = g_list_model_get_item (rows, 0);
  g_autoptr (GObject) second = g_list_model_get_item (rows, 1);

  if (!second)
    return;
  self->probing = TRUE;
  gtk_sorter_compare (gtk_column_view_get_sorter (self->view), first, second);
  self->probing = FALSE;
  gtk_drop_down_set_selected (self->sort, self->leading);
}

static void
open_row (FyrRecordList *self, guint position)
{
  g_autoptr (FyrRecordListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (row)
    g_signal_emit (self, opened_signal, 0, row->record);
}

static void
open_first (FyrRecordList *self)
{
  open_row (self, 0);
}

static void
on_activated (FyrRecordList *self, guint position)
{
  open_row (self, position);
}

static void
fyr_record_list_dispose (GObject *object)
{
  FyrRecordList *self = FYR_RECORD_LIST (object);

  /* The columns ask the table: they go first. */
  if (self->view) {
    g_signal_handlers_disconnect_by_func (gtk_column_view_get_sorter (self->view), on_sorted, self);
    gtk_column_view_set_model (self->view, NULL);
  }
  gtk_widget_dispose_template (GTK_WIDGET (self), FYR_TYPE_RECORD_LIST);
  fyr_children_unparent (GTK_WIDGET (object));
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (fyr_record_list_parent_class)->dispose (object);
}

static void
fyr_record_list_finalize (GObject *object)
{
  FyrRecordList *self = FYR_RECORD_LIST (object);

  g_free (self->query);
  g_free (self->columns);
  G_OBJECT_CLASS (fyr_record_list_parent_class)->finalize (object);
}

static void
fyr_record_list_class_init (FyrRecordListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = fyr_record_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_record_list_finalize;
  opened_signal = g_signal_new ("opened", FYR_TYPE_RECORD_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, FYR_TYPE_RECORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/no/fyrlykt/Fyrlykt/common/fyr-record-list.ui");
  gtk_widget_class_bind_template_child (widget_class, FyrRecordList, toolbar);
  gtk_widget_class_bind_template_child (widget_class, FyrRecordList, search);
  gtk_widget_class_bind_template_child (widget_class, FyrRecordList, sort);
  gtk_widget_class_bind_template_child (widget_class, FyrRecordList, stack);
  gtk_widget_class_bind_template_child (widget_class, FyrRecordList, view);
  gtk_widget_class_bind_template_child (widget_class, FyrRecordList, total);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, open_first);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_sort_chosen);
}

static void
fyr_record_list_init (FyrRecordList *self)
{
  GtkWidget *no_match;

  gtk_widget_init_template (GTK_WIDGET (self));
  no_match = fyr_empty_state_new ("system-search-symbolic", _ ("Nothing found"),
                                  _ ("Try fewer letters, or the beginning of another word."), NULL, NULL);
  gtk_stack_add_named (self->stack, no_match, "no match");
}

static void
make_model (FyrRecordList *self)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;

  self->list = fyr_keyed_list_new (FYR_TYPE_RECORD_LIST_ROW, row_key, row_take_over);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  filtered =
      gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->list)), g_object_ref (self->filter));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered), g_object_ref (sorter));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (sorted));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (sorter, "changed", G_CALLBACK (on_sorted), self, G_CONNECT_SWAPPED);
}

static void
add_columns (FyrRecordList *self, const FyrRecordColumn *columns)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autoptr (GtkColumnViewColumn) first = NULL;

  self->columns = g_new0 (Column, self->n_columns);
  for (guint i = 0; i < self->n_columns; i++) {
    self->columns[i] = (Column){ self, &columns[i], i };
    add_column (self, &self->columns[i]);
    gtk_string_list_append (titles, _ (columns[i].title));
  }
  gtk_drop_down_set_model (self->sort, G_LIST_MODEL (titles));
  first = g_list_model_get_item (gtk_column_view_get_columns (self->view), 0);
  gtk_column_view_sort_by_column (self->view, first, GTK_SORT_ASCENDING);
}

GtkWidget *
fyr_record_list_new (const char *name,
                     const char *search,
                     const FyrRecordColumn *columns,
                     guint n_columns,
                     gpointer data,
                     GtkWidget *empty)
{
  FyrRecordList *self = g_object_new (FYR_TYPE_RECORD_LIST, NULL);

  self->n_columns = n_columns;
  self->data = data;
  gtk_stack_add_named (self->stack, empty, "empty");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, search, -1);
  g_object_set (self->search, "placeholder-text", search, NULL);
  make_model (self);
  add_columns (self, columns);
  gtk_widget_set_visible (GTK_WIDGET (self->total), FALSE);
  return GTK_WIDGET (self);
}

void
fyr_record_list_show (FyrRecordList *self, GPtrArray *records)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (FYR_IS_RECORD_LIST (self));
  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (rows, row_new (g_ptr_array_index (records, i)));
  fyr_keyed_list_update (self->list, rows);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  gtk_sorter_changed (gtk_column_view_get_sorter (self->view), GTK_SORTER_CHANGE_DIFFERENT);
  show_total (self);
}

void
fyr_record_list_add_button (FyrRecordList *self, const char *label, const char *action)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_return_if_fail (FYR_IS_RECORD_LIST (self));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_box_append (self->toolbar, button);
}

gboolean
fyr_record_list_start_search (FyrRecordList *self)
{
  return gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
