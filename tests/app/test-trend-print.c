/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The patient's trends on paper, printed to a file as the print dialog does it. */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-app-fixture.h"
#include "fyr-limit-words.h"
#include "fyr-trend-model.h"
#include "fyr-trend-print.h"

#define DAY G_GINT64_CONSTANT (86400000)
#define N 60

typedef struct {
  gint64 times[N];
  double values[N];
  guint8 flags[N];
  FyrSeries series;
  GPtrArray *all;
  GPtrArray *limits;
  FyrPatient *patient;
  FyrChartModel *model;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Oslo");
  FyrLimit *limit = fyr_limit_new ();

  for (int i = 0; i < N; i++) {
    f->times[i] = FYR_TEST_NOW + i * DAY;
    f->values[i] = 90 + i % 7;
    f->flags[i] = i == 40 ? FYR_ALERT_CATEGORY_RED : 0;
  }
  f->series = (FyrSeries){ .kind = FYR_MEASUREMENT_KIND_OXYGEN_SATURATION,
                           .n = N,
                           .times = f->times,
                           .values = f->values,
                           .flags = f->flags };
  f->all = g_ptr_array_new ();
  g_ptr_array_add (f->all, &f->series);
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_limit_set_red_low (limit, 88);
  fyr_limit_set_valid_from (limit, FYR_TEST_NOW - DAY);
  f->limits = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (f->limits, limit);
  f->patient = fyr_patient_new ();
  fyr_patient_set_given_name (f->patient, "Kari");
  fyr_patient_set_family_name (f->patient, "Nordmann");
  fyr_patient_set_birth_date (f->patient, "1952-11-21");
  fyr_patient_set_identity_number (f->patient, "03851598730");
  f->model = fyr_chart_model_new (zone);
  fyr_trend_model_fill (f->model, f->all, f->limits, NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_ptr_array_unref (f->all);
  g_ptr_array_unref (f->limits);
  g_object_unref (f->patient);
  g_object_unref (f->model);
}

/* Text of the printed file; NULL where no program can read it. */
static char *
print_to_text (Fixture *f, gint64 from, gint64 to)
{
  g_autoptr (GtkPrintOperation) operation =
      fyr_trend_print_new (f->model, f->patient, f->limits, f->all, from, to, FYR_TEST_NOW + DAY);
  g_autofree char *folder = g_dir_make_tmp ("fyrlykt-print-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "trends.pdf", NULL);
  g_autofree char *program = g_find_program_in_path ("pdftotext");
  g_autofree char *command = NULL, *pdf = NULL;
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize length = 0;

  gtk_print_operation_set_export_filename (operation, path);
  g_assert_cmpint (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==,
                   GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &pdf, &length, &error));
  g_assert_cmpmem (pdf, 4, "%PDF", 4);
  command = g_strdup_printf ("pdftotext -layout %s -", path);
  if (program)
    g_assert_true (g_spawn_command_line_sync (command, &text, NULL, NULL, &error));
  g_remove (path);
  g_rmdir (folder);
  return text;
}

static guint
count (const char *text, const char *word)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, word)); at++)
    n++;
  return n;
}

static void
test_every_page_says_whose_it_is (Fixture *f, gconstpointer data)
{
  g_autofree char *text = print_to_text (f, G_MININT64 / 2, G_MAXINT64 / 2);
  guint pages;

  if (!text) {
    g_test_skip ("no pdftotext");
    return;
  }
  pages = count (text, "\f");
  g_assert_cmpuint (pages, >=, 3);
  g_assert_cmpuint (count (text, "Kari Nordmann"), ==, pages);
  g_assert_cmpuint (count (text, "038515 98730"), ==, pages);
}

static void
test_limits_and_table_are_printed (Fixture *f, gconstpointer data)
{
  g_autofree char *text = print_to_text (f, FYR_TEST_NOW, FYR_TEST_NOW + N * DAY);

  if (!text) {
    g_test_skip ("no pdftotext");
    return;
  }
  g_assert_nonnull (strstr (text, "Limits that hold now"));
  g_assert_nonnull (strstr (text, "red below 88"));
  g_assert_cmpuint (count (text, "Red alert"), ==, 1);
  g_assert_cmpuint (count (text, "Oxygen saturation  "), >=, N);
}

static void
test_only_what_is_shown_is_printed (Fixture *f, gconstpointer data)
{
  g_autofree char *text = print_to_text (f, FYR_TEST_NOW + 50 * DAY, FYR_TEST_NOW + 55 * DAY);

  if (!text) {
    g_test_skip ("no pdftotext");
    return;
  }
  g_assert_cmpuint (count (text, "Red alert"), ==, 0);
  g_assert_cmpuint (count (text, "Oxygen saturation  "), >=, 5);
  g_assert_cmpuint (count (text, "Oxygen saturation  "), <, N);
}

#define ADD(name, function) g_test_add ("/app/trend-print/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  fyr_app_fixture_init (&argc, &argv);
  ADD ("every page says whose it is", test_every_page_says_whose_it_is);
  ADD ("limits and table are printed", test_limits_and_table_are_printed);
  ADD ("only what is shown is printed", test_only_what_is_shown_is_printed);
  return g_test_run ();
}
