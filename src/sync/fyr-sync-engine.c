/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-engine.h"

#include <string.h>
#include <time.h>

#include "fyr-store-emergency.h"
#include "fyr-store-query.h"
#include "fyr-sync-engine-private.h"

#define PUSH_LIMIT 500

G_DEFINE_FINAL_TYPE (FyrSyncEngine, fyr_sync_engine, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_ONLINE,
  PROP_LAST_CONTACT,
  PROP_OFFLINE_SINCE,
  PROP_WAITING,
  PROP_CONFLICTS,
  PROP_REFUSED,
  PROP_CLOCK_OFFSET,
  PROP_USER,
  PROP_USER_NAME,
  PROP_ROLE,
  PROP_CENTRE_ID,
  PROP_COMPLETE,
  PROP_RESTORING,
  PROP_STORE_ERROR,
  PROP_ADDRESS,
  N_PROPS
};
static GParamSpec *properties[N_PROPS];
static guint handed_over_signal;
static guint emergency_changed_signal;

gint64
fyr_sync_wall_clock (void)
{
  return g_get_real_time () / 1000;
}

/* Goes on while the machine sleeps, and no clock setting moves it. */
static gint64
boot_clock (gpointer data)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
set_int64 (FyrSyncEngine *self, gint64 *field, gint64 value, guint property)
{
  if (*field != value) {
    *field = value;
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  }
}

static void
set_uint (FyrSyncEngine *self, guint *field, guint value, guint property)
{
  if (*field != value) {
    *field = value;
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  }
}

static void
set_complete (FyrSyncEngine *self, gboolean complete)
{
  if (self->complete != complete) {
    self->complete = complete;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COMPLETE]);
  }
}

void
fyr_sync_engine_set_restoring (FyrSyncEngine *self, gboolean restoring)
{
  if (restoring) {
    set_complete (self, FALSE);
  }
  if (self->restoring != restoring) {
    self->restoring = restoring;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESTORING]);
  }
}

void
fyr_sync_engine_note_store (FyrSyncEngine *self, const GError *error)
{
  int code = error != NULL && error->domain == FYR_STORE_ERROR ? error->code : -1;

  if (self->store_error != code) {
    self->store_error = code;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STORE_ERROR]);
  }
}

static void
set_state (FyrSyncEngine *self, FyrSyncState state)
{
  gboolean was_online = fyr_sync_state_is_online (self->state);
  gboolean is_online = fyr_sync_state_is_online (state);

  if (state == self->state) {
    return;
  }
  g_debug ("sync: %s", fyr_sync_state_to_code (state));
  self->state = state;
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (was_online != is_online) {
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ONLINE]);
  }
  if (is_online) {
    set_int64 (self, &self->offline_since, 0, PROP_OFFLINE_SINCE);
  } else if (self->offline_since == 0 && state != FYR_SYNC_STATE_CONNECTING) {
    set_int64 (self, &self->offline_since,
               self->last_contact != 0 ? self->last_contact : fyr_sync_wall_clock (), PROP_OFFLINE_SINCE);
  }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
tell_machine (FyrSyncEngine *self)
{
  gint64 contact = fyr_sync_machine_get_last_contact (self->machine);

  if (contact != G_MININT64) {
    gint64 age = self->clock (self->clock_data) - contact;

    set_int64 (self, &self->last_contact, fyr_sync_wall_clock () - MAX (age, 0), PROP_LAST_CONTACT);
  }
  set_state (self, fyr_sync_machine_get_state (self->machine));
}

static gboolean
on_timer (gpointer user_data)
{
  FyrSyncEngine *self = user_data;

  self->timer = 0;
  fyr_sync_engine_wake (self);
  return G_SOURCE_REMOVE;
}

static void
arm_timer (FyrSyncEngine *self)
{
  gint64 deadline = fyr_sync_machine_get_deadline (self->machine);
  gint64 wait;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (deadline == G_MAXINT64 || self->clock != boot_clock) {
    return;
  }
  wait = CLAMP (deadline - self->clock (self->clock_data), 1, 3600000);
  self->timer = g_timeout_add ((guint)wait, on_timer, self);
}

static void
cancel_request (FyrSyncEngine *self, FyrSyncRequest request)
{
  if (self->cancellables[request] != NULL) {
    g_cancellable_cancel (self->cancellables[request]);
  }
}

