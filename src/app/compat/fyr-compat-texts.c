/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-compat-texts.h"

#include <libintl.h>

#include "fyr-config.h"

#define DOMAIN "libadwaita"

/* The translation of the empty message is the catalogue's own head. */
static gboolean
has_catalogue (void)
{
  return *dgettext (DOMAIN, "") != '\0';
}

void
fyr_compat_texts_complete (const char *folder)
{
  g_autofree char *ours =
      folder ? g_build_filename (folder, DOMAIN, NULL) : g_build_filename (FYR_DATADIR, "locale", NULL);

  if (has_catalogue ())
    return;
  bindtextdomain (DOMAIN, ours);
  bind_textdomain_codeset (DOMAIN, "UTF-8");
}
