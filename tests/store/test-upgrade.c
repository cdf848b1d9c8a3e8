/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-migrator.h"
#include "fyr-store-private.h"
#include "fyr-upgrade.h"

int
main (int argc, char **argv)
{
  static const char *const files[] = { "store-v1.db", NULL };

  return fyr_upgrade_main (argc, argv, "/store/upgrade/", "store", files, FYR_STORE_SCHEMA_VERSION,
                           fyr_store_migrate);
}
