/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-outbox.h"
#include "fyr-sync-engine.h"

G_BEGIN_DECLS

/**
 * fyr_sync_word_state: (transfer full): how fresh what is shown is: "Live", "Offline since 10:32", "Not
 * signed in at the server".
 */
char *
fyr_sync_word_state (FyrSyncEngine *engine, gint64 now);

/** fyr_sync_word_icon: (transfer none): symbolic icon of the state. */
const char *
fyr_sync_word_icon (FyrSyncEngine *engine);

/** fyr_sync_word_unsent: (transfer full): "All sent", "3 waiting", "3 waiting, 1 not accepted". */
char *
fyr_sync_word_unsent (guint waiting, guint conflicts, guint refused);

/** fyr_outbox_word_work: (transfer none): what was to be done, in words: "Alert taken", "Limits changed". */
const char *
fyr_outbox_word_work (FyrOutboxEntry *entry);

/** fyr_outbox_word_state: (transfer none): where it stands, in words. */
const char *
fyr_outbox_word_state (FyrOutboxState state);

/** fyr_outbox_word_reason: (transfer none): why it was refused, and what to do; "" when it was not. */
const char *
fyr_outbox_word_reason (FyrOutboxEntry *entry);

G_END_DECLS
