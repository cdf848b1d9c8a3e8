/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-apply.h"
#include "fyr-authz.h"

G_BEGIN_DECLS

/**
 * fyr_record_rules_check:
 * @before: (nullable): the record as it was; %NULL when new
 * @record: as it shall be
 * @subject: who changes it; becomes the author of what names its author
 *
 * The rules beyond a field's own bounds: identity numbers (test numbers only in a test centre), one patient a
 * number in a centre, limits in order, references that exist, nobody changes their own role.
 *
 * Returns: %TRUE, or %FALSE with %FYR_SERVER_ERROR_INVALID, _DUPLICATE, _FORBIDDEN or _UNKNOWN
 */
gboolean
fyr_record_rules_check (FyrWriteContext *context,
                        const FyrSubject *subject,
                        FyrRecord *before,
                        FyrRecord *record,
                        GError **error);

/**
 * fyr_record_rules_close_former_limits:
 * @limit: a new version of a patient's limits, before it is put
 *
 * Versions of the same kind and component that hold when @limit begins end there; one that begins later ends
 * @limit, when that has no end of its own.
 *
 * Returns: %TRUE, or %FALSE with any error of fyr_apply_put()
 */
gboolean
fyr_record_rules_close_former_limits (FyrWriteContext *context, FyrLimit *limit, GError **error);

G_END_DECLS
