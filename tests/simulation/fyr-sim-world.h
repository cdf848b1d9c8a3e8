/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-intake-cache.h"
#include "fyr-reply.h"
#include "fyr-server-db.h"
#include "fyr-sim-machine.h"
#include "fyr-sim-model.h"
#include "fyr-store-query.h"
#include "fyr-store-sync.h"
#include "fyr-sync-engine.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/*
 * The whole in one process: the real server core, real workstations (store and engine), and between them a network
 * that loses, doubles, delays and cuts. Everything on disks and by clocks of our own.
 */

#define FYR_SIM_CLIENTS 11 /* of which some take part, and the last are spare machines for copies */
#define FYR_SIM_PATIENTS 6 /* the last is of the other centre */
#define FYR_SIM_ALERTS 4
#define FYR_SIM_CENTRES 2
#define FYR_SIM_PASSWORD "en lykt i fyret 17"

typedef struct _FyrSimWorld FyrSimWorld;

/** FyrSimKind: kinds of faults, counted for the report */
typedef enum {
  FYR_SIM_LOST_REQUEST,
  FYR_SIM_LOST_REPLY,
  FYR_SIM_DOUBLED,
  FYR_SIM_REPLAYED,
  FYR_SIM_CUT,
  FYR_SIM_ONE_WAY,
  FYR_SIM_HALF_OPEN,
  FYR_SIM_REFUSED_SOCKET,
  FYR_SIM_TOLD_BUSY,
  FYR_SIM_CLIENT_KILLED,
  FYR_SIM_CLIENT_POWER,
  FYR_SIM_CLIENT_DISK,
  FYR_SIM_SERVER_KILLED,
  FYR_SIM_SERVER_POWER,
  FYR_SIM_SERVER_DISK,
  FYR_SIM_SERVER_RESTORED,
  FYR_SIM_COPIED,
  FYR_SIM_SET_BACK,
  FYR_SIM_CLOCK,
  FYR_SIM_ACCESS,
  FYR_SIM_SESSION_ENDED,
  FYR_SIM_SHUT_OUT,
  FYR_SIM_EMERGENCY,
  FYR_SIM_N_KINDS,
} FyrSimKind;

extern const char *const fyr_sim_kind_names[FYR_SIM_N_KINDS];

/** FyrSimTotals: sums over histories, and the last one's hash */
typedef struct {
  guint64 histories;
  guint64 counts[FYR_SIM_N_KINDS];
  guint64 steps;
  guint64 saves;
  guint64 pushes;
  guint64 pulls;
  guint64 trace;
  /* Of the first workstation's disk, and of the server's, in the last history's work: */
  guint64 calls[2]; /* that changed it */
  guint64 reads[2];
  gint64
      alike_after; /* ms after healing, at most, until all showed the same; with a profile that measures it */
} FyrSimTotals;

/** FyrSimDefect: a deliberately broken product: the verdict must catch it */
typedef enum {
  FYR_SIM_SOUND,
  FYR_SIM_BLIND_WRITE,   /* what the writer saw is not compared */
  FYR_SIM_LYING_DISK,    /* syncs do nothing */
  FYR_SIM_SKIPPED_ENTRY, /* a page's `from` is not held against the cursor */
  FYR_SIM_DEAF,          /* revoked scopes are not heard of */
  FYR_SIM_FORGETFUL,     /* outcomes are not kept: a repeated push is judged again */
  FYR_SIM_UNLOGGED,      /* the access log loses what it has */
  FYR_SIM_N_DEFECTS,
} FyrSimDefect;

extern const char *const fyr_sim_defect_names[FYR_SIM_N_DEFECTS];

/** FyrSimWeather: what the network does, chances in percent. @cut_up: to the server; @cut_down: from it */
typedef struct {
  guint lose_request;
  guint lose_reply;
  guint duplicate;
  guint lose_frame;
  gint64 delay; /* at most, ms each way */
  gboolean cut_up;
  gboolean cut_down;
  gboolean hang; /* what is lost is lost in silence: half-open */
  gboolean no_socket;
  guint busy; /* answers 503 so often */
} FyrSimWeather;

#define FYR_TYPE_SIM_TRANSPORT (fyr_sim_transport_get_type ())
G_DECLARE_FINAL_TYPE (FyrSimTransport, fyr_sim_transport, FYR, SIM_TRANSPORT, GObject)

/** FyrSimClient: a workstation */
typedef struct {
  FyrSimMachine machine;
  FyrSimWorld *world;
  guint index;
  char *folder;
  char *path;
  char user_name[16];
  char user_id[37];
  char centre_id[37];
  char device[37]; /* as it was last named at a sign-in; "" before */
  FyrRole role;
  gboolean taking_part;
  gboolean up;
  gboolean dying;
  gboolean opening;
  gboolean signing_in;
  guint life; /* counts starts */
  FyrStore *store;
  FyrSyncEngine *engine;
  FyrSimTransport *transport;
  FyrSimWeather weather;
  GHashTable *copy; /* (nullable): an older state of the disk, and what had been acknowledged then */
  guint copy_saves;
  guint copy_displays;
} FyrSimClient;

