/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-engine-private.h"
#include "fyr-sync-seam.h"

#define POLL_SECONDS 25
#define PROBE_BYTES (16 * 1024) /* what even a slow line carries at once */
#define LIVE_CLOSE_SESSION 4001
#define CHECK_INTERVAL 30000             /* ms between two stretches that are compared */
#define HAND_OVER_INTERVAL (3600 * 1000) /* ms between two looks for what others left behind */

/* One push or pull under way. */
typedef struct {
  FyrSyncEngine *engine;
  FyrSyncRequest request;
  guint session;
  guint life; /* of the server, as far as was known when it was asked */
  gint64 asked;
  gint64 most; /* bytes a page may bring */
  FyrPushBatch *batch;
  FyrPullReply *reply;
  GPtrArray *removed; /* (nullable): what this pull told to be removed */
  GHashTable *heads;  /* (nullable): heads as they were known when this pull was asked */
} Trip;

static Trip *
trip_new (FyrSyncEngine *engine, FyrSyncRequest request)
{
  Trip *trip = g_new0 (Trip, 1);

  trip->engine = g_object_ref (engine);
  trip->request = request;
  trip->session = engine->session;
  trip->life = engine->lives;
  trip->asked = fyr_sync_wall_clock ();
  return trip;
}

static void
trip_free (Trip *trip)
{
  g_clear_pointer (&trip->batch, fyr_push_batch_free);
  g_clear_pointer (&trip->reply, fyr_pull_reply_free);
  g_clear_pointer (&trip->removed, g_ptr_array_unref);
  g_clear_pointer (&trip->heads, g_hash_table_unref);
  g_object_unref (trip->engine);
  g_free (trip);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Trip, trip_free)

/* What came for a session that is over tells nothing about this one. */
static gboolean
is_late (Trip *trip)
{
  return trip->session != trip->engine->session;
}

static void
end_trip (Trip *trip, FyrSyncCause cause, gboolean more)
{
  fyr_sync_engine_done (trip->engine, trip->request, is_late (trip) ? FYR_SYNC_CAUSE_CANCELLED : cause, more);
}

static void
end_trip_on_store (Trip *trip, const GError *error)
{
  if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_FULL)) {
    g_message ("the disk is full: nothing is stored in sync request %d", (int)trip->request);
    fyr_sync_engine_note_store (trip->engine, error);
  } else if (!g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CLOSED)) {
    g_warning ("the store failed in sync request %d: %s", (int)trip->request, error->message);
    fyr_sync_engine_note_store (trip->engine, error);
  }
  end_trip (trip, FYR_SYNC_CAUSE_BROKEN, FALSE);
}

static void
on_repaired (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    end_trip_on_store (trip, error);
    return;
  }
  end_trip (trip, FYR_SYNC_CAUSE_AGAIN, FALSE);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  g_autoptr (GError) error = NULL;

  if (!fyr_sync_engine_load_finish (FYR_SYNC_ENGINE (source), result, &error)) {
    end_trip_on_store (trip, error);
    return;
  }
  end_trip (trip, FYR_SYNC_CAUSE_STALE, FALSE);
}

void
fyr_sync_engine_follow_epoch (FyrSyncEngine *self)
{
  g_hash_table_remove_all (self->heads);
  self->ask_push = TRUE;
  self->lives++;
  self->next_offers = 0;
  fyr_sync_engine_set_restoring (self, TRUE);
  fyr_sync_engine_feed (self, &(FyrSyncEvent){ .kind = FYR_SYNC_EVENT_OUTBOX });
}

static void
on_epoch_begun (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  g_autoptr (GError) error = NULL;

  if (!fyr_store_begin_epoch_finish (FYR_STORE (source), result, &error)) {
    end_trip_on_store (trip, error);
    return;
  }
  g_message ("the server is in a new epoch: fetching everything again");
  fyr_sync_engine_follow_epoch (trip->engine);
  fyr_sync_engine_load_async (trip->engine, on_loaded, trip);
  trip = NULL;
}

/* Work goes on under another incarnation. Until the server has answered in its present life nobody knows how much of
 * what it answered before is there, and at those numbers there may be another machine's. */
