/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-await.h"
#include "fyr-server-db.h"
#include "fyr-store-query.h"
#include "fyr-store-sync.h"
#include "fyr-sync-engine.h"
#include "fyr-sync-transport.h"
#include "fyr-wire-schema.h"

G_BEGIN_DECLS

/*
 * One process with everything in it: the real server library, real workstations (store and engine), and a
 * network that drops, doubles, delays and cuts as told. The engines' clock is the world's: hours pass in
 * milliseconds. All choices come from a seed. The server's database is PostgreSQL when the environment names one.
 */

#define FYR_TEST_CLIENTS 3
#define FYR_TEST_PATIENTS 4
#define FYR_TEST_ALERTS 6

typedef struct _FyrTestWorld FyrTestWorld;

/**
 * FyrTestFaults: what the network does to one workstation, chances in percent.
 * @cut: nothing comes through, everything fails after a while
 * @refuse_socket: no WebSocket can be had
 * @status: answer all but sign-in with this status instead of asking the server, so many times
 * @served: with status 426: what the server says it serves; 0 to 0: it says nothing
 * @heading: pages of fewer bytes bring nothing, as with very many feeds at a server of an older release
 * @strange_head: live frames tell such a head of a feed that no pull gives
 */
typedef struct {
  guint drop_request;
  guint drop_reply;
  guint duplicate;
  guint drop_frame;
  gint64 delay; /* at most, ms each way */
  gboolean cut;
  gboolean refuse_socket;
  guint status;
  guint status_times;
  FyrWireSchemas served;
  gint64 heading;
  gint64 strange_head;
} FyrTestFaults;

#define FYR_TYPE_TEST_TRANSPORT (fyr_test_transport_get_type ())
G_DECLARE_FINAL_TYPE (FyrTestTransport, fyr_test_transport, FYR, TEST_TRANSPORT, GObject)

/** FyrTestClient: a workstation. @asked: requests sent, by path */
typedef struct {
  FyrTestWorld *world;
  guint index;
  char *path;
  char *user_name;
  char user_id[37];
  FyrStore *store;
  FyrSyncEngine *engine;
  FyrTestTransport *transport;
  FyrTestFaults faults;
  guint pushes;
  guint pulls;
  guint polls;
  guint sockets;
  gsize largest_push;
  GPtrArray *notes; /* ids of notes this client saved */
} FyrTestClient;

struct _FyrTestWorld {
  char *folder;
  char *location; /* (nullable): address of a PostgreSQL database; NULL: a file in @folder */
  GRand *random;
  gint64 now;
  FyrServerDb *db;
  FyrConnection *reader;
  GPtrArray *deliveries;
  char centre_id[37];
  char patients[FYR_TEST_PATIENTS][37];
  char alerts[FYR_TEST_ALERTS][37];
  FyrTestClient clients[FYR_TEST_CLIENTS];
  GPtrArray *lives;    /* FyrTestLive */
  gboolean old_server; /* of a release that has no share to give */
  gint64 next_beat;
  gint64 emergency_lasts; /* ms; 0: as long as it may */
};

/** fyr_test_world_new: Returns: (transfer full): a server with a centre, patients, alerts, and nurses not signed in */
FyrTestWorld *
fyr_test_world_new (guint32 seed);
void
fyr_test_world_free (FyrTestWorld *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrTestWorld, fyr_test_world_free)

/** fyr_test_world_step: lets what can happen now happen, then the next thing */
void
fyr_test_world_step (FyrTestWorld *self);

/** fyr_test_world_run: steps until @milliseconds have passed */
void
fyr_test_world_run (FyrTestWorld *self, gint64 milliseconds);

/** fyr_test_world_settle: the network heals; steps until nothing waits anywhere. Returns: whether that came */
gboolean
fyr_test_world_settle (FyrTestWorld *self);

/** fyr_test_world_restore: the server is put back to the copy fyr_test_world_back_up() made, in a new epoch */
void
fyr_test_world_back_up (FyrTestWorld *self);
void
fyr_test_world_restore (FyrTestWorld *self);

/** fyr_test_world_put: changes or makes a record on the server, as another workstation would. Takes @record */
void
fyr_test_world_put (FyrTestWorld *self, gpointer record);

/** fyr_test_world_get: Returns: (transfer full) (nullable): a record as the server has it */
FyrRecord *
fyr_test_world_get (FyrTestWorld *self, const FyrRecordInfo *info, const char *id);

/** fyr_test_world_assert_same: every workstation shows what the server has of the kind */
void
fyr_test_world_assert_same (FyrTestWorld *self, const FyrRecordInfo *info);

