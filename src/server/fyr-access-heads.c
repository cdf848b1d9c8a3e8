/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-access-heads.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "fyr-log.h"

#define PREFIX "fyrlykt-access-log-1 "
#define SIGNATURE_DIGITS (2 * crypto_sign_BYTES)
#define N_PARTS 7

struct _FyrAccessSigner {
  char *path;
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  char key[FYR_ACCESS_KEY_SIZE];
  GHashTable *last; /* centre → number signed last, in its own memory */
};

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s %s: %s", what, path,
               g_strerror (code));
  return FALSE;
}

/* Appends and waits until it is on the disk. */
static gboolean
append (const char *path, const char *text, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  gsize length = strlen (text);
  gboolean done;

  if (fd < 0) {
    return fail (error, "Cannot open", path);
  }
  done = write (fd, text, length) == (gssize)length && fsync (fd) == 0;
  if (!done) {
    fail (error, "Cannot write", path);
  }
  close (fd);
  return done;
}

static gboolean
read_seed (const char *directory, guint8 seed[crypto_sign_SEEDBYTES], GError **error)
{
  g_autofree char *path = g_build_filename (directory, FYR_ACCESS_KEY_NAME, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, NULL, error)) {
    return FALSE;
  }
  g_strchomp (text);
  if (sodium_hex2bin (seed, crypto_sign_SEEDBYTES, text, strlen (text), NULL, &length, NULL) != 0 ||
      length != crypto_sign_SEEDBYTES) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "The key %s is damaged", path);
    return FALSE;
  }
  return TRUE;
}

static gboolean
make_seed (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, FYR_ACCESS_KEY_NAME, NULL);
  guint8 seed[crypto_sign_SEEDBYTES];
  char text[2 * sizeof seed + 2];
  gboolean done;

  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    return TRUE;
  }
  randombytes_buf (seed, sizeof seed);
  sodium_bin2hex (text, sizeof text, seed, sizeof seed);
  g_strlcat (text, "\n", sizeof text);
  done = append (path, text, error);
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (text, sizeof text);
  return done;
}

static void
derive (const guint8 *seed, guint8 *secret, char key[FYR_ACCESS_KEY_SIZE])
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];

  crypto_sign_seed_keypair (public_key, secret, seed);
  sodium_bin2hex (key, FYR_ACCESS_KEY_SIZE, public_key, sizeof public_key);
}

FyrAccessSigner *
fyr_access_signer_new (const char *directory, GError **error)
{
  g_autoptr (FyrAccessSigner) self = g_new0 (FyrAccessSigner, 1);
  guint8 seed[crypto_sign_SEEDBYTES];

  self->path = g_build_filename (directory, FYR_ACCESS_HEADS_NAME, NULL);
  self->last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (sodium_init () < 0 || !make_seed (directory, error) || !read_seed (directory, seed, error)) {
    return NULL;
  }
  derive (seed, self->secret, self->key);
  sodium_memzero (seed, sizeof seed);
  return g_steal_pointer (&self);
}

void
fyr_access_signer_free (FyrAccessSigner *self)
{
  if (self == NULL) {
    return;
  }
  sodium_memzero (self->secret, sizeof self->secret);
  g_hash_table_unref (self->last);
  g_free (self->path);
  g_free (self);
}

const char *
fyr_access_signer_get_key (FyrAccessSigner *self)
{
  return self->key;
}

