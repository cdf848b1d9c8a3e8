/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-keys.h"

#include <string.h>

#include "fyr-db-error.h"
#include "fyr-key-words.h"
#include "fyr-seal.h"
#include "fyr-slot-file.h"

#define BLOCKS 4
#define MAX_FAILURES 5
#define LOCK_MS (G_GINT64_CONSTANT (15) * 60 * 1000)
/* Contact is had each few seconds; the file is written so often, ms. */
#define WRITE_EVERY 60000

struct _FyrStoreKeys {
  FyrSlotFile *file;
  char *path;           /* of the database */
  FyrPageKey *main_key; /* (nullable): while locked */
  FyrPageKey *key;      /* (nullable): while locked */
  FyrPageKey *next;     /* (nullable) */
  FyrPageKey *lease;    /* (nullable): while locked: what the next contact lays on the disk again */
  gboolean overwrite;   /* the lease is over and may still lie on the disk */
  FyrKeyWords words;
};

void
fyr_store_keys_free (FyrStoreKeys *self)
{
  if (self != NULL) {
    g_clear_pointer (&self->file, fyr_slot_file_close);
    g_clear_pointer (&self->main_key, fyr_page_key_unref);
    g_clear_pointer (&self->key, fyr_page_key_unref);
    g_clear_pointer (&self->next, fyr_page_key_unref);
    g_clear_pointer (&self->lease, fyr_page_key_unref);
    sodium_memzero (&self->words, sizeof self->words);
    g_free (self->path);
    g_free (self);
  }
}

const char *
fyr_store_keys_get_path (FyrStoreKeys *self)
{
  return self->path;
}

FyrPageKey *
fyr_store_keys_get_key (FyrStoreKeys *self)
{
  return self->key;
}

gboolean
fyr_store_keys_is_shared (FyrStoreKeys *self)
{
  return sodium_is_zero (self->words.alone, sizeof self->words.alone);
}

gboolean
fyr_store_keys_has_lease (FyrStoreKeys *self)
{
  return !sodium_is_zero (self->words.lease, sizeof self->words.lease);
}

char *
fyr_store_keys_dup_device (FyrStoreKeys *self)
{
  char text[FYR_UUID_TEXT_SIZE];

  if (!fyr_store_keys_is_shared (self)) {
    return NULL;
  }
  fyr_uuid_from_bytes (self->words.device, text);
  return g_strdup (text);
}

static gboolean
write_once (FyrStoreKeys *self, GError **error)
{
  if (fyr_slot_file_write (self->file, &self->words, sizeof self->words, TRUE)) {
    return TRUE;
  }
  g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The database's key could not be written");
  return FALSE;
}

/* Into both slots: one that is damaged later leaves the other, and no older words are left on the disk. */
static gboolean
write_words (FyrStoreKeys *self, GError **error)
{
  return write_once (self, error) && write_once (self, error);
}

/* What could not be written is not so. */
static gboolean
change_words (FyrStoreKeys *self, FyrKeyWords *changed, GError **error)
{
  FyrKeyWords *before = g_memdup2 (&self->words, sizeof self->words);
  gboolean ok;

  self->words = *changed;
  ok = write_words (self, error);
  if (!ok) {
    self->words = *before;
  }
  sodium_memzero (before, sizeof *before);
  g_free (before);
  return ok;
}

static void
free_words (FyrKeyWords *words)
{
  sodium_memzero (words, sizeof *words);
  g_free (words);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrKeyWords, free_words)

static gboolean
make_key (FyrStoreKeys *self, GError **error)
{
  FyrSealState state = fyr_seal_get_state (self->path);

  if (state == FYR_SEAL_UNREAD) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The disk would not read the database");
    return FALSE;
  }
  if (state == FYR_SEAL_SEALED) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, "The database's key is lost");
    return FALSE;
  }
  fyr_key_words_begin (&self->words);
  self->main_key = fyr_page_key_new_random ();
  self->key = fyr_page_key_new_random ();
  fyr_key_wrap (self->words.share, self->main_key, self->words.alone);
  fyr_key_wrap (fyr_page_key_get_bytes (self->main_key), self->key, self->words.wrap);
  return write_words (self, error);
}

