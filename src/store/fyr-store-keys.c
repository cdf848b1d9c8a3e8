/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-keys.h"

#include <sodium.h>
#include <string.h>

#include "fyr-db-error.h"
#include "fyr-seal.h"
#include "fyr-slot-file.h"

#define BLOCKS 4
#define SHARE_BYTES 32
#define WRAP_BYTES (crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + FYR_PAGE_KEY_BYTES)

/* As it lies on the disk. */
typedef struct {
  guint8 form[4];
  guint8 share[SHARE_BYTES]; /* this machine's */
  guint8 wrap[WRAP_BYTES];   /* nonce and the database's key, sealed */
  guint8 next[WRAP_BYTES];   /* of the database that takes its place; zero: none is being made */
} Words;

struct _FyrStoreKeys {
  FyrSlotFile *file;
  FyrPageKey *key;
  FyrPageKey *next; /* (nullable) */
  Words words;
};

static const guint8 FORM[4] = { 'f', 'k', '0', '1' };

void
fyr_store_keys_free (FyrStoreKeys *self)
{
  if (self != NULL) {
    g_clear_pointer (&self->file, fyr_slot_file_close);
    g_clear_pointer (&self->key, fyr_page_key_unref);
    g_clear_pointer (&self->next, fyr_page_key_unref);
    sodium_memzero (&self->words, sizeof self->words);
    g_free (self);
  }
}

FyrPageKey *
fyr_store_keys_get_key (FyrStoreKeys *self)
{
  return self->key;
}

static void
wrap_key (FyrStoreKeys *self, FyrPageKey *key, guint8 *wrap)
{
  randombytes_buf (wrap, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy (wrap + crypto_secretbox_NONCEBYTES, fyr_page_key_get_bytes (key), FYR_PAGE_KEY_BYTES,
                         wrap, self->words.share);
}

/* (nullable) */
static FyrPageKey *
unwrap_key (FyrStoreKeys *self, const guint8 *wrap)
{
  guint8 bytes[FYR_PAGE_KEY_BYTES];
  FyrPageKey *key;

  if (crypto_secretbox_open_easy (bytes, wrap + crypto_secretbox_NONCEBYTES,
                                  WRAP_BYTES - crypto_secretbox_NONCEBYTES, wrap, self->words.share) != 0) {
    return NULL;
  }
  key = fyr_page_key_new (bytes);
  sodium_memzero (bytes, sizeof bytes);
  return key;
}

/* Into both slots: one that is damaged later leaves the other, and no older words are left on the disk. */
static gboolean
write_words (FyrStoreKeys *self, GError **error)
{
  for (guint i = 0; i < 2; i++) {
    if (!fyr_slot_file_write (self->file, &self->words, sizeof self->words, TRUE)) {
      g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The database's key could not be written");
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
make_key (FyrStoreKeys *self, const char *path, GError **error)
{
  if (fyr_seal_get_state (path) == FYR_SEAL_SEALED) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, "The database's key is lost");
    return FALSE;
  }
  self->key = fyr_page_key_new_random ();
  memcpy (self->words.form, FORM, sizeof FORM);
  randombytes_buf (self->words.share, SHARE_BYTES);
  wrap_key (self, self->key, self->words.wrap);
  return write_words (self, error);
}

static gboolean
read_words (FyrStoreKeys *self)
{
  g_autoptr (GBytes) found = fyr_slot_file_read (self->file);

  if (found == NULL || g_bytes_get_size (found) != sizeof self->words) {
    return FALSE;
  }
  memcpy (&self->words, g_bytes_get_data (found, NULL), sizeof self->words);
  if (memcmp (self->words.form, FORM, sizeof FORM) != 0) {
    return FALSE;
  }
  self->key = unwrap_key (self, self->words.wrap);
  self->next = unwrap_key (self, self->words.next);
  return self->key != NULL;
}

/* Whether the program ended before or after the new database took the old one's place is told by the database. */
static gboolean
take_next (FyrStoreKeys *self, const char *path, GError **error)
{
  if (self->next == NULL || !fyr_seal_fits (path, self->next)) {
    return TRUE;
  }
  g_clear_pointer (&self->key, fyr_page_key_unref);
  self->key = g_steal_pointer (&self->next);
  memcpy (self->words.wrap, self->words.next, WRAP_BYTES);
  memset (self->words.next, 0, WRAP_BYTES);
  return write_words (self, error);
}

FyrStoreKeys *
fyr_store_keys_open (const char *path, GError **error)
{
  g_autoptr (FyrStoreKeys) self = g_new0 (FyrStoreKeys, 1);
  g_autofree char *name = g_strconcat (path, "-key", NULL);

  self->file = fyr_slot_file_open (name, NULL, BLOCKS);
  if (self->file == NULL) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The database's key could not be read");
    return NULL;
  }
  if (!(read_words (self) ? take_next (self, path, error) : make_key (self, path, error))) {
    return NULL;
  }
  return g_steal_pointer (&self);
}

FyrPageKey *
fyr_store_keys_make_next (FyrStoreKeys *self, GError **error)
{
  g_clear_pointer (&self->next, fyr_page_key_unref);
  self->next = fyr_page_key_new_random ();
  wrap_key (self, self->next, self->words.next);
  return write_words (self, error) ? self->next : NULL;
}
