/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-key-words.h"

#include <string.h>

static const guint8 FORM[4] = { 'f', 'k', '0', '2' };
static const guint8 FORMER[4] = { 'f', 'k', '0', '1' };

/* Of the release that knew this machine's share only: what it sealed the database's key with. */
typedef struct {
  guint8 form[4];
  guint8 share[FYR_SHARE_BYTES];
  guint8 wrap[FYR_WRAP_BYTES];
  guint8 next[FYR_WRAP_BYTES];
} FormerWords;

gint64
fyr_key_words_get (const guint8 *number)
{
  guint64 little;

  memcpy (&little, number, sizeof little);
  return (gint64)GUINT64_FROM_LE (little);
}

void
fyr_key_words_set (guint8 *number, gint64 value)
{
  guint64 little = GUINT64_TO_LE ((guint64)value);

  memcpy (number, &little, sizeof little);
}

void
fyr_key_words_begin (FyrKeyWords *self)
{
  memset (self, 0, sizeof *self);
  memcpy (self->form, FORM, sizeof FORM);
  randombytes_buf (self->share, sizeof self->share);
}

/* Its share was the main key itself. */
static void
take_former (FyrKeyWords *self, const FormerWords *former)
{
  FyrPageKey *main_key = fyr_page_key_new (former->share);

  memset (self, 0, sizeof *self);
  memcpy (self->form, FORM, sizeof FORM);
  memcpy (self->share, former->share, sizeof self->share);
  memcpy (self->wrap, former->wrap, sizeof self->wrap);
  memcpy (self->next, former->next, sizeof self->next);
  fyr_key_wrap (self->share, main_key, self->alone);
  fyr_page_key_unref (main_key);
}

gboolean
fyr_key_words_read (FyrKeyWords *self, GBytes *bytes)
{
  gsize size = 0;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (size == sizeof (FormerWords) && memcmp (data, FORMER, sizeof FORMER) == 0) {
    take_former (self, data);
    return TRUE;
  }
  if (size != sizeof *self || memcmp (data, FORM, sizeof FORM) != 0) {
    return FALSE;
  }
  memcpy (self, data, sizeof *self);
  return TRUE;
}

void
fyr_key_words_hash_name (FyrKeyWords *self, const char *user_name, guint8 *hash)
{
  crypto_generichash (hash, FYR_SHARE_BYTES, (const guint8 *)user_name, strlen (user_name), self->share,
                      sizeof self->share);
}

static gboolean
is_free (const FyrKeyUser *user)
{
  return sodium_is_zero (user->name, sizeof user->name);
}

FyrKeyUser *
fyr_key_words_find (FyrKeyWords *self, const char *user_name)
{
  guint8 hash[FYR_SHARE_BYTES];

  fyr_key_words_hash_name (self, user_name, hash);
  for (guint i = 0; i < FYR_KEY_USERS; i++) {
    if (memcmp (self->users[i].name, hash, sizeof hash) == 0) {
      return &self->users[i];
    }
  }
  return NULL;
}

FyrKeyUser *
fyr_key_words_find_id (FyrKeyWords *self, const char *user_id)
{
  guint8 id[FYR_UUID_BYTES];

  for (guint i = 0; fyr_uuid_to_bytes (user_id, id) && i < FYR_KEY_USERS; i++) {
    if (!is_free (&self->users[i]) && memcmp (self->users[i].user_id, id, sizeof id) == 0) {
      return &self->users[i];
    }
  }
  return NULL;
}

FyrKeyUser *
fyr_key_words_place (FyrKeyWords *self, const char *user_id, const char *user_name)
{
  FyrKeyUser *own = fyr_key_words_find_id (self, user_id);
  FyrKeyUser *same_name = fyr_key_words_find (self, user_name);
  FyrKeyUser *oldest = &self->users[0];

  /* A name that somebody else had is hers now. */
  if (own != NULL && same_name != NULL && own != same_name) {
    memset (same_name, 0, sizeof *same_name);
  }
  if (own != NULL || same_name != NULL) {
    return own != NULL ? own : same_name;
  }
  for (guint i = 0; i < FYR_KEY_USERS; i++) {
    if (is_free (&self->users[i])) {
      return &self->users[i];
    }
    if (fyr_key_words_get (self->users[i].admitted) < fyr_key_words_get (oldest->admitted)) {
      oldest = &self->users[i];
    }
  }
  return oldest;
}
