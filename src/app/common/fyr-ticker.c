/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-ticker.h"

#include "fyr-format.h"

typedef struct {
  GtkWidget *widget;
  FyrTickFunc func;
  gint64 next;
} Watch;

static struct {
  GHashTable *mapped; /* of Watch */
  guint source;
  gint64 due;
} ticker;

static gboolean
ticker_fire (gpointer unused);

static void
ticker_schedule (void)
{
  gint64 soonest = 0, wait;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, ticker.mapped);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    Watch *watch = key;

    if (watch->next && (!soonest || watch->next < soonest))
      soonest = watch->next;
  }
  if (soonest == ticker.due && ticker.source)
    return;
  g_clear_handle_id (&ticker.source, g_source_remove);
  ticker.due = soonest;
  if (!soonest)
    return;
  wait = CLAMP (soonest - fyr_now (), 10, 60 * 1000);
  ticker.source = g_timeout_add ((guint)wait, ticker_fire, NULL);
}

static gboolean
ticker_fire (gpointer unused)
{
  g_autoptr (GPtrArray) due = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 now = fyr_now ();
  GHashTableIter iter;
  gpointer key;

  ticker.source = 0;
  ticker.due = 0;
  g_hash_table_iter_init (&iter, ticker.mapped);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    Watch *watch = key;

    if (watch->next && watch->next <= now)
      g_ptr_array_add (due, g_object_ref (watch->widget));
  }
  for (guint i = 0; i < due->len; i++)
    fyr_ticker_refresh (g_ptr_array_index (due, i));
  ticker_schedule ();
  return G_SOURCE_REMOVE;
}

void
fyr_ticker_refresh (GtkWidget *widget)
{
  Watch *watch = g_object_get_data (G_OBJECT (widget), "fyr-ticker-watch");

  if (!watch || !g_hash_table_contains (ticker.mapped, watch))
    return;
  watch->next = watch->func (widget, fyr_now ());
  ticker_schedule ();
}

static void
on_map (GtkWidget *widget, Watch *watch)
{
  g_hash_table_add (ticker.mapped, watch);
  fyr_ticker_refresh (widget);
}

static void
on_unmap (GtkWidget *widget, Watch *watch)
{
  g_hash_table_remove (ticker.mapped, watch);
  ticker_schedule ();
}

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  if (g_hash_table_remove (ticker.mapped, watch))
    ticker_schedule ();
  g_free (watch);
}

void
fyr_ticker_watch (GtkWidget *widget, FyrTickFunc func)
{
  Watch *watch = g_new0 (Watch, 1);

  g_return_if_fail (GTK_IS_WIDGET (widget) && func);
  if (!ticker.mapped)
    ticker.mapped = g_hash_table_new (NULL, NULL);
  watch->widget = widget;
  watch->func = func;
  g_object_set_data_full (G_OBJECT (widget), "fyr-ticker-watch", watch, watch_free);
  g_signal_connect (widget, "map", G_CALLBACK (on_map), watch);
  g_signal_connect (widget, "unmap", G_CALLBACK (on_unmap), watch);
  if (gtk_widget_get_mapped (widget))
    on_map (widget, watch);
}
