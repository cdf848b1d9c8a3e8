/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrServerError:
 * @FYR_SERVER_ERROR_LOCKED: another process uses the data folder; the message names it
 * @FYR_SERVER_ERROR_BROKEN: a commit failed: nobody knows what is on the disk; stop, open again, check
 * @FYR_SERVER_ERROR_CLOSED: the server is stopping; ask again later
 * @FYR_SERVER_ERROR_BUSY: too much is waiting; ask again later
 * @FYR_SERVER_ERROR_FORBIDDEN: the subject may not; says the same whether the thing exists or not
 * @FYR_SERVER_ERROR_UNKNOWN: no such record
 * @FYR_SERVER_ERROR_INVALID: what was asked makes no sense; the caller must change it
 * @FYR_SERVER_ERROR_DUPLICATE: it is there already
 * @FYR_SERVER_ERROR_ADDRESS: cannot listen there
 *
 * What went wrong in the server, by what the caller can do about it. Messages never hold patient data.
 */
typedef enum {
  FYR_SERVER_ERROR_LOCKED,
  FYR_SERVER_ERROR_BROKEN,
  FYR_SERVER_ERROR_CLOSED,
  FYR_SERVER_ERROR_BUSY,
  FYR_SERVER_ERROR_FORBIDDEN,
  FYR_SERVER_ERROR_UNKNOWN,
  FYR_SERVER_ERROR_INVALID,
  FYR_SERVER_ERROR_DUPLICATE,
  FYR_SERVER_ERROR_ADDRESS,
} FyrServerError;

#define FYR_SERVER_ERROR (fyr_server_error_quark ())

/** fyr_server_error_quark: Returns: the error domain of the server room */
GQuark
fyr_server_error_quark (void);

G_END_DECLS
