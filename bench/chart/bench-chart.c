/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a trend takes to draw, beside the usual ways to draw it with Cairo, and whether any extreme is
 * lost. First frame: from arrays to pixels, pyramid and texts included. Pan: the same chart moved. A first
 * argument names the one case to run; --wall after it times by the clock instead of the processor's time. */
#include <math.h>
#include <string.h>

#include "bench-chart-peers.h"
#include "fyr-chart-picture.h"

#define N_RUNS 7
#define N_PANS 45

/* Milliseconds of the best known method, and of the per-column polyline beside it on the machine that
 * measured both. Our own measurement of the polyline carries the limit over to this machine. */
typedef struct {
  double limit_first, polyline_first;
  double limit_pan, polyline_pan;
} Limits;

static const Limits limits[N_BENCH_CASES] = {
  { 5.0, 5.6, 0.14, 1.0 }, { 3.8, 17, 0.09, 8.7 }, { 3.9, 33, 0.12, 23 },
  { 4.6, 79, 0.24, 57 },   { 5.8, 103, 0.55, 79 }, { 8.0, 210, 1.8, 161 },
};

static cairo_surface_t *
make_surface (const BenchCase *bench_case)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, BENCH_WIDTH,
                                                         BENCH_PANEL_HEIGHT * (int)bench_case->n_panels);
  /* The pages of the picture exist before anything is timed. */
  memset (cairo_image_surface_get_data (surface), 255,
          (gsize)cairo_image_surface_get_stride (surface) * (gsize)cairo_image_surface_get_height (surface));
  cairo_surface_mark_dirty (surface);
  return surface;
}

static double
draw_ours (FyrChartPainter *painter, cairo_surface_t *surface, FyrChartModel *model, const FyrChartView *view)
{
  double start = bench_now_ms ();
  cairo_t *cr = cairo_create (surface);
  fyr_chart_painter_draw (painter, cr, model, view);
  cairo_destroy (cr);
  return bench_now_ms () - start;
}

/* Copies that the model can take: making them is not drawing. */
static void
copy_points (const PeerSeries *series, gint64 **times, double **values)
{
  *times = g_memdup2 (series->times, series->n_points * sizeof (gint64));
  *values = g_memdup2 (series->values, series->n_points * sizeof (double));
}

static double
time_first_frame (const BenchCase *bench_case, const PeerSeries *series, cairo_surface_t *surface)
{
  double times[N_RUNS];
  for (guint run = 0; run < N_RUNS; run++) {
    g_autoptr (FyrChartModel) model = bench_make_model (bench_case, FALSE);
    gint64 *point_times[6];
    double *point_values[6];
    for (guint i = 0; i < bench_case->n_panels; i++) {
      copy_points (&series[i], &point_times[i], &point_values[i]);
    }
    FyrChartView view = bench_make_view (bench_case, 0);
    double start = bench_now_ms ();
    g_autoptr (FyrChartPainter) painter = fyr_chart_painter_new (NULL);
    for (guint i = 0; i < bench_case->n_panels; i++) {
      FyrChartSeries *target = fyr_chart_panel_get_series (fyr_chart_model_get_panel (model, i), 0);
      fyr_chart_series_take_points (target, point_times[i], point_values[i], NULL, NULL, series[i].n_points);
    }
    draw_ours (painter, surface, model, &view);
    times[run] = bench_now_ms () - start;
  }
  return bench_median (times, N_RUNS);
}

/* Into a picture that is kept from one drawing to the next, as the widget does. */
static double
time_pan (const BenchCase *bench_case, FyrChartModel *model)
{
  double times[N_PANS];
  g_autoptr (FyrChartPainter) painter = fyr_chart_painter_new (NULL);
  FyrChartView view = bench_make_view (bench_case, 0);
  g_autoptr (FyrChartPicture) picture = fyr_chart_picture_new ((int)view.width, (int)view.height, 1);
  fyr_chart_picture_draw (picture, painter, model, &view, FALSE);
  for (guint i = 0; i < N_PANS; i++) {
    view = bench_make_view (bench_case, 3.3 * (i + 1));
    double start = bench_now_ms ();
    fyr_chart_picture_draw (picture, painter, model, &view, FALSE);
    times[i] = bench_now_ms () - start;
  }
  return bench_median (times, N_PANS);
}

typedef void (*Stroke) (cairo_t *, const PeerSeries *, const FyrChartView *, const FyrChartPlot *);

/* @is_first: axes laid out anew, as in a first frame. */
static double
time_peer (const BenchCase *bench_case,
           const PeerSeries *series,
           cairo_surface_t *surface,
           Stroke stroke,
           gboolean is_first)
{
  double times[3];
  g_autoptr (FyrChartModel) axes = bench_make_model (bench_case, FALSE);
  g_autoptr (FyrChartPainter) kept = fyr_chart_painter_new (NULL);
  for (guint run = 0; run < G_N_ELEMENTS (times); run++) {
    FyrChartView view = bench_make_view (bench_case, 3.3 * run);
    double start = bench_now_ms ();
    g_autoptr (FyrChartPainter) fresh = fyr_chart_painter_new (NULL);
    FyrChartPainter *painter = is_first ? fresh : kept;
    cairo_t *cr = cairo_create (surface);
    fyr_chart_painter_draw (painter, cr, axes, &view);
    for (guint i = 0; i < bench_case->n_panels; i++) {
      FyrChartPlot plot;
      fyr_chart_painter_get_plot (painter, axes, &view, i, &plot);
      stroke (cr, &series[i], &view, &plot);
    }
    cairo_destroy (cr);
    times[run] = bench_now_ms () - start;
  }
  return bench_median (times, G_N_ELEMENTS (times));
}