static void
obey (FyrSyncEngine *self, FyrSyncActions actions)
{
  for (guint i = 0; i < FYR_SYNC_N_REQUESTS; i++) {
    if (actions & (1U << (8 + i))) {
      cancel_request (self, i);
    }
  }
  if (actions & FYR_SYNC_ACTION_CLOSE_LIVE) {
    fyr_sync_engine_close_live (self);
  }
  if (actions & FYR_SYNC_ACTION_FORGET_TOKEN) {
    fyr_sync_engine_forget_session (self);
  }
  if (actions & FYR_SYNC_ACTION_PULL) {
    fyr_sync_engine_pull (self, FYR_SYNC_REQUEST_PULL);
  }
  if (actions & FYR_SYNC_ACTION_POLL) {
    fyr_sync_engine_pull (self, FYR_SYNC_REQUEST_POLL);
  }
  if (actions & FYR_SYNC_ACTION_PUSH) {
    fyr_sync_engine_push (self);
  }
  if (actions & FYR_SYNC_ACTION_OPEN_LIVE) {
    fyr_sync_engine_open_live (self);
  }
  if (actions & FYR_SYNC_ACTION_SIGN_IN) {
    fyr_sync_engine_sign_in_again (self);
  }
}

void
fyr_sync_engine_feed (FyrSyncEngine *self, const FyrSyncEvent *event)
{
  g_autoptr (FyrSyncEngine) keep = NULL;
  FyrSyncActions actions;

  /* What was under way when the engine was let go ends without beginning anything new. */
  if (self->machine == NULL || g_cancellable_is_cancelled (self->life)) {
    return;
  }
  keep = g_object_ref (self);
  actions = fyr_sync_machine_feed (self->machine, event, self->clock (self->clock_data));
  obey (self, actions);
  tell_machine (self);
  arm_timer (self);
}

void
fyr_sync_engine_done (FyrSyncEngine *self, FyrSyncRequest request, FyrSyncCause cause, gboolean more)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_DONE, .request = request, .cause = cause, .more = more };

  g_clear_object (&self->cancellables[request]);
  event.behind = fyr_sync_engine_is_behind (self);
  if (cause == FYR_SYNC_CAUSE_OK && !more && request == FYR_SYNC_REQUEST_PULL) {
    set_complete (self, TRUE);
  }
  if (self->complete && !self->ask_push) {
    fyr_sync_engine_set_restoring (self, FALSE);
  }
  fyr_sync_engine_feed (self, &event);
}

static FyrSyncCause
cause_of (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    return FYR_SYNC_CAUSE_CANCELLED;
  }
  if (error == NULL || error->domain != FYR_SYNC_ERROR) {
    return FYR_SYNC_CAUSE_BROKEN;
  }
  switch (error->code) {
  case FYR_SYNC_ERROR_NETWORK:
    return FYR_SYNC_CAUSE_NETWORK;
  case FYR_SYNC_ERROR_CREDENTIALS:
  case FYR_SYNC_ERROR_UNAUTHENTICATED:
  case FYR_SYNC_ERROR_FORBIDDEN:
  case FYR_SYNC_ERROR_SHUT_OUT:
    return FYR_SYNC_CAUSE_UNAUTHENTICATED;
  case FYR_SYNC_ERROR_LOCKED_OUT:
  case FYR_SYNC_ERROR_BUSY:
    return FYR_SYNC_CAUSE_BUSY;
  case FYR_SYNC_ERROR_SCHEMA:
  case FYR_SYNC_ERROR_SERVER_OLD:
    return FYR_SYNC_CAUSE_SCHEMA;
  default:
    return FYR_SYNC_CAUSE_BROKEN;
  }
}

void
fyr_sync_engine_done_fault (FyrSyncEngine *self,
                            FyrSyncRequest request,
                            const GError *error,
                            const FyrSyncFault *fault)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_DONE, .request = request, .cause = cause_of (error) };

  g_clear_object (&self->cancellables[request]);
  event.retry_after = fault != NULL ? fault->retry_after : 0;
  self->server_old = g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_SERVER_OLD);
  if (event.cause == FYR_SYNC_CAUSE_UNAUTHENTICATED && request != FYR_SYNC_REQUEST_SIGN_IN) {
    fyr_sync_engine_note_ended (self);
  }
  if (event.cause == FYR_SYNC_CAUSE_BROKEN && error != NULL) {
    g_warning ("sync request %d failed: %s", (int)request, error->message);
  }
  fyr_sync_engine_feed (self, &event);
}

