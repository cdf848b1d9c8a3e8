/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cairo-pdf.h>
#include <string.h>

#include "chart-test.h"

#define WIDTH 600
#define HEIGHT 240

/* What tells the drawn parts apart in a picture. */
static gboolean
is_line (const guint8 *pixel)
{
  return pixel[0] > 120 && pixel[2] < 110; /* the first series' blue: much blue, little red */
}

static gboolean
is_caution (const guint8 *pixel)
{
  return pixel[2] > 240 && pixel[1] - pixel[0] > 10;
}

static gboolean
is_alarm (const guint8 *pixel)
{
  return pixel[2] > 225 && pixel[1] > 150 && pixel[2] - pixel[1] > 10 && abs (pixel[1] - pixel[0]) < 12;
}

typedef gboolean (*PixelTest) (const guint8 *pixel);

static guint
count_in_column (cairo_surface_t *picture, int x, int top, int bottom, PixelTest test)
{
  guint n = 0;
  cairo_surface_flush (picture);
  for (int y = MAX (top, 0); y < MIN (bottom, cairo_image_surface_get_height (picture)); y++) {
    const guint8 *row = cairo_image_surface_get_data (picture) + y * cairo_image_surface_get_stride (picture);
    n += test (row + 4 * x) ? 1 : 0;
  }
  return n;
}

static cairo_surface_t *
draw (FyrChartModel *model, const FyrChartView *view, double scale)
{
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int)(view->width * scale),
                                                         (int)(view->height * scale));
  cairo_surface_set_device_scale (picture, scale, scale);
  cairo_t *cr = cairo_create (picture);
  fyr_chart_draw (cr, NULL, NULL, model, view);
  cairo_destroy (cr);
  return picture;
}

static FyrChartView
make_view (gint64 from, gint64 to)
{
  return (FyrChartView){ .from = from, .to = to, .width = WIDTH, .height = HEIGHT };
}

static FyrChartPlot
get_plot (FyrChartModel *model, const FyrChartView *view, guint panel)
{
  g_autoptr (FyrChartPainter) painter = fyr_chart_painter_new (NULL);
  FyrChartPlot plot;
  g_assert_true (fyr_chart_painter_get_plot (painter, model, view, panel, &plot));
  g_assert_false (fyr_chart_painter_get_plot (painter, model, view, 99, &plot));
  g_assert_true (fyr_chart_painter_get_plot (painter, model, view, panel, &plot));
  return plot;
}

static int
column_of (const FyrChartPlot *plot, const FyrChartView *view, gint64 time)
{
  return (int)(plot->x + (double)(time - view->from) / (double)(view->to - view->from) * plot->width);
}

/* One value a second for a day, flat but for one dip of a single value. */
static FyrChartModel *
make_dense_model (gint64 dip)
{
  FyrChartModel *model = test_model_new ();
  FyrChartSeries *series = test_add_panel (model, "Oxygen saturation", "%", FYR_CHART_FORM_LINE);
  fyr_chart_panel_set_range (fyr_chart_model_get_panel (model, 0), 70, 100);
  gsize n = 86400;
  g_autofree gint64 *times = g_new (gint64, n);
  g_autofree double *values = g_new (double, n);
  for (gsize i = 0; i < n; i++) {
    times[i] = (gint64)i * 1000;
    values[i] = times[i] == dip ? 73 : 95;
  }
  fyr_chart_series_set_points (series, times, values, NULL, NULL, n);
  return model;
}

static void
test_one_dip_of_a_second_is_seen (void)
{
  gint64 dip = 40000 * 1000;
  g_autoptr (FyrChartModel) model = make_dense_model (dip);
  FyrChartView view = make_view (0, TEST_DAY);
  FyrChartPlot plot = get_plot (model, &view, 0);
  for (double scale = 1; scale <= 2; scale++) {
    cairo_surface_t *picture = draw (model, &view, scale);
    int x = (int)(column_of (&plot, &view, dip) * scale);
    guint reach = 0;
    for (int i = x - (int)scale; i <= x + 2 * (int)scale; i++) {
      reach = MAX (reach, count_in_column (picture, i, (int)(plot.y * scale),
                                           (int)((plot.y + plot.height) * scale), is_line));
    }
    /* From 95 to 73 is 22 of 30 parts of the axis. */
    g_assert_cmpuint (reach, >=, (guint)(plot.height * scale * 22 / 30 - 2));
    /* Elsewhere the line is thin. */
    g_assert_cmpuint (count_in_column (picture, x + 40, (int)(plot.y * scale),
                                       (int)((plot.y + plot.height) * scale), is_line),
                      <=, (guint)(3 * scale));
    cairo_surface_destroy (picture);
  }
}

