/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <string.h>

#include "fyr-sync-engine-private.h"

/* A server that does not answer within this time, in ms, does not keep a nurse from her patients. */
#define SIGN_IN_PATIENCE 8000

typedef struct {
  char *user_name;
  char *password;
  GCancellable *patience;
  guint timer;
  FyrOfflineUser *known; /* (nullable) */
} SignIn;

static void
wipe (char *secret)
{
  if (secret != NULL) {
    sodium_memzero (secret, strlen (secret));
    g_free (secret);
  }
}

static void
sign_in_free (SignIn *data)
{
  g_clear_handle_id (&data->timer, g_source_remove);
  g_object_unref (data->patience);
  g_clear_object (&data->known);
  g_free (data->user_name);
  wipe (data->password);
  g_free (data);
}

void
fyr_sync_engine_forget_session (FyrSyncEngine *self)
{
  self->session++;
  g_clear_pointer (&self->token, wipe);
  g_clear_pointer (&self->sign_in_name, g_free);
  g_clear_pointer (&self->sign_in_password, wipe);
}

static FyrSignInRequest *
make_request (FyrSyncEngine *self, const char *user_name, const char *password)
{
  FyrSignInRequest *request = fyr_sign_in_request_new ();

  request->user_name = g_strdup (user_name);
  request->password = g_strdup (password);
  request->device_id = g_strdup (self->device);
  request->device_name = g_strdup (g_get_host_name ());
  return request;
}

static void
on_remembered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!fyr_store_remember_user_finish (FYR_STORE (source), result, &error) &&
      !g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CLOSED)) {
    g_warning ("the user cannot be known offline: %s", error->message);
  }
}

static void
on_forgotten (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!fyr_store_forget_user_finish (FYR_STORE (source), result, &error)) {
    g_warning ("the user cannot be forgotten: %s", error->message);
  }
}

/* What a refused sign-in says about what opens the database here. */
static void
heed_refusal (FyrSyncEngine *self, const GError *error)
{
  if (g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_SHUT_OUT)) {
    fyr_store_forget_user_async (self->store, NULL, NULL, on_forgotten, NULL);
  }
}

static void
forget_user (FyrSyncEngine *self)
{
  if (self->user != NULL) {
    fyr_store_forget_user_async (self->store, fyr_record_get_id (FYR_RECORD (self->user)), NULL, on_forgotten,
                                 NULL);
  }
}

void
fyr_sync_engine_note_ended (FyrSyncEngine *self)
{
  if (self->token != NULL && fyr_sync_wall_clock () + self->clock_offset < self->expires) {
    forget_user (self);
  }
}

/* The session begins: everything but the machine, which the caller tells. */
static void
begin_session (FyrSyncEngine *self, FyrSignInReply *reply, const char *password, gint64 asked)
{
  fyr_sync_engine_forget_session (self);
  self->token = g_strdup (reply->token);
  self->expires = reply->expires;
  self->schema = fyr_sync_client_check_schemas (fyr_wire_schemas_own (), reply->schemas, NULL);
  fyr_sync_transport_set_packs (self->transport, self->schema >= FYR_WIRE_SCHEMA_RETURNS);
  self->push_limit = FYR_PUSH_MAX_MUTATIONS;
  self->pull_bytes = FYR_PULL_DEFAULT_BYTES;
  self->ask_push = TRUE;
  self->next_offers = 0;
  self->next_hand_over = 0;
  g_ptr_array_set_size (self->not_of, 0);
  g_ptr_array_add (self->not_of, g_strdup (fyr_record_get_id (FYR_RECORD (reply->user))));
  fyr_sync_engine_set_user (self, (FyrUser *)reply->user, reply->memberships);
  fyr_sync_engine_note_server_time (self, reply->server_time, asked);
  fyr_store_remember_user_async (self->store, (FyrUser *)reply->user, reply->memberships, password,
                                 reply->share, NULL, on_remembered, NULL);
}

