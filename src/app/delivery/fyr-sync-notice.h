/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sync-engine.h"

G_BEGIN_DECLS

/**
 * FyrSyncNotice:
 * @id: which it is: "locked", "disk-full", "disk", "upgrade", "signed-out", "offline", "restoring", "clock"
 * @title: translated: what is the matter, with since when
 * @works: (nullable): translated: what can be done all the same
 * @lacks: (nullable): translated: what cannot, and what to do
 *
 * One thing about the contact with the server, or about this machine, that the person must know. Owned by the array.
 */
typedef struct {
  const char *id;
  char *title;
  char *works;
  char *lacks;
} FyrSyncNotice;

/**
 * fyr_sync_notices:
 * @engine: (nullable): whose state is told
 * @now: the moment of reading, ms since the epoch
 *
 * Returns: (transfer full) (element-type FyrSyncNotice): what the person must know, worst first; empty when all is well
 */
GPtrArray *
fyr_sync_notices (FyrSyncEngine *engine, gint64 now);

/** fyr_sync_notice_get_text: (transfer full): title, what works and what does not, as one paragraph. */
char *
fyr_sync_notice_get_text (const FyrSyncNotice *self);

/** FYR_CLOCK_TOLERANCE: a machine's clock that is off by less, in ms, bothers nobody: times are corrected. */
#define FYR_CLOCK_TOLERANCE (2 * 60000)

G_END_DECLS
