/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-authz.h"
#include "fyr-wire-push.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/** FYR_QUARANTINE_CODE: what the author is told instead of the reason: it is kept, and somebody will decide */
#define FYR_QUARANTINE_CODE "kept"

/**
 * fyr_quarantine_wants:
 *
 * Returns: whether a mutation that was not applied is to be kept for review: its author has no role any more, so what
 * she did before that was known to her workstation would else be lost
 */
gboolean
fyr_quarantine_wants (const FyrSubject *author, const FyrWireOutcome *outcome);

/** FYR_QUARANTINE_EMERGENCY: the reason kept for what fyr_quarantine_was_open() found */
#define FYR_QUARANTINE_EMERGENCY "emergency-ended"

/**
 * fyr_quarantine_was_open:
 * @author_id: who made it
 *
 * What was written under an emergency access and arrives after its end: when it was written is the workstation's word,
 * so a person decides.
 *
 * Returns: 1 when @mutation was refused, or waits for another, and is of a patient whom its author had opened in an
 * emergency when it was made; 0 when not; -1 with any %FYR_DB_ERROR
 */
int
fyr_quarantine_was_open (FyrWriteContext *context,
                         const char *author_id,
                         const FyrWireMutation *mutation,
                         const FyrWireOutcome *outcome,
                         GError **error);

/**
 * fyr_quarantine_keep:
 * @request: the push it came with
 * @author_id: who made it
 * @handed_by: (nullable): who delivered it in her stead, because she cannot sign in any more
 * @reason: why it was not applied, a word
 *
 * Keeps the mutation as it was sent; nothing of it is applied. What is kept already stays as it is.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_quarantine_keep (FyrWriteContext *context,
                     const FyrPushRequest *request,
                     const char *author_id,
                     const char *handed_by,
                     FyrWireMutation *mutation,
                     const char *reason,
                     GError **error);

G_END_DECLS
