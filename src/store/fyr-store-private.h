/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"
#include "fyr-record-table.h"
#include "fyr-store-keys.h"
#include "fyr-store.h"

G_BEGIN_DECLS

/** FyrStoreKnown: what a job knows of a small table, so that a long page need not ask it for every row */
typedef enum {
  FYR_STORE_NOT_ASKED,
  FYR_STORE_EMPTY,
  FYR_STORE_SOME,
} FyrStoreKnown;

/**
 * FyrStoreContext:
 * @connection: inside a transaction of the job
 * @changes: what the job touches; told when it commits
 * @now: this machine's clock when the job began, ms since the epoch
 * @clock_offset: server's clock less this machine's, ms, as last told
 * @contact: (out): server's time of a contact that is noted in the job; 0 none
 * @keys: those of the database; what a job does to them stays when the job fails later
 * @base: what is known of the table of that name; @voided, @witness and @offer likewise
 *
 * What a job works in, on the store's thread only.
 */
typedef struct {
  FyrConnection *connection;
  FyrChangeSet *changes;
  gint64 now;
  gint64 clock_offset;
  gint64 contact;
  FyrStoreKeys *keys;
  FyrStoreKnown base;   /* whether any row is covered by own work */
  FyrStoreKnown voided; /* whether any measurement is corrected */
  FyrStoreKnown witness;
  FyrStoreKnown offer;
  GArray *settled; /* (nullable): gint64 keys of work that is given up or replaced in this job */
} FyrStoreContext;

/** FyrStoreFunc: a job. Returns: not %NULL; %NULL with error rolls back all it did */
typedef gpointer (*FyrStoreFunc) (FyrStoreContext *context, gpointer data, GError **error);

/** FyrStoreMode: what a job is, and how long it may wait */
typedef enum {
  FYR_STORE_KEYS,  /* on the keys, while the database is sealed: without a connection */
  FYR_STORE_SAVE,  /* writes; a person waits */
  FYR_STORE_QUERY, /* reads one point in time; a person waits */
  FYR_STORE_SYNC,  /* writes; nobody waits */
  FYR_STORE_BARE,  /* outside of a transaction */
} FyrStoreMode;

#define FYR_STORE_DONE GINT_TO_POINTER (1)

/**
 * FyrStoreJob:
 * @mode: kind of transaction and urgency
 * @func: runs on the store's thread
 * @data: for @func
 * @data_free: (nullable): frees @data, on any thread
 * @result_free: (nullable): frees a result that nobody fetched
 * @tag: the public function, for g_task_is_valid()
 * @sealed: (nullable): runs in place of @func while the database is sealed, on the keys alone
 */
typedef struct {
  FyrStoreMode mode;
  FyrStoreFunc func;
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
  gpointer tag;
  FyrStoreFunc sealed;
} FyrStoreJob;

/** fyr_store_run_async: queues a job and answers through a GTask on the calling main context */
void
fyr_store_run_async (FyrStore *self,
                     const FyrStoreJob *job,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);

/** fyr_store_run_finish: Returns: what the job returned; %NULL with error */
gpointer
fyr_store_run_finish (FyrStore *self, gpointer tag, GAsyncResult *result, GError **error);

/** fyr_store_set_clock: for tests: jobs see this time (ms since the epoch); 0: the machine's clock again */
void
fyr_store_set_clock (FyrStore *self, gint64 now);

/**
 * fyr_store_open_stepwise:
 *
 * For the simulation alone: as fyr_store_open_async(), without a thread: jobs wait until fyr_store_step() is called
 * on the thread that asked.
 *
 * Returns: (transfer full): the store, not open yet; @callback calls fyr_store_open_finish()
 */
FyrStore *
fyr_store_open_stepwise (const char *path, GAsyncReadyCallback callback, gpointer user_data);

/** fyr_store_has_work: Returns: whether a job waits */
gboolean
fyr_store_has_work (FyrStore *self);

/** fyr_store_step: runs the next job, of a store without a thread. Returns: whether there was one */
gboolean
fyr_store_step (FyrStore *self);

/** fyr_store_take_in_parked: a job: what was parked by an older program is taken in, once the database is open */
gpointer
fyr_store_take_in_parked (FyrStoreContext *context, gpointer data, GError **error);

/** fyr_offline_user_make_cheap: for tests alone: passwords cost next to nothing from here on */
void
fyr_offline_user_make_cheap (void);

/** FYR_STORE_SCHEMA_VERSION: version of the workstation's tables that this program writes */
#define FYR_STORE_SCHEMA_VERSION 8

/** fyr_store_migrate: brings the tables to this version. Returns: %TRUE or %FALSE with error */
gboolean
fyr_store_migrate (FyrConnection *connection, GError **error);

/**
 * fyr_store_unpark:
 *
 * applies parked entries whose kind this program knows. Returns: %TRUE or %FALSE with error
 */
gboolean
fyr_store_unpark (FyrStoreContext *context, GError **error);

/** fyr_store_wrap_error: turns a db room error into the store's; %FALSE always, with error */
gboolean
fyr_store_wrap_error (GError **error);

/** fyr_store_sql: prepares program text. Returns: (transfer full) (nullable): NULL with error */
FyrStatement *
fyr_store_sql (FyrStoreContext *context, const char *sql, GError **error);

/**
 * fyr_store_is_empty:
 * @known: (inout): what is known; set to SOME by whoever writes to the table
 * @sql: asks for one row of it
 *
 * Returns: whether the table is known to be empty; a failure is taken for "not known" and met by the next question
 */
gboolean
fyr_store_is_empty (FyrStoreContext *context, FyrStoreKnown *known, const char *sql);

/* meta: a few named texts */

/** fyr_meta_get: Returns: (transfer full) (nullable): the text; NULL when there is none, or with error */
char *
fyr_meta_get (FyrConnection *connection, const char *name, GError **error);
/** fyr_meta_set: Returns: %TRUE or %FALSE with error */
gboolean
fyr_meta_set (FyrConnection *connection, const char *name, const char *value, GError **error);
/** fyr_meta_get_int: Returns: the number, 0 when there is none */
gint64
fyr_meta_get_int (FyrConnection *connection, const char *name);
/** fyr_meta_set_int: Returns: %TRUE or %FALSE with error */
gboolean
fyr_meta_set_int (FyrConnection *connection, const char *name, gint64 value, GError **error);

/**
 * fyr_store_note_contact:
 *
 * the server answered at @server_time: clock offset and last contact. Returns: %TRUE or error
 */
gboolean
fyr_store_note_contact (FyrStoreContext *context, gint64 server_time, GError **error);

G_END_DECLS
