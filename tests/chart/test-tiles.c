/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "chart-test.h"
#include "fyr-chart-tiles.h"

#define WIDTH 403
#define HEIGHT 301

static const FyrChartPlot plots[] = {
  { 40, 20, 300, 100, 0, 130 },
  { 40, 150, 300, 100, 130, 130 },
};

static guint32 *
get_pixel (cairo_surface_t *picture, int x, int y)
{
  guint8 *data = cairo_image_surface_get_data (picture);
  return (guint32 *)(gpointer)(data + y * cairo_image_surface_get_stride (picture) + x * 4);
}

static void
fill (cairo_surface_t *picture, int x, int y, int width, int height, guint32 color)
{
  for (int row = y; row < y + height; row++) {
    for (int column = x; column < x + width; column++) {
      *get_pixel (picture, column, row) = color;
    }
  }
}

/* What the nodes would bring to the screen, each only if it is not the one that was there. */
typedef struct {
  FyrChartTiles *tiles;
  cairo_surface_t *picture;
  cairo_surface_t *screen;
  GPtrArray *shown; /* of GskRenderNode */
} Fixture;

static guint
bring_to_screen (Fixture *f)
{
  guint n_drawn = 0;
  cairo_t *cr = cairo_create (f->screen);
  for (guint i = 0; i < fyr_chart_tiles_get_n (f->tiles); i++) {
    GskRenderNode *node = fyr_chart_tiles_get_node (f->tiles, i);
    if (i >= f->shown->len || g_ptr_array_index (f->shown, i) != node) {
      gsk_render_node_draw (node, cr);
      n_drawn++;
    }
  }
  cairo_destroy (cr);
  g_ptr_array_set_size (f->shown, 0);
  for (guint i = 0; i < fyr_chart_tiles_get_n (f->tiles); i++) {
    g_ptr_array_add (f->shown, gsk_render_node_ref (fyr_chart_tiles_get_node (f->tiles, i)));
  }
  return n_drawn;
}

static guint
update (Fixture *f)
{
  fyr_chart_tiles_update (f->tiles, f->picture, plots, G_N_ELEMENTS (plots));
  return bring_to_screen (f);
}

static void
assert_screen_is_picture (Fixture *f)
{
  cairo_surface_flush (f->screen);
  for (int y = 0; y < HEIGHT; y++) {
    g_assert_cmpmem (get_pixel (f->screen, 0, y), WIDTH * 4, get_pixel (f->picture, 0, y), WIDTH * 4);
  }
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->tiles = fyr_chart_tiles_new ();
  f->picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  f->screen = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  f->shown = g_ptr_array_new_with_free_func ((GDestroyNotify)gsk_render_node_unref);
  fill (f->picture, 0, 0, WIDTH, HEIGHT, 0xffffffff);
  /* No longer clear in Cairo's eyes; what is drawn later it need not know of. */
  cairo_surface_mark_dirty (f->picture);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  fyr_chart_tiles_free (f->tiles);
  cairo_surface_destroy (f->picture);
  cairo_surface_destroy (f->screen);
  g_ptr_array_unref (f->shown);
}

/* Anything anywhere, again and again in the same place or not, and back to what was: the screen has it. */
static void
test_the_screen_shows_every_change (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = test_rand ();
  int x = 0, y = 0;
  for (int step = 0; step < 600; step++) {
    if (g_rand_int_range (rand, 0, 8) == 0) {
      x = g_rand_int_range (rand, 0, WIDTH);
      y = g_rand_int_range (rand, 0, HEIGHT);
    }
    if (g_rand_int_range (rand, 0, 3) > 0) {
      fill (f->picture, x, y, 1, 1, g_rand_boolean (rand) ? 0xff000000 : 0xffffffff);
    }
    update (f);
    assert_screen_is_picture (f);
  }
}

/* As a pan does: the plots move, the rest stays. */
static void
test_what_stays_is_not_brought_again (Fixture *f, gconstpointer data)
{
  update (f);
  update (f);
  guint n_all = fyr_chart_tiles_get_n (f->tiles);
  for (guint32 step = 0; step < 40; step++) {
    fill (f->picture, 100, 25, 1, 80, 0xff000000 + step);
    guint n_drawn = update (f);
    g_assert_cmpuint (n_drawn, >, 0);
    g_assert_cmpuint (n_drawn, <=, 1);
    g_assert_cmpuint (n_drawn, <, n_all);
    assert_screen_is_picture (f);
  }
  /* At rest again, nothing is brought once that was noticed. */
  for (int step = 0; step < 20; step++) {
    update (f);
  }
  g_assert_cmpuint (update (f), ==, 0);
}

/* Scrolled panels and another picture are cut anew; the parts cover it whole. */
static void
test_parts_cover_the_picture_however_its_plots_lie (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = test_rand ();
  for (int step = 0; step < 100; step++) {
    FyrChartPlot moved[2];
    for (int i = 0; i < 2; i++) {
      double shift = g_rand_double_range (rand, -300, 300), wide = g_rand_double_range (rand, 0, 500);
      moved[i] = plots[i];
      moved[i].y += shift;
      moved[i].strip_y += shift;
      moved[i].width = wide;
    }
    fill (f->picture, 0, 0, WIDTH, HEIGHT, 0xff000000 | g_rand_int (rand));
    fyr_chart_tiles_update (f->tiles, f->picture, moved, (guint)g_rand_int_range (rand, 0, 3));
    g_ptr_array_set_size (f->shown, 0);
    bring_to_screen (f);
    assert_screen_is_picture (f);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* As gtk_init() does, which needs a display. */
  g_type_ensure (GSK_TYPE_CAIRO_NODE);
  g_test_add ("/chart/tiles/the-screen-shows-every-change", Fixture, NULL, set_up,
              test_the_screen_shows_every_change, tear_down);
  g_test_add ("/chart/tiles/what-stays-is-not-brought-again", Fixture, NULL, set_up,
              test_what_stays_is_not_brought_again, tear_down);
  g_test_add ("/chart/tiles/parts-cover-the-picture-however-its-plots-lie", Fixture, NULL, set_up,
              test_parts_cover_the_picture_however_its_plots_lie, tear_down);
  return g_test_run ();
}
