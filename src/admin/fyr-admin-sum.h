/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A backup's checksum, kept beside it as FILE.sum: a bit that rots in years of lying is noticed before the backup is
 * put in place, also where the structure of the database says nothing of it.
 */

/** fyr_admin_sum_write: writes the sum of a finished backup. Returns: %TRUE, or %FALSE with any #GFileError */
gboolean
fyr_admin_sum_write (const char *path, GError **error);

/**
 * fyr_admin_sum_check:
 * @known: (out): whether there is a sum; without one only the structure of the database can be checked
 *
 * Returns: %TRUE, or %FALSE with %FYR_ADMIN_ERROR_DAMAGED when the file is not as it was written (take another backup),
 * or any #GFileError
 */
gboolean
fyr_admin_sum_check (const char *path, gboolean *known, GError **error);

G_END_DECLS
