/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * What a page and a frame of SQLite's write-ahead log look like on the disk of a workstation (security.md, "At rest"):
 * XChaCha20-Poly1305 with the page's number or the frame's place and header bound to it. Sealed and plain ones have the
 * same length: SQLite leaves the last FYR_PAGE_RESERVED bytes of each page free.
 */

#define FYR_PAGE_BYTES 4096
#define FYR_PAGE_RESERVED 40
#define FYR_LOG_HEADER_BYTES 32
#define FYR_FRAME_HEADER_BYTES 24
#define FYR_FRAME_BYTES (FYR_FRAME_HEADER_BYTES + FYR_PAGE_BYTES)
#define FYR_PAGE_KEY_BYTES 32

/** FyrPageKey: the key of one database, in memory that is not swapped and is wiped with its last reference */
typedef struct _FyrPageKey FyrPageKey;

/** fyr_page_key_new: @bytes: FYR_PAGE_KEY_BYTES of them. Returns: (transfer full): a copy */
FyrPageKey *
fyr_page_key_new (const guint8 *bytes);
/** fyr_page_key_new_random: Returns: (transfer full): a key nobody has had before */
FyrPageKey *
fyr_page_key_new_random (void);
FyrPageKey *
fyr_page_key_ref (FyrPageKey *self);
void
fyr_page_key_unref (FyrPageKey *self);
/** fyr_page_key_get_bytes: Returns: (transfer none): FYR_PAGE_KEY_BYTES of them */
const guint8 *
fyr_page_key_get_bytes (FyrPageKey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrPageKey, fyr_page_key_unref)

/**
 * fyr_page_seal:
 * @number: of the page, from 1
 * @plain: FYR_PAGE_BYTES; the reserved ones at the end are not kept
 * @sealed: (out): FYR_PAGE_BYTES, another place
 */
void
fyr_page_seal (FyrPageKey *key, guint32 number, const guint8 *plain, guint8 *sealed);

/**
 * fyr_page_unseal:
 * @plain: (out): FYR_PAGE_BYTES, another place; the reserved bytes are zero
 *
 * Returns: %FALSE when @sealed is not what was sealed as this page: damaged, or another page's, or another database's
 */
gboolean
fyr_page_unseal (FyrPageKey *key, guint32 number, const guint8 *sealed, guint8 *plain);

/**
 * fyr_frame_seal:
 * @place: of the frame in the log, from 0
 * @frame: (inout): FYR_FRAME_BYTES, header first; page number, commit mark and salts stay readable
 *
 * The reserved bytes of the page must be zero: they are not kept.
 */
void
fyr_frame_seal (FyrPageKey *key, guint64 place, guint8 *frame);

/** fyr_frame_unseal: as fyr_page_unseal(), in place; @frame is worthless when it answers %FALSE */
gboolean
fyr_frame_unseal (FyrPageKey *key, guint64 place, guint8 *frame);

G_END_DECLS