static gboolean
sign_head (FyrAccessSigner *self, const FyrAccessHead *head, const char *epoch, gint64 now, GError **error)
{
  g_autofree char *said = g_strdup_printf (PREFIX "%" G_GINT64_FORMAT " %s %s %" G_GINT64_FORMAT " %s %s",
                                           now, epoch, head->centre_id, head->number, head->hash, self->key);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, head->number);
  g_autofree char *line = NULL;
  guint8 signature[crypto_sign_BYTES];
  char text[SIGNATURE_DIGITS + 1];

  crypto_sign_detached (signature, NULL, (const guint8 *)said, strlen (said), self->secret);
  sodium_bin2hex (text, sizeof text, signature, sizeof signature);
  line = g_strdup_printf ("%s %s\n", said + strlen (PREFIX), text);
  if (!append (self->path, line, error)) {
    return FALSE;
  }
  fyr_log ("access-log-head", "centre", head->centre_id, "number", number, "hash", head->hash, "epoch", epoch,
           "key", self->key, "signature", text, NULL);
  return TRUE;
}

gboolean
fyr_access_signer_run (FyrWriteContext *context, gint64 since, gint64 now, gpointer user_data, GError **error)
{
  FyrAccessSigner *self = user_data;
  const char *epoch = fyr_server_db_get_epoch (fyr_write_context_get_db (context));
  g_autoptr (GArray) heads = fyr_access_chain_list_heads (fyr_write_context_get_connection (context), error);

  for (guint i = 0; heads != NULL && i < heads->len; i++) {
    const FyrAccessHead *head = &g_array_index (heads, FyrAccessHead, i);
    const gint64 *last = g_hash_table_lookup (self->last, head->centre_id);

    if (last != NULL && *last == head->number) {
      continue;
    }
    if (!sign_head (self, head, epoch, now, error)) {
      return FALSE;
    }
    g_hash_table_insert (self->last, g_strdup (head->centre_id),
                         g_memdup2 (&head->number, sizeof head->number));
  }
  return heads != NULL;
}

static gboolean
has_signature (const char *line, const char *key, const char *digits)
{
  g_autofree char *said = g_strdup_printf (PREFIX "%.*s", (int)(digits - line - 1), line);
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  guint8 signature[crypto_sign_BYTES];

  return strlen (key) == 2 * sizeof public_key && strlen (digits) == SIGNATURE_DIGITS &&
         sodium_hex2bin (public_key, sizeof public_key, key, strlen (key), NULL, NULL, NULL) == 0 &&
         sodium_hex2bin (signature, sizeof signature, digits, SIGNATURE_DIGITS, NULL, NULL, NULL) == 0 &&
         crypto_sign_verify_detached (signature, (const guint8 *)said, strlen (said), public_key) == 0;
}

gboolean
fyr_signed_head_parse (const char *line, FyrSignedHead *self)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", N_PARTS + 1);
  const char *digits = strrchr (line, ' ');

  memset (self, 0, sizeof *self);
  if (g_strv_length (parts) != N_PARTS || digits == NULL || sodium_init () < 0 ||
      !g_ascii_string_to_signed (parts[0], 10, 0, G_MAXINT64, &self->time, NULL) ||
      !g_ascii_string_to_signed (parts[3], 10, 1, G_MAXINT64, &self->head.number, NULL) ||
      strlen (parts[1]) >= sizeof self->epoch || strlen (parts[2]) >= sizeof self->head.centre_id ||
      strlen (parts[4]) >= sizeof self->head.hash || !has_signature (line, parts[5], digits + 1)) {
    return FALSE;
  }
  g_strlcpy (self->epoch, parts[1], sizeof self->epoch);
  g_strlcpy (self->head.centre_id, parts[2], sizeof self->head.centre_id);
  g_strlcpy (self->head.hash, parts[4], sizeof self->head.hash);
  g_strlcpy (self->key, parts[5], sizeof self->key);
  return TRUE;
}

gboolean
fyr_access_key_read (const char *directory, char key[FYR_ACCESS_KEY_SIZE], GError **error)
{
  guint8 seed[crypto_sign_SEEDBYTES];
  guint8 secret[crypto_sign_SECRETKEYBYTES];

  if (!read_seed (directory, seed, error)) {
    return FALSE;
  }
  derive (seed, secret, key);
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (secret, sizeof secret);
  return TRUE;
}
