/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-templates.h"

#include <gio/gio.h>
#include <string.h>

/* The templates of this program; a folder of a centre's own replaces them. */
#define RESOURCES "resource:///no/fyrlykt/Fyrlykt/templates"

static GFile *
folder_of (const char *folder)
{
  const char *path = folder != NULL ? folder : g_getenv ("FYRLYKT_TEMPLATES");
  return path != NULL ? g_file_new_for_path (path) : g_file_new_for_uri (RESOURCES);
}

static FyrLimitTemplate *
load_one (GFile *folder, const char *name)
{
  g_autoptr (GFile) file = g_file_get_child (folder, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes (file, NULL, NULL, &error);
  FyrLimitTemplate *template = bytes != NULL ? fyr_limit_template_parse (bytes, &error) : NULL;
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
  g_autoptr (GFile) from = folder_of (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileEnumerator) names =
      g_file_enumerate_children (from, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NONE, NULL, &error);
  GFileInfo *info = NULL;
  if (names == NULL) {
    g_warning ("no limit templates: %s", error->message);
    return templates;
  }
  while (g_file_enumerator_iterate (names, &info, NULL, NULL, NULL) && info != NULL) {
    const char *name = g_file_info_get_name (info);
    FyrLimitTemplate *template = g_str_has_suffix (name, ".json") ? load_one (from, name) : NULL;
    if (template != NULL)
      g_ptr_array_add (templates, template);
  }
  g_ptr_array_sort (templates, compare_ids);
  return templates;
}
