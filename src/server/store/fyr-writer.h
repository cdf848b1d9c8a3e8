/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-server-db.h"

G_BEGIN_DECLS

/**
 * FyrWriteContext:
 *
 * What a job works in: the writing connection inside an open transaction, the time of that transaction,
 * and the feed entries gathered until its end (see fyr-apply.h). Lives for the length of the job.
 */
typedef struct _FyrWriteContext FyrWriteContext;

/**
 * FyrWriteFunc:
 * @context: where to write
 * @data: as given to fyr_writer_submit()
 * @error: why the job fails
 *
 * A job. Runs on the writer's thread: %FALSE undoes all that this job did and nothing else. May run beside other jobs
 * in one transaction, so it reads what they wrote. It is run again from the beginning when the transaction was undone
 * for another job, or on a shared database met another process: what it left in @data must not matter then.
 *
 * Returns: whether its changes shall be kept
 */
typedef gboolean (*FyrWriteFunc) (FyrWriteContext *context, gpointer data, GError **error);

/**
 * FyrWriteDoneFunc:
 * @data: as given to fyr_writer_submit()
 * @error: (nullable): %NULL once the changes are on the disk; the job's own error; or
 *   %FYR_SERVER_ERROR_BROKEN when the commit failed
 *
 * Runs on the main context, in the order the jobs were given.
 */
typedef void (*FyrWriteDoneFunc) (gpointer data, const GError *error);

/**
 * FyrCommitFunc:
 * @heads: (element-type utf8 gint64): new head of each scope a commit touched; values point at gint64
 *
 * Runs on the main context after each commit that touched a feed, before the jobs' own callbacks.
 */
typedef void (*FyrCommitFunc) (GHashTable *heads, gpointer user_data);

/**
 * FyrBrokenFunc:
 *
 * Runs on the main context once, when a commit failed. Everything after it fails with
 * %FYR_SERVER_ERROR_BROKEN: the program must end and be started again (protocol.md, SQLite rules).
 */
typedef void (*FyrBrokenFunc) (const GError *error, gpointer user_data);

/** fyr_write_context_get_connection: Returns: (transfer none): the connection, in its transaction */
FyrConnection *
fyr_write_context_get_connection (FyrWriteContext *context);

/** fyr_write_context_get_time: Returns: milliseconds since the epoch when the transaction began */
gint64
fyr_write_context_get_time (FyrWriteContext *context);

/** fyr_write_context_get_db: Returns: (transfer none): the database written to */
FyrServerDb *
fyr_write_context_get_db (FyrWriteContext *context);

/**
 * fyr_server_db_write:
 * @db: a database no #FyrWriter works on
 * @func: the job
 * @data: for @func
 * @error: return location
 *
 * Runs one job in a transaction of its own on this thread: for tools when no server runs, and tests.
 *
 * Returns: %TRUE once it is on the disk
 */
gboolean
fyr_server_db_write (FyrServerDb *db, FyrWriteFunc func, gpointer data, GError **error);

typedef struct _FyrWriter FyrWriter;

/**
 * fyr_writer_new:
 * @db: the database; its writing connection belongs to the writer until it is freed
 *
 * Starts the thread. Callbacks run on the thread-default main context of the caller.
 *
 * Returns: (transfer full): the writer
 */
FyrWriter *
fyr_writer_new (FyrServerDb *db);

/** fyr_writer_free: finishes what was given, moves the log into the database and ends the thread */
void
fyr_writer_free (FyrWriter *self);

/**
 * fyr_writer_submit:
 * @func: the job
 * @data: for @func and @done
 * @done: (nullable): called once in any case
 * @free_data: (nullable): called on the main context after @done
 *
 * Gives a job. All that waits when the thread comes round runs in one transaction with one commit
 * (group commit), so an answer costs a share of one disk write.
 */
void
fyr_writer_submit (
    FyrWriter *self, FyrWriteFunc func, gpointer data, FyrWriteDoneFunc done, GDestroyNotify free_data);

/**
 * fyr_writer_run:
 *
 * Gives a job and waits for its commit: not for the thread the main context runs on while others wait.
 *
 * Returns: %TRUE once it is on the disk
 */
gboolean
fyr_writer_run (FyrWriter *self, FyrWriteFunc func, gpointer data, GError **error);

/** fyr_writer_get_pending: Returns: jobs given and not committed yet; for back-pressure */
guint
fyr_writer_get_pending (FyrWriter *self);

/** fyr_writer_set_commit_func: who is told of commits; one, %NULL for nobody */
void
fyr_writer_set_commit_func (FyrWriter *self, FyrCommitFunc func, gpointer user_data);

/** fyr_writer_set_broken_func: who is told that the database must be given up */
void
fyr_writer_set_broken_func (FyrWriter *self, FyrBrokenFunc func, gpointer user_data);

/** fyr_writer_is_broken: Returns: whether a commit failed */
gboolean
fyr_writer_is_broken (FyrWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrWriter, fyr_writer_free)

G_END_DECLS
