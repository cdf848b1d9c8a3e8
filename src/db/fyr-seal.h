/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

/** FyrSealState: how a database lies on the disk */
typedef enum {
  FYR_SEAL_NONE,   /* there is none, or nothing in it */
  FYR_SEAL_PLAIN,  /* anybody can read it: of a release before it was sealed */
  FYR_SEAL_SEALED, /* or so damaged that it looks like it */
  FYR_SEAL_UNREAD, /* the disk would not say */
} FyrSealState;

/** fyr_seal_get_state: looks at the first bytes of the file of that full name */
FyrSealState
fyr_seal_get_state (const char *path);

/**
 * fyr_seal_fits:
 *
 * Returns: whether the database of that full name begins with a page sealed with @key; %FALSE with %FYR_DB_ERROR_IO
 * when the disk would not say
 */
gboolean
fyr_seal_fits (const char *path, FyrPageKey *key, GError **error);

/**
 * fyr_seal_database:
 * @path: name of a plain database that nobody has open
 * @key: its key from here on
 *
 * Writes a sealed copy beside it, checks it, puts it in its place and wipes the plain one. Killed anywhere, @path is
 * one of the two, whole.
 *
 * Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_BUSY, _FULL, _IO or _CORRUPT; @path is as it was
 */
gboolean
fyr_seal_database (const char *path, FyrPageKey *key, GError **error);

G_END_DECLS