typedef struct {
  FyrSimMachine machine;
  char *folder;
  FyrServerDb *db;
  FyrConnection *reader;
  FyrIntakeCache *cache;
  gboolean up;
  gboolean starting;
  GHashTable *copy; /* (nullable): an older state */
  guint copy_log;
} FyrSimServer;

struct _FyrSimWorld {
  guint32 seed;
  guint n_clients;
  FyrSimDefect defect;
  gboolean calm;       /* no more faults: all heals */
  gboolean ending;     /* nothing is started any more */
  gint64 closed_until; /* nobody is at work before; programs that end are started after */
  FyrSimServer server;
  FyrSimClient clients[FYR_SIM_CLIENTS];
  FyrSimModel *model;
  GPtrArray *channels; /* live channels */
  GPtrArray *polls;    /* exchanges that wait for news */
  GPtrArray *old_pushes;
  GPtrArray *displays; /* what was shown: fyr-sim-display.c */
  char centres[FYR_SIM_CENTRES][37];
  char gp_id[37];
  char patients[FYR_SIM_PATIENTS][37];
  char alerts[FYR_SIM_ALERTS][37];
  char administrator[37]; /* "" before one is needed */
  gboolean emergencies;   /* somebody has tried to open a patient in an emergency */
  guint serial;           /* makes values that were never there before */
  guint64 counts[FYR_SIM_N_KINDS];
  guint64 saves;
  guint64 pushes;
  guint64 pulls;
};

/* The server. */

void
fyr_sim_server_start (FyrSimWorld *self);

/** fyr_sim_server_stop: @power: the machine goes down with it */
void
fyr_sim_server_kill (FyrSimWorld *self, gboolean power);

/** fyr_sim_server_write: one write job. Returns: whether it is on the disk; a failing disk ends the server */
gboolean
fyr_sim_server_write (FyrSimWorld *self, FyrWriteFunc func, gpointer data);

/** fyr_sim_server_put: writes a record as the server's own work. Takes @record */
gboolean
fyr_sim_server_put (FyrSimWorld *self, gpointer record);

/** fyr_sim_server_get: Returns: (transfer full) (nullable) */
FyrRecord *
fyr_sim_server_get (FyrSimWorld *self, const FyrRecordInfo *info, const char *id);

/** fyr_sim_server_version: Returns: of a record or its tombstone, 0 when it never was; @world: a #FyrSimWorld */
gint64
fyr_sim_server_version (const FyrRecordInfo *info, const char *id, gpointer world);

/** fyr_sim_server_answer: Returns: (transfer full) (nullable): NULL: no answer. @waiting: (out): not yet (long poll) */
FyrSyncAnswer *
fyr_sim_server_answer (FyrSimWorld *self,
                       FyrSimClient *client,
                       const char *path,
                       GBytes *body,
                       const char *token,
                       gboolean may_wait,
                       gboolean *waiting);

/** fyr_sim_server_heads: Returns: (transfer full) (nullable): the live frame for a user */
char *
fyr_sim_server_heads (FyrSimWorld *self, const char *user_id);

/** fyr_sim_server_session: Returns: (transfer full) (nullable): a token of a new session */
char *
fyr_sim_server_session (FyrSimWorld *self, const char *user_id, const char *device_id);

/** fyr_sim_server_emergency: opens or ends an emergency access. Returns: whether @reply is one */
gboolean
fyr_sim_server_emergency (
    FyrSimWorld *self, const char *text, gsize length, gboolean open, const char *token, FyrReply *reply);

/** fyr_sim_server_measure: a gateway reports; most reports raise an alert */
void
fyr_sim_server_measure (FyrSimWorld *self, const char *patient_id);

/* The network. */

FyrSimTransport *
fyr_sim_transport_new (FyrSimClient *client);

/** fyr_sim_transport_forget: the workstation is gone: what it waits for fails at once */
void
fyr_sim_transport_forget (FyrSimTransport *self);

/** fyr_sim_network_tell: after a commit: frames for open channels, answers for those who wait */
void
fyr_sim_network_tell (FyrSimWorld *self);

/** fyr_sim_network_drop: closes the live channels of a user (NULL: all), with @code */
void
fyr_sim_network_drop (FyrSimWorld *self, const char *user_id, guint code);

/** fyr_sim_network_replay: an old push arrives once more */
void
fyr_sim_network_replay (FyrSimWorld *self);

/** fyr_sim_network_start: heartbeats */
void
fyr_sim_network_start (FyrSimWorld *self);

/* The workstations. */

void
fyr_sim_client_init (FyrSimClient *self, FyrSimWorld *world, guint index);
void
fyr_sim_client_clear (FyrSimClient *self);

/** fyr_sim_client_open: the program is started, and its user signs in */
void
fyr_sim_client_open (FyrSimClient *self);

