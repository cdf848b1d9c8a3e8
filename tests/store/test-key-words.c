/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key file's words: what is read, and where each user's stand.
 */
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-key-words.h"

typedef struct {
  FyrKeyWords words;
  char ids[FYR_KEY_USERS + 2][FYR_UUID_TEXT_SIZE];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fyr_key_words_begin (&fixture->words);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->ids); i++) {
    fyr_uuid_v7_new (1790000000000 + i, fixture->ids[i]);
  }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
}

static FyrKeyUser *
put (Fixture *fixture, guint index, const char *user_name)
{
  FyrKeyUser *user = fyr_key_words_place (&fixture->words, fixture->ids[index], user_name);

  memset (user, 0, sizeof *user);
  fyr_key_words_hash_name (&fixture->words, user_name, user->name);
  fyr_uuid_to_bytes (fixture->ids[index], user->user_id);
  fyr_key_words_set (user->admitted, 1000 + index);
  return user;
}

static gboolean
is_read (gconstpointer words, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (words, size);
  FyrKeyWords found;

  return fyr_key_words_read (&found, bytes);
}

static void
test_what_was_written_is_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = NULL;
  FyrKeyWords found;

  put (fixture, 0, "kari");
  bytes = g_bytes_new (&fixture->words, sizeof fixture->words);
  g_assert_true (fyr_key_words_read (&found, bytes));
  g_assert_cmpmem (&found, sizeof found, &fixture->words, sizeof fixture->words);
  g_assert_nonnull (fyr_key_words_find (&found, "kari"));
}

static void
test_anything_else_is_not (Fixture *fixture, gconstpointer data)
{
  guint8 *bytes = (guint8 *)&fixture->words;

  g_assert_false (fyr_key_words_read (&fixture->words, NULL));
  g_assert_false (is_read (bytes, 0));
  g_assert_false (is_read (bytes, 4));
  g_assert_false (is_read (bytes, sizeof fixture->words - 1));
  bytes[3] = '3';
  g_assert_false (is_read (bytes, sizeof fixture->words));
  /* The former form has another length. */
  bytes[3] = '1';
  g_assert_false (is_read (bytes, sizeof fixture->words));
}

static void
test_the_former_release_is_read (Fixture *fixture, gconstpointer data)
{
  guint8 former[4 + FYR_SHARE_BYTES + 2 * FYR_WRAP_BYTES] = "fk01";
  g_autoptr (FyrPageKey) key = fyr_page_key_new_random ();
  g_autoptr (FyrPageKey) main_key = NULL;
  g_autoptr (FyrPageKey) found = NULL;
  g_autoptr (GBytes) bytes = NULL;

  memset (former + 4, 0x5a, FYR_SHARE_BYTES);
  fyr_key_wrap (former + 4, key, former + 4 + FYR_SHARE_BYTES);
  bytes = g_bytes_new (former, sizeof former);
  g_assert_true (fyr_key_words_read (&fixture->words, bytes));
  main_key = fyr_key_unwrap (fixture->words.share, fixture->words.alone);
  g_assert_nonnull (main_key);
  found = fyr_key_unwrap (fyr_page_key_get_bytes (main_key), fixture->words.wrap);
  g_assert_nonnull (found);
  g_assert_cmpmem (fyr_page_key_get_bytes (found), FYR_SHARE_BYTES, fyr_page_key_get_bytes (key),
                   FYR_SHARE_BYTES);
  g_assert_null (fyr_key_unwrap (fyr_page_key_get_bytes (main_key), fixture->words.next));
}

static void
test_users_are_found_by_name_and_id (Fixture *fixture, gconstpointer data)
{
  FyrKeyUser *kari = put (fixture, 0, "kari");
  FyrKeyUser *ola = put (fixture, 1, "ola");

  g_assert_true (kari != ola);
  g_assert_true (fyr_key_words_find (&fixture->words, "kari") == kari);
  g_assert_true (fyr_key_words_find (&fixture->words, "ola") == ola);
  g_assert_null (fyr_key_words_find (&fixture->words, "kar"));
  g_assert_null (fyr_key_words_find (&fixture->words, ""));
  g_assert_true (fyr_key_words_find_id (&fixture->words, fixture->ids[1]) == ola);
  g_assert_null (fyr_key_words_find_id (&fixture->words, fixture->ids[2]));
  g_assert_null (fyr_key_words_find_id (&fixture->words, "nobody"));
  g_assert_null (fyr_key_words_find_id (&fixture->words, "00000000-0000-0000-0000-000000000000"));
  g_assert_null (memmem (&fixture->words, sizeof fixture->words, "kari", 4));
}

