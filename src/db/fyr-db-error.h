/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrDbError:
 * @FYR_DB_ERROR_BUSY: somebody else holds the database; try again later or tell who may not open it twice
 * @FYR_DB_ERROR_CONSTRAINT: a row breaks a rule of its table; the caller's data is wrong, nothing was changed
 * @FYR_DB_ERROR_FULL: the disk is full; free space, then do the same again
 * @FYR_DB_ERROR_CORRUPT: the file is damaged or not a database; restore or fetch afresh
 * @FYR_DB_ERROR_IO: reading or writing failed; when fyr_connection_is_broken() says so, reopen and check
 * @FYR_DB_ERROR_NEWER_SCHEMA: a later version of the program wrote this database; update the program
 * @FYR_DB_ERROR_FAILED: anything else, mostly a mistake in the calling code
 *
 * What went wrong in a database, by what the caller can do about it.
 */
typedef enum {
  FYR_DB_ERROR_BUSY,
  FYR_DB_ERROR_CONSTRAINT,
  FYR_DB_ERROR_FULL,
  FYR_DB_ERROR_CORRUPT,
  FYR_DB_ERROR_IO,
  FYR_DB_ERROR_NEWER_SCHEMA,
  FYR_DB_ERROR_FAILED,
} FyrDbError;

#define FYR_DB_ERROR (fyr_db_error_quark ())

/**
 * fyr_db_error_quark:
 *
 * Returns: the error domain of the db room
 */
GQuark
fyr_db_error_quark (void);

G_END_DECLS
