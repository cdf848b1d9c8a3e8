/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-finding.h"

#include <glib/gi18n-lib.h>

FyrFinding
fyr_field_check_declared (FyrRecord *record, guint field, const char **message)
{
  g_autoptr (GError) error = NULL;
  *message = NULL;
  if (fyr_field_validate (record, field, &error))
    return FYR_FINDING_NONE;
  if (g_error_matches (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_MISSING))
    *message = N_ ("This must be filled in");
  else if (g_error_matches (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_BOUNDS))
    *message = N_ ("This is too long: shorten it");
  else if (fyr_record_get_info (record)->fields[field].type == FYR_FIELD_DATE)
    *message = N_ ("Enter a date as day, month and year");
  else
    *message = N_ ("This cannot be saved as it is written");
  return FYR_FINDING_ERROR;
}
