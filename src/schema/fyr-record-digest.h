/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record.h"

G_BEGIN_DECLS

/** FYR_ROW_HASH_SIZE: a row's hash: 32 lower-case hexadecimal digits and a NUL */
#define FYR_ROW_HASH_SIZE 33

/**
 * fyr_record_append_canonical:
 * @class_mask: as for fyr_record_to_json()
 * @text: appended to
 *
 * The one text of a record as somebody sees it, whatever program wrote it: the canonical text (fyr-canonical-json.h) of
 * fyr_record_to_json(). Two programs that know different fields give the same.
 */
void
fyr_record_append_canonical (FyrRecord *self, guint class_mask, GString *text);

/**
 * fyr_record_hash:
 * @hash: (out): the first 32 digits of SHA-256 over the record's canonical text
 */
void
fyr_record_hash (FyrRecord *self, guint class_mask, char hash[FYR_ROW_HASH_SIZE]);

/**
 * FyrRecordDigest:
 *
 * A digest of many records, given in the order of their ids: SHA-256 over their hashes one after the other.
 */
typedef struct {
  GChecksum *checksum;
  guint count;
} FyrRecordDigest;

/** fyr_record_digest_init: of nothing yet; fyr_record_digest_clear() gives it back */
void
fyr_record_digest_init (FyrRecordDigest *self);
void
fyr_record_digest_add (FyrRecordDigest *self, const char *hash);

/** fyr_record_digest_get: Returns: (transfer none): 64 hexadecimal digits; nothing can be added afterwards */
const char *
fyr_record_digest_get (FyrRecordDigest *self);
void
fyr_record_digest_clear (FyrRecordDigest *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FyrRecordDigest, fyr_record_digest_clear)

G_END_DECLS
