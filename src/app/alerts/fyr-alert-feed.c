/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-feed.h"

#include "fyr-display-log.h"
#include "fyr-format.h"
#include "fyr-oslo-time.h"
#include "fyr-store-query.h"
#include "fyr-trace.h"

#define MAX_ROWS 2000

struct _FyrAlertFeed {
  GObject parent_instance;
  FyrAppContext *context;
  FyrStore *store; /* the one listened to */
  FyrAlertList *list;
  GHashTable *open; /* ids of alerts that were open at the last answer */
  GCancellable *cancellable;
  gboolean asking;
  gboolean ask_again;
  gboolean with_closed;
  gboolean loaded;
  gboolean failed;
  guint n_open;
  guint n_red;
};

enum { PROP_0, PROP_LOADED, PROP_FAILED, PROP_N_OPEN, PROP_N_RED, N_PROPS };
static GParamSpec *properties[N_PROPS];

enum { ARRIVED, HANDLED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FyrAlertFeed, fyr_alert_feed, G_TYPE_OBJECT)

static gboolean
is_open (FyrAlertItem *item)
{
  return fyr_alert_get_status (fyr_alert_item_get_alert (item)) == FYR_ALERT_STATUS_OPEN;
}

/* Leaves out what was closed before today: the store answers with all closed ones, newest first. */
static GPtrArray *
without_old_closed (GPtrArray *answer)
{
  GPtrArray *kept = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 midnight = fyr_oslo_day_start (fyr_now (), 0);

  for (guint i = 0; i < answer->len; i++) {
    FyrAlertItem *item = g_ptr_array_index (answer, i);
    FyrAlert *alert = fyr_alert_item_get_alert (item);

    if (fyr_alert_get_status (alert) != FYR_ALERT_STATUS_CLOSED ||
        fyr_alert_get_closed_time (alert) >= midnight)
      g_ptr_array_add (kept, g_object_ref (item));
  }
  return kept;
}

static void
count (FyrAlertFeed *self, GPtrArray *answer)
{
  guint n_open = 0, n_red = 0;

  for (guint i = 0; i < answer->len; i++) {
    FyrAlert *alert = fyr_alert_item_get_alert (g_ptr_array_index (answer, i));

    if (fyr_alert_get_status (alert) == FYR_ALERT_STATUS_CLOSED)
      continue;
    n_open++;
    n_red += fyr_alert_get_category (alert) == FYR_ALERT_CATEGORY_RED;
  }
  if (n_open != self->n_open) {
    self->n_open = n_open;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_OPEN]);
  }
  if (n_red != self->n_red) {
    self->n_red = n_red;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_RED]);
  }
}

/* Tells of what came and of what is no longer open since the answer before. */
static void
compare (FyrAlertFeed *self, GPtrArray *answer)
{
  g_autoptr (GHashTable) before = self->open;
  GHashTableIter iter;
  gpointer id;

  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < answer->len; i++) {
    FyrAlertItem *item = g_ptr_array_index (answer, i);

    if (!is_open (item))
      continue;
    g_hash_table_add (self->open, g_strdup (fyr_alert_item_get_id (item)));
    if (!g_hash_table_remove (before, fyr_alert_item_get_id (item)) && self->loaded)
      g_signal_emit (self, signals[ARRIVED], 0, item);
  }
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_signal_emit (self, signals[HANDLED], 0, id);
}

static void
note_listed (FyrAlertFeed *self, GPtrArray *answer)
{
  for (guint i = 0; i < answer->len; i++)
    fyr_display_log_note_listed (self->context, FYR_AUDIT_RESOURCE_ALERT_LIST,
                                 fyr_alert_get_patient_id (fyr_alert_item_get_alert (answer->pdata[i])));
}

static void
take_answer (FyrAlertFeed *self, GPtrArray *rows)
{
  g_autoptr (GPtrArray) answer = self->with_closed ? without_old_closed (rows) : g_ptr_array_ref (rows);
  gboolean first = !self->loaded;

  fyr_alert_list_update (self->list, answer);
  count (self, answer);
  compare (self, answer);
  note_listed (self, answer);
  self->loaded = TRUE;
  fyr_trace_reached ("listed", "list", "");
  if (first)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

static void
set_failed (FyrAlertFeed *self, gboolean failed)
{
  if (self->failed == failed)
    return;
  self->failed = failed;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FAILED]);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrAlertFeed) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = fyr_store_list_alerts_finish (FYR_STORE (source), result, &error);
  gboolean again = self->ask_again;

  self->asking = FALSE;
  self->ask_again = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  set_failed (self, rows == NULL);
  if (rows)
    take_answer (self, rows);
  else
    g_warning ("The alerts could not be read: error %d of %s", error->code,
               g_quark_to_string (error->domain));
  if (again)
    fyr_alert_feed_refresh (self);
}

