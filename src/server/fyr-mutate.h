/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-apply.h"
#include "fyr-authz.h"
#include "fyr-witness-tag.h"
#include "fyr-wire-push.h"

G_BEGIN_DECLS

/**
 * FyrAppliedFunc:
 * @before: (nullable): the record as it was; %NULL when new
 * @after: (nullable): as it is now; %NULL when deleted
 *
 * Follows a change that a workstation made, in the same transaction: what raises an alert of a measurement
 * typed in, or takes back "no limits" when limits are set. Both %NULL: it was made in a former life of the server, and
 * the record deleted.
 *
 * Returns: %TRUE; %FALSE refuses the change (by the rules of #FyrServerError) or fails the push
 */
typedef gboolean (*FyrAppliedFunc) (
    FyrWriteContext *context, FyrRecord *before, FyrRecord *after, gpointer user_data, GError **error);

/**
 * FyrMutate:
 * @context: the transaction
 * @subject: who changes
 * @applied: (nullable): what follows each change
 * @applied_data: for @applied
 * @mutation: the command
 * @receipt: what it had done in a former life of the server; version 0: it is new
 * @outcome: (nullable): what became of it, once done
 */
typedef struct {
  FyrWriteContext *context;
  const FyrSubject *subject;
  FyrAppliedFunc applied;
  gpointer applied_data;
  FyrWireMutation *mutation;
  FyrReceipt receipt;
  FyrWireOutcome *outcome;
} FyrMutate;

/**
 * fyr_mutate:
 * @self: with all but @outcome set
 *
 * Judges access from the tables as they are in this transaction, then applies one command of a workstation
 * (PROTOCOL.md, "Push"). A refusal leaves nothing behind, but for the note that it was tried.
 *
 * Returns: (transfer full) (nullable): the outcome; %NULL with an error that must fail the whole push
 */
FyrWireOutcome *
fyr_mutate (FyrMutate *self, GError **error);

/**
 * fyr_mutate_look_ahead:
 * @mutations: of #FyrWireMutation, a whole push
 * @first: the first that is to be applied
 *
 * On a shared database: finds out at once which of the records to be created are not there yet, instead of one by one.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_mutate_look_ahead (FyrWriteContext *context, GPtrArray *mutations, guint first, GError **error);

/* Inside of the server room: the parts of fyr_mutate(). Each sets @outcome and returns TRUE, or returns FALSE
 * with a FyrServerError that becomes a refusal. */
gboolean
fyr_mutate_create (FyrMutate *self, const FyrRecordInfo *info, GError **error);
gboolean
fyr_mutate_update (FyrMutate *self, const FyrRecordInfo *info, GError **error);
gboolean
fyr_mutate_delete (FyrMutate *self, const FyrRecordInfo *info, GError **error);
gboolean
fyr_mutate_alert (FyrMutate *self, GError **error);

/** fyr_patient_has_records: @result: (out): whether anything was written about the patient. Returns: %TRUE, or %FALSE
 * with any %FYR_DB_ERROR */
gboolean
fyr_patient_has_records (FyrWriteContext *context, const char *patient_id, gboolean *result, GError **error);

/** fyr_mutate_load: (transfer full) (nullable): the record; missing and not readable are both UNKNOWN */
FyrRecord *
fyr_mutate_load (FyrMutate *self, const FyrRecordInfo *info, GError **error);

/** fyr_mutate_may: asks fyr_authz() for @record; @changed: mask of fields, bit `1 << field` */
gboolean
fyr_mutate_may (FyrMutate *self, FyrAction action, FyrRecord *record, guint64 changed, GError **error);

/** fyr_mutate_applied: sets the outcome and lets the hook follow. @before, @after: (nullable) */
gboolean
fyr_mutate_applied (FyrMutate *self,
                    FyrWireOutcomeKind kind,
                    gint64 version,
                    FyrRecord *before,
                    FyrRecord *after,
                    GError **error);

G_END_DECLS
