/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FYR_WIRE_ERROR (fyr_wire_error_quark ())
GQuark
fyr_wire_error_quark (void);

/**
 * FyrWireError:
 * @FYR_WIRE_ERROR_MALFORMED: not JSON, or not the message it should be: answer 400; a bug of the sender
 * @FYR_WIRE_ERROR_TOO_LARGE: more bytes, values, depth or mutations than allowed: answer 413; send less
 * @FYR_WIRE_ERROR_SCHEMA: of a schema this program does not serve: answer 426; upgrade
 * @FYR_WIRE_ERROR_EMPTY: no bytes at all: answer 400; a connection cut short
 *
 * Messages name members and rules, never values: they may go to a log.
 */
typedef enum {
  FYR_WIRE_ERROR_MALFORMED,
  FYR_WIRE_ERROR_TOO_LARGE,
  FYR_WIRE_ERROR_SCHEMA,
  FYR_WIRE_ERROR_EMPTY,
} FyrWireErrorCode;

/** fyr_wire_error_to_status: the HTTP status to answer with: 400, 413 or 426; 500 for another domain. */
guint
fyr_wire_error_to_status (const GError *error);

/** fyr_wire_error_to_code: the word for the error's body: malformed, too-large or schema; "internal". */
const char *
fyr_wire_error_to_code (const GError *error);

G_END_DECLS
