/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>

#include "fyr-admin.h"
#include "fyr-config.h"

int
main (int argc, char **argv)
{
  const char *folder = g_getenv ("FYRLYKT_LOCALEDIR");

  setlocale (LC_ALL, "");
  /* Figures are written the same way for every reader and program. */
  setlocale (LC_NUMERIC, "C");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("fyrlykt-admin");
  return fyr_admin_run (argc, argv);
}