/** fyr_sim_client_kill: the program ends, in the middle of whatever it does. @power: the machine goes down too */
void
fyr_sim_client_kill (FyrSimClient *self, gboolean power);

/** fyr_sim_client_is_over: Returns: whether what was begun in @life is nobody's any more */
gboolean
fyr_sim_client_is_over (FyrSimClient *self, guint life);

/** fyr_sim_client_sign_in: unless somebody is signed in */
void
fyr_sim_client_sign_in (FyrSimClient *self);

/** fyr_sim_client_finish: steps until *@slot is there. Returns: (transfer full) */
GAsyncResult *
fyr_sim_client_finish (FyrSimClient *self, GAsyncResult **slot);
void
fyr_sim_got (GObject *source, GAsyncResult *result, gpointer slot);

/** fyr_sim_user_act: the user does something */
void
fyr_sim_user_act (FyrSimClient *self);

/** fyr_sim_user_settle: the user decides about all that waits for a decision. Returns: how much there was */
guint
fyr_sim_user_settle (FyrSimClient *self);

/* Emergency access. */

/** fyr_sim_emergency: the user opens a patient who is on no list of hers, or ends that again */
void
fyr_sim_emergency (FyrSimWorld *world, FyrSimClient *client);

/** fyr_sim_emergencies_end: the time of all that last runs out */
void
fyr_sim_emergencies_end (FyrSimWorld *world);

/** fyr_sim_identity_numbers: of the patients; made up, no person has one */
extern const char *const fyr_sim_identity_numbers[FYR_SIM_PATIENTS];

/* What is shown. */

/** FyrSimShownFunc: the access log names it: it is shown */
typedef void (*FyrSimShownFunc) (FyrSimClient *client, const char *patient_id);

/** fyr_sim_display: the user opens a patient's record; @shown is called unless the log could not be written */
void
fyr_sim_display (FyrSimClient *client, const char *patient_id, FyrSimShownFunc shown);

/** fyr_sim_displays_excuse: the workstation was set back to when there had been @from displays anywhere */
void
fyr_sim_displays_excuse (FyrSimClient *client, guint from);

/** fyr_sim_displays_check: the verdict: the access log tells of each */
void
fyr_sim_displays_check (FyrSimWorld *self);

/* The world. */

/** fyr_sim_world_prepare: once: what every world begins with */
void
fyr_sim_world_prepare (const char *folder);
void
fyr_sim_world_unprepare (void);

FyrSimWorld *
fyr_sim_world_new (guint32 seed, guint n_clients, FyrSimDefect defect);
void
fyr_sim_world_free (FyrSimWorld *self);

/** fyr_sim_world_make_gp: the workstation's user is the GP; before it is opened */
void
fyr_sim_world_make_gp (FyrSimWorld *self, guint index);

/** fyr_sim_world_count: one fault of @kind */
void
fyr_sim_world_count (FyrSimWorld *self, FyrSimKind kind);

/** fyr_sim_shut_out: an administrator shuts a workstation out, or lets it in when it was */
void
fyr_sim_shut_out (FyrSimWorld *world, FyrSimClient *client);

/** fyr_sim_let_all_in: none is shut out any more */
void
fyr_sim_let_all_in (FyrSimWorld *world);

/** fyr_sim_world_quiet: steps until nothing waits anywhere. Returns: whether that came within @limit ms */
gboolean
fyr_sim_world_quiet (FyrSimWorld *self, gint64 limit);

/** fyr_sim_world_heal: all faults end; all are started and signed in */
void
fyr_sim_world_heal (FyrSimWorld *self);

/** fyr_sim_world_check: the verdict, once quiet */
void
fyr_sim_world_check (FyrSimWorld *self);

/** fyr_sim_client_has_sent: Returns: whether all that can go is gone; what is held waits for a person */
gboolean
fyr_sim_client_has_sent (FyrSimClient *client);

/** fyr_sim_world_is_same: Returns: whether a workstation shows what the server has for its user; else @why */
gboolean
fyr_sim_world_is_same (FyrSimWorld *self, FyrSimClient *client, char **why);

/**
 * FyrSimPlan: what a history is to be like.
 * @profile: (nullable): name of the kinds of faults it has; %NULL: drawn for each seed
 * @fault: besides, this strikes a disk: @countdown calls that it counts after all are signed in
 * @on_server: the server's disk; else the first workstation's
 */
typedef struct {
  FyrSimDefect defect;
  const char *profile;
  FyrSimFault fault;
  guint countdown;
  gboolean on_server;
} FyrSimPlan;

/** fyr_sim_history_has_profile: Returns: whether there is one of the name */
gboolean
fyr_sim_history_has_profile (const char *name);

/** fyr_sim_history_run: one random history, to its verdict. Returns: (transfer full) (nullable): what was broken */
char *
fyr_sim_history_run (guint32 seed, const FyrSimPlan *plan, FyrSimTotals *totals);

G_END_DECLS