static void
number_anew (Trip *trip)
{
  FyrSyncEngine *self = trip->engine;

  fyr_store_fork_push_async (self->store, fyr_record_get_id (FYR_RECORD (self->user)),
                             trip->batch->incarnation, self->ask_push, NULL, on_repaired, trip);
}

static void
on_rewound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  g_autoptr (GError) error = NULL;

  if (fyr_store_rewind_push_finish (FYR_STORE (source), result, &error)) {
    end_trip (trip, FYR_SYNC_CAUSE_AGAIN, FALSE);
  } else if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_GAP)) {
    /* The server lost more than is kept here: what is unanswered goes under a new incarnation. */
    number_anew (trip);
    trip = NULL;
  } else {
    end_trip_on_store (trip, error);
  }
}

/* Of a machine and its copy both send what waited when the copy was made: how much of a refused push the server has
 * from the other one. Its answers are fetched before the rest is numbered anew, so that nothing is done twice. */
static guint
count_known (Trip *trip, const FyrSyncFault *fault)
{
  gint64 known = fault != NULL && trip->batch != NULL ? fault->next - trip->batch->first : 0;

  return known > 0 && known < (gint64)trip->batch->entries->len ? (guint)known : 0;
}

/* The server was upgraded or put back since the sign-in: there may be another schema that both know. */
static gboolean
takes_other_schema (FyrSyncEngine *self, FyrWireSchemas served)
{
  int agreed = served.max > 0 ? fyr_sync_client_check_schemas (fyr_wire_schemas_own (), served, NULL) : 0;

  if (agreed == 0 || agreed == self->schema) {
    return FALSE;
  }
  self->schema = agreed;
  fyr_sync_transport_set_packs (self->transport, agreed >= FYR_WIRE_SCHEMA_RETURNS);
  return TRUE;
}

/* What the protocol says to do about each refusal. Takes @trip. */
static void
repair (Trip *trip, const GError *error, const FyrSyncFault *fault)
{
  FyrSyncEngine *self = trip->engine;
  const char *author = self->user != NULL ? fyr_record_get_id (FYR_RECORD (self->user)) : NULL;
  gboolean push = trip->request == FYR_SYNC_REQUEST_PUSH && author != NULL;

  if (is_late (trip)) {
    end_trip (trip, FYR_SYNC_CAUSE_CANCELLED, FALSE);
    trip_free (trip);
  } else if (g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_EPOCH) && fault != NULL &&
             fault->epoch != NULL) {
    fyr_store_begin_epoch_async (self->store, fault->epoch, NULL, on_epoch_begun, trip);
  } else if (g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_SCHEMA) && fault != NULL &&
             takes_other_schema (self, fault->schemas)) {
    end_trip (trip, FYR_SYNC_CAUSE_AGAIN, FALSE);
    trip_free (trip);
  } else if (push && g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_GAP) && fault != NULL) {
    fyr_store_rewind_push_async (self->store, author, trip->batch->incarnation, MAX (fault->next, 1), NULL,
                                 on_rewound, trip);
  } else if (push && g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_FORK) &&
             count_known (trip, fault) > 0) {
    self->push_once = count_known (trip, fault);
    end_trip (trip, FYR_SYNC_CAUSE_AGAIN, FALSE);
    trip_free (trip);
  } else if (push && g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_FORK)) {
    number_anew (trip);
  } else if (push && g_error_matches (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_TOO_LARGE) &&
             self->push_limit > 1) {
    self->push_limit /= 2;
    end_trip (trip, FYR_SYNC_CAUSE_AGAIN, FALSE);
    trip_free (trip);
  } else {
    fyr_sync_engine_done_fault (self, trip->request, error, fault);
    trip_free (trip);
  }
}

static void
on_outcomes_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  g_autoptr (GError) error = NULL;

  if (!fyr_store_apply_outcomes_finish (FYR_STORE (source), result, &error)) {
    end_trip_on_store (trip, error);
    return;
  }
  fyr_sync_engine_note_store (trip->engine, NULL);
  end_trip (trip, FYR_SYNC_CAUSE_OK, TRUE);
}