static void
on_changed (FyrStore *store, FyrChangeSet *changes, FyrAlertFeed *self)
{
  if (fyr_change_set_has_kind (changes, "alert") || fyr_change_set_has_kind (changes, "patient") ||
      fyr_change_set_has_kind (changes, "user")) {
    fyr_trace_reached ("changed", "list", "");
    fyr_alert_feed_refresh (self);
  }
}

void
fyr_alert_feed_refresh (FyrAlertFeed *self)
{
  FyrStore *store = fyr_app_context_get_store (self->context);
  FyrAlertFilter filter = { .closed = self->with_closed, .limit = MAX_ROWS };

  g_return_if_fail (FYR_IS_ALERT_FEED (self));
  if (!store)
    return;
  if (self->asking) {
    self->ask_again = TRUE;
    return;
  }
  if (self->store != store) {
    if (self->store)
      g_signal_handlers_disconnect_by_data (self->store, self);
    g_set_object (&self->store, store);
    g_signal_connect_object (store, "changed", G_CALLBACK (on_changed), self, 0);
  }
  self->asking = TRUE;
  fyr_store_list_alerts_async (store, &filter, self->cancellable, on_answer, g_object_ref (self));
}

FyrAlertList *
fyr_alert_feed_get_list (FyrAlertFeed *self)
{
  return self->list;
}

void
fyr_alert_feed_set_with_closed (FyrAlertFeed *self, gboolean with_closed)
{
  g_return_if_fail (FYR_IS_ALERT_FEED (self));
  if (self->with_closed == !!with_closed)
    return;
  self->with_closed = !!with_closed;
  fyr_alert_feed_refresh (self);
}

gboolean
fyr_alert_feed_get_with_closed (FyrAlertFeed *self)
{
  return self->with_closed;
}

gboolean
fyr_alert_feed_get_loaded (FyrAlertFeed *self)
{
  return self->loaded;
}

gboolean
fyr_alert_feed_get_failed (FyrAlertFeed *self)
{
  return self->failed;
}

guint
fyr_alert_feed_get_n_open (FyrAlertFeed *self)
{
  return self->n_open;
}

guint
fyr_alert_feed_get_n_red (FyrAlertFeed *self)
{
  return self->n_red;
}

static void
fyr_alert_feed_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  FyrAlertFeed *self = FYR_ALERT_FEED (object);

  switch (prop_id) {
  case PROP_LOADED:
    g_value_set_boolean (value, self->loaded);
    break;
  case PROP_FAILED:
    g_value_set_boolean (value, self->failed);
    break;
  case PROP_N_OPEN:
    g_value_set_uint (value, self->n_open);
    break;
  case PROP_N_RED:
    g_value_set_uint (value, self->n_red);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
fyr_alert_feed_dispose (GObject *object)
{
  FyrAlertFeed *self = FYR_ALERT_FEED (object);

  g_cancellable_cancel (self->cancellable);
  if (self->store)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (fyr_alert_feed_parent_class)->dispose (object);
}

static void
fyr_alert_feed_finalize (GObject *object)
{
  FyrAlertFeed *self = FYR_ALERT_FEED (object);

  g_object_unref (self->cancellable);
  g_object_unref (self->list);
  g_hash_table_unref (self->open);
  G_OBJECT_CLASS (fyr_alert_feed_parent_class)->finalize (object);
}

static void
fyr_alert_feed_class_init (FyrAlertFeedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = fyr_alert_feed_dispose;
  object_class->finalize = fyr_alert_feed_finalize;
  object_class->get_property = fyr_alert_feed_get_property;
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  properties[PROP_FAILED] = g_param_spec_boolean ("failed", NULL, NULL, FALSE, flags);
  properties[PROP_N_OPEN] = g_param_spec_uint ("n-open", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_RED] = g_param_spec_uint ("n-red", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[ARRIVED] = g_signal_new ("arrived", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, FYR_TYPE_ALERT_ITEM);
  signals[HANDLED] = g_signal_new ("handled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
fyr_alert_feed_init (FyrAlertFeed *self)
{
  self->list = fyr_alert_list_new ();
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

FyrAlertFeed *
fyr_alert_feed_new (FyrAppContext *context)
{
  FyrAlertFeed *self = g_object_new (FYR_TYPE_ALERT_FEED, NULL);

  self->context = g_object_ref (context);
  fyr_alert_feed_refresh (self);
  return self;
}
