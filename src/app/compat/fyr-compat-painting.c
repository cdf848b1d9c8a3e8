/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-compat-painting.h"

#include <gtk/gtk.h>

static gboolean
has_render_node (const char *dev)
{
  g_autofree char *path = g_build_filename (dev, "dri", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;
  return FALSE;
}

gboolean
fyr_compat_has_graphics (const char *dev)
{
  /* Drivers that make no render node: an older NVIDIA's, and Windows' beneath a Linux. */
  static const char *const others[] = { "nvidiactl", "dxg" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autofree char *path = g_build_filename (dev, others[i], NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return TRUE;
  }
  return has_render_node (dev);
}

static void
add_to_list (const char *variable, const char *words)
{
  const char *before = g_getenv (variable);
  g_autofree char *all = before && *before ? g_strdup_printf ("%s,%s", before, words) : g_strdup (words);

  g_setenv (variable, all, TRUE);
}

void
fyr_compat_choose_painting (const char *dev)
{
  if (!g_getenv ("GSK_RENDERER") && !fyr_compat_has_graphics (dev))
    g_setenv ("GSK_RENDERER", "cairo", TRUE);
  if (g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") != 0)
    return;
  /* The same wish has had two names. */
  if (gtk_get_minor_version () >= 16)
    add_to_list ("GDK_DISABLE", "gl,vulkan");
  else
    add_to_list ("GDK_DEBUG", "gl-disable");
}