static void
on_pushed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  g_autoptr (FyrSyncFault) fault = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushReply) reply =
      fyr_sync_client_push_finish (FYR_SYNC_TRANSPORT (source), result, &fault, &error);
  g_autoptr (GArray) outcomes = NULL;
  FyrSyncEngine *self = trip->engine;

  if (reply == NULL) {
    repair (g_steal_pointer (&trip), error, fault);
    return;
  }
  outcomes = fyr_sync_make_outcomes (reply, trip->batch->first, trip->batch->entries->len);
  if (outcomes == NULL || is_late (trip) || self->user == NULL) {
    /* Late answers are stored at the server and come again with the next sign-in. */
    end_trip (trip, FYR_SYNC_CAUSE_BROKEN, FALSE);
    return;
  }
  /* A late answer of the life before says nothing of what a restored server has. */
  self->ask_push = self->ask_push && (trip->life != self->lives || !trip->batch->present);
  takes_other_schema (self, reply->schemas);
  fyr_sync_engine_note_server_time (self, reply->server_time, trip->asked);
  if (outcomes->len == 0) {
    end_trip (trip, FYR_SYNC_CAUSE_OK, FALSE);
    return;
  }
  fyr_store_apply_outcomes_async (self->store, fyr_record_get_id (FYR_RECORD (self->user)),
                                  trip->batch->incarnation, (const FyrPushOutcome *)(gpointer)outcomes->data,
                                  outcomes->len, reply->server_time, NULL, on_outcomes_applied, trip);
  trip = NULL;
}

static void
on_batch (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  FyrSyncEngine *self = trip->engine;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  trip->batch = fyr_store_next_push_finish (FYR_STORE (source), result, &error);
  if (trip->batch == NULL) {
    end_trip_on_store (trip, error);
    return;
  }
  if (is_late (trip) || self->token == NULL || (trip->batch->entries->len == 0 && !self->ask_push)) {
    end_trip (trip, FYR_SYNC_CAUSE_NOTHING, FALSE);
    return;
  }
  body = fyr_sync_write_push (trip->batch, self->epoch, self->schema);
  trip->asked = fyr_sync_wall_clock ();
  fyr_sync_client_push_async (self->transport, self->token, body,
                              fyr_sync_engine_start_cancellable (self, FYR_SYNC_REQUEST_PUSH), on_pushed,
                              trip);
  trip = NULL;
}

void
fyr_sync_engine_push (FyrSyncEngine *self)
{
  Trip *trip = trip_new (self, FYR_SYNC_REQUEST_PUSH);
  guint limit = self->push_once > 0 ? MIN (self->push_once, self->push_limit) : self->push_limit;

  self->push_once = 0;
  fyr_store_next_push_async (self->store, fyr_record_get_id (FYR_RECORD (self->user)), limit,
                             FYR_PUSH_MAX_BYTES * 3 / 4, NULL, on_batch, trip);
}

static void
move_cursors (FyrSyncEngine *self, FyrPullReply *reply)
{
  for (guint i = 0; i < reply->scopes->len; i++) {
    FyrPullScope *page = g_ptr_array_index (reply->scopes, i);

    fyr_wire_heads_set (self->cursors, page->scope, page->to);
  }
  for (guint i = 0; i < reply->granted->len; i++) {
    const char *granted = g_ptr_array_index (reply->granted, i);

    if (!g_hash_table_contains (self->cursors, granted)) {
      fyr_wire_heads_set (self->cursors, granted, 0);
    }
  }
  for (guint i = 0; i < reply->revoked->len; i++) {
    g_hash_table_remove (self->cursors, g_ptr_array_index (reply->revoked, i));
    g_hash_table_remove (self->heads, g_ptr_array_index (reply->revoked, i));
  }
  fyr_wire_heads_raise (self->heads, reply->heads);
}

/* A head that was known when this pull was asked, and is not reached by its complete answer, never will be: of a feed
 * that was taken away meanwhile, or told by a server that is not right. It is not asked for again and again. */
