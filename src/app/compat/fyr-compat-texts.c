/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-compat-texts.h"

#include <gtk/gtk.h>
#include <libintl.h>

#include "fyr-config.h"

#define LIBADWAITA "libadwaita"
#define GTK "gtk40"

/* (transfer full): where our catalogues of a library's texts lie. */
static char *
folder_of (const char *domain, const char *folder)
{
  return folder ? g_build_filename (folder, domain, NULL) : g_build_filename (FYR_DATADIR, "locale", NULL);
}

static void
use (const char *domain, const char *ours)
{
  bindtextdomain (domain, ours);
  bind_textdomain_codeset (domain, "UTF-8");
}

/* The translation of the empty message is the catalogue's own head. */
static gboolean
has_catalogue (const char *domain)
{
  return *dgettext (domain, "") != '\0';
}

static void
complete_libadwaita (const char *folder)
{
  g_autofree char *ours = folder_of (LIBADWAITA, folder);

  if (!has_catalogue (LIBADWAITA))
    use (LIBADWAITA, ours);
}

/* Whether ours is of this GTK: it is made from the system's when the program is built. */
static gboolean
is_of_this_gtk (void)
{
  return gtk_get_major_version () == GTK_MAJOR_VERSION && gtk_get_minor_version () == GTK_MINOR_VERSION;
}

/* Only for the language a person wants first: ours holds no other. */
static void
complete_gtk (const char *folder)
{
  g_autofree char *ours = folder_of (GTK, folder);
  g_autofree char *language = g_strdup (g_get_language_names ()[0]);
  g_autofree char *catalogue = NULL;

  g_strdelimit (language, "_.@", '\0');
  catalogue = g_build_filename (ours, language, "LC_MESSAGES", GTK ".mo", NULL);
  if (is_of_this_gtk () && g_file_test (catalogue, G_FILE_TEST_EXISTS))
    use (GTK, ours);
}

void
fyr_compat_texts_complete (const char *folder)
{
  complete_libadwaita (folder);
  complete_gtk (folder);
}
