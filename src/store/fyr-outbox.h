/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * FyrOutboxState:
 * @FYR_OUTBOX_DELIVERED: the server has applied it
 * @FYR_OUTBOX_WAITING: saved here, not yet sent
 * @FYR_OUTBOX_SENT: sent, no answer yet
 * @FYR_OUTBOX_HELD: the server waits for another that was refused or is in conflict
 * @FYR_OUTBOX_CONFLICT: another changed the same; a person must decide
 * @FYR_OUTBOX_REFUSED: never applied, with a reason
 * @FYR_OUTBOX_DISCARDED: given up or replaced by its author
 * @FYR_OUTBOX_HANDED_OVER: kept at the server for review, as its author cannot sign in any more
 *
 * Where a piece of the user's work stands. The first four words the user sees: saved here (WAITING, SENT,
 * HELD), delivered, in conflict, refused.
 */
typedef enum {
  FYR_OUTBOX_DELIVERED,
  FYR_OUTBOX_WAITING,
  FYR_OUTBOX_SENT,
  FYR_OUTBOX_HELD,
  FYR_OUTBOX_CONFLICT,
  FYR_OUTBOX_REFUSED,
  FYR_OUTBOX_DISCARDED,
  FYR_OUTBOX_HANDED_OVER,
} FyrOutboxState;

/** FYR_TYPE_OUTBOX_STATE: GEnum of FyrOutboxState, nicks `delivered`, `waiting` … */
#define FYR_TYPE_OUTBOX_STATE (fyr_outbox_state_get_type ())
GType
fyr_outbox_state_get_type (void);

#define FYR_TYPE_OUTBOX_ENTRY (fyr_outbox_entry_get_type ())
G_DECLARE_FINAL_TYPE (FyrOutboxEntry, fyr_outbox_entry, FYR, OUTBOX_ENTRY, GObject)

/**
 * FyrOutboxEntry:
 *
 * One mutation in the outbox. Immutable. Properties: `number`, `kind`, `command`, `record-id`, `patient-id`,
 * `state`, `code`, `text`, `created`.
 */

/** fyr_outbox_entry_get_key: Returns: names the entry in this database (for discard and retry) */
gint64
fyr_outbox_entry_get_key (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_number: Returns: dense number within the author's incarnation, from 1 */
gint64
fyr_outbox_entry_get_number (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_author_id: Returns: (transfer none): user id */
const char *
fyr_outbox_entry_get_author_id (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_command: Returns: (transfer none): `create`, `update`, `delete`, `take` … */
const char *
fyr_outbox_entry_get_command (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_kind: Returns: (transfer none): record kind */
const char *
fyr_outbox_entry_get_kind (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_record_id: Returns: (transfer none): the record */
const char *
fyr_outbox_entry_get_record_id (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_patient_id: Returns: (transfer none) (nullable): about whom */
const char *
fyr_outbox_entry_get_patient_id (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_state: Returns: where it stands */
FyrOutboxState
fyr_outbox_entry_get_state (FyrOutboxEntry *self);
/**
 * fyr_outbox_entry_get_code:
 *
 * Returns: (transfer none) (nullable): the server's reason as a word (`forbidden` …)
 */
const char *
fyr_outbox_entry_get_code (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_text: Returns: (transfer none) (nullable): the server's reason as a sentence */
const char *
fyr_outbox_entry_get_text (FyrOutboxEntry *self);
/**
 * fyr_outbox_entry_get_conflict:
 *
 * Returns: (transfer none) (nullable): the outcome's `conflict` object as JSON text
 */
const char *
fyr_outbox_entry_get_conflict (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_created: Returns: when it was saved, ms since the epoch */
gint64
fyr_outbox_entry_get_created (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_acknowledged: Returns: when the server's answer came, 0 before */
gint64
fyr_outbox_entry_get_acknowledged (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_hash: Returns: (transfer none): SHA-256 chained to the former, 64 hex digits */
const char *
fyr_outbox_entry_get_hash (FyrOutboxEntry *self);
/**
 * fyr_outbox_entry_get_payload:
 *
 * Returns: (transfer none): canonical text of the mutation object without `hash`
 */
const char *
fyr_outbox_entry_get_payload (FyrOutboxEntry *self);
/** fyr_outbox_entry_get_receipt: Returns: (transfer none) (nullable): what the server wants to see with it when it is
 * sent again after a restore */
const char *
fyr_outbox_entry_get_receipt (FyrOutboxEntry *self);
/** fyr_outbox_entry_to_json: Returns: (transfer full): the mutation object as pushed, with `hash` */
JsonObject *
fyr_outbox_entry_to_json (FyrOutboxEntry *self);

G_END_DECLS
