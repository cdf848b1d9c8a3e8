/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-admin.h"
#include "fyr-import-row.h"
#include "fyr-oslo-time.h"

static FyrImportFile *
import (const char *text, const FyrImportOptions *options)
{
  g_autoptr (GError) error = NULL;
  FyrImportFile *file = fyr_import_csv (text, options, &error);

  g_assert_no_error (error);
  return file;
}

static const FyrImportRow *
row_at (FyrImportFile *file, guint index)
{
  g_assert_cmpuint (index, <, file->rows->len);
  return g_ptr_array_index (file->rows, index);
}

static const FyrImportFault *
fault_at (FyrImportFile *file, guint index)
{
  g_assert_cmpuint (index, <, file->faults->len);
  return g_ptr_array_index (file->faults, index);
}

static void
test_plain (void)
{
  FyrImportOptions options = { 0 };
  g_autoptr (FyrImportFile) file =
      import ("patient,time,kind,value,value_2,unit,note,id\n"
              "1,2026-03-02 08:15,oxygen-saturation,93,,%,,a1\n"
              "1,2026-03-02T07:15:30Z,85354-9,131,78,mm[Hg],\"Målt, sittende\",a2\n"
              "2,02.03.2026 08:15,glucose,\"7,4\",,mmol/L,,a3\n",
              &options);

  g_assert_cmpuint (file->rows->len, ==, 3);
  g_assert_cmpuint (file->faults->len, ==, 0);
  g_assert_cmpint (row_at (file, 0)->kind, ==, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  g_assert_cmpfloat (row_at (file, 0)->value, ==, 93);
  g_assert_false (row_at (file, 0)->has_offset);
  g_assert_cmpuint (row_at (file, 0)->line, ==, 2);
  g_assert_cmpint (row_at (file, 1)->kind, ==, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
  g_assert_true (row_at (file, 1)->has_value2);
  g_assert_cmpfloat (row_at (file, 1)->value2, ==, 78);
  g_assert_true (row_at (file, 1)->has_offset);
  g_assert_cmpstr (row_at (file, 1)->note, ==, "Målt, sittende");
  g_assert_cmpint (row_at (file, 1)->time - row_at (file, 0)->time, ==, 30000);
  g_assert_cmpfloat (row_at (file, 2)->value, ==, 7.4);
  g_assert_cmpint (row_at (file, 2)->time, ==, row_at (file, 0)->time);
  g_assert_cmpstr (row_at (file, 2)->patient, ==, "2");
  g_assert_cmpstr (row_at (file, 2)->id, ==, "a3");
}

static void
test_map (void)
{
  FyrImportOptions options = { .map = "patient=Person, time=Dato,value=Verdi,unit=Enhet",
                               .kind = "body-weight" };
  g_autoptr (FyrImportFile) file = import ("\xef\xbb\xbf"
                                           "Dato;Verdi;Person;Enhet;Annet\r\n"
                                           "2026-03-02 08:15;78,4;1;kg;x\r\n"
                                           "2026-03-03 08:15;78400;1;g;y\r\n",
                                           &options);

  g_assert_cmpuint (file->rows->len, ==, 2);
  g_assert_cmpfloat (row_at (file, 0)->value, ==, 78.4);
  g_assert_null (row_at (file, 0)->reported);
  /* As reported is kept beside what it means. */
  g_assert_cmpfloat_with_epsilon (row_at (file, 1)->value, 78.4, 1e-9);
  g_assert_cmpstr (row_at (file, 1)->reported, ==, "78400");
  g_assert_cmpstr (row_at (file, 1)->unit, ==, "g");
}

static void
test_bad_rows_are_named (void)
{
  static const struct {
    const char *row;
    const char *reason;
  } cases[] = {
    { "1,2026-03-02 08:15,glucose,x,mmol/L", "number" },
    { "1,2026-03-02 08:15,glucose,,mmol/L", "no value" },
    { "1,2026-03-02 08:15,glucose,1e3,mmol/L", "number" },
    { "1,2026-02-30 08:15,glucose,7,mmol/L", "time" },
    { "1,2026-03-02 25:15,glucose,7,mmol/L", "time" },
    { "1,2026-03-02 08:15:61,glucose,7,mmol/L", "time" },
    { "1,2026-03-02,glucose,7,mmol/L", "time" },
    { "1,1870-03-02 08:15,glucose,7,mmol/L", "time" },
    { "1,i dag,glucose,7,mmol/L", "time" },
    { "1,,glucose,7,mmol/L", "time" },
    { "1,2026-03-02 08:15,sukker,7,mmol/L", "kind" },
    { "1,2026-03-02 08:15,,7,mmol/L", "kind" },
    { "1,2026-03-02 08:15,glucose,7,kg", "unit" },
    { "1,2026-03-02 08:15,blood-pressure,131,mm[Hg]", "diastolic" },
    { ",2026-03-02 08:15,glucose,7,mmol/L", "patient" },
    { "1,2026-03-02 08:15,glucose", "missing" },
    { "1,2026-03-02 08:15,glucose,7,mmol/L,more", "too many" },
    { "1,2026-03-02 08:15,glucose,\"7,mmol/L", "quote" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrImportOptions options = { .delimiter = ',' };
    g_autofree char *text = g_strconcat (
        "patient,time,kind,value,unit\n1,2026-03-01 08:00,glucose,6,mmol/L\n", cases[i].row, NULL);
    g_autoptr (FyrImportFile) file = import (text, &options);

    g_assert_cmpuint (file->rows->len, ==, 1);
    g_assert_cmpuint (file->faults->len, ==, 1);
    g_assert_cmpuint (fault_at (file, 0)->line, ==, 3);
    g_assert_false (fault_at (file, 0)->passed_over);
    g_assert_nonnull (strstr (fault_at (file, 0)->reason, cases[i].reason));
    /* Reasons may go to a log: no value, no number of a person. */
    g_assert_null (strstr (fault_at (file, 0)->reason, "sukker"));
  }
}

static void
test_sensor_words (void)
{
  FyrImportOptions options = { .patient = "1", .kind = "glucose" };
  g_autoptr (FyrImportFile) file = import ("time,value\n"
                                           "2026-03-02 08:15,Hi\n"
                                           "2026-03-02 09:15,Lo\n"
                                           "2026-03-02 10:15,--\n",
                                           &options);

  g_assert_cmpuint (file->rows->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    g_assert_false (row_at (file, i)->has_value);
    g_assert_cmpint (row_at (file, i)->reason, !=, FYR_ABSENT_NONE);
    g_assert_nonnull (row_at (file, i)->reported);
  }
}

static void
test_lines_are_counted_over_quotes (void)
{
  FyrImportOptions options = { .patient = "1", .kind = "glucose" };
  g_autoptr (FyrImportFile) file = import ("time,value,note\n"
                                           "\n"
                                           "2026-03-02 08:15,7,\"to\nlinjer \"\"sitat\"\"\"\n"
                                           "2026-03-02 08:16,x,\n",
                                           &options);

  g_assert_cmpuint (file->rows->len, ==, 1);
  g_assert_cmpstr (row_at (file, 0)->note, ==, "to\nlinjer \"sitat\"");
  g_assert_cmpuint (row_at (file, 0)->line, ==, 3);
  g_assert_cmpuint (fault_at (file, 0)->line, ==, 5);
}

static void
test_columns_that_make_no_sense (void)
{
  static const struct {
    const char *text;
    const char *map;
  } cases[] = {
    { "", NULL },
    { "\n\n", NULL },
    { "a,b\n1,2\n", NULL },
    { "patient,kind,value\n", NULL },
    { "patient,time,value\n", NULL },
    { "patient,time,kind,value\n", "time=Dato" },
    { "patient,time,kind,value\n", "tid=time" },
    { "patient,time,kind,value\n", "time" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrImportOptions options = { .map = cases[i].map };
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrImportFile) file = fyr_import_csv (cases[i].text, &options, &error);

    g_assert_null (file);
    g_assert_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE);
  }
}

static void
test_times (void)
{
  gint64 winter, summer, again;
  gboolean has_offset;
  int offset;

  g_assert_true (fyr_import_parse_time ("2026-01-15 12:00", &winter, &has_offset, &offset));
  g_assert_cmpint (winter, ==, G_GINT64_CONSTANT (1768474800000));
  g_assert_true (fyr_import_parse_time ("2026-07-15 12:00", &summer, &has_offset, &offset));
  g_assert_cmpint ((summer - winter) % 86400000, ==, 82800000);
  g_assert_true (fyr_import_parse_time ("2026-07-15T12:00:00+02:00", &again, &has_offset, &offset));
  g_assert_cmpint (again, ==, summer);
  g_assert_true (has_offset);
  g_assert_cmpint (offset, ==, 120);
  g_assert_false (fyr_import_parse_time ("", &again, &has_offset, &offset));
  g_assert_false (fyr_import_parse_time ("2026-07-15 12:00 x", &again, &has_offset, &offset));
}

/* Random bytes: any outcome but a crash, and every row is accounted for. */
static void
test_rubbish (void)
{
  guint32 seed = (guint32)g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  static const char alphabet[] = "\",;\t\n\r0123456789.-:abcTZ æ";

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 2000; i++) {
    g_autoptr (GString) text = g_string_new ("patient,time,kind,value,unit\n");
    FyrImportOptions options = { .delimiter = ',' };
    g_autoptr (FyrImportFile) file = NULL;
    gsize length = (gsize)g_rand_int_range (random, 0, 200);

    for (gsize j = 0; j < length; j++) {
      g_string_append_c (text, alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)]);
    }
    file = fyr_import_csv (text->str, &options, NULL);
    g_assert_nonnull (file);
    g_assert_cmpuint (file->rows->len, ==, 0);
  }
}

