/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-server-schema.h"
#include "fyr-upgrade.h"

int
main (int argc, char **argv)
{
  static const char *const files[] = { "server-v1.db", "server-v1-first.db", "server-v2.db", NULL };

  return fyr_upgrade_main (argc, argv, "/server/upgrade/", "server", files, FYR_SERVER_SCHEMA_VERSION,
                           fyr_server_schema_migrate);
}
