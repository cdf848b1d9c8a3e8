/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** FyrGuardChunksState: where in a chunked body the reader is */
typedef enum {
  FYR_GUARD_CHUNKS_SIZE,
  FYR_GUARD_CHUNKS_SIZE_LF,
  FYR_GUARD_CHUNKS_DATA,
  FYR_GUARD_CHUNKS_DATA_CR,
  FYR_GUARD_CHUNKS_DATA_LF,
  FYR_GUARD_CHUNKS_END_CR,
  FYR_GUARD_CHUNKS_END_LF,
  FYR_GUARD_CHUNKS_END,
  FYR_GUARD_CHUNKS_BROKEN,
  FYR_GUARD_CHUNKS_TOO_LARGE,
} FyrGuardChunksState;

/**
 * FyrGuardChunks:
 *
 * Follows a chunked body (RFC 9112, 7.1) to its end: sizes of one to eight hexadecimal digits, no
 * extensions, no
 * trailers, no line end but CRLF.
 */
typedef struct {
  FyrGuardChunksState state;
  guint digits;
  gint64 left;
  gint64 total;
  gint64 max;
} FyrGuardChunks;

/** fyr_guard_chunks_init: @max: most bytes of data in all */
void
fyr_guard_chunks_init (FyrGuardChunks *self, gint64 max);

/** fyr_guard_chunks_read: Returns: how many of the bytes belong to the body; see @self's state */
gsize
fyr_guard_chunks_read (FyrGuardChunks *self, const guint8 *bytes, gsize length);

G_END_DECLS
