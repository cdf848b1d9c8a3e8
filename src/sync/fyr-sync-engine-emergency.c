/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <string.h>

#include "fyr-sync-emergency.h"
#include "fyr-sync-engine-private.h"

/* Clocks are looked at this often while an access lasts, so that one that was set is noticed. */
#define LOOK_MS 5000
/* How long to wait for the patient's rows once the server said yes. */
#define ARRIVAL_MS 15000

static gint64
server_now (FyrSyncEngine *self)
{
  return fyr_sync_wall_clock () + self->clock_offset;
}

gint64
fyr_sync_engine_get_emergency_seconds (FyrSyncEngine *self, const FyrEmergency *access)
{
  const gint64 *deadline = g_hash_table_lookup (self->emergency_deadlines, access->access_id);
  gint64 left = access->until - server_now (self);

  if (deadline != NULL) {
    left = MIN (left, *deadline - self->clock (self->clock_data));
  }
  return MAX (left + 999, 0) / 1000;
}

const FyrEmergency *
fyr_sync_engine_find_emergency (FyrSyncEngine *self, const char *patient_id)
{
  for (guint i = 0; self->emergency != NULL && i < self->emergency->len; i++) {
    const FyrEmergency *access = &g_array_index (self->emergency, FyrEmergency, i);

    if (g_strcmp0 (access->patient_id, patient_id) == 0) {
      return access;
    }
  }
  return NULL;
}

/* What was removed is told with the next pull; the log is cut on the way. */
static void
on_removed_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrSyncEngine) self = user_data;
  g_autoptr (GPtrArray) removed = fyr_store_list_removed_finish (FYR_STORE (source), result, NULL);

  self->ask_removed = self->ask_removed || removed == NULL;
  if (removed != NULL && removed->len > 0) {
    g_clear_pointer (&self->removed, g_ptr_array_unref);
    self->removed = g_steal_pointer (&removed);
    fyr_sync_engine_sync_now (self);
  }
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrSyncEngine) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) scopes = fyr_store_end_emergency_finish (FYR_STORE (source), result, &error);

  if (scopes == NULL) {
    if (!g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CLOSED)) {
      g_warning ("an emergency access could not be ended here: code %d", error->code);
    }
    return;
  }
  for (guint i = 0; i < scopes->len; i++) {
    g_hash_table_remove (self->cursors, scopes->pdata[i]);
    g_hash_table_remove (self->heads, scopes->pdata[i]);
  }
  if (scopes->len > 0) {
    fyr_store_list_removed_async (self->store, NULL, on_removed_listed, g_object_ref (self));
  }
}

void
fyr_sync_engine_end_emergencies (FyrSyncEngine *self, const char *author_id, const char *const *ids)
{
  fyr_store_end_emergency_async (self->store, author_id, ids, NULL, on_ended, g_object_ref (self));
}

static gboolean
on_look (gpointer user_data)
{
  FyrSyncEngine *self = user_data;

  self->emergency_timer = 0;
  fyr_sync_engine_look_at_emergencies (self);
  return G_SOURCE_REMOVE;
}

void
fyr_sync_engine_look_at_emergencies (FyrSyncEngine *self)
{
  g_autoptr (GPtrArray) over = g_ptr_array_new ();
  gint64 next = LOOK_MS;

  g_clear_handle_id (&self->emergency_timer, g_source_remove);
  for (guint i = 0; self->emergency != NULL && i < self->emergency->len; i++) {
    FyrEmergency *access = &g_array_index (self->emergency, FyrEmergency, i);
    gint64 seconds = fyr_sync_engine_get_emergency_seconds (self, access);

    if (seconds == 0) {
      g_ptr_array_add (over, access->access_id);
    }
    next = MIN (next, seconds * 1000);
  }
  if (over->len > 0) {
    g_ptr_array_add (over, NULL);
    fyr_sync_engine_end_emergencies (self, NULL, (const char *const *)over->pdata);
  }
  if (self->emergency != NULL && self->emergency->len > 0 && fyr_sync_engine_has_own_clock (self)) {
    self->emergency_timer = g_timeout_add ((guint)MAX (next, 200), on_look, self);
  }
}

/* Whatever is done to this machine's clock, an access lasts no longer than was left when it was first seen. */
static void
set_deadlines (FyrSyncEngine *self)
{
  g_autoptr (GHashTable) former = g_steal_pointer (&self->emergency_deadlines);

  self->emergency_deadlines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < self->emergency->len; i++) {
    const FyrEmergency *access = &g_array_index (self->emergency, FyrEmergency, i);
    const gint64 *known = g_hash_table_lookup (former, access->access_id);
    gint64 deadline = self->clock (self->clock_data) + MAX (access->until - server_now (self), 0);

    deadline = known != NULL ? MIN (deadline, *known) : deadline;
    g_hash_table_insert (self->emergency_deadlines, g_strdup (access->access_id),
                         g_memdup2 (&deadline, sizeof deadline));
  }
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrSyncEngine) self = user_data;
  g_autoptr (GArray) accesses = fyr_store_list_emergency_finish (FYR_STORE (source), result, NULL);

  if (accesses == NULL || g_cancellable_is_cancelled (self->life)) {
    return;
  }
  g_clear_pointer (&self->emergency, g_array_unref);
  self->emergency = g_steal_pointer (&accesses);
  set_deadlines (self);
  fyr_sync_engine_look_at_emergencies (self);
  fyr_sync_engine_tell_emergency_changed (self);
}

void
fyr_sync_engine_list_emergencies (FyrSyncEngine *self)
{
  fyr_store_list_emergency_async (self->store, NULL, on_listed, g_object_ref (self));
}