static void
drop_unreached (Trip *trip)
{
  FyrSyncEngine *self = trip->engine;
  GHashTableIter iter;
  gpointer scope, head;

  if (trip->heads == NULL || !trip->reply->complete) {
    return;
  }
  g_hash_table_iter_init (&iter, trip->heads);
  while (g_hash_table_iter_next (&iter, &scope, &head)) {
    if (fyr_wire_heads_get (self->heads, scope) == *(gint64 *)head &&
        fyr_wire_heads_get (self->cursors, scope) < *(gint64 *)head) {
      g_hash_table_remove (self->heads, scope);
    }
  }
}

static void
move_settled (Trip *trip)
{
  GPtrArray *settled = trip->reply->settled;

  if (settled->len > 0 && trip->engine->user != NULL && !is_late (trip)) {
    fyr_wire_heads_set (trip->engine->settled, fyr_record_get_id (FYR_RECORD (trip->engine->user)),
                        ((FyrPullSettlement *)g_ptr_array_index (settled, settled->len - 1))->seq);
  }
}

/* Whether the next pull shall go out at once: something is wrong, or something removed is to be told. */
static gboolean
has_to_say (FyrSyncEngine *self)
{
  return self->removed != NULL || (self->check != NULL && self->check->urgent);
}

static void
on_handed_over (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;

  fyr_sync_engine_hand_over_finish (trip->engine, result);
  end_trip (trip, FYR_SYNC_CAUSE_OK, has_to_say (trip->engine));
}

/* The last step of a pull that is complete. Takes @trip. */
static void
hand_over (Trip *trip)
{
  FyrSyncEngine *self = trip->engine;

  if (self->clock (self->clock_data) >= self->next_hand_over && self->token != NULL && !is_late (trip)) {
    self->next_hand_over = self->clock (self->clock_data) + HAND_OVER_INTERVAL;
    fyr_sync_engine_hand_over_async (self, on_handed_over, trip);
    return;
  }
  end_trip (trip, FYR_SYNC_CAUSE_OK, has_to_say (self));
  trip_free (trip);
}

static void
on_given_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  FyrSyncEngine *self = FYR_SYNC_ENGINE (source);

  if (fyr_sync_engine_give_back_finish (self, result)) {
    end_trip (trip, FYR_SYNC_CAUSE_OK, TRUE);
    return;
  }
  hand_over (g_steal_pointer (&trip));
}

/* The step before the last. Takes @trip. */
static void
give_back (Trip *trip)
{
  FyrSyncEngine *self = trip->engine;

  if (self->clock (self->clock_data) >= self->next_offers && !is_late (trip)) {
    fyr_sync_engine_give_back_async (self, on_given_back, trip);
    return;
  }
  hand_over (trip);
}

/* A question goes along with the next pull that comes anyhow; once something is wrong, at once. */
static void
on_next_check (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  g_autoptr (GError) error = NULL;
  FyrSyncEngine *self = trip->engine;

  g_clear_pointer (&self->check, fyr_store_check_free);
  self->check = fyr_store_next_check_finish (FYR_STORE (source), result, &error);
  if (self->check == NULL) {
    end_trip_on_store (trip, error);
    return;
  }
  give_back (g_steal_pointer (&trip));
}

/* Whether asking again at once asks for something else than this page. */
static gboolean
has_moved (FyrPullReply *reply)
{
  return reply->scopes->len > 0 || reply->settled->len > 0 || reply->revoked->len > 0;
}

/* A server of an older release whose feeds' names alone fill a page tells nothing else in it: it is asked for larger
 * ones, and when the largest bring nothing either, ever more rarely. */
static FyrSyncCause
ask_larger (Trip *trip)
{
  FyrSyncEngine *self = trip->engine;

  if (has_moved (trip->reply) || is_late (trip)) {
    return FYR_SYNC_CAUSE_OK;
  }
  if (trip->most >= FYR_PULL_MAX_BYTES) {
    g_message ("pages of the server bring nothing");
    return FYR_SYNC_CAUSE_AGAIN;
  }
  self->pull_bytes = CLAMP (trip->most * 2, self->pull_bytes, FYR_PULL_MAX_BYTES);
  return FYR_SYNC_CAUSE_OK;
}