static void
test_gap_is_left_empty (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  FyrChartSeries *series = test_add_panel (model, "Pulse", "/min", FYR_CHART_FORM_LINE);
  fyr_chart_panel_set_range (fyr_chart_model_get_panel (model, 0), 40, 120);
  for (int day = 0; day < 60; day++) {
    if (day < 20 || day > 40) {
      fyr_chart_series_add_point (series, day * TEST_DAY, 80, NAN, FYR_CHART_MARK_NONE);
    }
  }
  fyr_chart_series_set_gap (series, 3 * TEST_DAY);
  FyrChartView view = make_view (0, 60 * TEST_DAY);
  FyrChartPlot plot = get_plot (model, &view, 0);
  cairo_surface_t *picture = draw (model, &view, 1);
  int top = (int)plot.y, bottom = (int)(plot.y + plot.height);
  g_assert_cmpuint (count_in_column (picture, column_of (&plot, &view, 10 * TEST_DAY), top, bottom, is_line),
                    >, 0);
  g_assert_cmpuint (count_in_column (picture, column_of (&plot, &view, 50 * TEST_DAY), top, bottom, is_line),
                    >, 0);
  for (int day = 21; day < 40; day++) {
    int x = column_of (&plot, &view, day * TEST_DAY);
    g_assert_cmpuint (count_in_column (picture, x, top, bottom, is_line), ==, 0);
  }
  cairo_surface_destroy (picture);
}

static void
test_bands_stand_where_they_held (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  test_add_panel (model, "Oxygen saturation", "%", FYR_CHART_FORM_LINE);
  FyrChartPanel *panel = fyr_chart_model_get_panel (model, 0);
  fyr_chart_panel_set_range (panel, 70, 100);
  FyrChartBand bands[2] = { test_band (10 * TEST_DAY, 20 * TEST_DAY, 80, 90, NAN, NAN),
                            test_band (20 * TEST_DAY, 30 * TEST_DAY, NAN, 76, NAN, NAN) };
  fyr_chart_panel_set_bands (panel, bands, 2);
  FyrChartView view = make_view (0, 40 * TEST_DAY);
  FyrChartPlot plot = get_plot (model, &view, 0);
  cairo_surface_t *picture = draw (model, &view, 1);
  int top = (int)plot.y, bottom = (int)(plot.y + plot.height);
  guint third = (guint)(plot.height / 3);
  static const struct {
    int day;
    double caution, alarm; /* in tens of the axis' thirty */
  } cases[] = { { 5, 0, 0 }, { 11, 1, 1 }, { 19, 1, 1 }, { 21, 0.6, 0 }, { 29, 0.6, 0 }, { 35, 0, 0 } };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    int x = column_of (&plot, &view, cases[i].day * TEST_DAY) + 3;
    double caution = count_in_column (picture, x, top, bottom, is_caution);
    double alarm = count_in_column (picture, x, top, bottom, is_alarm);
    g_test_message ("day %d: %g caution, %g alarm of %u", cases[i].day, caution, alarm, third);
    g_assert_cmpfloat_with_epsilon (caution, cases[i].caution * third, 5);
    g_assert_cmpfloat_with_epsilon (alarm, cases[i].alarm * third, 8);
  }
  cairo_surface_destroy (picture);
}