typedef struct {
  char *patient_id;
  guint seconds;
  guint timer;
  gulong handler;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_clear_handle_id (&opening->timer, g_source_remove);
  g_free (opening->patient_id);
  g_free (opening);
}

static void
finish_opening (GTask *task)
{
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (FyrSyncEngine) self = g_object_ref (g_task_get_source_object (task));

  g_clear_signal_handler (&opening->handler, self);
  g_clear_handle_id (&opening->timer, g_source_remove);
  g_task_return_pointer (task, g_strdup (opening->patient_id), g_free);
  g_object_unref (task);
}

static gboolean
on_arrival_late (gpointer user_data)
{
  Opening *opening = g_task_get_task_data (user_data);

  opening->timer = 0;
  finish_opening (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_emergency_changed (FyrSyncEngine *self, GTask *task)
{
  Opening *opening = g_task_get_task_data (task);

  if (fyr_sync_engine_find_emergency (self, opening->patient_id) != NULL) {
    finish_opening (task);
  }
}

/* The server said yes: the patient's rows come with the next pull. Takes @task. */
static void
await_arrival (GTask *task, const FyrWireEmergency *access)
{
  FyrSyncEngine *self = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);

  opening->patient_id = g_strdup (access->patient_id);
  opening->handler = g_signal_connect (self, "emergency-changed", G_CALLBACK (on_emergency_changed), task);
  opening->timer = g_timeout_add (ARRIVAL_MS, on_arrival_late, task);
  if (fyr_sync_engine_find_emergency (self, access->patient_id) != NULL) {
    finish_opening (task);
    return;
  }
  fyr_sync_engine_sync_now (self);
}

static void
on_open_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (FyrSyncAnswer) answer =
      fyr_sync_transport_exchange_finish (FYR_SYNC_TRANSPORT (source), result, &error);
  g_autofree FyrWireEmergency *access = NULL;
  gsize length = 0;
  const char *text;

  if (answer == NULL) {
    g_task_return_error (task, error);
    return;
  }
  if (answer->status != 200) {
    g_autoptr (FyrSyncFault) fault = NULL;

    opening->seconds = (guint)((answer->retry_after + 999) / 1000);
    error = fyr_sync_client_judge (answer, &fault);
    g_task_return_error (task, error);
    return;
  }
  text = g_bytes_get_data (answer->body, &length);
  access = fyr_emergency_reply_parse (text != NULL ? text : "", length, NULL);
  if (access == NULL) {
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_MALFORMED, "The answer is none");
    return;
  }
  await_arrival (g_steal_pointer (&task), access);
}

/* Takes @task, which gets @next's answer. */
static void
ask_server (FyrSyncEngine *self, GTask *task, const char *path, GBytes *body, GAsyncReadyCallback next)
{
  if (self->token == NULL) {
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_UNAUTHENTICATED,
                             "not signed in at the server");
    g_object_unref (task);
    return;
  }
  fyr_sync_transport_exchange_async (self->transport, path, body, self->token, g_task_get_cancellable (task),
                                     next, task);
}

/* The text holds a password: it is wiped with the last reference. */
static void
wipe_text (gpointer data)
{
  GString *text = data;

  sodium_memzero (text->str, text->len);
  g_string_free (text, TRUE);
}

static GBytes *
to_secret_bytes (GString *text)
{
  return g_bytes_new_with_free_func (text->str, text->len, wipe_text, text);
}

void
fyr_sync_engine_open_emergency_async (FyrSyncEngine *self,
                                      const char *identity_number,
                                      FyrEmergencyReason reason,
                                      const char *text,
                                      const char *password,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (FyrEmergencyRequest) request = fyr_emergency_request_new ();
  GString *body = g_string_sized_new (2048);
  g_autoptr (GBytes) bytes = NULL;
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, fyr_sync_engine_open_emergency_async);
  g_task_set_task_data (task, g_new0 (Opening, 1), opening_free);
  request->device_id = g_strdup (self->device);
  request->identity_number = g_strdup (identity_number);
  request->reason = reason;
  request->text = g_strdup (text);
  request->password = g_strdup (password);
  fyr_emergency_request_write (request, body);
  bytes = to_secret_bytes (body);
  ask_server (self, task, "/emergency/v1/open", bytes, on_open_answered);
}

char *
fyr_sync_engine_open_emergency_finish (FyrSyncEngine *self,
                                       GAsyncResult *result,
                                       guint *seconds,
                                       GError **error)
{
  Opening *opening = g_task_get_task_data (G_TASK (result));

  if (seconds != NULL) {
    *seconds = opening->seconds;
  }
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_end_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (FyrSyncAnswer) answer =
      fyr_sync_transport_exchange_finish (FYR_SYNC_TRANSPORT (source), result, &error);

  if (answer == NULL) {
    g_task_return_error (task, error);
  } else if (answer->status == 200 || answer->status == 404) {
    /* 404: it was over already. */
    g_task_return_boolean (task, TRUE);
    fyr_sync_engine_sync_now (g_task_get_source_object (task));
  } else {
    g_autoptr (FyrSyncFault) fault = NULL;

    g_task_return_error (task, fyr_sync_client_judge (answer, &fault));
  }
}

void
fyr_sync_engine_end_emergency_async (FyrSyncEngine *self,
                                     const char *access_id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  const char *ids[] = { access_id, NULL };
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GString *body = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;

  fyr_emergency_end_write (access_id, body);
  bytes = g_string_free_to_bytes (body);
  fyr_sync_engine_end_emergencies (self, NULL, ids);
  ask_server (self, task, "/emergency/v1/end", bytes, on_end_answered);
}

gboolean
fyr_sync_engine_end_emergency_finish (FyrSyncEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