static void
test_a_user_keeps_her_place_under_another_name (Fixture *fixture, gconstpointer data)
{
  FyrKeyUser *kari = put (fixture, 0, "kari");
  FyrKeyUser *ola = put (fixture, 1, "ola");

  g_assert_true (put (fixture, 0, "kari.nordmann") == kari);
  g_assert_null (fyr_key_words_find (&fixture->words, "kari"));
  /* A name that was another's is hers alone. */
  g_assert_true (put (fixture, 0, "ola") == kari);
  g_assert_true (fyr_key_words_find (&fixture->words, "ola") == kari);
  g_assert_null (fyr_key_words_find_id (&fixture->words, fixture->ids[1]));
  g_assert_true (sodium_is_zero (ola->name, sizeof ola->name));
  /* A name that is given to somebody new takes its place along. */
  g_assert_true (put (fixture, 2, "ola") == kari);
  g_assert_null (fyr_key_words_find_id (&fixture->words, fixture->ids[0]));
}

static void
test_when_all_places_are_taken_the_oldest_goes (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < FYR_KEY_USERS; i++) {
    g_autofree char *name = g_strdup_printf ("user%u", i);

    put (fixture, i, name);
  }
  fyr_key_words_set (fyr_key_words_find (&fixture->words, "user0")->admitted, 9000);
  put (fixture, FYR_KEY_USERS, "new");
  g_assert_null (fyr_key_words_find (&fixture->words, "user1"));
  g_assert_nonnull (fyr_key_words_find (&fixture->words, "user0"));
  g_assert_nonnull (fyr_key_words_find (&fixture->words, "user2"));
  g_assert_nonnull (fyr_key_words_find (&fixture->words, "new"));
}

static void
test_numbers_are_kept (Fixture *fixture, gconstpointer data)
{
  static const gint64 numbers[] = { 0, 1, -1, 255, 256, G_MAXINT64, G_MININT64 };
  guint8 bytes[8];

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    fyr_key_words_set (bytes, numbers[i]);
    g_assert_cmpint (fyr_key_words_get (bytes), ==, numbers[i]);
  }
  fyr_key_words_set (bytes, 258);
  g_assert_cmpmem (bytes, 8, "\2\1\0\0\0\0\0\0", 8);
}

/* Two machines that were made alike know their users by different marks. */
static void
test_a_name_is_hashed_with_the_machines_share (Fixture *fixture, gconstpointer data)
{
  FyrKeyWords other;
  guint8 here[FYR_SHARE_BYTES], there[FYR_SHARE_BYTES];

  fyr_key_words_begin (&other);
  fyr_key_words_hash_name (&fixture->words, "kari", here);
  fyr_key_words_hash_name (&other, "kari", there);
  g_assert_cmpint (memcmp (here, there, sizeof here), !=, 0);
  g_assert_false (sodium_is_zero (fixture->words.share, sizeof fixture->words.share));
  g_assert_true (sodium_is_zero (fixture->words.alone, sizeof fixture->words.alone));
}

#define ADD(name, function) g_test_add ("/store/key-words/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  ADD ("what-was-written-is-read", test_what_was_written_is_read);
  ADD ("anything-else-is-not", test_anything_else_is_not);
  ADD ("the-former-release-is-read", test_the_former_release_is_read);
  ADD ("users-are-found-by-name-and-id", test_users_are_found_by_name_and_id);
  ADD ("a-user-keeps-her-place-under-another-name", test_a_user_keeps_her_place_under_another_name);
  ADD ("when-all-places-are-taken-the-oldest-goes", test_when_all_places_are_taken_the_oldest_goes);
  ADD ("numbers-are-kept", test_numbers_are_kept);
  ADD ("a-name-is-hashed-with-the-machines-share", test_a_name_is_hashed_with_the_machines_share);
  return g_test_run ();
}
