/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-witness-tag.h"

#include <sodium.h>
#include <string.h>

#include "fyr-db-error.h"
#include "fyr-record-digest.h"

#define TAG_BYTES 16

gboolean
fyr_witness_key_load (FyrWitnessKey *key, FyrConnection *connection, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection, "SELECT value FROM meta WHERE name = 'witness_key'", error);
  const char *text;

  if (select == NULL || fyr_statement_step (select, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  text = fyr_statement_get_text (select, 0);
  if (sodium_hex2bin (key->bytes, sizeof key->bytes, text, strlen (text), NULL, NULL, NULL) != 0) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, "The database's secret is damaged");
    return FALSE;
  }
  return TRUE;
}

static void
sign (const FyrWitnessKey *key, const char *text, gsize length, char tag[FYR_WITNESS_TAG_SIZE])
{
  guint8 bytes[TAG_BYTES];

  crypto_generichash (bytes, sizeof bytes, (const guint8 *)text, length, key->bytes, sizeof key->bytes);
  sodium_bin2base64 (tag, FYR_WITNESS_TAG_SIZE, bytes, sizeof bytes,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
fyr_witness_sign (const FyrWitnessKey *key, FyrRecord *record, char tag[FYR_WITNESS_TAG_SIZE])
{
  g_autoptr (GString) text = g_string_sized_new (512);

  g_string_append (text, fyr_record_get_info (record)->kind);
  g_string_append_c (text, '\n');
  fyr_record_append_canonical (record, G_MAXUINT, text);
  sign (key, text->str, text->len, tag);
}

/* The first line is the name of no kind, so no tag of one sort is good for another. */
void
fyr_witness_sign_deletion (const FyrWitnessKey *key,
                           const char *kind,
                           const char *id,
                           gint64 version,
                           char tag[FYR_WITNESS_TAG_SIZE])
{
  g_autofree char *text = g_strdup_printf ("-deletion\n%s\n%s\n%" G_GINT64_FORMAT, kind, id, version);

  sign (key, text, strlen (text), tag);
}

static void
sign_receipt (const FyrWitnessKey *key,
              const char *digest,
              const char *epoch,
              gint64 version,
              char tag[FYR_WITNESS_TAG_SIZE])
{
  g_autofree char *text = g_strdup_printf ("-receipt\n%s\n%s\n%" G_GINT64_FORMAT, digest, epoch, version);

  sign (key, text, strlen (text), tag);
}

char *
fyr_receipt_write (const FyrWitnessKey *key, const char *digest, const char *epoch, gint64 version)
{
  char tag[FYR_WITNESS_TAG_SIZE];

  sign_receipt (key, digest, epoch, version, tag);
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%s.%s", version, tag, epoch);
}

gboolean
fyr_receipt_read (const FyrWitnessKey *key, const char *digest, const char *text, FyrReceipt *receipt)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 3);
  char tag[FYR_WITNESS_TAG_SIZE];

  *receipt = (FyrReceipt){ 0 };
  if (g_strv_length (parts) != 3 || strlen (parts[2]) >= sizeof receipt->epoch ||
      strlen (parts[1]) != FYR_WITNESS_TAG_SIZE - 1 ||
      !g_ascii_string_to_signed (parts[0], 10, 1, G_MAXINT64, &receipt->version, NULL)) {
    return FALSE;
  }
  sign_receipt (key, digest, parts[2], receipt->version, tag);
  if (sodium_memcmp (tag, parts[1], FYR_WITNESS_TAG_SIZE - 1) != 0) {
    receipt->version = 0;
    return FALSE;
  }
  g_strlcpy (receipt->epoch, parts[2], sizeof receipt->epoch);
  return TRUE;
}
