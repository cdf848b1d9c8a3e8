/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "chart-test.h"
#include "fyr-chart-picture.h"

static double
pick (GRand *rand, double from, double to)
{
  return g_rand_double_range (rand, from, to);
}

static void
add_points (GRand *rand, FyrChartSeries *series, gboolean pair)
{
  /* Sparse, dense and between; with gaps. */
  static const gsize sizes[] = { 0, 1, 40, 900, 20000 };
  gsize n = sizes[g_rand_int_range (rand, 0, G_N_ELEMENTS (sizes))];
  gint64 time = 0;
  g_autofree gint64 *times = g_new (gint64, n + 1);
  g_autofree double *values = g_new (double, n + 1), *seconds = g_new (double, n + 1);
  g_autofree guint8 *marks = g_new (guint8, n + 1);
  for (gsize i = 0; i < n; i++) {
    time += (gint64)(30 * TEST_DAY / (gint64)n * (g_rand_int_range (rand, 0, 50) == 0 ? 9 : 1));
    times[i] = time;
    values[i] = pick (rand, 80, 96) - (g_rand_int_range (rand, 0, 100) == 0 ? 60 : 0);
    seconds[i] = values[i] - pick (rand, 5, 30);
    marks[i] = g_rand_int_range (rand, 0, 30) == 0 ? (guint8)g_rand_int_range (rand, 1, 4) : 0;
  }
  fyr_chart_series_set_gap (series, g_rand_boolean (rand) ? 2 * TEST_DAY : 0);
  fyr_chart_series_set_points (series, times, values, pair ? seconds : NULL, marks, n);
}

static FyrChartModel *
make_model (GRand *rand)
{
  FyrChartModel *model = test_model_new ();
  int n_panels = g_rand_int_range (rand, 1, 5);
  for (int i = 0; i < n_panels; i++) {
    gboolean pair = g_rand_boolean (rand);
    FyrChartSeries *series =
        test_add_panel (model, "Oxygen saturation", "%", pair ? FYR_CHART_FORM_PAIR : FYR_CHART_FORM_LINE);
    add_points (rand, series, pair);
    FyrChartBand bands[] = { test_band (G_MININT64, 10 * TEST_DAY, 82, 86, NAN, NAN),
                             test_band (10 * TEST_DAY, G_MAXINT64, 80, 84, 93, 95) };
    fyr_chart_panel_set_bands (fyr_chart_model_get_panel (model, (guint)i), bands,
                               (gsize)g_rand_int_range (rand, 0, 3));
  }
  if (g_rand_boolean (rand)) {
    fyr_chart_model_add_event (model, 3 * TEST_DAY, FYR_CHART_MARK_ALARM, "Admitted", NULL);
    fyr_chart_model_add_event (model, 12 * TEST_DAY, FYR_CHART_MARK_NONE, "Plan 2", NULL);
  }
  return model;
}

/* One of the things that happen to a chart on the screen. */
static void
change (GRand *rand, FyrChartView *view, FyrChartPainter *painter, FyrChartModel *model)
{
  gint64 span = view->to - view->from;
  gint64 step = (gint64)(pick (rand, -0.1, 0.1) * (double)span);
  FyrChartStyle style;
  switch (g_rand_int_range (rand, 0, 9)) {
  case 0:
    view->to = view->from + (gint64)(pick (rand, 0.4, 2) * (double)span) + 1000;
    break;
  case 1:
    view->scroll = pick (rand, 0, 400);
    break;
  case 2:
    view->compact = !view->compact;
    break;
  case 3:
    view->has_cursor = !view->has_cursor;
    view->cursor = view->from + (gint64)(pick (rand, 0, 1) * (double)span);
    break;
  case 4:
    fyr_chart_style_init (&style, g_rand_boolean (rand), g_rand_boolean (rand));
    fyr_chart_painter_set_style (painter, &style);
    break;
  case 5:
    add_points (rand, fyr_chart_panel_get_series (fyr_chart_model_get_panel (model, 0), 0), FALSE);
    break;
  default:
    view->from += step;
    view->to += step;
    break;
  }
}

