/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import of comma separated files: a row is good or named with line and reason. */
#include "fyr-fuzz.h"

#include <math.h>

#include "fyr-import-row.h"

static void
check_file (FyrImportFile *file)
{
  for (guint i = 0; i < file->rows->len; i++) {
    const FyrImportRow *row = g_ptr_array_index (file->rows, i);
    g_assert_cmpuint (row->line, >, 0);
    g_assert_true (!row->has_value || isfinite (row->value));
    g_assert_true (!row->has_value2 || isfinite (row->value2));
    g_assert_cmpint (row->kind, >, FYR_MEASUREMENT_KIND_UNSET);
  }
  for (guint i = 0; i < file->faults->len; i++) {
    const FyrImportFault *fault = g_ptr_array_index (file->faults, i);
    g_assert_cmpuint (fault->line, >, 0);
    g_assert_nonnull (fault->reason);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const FyrImportOptions plain = { 0 };
  const FyrImportOptions filled = {
    .patient = "13116900216", .kind = "glucose", .unit = "mg/dL", .delimiter = ';'
  };
  g_autofree char *text = g_strndup (size > 0 ? (const char *)data : "", size);
  g_autoptr (GError) error = NULL, filled_error = NULL;
  g_autoptr (FyrImportFile) file = fyr_import_csv (text, &plain, &error);
  g_autoptr (FyrImportFile) other = fyr_import_csv (text, &filled, &filled_error);
  g_assert_true ((file == NULL) == (error != NULL));
  g_assert_true ((other == NULL) == (filled_error != NULL));
  if (file != NULL)
    check_file (file);
  if (other != NULL)
    check_file (other);
  return 0;
}