gboolean
fyr_store_keys_take_next (FyrStoreKeys *self, GError **error)
{
  g_autoptr (GError) fault = NULL;
  /* Whether the program ended before or after the new database took the old one's place is told by the database. */
  gboolean fits = self->next != NULL && fyr_seal_fits (self->path, self->next, &fault);

  if (fault != NULL) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return FALSE;
  }
  if (!fits) {
    return TRUE;
  }
  g_clear_pointer (&self->key, fyr_page_key_unref);
  self->key = g_steal_pointer (&self->next);
  memcpy (self->words.wrap, self->words.next, FYR_WRAP_BYTES);
  memset (self->words.next, 0, FYR_WRAP_BYTES);
  return write_words (self, error);
}

static void
lock (FyrStoreKeys *self)
{
  g_clear_pointer (&self->key, fyr_page_key_unref);
  g_clear_pointer (&self->next, fyr_page_key_unref);
  g_clear_pointer (&self->main_key, fyr_page_key_unref);
  g_clear_pointer (&self->lease, fyr_page_key_unref);
}

gboolean
fyr_store_keys_unlock (FyrStoreKeys *self, FyrPageKey *main_key, GError **error)
{
  const guint8 *bytes = fyr_page_key_get_bytes (main_key);

  if (self->key != NULL) {
    return TRUE;
  }
  self->key = fyr_key_unwrap (bytes, self->words.wrap);
  if (self->key == NULL) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_CORRUPT, "The database's key is lost");
    return FALSE;
  }
  self->next = fyr_key_unwrap (bytes, self->words.next);
  self->main_key = fyr_page_key_ref (main_key);
  if (fyr_store_keys_has_lease (self)) {
    self->lease = fyr_page_key_new (self->words.lease);
  }
  if (!fyr_store_keys_take_next (self, error)) {
    /* Which of the two keys it is must be known first. */
    lock (self);
    return FALSE;
  }
  return TRUE;
}

static gboolean
unlock_alone (FyrStoreKeys *self, GError **error)
{
  FyrPageKey *main_key = fyr_key_unwrap (self->words.share, self->words.alone);
  gboolean ok;

  if (main_key == NULL) {
    return make_key (self, error);
  }
  ok = fyr_store_keys_unlock (self, main_key, error);
  fyr_page_key_unref (main_key);
  return ok;
}

static gboolean
begin (FyrStoreKeys *self, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (GBytes) found = fyr_slot_file_read (self->file, &fault);

  if (fault != NULL) {
    g_propagate_error (error, g_steal_pointer (&fault));
    return FALSE;
  }
  if (!fyr_key_words_read (&self->words, found)) {
    return make_key (self, error);
  }
  /* Killed between the two writings, the older slot still has what was to be forgotten. */
  return fyr_store_keys_is_shared (self) ? write_once (self, error) : unlock_alone (self, error);
}

FyrStoreKeys *
fyr_store_keys_open (const char *path, GError **error)
{
  g_autoptr (FyrStoreKeys) self = g_new0 (FyrStoreKeys, 1);
  g_autofree char *name = g_strconcat (path, "-key", NULL);

  self->path = g_strdup (path);
  self->file = fyr_slot_file_open (name, NULL, BLOCKS);
  if (self->file == NULL) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The database's key could not be read");
    return NULL;
  }
  return begin (self, error) ? g_steal_pointer (&self) : NULL;
}

/* Which of the servers it is; FYR_KEY_SERVERS: none that this machine worked with lately. */
static guint
find_server (FyrStoreKeys *self, const guint8 *share, FyrPageKey **main_key)
{
  guint8 key[FYR_SHARE_BYTES];
  guint i;

  fyr_key_for_recovery (self->words.share, share, key);
  for (i = 0; i < FYR_KEY_SERVERS; i++) {
    *main_key = fyr_key_unwrap (key, self->words.recovery[i]);
    if (*main_key != NULL) {
      break;
    }
  }
  sodium_memzero (key, sizeof key);
  return i;
}

FyrPageKey *
fyr_store_keys_recover (FyrStoreKeys *self, const guint8 *share)
{
  FyrPageKey *main_key = NULL;

  find_server (self, share, &main_key);
  return main_key;
}