/* Whether the line left its colour within a pixel of @x, @y: its blue has little red, the rest has much. */
static gboolean
is_drawn_near (cairo_surface_t *surface, int x, int y)
{
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  for (int row = y - 1; row <= y + 1; row++) {
    if (pixels[row * stride + x * 4 + 2] < 200) {
      return TRUE;
    }
  }
  return FALSE;
}

/* Values that left no trace in their place in the picture: every one is looked for, so no extreme can hide. */
static guint
count_lost (const BenchCase *bench_case,
            const PeerSeries *series,
            FyrChartModel *model,
            cairo_surface_t *surface)
{
  g_autoptr (FyrChartPainter) painter = fyr_chart_painter_new (NULL);
  FyrChartView view = bench_make_view (bench_case, 0);
  FyrChartPlot plot;
  guint lost = 0;
  draw_ours (painter, surface, model, &view);
  fyr_chart_painter_get_plot (painter, model, &view, 0, &plot);
  for (gsize i = 0; i < series->n_points; i++) {
    double x = plot.x + (double)(series->times[i] - view.from) / (double)(view.to - view.from) * plot.width;
    double y = plot.y + plot.height - (series->values[i] - 70) / 30 * plot.height;
    int column = CLAMP ((int)x, (int)plot.x, (int)(plot.x + plot.width) - 1);
    lost += is_drawn_near (surface, column, (int)y) ? 0 : 1;
  }
  return lost;
}

static void
report (
    const BenchCase *bench_case, const char *what, double ours, double polyline, double limit, double goal)
{
  char name[64];
  g_snprintf (name, sizeof name, "chart/%s", what);
  bench_print (name, bench_case->name, "", ours, "ms", 0, FALSE);
  bench_print (name, bench_case->name, "cairo-columns", polyline, "ms", 0, FALSE);
  bench_print (name, bench_case->name, "cairo-columns-over-ours", polyline / ours, "x", 0, FALSE);
  bench_print (name, bench_case->name, "limit", limit, "ms", 0, FALSE);
  bench_print (name, bench_case->name, "over-limit", ours / limit, "x", goal, goal > 0);
}

static void
run_case (guint index)
{
  const BenchCase *bench_case = &bench_cases[index];
  const Limits *limit = &limits[index];
  PeerSeries series[6];
  for (guint i = 0; i < bench_case->n_panels; i++) {
    series[i].n_points = bench_case->n_points;
    bench_make_points (bench_case->n_points, 7 + i, &series[i].times, &series[i].values);
  }
  cairo_surface_t *surface = make_surface (bench_case);
  double first = time_first_frame (bench_case, series, surface);
  double first_columns = time_peer (bench_case, series, surface, bench_stroke_columns, TRUE);
  g_autoptr (FyrChartModel) model = bench_make_model (bench_case, TRUE);
  double pan = time_pan (bench_case, model);
  double pan_columns = time_peer (bench_case, series, surface, bench_stroke_columns, FALSE);
  report (bench_case, "first-frame", first, first_columns,
          limit->limit_first * first_columns / limit->polyline_first, 0);
  report (bench_case, "pan", pan, pan_columns, limit->limit_pan * pan_columns / limit->polyline_pan, 2);
  if (bench_case->n_points <= 100000) {
    double every = time_peer (bench_case, series, surface, bench_stroke_points, FALSE);
    bench_print ("chart/pan", bench_case->name, "cairo-every-point", every, "ms", 0, FALSE);
    bench_print ("chart/pan", bench_case->name, "cairo-every-point-over-ours", every / pan, "x", 0, FALSE);
  }
  bench_print ("chart/lost-extremes", bench_case->name, "", count_lost (bench_case, series, model, surface),
               "values", 0, TRUE);
  for (guint i = 0; i < bench_case->n_panels; i++) {
    g_free (series[i].times);
    g_free (series[i].values);
  }
  cairo_surface_destroy (surface);
}

/* Everything a process does once: font configuration, font files, glyphs. */
static void
report_cold_start (void)
{
  const BenchCase *bench_case = &bench_cases[0];
  g_autoptr (FyrChartModel) model = bench_make_model (bench_case, TRUE);
  cairo_surface_t *surface = make_surface (bench_case);
  FyrChartView view = bench_make_view (bench_case, 0);
  double start = bench_now_ms ();
  g_autoptr (FyrChartPainter) painter = fyr_chart_painter_new (NULL);
  draw_ours (painter, surface, model, &view);
  bench_print ("chart/first-in-process", bench_case->name, "", bench_now_ms () - start, "ms", 0, FALSE);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  if (argc > 2 && g_str_equal (argv[2], "--wall")) {
    bench_use_wall_time ();
  }
  report_cold_start ();
  for (guint i = 0; i < N_BENCH_CASES; i++) {
    if (argc < 2 || g_str_equal (argv[1], bench_cases[i].name)) {
      run_case (i);
    }
  }
  return 0;
}
