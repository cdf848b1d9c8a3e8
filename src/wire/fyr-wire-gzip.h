/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-wire-error.h"

G_BEGIN_DECLS

/** Bodies below this many bytes are sent as they are */
#define FYR_GZIP_FROM 4096
/** No message of the protocol shrinks more than this many times; what claims to is refused before it has grown */
#define FYR_GZIP_MAX_RATIO 200

/** fyr_gzip_deflate: Returns: (transfer full): @plain as one gzip member (RFC 1952) */
GBytes *
fyr_gzip_deflate (GBytes *plain);

/**
 * fyr_gzip_inflate:
 * @packed: what another side sent
 * @max: most bytes that may come of it
 *
 * Memory is bounded by @max, whatever the bytes claim.
 *
 * Returns: (transfer full) (nullable): the plain bytes, or %NULL with %FYR_WIRE_ERROR_TOO_LARGE (more than @max bytes,
 * or more than %FYR_GZIP_MAX_RATIO times what was sent), _EMPTY or _MALFORMED (not gzip, cut short, a wrong sum, or
 * anything behind the one member)
 */
GBytes *
fyr_gzip_inflate (GBytes *packed, gsize max, GError **error);

G_END_DECLS
