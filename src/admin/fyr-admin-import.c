/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "fyr-admin-target.h"
#include "fyr-import-job.h"
#include "fyr-import-row.h"

static char *format;
static char *map;
static char *delimiter;
static char *patient;
static char *kind;
static char *unit;
static char *source;
static gboolean alerts;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &format, N_ ("csv, or uci-diabetes: a home glucose log (csv)"),
    "WORD" },
  { "map", 0, 0, G_OPTION_ARG_STRING, &map,
    N_ ("Which column is which field: patient=…,time=…,kind=…,value=…,value_2=…,unit=…"), "FIELD=COLUMN,…" },
  { "delimiter", 0, 0, G_OPTION_ARG_STRING, &delimiter, N_ ("What separates columns (found out): , ; or tab"),
    "CHAR" },
  { "patient", 0, 0, G_OPTION_ARG_STRING, &patient,
    N_ ("Identity number or id of the patient, for rows that name none"), "ID" },
  { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, N_ ("Kind of measurement, for rows that name none: glucose …"),
    "CODE" },
  { "unit", 0, 0, G_OPTION_ARG_STRING, &unit, N_ ("Unit of the values, for rows that name none"), "UNIT" },
  { "source", 0, 0, G_OPTION_ARG_STRING, &source, N_ ("Where the rows' ids are from, when the file has ids"),
    "NAME" },
  { "alerts", 0, 0, G_OPTION_ARG_NONE, &alerts, N_ ("Raise alerts as if the measurements had just come in"),
    NULL },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print the counts as one JSON object"), NULL },
  { NULL },
};

static FyrImportFile *
read_file (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  FyrImportOptions options = { .map = map, .patient = patient, .kind = kind, .unit = unit };

  if (!g_file_get_contents (path, &text, NULL, error)) {
    return NULL;
  }
  if (g_strcmp0 (format, "uci-diabetes") == 0 || g_strcmp0 (format, "uci") == 0) {
    if (patient == NULL) {
      g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                   _ ("Such a log names no patient: say --patient"));
      return NULL;
    }
    return fyr_import_uci (text);
  }
  if (format != NULL && strcmp (format, "csv") != 0) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("There is no format “%s”: csv or uci-diabetes"), format);
    return NULL;
  }
  if (!g_utf8_validate (text, -1, NULL)) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("The file is not UTF-8 text; convert it first"));
    return NULL;
  }
  if (delimiter != NULL) {
    options.delimiter = strcmp (delimiter, "tab") == 0 ? '\t' : delimiter[0];
  }
  return fyr_import_csv (text, &options, error);
}

static gint
compare_faults (gconstpointer a, gconstpointer b)
{
  const FyrImportFault *x = *(FyrImportFault *const *)a;
  const FyrImportFault *y = *(FyrImportFault *const *)b;

  return x->line < y->line ? -1 : x->line > y->line;
}

static guint
report_faults (FyrImportFile *file, guint *passed_over)
{
  guint bad = 0;

  g_ptr_array_sort (file->faults, compare_faults);
  for (guint i = 0; i < file->faults->len; i++) {
    const FyrImportFault *fault = g_ptr_array_index (file->faults, i);

    if (fault->passed_over) {
      (*passed_over)++;
    } else {
      bad++;
    }
    g_printerr (_ ("line %u: %s%s\n"), fault->line, _ (fault->reason),
                fault->passed_over ? _ (" (passed over)") : "");
  }
  return bad;
}

static void
report (const FyrImportCounts *counts, guint bad, guint passed_over)
{
  if (as_json) {
    g_print ("{\"imported\": %u, \"known\": %u, \"bad\": %u, \"passed_over\": %u, \"sensor_words\": %u, "
             "\"implausible\": %u, \"outside\": %u, \"alerts\": %u}\n",
             counts->imported, counts->known, bad, passed_over, counts->words, counts->implausible,
             counts->outside, counts->alerts);
    return;
  }
  g_print (_ ("%u imported, %u there already, %u bad, %u no measurements.\n"), counts->imported,
           counts->known, bad, passed_over);
  if (counts->words + counts->implausible > 0) {
    g_print (
        _ ("Of the imported %u are sensor words without a number and %u are implausible; they are marked.\n"),
        counts->words, counts->implausible);
  }
  if (alerts) {
    g_print (_ ("%u alerts were raised.\n"), counts->alerts);
  } else if (counts->imported > 0) {
    g_print (_ ("The measurements were judged by the limits of their time (%u outside). They are history: no "
                "alerts\n"
                "were raised; --alerts would have.\n"),
             counts->outside);
  }
}

static gboolean
import (const char *data, const char *path, guint *bad, GError **error)
{
  g_autoptr (FyrImportFile) file = NULL;
  g_autoptr (FyrAdminTarget) target = NULL;
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  FyrImportJob job = { .patient = patient, .source = source, .alerts = alerts, .now = fyr_admin_now () };
  guint passed_over = 0;

  if (path == NULL) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("Name the file"));
    return FALSE;
  }
  file = read_file (path, error);
  target = file != NULL ? fyr_admin_target_open (data, error) : NULL;
  if (target == NULL) {
    return FALSE;
  }
  job.file = file;
  job.records = records;
  if (!fyr_import_run (&job, fyr_admin_target_get_reader (target), error) ||
      (records->len > 0 && !fyr_admin_target_put (target, records, error))) {
    return FALSE;
  }
  *bad = report_faults (file, &passed_over);
  report (&job.counts, *bad, passed_over);
  return TRUE;
}

int
fyr_admin_import (int argc, char **argv)
{
  const char *data;
  guint bad = 0;
  GError *error = NULL;

  if (!fyr_admin_parse (
          "import", "FILE",
          _ ("Imports measurements. Good rows go in together, each bad row is named with its line and the\n"
             "reason; exit status 1 says that there were some. The same file again changes nothing.\n"
             "Each measurement is judged by the limits that held when it was taken, but old ones raise no\n"
             "alerts unless --alerts is given."),
          entries, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  if (!import (data, argc == 2 ? argv[1] : NULL, &bad, &error)) {
    return fyr_admin_fail ("import", error);
  }
  return bad > 0 ? FYR_ADMIN_FAILED : FYR_ADMIN_OK;
}
