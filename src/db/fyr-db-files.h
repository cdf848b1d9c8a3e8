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

/**
 * fyr_db_files_count_unread:
 *
 * SQLite tells some of what the disk would not read as damage, or leaves it out. Whoever would act on damage asks this
 * before and after.
 *
 * Returns: how many reads of databases, and of what lies beside them, the disk refused this thread so far
 */
guint64
fyr_db_files_count_unread (void);

G_END_DECLS
