/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrFhirTime:
 * @time: milliseconds since the epoch, UTC; of a date alone, noon in Europe/Oslo
 * @has_offset: whether `Z` or ±hh:mm was given; else Europe/Oslo was assumed
 * @offset_minutes: that offset
 * @date_only: no time of day was given
 */
typedef struct {
  gint64 time;
  gboolean has_offset;
  int offset_minutes;
  gboolean date_only;
} FyrFhirTime;

/**
 * fyr_fhir_time_parse:
 * @text: (nullable): a FHIR dateTime: `YYYY-MM-DD` or `YYYY-MM-DDThh:mm[:ss[.fff]][Z|±hh:mm]`
 * @result: (out): the time
 *
 * Second 60 counts as 59. A year or a month alone is no point in time and is refused.
 *
 * Returns: whether @text is such a time
 */
gboolean
fyr_fhir_time_parse (const char *text, FyrFhirTime *result);

/** fyr_fhir_time_format: (transfer full): RFC 3339 with milliseconds when there are any, and the offset. */
char *
fyr_fhir_time_format (gint64 time, int offset_minutes);

G_END_DECLS