/* Takes @trip. */
static void
end_page (Trip *trip)
{
  if (!trip->reply->complete) {
    end_trip (trip, ask_larger (trip), TRUE);
    trip_free (trip);
  } else if (trip->engine->check == NULL) {
    fyr_store_next_check_async (trip->engine->store, NULL, on_next_check, trip);
  } else {
    give_back (trip);
  }
}

static void
on_removed_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Trip *trip = user_data;
  FyrSyncEngine *self = trip->engine;
  g_autoptr (GPtrArray) removed = fyr_store_list_removed_finish (FYR_STORE (source), result, NULL);

  /* A log that cannot be cut now is cut after a later page. */
  self->ask_removed = removed == NULL;
  g_clear_pointer (&self->removed, g_ptr_array_unref);
  if (removed != NULL && removed->len > 0) {
    self->removed = g_steal_pointer (&removed);
  }
  end_page (trip);
}

static void
on_page_applied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  g_autoptr (GError) error = NULL;

  if (fyr_store_apply_pull_finish (FYR_STORE (source), result, &error)) {
    FyrSyncEngine *self = trip->engine;

    move_cursors (self, trip->reply);
    drop_unreached (trip);
    move_settled (trip);
    fyr_sync_engine_note_store (self, NULL);
    if (trip->removed != NULL && trip->removed == self->removed) {
      g_clear_pointer (&self->removed, g_ptr_array_unref);
      self->ask_removed = TRUE; /* there may be more than one pull tells */
    }
    if (self->ask_removed || trip->reply->revoked->len > 0) {
      fyr_store_list_removed_async (self->store, NULL, on_removed_listed, g_steal_pointer (&trip));
    } else {
      end_page (g_steal_pointer (&trip));
    }
  } else if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_GAP)) {
    fyr_sync_engine_load_async (trip->engine, on_loaded, trip);
    trip = NULL;
  } else if (g_error_matches (error, FYR_STORE_ERROR, FYR_STORE_ERROR_EPOCH)) {
    FyrSyncEngine *self = trip->engine;

    fyr_store_begin_epoch_async (self->store, trip->reply->epoch, NULL, on_epoch_begun, trip);
    trip = NULL;
  } else {
    end_trip_on_store (trip, error);
  }
}

static void
on_pulled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  g_autoptr (FyrSyncFault) fault = NULL;
  g_autoptr (FyrPullPage) page = NULL;
  g_autoptr (GError) error = NULL;
  FyrSyncEngine *self = trip->engine;

  trip->reply = fyr_sync_client_pull_finish (FYR_SYNC_TRANSPORT (source), result, &fault, &error);
  if (trip->reply == NULL) {
    repair (g_steal_pointer (&trip), error, fault);
    return;
  }
  if (is_late (trip)) {
    end_trip (trip, FYR_SYNC_CAUSE_CANCELLED, FALSE);
    return;
  }
  takes_other_schema (self, trip->reply->schemas);
  if (trip->request == FYR_SYNC_REQUEST_PULL) {
    fyr_sync_engine_note_server_time (self, trip->reply->server_time, trip->asked);
  }
  page = fyr_sync_make_page (trip->reply);
  for (guint i = 0; trip->removed != NULL && i < trip->removed->len; i++) {
    fyr_pull_page_add_confirmed (page, trip->removed->pdata[i]);
  }
  if (self->user != NULL) {
    fyr_sync_add_settled (page, trip->reply, fyr_record_get_id (FYR_RECORD (self->user)));
    fyr_sync_add_emergency (page, trip->reply, fyr_record_get_id (FYR_RECORD (self->user)));
  }
  fyr_store_apply_pull_async (self->store, page, NULL, on_page_applied, trip);
  trip = NULL;
}

/* A long poll is held, and would answer late. */
static gboolean
is_check_due (FyrSyncEngine *self, FyrSyncRequest request)
{
  return self->check != NULL && request == FYR_SYNC_REQUEST_PULL &&
         (self->check->urgent || self->clock (self->clock_data) >= self->next_check);
}