static void
test_glucose_log (void)
{
  g_autoptr (FyrImportFile) file = fyr_import_uci ("04-21-1991\t9:09\t58\t100\n"
                                                   "04-21-1991\t9:09\t33\t009\n"
                                                   "04-21-1991\t17:08\t66\t000\n"
                                                   "04-21-1991\t22:51\t48\t0Hi\n"
                                                   "06-31-1991\t07:50\t58\t149\n"
                                                   "04-22-1991\t07:35\t4\t010\n"
                                                   "rubbish\n");

  g_assert_cmpuint (file->rows->len, ==, 3);
  g_assert_cmpint (row_at (file, 0)->kind, ==, FYR_MEASUREMENT_KIND_GLUCOSE);
  g_assert_cmpfloat_with_epsilon (row_at (file, 0)->value, 100 / 18.016, 1e-9);
  g_assert_cmpstr (row_at (file, 0)->reported, ==, "100");
  g_assert_cmpint (row_at (file, 1)->kind, ==, FYR_MEASUREMENT_KIND_INSULIN);
  g_assert_cmpfloat (row_at (file, 1)->value, ==, 9);
  g_assert_false (row_at (file, 2)->has_value);
  g_assert_cmpuint (file->faults->len, ==, 4);
  g_assert_true (fault_at (file, 0)->passed_over);
  for (guint i = 1; i < 4; i++) {
    g_assert_false (fault_at (file, i)->passed_over);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/admin/import/rows become measurements", test_plain);
  g_test_add_func ("/admin/import/columns are mapped, units converted", test_map);
  g_test_add_func ("/admin/import/each bad row is named with line and reason", test_bad_rows_are_named);
  g_test_add_func ("/admin/import/a sensor word is never a number", test_sensor_words);
  g_test_add_func ("/admin/import/lines are counted over quotes", test_lines_are_counted_over_quotes);
  g_test_add_func ("/admin/import/columns that make no sense are refused", test_columns_that_make_no_sense);
  g_test_add_func ("/admin/import/times are of Norway unless they say otherwise", test_times);
  g_test_add_func ("/admin/import/rubbish gives no measurement and no crash", test_rubbish);
  g_test_add_func ("/admin/import/a glucose log with its dirt", test_glucose_log);
  return g_test_run ();
}
