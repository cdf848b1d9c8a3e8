/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-server-db.h"

G_BEGIN_DECLS

/**
 * FyrLogKeeper:
 *
 * Moves the write-ahead log of a server's file into the database beside the one who writes: on a connection and a
 * thread of its own, so that no sender waits for it with its commit. Without it the commit that finds the log grown to
 * 32 MB moves all of it, for some 100 ms.
 */
typedef struct _FyrLogKeeper FyrLogKeeper;

/**
 * fyr_log_keeper_new:
 * @db: a database in a file
 * @error: return location
 *
 * Returns: (transfer full): the keeper, or %NULL when no further connection can be opened; work goes on without one
 */
FyrLogKeeper *
fyr_log_keeper_new (FyrServerDb *db, GError **error);

/** fyr_log_keeper_free: (nullable): lets it finish what it is at, ends its thread and closes its connection */
void
fyr_log_keeper_free (FyrLogKeeper *self);

/**
 * fyr_log_keeper_tell:
 * @self: (nullable): a keeper
 * @pages: what the writer's log holds after a commit, see fyr_connection_get_log_pages()
 *
 * Tells how the log grows, from any thread; returns at once. It is moved when it has grown by
 * %FYR_LOG_KEEPER_PAGES, or by %FYR_LOG_PAGES_ENOUGH and nobody has written for a while. What fails is done at the
 * next occasion; nothing is lost, the log keeps it.
 */
void
fyr_log_keeper_tell (FyrLogKeeper *self, guint pages);

/** FYR_LOG_KEEPER_PAGES: of 4 kB: twice before a commit moves them itself */
#define FYR_LOG_KEEPER_PAGES 3500

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrLogKeeper, fyr_log_keeper_free)

G_END_DECLS