gboolean
fyr_sync_engine_is_behind (FyrSyncEngine *self)
{
  GHashTableIter iter;
  gpointer scope, head;

  g_hash_table_iter_init (&iter, self->heads);
  while (g_hash_table_iter_next (&iter, &scope, &head)) {
    gint64 *cursor = g_hash_table_lookup (self->cursors, scope);

    if (*(gint64 *)head > (cursor != NULL ? *cursor : 0)) {
      return TRUE;
    }
  }
  return FALSE;
}

/* The answer was written somewhere between asking and having: the shorter the trip, the better the guess. */
void
fyr_sync_engine_note_server_time (FyrSyncEngine *self, gint64 server_time, gint64 asked)
{
  gint64 now = fyr_sync_wall_clock ();
  gint64 trip = now - asked;

  if (server_time <= 0 || trip < 0) {
    return;
  }
  if (trip <= self->best_trip || self->best_trip == 0) {
    self->best_trip = MAX (trip, 1);
    set_int64 (self, &self->clock_offset, server_time - (asked + trip / 2), PROP_CLOCK_OFFSET);
  } else {
    self->best_trip += self->best_trip / 8 + 1; /* an old guess is worth less and less */
  }
}

GCancellable *
fyr_sync_engine_start_cancellable (FyrSyncEngine *self, FyrSyncRequest request)
{
  g_clear_object (&self->cancellables[request]);
  self->cancellables[request] = g_cancellable_new ();
  return self->cancellables[request];
}

static void
make_machine (FyrSyncEngine *self, FyrStoreIdentity *identity)
{
  gint64 age = -1;

  if (self->machine != NULL) {
    return;
  }
  if (identity->last_contact > 0) {
    age = MAX (fyr_sync_wall_clock () + identity->clock_offset - identity->last_contact, 0);
  }
  self->machine = fyr_sync_machine_new (g_random_int (), self->clock (self->clock_data), age);
}

static void
on_counted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrSyncEngine) self = user_data;
  FyrOutboxCounts counts;

  if (!fyr_store_count_outbox_finish (FYR_STORE (source), result, &counts, NULL)) {
    return;
  }
  set_uint (self, &self->waiting, counts.waiting, PROP_WAITING);
  set_uint (self, &self->conflicts, counts.conflict, PROP_CONFLICTS);
  set_uint (self, &self->refused, counts.refused, PROP_REFUSED);
}

void
fyr_sync_engine_count (FyrSyncEngine *self)
{
  fyr_store_count_outbox_async (self->store, self->life, on_counted, g_object_ref (self));
}

static void
on_identity (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  FyrSyncEngine *self = g_task_get_source_object (task);
  g_autoptr (FyrStoreIdentity) identity = NULL;
  GError *error = NULL;

  identity = fyr_store_get_identity_finish (FYR_STORE (source), result, &error);
  if (identity == NULL) {
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_STORE, "%s", error->message);
    g_error_free (error);
    return;
  }
  g_free (self->device);
  self->device = g_steal_pointer (&identity->device);
  if (identity->sealed) {
    /* The rest is read again when whoever signs in has opened it. */
    g_task_return_boolean (task, TRUE);
    return;
  }
  /* A database made anew in a session knows no epoch until its first page: the session does. */
  if (identity->epoch != NULL) {
    g_free (self->epoch);
    self->epoch = g_steal_pointer (&identity->epoch);
  }
  g_hash_table_unref (self->cursors);
  self->cursors = g_steal_pointer (&identity->cursors);
  g_hash_table_unref (self->settled);
  self->settled = g_steal_pointer (&identity->settled);
  self->ask_removed = TRUE;
  g_clear_pointer (&self->removed, g_ptr_array_unref);
  self->damage = (FyrSyncDamage){ identity->damaged_at, identity->damaged_kept, identity->damaged_lost };
  if (self->best_trip == 0) {
    set_int64 (self, &self->clock_offset, identity->clock_offset, PROP_CLOCK_OFFSET);
  }
  make_machine (self, identity);
  tell_machine (self);
  fyr_sync_engine_count (self);
  fyr_sync_engine_list_emergencies (self);
  g_task_return_boolean (task, TRUE);
}

void
fyr_sync_engine_load_async (FyrSyncEngine *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  fyr_store_get_identity_async (self->store, NULL, on_identity, task);
}