static void
test_alarm_area_is_told_apart_without_colour (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  test_add_panel (model, "Oxygen saturation", "%", FYR_CHART_FORM_LINE);
  FyrChartPanel *panel = fyr_chart_model_get_panel (model, 0);
  fyr_chart_panel_set_range (panel, 70, 100);
  FyrChartBand band = test_band (G_MININT64, G_MAXINT64, 80, 90, NAN, NAN);
  fyr_chart_panel_set_bands (panel, &band, 1);
  FyrChartView view = make_view (0, 40 * TEST_DAY);
  FyrChartPlot plot = get_plot (model, &view, 0);
  cairo_surface_t *picture = draw (model, &view, 1);
  const guint8 *data = cairo_image_surface_get_data (picture);
  int stride = cairo_image_surface_get_stride (picture);
  guint changes[2] = { 0, 0 };
  for (int part = 0; part < 2; part++) {
    /* A row in the middle of the yellow third and one in the middle of the red. */
    int y = (int)(plot.y + plot.height * (part == 0 ? 0.47 : 0.8));
    for (int x = (int)plot.x + 1; x < (int)(plot.x + plot.width) - 1; x++) {
      const guint8 *here = data + y * stride + 4 * x;
      changes[part] += abs (here[1] - here[5]) > 8 ? 1 : 0;
    }
  }
  g_assert_cmpuint (changes[1], >, 60);
  g_assert_cmpuint (changes[0], <, 60);
  cairo_surface_destroy (picture);
}

static void
test_value_off_the_axis_is_marked_at_its_edge (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  FyrChartSeries *series = test_add_panel (model, "Weight", "kg", FYR_CHART_FORM_LINE);
  fyr_chart_panel_set_range (fyr_chart_model_get_panel (model, 0), 70, 90);
  fyr_chart_series_set_gap (series, 1);
  fyr_chart_series_add_point (series, 5 * TEST_DAY, 800, NAN, FYR_CHART_MARK_DOUBTFUL);
  FyrChartView view = make_view (0, 10 * TEST_DAY);
  FyrChartPlot plot = get_plot (model, &view, 0);
  cairo_surface_t *picture = draw (model, &view, 1);
  const guint8 *data = cairo_image_surface_get_data (picture);
  int stride = cairo_image_surface_get_stride (picture), x = column_of (&plot, &view, 5 * TEST_DAY);
  guint n_dark = 0;
  for (int y = (int)plot.y; y < (int)plot.y + 14; y++) {
    for (int i = x - 6; i <= x + 6; i++) {
      n_dark += data[y * stride + 4 * i + 1] < 150 ? 1 : 0;
    }
  }
  g_assert_cmpuint (n_dark, >, 6);
  cairo_surface_destroy (picture);
}

static void
test_one_alarm_among_a_crowd_of_cautions_is_marked (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  FyrChartSeries *series = test_add_panel (model, "Pulse", "/min", FYR_CHART_FORM_LINE);
  fyr_chart_panel_set_range (fyr_chart_model_get_panel (model, 0), 40, 140);
  gsize n = 50000, alarm = 31234;
  g_autofree gint64 *times = g_new (gint64, n);
  g_autofree double *values = g_new (double, n);
  g_autofree guint8 *marks = g_new (guint8, n);
  for (gsize i = 0; i < n; i++) {
    times[i] = (gint64)i * 1000;
    values[i] = i == alarm ? 120 : 100;
    marks[i] = i == alarm ? FYR_CHART_MARK_ALARM : FYR_CHART_MARK_CAUTION;
  }
  fyr_chart_series_set_points (series, times, values, NULL, marks, n);
  FyrChartView view = make_view (0, (gint64)n * 1000);
  FyrChartPlot plot = get_plot (model, &view, 0);
  cairo_surface_t *picture = draw (model, &view, 1);
  const guint8 *data = cairo_image_surface_get_data (picture);
  int x = column_of (&plot, &view, (gint64)alarm * 1000);
  int y = (int)(plot.y + plot.height * 0.2);
  guint n_red = 0;
  for (int row = y - 6; row <= y + 6; row++) {
    for (int column = x - 6; column <= x + 6; column++) {
      const guint8 *pixel = data + row * cairo_image_surface_get_stride (picture) + 4 * column;
      n_red += pixel[2] > 150 && pixel[1] < 80 ? 1 : 0;
    }
  }
  g_assert_cmpuint (n_red, >, 20);
  cairo_surface_destroy (picture);
}

