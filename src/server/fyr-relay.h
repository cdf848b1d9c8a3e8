/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-server-db.h"

G_BEGIN_DECLS

/**
 * FyrRelay:
 *
 * Between the server processes of one PostgreSQL database (protocol.md, "Live"): a thread with a connection of its own
 * that listens to what others commit and tells them what this process committed, one notice for all of 20 ms, after
 * the commit and never in its transaction. What a notice does not bring is found by reading all heads each 2 s.
 */
typedef struct _FyrRelay FyrRelay;

/**
 * FyrRelayFuncs:
 * @heads: feeds stand at these heads now; some may be known (element-type utf8 gint64)
 * @recheck: sessions or grants may have changed
 * @new_life: the database began a new life: its epoch is another
 *
 * All run on the main context of fyr_relay_new().
 */
typedef struct {
  void (*heads) (GHashTable *heads, gpointer data);
  void (*recheck) (gpointer data);
  void (*new_life) (gpointer data);
} FyrRelayFuncs;

/** fyr_relay_new: @db: a shared one. Returns: (transfer full): listening, as soon as the database answers */
FyrRelay *
fyr_relay_new (FyrServerDb *db, const FyrRelayFuncs *funcs, gpointer data);

/** fyr_relay_free: tells what is not told yet and ends the thread */
void
fyr_relay_free (FyrRelay *self);

/** fyr_relay_tell: @heads: (element-type utf8 gint64): what this process committed */
void
fyr_relay_tell (FyrRelay *self, GHashTable *heads);

/** fyr_relay_tell_all: lets every process look at sessions, grants and heads again */
void
fyr_relay_tell_all (FyrRelay *self);

/** fyr_relay_is_connected: Returns: whether the database answers now */
gboolean
fyr_relay_is_connected (FyrRelay *self);

G_END_DECLS