gboolean
fyr_store_keys_find (FyrStoreKeys *self, const char *user_name, FyrKeyTrial *trial)
{
  FyrKeyUser *user = fyr_key_words_find (&self->words, user_name);

  memset (trial, 0, sizeof *trial);
  memcpy (trial->device, self->words.share, sizeof trial->device);
  memcpy (trial->lease, self->words.lease, sizeof trial->lease);
  if (user == NULL) {
    return FALSE;
  }
  memcpy (trial->salt, user->salt, sizeof trial->salt);
  memcpy (trial->wrap, user->wrap, sizeof trial->wrap);
  trial->cost =
      (FyrKeyCost){ (guint64)fyr_key_words_get (user->passes), (guint64)fyr_key_words_get (user->memory) };
  trial->locked_until = fyr_key_words_get (user->locked_until);
  return fyr_store_keys_has_lease (self);
}

FyrPageKey *
fyr_key_trial_run (const FyrKeyTrial *trial, const char *password)
{
  guint8 share[FYR_SHARE_BYTES];
  guint8 key[FYR_SHARE_BYTES];
  FyrPageKey *main_key = NULL;

  if (fyr_key_from_password (password, trial->salt, trial->cost, share)) {
    fyr_key_for_user (trial->device, share, trial->lease, key);
    main_key = fyr_key_unwrap (key, trial->wrap);
  }
  sodium_memzero (share, sizeof share);
  sodium_memzero (key, sizeof key);
  return main_key;
}

gboolean
fyr_store_keys_note_attempt (
    FyrStoreKeys *self, const char *user_name, gboolean right, gint64 now, GError **error)
{
  g_autoptr (FyrKeyWords) changed = g_memdup2 (&self->words, sizeof self->words);
  FyrKeyUser *user = fyr_key_words_find (changed, user_name);
  gint64 failures;

  /* Trying on while locked does not prolong it. */
  if (user == NULL || fyr_key_words_get (user->locked_until) > now) {
    return TRUE;
  }
  if (right && fyr_key_words_get (user->failures) == 0) {
    return TRUE;
  }
  failures = right ? 0 : fyr_key_words_get (user->failures) + 1;
  if (failures >= MAX_FAILURES) {
    fyr_key_words_set (user->locked_until, now + LOCK_MS);
    failures = 0;
  }
  fyr_key_words_set (user->failures, failures);
  return change_words (self, changed, error);
}

/* Nothing that lay here before opens what is written from now on. */
static void
share_words (FyrStoreKeys *self, FyrKeyWords *changed, FyrPageKey *main_key, const FyrKeyAdmission *admission)
{
  const guint8 *bytes = fyr_page_key_get_bytes (main_key);

  randombytes_buf (changed->share, sizeof changed->share);
  memset (changed->alone, 0, sizeof changed->alone);
  memset (changed->next, 0, sizeof changed->next);
  fyr_key_wrap (bytes, self->key, changed->wrap);
  if (self->next != NULL) {
    fyr_key_wrap (bytes, self->next, changed->next);
  }
  fyr_uuid_to_bytes (admission->device, changed->device);
}

/* @at: where this server's is; it comes first from now on. */
static void
put_server (FyrKeyWords *changed, guint at, FyrPageKey *main_key, const guint8 *share)
{
  guint8 key[FYR_SHARE_BYTES];

  memmove (changed->recovery[1], changed->recovery[0], MIN (at, FYR_KEY_SERVERS - 1) * FYR_WRAP_BYTES);
  fyr_key_for_recovery (changed->share, share, key);
  fyr_key_wrap (key, main_key, changed->recovery[0]);
  fyr_key_lease (share, changed->lease);
  sodium_memzero (key, sizeof key);
}

static void
put_user (FyrKeyWords *changed, FyrPageKey *main_key, const FyrKeyAdmission *admission)
{
  FyrKeyUser *user = fyr_key_words_place (changed, admission->user_id, admission->user_name);
  guint8 key[FYR_SHARE_BYTES];

  memset (user, 0, sizeof *user);
  fyr_key_words_hash_name (changed, admission->user_name, user->name);
  fyr_uuid_to_bytes (admission->user_id, user->user_id);
  memcpy (user->salt, admission->salt, sizeof user->salt);
  fyr_key_words_set (user->passes, (gint64)admission->cost.passes);
  fyr_key_words_set (user->memory, (gint64)admission->cost.memory);
  fyr_key_words_set (user->admitted, admission->server_time);
  fyr_key_for_user (changed->share, admission->password, changed->lease, key);
  fyr_key_wrap (key, main_key, user->wrap);
  sodium_memzero (key, sizeof key);
}

