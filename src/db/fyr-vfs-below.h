/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Inside of the db room: what layers over SQLite's files share. */

/** fyr_vfs_below: Returns: what SQLite uses when no layer is named: the system's files, or a test's */
sqlite3_vfs *
fyr_vfs_below (void);

/** fyr_vfs_pass_on: fills all calls of a layer but xOpen and its own fields with ones that ask fyr_vfs_below() */
void
fyr_vfs_pass_on (sqlite3_vfs *vfs);

G_END_DECLS