static void
assert_same_pixels (cairo_surface_t *kept, cairo_surface_t *fresh)
{
  int width = cairo_image_surface_get_width (fresh), height = cairo_image_surface_get_height (fresh);
  for (int y = 0; y < height; y++) {
    const guint8 *a = cairo_image_surface_get_data (kept) + y * cairo_image_surface_get_stride (kept);
    const guint8 *b = cairo_image_surface_get_data (fresh) + y * cairo_image_surface_get_stride (fresh);
    if (memcmp (a, b, (gsize)width * 4) != 0) {
      g_test_message ("row %d differs", y);
      g_test_fail ();
      return;
    }
  }
}

/* Panned, zoomed, scrolled, with new values or another style: no trace of what was there before. */
static void
test_a_kept_picture_equals_one_drawn_afresh (void)
{
  g_autoptr (GRand) rand = test_rand ();
  for (int round = 0; round < 12 && !g_test_failed (); round++) {
    int scale = g_rand_int_range (rand, 1, 3);
    FyrChartView view = { .from = 0, .to = 30 * TEST_DAY };
    view.width = g_rand_int_range (rand, 90, 500);
    view.height = g_rand_int_range (rand, 60, 400);
    int width = (int)view.width * scale, height = (int)view.height * scale;
    g_autoptr (FyrChartModel) model = make_model (rand);
    g_autoptr (FyrChartPainter) painter = fyr_chart_painter_new (NULL);
    g_autoptr (FyrChartPicture) kept = fyr_chart_picture_new (width, height, scale);
    for (int step = 0; step < 25 && !g_test_failed (); step++) {
      fyr_chart_picture_draw (kept, painter, model, &view, TRUE);
      cairo_surface_t *fresh = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
      cairo_surface_set_device_scale (fresh, scale, scale);
      cairo_t *cr = cairo_create (fresh);
      fyr_chart_painter_draw (painter, cr, model, &view);
      fyr_chart_painter_draw_readout (painter, cr, model, &view);
      cairo_destroy (cr);
      assert_same_pixels (fyr_chart_picture_get_surface (kept), fresh);
      cairo_surface_destroy (fresh);
      change (rand, &view, painter, model);
    }
  }
}

/* Memory of the last picture that is given back is not read as its content. */
static void
test_first_drawing_leaves_nothing_of_what_the_memory_held (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  g_autoptr (FyrChartPainter) painter = fyr_chart_painter_new (NULL);
  g_autoptr (FyrChartPicture) picture = fyr_chart_picture_new (203, 101, 1);
  FyrChartView view = { .from = 0, .to = TEST_DAY, .width = 203, .height = 101 };
  cairo_surface_t *surface = fyr_chart_picture_get_surface (picture);
  memset (cairo_image_surface_get_data (surface), 0x5a, 203 * 4 * 101);
  fyr_chart_picture_draw (picture, painter, model, &view, TRUE);
  const guint32 *pixels = (const guint32 *)(gpointer)cairo_image_surface_get_data (surface);
  for (int i = 0; i < 203 * 101; i++) {
    g_assert_cmphex (pixels[i], !=, 0x5a5a5a5a);
    g_assert_cmphex (pixels[i] >> 24, ==, 0xff);
  }
}

static void
test_a_picture_fits_only_its_own_size (void)
{
  g_autoptr (FyrChartPicture) picture = fyr_chart_picture_new (200, 100, 2);
  g_assert_true (fyr_chart_picture_fits (picture, 200, 100, 2));
  g_assert_false (fyr_chart_picture_fits (picture, 200, 100, 1));
  g_assert_false (fyr_chart_picture_fits (picture, 201, 100, 2));
  g_assert_false (fyr_chart_picture_fits (picture, 200, 99, 2));
  g_assert_false (fyr_chart_picture_fits (NULL, 200, 100, 2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/picture/kept-equals-drawn-afresh", test_a_kept_picture_equals_one_drawn_afresh);
  g_test_add_func ("/chart/picture/first-drawing-leaves-nothing-of-what-the-memory-held",
                   test_first_drawing_leaves_nothing_of_what_the_memory_held);
  g_test_add_func ("/chart/picture/fits-only-its-own-size", test_a_picture_fits_only_its_own_size);
  return g_test_run ();
}
