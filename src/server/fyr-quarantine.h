/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-authz.h"
#include "fyr-wire-push.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/**
 * fyr_quarantine_wants:
 *
 * Returns: whether a refused mutation is to be kept for review: its author has no role any more, so what she did before
 * that was known to her workstation would else be lost
 */
gboolean
fyr_quarantine_wants (const FyrSubject *author, const FyrWireOutcome *outcome);

/**
 * fyr_quarantine_keep:
 * @request: the push it came with
 * @author_id: who made it
 *
 * Keeps the mutation as it was sent; nothing of it is applied.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_quarantine_keep (FyrWriteContext *context,
                     const FyrPushRequest *request,
                     const char *author_id,
                     FyrWireMutation *mutation,
                     const FyrWireOutcome *outcome,
                     GError **error);

G_END_DECLS
