/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-offline-user.h"
#include "fyr-store-sync.h"
#include "fyr-sync-client.h"
#include "fyr-sync-engine.h"
#include "fyr-sync-machine.h"

G_BEGIN_DECLS

/* Inside of the engine, shared by its files: -engine.c (object, events, properties), -exchange.c (push, pull,
 * live), -sign-in.c. Everything runs on the main context. */

struct _FyrSyncEngine {
  GObject parent_instance;
  FyrStore *store;
  FyrSyncTransport *transport;
  FyrSyncMachine *machine; /* from the first identity on */
  FyrSyncClockFunc clock;
  gpointer clock_data;
  guint timer;
  gulong store_handler;
  gulong network_handler;
  GCancellable *life; /* ends with the engine */
  GCancellable *cancellables[FYR_SYNC_N_REQUESTS];
  guint session; /* counts sign-ins and sign-outs: late answers of another session are dropped */
  guint n_saves; /* of settling outcomes: told with the sign-in */

  char *device;
  char *epoch;
  GHashTable *cursors;
  GHashTable *heads;     /* as last told */
  GHashTable *settled;   /* user id → last settlement of her work */
  GPtrArray *not_of;     /* users whose work is not handed over in this session */
  gint64 next_hand_over; /* by the engine's clock: when to look for work of others */
  gboolean ask_removed;  /* whether something was removed that the server does not know of, perhaps */
  GPtrArray *removed;    /* (nullable): of what is removed the next pull tells */
  gboolean ask_push;     /* whether the server has all that was delivered, also when nothing new waits */
  guint lives;           /* how many epochs of the server were followed */
  FyrStoreCheck *check;  /* (nullable): to be asked with the next pull */
  gint64 next_offers;    /* by the engine's clock: when to see what a restored server may want back */
  gint64 next_check;     /* by the engine's clock */
  guint push_limit;      /* mutations at a time; halved by "too large" */
  guint push_once;       /* so many the next time only; 0: as many as ever */
  gint64 pull_bytes;     /* about how much one page may bring; raised where it brought nothing */
  int schema;            /* the highest that the server and this program know */
  gboolean server_old;   /* the last refusal was that the server is too old */

  char *token;
  gint64 expires;         /* of the token, by the server's clock */
  char *sign_in_name;     /* while signed in offline */
  char *sign_in_password; /* likewise; wiped */
  FyrUser *user;
  GPtrArray *memberships;

  FyrSyncLive *live;
  GArray *emergency;               /* (nullable): of FyrEmergency */
  GHashTable *emergency_deadlines; /* id of access → pointer to gint64 by the engine's clock */
  guint emergency_timer;

  /* What the properties say. */
  FyrSyncState state;
  gint64 last_contact;
  gint64 offline_since;
  gint64 clock_offset;
  gint64 best_trip;
  guint waiting;
  guint conflicts;
  guint refused;
  gboolean complete;
  gboolean restoring;
  FyrSyncDamage damage; /* as the store told when it was loaded */
  int store_error;
};

/** fyr_sync_engine_feed: gives an event to the machine, does what it says, and tells properties */
void
fyr_sync_engine_feed (FyrSyncEngine *self, const FyrSyncEvent *event);

/** fyr_sync_engine_done: a request of @session ended; late ones of another session count as cancelled */
void
fyr_sync_engine_done (FyrSyncEngine *self, FyrSyncRequest request, FyrSyncCause cause, gboolean more);

/** fyr_sync_engine_done_fault: the same for a refusal or failure, with what was said besides */
void
fyr_sync_engine_done_fault (FyrSyncEngine *self,
                            FyrSyncRequest request,
                            const GError *error,
                            const FyrSyncFault *fault);

/** fyr_sync_engine_is_behind: Returns: whether a head is above its cursor */
gboolean
fyr_sync_engine_is_behind (FyrSyncEngine *self);

/**
 * fyr_sync_engine_note_server_time:
 *
 * estimates the clock offset from an answer asked for at @asked (wall, ms)
 */
void
fyr_sync_engine_note_server_time (FyrSyncEngine *self, gint64 server_time, gint64 asked);

/** fyr_sync_engine_start_cancellable: Returns: (transfer none): a fresh one for @request */
GCancellable *
fyr_sync_engine_start_cancellable (FyrSyncEngine *self, FyrSyncRequest request);