void
fyr_sync_engine_pull (FyrSyncEngine *self, FyrSyncRequest request)
{
  int wait = request == FYR_SYNC_REQUEST_POLL ? POLL_SECONDS : 0;
  gint64 most = fyr_sync_machine_is_probing (self->machine) ? PROBE_BYTES : self->pull_bytes;
  g_autoptr (FyrPullRequest) ask = fyr_sync_make_pull (self->device, self->epoch, self->cursors, wait, most);
  Trip *trip = trip_new (self, request);

  trip->most = most;
  ask->schema = self->schema;
  ask->emergency = TRUE;
  for (guint i = 0; self->removed != NULL && i < self->removed->len; i++) {
    g_ptr_array_add (ask->removed, g_strdup (self->removed->pdata[i]));
  }
  if (self->user != NULL) {
    ask->settled = fyr_wire_heads_get (self->settled, fyr_record_get_id (FYR_RECORD (self->user)));
  }
  trip->removed = self->removed != NULL ? g_ptr_array_ref (self->removed) : NULL;
  trip->heads = fyr_wire_heads_new ();
  fyr_wire_heads_raise (trip->heads, self->heads);
  if (is_check_due (self, request)) {
    ask->check = fyr_sync_make_check (self->check);
    self->next_check = self->clock (self->clock_data) + CHECK_INTERVAL;
    g_clear_pointer (&self->check, fyr_store_check_free);
  }
  fyr_sync_client_pull_async (self->transport, self->token, ask,
                              fyr_sync_engine_start_cancellable (self, request), on_pulled, trip);
}

static void
on_frame (FyrSyncLive *live, const char *text, gpointer user_data)
{
  FyrSyncEngine *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) heads = fyr_wire_heads_parse (text, strlen (text), &error);
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_HEADS };

  if (heads == NULL) {
    g_warning ("a live frame is none: %s", error->message);
    event.behind = TRUE; /* something happened; ask what */
    fyr_sync_engine_feed (self, &event);
    return;
  }
  fyr_wire_heads_raise (self->heads, heads);
  event.behind = fyr_sync_engine_is_behind (self);
  fyr_sync_engine_feed (self, &event);
}

static void
on_live_closed (FyrSyncLive *live, guint code, gpointer user_data)
{
  FyrSyncEngine *self = user_data;
  FyrSyncEvent event = { .kind = FYR_SYNC_EVENT_LIVE_CLOSED, .cause = FYR_SYNC_CAUSE_NETWORK };

  if (code == LIVE_CLOSE_SESSION) {
    event.cause = FYR_SYNC_CAUSE_UNAUTHENTICATED;
    fyr_sync_engine_note_ended (self);
  }
  fyr_sync_engine_close_live (self);
  fyr_sync_engine_feed (self, &event);
}

void
fyr_sync_engine_close_live (FyrSyncEngine *self)
{
  g_autoptr (FyrSyncLive) live = g_steal_pointer (&self->live);

  if (live != NULL) {
    g_signal_handlers_disconnect_by_data (live, self);
    fyr_sync_live_close (live);
  }
}

static void
on_live_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Trip) trip = user_data;
  FyrSyncEngine *self = trip->engine;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrSyncLive) live =
      fyr_sync_transport_open_live_finish (FYR_SYNC_TRANSPORT (source), result, &error);

  if (live == NULL) {
    fyr_sync_engine_done_fault (self, FYR_SYNC_REQUEST_LIVE, error, NULL);
    return;
  }
  if (is_late (trip)) {
    fyr_sync_live_close (live);
    end_trip (trip, FYR_SYNC_CAUSE_CANCELLED, FALSE);
    return;
  }
  fyr_sync_engine_close_live (self);
  self->live = g_steal_pointer (&live);
  g_signal_connect (self->live, "frame", G_CALLBACK (on_frame), self);
  g_signal_connect (self->live, "closed", G_CALLBACK (on_live_closed), self);
  end_trip (trip, FYR_SYNC_CAUSE_OK, FALSE);
}

void
fyr_sync_engine_open_live (FyrSyncEngine *self)
{
  fyr_sync_transport_open_live_async (self->transport, self->token,
                                      fyr_sync_engine_start_cancellable (self, FYR_SYNC_REQUEST_LIVE),
                                      on_live_open, trip_new (self, FYR_SYNC_REQUEST_LIVE));
}