gboolean
fyr_sync_engine_load_finish (FyrSyncEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
fyr_sync_engine_tell_handed_over (FyrSyncEngine *self, guint n)
{
  g_signal_emit (self, handed_over_signal, 0, n);
}

void
fyr_sync_engine_tell_emergency_changed (FyrSyncEngine *self)
{
  g_signal_emit (self, emergency_changed_signal, 0);
}

gboolean
fyr_sync_engine_has_own_clock (FyrSyncEngine *self)
{
  return self->clock == boot_clock;
}

static void
on_rebuilt (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (fyr_sync_engine_load_finish (FYR_SYNC_ENGINE (source), result, &error)) {
    fyr_sync_engine_feed (FYR_SYNC_ENGINE (source), &(FyrSyncEvent){ .kind = FYR_SYNC_EVENT_SYNC_NOW });
  }
}

static void
on_changed (FyrStore *store, FyrChangeSet *changes, gpointer user_data)
{
  FyrSyncEngine *self = user_data;
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_OUTBOX };

  /* Before the first sign-in there is nothing to be read again. */
  if (fyr_change_set_has_kind (changes, FYR_CHANGE_REBUILT) && self->machine != NULL) {
    fyr_sync_engine_load_async (self, on_rebuilt, NULL);
  }
  if (fyr_change_set_has_kind (changes, FYR_CHANGE_EMERGENCY) ||
      fyr_change_set_has_kind (changes, FYR_CHANGE_REBUILT)) {
    fyr_sync_engine_list_emergencies (self);
  }

  if (fyr_change_set_has_kind (changes, FYR_CHANGE_OUTBOX)) {
    fyr_sync_engine_feed (self, &event);
    fyr_sync_engine_count (self);
  } else if (fyr_change_set_has_kind (changes, FYR_CHANGE_DISPLAY)) {
    fyr_sync_engine_feed (self, &event);
  }
}

static void
on_network_changed (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_NETWORK };

  if (available) {
    fyr_sync_engine_feed (FYR_SYNC_ENGINE (user_data), &event);
  }
}

void
fyr_sync_engine_sync_now (FyrSyncEngine *self)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_SYNC_NOW };

  g_return_if_fail (FYR_IS_SYNC_ENGINE (self));
  fyr_sync_engine_feed (self, &event);
}

void
fyr_sync_engine_wake (FyrSyncEngine *self)
{
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_TICK };

  g_return_if_fail (FYR_IS_SYNC_ENGINE (self));
  fyr_sync_engine_feed (self, &event);
  fyr_sync_engine_look_at_emergencies (self);
}

gint64
fyr_sync_engine_get_deadline (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), G_MAXINT64);
  return self->machine != NULL ? fyr_sync_machine_get_deadline (self->machine) : G_MAXINT64;
}

void
fyr_sync_engine_set_clock (FyrSyncEngine *self, FyrSyncClockFunc clock, gpointer user_data)
{
  g_return_if_fail (FYR_IS_SYNC_ENGINE (self) && clock != NULL);
  self->clock = clock;
  self->clock_data = user_data;
}

static gboolean
holds_now (FyrMembership *membership)
{
  gint64 now = fyr_sync_wall_clock ();

  return (!fyr_membership_has_valid_from (membership) || fyr_membership_get_valid_from (membership) <= now) &&
         (!fyr_membership_has_valid_to (membership) || fyr_membership_get_valid_to (membership) > now);
}

static FyrMembership *
find_membership (FyrSyncEngine *self)
{
  for (guint i = 0; self->memberships != NULL && i < self->memberships->len; i++) {
    FyrMembership *membership = g_ptr_array_index (self->memberships, i);

    if (holds_now (membership)) {
      return membership;
    }
  }
  return NULL;
}

void
fyr_sync_engine_set_user (FyrSyncEngine *self, FyrUser *user, GPtrArray *memberships)
{
  g_set_object (&self->user, user);
  if (memberships != NULL) {
    g_ptr_array_ref (memberships);
  }
  g_clear_pointer (&self->memberships, g_ptr_array_unref);
  self->memberships = memberships;
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USER]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USER_NAME]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROLE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CENTRE_ID]);
  set_complete (self, FALSE);
  g_object_thaw_notify (G_OBJECT (self));
}

FyrSyncState
fyr_sync_engine_get_state (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), FYR_SYNC_STATE_SIGNED_OUT);
  return self->state;
}

gboolean
fyr_sync_engine_is_online (FyrSyncEngine *self)
{
  return fyr_sync_state_is_online (fyr_sync_engine_get_state (self));
}

gint64
fyr_sync_engine_get_last_contact (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), 0);
  return self->last_contact;
}

gint64
fyr_sync_engine_get_offline_since (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), 0);
  return self->offline_since;
}

guint
fyr_sync_engine_get_waiting (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), 0);
  return self->waiting;
}

