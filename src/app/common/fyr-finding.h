/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record.h"

G_BEGIN_DECLS

/** FyrFinding: how bad what is typed is: a warning may be saved, an error may not */
typedef enum { FYR_FINDING_NONE, FYR_FINDING_WARNING, FYR_FINDING_ERROR } FyrFinding;

/**
 * fyr_field_check_declared:
 * @message: (out) (transfer none) (nullable): msgid of what to do, for the field; %NULL without a finding
 *
 * Returns: what the record's declaration says is wrong with @field
 */
FyrFinding
fyr_field_check_declared (FyrRecord *record, guint field, const char **message);

G_END_DECLS
