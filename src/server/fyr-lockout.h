/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-writer.h"

G_BEGIN_DECLS

/** FYR_LOCKOUT_FREE_TRIES: wrong passwords before a name is locked, a minute at first, twice as long each time */
#define FYR_LOCKOUT_FREE_TRIES 5

/**
 * fyr_lockout_find:
 * @user_name: as typed; names nobody has are treated alike
 * @seconds: (out): how long it stays locked, 0 for not
 *
 * Returns: %TRUE or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_lockout_find (
    FyrConnection *connection, const char *user_name, gint64 now, guint *seconds, GError **error);

/** fyr_lockout_note: a wrong password; counts, and locks from the sixth on, an hour at most. Returns: %TRUE, or %FALSE
 * with any %FYR_DB_ERROR: answer as a failure of the server */
gboolean
fyr_lockout_note (FyrWriteContext *context, const char *user_name, GError **error);

/** fyr_lockout_clear: the right one, or an operator lifts it. Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_lockout_clear (FyrWriteContext *context, const char *user_name, GError **error);

G_END_DECLS
