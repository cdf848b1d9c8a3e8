/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-templates.h"

#include <gio/gio.h>
#include <string.h>

#include "fyr-config.h"

static const char *
default_folder (void)
{
  const char *folder = g_getenv ("FYRLYKT_TEMPLATES");
  return folder != NULL ? folder : FYR_DATADIR "/templates";
}

static FyrLimitTemplate *
load_one (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize size = 0;
  if (!g_file_get_contents (path, &text, &size, &error)) {
    g_warning ("the template %s cannot be read: %s", name, error->message);
    return NULL;
  }
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&text), size);
  FyrLimitTemplate *template = fyr_limit_template_parse (bytes, &error);
  if (template == NULL)
    g_warning ("the template %s is left out: %s", name, error->message);
  return template;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (fyr_limit_template_get_id (*(FyrLimitTemplate *const *)a),
                 fyr_limit_template_get_id (*(FyrLimitTemplate *const *)b));
}

GPtrArray *
fyr_limit_templates_load (const char *folder)
{
  GPtrArray *templates = g_ptr_array_new_with_free_func ((GDestroyNotify)fyr_limit_template_unref);
  const char *from = folder != NULL ? folder : default_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (from, 0, &error);
  const char *name;
  if (dir == NULL) {
    g_warning ("no limit templates: %s", error->message);
    return templates;
  }
  while ((name = g_dir_read_name (dir)) != NULL) {
    FyrLimitTemplate *template = g_str_has_suffix (name, ".json") ? load_one (from, name) : NULL;
    if (template != NULL)
      g_ptr_array_add (templates, template);
  }
  g_ptr_array_sort (templates, compare_ids);
  return templates;
}
