/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-alert-state.h"
#include "fyr-records.h"

G_BEGIN_DECLS

#define FYR_TYPE_MUTATION (fyr_mutation_get_type ())
G_DECLARE_FINAL_TYPE (FyrMutation, fyr_mutation, FYR, MUTATION, GObject)

/**
 * FyrMutation:
 *
 * One change a user wants made: create, update or delete a record, or a command on an alert
 * (PROTOCOL.md, "Push"). Immutable; made on the main thread, given to fyr_store_save_async().
 */

/**
 * fyr_mutation_new_create:
 * @record: the whole new record; gets a new id when it has none
 * @author_id: user id of who is signed in
 *
 * Returns: (transfer full): the mutation; it holds a copy of @record
 */
FyrMutation *
fyr_mutation_new_create (FyrRecord *record, const char *author_id);

/**
 * fyr_mutation_new_update:
 * @before: the record as the user saw it
 * @after: the same with her changes
 * @author_id: user id of who is signed in
 *
 * Only fields that differ travel, with the values they had in @before. Unknown fields are not touched.
 *
 * Returns: (transfer full) (nullable): the mutation; %NULL when nothing differs
 */
FyrMutation *
fyr_mutation_new_update (FyrRecord *before, FyrRecord *after, const char *author_id);

/** fyr_mutation_new_delete: Returns: (transfer full): a tombstone for @record, as the user saw it */
FyrMutation *
fyr_mutation_new_delete (FyrRecord *record, const char *author_id);

/**
 * fyr_mutation_new_alert_command:
 * @alert: the alert as the user saw it
 * @command: take, release, note, close or reopen
 * @outcome: with close: the measure; else %FYR_ALERT_OUTCOME_UNSET
 * @text: (nullable): what was seen or done; required for note and the outcome "other"
 * @author_id: user id of who is signed in
 *
 * Returns: (transfer full): the mutation
 */
FyrMutation *
fyr_mutation_new_alert_command (FyrAlert *alert,
                                FyrAlertAction command,
                                FyrAlertOutcome outcome,
                                const char *text,
                                const char *author_id);

/** fyr_mutation_get_command: Returns: (transfer none): `create`, `update`, `delete`, `take` … */
const char *
fyr_mutation_get_command (FyrMutation *self);

/** fyr_mutation_get_kind: Returns: (transfer none): the record kind */
const char *
fyr_mutation_get_kind (FyrMutation *self);

/** fyr_mutation_get_record_id: Returns: (transfer none): the record it changes */
const char *
fyr_mutation_get_record_id (FyrMutation *self);

/** fyr_mutation_get_author_id: Returns: (transfer none): whose work it is */
const char *
fyr_mutation_get_author_id (FyrMutation *self);

/** fyr_mutation_get_event_id: Returns: (transfer none) (nullable): id of the alert_event a command makes */
const char *
fyr_mutation_get_event_id (FyrMutation *self);

/** fyr_mutation_get_time: Returns: when it was made, ms since the epoch by this machine's clock */
gint64
fyr_mutation_get_time (FyrMutation *self);

G_END_DECLS
