/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-server-db.h"

G_BEGIN_DECLS

/** FyrReader: worker threads, each with a read-only connection: pulls and figures never wait for writers. */
typedef struct _FyrReader FyrReader;

/**
 * FyrReadFunc:
 * @connection: read-only, inside a transaction: all of it is read at one point in time
 *
 * A job on a worker thread. Returns: whether it went well
 */
typedef gboolean (*FyrReadFunc) (FyrConnection *connection, gpointer data, GError **error);

/** FyrReadDoneFunc: on the main context; @error is %NULL when the job went well */
typedef void (*FyrReadDoneFunc) (gpointer data, const GError *error);

/**
 * fyr_reader_new:
 * @n_threads: how many read at once, 1–16
 *
 * Returns: (transfer full) (nullable): the reader, or %NULL with any %FYR_DB_ERROR
 */
FyrReader *
fyr_reader_new (FyrServerDb *db, guint n_threads, GError **error);

/** fyr_reader_free: finishes what was given and ends the threads */
void
fyr_reader_free (FyrReader *self);

/**
 * fyr_reader_submit:
 * @done: (nullable): called once in any case, on the context fyr_reader_new() was called on
 * @free_data: (nullable): called after @done
 */
void
fyr_reader_submit (
    FyrReader *self, FyrReadFunc func, gpointer data, FyrReadDoneFunc done, GDestroyNotify free_data);

/** fyr_reader_get_pending: Returns: jobs given and not answered yet */
guint
fyr_reader_get_pending (FyrReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrReader, fyr_reader_free)

G_END_DECLS
