/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"
#include "fyr-record.h"

G_BEGIN_DECLS

/* What the server signs, so that it can be told after a restore from what was made up. */

/** FYR_WITNESS_TAG_SIZE: a tag's characters and a NUL */
#define FYR_WITNESS_TAG_SIZE 23

/** FyrWitnessKey: the secret of the database, and so of its backups, that tags are made with */
typedef struct {
  guint8 bytes[32];
} FyrWitnessKey;

/** fyr_witness_key_load: Returns: %TRUE and the key, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_witness_key_load (FyrWitnessKey *key, FyrConnection *connection, GError **error);

/**
 * fyr_witness_sign:
 * @tag: (out): a tag over the record's kind and canonical text, its version with it
 *
 * What lets a workstation give back, after a restore, what others had written (PROTOCOL.md, "Witnesses").
 */
void
fyr_witness_sign (const FyrWitnessKey *key, FyrRecord *record, char tag[FYR_WITNESS_TAG_SIZE]);

/** fyr_witness_sign_deletion: @version: of the tombstone; @tag: (out) */
void
fyr_witness_sign_deletion (const FyrWitnessKey *key,
                           const char *kind,
                           const char *id,
                           gint64 version,
                           char tag[FYR_WITNESS_TAG_SIZE]);

/** FyrReceipt: what a mutation had done in a former life of the server. @version: of the record after it; 0: none */
typedef struct {
  gint64 version;
  char epoch[101];
} FyrReceipt;

/** fyr_receipt_write: (transfer full): that the mutation of @digest was applied in @epoch and made @version */
char *
fyr_receipt_write (const FyrWitnessKey *key, const char *digest, const char *epoch, gint64 version);

/** fyr_receipt_read: Returns: whether @text was written by this database, or one it was restored from, for @digest */
gboolean
fyr_receipt_read (const FyrWitnessKey *key, const char *digest, const char *text, FyrReceipt *receipt);

G_END_DECLS