static void
test_paths_and_pixels_look_alike (void)
{
  g_autoptr (FyrChartModel) model = make_dense_model (40000 * 1000);
  FyrChartBand band = test_band (G_MININT64, G_MAXINT64, 80, 90, NAN, NAN);
  fyr_chart_panel_set_bands (fyr_chart_model_get_panel (model, 0), &band, 1);
  FyrChartView view = make_view (0, TEST_DAY);
  FyrChartPlot plot = get_plot (model, &view, 0);
  cairo_surface_t *pixels = draw (model, &view, 1);
  cairo_surface_t *paths = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_surface_t *recording = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create (recording);
  fyr_chart_draw (cr, NULL, NULL, model, &view);
  cairo_destroy (cr);
  cr = cairo_create (paths);
  cairo_set_source_surface (cr, recording, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  int top = (int)plot.y, bottom = (int)(plot.y + plot.height);
  for (int x = (int)plot.x + 4; x < (int)(plot.x + plot.width) - 4; x += 3) {
    static const PixelTest tests[] = { is_line, is_caution };
    for (gsize i = 0; i < G_N_ELEMENTS (tests); i++) {
      double a = count_in_column (pixels, x, top, bottom, tests[i]);
      double b = MAX (count_in_column (paths, x, top, bottom, tests[i]),
                      count_in_column (paths, x + 1, top, bottom, tests[i]));
      g_assert_cmpfloat (b, >=, a - 6);
    }
  }
  cairo_surface_destroy (pixels);
  cairo_surface_destroy (paths);
  cairo_surface_destroy (recording);
}

static void
test_offset_and_clip_are_kept (void)
{
  g_autoptr (FyrChartModel) model = make_dense_model (40000 * 1000);
  FyrChartView view = make_view (0, TEST_DAY);
  cairo_surface_t *alone = draw (model, &view, 1);
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH + 100, HEIGHT + 100);
  cairo_t *cr = cairo_create (picture);
  cairo_rectangle (cr, 50, 30, WIDTH, HEIGHT - 60);
  cairo_clip (cr);
  cairo_translate (cr, 50, 30);
  fyr_chart_draw (cr, NULL, NULL, model, &view);
  cairo_destroy (cr);
  cairo_surface_flush (picture);
  for (int y = 0; y < HEIGHT + 100; y++) {
    const guint32 *row = (const guint32 *)(gpointer)(cairo_image_surface_get_data (picture) +
                                                     y * cairo_image_surface_get_stride (picture));
    const guint32 *other = (const guint32 *)(gpointer)(cairo_image_surface_get_data (alone) +
                                                       (y - 30) * cairo_image_surface_get_stride (alone));
    for (int x = 0; x < WIDTH + 100; x++) {
      gboolean inside = x >= 50 && x < 50 + WIDTH && y >= 30 && y < HEIGHT - 30;
      g_assert_cmphex (row[x], ==, inside ? other[x - 50] : 0);
    }
  }
  cairo_surface_destroy (alone);
  cairo_surface_destroy (picture);
}

static void
test_panels_share_one_time_axis_and_scroll (void)
{
  g_autoptr (FyrChartModel) model = test_model_new ();
  g_autoptr (FyrChartPainter) painter = fyr_chart_painter_new (NULL);
  FyrChartPlot plots[4];
  for (guint i = 0; i < 4; i++) {
    FyrChartSeries *series = test_add_panel (model, "Kind", "u", FYR_CHART_FORM_LINE);
    fyr_chart_series_add_point (series, 5, pow (10, i), NAN, FYR_CHART_MARK_NONE);
  }
  FyrChartView view = make_view (0, 1000);
  g_assert_cmpfloat (fyr_chart_painter_get_min_height (painter, model, FALSE), >, HEIGHT);
  for (guint i = 0; i < 4; i++) {
    g_assert_true (fyr_chart_painter_get_plot (painter, model, &view, i, &plots[i]));
    g_assert_cmpfloat (plots[i].x, ==, plots[0].x);
    g_assert_cmpfloat (plots[i].width, ==, plots[0].width);
    g_assert_cmpfloat (plots[i].height, ==, plots[0].height);
  }
  g_assert_cmpfloat (plots[1].strip_y, ==, plots[0].strip_y + plots[0].strip_height);
  view.scroll = 60;
  FyrChartPlot scrolled;
  fyr_chart_painter_get_plot (painter, model, &view, 1, &scrolled);
  g_assert_cmpfloat (scrolled.y, ==, plots[1].y - 60);
  view.scroll = 1e9;
  fyr_chart_painter_get_plot (painter, model, &view, 3, &scrolled);
  g_assert_cmpfloat (scrolled.strip_y + scrolled.strip_height, >, 100);
}