typedef struct {
  FyrSyncEngine *engine;
  GTask *task; /* (nullable): of the user's sign-in */
  FyrSignInReply *reply;
  char *password;
  gint64 asked;
  guint session;
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  g_object_unref (arrival->engine);
  g_clear_object (&arrival->task);
  g_clear_pointer (&arrival->reply, fyr_sign_in_reply_free);
  wipe (arrival->password);
  g_free (arrival);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Arrival, arrival_free)

static void
on_arrived (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Arrival) arrival = user_data;
  FyrSyncEngine *self = arrival->engine;
  g_autoptr (GError) error = NULL;
  gboolean loaded = fyr_sync_engine_load_finish (self, result, &error);

  if (arrival->task == NULL) {
    if (loaded && arrival->session == self->session) {
      begin_session (self, arrival->reply, arrival->password, arrival->asked);
      fyr_sync_engine_done (self, FYR_SYNC_REQUEST_SIGN_IN, FYR_SYNC_CAUSE_OK, FALSE);
    } else {
      fyr_sync_engine_done (self, FYR_SYNC_REQUEST_SIGN_IN,
                            loaded ? FYR_SYNC_CAUSE_CANCELLED : FYR_SYNC_CAUSE_BROKEN, FALSE);
    }
    return;
  }
  if (!loaded) {
    g_task_return_error (arrival->task, g_steal_pointer (&error));
    return;
  }
  begin_session (self, arrival->reply, arrival->password, arrival->asked);
  fyr_sync_engine_feed (self, &(FyrSyncEvent){ .kind = FYR_SYNC_EVENT_SIGNED_IN });
  g_task_return_int (arrival->task, FYR_SIGN_IN_ONLINE);
}

static void
on_epoch_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Arrival *arrival = user_data;
  g_autoptr (GError) error = NULL;

  if (!fyr_store_begin_epoch_finish (FYR_STORE (source), result, &error)) {
    g_warning ("the server's epoch cannot be kept: %s", error->message);
  }
  fyr_sync_engine_load_async (arrival->engine, on_arrived, arrival);
}

/* The store follows the server's epoch before anything is fetched. */
static void
follow_epoch (Arrival *arrival)
{
  FyrSyncEngine *self = arrival->engine;

  if (g_strcmp0 (self->epoch, arrival->reply->epoch) == 0) {
    fyr_sync_engine_load_async (self, on_arrived, arrival);
    return;
  }
  g_hash_table_remove_all (self->heads);
  fyr_sync_engine_set_restoring (self, self->epoch != NULL);
  fyr_store_begin_epoch_async (self->store, arrival->reply->epoch, NULL, on_epoch_known, arrival);
}

/* The server let her in, but there is nothing to work with. Takes @arrival and @error. */
static void
fail_arrival (Arrival *arrival, GError *error)
{
  fyr_sync_client_sign_out (arrival->engine->transport, arrival->reply->token);
  if (arrival->task != NULL) {
    g_task_return_error (arrival->task, error);
  } else {
    g_warning ("the database cannot be opened: %s", error->message);
    g_error_free (error);
    fyr_sync_engine_done (arrival->engine, FYR_SYNC_REQUEST_SIGN_IN, FYR_SYNC_CAUSE_BROKEN, FALSE);
  }
  arrival_free (arrival);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Arrival *arrival = user_data;
  GError *error = NULL;

  if (!fyr_sync_engine_load_finish (FYR_SYNC_ENGINE (source), result, &error)) {
    fail_arrival (arrival, error);
  } else {
    follow_epoch (arrival);
  }
}

static void
on_unlocked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Arrival *arrival = user_data;
  GError *error = NULL;

  if (!fyr_store_unlock_finish (FYR_STORE (source), result, &error)) {
    fail_arrival (arrival, error);
  } else {
    fyr_sync_engine_load_async (arrival->engine, on_opened, arrival);
  }
}

/* The server said yes, and with it what opens the database. Takes @arrival. */
static void
arrive (Arrival *arrival)
{
  fyr_store_unlock_async (arrival->engine->store, arrival->reply->share,
                          fyr_user_get_user_name ((FyrUser *)arrival->reply->user), arrival->password, NULL,
                          on_unlocked, arrival);
}