/** fyr_test_world_end_roles: a user loses all roles from now on; what she did before this moment she had them for */
void
fyr_test_world_end_roles (FyrTestWorld *self, const char *user_id);

/**
 * fyr_test_world_settle_kept: an administrator accepts the oldest work in quarantine, or gives it up for a @reason.
 * From the first call on the user of the last workstation is that administrator.
 */
void
fyr_test_world_settle_kept (FyrTestWorld *self, gboolean accept, const char *reason);

/** fyr_test_world_end_session: the server ends all sessions of a client's user */
void
fyr_test_world_end_session (FyrTestWorld *self, FyrTestClient *client);

/** fyr_test_client_open: opens store and engine (again) */
void
fyr_test_client_open (FyrTestClient *client);

/** fyr_test_client_look: Returns: (transfer full): the database of a closed client, opened with the user's password */
FyrConnection *
fyr_test_client_look (FyrTestClient *client);

/** fyr_test_client_close: as when the program ends, whatever is under way */
void
fyr_test_client_close (FyrTestClient *client);

/** fyr_test_client_sign_in: Returns: how; errors in @error */
FyrSignInResult
fyr_test_client_sign_in (FyrTestClient *client, const char *password, GError **error);

/** fyr_test_client_sign_in_online: opens store and engine and signs in at the server, or the test fails */
void
fyr_test_client_sign_in_online (FyrTestClient *client);

/** FyrTestPair: a fixture: a world whose first two workstations are signed in and have everything */
typedef struct {
  FyrTestWorld *world;
  FyrTestClient *first;
  FyrTestClient *second;
} FyrTestPair;

/** fyr_test_pair_set_up: for g_test_add(); @data is not looked at */
void
fyr_test_pair_set_up (FyrTestPair *self, gconstpointer data);

/** fyr_test_pair_tear_down: for g_test_add() */
void
fyr_test_pair_tear_down (FyrTestPair *self, gconstpointer data);

/** fyr_test_client_wait_known: until the store can recognise the user by itself, which takes a slow hash */
void
fyr_test_client_wait_known (FyrTestClient *client);

/** fyr_test_client_save: saves; takes @mutation. Returns: whether the store accepted it */
gboolean
fyr_test_client_save (FyrTestClient *client, FyrMutation *mutation);

/** fyr_test_client_discard: gives up work in conflict or refused */
void
fyr_test_client_discard (FyrTestClient *client, gint64 key);

/** fyr_test_client_note: saves a new note about patient @index */
void
fyr_test_client_note (FyrTestClient *client, guint index, const char *text);

/** fyr_test_client_get: Returns: (transfer full) (nullable): a record as shown */
FyrRecord *
fyr_test_client_get (FyrTestClient *client, const FyrRecordInfo *info, const char *id);

/** fyr_test_client_list: Returns: (transfer full): all records of a kind as shown */
GPtrArray *
fyr_test_client_list (FyrTestClient *client, const FyrRecordInfo *info);

/** fyr_test_client_outbox: Returns: (transfer full): entries in the states, a mask */
GPtrArray *
fyr_test_client_outbox (FyrTestClient *client, guint states);

#define FYR_TEST_PASSWORD "en lykt i fyret 17"

/* Inside: the network's half of the world (fyr-test-transport.c). */
FyrTestTransport *
fyr_test_transport_new (FyrTestClient *client);

/** fyr_test_transport_forget: the workstation is gone: its answers go nowhere */
void
fyr_test_transport_forget (FyrTestTransport *self);

typedef void (*FyrTestFunc) (gpointer data);

/** fyr_test_world_after: calls @func with @data after @delay ms of the world's time */
void
fyr_test_world_after (FyrTestWorld *self, gint64 delay, FyrTestFunc func, gpointer data);

/** fyr_test_world_answer: what the server says. @waiting: (out): nothing yet (long poll) */
FyrSyncAnswer *
fyr_test_world_answer (FyrTestWorld *self,
                       FyrTestClient *client,
                       const char *path,
                       GBytes *body,
                       const char *token,
                       gboolean may_wait,
                       gboolean *waiting);

/** fyr_test_world_heads: (transfer full): the live frame for the user of @client */
char *
fyr_test_world_heads (FyrTestWorld *self, FyrTestClient *client);

/** fyr_test_world_close_lives: the server closes the open channels of @client with @code */
void
fyr_test_world_close_lives (FyrTestWorld *self, FyrTestClient *client, guint code);

/** fyr_test_world_tell: after a commit: frames for every open channel */
void
fyr_test_world_tell (FyrTestWorld *self);

/** fyr_test_world_chance: Returns: TRUE in @percent of the calls */
gboolean
fyr_test_world_chance (FyrTestWorld *self, guint percent);

G_END_DECLS
