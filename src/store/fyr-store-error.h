/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrStoreError:
 * @FYR_STORE_ERROR_FULL: the disk is full: nothing was saved; free space and save again
 * @FYR_STORE_ERROR_IO: the disk failed: nothing more can be saved until the database was opened again and
 *   found sound, which the next call tries
 * @FYR_STORE_ERROR_CORRUPT: the database is damaged: keep the file, fetch everything afresh from the server
 * @FYR_STORE_ERROR_LOCKED_BY_OTHER: the program runs already with this database
 * @FYR_STORE_ERROR_NEWER: a later version of the program wrote this database: update the program
 * @FYR_STORE_ERROR_INVALID: what was to be saved breaks a rule of its record kind; message names the field
 * @FYR_STORE_ERROR_REFUSED: it cannot be done in the present state (the alert is closed or somebody else's);
 *   the message is a msgid to show
 * @FYR_STORE_ERROR_UNKNOWN_RECORD: there is no such record here (any more)
 * @FYR_STORE_ERROR_GAP: a page of the feed does not follow what is here: ask again from the cursor
 * @FYR_STORE_ERROR_EPOCH: a page of another life of the server's database: reconcile first
 * @FYR_STORE_ERROR_CREDENTIALS: user name or password wrong, or nobody known here; same for all three
 * @FYR_STORE_ERROR_LOCKED_OUT: too many wrong passwords: wait
 * @FYR_STORE_ERROR_EXPIRED: no contact with the server for too long: sign in there first
 * @FYR_STORE_ERROR_SEALED: nobody has signed in since the program began: the database is not open yet
 * @FYR_STORE_ERROR_FOREIGN: the server's share does not fit this machine's database: it is not the server that this
 *   machine worked with, or one too old for it. Nothing was changed
 * @FYR_STORE_ERROR_CLOSED: the store was closed
 * @FYR_STORE_ERROR_FAILED: a mistake in the program
 */
typedef enum {
  FYR_STORE_ERROR_FULL,
  FYR_STORE_ERROR_IO,
  FYR_STORE_ERROR_CORRUPT,
  FYR_STORE_ERROR_LOCKED_BY_OTHER,
  FYR_STORE_ERROR_NEWER,
  FYR_STORE_ERROR_INVALID,
  FYR_STORE_ERROR_REFUSED,
  FYR_STORE_ERROR_UNKNOWN_RECORD,
  FYR_STORE_ERROR_GAP,
  FYR_STORE_ERROR_EPOCH,
  FYR_STORE_ERROR_CREDENTIALS,
  FYR_STORE_ERROR_LOCKED_OUT,
  FYR_STORE_ERROR_EXPIRED,
  FYR_STORE_ERROR_SEALED,
  FYR_STORE_ERROR_FOREIGN,
  FYR_STORE_ERROR_CLOSED,
  FYR_STORE_ERROR_FAILED,
} FyrStoreError;

#define FYR_STORE_ERROR (fyr_store_error_quark ())

/** fyr_store_error_quark: Returns: the error domain of the store room */
GQuark
fyr_store_error_quark (void);

G_END_DECLS