static void
return_store_error (GTask *task, GError *error)
{
  FyrSyncErrorCode code = FYR_SYNC_ERROR_STORE;

  if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CREDENTIALS)) {
    code = FYR_SYNC_ERROR_UNKNOWN_HERE;
  } else if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_LOCKED_OUT)) {
    code = FYR_SYNC_ERROR_LOCKED_OUT;
  } else if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_EXPIRED)) {
    code = FYR_SYNC_ERROR_EXPIRED;
  }
  g_task_return_new_error (task, FYR_SYNC_ERROR, (int)code, "%s", error->message);
  g_error_free (error);
}

static void
on_loaded_offline (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FyrSyncEngine *self = FYR_SYNC_ENGINE (source);
  SignIn *data = g_task_get_task_data (task);
  GError *error = NULL;

  if (!fyr_sync_engine_load_finish (self, result, &error)) {
    g_task_return_error (task, error);
    return;
  }
  fyr_sync_engine_forget_session (self);
  self->sign_in_name = g_strdup (data->user_name);
  self->sign_in_password = g_steal_pointer (&data->password);
  fyr_sync_engine_set_user (self, fyr_offline_user_get_user (data->known),
                            fyr_offline_user_get_memberships (data->known));
  /* Another user of this machine is not shown what was opened in an emergency before her. */
  fyr_sync_engine_end_emergencies (
      self, fyr_record_get_id (FYR_RECORD (fyr_offline_user_get_user (data->known))), NULL);
  fyr_sync_engine_feed (self, &(FyrSyncEvent){ .kind = FYR_SYNC_EVENT_SIGNED_IN_OFFLINE });
  g_task_return_int (task, FYR_SIGN_IN_OFFLINE);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FyrSyncEngine *self = g_task_get_source_object (task);
  SignIn *data = g_task_get_task_data (task);
  GError *error = NULL;

  data->known = fyr_store_check_user_finish (FYR_STORE (source), result, &error);
  if (data->known == NULL) {
    return_store_error (task, error);
  } else {
    fyr_sync_engine_load_async (self, on_loaded_offline, g_steal_pointer (&task));
  }
}

static gboolean
is_unreachable (SignIn *data, GCancellable *users, const GError *error)
{
  if (g_cancellable_is_cancelled (data->patience) && !g_cancellable_is_cancelled (users)) {
    return TRUE;
  }
  return g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK);
}

/* A server that knows no schema of ours is as good as one that refuses. */
static FyrSignInReply *
finish_sign_in (FyrSyncTransport *transport, GAsyncResult *result, FyrSyncFault **fault, GError **error)
{
  g_autoptr (FyrSignInReply) reply = fyr_sync_client_sign_in_finish (transport, result, fault, error);

  return reply != NULL && fyr_sync_client_check_schemas (fyr_wire_schemas_own (), reply->schemas, error) > 0
             ? g_steal_pointer (&reply)
             : NULL;
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FyrSyncEngine *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  SignIn *data = g_task_get_task_data (task);
  Arrival *arrival;
  FyrSignInReply *reply;
  GError *error = NULL;

  g_clear_handle_id (&data->timer, g_source_remove);
  reply = finish_sign_in (FYR_SYNC_TRANSPORT (source), result, NULL, &error);
  if (reply == NULL && is_unreachable (data, cancellable, error)) {
    g_error_free (error);
    fyr_store_check_user_async (self->store, data->user_name, data->password, cancellable, on_checked,
                                g_steal_pointer (&task));
    return;
  }
  if (reply == NULL) {
    heed_refusal (self, error);
    g_task_return_error (task, error);
    return;
  }
  arrival = g_new0 (Arrival, 1);
  arrival->engine = g_object_ref (self);
  arrival->task = g_steal_pointer (&task);
  arrival->reply = reply;
  arrival->password = g_steal_pointer (&data->password);
  arrival->asked = fyr_sync_wall_clock ();
  arrive (arrival);
}

static gboolean
on_patience_ended (gpointer user_data)
{
  SignIn *data = user_data;

  data->timer = 0;
  g_cancellable_cancel (data->patience);
  return G_SOURCE_REMOVE;
}

