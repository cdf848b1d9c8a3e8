/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-mutation-private.h"
#include "fyr-outbox.h"
#include "fyr-store-private.h"

G_BEGIN_DECLS

/** The columns fyr_outbox_entry_read() takes, of "outbox o JOIN stream s ON s.id = o.stream". */
#define FYR_OUTBOX_COLUMNS                                                                                   \
  "o.key, o.number, s.author_id, o.command, o.kind, o.record_id, o.patient_id, o.state, o.code, o.text, "    \
  "o.conflict, o.created, o.acknowledged, o.hash, o.payload, o.previous_hash, o.event_id, o.depends_on, "    \
  "o.stream, o.receipt"
#define FYR_OUTBOX_FROM " FROM outbox o JOIN stream s ON s.id = o.stream "

/** fyr_outbox_entry_read: Returns: (transfer full): the entry of the present row */
FyrOutboxEntry *
fyr_outbox_entry_read (FyrStatement *statement);

/** fyr_outbox_entry_collect: Returns: (transfer full) (nullable): all rows; NULL with error */
GPtrArray *
fyr_outbox_entry_collect (FyrStatement *statement, GError **error);

const char *
fyr_outbox_entry_get_previous_hash (FyrOutboxEntry *self);
const char *
fyr_outbox_entry_get_event_id (FyrOutboxEntry *self);
gint64
fyr_outbox_entry_get_depends_on (FyrOutboxEntry *self);
gint64
fyr_outbox_entry_get_stream (FyrOutboxEntry *self);

/**
 * FyrStream:
 * @present: new work is numbered in it; else it is of before a fork
 *
 * One user's sequence of numbers on this machine.
 */
typedef struct {
  gint64 id;
  gboolean present;
  char incarnation[37];
  gint64 next;
  char last_hash[65];
} FyrStream;

/**
 * fyr_stream_load:
 *
 * reads the author's present stream, made when there is none. Returns: TRUE or FALSE with error
 */
gboolean
fyr_stream_load (FyrStoreContext *context, const char *author_id, FyrStream *stream, GError **error);

/** fyr_stream_find: reads that of an incarnation, the present one when it is NULL. Returns: ROW; DONE: it is not hers;
 * ERROR with error */
FyrStep
fyr_stream_find (FyrStoreContext *context,
                 const char *author_id,
                 const char *incarnation,
                 FyrStream *stream,
                 GError **error);

/**
 * fyr_stream_load_next:
 *
 * reads the author's oldest stream with work that waits for an answer, the present one when there is none. What older
 * streams were answered by a server that was restored since waits again from here on.
 *
 * Returns: TRUE or FALSE with error
 */
gboolean
fyr_stream_load_next (FyrStoreContext *context, const char *author_id, FyrStream *stream, GError **error);

/** fyr_stream_doubt_former: the server began a new life: what it answered in older streams is sent again when their
 * author signs in. Returns: TRUE or FALSE with error */
gboolean
fyr_stream_doubt_former (FyrStoreContext *context, GError **error);

/**
 * fyr_stream_renew:
 * @doubtful: it is not known whether the server has what it answered in the one that ends
 *
 * ends the author's stream and begins a new one. Returns: TRUE or FALSE with error
 */
gboolean
fyr_stream_renew (
    FyrStoreContext *context, const char *author_id, gboolean doubtful, FyrStream *stream, GError **error);

/**
 * fyr_outbox_fork:
 * @incarnation: (nullable): whose unanswered work it is, %NULL for the present one, which ends with that
 * @doubtful: as in fyr_stream_renew()
 *
 * numbers unanswered work anew under another incarnation. Returns: TRUE or FALSE with error
 */
gboolean
fyr_outbox_fork (FyrStoreContext *context,
                 const char *author_id,
                 const char *incarnation,
                 gboolean doubtful,
                 GError **error);

/** fyr_stream_store: writes next and last hash back. Returns: TRUE or FALSE with error */
gboolean
fyr_stream_store (FyrStoreContext *context, const FyrStream *stream, GError **error);

/**
 * fyr_outbox_append:
 * @patient_id: (nullable): about whom
 *
 * Gives the mutation its number, what it depends on and its hash, and writes the row.
 *
 * Returns: the entry's key, or 0 with error
 */
gint64
fyr_outbox_append (FyrStoreContext *context, FyrMutation *mutation, const char *patient_id, GError **error);

/**
 * fyr_outbox_note_change:
 * @kind: of the record the work is about
 *
 * Tells of an entry made or answered; one of the access log is told apart, for no screen shows it.
 */
void
fyr_outbox_note_change (FyrStoreContext *context,
                        const char *kind,
                        const char *record_id,
                        const char *patient_id);

/** fyr_outbox_load: Returns: (transfer full) (nullable): the entry; NULL with error, also UNKNOWN_RECORD */
FyrOutboxEntry *
fyr_outbox_load (FyrStoreContext *context, gint64 key, GError **error);

/** fyr_outbox_set_state: Returns: TRUE or FALSE with error */
gboolean
fyr_outbox_set_state (FyrStoreContext *context, gint64 key, FyrOutboxState state, GError **error);

/**
 * fyr_store_bring_back:
 * @settled: gint64 keys of work that was given up or replaced, though its author was told that it was not
 *
 * Puts it before its author again; what is not given up (any more) stays. Returns: TRUE or FALSE with error
 */
gboolean
fyr_store_bring_back (FyrStoreContext *context, GArray *settled, GError **error);

/**
 * fyr_store_settle_held:
 * @entry: work the server held back, whose ground is settled
 *
 * Saves it again as new work; when that cannot be, it is kept as refused. Returns: TRUE or FALSE with error
 */
gboolean
fyr_store_settle_held (FyrStoreContext *context, FyrOutboxEntry *entry, GError **error);

/**
 * fyr_outbox_expire:
 *
 * forgets what was acknowledged more than 45 days ago. Returns: TRUE or FALSE with error
 */
gboolean
fyr_outbox_expire (FyrStoreContext *context, GError **error);

/**
 * fyr_outbox_withdraw_after:
 * @key: of the newest work that stands
 *
 * Takes newer work away as if it had never been saved: what it showed, its rows and its numbers. Only for work that was
 * never sent.
 *
 * Returns: TRUE or FALSE with error
 */
gboolean
fyr_outbox_withdraw_after (FyrStoreContext *context, gint64 key, GError **error);

G_END_DECLS
