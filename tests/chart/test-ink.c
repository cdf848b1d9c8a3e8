/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "chart-test.h"
#include "fyr-chart-ink.h"

#define WIDTH 131
#define HEIGHT 43

/* Forgets all ink; @pixels gets a 1 wherever a block had some. */
static void
take_all (FyrChartInk *ink, guint8 *pixels)
{
  memset (pixels, 0, WIDTH * HEIGHT);
  for (int y = 0; y < HEIGHT; y += FYR_CHART_INK_HEIGHT) {
    int x = 0, width;
    while ((width = fyr_chart_ink_take_run (ink, y, &x)) > 0) {
      g_assert_cmpint (x % FYR_CHART_INK_WIDTH, ==, 0);
      g_assert_cmpint (x + width, <=, WIDTH);
      for (int row = y; row < MIN (y + FYR_CHART_INK_HEIGHT, HEIGHT); row++) {
        memset (pixels + row * WIDTH + x, 1, (gsize)width);
      }
      x += width;
    }
  }
}

static void
test_a_new_picture_may_hold_anything (void)
{
  g_autoptr (FyrChartInk) ink = fyr_chart_ink_new (WIDTH, HEIGHT);
  guint8 pixels[WIDTH * HEIGHT];
  take_all (ink, pixels);
  for (int i = 0; i < WIDTH * HEIGHT; i++) {
    g_assert_cmpuint (pixels[i], ==, 1);
  }
  take_all (ink, pixels);
  for (int i = 0; i < WIDTH * HEIGHT; i++) {
    g_assert_cmpuint (pixels[i], ==, 0);
  }
}

static void
test_ink_covers_every_rectangle_and_not_much_more (void)
{
  g_autoptr (GRand) rand = test_rand ();
  g_autoptr (FyrChartInk) ink = fyr_chart_ink_new (WIDTH, HEIGHT);
  guint8 pixels[WIDTH * HEIGHT];
  take_all (ink, pixels);
  for (int round = 0; round < 2000; round++) {
    int x = g_rand_int_range (rand, -40, WIDTH + 20), y = g_rand_int_range (rand, -20, HEIGHT + 20);
    int width = g_rand_int_range (rand, -3, 90), height = g_rand_int_range (rand, -3, 30);
    fyr_chart_ink_add (ink, x, y, width, height);
    gboolean is_there[WIDTH * HEIGHT];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      is_there[i] = fyr_chart_ink_contains (ink, i % WIDTH, i / WIDTH);
    }
    take_all (ink, pixels);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int column = i % WIDTH, row = i / WIDTH;
      gboolean inside = column >= x && column < x + width && row >= y && row < y + height;
      gboolean near = column > x - FYR_CHART_INK_WIDTH && column < x + width + FYR_CHART_INK_WIDTH &&
                      row > y - FYR_CHART_INK_HEIGHT && row < y + height + FYR_CHART_INK_HEIGHT;
      g_assert_cmpint (pixels[i] != 0, ==, is_there[i]);
      g_assert_true (pixels[i] != 0 || !inside);
      g_assert_true (pixels[i] == 0 || near);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/ink/a-new-picture-may-hold-anything", test_a_new_picture_may_hold_anything);
  g_test_add_func ("/chart/ink/covers-every-rectangle-and-not-much-more",
                   test_ink_covers_every_rectangle_and_not_much_more);
  return g_test_run ();
}
