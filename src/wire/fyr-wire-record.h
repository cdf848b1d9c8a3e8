/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-json-document.h"
#include "fyr-record.h"

G_BEGIN_DECLS

/**
 * fyr_wire_record_read:
 * @info: the record kind
 * @value: a JSON object
 *
 * As fyr_record_from_json(), straight from the document when all members are known.
 *
 * Returns: (transfer full) (nullable): the record, or %NULL with %FYR_WIRE_ERROR_MALFORMED
 */
FyrRecord *
fyr_wire_record_read (const FyrRecordInfo *info, const FyrJsonValue *value, GError **error);

G_END_DECLS