/**
 * fyr_sync_engine_load:
 *
 * reads device, epoch and cursors from the store; the callback's GTask gives a gboolean
 */
void
fyr_sync_engine_load_async (FyrSyncEngine *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean
fyr_sync_engine_load_finish (FyrSyncEngine *self, GAsyncResult *result, GError **error);

/**
 * fyr_sync_engine_give_back_async:
 *
 * Offers a restored server what it lost, once all of the new epoch is here.
 */
void
fyr_sync_engine_give_back_async (FyrSyncEngine *self, GAsyncReadyCallback callback, gpointer user_data);

/** fyr_sync_engine_give_back_finish: Returns: whether there may be more to give back now */
gboolean
fyr_sync_engine_give_back_finish (FyrSyncEngine *self, GAsyncResult *result);

/**
 * fyr_sync_engine_hand_over_async:
 *
 * Delivers work of users who cannot sign in any more for review, once everything is here.
 */
void
fyr_sync_engine_hand_over_async (FyrSyncEngine *self, GAsyncReadyCallback callback, gpointer user_data);

/** fyr_sync_engine_hand_over_finish: nothing hangs on it: what was not taken now is offered again */
void
fyr_sync_engine_hand_over_finish (FyrSyncEngine *self, GAsyncResult *result);

/** fyr_sync_engine_list_emergencies: reads them from the store; then `emergency-changed` is emitted */
void
fyr_sync_engine_list_emergencies (FyrSyncEngine *self);

/** fyr_sync_engine_look_at_emergencies: ends those whose time is over, and looks again in time */
void
fyr_sync_engine_look_at_emergencies (FyrSyncEngine *self);

/** fyr_sync_engine_end_emergencies: as fyr_store_end_emergency_async(), and tells the server what was removed */
void
fyr_sync_engine_end_emergencies (FyrSyncEngine *self, const char *author_id, const char *const *ids);

/** fyr_sync_engine_tell_emergency_changed: emits the signal */
void
fyr_sync_engine_tell_emergency_changed (FyrSyncEngine *self);

/** fyr_sync_engine_has_own_clock: Returns: whether timers run, as outside of simulations */
gboolean
fyr_sync_engine_has_own_clock (FyrSyncEngine *self);

/** fyr_sync_engine_tell_handed_over: emits the signal */
void
fyr_sync_engine_tell_handed_over (FyrSyncEngine *self, guint n);

void
fyr_sync_engine_count (FyrSyncEngine *self);

void
fyr_sync_engine_push (FyrSyncEngine *self);
void
fyr_sync_engine_pull (FyrSyncEngine *self, FyrSyncRequest request);
void
fyr_sync_engine_open_live (FyrSyncEngine *self);
void
fyr_sync_engine_close_live (FyrSyncEngine *self);

/** fyr_sync_engine_follow_epoch: another life of the server: its heads mean nothing, delivered work may be lost */
void
fyr_sync_engine_follow_epoch (FyrSyncEngine *self);

/** fyr_sync_engine_sign_in_again: with the credentials kept since the offline sign-in */
void
fyr_sync_engine_sign_in_again (FyrSyncEngine *self);

/**
 * fyr_sync_engine_note_ended: the server knows the session no more. When that is before its time she was shut out, or
 * the session was ended: her password opens nothing on this machine until the server lets her in again.
 */
void
fyr_sync_engine_note_ended (FyrSyncEngine *self);

/** fyr_sync_engine_forget_session: token and password are wiped; the user stays until somebody signs out */
void
fyr_sync_engine_forget_session (FyrSyncEngine *self);

/** fyr_sync_engine_set_user: (nullable) both, with property notices */
void
fyr_sync_engine_set_user (FyrSyncEngine *self, FyrUser *user, GPtrArray *memberships);

/** fyr_sync_engine_set_restoring: whether a new epoch is being followed, with property notice */
void
fyr_sync_engine_set_restoring (FyrSyncEngine *self, gboolean restoring);

/** fyr_sync_engine_note_store: @error: (nullable): how the last write of what the server said ended */
void
fyr_sync_engine_note_store (FyrSyncEngine *self, const GError *error);

/** fyr_sync_wall_clock: Returns: ms since the Unix epoch by this machine's clock */
gint64
fyr_sync_wall_clock (void);

G_END_DECLS
