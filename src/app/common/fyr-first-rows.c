/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-first-rows.h"

/* About what a window shows; a taller one is full some turns later. */
#define FIRST 12
/* Rows made in one turn: some milliseconds, so that a key pressed meanwhile is answered at once. */
#define STEP 8
/* No list view keeps more rows than this; from here on the whole list costs nothing. */
#define ENOUGH 240

struct _FyrFirstRows {
  GObject parent_instance;
  GtkSliceListModel *slice;
  guint source;
};

static void
fyr_first_rows_model (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrFirstRows,
                               fyr_first_rows,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, fyr_first_rows_model))

static GType
get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (G_LIST_MODEL (FYR_FIRST_ROWS (model)->slice));
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (FYR_FIRST_ROWS (model)->slice));
}

static gpointer
get_item (GListModel *model, guint position)
{
  return g_list_model_get_item (G_LIST_MODEL (FYR_FIRST_ROWS (model)->slice), position);
}

static void
fyr_first_rows_model (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
on_items_changed (GListModel *slice, guint position, guint removed, guint added, FyrFirstRows *self)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static gboolean
grow (gpointer data)
{
  FyrFirstRows *self = data;
  guint size = gtk_slice_list_model_get_size (self->slice) + STEP;
  guint n = g_list_model_get_n_items (gtk_slice_list_model_get_model (self->slice));

  if (size >= MIN (n, ENOUGH)) {
    self->source = 0;
    gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
    return G_SOURCE_REMOVE;
  }
  gtk_slice_list_model_set_size (self->slice, size);
  return G_SOURCE_CONTINUE;
}

void
fyr_first_rows_grow (FyrFirstRows *self)
{
  g_return_if_fail (FYR_IS_FIRST_ROWS (self));
  if (self->source == 0 && gtk_slice_list_model_get_size (self->slice) != G_MAXUINT)
    self->source = g_timeout_add_full (G_PRIORITY_LOW, 8, grow, self, NULL);
}

void
fyr_first_rows_show_all (FyrFirstRows *self)
{
  g_return_if_fail (FYR_IS_FIRST_ROWS (self));
  g_clear_handle_id (&self->source, g_source_remove);
  gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
}

static void
fyr_first_rows_dispose (GObject *object)
{
  FyrFirstRows *self = FYR_FIRST_ROWS (object);

  g_clear_handle_id (&self->source, g_source_remove);
  G_OBJECT_CLASS (fyr_first_rows_parent_class)->dispose (object);
}

static void
fyr_first_rows_finalize (GObject *object)
{
  g_object_unref (FYR_FIRST_ROWS (object)->slice);
  G_OBJECT_CLASS (fyr_first_rows_parent_class)->finalize (object);
}

static void
fyr_first_rows_class_init (FyrFirstRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fyr_first_rows_dispose;
  G_OBJECT_CLASS (klass)->finalize = fyr_first_rows_finalize;
}

static void
fyr_first_rows_init (FyrFirstRows *self)
{
}

FyrFirstRows *
fyr_first_rows_new (GListModel *model)
{
  FyrFirstRows *self = g_object_new (FYR_TYPE_FIRST_ROWS, NULL);

  g_return_val_if_fail (G_IS_LIST_MODEL (model), NULL);
  self->slice = gtk_slice_list_model_new (g_object_ref (model), 0, FIRST);
  g_signal_connect_object (self->slice, "items-changed", G_CALLBACK (on_items_changed), self, 0);
  return self;
}
