/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart-test.h"
#include "fyr-chart-raster.h"

#define WIDTH 60
#define HEIGHT 50

static const FyrChartColor black = { 0, 0, 0, 1 };
static const FyrChartColor white = { 1, 1, 1, 1 };

typedef struct {
  cairo_surface_t *surface;
  FyrChartRaster *raster;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  fixture->raster = fyr_chart_raster_new ();
  g_assert_true (fyr_chart_raster_begin (fixture->raster, fixture->surface, 0, 0, WIDTH, HEIGHT));
  fyr_chart_raster_set_color (fixture->raster, &white);
  fyr_chart_raster_rectangle (fixture->raster, 0, 0, WIDTH, HEIGHT);
  fyr_chart_raster_set_color (fixture->raster, &black);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fyr_chart_raster_free (fixture->raster);
  cairo_surface_destroy (fixture->surface);
}

/* How much ink a pixel has, 0 to 1. */
static double
ink (cairo_surface_t *surface, int x, int y)
{
  cairo_surface_flush (surface);
  const guint8 *data = cairo_image_surface_get_data (surface);
  return 1 - data[y * cairo_image_surface_get_stride (surface) + x * 4] / 255.0;
}

static double
sum_ink (cairo_surface_t *surface)
{
  double sum = 0;
  for (int y = 0; y < cairo_image_surface_get_height (surface); y++) {
    for (int x = 0; x < cairo_image_surface_get_width (surface); x++) {
      sum += ink (surface, x, y);
    }
  }
  return sum;
}

static void
draw_line (Fixture *fixture, const float *xy, gsize n_points, double width)
{
  fyr_chart_raster_line (fixture->raster, xy, n_points, width);
  fyr_chart_raster_flush_lines (fixture->raster);
}

static void
test_column_covers_exactly_its_part (Fixture *fixture, gconstpointer data)
{
  fyr_chart_raster_column (fixture->raster, 10, 5.25, 8.5);
  g_assert_cmpfloat_with_epsilon (ink (fixture->surface, 10, 4), 0, 0.01);
  g_assert_cmpfloat_with_epsilon (ink (fixture->surface, 10, 5), 0.75, 0.01);
  g_assert_cmpfloat_with_epsilon (ink (fixture->surface, 10, 6), 1, 0.01);
  g_assert_cmpfloat_with_epsilon (ink (fixture->surface, 10, 8), 0.5, 0.01);
  g_assert_cmpfloat_with_epsilon (ink (fixture->surface, 10, 9), 0, 0.01);
  g_assert_cmpfloat_with_epsilon (sum_ink (fixture->surface), 3.25, 0.02);
}

static void
test_line_area_is_length_times_width (Fixture *fixture, gconstpointer data)
{
  static const float lines[][4] = {
    { 5, 10, 55, 10 }, { 5, 10, 55, 40 }, { 20, 5, 21, 45 }, { 20, 45, 20, 5 }, { 30.3f, 7.7f, 31.2f, 8.1f }
  };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
    double before = sum_ink (fixture->surface);
    fyr_chart_raster_set_color (fixture->raster, &white);
    fyr_chart_raster_rectangle (fixture->raster, 0, 0, WIDTH, HEIGHT);
    fyr_chart_raster_set_color (fixture->raster, &black);
    draw_line (fixture, lines[i], 2, 2);
    double length = hypot (lines[i][2] - lines[i][0], lines[i][3] - lines[i][1]);
    g_test_message ("line %u: %f before, %f now", (guint)i, before, sum_ink (fixture->surface));
    g_assert_cmpfloat_with_epsilon (sum_ink (fixture->surface), length * 2, 0.02 * length * 2 + 0.2);
  }
}

static void
test_line_is_like_cairos (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = test_rand ();
  float xy[24];
  for (guint i = 0; i < 12; i++) {
    xy[2 * i] = 3 + 4.7f * (float)i;
    xy[2 * i + 1] = (float)g_rand_double_range (rand, 5, 45);
  }
  draw_line (fixture, xy, 12, 1.6);
  cairo_surface_t *peer = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (peer);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_line_width (cr, 1.6);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < 12; i++) {
    cairo_line_to (cr, xy[2 * i], xy[2 * i + 1]);
  }
  cairo_stroke (cr);
  cairo_destroy (cr);
  double difference = 0;
  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++) {
      difference += fabs (ink (peer, x, y) - ink (fixture->surface, x, y));
    }
  }
  g_assert_cmpfloat (difference, <, 0.06 * sum_ink (peer));
  cairo_surface_destroy (peer);
}

static void
test_smooth_joins_leave_no_beads (Fixture *fixture, gconstpointer data)
{
  /* One straight line in many short pieces looks like one in a single piece. */
  float pieces[42], whole[4] = { 5, 10, 55, 30 };
  for (guint i = 0; i < 21; i++) {
    pieces[2 * i] = 5 + 2.5f * (float)i;
    pieces[2 * i + 1] = 10 + (float)i;
  }
  draw_line (fixture, pieces, 21, 1.6);
  double sum = sum_ink (fixture->surface);
  fyr_chart_raster_set_color (fixture->raster, &white);
  fyr_chart_raster_rectangle (fixture->raster, 0, 0, WIDTH, HEIGHT);
  fyr_chart_raster_set_color (fixture->raster, &black);
  draw_line (fixture, whole, 2, 1.6);
  g_assert_cmpfloat_with_epsilon (sum, sum_ink (fixture->surface), 0.5);
}

