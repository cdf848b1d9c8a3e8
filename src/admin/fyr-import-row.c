/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-import-row.h"

#include <string.h>

#include "fyr-oslo-time.h"
#include "fyr-uci-log.h"

void
fyr_import_row_free (FyrImportRow *row)
{
  if (row == NULL) {
    return;
  }
  g_free (row->patient);
  g_free (row->reported);
  g_free (row->unit);
  g_free (row->note);
  g_free (row->id);
  g_free (row);
}

static void
fault_free (FyrImportFault *fault)
{
  g_free (fault->reason);
  g_free (fault);
}

FyrImportFile *
fyr_import_file_new (void)
{
  FyrImportFile *self = g_new0 (FyrImportFile, 1);

  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_import_row_free);
  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify)fault_free);
  return self;
}

void
fyr_import_file_free (FyrImportFile *self)
{
  if (self == NULL) {
    return;
  }
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->faults);
  g_free (self);
}

void
fyr_import_file_add_fault (FyrImportFile *self, guint line, gboolean passed_over, const char *reason)
{
  FyrImportFault *fault = g_new0 (FyrImportFault, 1);

  fault->line = line;
  fault->passed_over = passed_over;
  fault->reason = g_strdup (reason);
  g_ptr_array_add (self->faults, fault);
}

FyrImportFile *
fyr_import_uci (const char *text)
{
  g_autoptr (FyrUciLog) log = fyr_uci_log_parse (text, strlen (text));
  FyrImportFile *file = fyr_import_file_new ();

  for (guint i = 0; i < log->entries->len; i++) {
    const FyrUciEntry *entry = &g_array_index (log->entries, FyrUciEntry, i);
    FyrImportRow *row = g_new0 (FyrImportRow, 1);

    row->line = entry->line;
    row->kind = entry->kind;
    row->time = fyr_oslo_from_civil (entry->day, entry->minute);
    row->has_value = entry->has_value;
    row->value = entry->value;
    row->reason = entry->reason;
    row->reported = g_strdup (entry->reported);
    row->unit = g_strdup (entry->kind == FYR_MEASUREMENT_KIND_GLUCOSE ? "mg/dL" : NULL);
    row->note = g_strdup (entry->note);
    g_ptr_array_add (file->rows, row);
  }
  for (guint i = 0; i < log->problems->len; i++) {
    const FyrUciProblem *problem = &g_array_index (log->problems, FyrUciProblem, i);

    fyr_import_file_add_fault (file, problem->line, problem->is_event, problem->reason);
  }
  return file;
}
