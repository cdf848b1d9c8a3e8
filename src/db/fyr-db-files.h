/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** fyr_db_files_prepare: settings of SQLite that must be made before its first call */
void
fyr_db_files_prepare (void);

/** fyr_db_files_create: makes @path for its owner alone, unless it is there. Returns: %TRUE or %FALSE with error */
gboolean
fyr_db_files_create (const char *path, GError **error);

/** fyr_db_files_put_in_place: @part, on the disk, becomes @path, at once or not at all. Returns: %TRUE or error */
gboolean
fyr_db_files_put_in_place (const char *part, const char *path, GError **error);

G_END_DECLS
