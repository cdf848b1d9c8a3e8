/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>

#include "fyr-admin.h"

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_set_prgname ("fyrlykt-admin");
  return fyr_admin_run (argc, argv);
}
