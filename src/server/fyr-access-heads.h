/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-access-chain.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/*
 * Signed heads of the access log. Every ten minutes the server signs where each centre's chain ends, writes it to
 * `access-log-heads` in its data folder, and logs it as a line that a log forwarder takes to another host. Whoever owns
 * the database, and makes the whole chain anew after a change, cannot make these anew.
 *
 * A line of the file, and of `fyrlykt-admin access-log heads`, is
 * `<time> <epoch> <centre> <number> <hash> <public key> <signature>`: times in ms since the epoch, keys and signatures
 * (Ed25519) in hexadecimal digits. What is signed is "fyrlykt-access-log-1 " and the line up to the key, key included.
 */

#define FYR_ACCESS_HEADS_NAME "access-log-heads"
#define FYR_ACCESS_KEY_NAME "access-log.key"
#define FYR_ACCESS_KEY_SIZE 65
#define FYR_ACCESS_HEADS_SECONDS 600

/** FyrAccessSigner: the key, and what was signed last */
typedef struct _FyrAccessSigner FyrAccessSigner;

/**
 * fyr_access_signer_new:
 * @directory: the data folder; its key is made at the first call
 *
 * Returns: (transfer full) (nullable): %NULL with %FYR_SERVER_ERROR_INVALID when the key is damaged, or a %G_FILE_ERROR
 */
FyrAccessSigner *
fyr_access_signer_new (const char *directory, GError **error);
void
fyr_access_signer_free (FyrAccessSigner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrAccessSigner, fyr_access_signer_free)

/** fyr_access_signer_get_key: Returns: (transfer none): the public key, 64 hexadecimal digits */
const char *
fyr_access_signer_get_key (FyrAccessSigner *self);

/**
 * fyr_access_signer_run:
 *
 * For fyr_schedule_add(): signs each head that moved since the last time; @user_data is the #FyrAccessSigner.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR or a %G_FILE_ERROR; tried again next time
 */
gboolean
fyr_access_signer_run (
    FyrWriteContext *context, gint64 since, gint64 now, gpointer user_data, GError **error);

/**
 * FyrSignedHead:
 *
 * One line, read.
 */
typedef struct {
  gint64 time;
  char epoch[64];
  FyrAccessHead head;
  char key[FYR_ACCESS_KEY_SIZE];
} FyrSignedHead;

/**
 * fyr_signed_head_parse:
 * @line: without its line feed
 *
 * Returns: whether it is a line of that form with a good signature
 */
gboolean
fyr_signed_head_parse (const char *line, FyrSignedHead *signed_head);

/** fyr_access_key_read: @key: (out): the public key of a data folder. Returns: %TRUE, or %FALSE with a %G_FILE_ERROR or
 * %FYR_SERVER_ERROR_INVALID */
gboolean
fyr_access_key_read (const char *directory, char key[FYR_ACCESS_KEY_SIZE], GError **error);

G_END_DECLS