static void
test_colours_hold_their_contrast (void)
{
  for (int dark = 0; dark < 2; dark++) {
    for (int high = 0; high < 2; high++) {
      FyrChartStyle style;
      fyr_chart_style_init (&style, dark, high);
      double text = high ? 7 : 4.5;
      const FyrChartColor *ground = &style.background;
      g_assert_cmpfloat (fyr_chart_color_contrast (&style.text, ground), >=, text);
      g_assert_cmpfloat (fyr_chart_color_contrast (&style.dim_text, ground), >=, text);
      /* The limits' values are written in their colours. */
      g_assert_cmpfloat (fyr_chart_color_contrast (&style.caution, ground), >=, text);
      g_assert_cmpfloat (fyr_chart_color_contrast (&style.alarm, ground), >=, text);
      g_assert_cmpfloat (fyr_chart_color_contrast (&style.cursor, ground), >=, 4.5);
      g_assert_cmpfloat (fyr_chart_color_contrast (&style.doubtful, ground), >=, 3);
      for (guint i = 0; i < FYR_CHART_N_SERIES_COLORS; i++) {
        g_assert_cmpfloat (fyr_chart_color_contrast (&style.series[i], ground), >=, 4.5);
      }
    }
  }
}

static void
test_odd_models_and_sizes_do_no_harm (void)
{
  static const double sizes[][2] = { { 1, 1 }, { 30, 20 }, { 2000, 10 }, { 10, 2000 }, { 300.5, 200.25 } };
  g_autoptr (FyrChartModel) empty = test_model_new ();
  g_autoptr (FyrChartModel) model = test_model_new ();
  test_add_panel (model, "", NULL, FYR_CHART_FORM_LINE);
  FyrChartSeries *series = test_add_panel (model, "Blood pressure", "mmHg", FYR_CHART_FORM_PAIR);
  fyr_chart_series_add_point (series, 5, 130, 80, FYR_CHART_MARK_NONE);
  fyr_chart_model_add_event (model, 5, FYR_CHART_MARK_ALARM, "An event with a rather long label", NULL);
  FyrChartModel *models[] = { empty, model };
  for (gsize m = 0; m < 2; m++) {
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
      for (int flags = 0; flags < 4; flags++) {
        FyrChartView view = {
          .from = 0, .to = flags & 1 ? 0 : 1000, .width = sizes[i][0], .height = sizes[i][1]
        };
        view.compact = (flags & 2) != 0;
        view.has_cursor = TRUE;
        view.cursor = 5;
        cairo_surface_t *picture = draw (models[m], &view, 1);
        g_assert_cmpint (cairo_surface_status (picture), ==, CAIRO_STATUS_SUCCESS);
        cairo_surface_destroy (picture);
      }
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/draw/one-dip-of-a-second-is-seen", test_one_dip_of_a_second_is_seen);
  g_test_add_func ("/chart/draw/gap-is-left-empty", test_gap_is_left_empty);
  g_test_add_func ("/chart/draw/bands-stand-where-they-held", test_bands_stand_where_they_held);
  g_test_add_func ("/chart/draw/alarm-area-is-told-apart-without-colour",
                   test_alarm_area_is_told_apart_without_colour);
  g_test_add_func ("/chart/draw/value-off-the-axis-is-marked-at-its-edge",
                   test_value_off_the_axis_is_marked_at_its_edge);
  g_test_add_func ("/chart/draw/one-alarm-among-a-crowd-of-cautions-is-marked",
                   test_one_alarm_among_a_crowd_of_cautions_is_marked);
  g_test_add_func ("/chart/draw/paths-and-pixels-look-alike", test_paths_and_pixels_look_alike);
  g_test_add_func ("/chart/draw/offset-and-clip-are-kept", test_offset_and_clip_are_kept);
  g_test_add_func ("/chart/draw/panels-share-one-time-axis-and-scroll",
                   test_panels_share_one_time_axis_and_scroll);
  g_test_add_func ("/chart/draw/colours-hold-their-contrast", test_colours_hold_their_contrast);
  g_test_add_func ("/chart/draw/odd-models-and-sizes-do-no-harm", test_odd_models_and_sizes_do_no_harm);
  return g_test_run ();
}