guint
fyr_sync_engine_get_conflicts (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), 0);
  return self->conflicts;
}

guint
fyr_sync_engine_get_refused (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), 0);
  return self->refused;
}

gint64
fyr_sync_engine_get_clock_offset (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), 0);
  return self->clock_offset;
}

gboolean
fyr_sync_engine_is_complete (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), FALSE);
  return self->complete;
}

const FyrSyncDamage *
fyr_sync_engine_get_damage (FyrSyncEngine *self)
{
  return self->damage.time > 0 ? &self->damage : NULL;
}

gboolean
fyr_sync_engine_is_restoring (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), FALSE);
  return self->restoring;
}

gboolean
fyr_sync_engine_is_server_old (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), FALSE);
  return self->state == FYR_SYNC_STATE_UPGRADE_NEEDED && self->server_old;
}

int
fyr_sync_engine_get_store_error (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), -1);
  return self->store_error;
}

FyrUser *
fyr_sync_engine_get_user (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), NULL);
  return self->user;
}

GPtrArray *
fyr_sync_engine_get_memberships (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), NULL);
  return self->memberships;
}

FyrRole
fyr_sync_engine_get_role (FyrSyncEngine *self)
{
  FyrMembership *membership;

  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), 0);
  membership = find_membership (self);
  return membership != NULL ? fyr_membership_get_role (membership) : (FyrRole)0;
}

const char *
fyr_sync_engine_get_centre_id (FyrSyncEngine *self)
{
  FyrMembership *membership;

  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), NULL);
  membership = find_membership (self);
  return membership != NULL ? fyr_membership_get_centre_id (membership) : NULL;
}

FyrStore *
fyr_sync_engine_get_store (FyrSyncEngine *self)
{
  g_return_val_if_fail (FYR_IS_SYNC_ENGINE (self), NULL);
  return self->store;
}

static void
get_state_property (FyrSyncEngine *self, guint id, GValue *value)
{
  switch (id) {
  case PROP_STATE:
    g_value_set_enum (value, (int)self->state);
    break;
  case PROP_ONLINE:
    g_value_set_boolean (value, fyr_sync_state_is_online (self->state));
    break;
  case PROP_LAST_CONTACT:
    g_value_set_int64 (value, self->last_contact);
    break;
  case PROP_OFFLINE_SINCE:
    g_value_set_int64 (value, self->offline_since);
    break;
  case PROP_WAITING:
    g_value_set_uint (value, self->waiting);
    break;
  case PROP_CONFLICTS:
    g_value_set_uint (value, self->conflicts);
    break;
  case PROP_REFUSED:
  default:
    g_value_set_uint (value, self->refused);
    break;
  }
}

static void
fyr_sync_engine_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FyrSyncEngine *self = FYR_SYNC_ENGINE (object);

  switch (id) {
  case PROP_CLOCK_OFFSET:
    g_value_set_int64 (value, self->clock_offset);
    break;
  case PROP_USER:
    g_value_set_object (value, self->user);
    break;
  case PROP_USER_NAME:
    g_value_set_string (value, self->user != NULL ? fyr_user_get_name (self->user) : NULL);
    break;
  case PROP_ROLE:
    g_value_set_uint (value, fyr_sync_engine_get_role (self));
    break;
  case PROP_CENTRE_ID:
    g_value_set_string (value, fyr_sync_engine_get_centre_id (self));
    break;
  case PROP_COMPLETE:
    g_value_set_boolean (value, self->complete);
    break;
  case PROP_RESTORING:
    g_value_set_boolean (value, self->restoring);
    break;
  case PROP_STORE_ERROR:
    g_value_set_int (value, self->store_error);
    break;
  case PROP_ADDRESS:
    g_value_set_string (value, fyr_sync_transport_get_address (self->transport));
    break;
  default:
    if (id >= PROP_STATE && id <= PROP_REFUSED) {
      get_state_property (self, id, value);
    } else {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  }
}

static void
fyr_sync_engine_dispose (GObject *object)
{
  FyrSyncEngine *self = FYR_SYNC_ENGINE (object);

  g_cancellable_cancel (self->life);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->emergency_timer, g_source_remove);
  for (guint i = 0; i < FYR_SYNC_N_REQUESTS; i++) {
    cancel_request (self, i);
    g_clear_object (&self->cancellables[i]);
  }
  fyr_sync_engine_close_live (self);
  fyr_sync_engine_forget_session (self);
  if (self->store_handler != 0) {
    g_signal_handler_disconnect (self->store, self->store_handler);
    self->store_handler = 0;
  }
  if (self->network_handler != 0) {
    g_signal_handler_disconnect (g_network_monitor_get_default (), self->network_handler);
    self->network_handler = 0;
  }
  G_OBJECT_CLASS (fyr_sync_engine_parent_class)->dispose (object);
}

