/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-compat-painting.h"

/* With what the application paints: a machine without a graphics processor is not made to imitate one. */

static void
touch (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
}

static void
drop (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
forget (void)
{
  g_unsetenv ("GSK_RENDERER");
  g_unsetenv ("GDK_DEBUG");
  g_unsetenv ("GDK_DISABLE");
}

static gboolean
is_without_gl (void)
{
  const char *debug = g_getenv ("GDK_DEBUG"), *disable = g_getenv ("GDK_DISABLE");

  return (debug && strstr (debug, "gl-disable")) || (disable && strstr (disable, "gl"));
}

static void
test_without_a_graphics_processor_no_opengl_is_loaded (void)
{
  g_autofree char *dev = g_dir_make_tmp ("fyr-painting-XXXXXX", NULL);

  forget ();
  touch (dev, "dri/card0");
  g_assert_false (fyr_compat_has_graphics (dev));
  fyr_compat_choose_painting (dev);
  g_assert_cmpstr (g_getenv ("GSK_RENDERER"), ==, "cairo");
  g_assert_true (is_without_gl ());
  drop (dev, "dri/card0");
  drop (dev, "dri");
  g_rmdir (dev);
}

static void
test_a_graphics_processor_is_used (void)
{
  static const char *const nodes[] = { "dri/renderD128", "nvidiactl", "dxg" };

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++) {
    g_autofree char *dev = g_dir_make_tmp ("fyr-painting-XXXXXX", NULL);

    forget ();
    touch (dev, nodes[i]);
    fyr_compat_choose_painting (dev);
    g_assert_null (g_getenv ("GSK_RENDERER"));
    g_assert_false (is_without_gl ());
    drop (dev, nodes[i]);
    if (i == 0)
      drop (dev, "dri");
    g_rmdir (dev);
  }
}

static void
test_what_the_person_chose_stands (void)
{
  forget ();
  g_setenv ("GSK_RENDERER", "ngl", TRUE);
  fyr_compat_choose_painting ("/nonexistent");
  g_assert_cmpstr (g_getenv ("GSK_RENDERER"), ==, "ngl");
  g_assert_false (is_without_gl ());
  g_setenv ("GSK_RENDERER", "cairo", TRUE);
  g_setenv ("GDK_DEBUG", "events", TRUE);
  fyr_compat_choose_painting ("/nonexistent");
  g_assert_true (g_str_has_prefix (g_getenv ("GDK_DEBUG"), "events"));
  g_assert_true (is_without_gl ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/painting/without-a-graphics-processor-no-opengl-is-loaded",
                   test_without_a_graphics_processor_no_opengl_is_loaded);
  g_test_add_func ("/app/painting/a-graphics-processor-is-used", test_a_graphics_processor_is_used);
  g_test_add_func ("/app/painting/what-the-person-chose-stands", test_what_the_person_chose_stands);
  return g_test_run ();
}
