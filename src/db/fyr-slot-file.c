/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-slot-file.h"

#include <sodium.h>
#include <sqlite3.h>
#include <string.h>

#include "fyr-db-error.h"
#include "fyr-db-files.h"
#include "fyr-vfs-below.h"

#define BLOCK_BYTES 4096
#define MAC_BYTES 32
#define N_SLOTS 2
#define TRIES 3

/* A slot: sequence (8), length (8), MAC over both, the slot and the words (32), words. */
#define WORDS_AT (16 + MAC_BYTES)

struct _FyrSlotFile {
  sqlite3_file *file;
  char *path; /* SQLite's file keeps no copy of its own, and looks for the folder in it at the first sync */
  const guint8 *key; /* (nullable): of the caller */
  guint blocks;
  guint64 sequence; /* of the last words; 0 none, or not looked for */
  guint slot;       /* where they are */
};

static gsize
slot_bytes (FyrSlotFile *self)
{
  return (gsize)self->blocks * BLOCK_BYTES;
}

FyrSlotFile *
fyr_slot_file_open (const char *path, const guint8 *key, guint blocks)
{
  sqlite3_vfs *vfs;
  g_autofree FyrSlotFile *self = g_new0 (FyrSlotFile, 1);
  /* As a log: it is made with the database's mode, and its name is synced with its first words. */
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
  int out_flags = 0;

  if (sodium_init () < 0) {
    return NULL;
  }
  fyr_db_files_prepare ();
  vfs = sqlite3_vfs_find (NULL);
  self->file = g_malloc0 ((gsize)vfs->szOsFile);
  self->path = g_strdup (path);
  self->key = key;
  self->blocks = blocks;
  if (vfs->xOpen (vfs, self->path, self->file, flags, &out_flags) != SQLITE_OK) {
    g_free (self->file);
    g_free (self->path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
fyr_slot_file_close (FyrSlotFile *self)
{
  if (self != NULL) {
    self->file->pMethods->xClose (self->file);
    g_free (self->file);
    g_free (self->path);
    g_free (self);
  }
}

static void
sign (FyrSlotFile *self, guint slot, const guint8 *head, const guint8 *words, gsize length, guint8 *mac)
{
  crypto_generichash_state state;
  guint8 number = (guint8)slot;

  crypto_generichash_init (&state, self->key, self->key != NULL ? FYR_SLOT_KEY_BYTES : 0, MAC_BYTES);
  crypto_generichash_update (&state, &number, 1);
  crypto_generichash_update (&state, head, 16);
  crypto_generichash_update (&state, words, length);
  crypto_generichash_final (&state, mac, MAC_BYTES);
}

static guint64
get_number (const guint8 *from)
{
  guint64 little;

  memcpy (&little, from, sizeof little);
  return GUINT64_FROM_LE (little);
}

static void
put_number (guint8 *to, guint64 number)
{
  guint64 little = GUINT64_TO_LE (number);

  memcpy (to, &little, sizeof little);
}

/* The other slot may have older words, which must not count for one read that the disk refused; one that it refuses
 * always must not stop everything. */
static int
read_patiently (FyrSlotFile *self, guint slot, guint8 *bytes)
{
  sqlite3_int64 offset = (sqlite3_int64)(slot * slot_bytes (self));
  int result = SQLITE_IOERR_READ;

  for (int i = 0; i < TRIES && result == SQLITE_IOERR_READ; i++) {
    result = fyr_file_read (self->file, bytes, (int)slot_bytes (self), offset);
  }
  return result;
}

/* Returns the words of a slot, or NULL when they are not whole. */
static GBytes *
read_slot (FyrSlotFile *self, guint slot, guint64 *sequence)
{
  g_autofree guint8 *bytes = g_malloc (slot_bytes (self));
  guint8 mac[MAC_BYTES];
  guint64 length;

  if (read_patiently (self, slot, bytes) != SQLITE_OK) {
    return NULL;
  }
  *sequence = get_number (bytes);
  length = get_number (bytes + 8);
  if (*sequence == 0 || length > slot_bytes (self) - WORDS_AT) {
    return NULL;
  }
  sign (self, slot, bytes, bytes + WORDS_AT, (gsize)length, mac);
  return sodium_memcmp (mac, bytes + 16, MAC_BYTES) == 0 ? g_bytes_new (bytes + WORDS_AT, (gsize)length)
                                                         : NULL;
}

GBytes *
fyr_slot_file_read (FyrSlotFile *self, GError **error)
{
  guint64 unread = fyr_db_files_count_unread ();
  GBytes *last = NULL;

  self->sequence = 0;
  for (guint slot = 0; slot < N_SLOTS; slot++) {
    guint64 sequence = 0;
    g_autoptr (GBytes) words = read_slot (self, slot, &sequence);

    if (words != NULL && sequence > self->sequence) {
      g_clear_pointer (&last, g_bytes_unref);
      last = g_steal_pointer (&words);
      self->sequence = sequence;
      self->slot = slot;
    }
  }
  if (last == NULL && fyr_db_files_count_unread () != unread) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO,
                         "The disk would not read what lies beside the database");
  }
  return last;
}

gboolean
fyr_slot_file_write (FyrSlotFile *self, gconstpointer words, gsize length, gboolean sync)
{
  g_autofree guint8 *bytes = g_malloc0 (slot_bytes (self));
  guint slot;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GError) fault = NULL;

  g_return_val_if_fail (length <= slot_bytes (self) - WORDS_AT, FALSE);
  if (self->sequence == 0) {
    before = fyr_slot_file_read (self, &fault);
  }
  if (fault != NULL) {
    return FALSE;
  }
  slot = self->sequence == 0 ? 0 : 1 - self->slot;
  put_number (bytes, self->sequence + 1);
  put_number (bytes + 8, length);
  memcpy (bytes + WORDS_AT, words, length);
  sign (self, slot, bytes, words, length, bytes + 16);
  if (self->file->pMethods->xWrite (self->file, bytes, (int)slot_bytes (self),
                                    (sqlite3_int64)(slot * slot_bytes (self))) != SQLITE_OK ||
      (sync && self->file->pMethods->xSync (self->file, SQLITE_SYNC_FULL) != SQLITE_OK)) {
    return FALSE;
  }
  self->sequence++;
  self->slot = slot;
  return TRUE;
}