gboolean
fyr_store_keys_admit (FyrStoreKeys *self, const FyrKeyAdmission *admission, GError **error)
{
  g_autoptr (FyrKeyWords) changed = g_memdup2 (&self->words, sizeof self->words);
  g_autoptr (FyrPageKey) main_key = NULL;
  guint server = FYR_KEY_SERVERS;

  g_return_val_if_fail (self->key != NULL, FALSE);
  if (fyr_store_keys_is_shared (self)) {
    server = find_server (self, admission->share, &main_key);
    g_clear_pointer (&main_key, fyr_page_key_unref);
    main_key = fyr_page_key_ref (self->main_key);
  } else {
    main_key = fyr_page_key_new_random ();
    share_words (self, changed, main_key, admission);
  }
  /* Another lease: the wraps of the others open nothing any more. */
  if (server != 0) {
    memset (changed->users, 0, sizeof changed->users);
  }
  put_server (changed, server, main_key, admission->share);
  put_user (changed, main_key, admission);
  fyr_key_words_set (changed->contact, admission->server_time);
  fyr_key_words_set (changed->clock_offset, admission->clock_offset);
  if (!change_words (self, changed, error)) {
    return FALSE;
  }
  g_clear_pointer (&self->main_key, fyr_page_key_unref);
  self->main_key = g_steal_pointer (&main_key);
  g_clear_pointer (&self->lease, fyr_page_key_unref);
  self->lease = fyr_page_key_new (changed->lease);
  return TRUE;
}

gboolean
fyr_store_keys_forget (FyrStoreKeys *self, const char *user_id, GError **error)
{
  g_autoptr (FyrKeyWords) changed = g_memdup2 (&self->words, sizeof self->words);
  FyrKeyUser *user = user_id != NULL ? fyr_key_words_find_id (changed, user_id) : NULL;

  if (user_id == NULL) {
    g_clear_pointer (&self->lease, fyr_page_key_unref);
    memset (changed->users, 0, sizeof changed->users);
    memset (changed->lease, 0, sizeof changed->lease);
    return change_words (self, changed, error);
  }
  if (user == NULL) {
    return TRUE;
  }
  memset (user, 0, sizeof *user);
  return change_words (self, changed, error);
}

void
fyr_store_keys_note_contact (FyrStoreKeys *self, gint64 server_time, gint64 clock_offset)
{
  gint64 before = fyr_key_words_get (self->words.contact);

  if (self->lease == NULL ||
      (fyr_store_keys_has_lease (self) && server_time >= before && server_time - before < WRITE_EVERY)) {
    return;
  }
  fyr_key_words_set (self->words.contact, server_time);
  fyr_key_words_set (self->words.clock_offset, clock_offset);
  memcpy (self->words.lease, fyr_page_key_get_bytes (self->lease), sizeof self->words.lease);
  if (!write_once (self, NULL)) {
    g_debug ("the lease could not be written");
  }
}

void
fyr_store_keys_expire (FyrStoreKeys *self, gint64 now)
{
  gint64 age = now + fyr_key_words_get (self->words.clock_offset) - fyr_key_words_get (self->words.contact);

  if (fyr_store_keys_has_lease (self) && age > FYR_OFFLINE_MS) {
    memset (self->words.lease, 0, sizeof self->words.lease);
    self->overwrite = TRUE;
  }
  if (self->overwrite) {
    self->overwrite = !write_words (self, NULL);
  }
}

gboolean
fyr_store_keys_copy (FyrStoreKeys *self, const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (path, "-key", NULL);
  g_autoptr (FyrKeyWords) words = g_memdup2 (&self->words, sizeof self->words);
  g_autoptr (FyrSlotFile) file = fyr_slot_file_open (name, NULL, BLOCKS);

  memset (words->lease, 0, sizeof words->lease);
  if (file == NULL || !fyr_slot_file_write (file, words, sizeof *words, TRUE)) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "The damaged database could not be kept");
    return FALSE;
  }
  return TRUE;
}

FyrPageKey *
fyr_store_keys_make_next (FyrStoreKeys *self, GError **error)
{
  g_clear_pointer (&self->next, fyr_page_key_unref);
  self->next = fyr_page_key_new_random ();
  fyr_key_wrap (fyr_page_key_get_bytes (self->main_key), self->next, self->words.next);
  return write_words (self, error) ? self->next : NULL;
}