static void
on_users_cancel (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  FyrSyncEngine *self = FYR_SYNC_ENGINE (source);
  g_autoptr (GTask) task = user_data;
  SignIn *data = g_task_get_task_data (task);
  g_autoptr (FyrSignInRequest) request = NULL;
  GError *error = NULL;

  if (!fyr_sync_engine_load_finish (self, result, &error)) {
    g_task_return_error (task, error);
    return;
  }
  request = make_request (self, data->user_name, data->password);
  data->timer = g_timeout_add (SIGN_IN_PATIENCE, on_patience_ended, data);
  fyr_sync_client_sign_in_async (self->transport, request, data->patience, on_answered,
                                 g_steal_pointer (&task));
}

void
fyr_sync_engine_sign_in_async (FyrSyncEngine *self,
                               const char *user_name,
                               const char *password,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task;
  SignIn *data;

  g_return_if_fail (FYR_IS_SYNC_ENGINE (self) && user_name != NULL && password != NULL);
  task = g_task_new (self, cancellable, callback, user_data);
  data = g_new0 (SignIn, 1);
  data->user_name = g_strdup (user_name);
  data->password = g_strdup (password);
  data->patience = g_cancellable_new ();
  g_task_set_source_tag (task, fyr_sync_engine_sign_in_async);
  g_task_set_task_data (task, data, (GDestroyNotify)sign_in_free);
  if (cancellable != NULL) {
    g_cancellable_connect (cancellable, G_CALLBACK (on_users_cancel), g_object_ref (data->patience),
                           g_object_unref);
  }
  fyr_sync_engine_load_async (self, on_ready, task);
}

FyrSignInResult
fyr_sync_engine_sign_in_finish (FyrSyncEngine *self, GAsyncResult *result, GError **error)
{
  gssize how;

  g_return_val_if_fail (g_task_is_valid (result, self), FYR_SIGN_IN_FAILED);
  how = g_task_propagate_int (G_TASK (result), error);
  return how < 0 ? FYR_SIGN_IN_FAILED : (FyrSignInResult)how;
}

static void
on_answered_again (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Arrival) arrival = user_data;
  FyrSyncEngine *self = arrival->engine;
  g_autoptr (FyrSyncFault) fault = NULL;
  g_autoptr (GError) error = NULL;

  arrival->reply = finish_sign_in (FYR_SYNC_TRANSPORT (source), result, &fault, &error);
  if (arrival->session != self->session) {
    fyr_sync_engine_done (self, FYR_SYNC_REQUEST_SIGN_IN, FYR_SYNC_CAUSE_CANCELLED, FALSE);
    return;
  }
  if (arrival->reply != NULL) {
    arrive (g_steal_pointer (&arrival));
    return;
  }
  if (g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_CREDENTIALS)) {
    /* The password was changed or the user was shut out: the old one opens nothing here any more. */
    forget_user (self);
  }
  heed_refusal (self, error);
  fyr_sync_engine_done_fault (self, FYR_SYNC_REQUEST_SIGN_IN, error, fault);
}

void
fyr_sync_engine_sign_in_again (FyrSyncEngine *self)
{
  g_autoptr (FyrSignInRequest) request = make_request (self, self->sign_in_name, self->sign_in_password);
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->engine = g_object_ref (self);
  arrival->password = g_strdup (self->sign_in_password);
  arrival->asked = fyr_sync_wall_clock ();
  arrival->session = self->session;
  fyr_sync_client_sign_in_async (self->transport, request,
                                 fyr_sync_engine_start_cancellable (self, FYR_SYNC_REQUEST_SIGN_IN),
                                 on_answered_again, arrival);
}

void
fyr_sync_engine_sign_out (FyrSyncEngine *self)
{
  g_return_if_fail (FYR_IS_SYNC_ENGINE (self));
  if (self->token != NULL) {
    fyr_sync_client_sign_out (self->transport, self->token);
  }
  fyr_sync_engine_feed (self, &(FyrSyncEvent){ .kind = FYR_SYNC_EVENT_SIGNED_OUT });
  fyr_sync_engine_set_user (self, NULL, NULL);
  fyr_sync_engine_set_restoring (self, FALSE);
  fyr_sync_engine_note_store (self, NULL);
}
