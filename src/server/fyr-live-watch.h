/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-reader.h"
#include "fyr-token.h"

G_BEGIN_DECLS

/**
 * FyrLiveWatch:
 *
 * Looks every two seconds whether sessions that listen or wait here still may: what another process ended, and what
 * ended by the clock, no commit of this process tells of. For the server's own thread.
 */
typedef struct _FyrLiveWatch FyrLiveWatch;

/** FYR_LIVE_WATCH_SECONDS: between two looks; revocation shall be everywhere within 5 s */
#define FYR_LIVE_WATCH_SECONDS 2

/**
 * FyrLiveWatchFuncs:
 * @list: appends the token hashes (%FYR_TOKEN_HASH_BYTES each) of who listens or waits
 * @changed: some session ended, or its user's roles are others than at the last look
 */
typedef struct {
  void (*list) (GByteArray *tokens, gpointer data);
  void (*changed) (gpointer data);
} FyrLiveWatchFuncs;

/** fyr_live_watch_new: Returns: (transfer full): a watch that begins at once; @funcs: static */
FyrLiveWatch *
fyr_live_watch_new (FyrReader *reader, const FyrLiveWatchFuncs *funcs, gpointer data);

/** fyr_live_watch_stop: no function is called any more; a look under way ends with the reader */
void
fyr_live_watch_stop (FyrLiveWatch *self);

/** fyr_live_watch_free: once the reader is gone */
void
fyr_live_watch_free (FyrLiveWatch *self);

/**
 * fyr_live_watch_stamp:
 *
 * What a session may, as a number: 0 when it ended or its user may nothing; another one when the roles change.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_live_watch_stamp (FyrConnection *connection,
                      const guint8 token[FYR_TOKEN_HASH_BYTES],
                      gint64 now,
                      guint64 *stamp,
                      GError **error);

G_END_DECLS
