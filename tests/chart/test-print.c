/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "chart-test.h"
#include "fyr-chart-print.h"

static FyrChartModel *
make_model (guint n_panels)
{
  FyrChartModel *model = test_model_new ();
  for (guint i = 0; i < n_panels; i++) {
    FyrChartSeries *series = test_add_panel (model, "Pulse", "/min", FYR_CHART_FORM_LINE);
    for (gint64 day = 0; day < 40; day++) {
      fyr_chart_series_add_point (series, test_oslo (2026, 1, 1, 8, 0) + day * TEST_DAY, 70 + (double)day,
                                  NAN, FYR_CHART_MARK_NONE);
    }
  }
  fyr_chart_model_add_event (model, test_oslo (2026, 1, 10, 8, 0), FYR_CHART_MARK_NONE, "New limits", NULL);
  return model;
}

static char *
print_pdf (FyrChartModel *model, gsize *length)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("fyrlykt-chart-XXXXXX.pdf", &path, &error);
  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (fyr_chart_print_to_pdf (model, path, "Trends", test_oslo (2026, 1, 1, 0, 0),
                                         test_oslo (2026, 2, 15, 0, 0), &error));
  g_assert_no_error (error);
  char *content = NULL;
  g_assert_true (g_file_get_contents (path, &content, length, &error));
  g_unlink (path);
  return content;
}

static guint
count_pages (const char *pdf, gsize length)
{
  guint n = 0;
  for (gsize i = 0; i + 12 < length; i++) {
    n += memcmp (pdf + i, "/Type /Page", 11) == 0 && pdf[i + 11] != 's' ? 1 : 0;
  }
  return n;
}

static void
test_pdf_has_a_page_for_every_few_panels (void)
{
  static const guint sizes[] = { 0, 1, 3, 4, 9 };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (FyrChartModel) model = make_model (sizes[i]);
    gsize length = 0;
    g_autofree char *pdf = print_pdf (model, &length);
    guint expected = fyr_chart_print_count_pages (model, 511, 757);
    g_assert_cmpuint (expected, ==, MAX ((sizes[i] + 2) / 3, 1));
    g_assert_true (g_str_has_prefix (pdf, "%PDF"));
    g_assert_cmpuint (count_pages (pdf, length), ==, expected);
  }
}

static void
test_pdf_is_drawn_as_paths (void)
{
  g_autoptr (FyrChartModel) model = make_model (2);
  gsize length = 0;
  g_autofree char *pdf = print_pdf (model, &length);
  /* No picture in it: it prints sharp at every size. */
  g_assert_null (g_strstr_len (pdf, (gssize)length, "/Subtype /Image"));
}

static void
test_unwritable_path_is_an_error (void)
{
  g_autoptr (FyrChartModel) model = make_model (1);
  g_autoptr (GError) error = NULL;
  g_assert_false (fyr_chart_print_to_pdf (model, "/proc/nowhere/trends.pdf", NULL, 0, TEST_DAY, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
}

static void
test_small_paper_still_takes_a_panel (void)
{
  g_autoptr (FyrChartModel) model = make_model (3);
  g_assert_cmpuint (fyr_chart_print_count_pages (model, 200, 150), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/print/pdf-has-a-page-for-every-few-panels",
                   test_pdf_has_a_page_for_every_few_panels);
  g_test_add_func ("/chart/print/pdf-is-drawn-as-paths", test_pdf_is_drawn_as_paths);
  g_test_add_func ("/chart/print/unwritable-path-is-an-error", test_unwritable_path_is_an_error);
  g_test_add_func ("/chart/print/small-paper-still-takes-a-panel", test_small_paper_still_takes_a_panel);
  return g_test_run ();
}
