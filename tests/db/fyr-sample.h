/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record.h"

G_BEGIN_DECLS

/** fyr_sample_field: gives a field its @n-th valid value; neighbours differ, as far as the field has so many */
void
fyr_sample_field (FyrRecord *record, guint field, guint n);

/** fyr_sample_record: Returns: (transfer full): a valid record of a kind, every field set to its @n-th value */
FyrRecord *
fyr_sample_record (const FyrRecordInfo *info, const char *id, guint n);

G_END_DECLS
