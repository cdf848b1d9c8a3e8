/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

/*
 * A database of an older release, brought to this one: killed at each of its file calls, with each of them failing, on
 * a full disk. The same for workstation and server.
 */

typedef gboolean (*FyrUpgradeFunc) (FyrConnection *connection, GError **error);

/**
 * fyr_upgrade_main:
 * @prefix: of the test names
 * @room: folder below tests/ whose old/ holds the databases
 * @files: (array zero-terminated=1): their names
 * @version: what they become
 *
 * A test program's whole main().
 */
int
fyr_upgrade_main (int argc,
                  char **argv,
                  const char *prefix,
                  const char *room,
                  const char *const *files,
                  gint64 version,
                  FyrUpgradeFunc upgrade);

G_END_DECLS
