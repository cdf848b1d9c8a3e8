/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages and frames under their seal.
 */
#include <string.h>

#include "fyr-page-seal.h"

#define CONTENT_BYTES (FYR_PAGE_BYTES - FYR_PAGE_RESERVED)

typedef struct {
  FyrPageKey *key;
  guint8 plain[FYR_FRAME_BYTES];
  guint8 sealed[FYR_FRAME_BYTES];
  guint8 opened[FYR_FRAME_BYTES];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  memset (fixture, 0, sizeof *fixture);
  fixture->key = fyr_page_key_new_random ();
  for (gsize i = 0; i < FYR_FRAME_BYTES - FYR_PAGE_RESERVED; i++) {
    fixture->plain[i] = (guint8)(i * 7 + i / 256);
  }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fyr_page_key_unref (fixture->key);
}

static const guint8 *
plain_page (Fixture *fixture)
{
  return fixture->plain + FYR_FRAME_HEADER_BYTES;
}

static void
test_a_page_comes_back (Fixture *fixture, gconstpointer data)
{
  const guint32 numbers[] = { 1, 2, 77, 262145, G_MAXUINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    fyr_page_seal (fixture->key, numbers[i], plain_page (fixture), fixture->sealed);
    g_assert_true (fyr_page_unseal (fixture->key, numbers[i], fixture->sealed, fixture->opened));
    g_assert_cmpmem (fixture->opened, FYR_PAGE_BYTES, plain_page (fixture), FYR_PAGE_BYTES);
  }
}

static void
test_a_page_tells_nothing (Fixture *fixture, gconstpointer data)
{
  guint8 again[FYR_PAGE_BYTES];
  guint same = 0;

  fyr_page_seal (fixture->key, 5, plain_page (fixture), fixture->sealed);
  fyr_page_seal (fixture->key, 5, plain_page (fixture), again);
  for (gsize i = 0; i < CONTENT_BYTES; i++) {
    same += fixture->sealed[i] == plain_page (fixture)[i];
    same += fixture->sealed[i] == again[i];
  }
  /* One in 256 by chance, of twice as many. */
  g_assert_cmpuint (same, <, 100);
}

static void
test_a_page_opens_in_its_place_only (Fixture *fixture, gconstpointer data)
{
  fyr_page_seal (fixture->key, 5, plain_page (fixture), fixture->sealed);
  g_assert_false (fyr_page_unseal (fixture->key, 4, fixture->sealed, fixture->opened));
  g_assert_false (fyr_page_unseal (fixture->key, 6, fixture->sealed, fixture->opened));
  g_assert_true (fyr_page_unseal (fixture->key, 5, fixture->sealed, fixture->opened));
}

static void
test_a_page_opens_with_its_key_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPageKey) other = fyr_page_key_new_random ();
  g_autoptr (FyrPageKey) copy = fyr_page_key_new (fyr_page_key_get_bytes (fixture->key));

  fyr_page_seal (fixture->key, 5, plain_page (fixture), fixture->sealed);
  g_assert_false (fyr_page_unseal (other, 5, fixture->sealed, fixture->opened));
  g_assert_true (fyr_page_unseal (copy, 5, fixture->sealed, fixture->opened));
}

static void
test_every_flipped_bit_of_a_page_is_seen (Fixture *fixture, gconstpointer data)
{
  fyr_page_seal (fixture->key, 5, plain_page (fixture), fixture->sealed);
  for (gsize i = 0; i < FYR_PAGE_BYTES; i++) {
    fixture->sealed[i] ^= (guint8)(1 << i % 8);
    g_assert_false (fyr_page_unseal (fixture->key, 5, fixture->sealed, fixture->opened));
    fixture->sealed[i] ^= (guint8)(1 << i % 8);
  }
  g_assert_true (fyr_page_unseal (fixture->key, 5, fixture->sealed, fixture->opened));
}

static void
test_nothing_written_is_no_page (Fixture *fixture, gconstpointer data)
{
  memset (fixture->sealed, 0, sizeof fixture->sealed);
  g_assert_false (fyr_page_unseal (fixture->key, 1, fixture->sealed, fixture->opened));
  g_assert_false (fyr_frame_unseal (fixture->key, 0, fixture->sealed));
}