static void
test_nothing_is_written_outside_the_rectangle (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = test_rand ();
  fyr_chart_raster_end (fixture->raster);
  g_assert_true (fyr_chart_raster_begin (fixture->raster, fixture->surface, 10, 12, 30, 20));
  for (guint i = 0; i < 300; i++) {
    float xy[6];
    for (guint j = 0; j < 6; j++) {
      double reach = i % 3 == 0 ? 1e6 : 80;
      xy[j] = (float)g_rand_double_range (rand, -reach, reach);
    }
    draw_line (fixture, xy, 3, 3);
    fyr_chart_raster_column (fixture->raster, (int)xy[0], xy[1], xy[1] + 30);
    fyr_chart_raster_mark (fixture->raster, (FyrChartMark)(i % 4), xy[0], xy[1], 4, &white);
    fyr_chart_raster_hatch (fixture->raster, (int)xy[2], (int)xy[3], 40, 40, 7, 1);
  }
  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++) {
      if (x < 10 || x >= 40 || y < 12 || y >= 32) {
        g_assert_cmpfloat (ink (fixture->surface, x, y), ==, 0);
      }
    }
  }
}

static void
test_spike_far_above_keeps_its_place (Fixture *fixture, gconstpointer data)
{
  static const float xy[6] = { 10, 40, 30, -100000, 50, 40 };
  draw_line (fixture, xy, 3, 2);
  /* Near the bottom the line has hardly left the column it started in. */
  g_assert_cmpfloat (ink (fixture->surface, 10, 20), >, 0.3);
  g_assert_cmpfloat (ink (fixture->surface, 49, 20), >, 0.3);
  g_assert_cmpfloat (ink (fixture->surface, 30, 20), ==, 0);
}

static void
test_single_point_is_seen (Fixture *fixture, gconstpointer data)
{
  static const float xy[2] = { 30, 25 };
  draw_line (fixture, xy, 1, 1.6);
  g_assert_cmpfloat (sum_ink (fixture->surface), >, 2);
}

static void
test_marks_differ_in_shape (Fixture *fixture, gconstpointer data)
{
  double sums[4], centres[4], corners[4];
  for (int mark = 0; mark < 4; mark++) {
    fyr_chart_raster_set_color (fixture->raster, &white);
    fyr_chart_raster_rectangle (fixture->raster, 0, 0, WIDTH, HEIGHT);
    fyr_chart_raster_set_color (fixture->raster, &black);
    fyr_chart_raster_mark (fixture->raster, (FyrChartMark)mark, 30.5, 25.5, 6, NULL);
    sums[mark] = sum_ink (fixture->surface);
    centres[mark] = ink (fixture->surface, 30, 25) + ink (fixture->surface, 33, 25);
    corners[mark] = ink (fixture->surface, 35, 30);
  }
  g_assert_cmpfloat_with_epsilon (sums[FYR_CHART_MARK_NONE], G_PI * 36, 2);
  g_assert_cmpfloat_with_epsilon (sums[FYR_CHART_MARK_ALARM], 13.2 * 13.2, 2);
  g_assert_cmpfloat (corners[FYR_CHART_MARK_ALARM], ==, 1);
  g_assert_cmpfloat (corners[FYR_CHART_MARK_CAUTION], <, 0.2);
  g_assert_cmpfloat (corners[FYR_CHART_MARK_NONE], <, 0.2);
  g_assert_cmpfloat (centres[FYR_CHART_MARK_DOUBTFUL], <, 1.5);
}

static void
test_other_surfaces_are_refused (void)
{
  g_autoptr (FyrChartRaster) raster = fyr_chart_raster_new ();
  cairo_surface_t *mask = cairo_image_surface_create (CAIRO_FORMAT_A8, 10, 10);
  cairo_surface_t *recording = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 10, 10);
  g_assert_false (fyr_chart_raster_begin (raster, mask, 0, 0, 10, 10));
  g_assert_false (fyr_chart_raster_begin (raster, recording, 0, 0, 10, 10));
  g_assert_false (fyr_chart_raster_begin (raster, image, 20, 0, 10, 10));
  g_assert_false (fyr_chart_raster_begin (raster, image, -20, -20, 10, 10));
  g_assert_true (fyr_chart_raster_begin (raster, image, -5, -5, 100, 100));
  cairo_surface_destroy (mask);
  cairo_surface_destroy (recording);
  cairo_surface_destroy (image);
}

#define ADD(name, function) g_test_add ("/chart/raster/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("column-covers-exactly-its-part", test_column_covers_exactly_its_part);
  ADD ("line-area-is-length-times-width", test_line_area_is_length_times_width);
  ADD ("line-is-like-cairos", test_line_is_like_cairos);
  ADD ("smooth-joins-leave-no-beads", test_smooth_joins_leave_no_beads);
  ADD ("nothing-is-written-outside-the-rectangle", test_nothing_is_written_outside_the_rectangle);
  ADD ("spike-far-above-keeps-its-place", test_spike_far_above_keeps_its_place);
  ADD ("single-point-is-seen", test_single_point_is_seen);
  ADD ("marks-differ-in-shape", test_marks_differ_in_shape);
  g_test_add_func ("/chart/raster/other-surfaces-are-refused", test_other_surfaces_are_refused);
  return g_test_run ();
}