static void
fyr_sync_engine_finalize (GObject *object)
{
  FyrSyncEngine *self = FYR_SYNC_ENGINE (object);

  g_clear_object (&self->store);
  g_clear_object (&self->transport);
  g_clear_object (&self->user);
  g_clear_object (&self->life);
  g_clear_pointer (&self->memberships, g_ptr_array_unref);
  g_clear_pointer (&self->machine, fyr_sync_machine_free);
  g_clear_pointer (&self->check, fyr_store_check_free);
  g_clear_pointer (&self->removed, g_ptr_array_unref);
  g_hash_table_unref (self->cursors);
  g_hash_table_unref (self->heads);
  g_hash_table_unref (self->settled);
  g_hash_table_unref (self->emergency_deadlines);
  g_clear_pointer (&self->emergency, g_array_unref);
  g_ptr_array_unref (self->not_of);
  g_free (self->device);
  g_free (self->epoch);
  G_OBJECT_CLASS (fyr_sync_engine_parent_class)->finalize (object);
}

static void
fyr_sync_engine_class_init (FyrSyncEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = fyr_sync_engine_dispose;
  object_class->finalize = fyr_sync_engine_finalize;
  object_class->get_property = fyr_sync_engine_get_property;
  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, FYR_TYPE_SYNC_STATE, FYR_SYNC_STATE_SIGNED_OUT, flags);
  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, FALSE, flags);
  properties[PROP_LAST_CONTACT] = g_param_spec_int64 ("last-contact", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_OFFLINE_SINCE] = g_param_spec_int64 ("offline-since", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_WAITING] = g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_CONFLICTS] = g_param_spec_uint ("conflicts", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_REFUSED] = g_param_spec_uint ("refused", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_CLOCK_OFFSET] =
      g_param_spec_int64 ("clock-offset", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_USER] = g_param_spec_object ("user", NULL, NULL, FYR_TYPE_RECORD, flags);
  properties[PROP_USER_NAME] = g_param_spec_string ("user-name", NULL, NULL, NULL, flags);
  properties[PROP_ROLE] = g_param_spec_uint ("role", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_CENTRE_ID] = g_param_spec_string ("centre-id", NULL, NULL, NULL, flags);
  properties[PROP_COMPLETE] = g_param_spec_boolean ("complete", NULL, NULL, FALSE, flags);
  properties[PROP_RESTORING] = g_param_spec_boolean ("restoring", NULL, NULL, FALSE, flags);
  properties[PROP_STORE_ERROR] = g_param_spec_int ("store-error", NULL, NULL, -1, G_MAXINT, -1, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  handed_over_signal = g_signal_new ("handed-over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  emergency_changed_signal = g_signal_new ("emergency-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
fyr_sync_engine_init (FyrSyncEngine *self)
{
  self->state = FYR_SYNC_STATE_SIGNED_OUT;
  self->clock = boot_clock;
  self->push_limit = PUSH_LIMIT;
  self->pull_bytes = FYR_PULL_DEFAULT_BYTES;
  self->store_error = -1;
  self->life = g_cancellable_new ();
  self->cursors = fyr_wire_heads_new ();
  self->heads = fyr_wire_heads_new ();
  self->settled = fyr_wire_heads_new ();
  self->emergency_deadlines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->not_of = g_ptr_array_new_with_free_func (g_free);
}

FyrSyncEngine *
fyr_sync_engine_new (FyrStore *store, FyrSyncTransport *transport)
{
  FyrSyncEngine *self;

  g_return_val_if_fail (FYR_IS_STORE (store) && FYR_IS_SYNC_TRANSPORT (transport), NULL);
  self = g_object_new (FYR_TYPE_SYNC_ENGINE, NULL);
  self->store = g_object_ref (store);
  self->transport = g_object_ref (transport);
  self->store_handler = g_signal_connect (store, "changed", G_CALLBACK (on_changed), self);
  self->network_handler = g_signal_connect (g_network_monitor_get_default (), "network-changed",
                                            G_CALLBACK (on_network_changed), self);
  fyr_sync_engine_count (self);
  fyr_sync_engine_list_emergencies (self);
  return self;
}
