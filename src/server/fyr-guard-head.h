/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** FYR_GUARD_HEAD_MAX: bytes a request's head may have */
#define FYR_GUARD_HEAD_MAX 16384

/**
 * FyrGuardHead:
 * @status: 0 when the request may go on, else the HTTP status to answer before closing
 * @reason: why not, a word for the log
 * @head: (nullable): the head to hand on: as sent, without the headers that are dropped; owned
 * @is_fhir: the path is below /fhir: answers are OperationOutcomes
 * @is_packed: the body is compressed with gzip; only where that is taken
 * @is_upgrade: asks to become a WebSocket
 * @is_chunked: the body comes in chunks
 * @length: bytes of the body, when not in chunks
 * @max_length: most bytes a body for this path may have
 *
 * What the guard reads in a request's head, before the HTTP library sees any of it.
 */
typedef struct {
  guint status;
  const char *reason;
  GString *head;
  gboolean is_fhir;
  gboolean is_packed;
  gboolean is_upgrade;
  gboolean is_chunked;
  gint64 length;
  gint64 max_length;
} FyrGuardHead;

/**
 * fyr_guard_head_read:
 * @bytes: from the first byte of the request line up to and with the empty line
 * @length: bytes
 * @self: (out): the result
 *
 * A strict reader of RFC 9112: no bare CR or LF, no folded lines, no space before a colon, one Host, one
 * length
 * of digits, chunked alone and never beside a length, GET without a body, targets in origin form. Drops
 * Range,
 * If-Range, Cookie, and every Upgrade but a WebSocket's.
 */
void
fyr_guard_head_read (const char *bytes, gsize length, FyrGuardHead *self);

/** fyr_guard_head_clear: frees what fyr_guard_head_read() made */
void
fyr_guard_head_clear (FyrGuardHead *self);

/**
 * fyr_guard_head_find_end:
 *
 * Returns: bytes of the head when its empty line is there, 0 when more is needed
 */
gsize
fyr_guard_head_find_end (const char *bytes, gsize length);

G_END_DECLS