static void
seal_frame (Fixture *fixture, guint64 place)
{
  memcpy (fixture->sealed, fixture->plain, FYR_FRAME_BYTES);
  fyr_frame_seal (fixture->key, place, fixture->sealed);
}

static gboolean
open_frame (Fixture *fixture, FyrPageKey *key, guint64 place)
{
  memcpy (fixture->opened, fixture->sealed, FYR_FRAME_BYTES);
  return fyr_frame_unseal (key, place, fixture->opened);
}

static void
test_a_frame_comes_back (Fixture *fixture, gconstpointer data)
{
  seal_frame (fixture, 12);
  g_assert_true (open_frame (fixture, fixture->key, 12));
  g_assert_cmpmem (fixture->opened, FYR_FRAME_BYTES, fixture->plain, FYR_FRAME_BYTES);
}

/* SQLite's sum of the rows would tell whoever guesses them whether he is right. */
static void
test_a_frames_sum_is_sealed_too (Fixture *fixture, gconstpointer data)
{
  seal_frame (fixture, 12);
  g_assert_cmpmem (fixture->sealed, 16, fixture->plain, 16);
  g_assert_cmpint (memcmp (fixture->sealed + 16, fixture->plain + 16, 8), !=, 0);
}

static void
test_every_flipped_bit_of_a_frame_is_seen (Fixture *fixture, gconstpointer data)
{
  seal_frame (fixture, 12);
  for (gsize i = 0; i < FYR_FRAME_BYTES; i++) {
    fixture->sealed[i] ^= (guint8)(1 << i % 8);
    g_assert_false (open_frame (fixture, fixture->key, 12));
    fixture->sealed[i] ^= (guint8)(1 << i % 8);
  }
  g_assert_true (open_frame (fixture, fixture->key, 12));
}

static void
test_a_frame_opens_in_its_place_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPageKey) other = fyr_page_key_new_random ();

  seal_frame (fixture, 12);
  g_assert_false (open_frame (fixture, fixture->key, 11));
  g_assert_false (open_frame (fixture, other, 12));
  /* Nor is it a page of the database. */
  g_assert_false (
      fyr_page_unseal (fixture->key, 12, fixture->sealed + FYR_FRAME_HEADER_BYTES, fixture->opened));
  g_assert_false (
      fyr_page_unseal (fixture->key, 13, fixture->sealed + FYR_FRAME_HEADER_BYTES, fixture->opened));
}

static void
test_a_key_lives_as_long_as_it_is_held (Fixture *fixture, gconstpointer data)
{
  FyrPageKey *held = fyr_page_key_ref (fixture->key);

  fyr_page_seal (held, 5, plain_page (fixture), fixture->sealed);
  fyr_page_key_unref (fixture->key);
  fixture->key = held;
  g_assert_true (fyr_page_unseal (held, 5, fixture->sealed, fixture->opened));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "a-page-comes-back", test_a_page_comes_back },
    { "a-page-tells-nothing", test_a_page_tells_nothing },
    { "a-page-opens-in-its-place-only", test_a_page_opens_in_its_place_only },
    { "a-page-opens-with-its-key-only", test_a_page_opens_with_its_key_only },
    { "every-flipped-bit-of-a-page-is-seen", test_every_flipped_bit_of_a_page_is_seen },
    { "nothing-written-is-no-page", test_nothing_written_is_no_page },
    { "a-frame-comes-back", test_a_frame_comes_back },
    { "a-frames-sum-is-sealed-too", test_a_frames_sum_is_sealed_too },
    { "every-flipped-bit-of-a-frame-is-seen", test_every_flipped_bit_of_a_frame_is_seen },
    { "a-frame-opens-in-its-place-only", test_a_frame_opens_in_its_place_only },
    { "a-key-lives-as-long-as-it-is-held", test_a_key_lives_as_long_as_it_is_held },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *name = g_strconcat ("/db/page-seal/", tests[i].name, NULL);

    g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run ();
}
