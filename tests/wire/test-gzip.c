/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed bodies: what was sent comes out, and nothing grows beyond its bound. */
#include <string.h>

#include "fyr-wire-gzip.h"

#define LIMIT (1024 * 1024)

static GBytes *
letters (gsize length)
{
  return g_bytes_new_take (g_strnfill (length, 'a'), length);
}

static GBytes *
noise (gsize length)
{
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++) {
    bytes[i] = (guint8)g_test_rand_int ();
  }
  return g_bytes_new_take (bytes, length);
}

static void
expect (GBytes *packed, gsize max, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = fyr_gzip_inflate (packed, max, &error);

  g_assert_null (plain);
  g_assert_error (error, FYR_WIRE_ERROR, code);
}

static void
test_round_trip (void)
{
  const gsize sizes[] = { 1, 100, 16 * 1024, 16 * 1024 + 1, 300000, LIMIT };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GBytes) plain = noise (sizes[i]);
    g_autoptr (GBytes) packed = fyr_gzip_deflate (plain);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) again = fyr_gzip_inflate (packed, LIMIT, &error);

    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (again, plain));
  }
}

static void
test_bounds (void)
{
  g_autoptr (GBytes) much = noise (LIMIT + 1);
  g_autoptr (GBytes) much_packed = fyr_gzip_deflate (much);
  g_autoptr (GBytes) bomb = letters (200 * 1024 * 1024);
  g_autoptr (GBytes) bomb_packed = fyr_gzip_deflate (bomb);
  g_autoptr (GBytes) small_bomb = letters (512 * 1024);
  g_autoptr (GBytes) small_packed = fyr_gzip_deflate (small_bomb);
  g_autoptr (GBytes) word = letters (60000);
  g_autoptr (GBytes) word_packed = fyr_gzip_deflate (word);
  g_autoptr (GBytes) word_again = fyr_gzip_inflate (word_packed, LIMIT, NULL);

  g_assert_cmpuint (g_bytes_get_size (bomb_packed), <, LIMIT);
  expect (much_packed, LIMIT, FYR_WIRE_ERROR_TOO_LARGE);
  expect (bomb_packed, LIMIT, FYR_WIRE_ERROR_TOO_LARGE);
  expect (small_packed, LIMIT, FYR_WIRE_ERROR_TOO_LARGE);
  g_assert_true (g_bytes_equal (word, word_again));
}

/* Every cut, and one more byte, whatever it is. */
static void
test_cut_and_trailing (void)
{
  g_autoptr (GBytes) plain = noise (700);
  g_autoptr (GBytes) packed = fyr_gzip_deflate (plain);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (packed, &length);
  g_autoptr (GByteArray) more = g_byte_array_new ();
  g_autoptr (GBytes) trailing = NULL;
  g_autoptr (GBytes) twice = NULL;
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  for (gsize i = 1; i < length; i++) {
    g_autoptr (GBytes) cut = g_bytes_new (bytes, i);

    expect (cut, LIMIT, FYR_WIRE_ERROR_MALFORMED);
  }
  expect (empty, LIMIT, FYR_WIRE_ERROR_EMPTY);
  g_byte_array_append (more, bytes, (guint)length);
  g_byte_array_append (more, (const guint8 *)"x", 1);
  trailing = g_bytes_new (more->data, more->len);
  expect (trailing, LIMIT, FYR_WIRE_ERROR_MALFORMED);
  g_byte_array_set_size (more, (guint)length);
  g_byte_array_append (more, bytes, (guint)length);
  twice = g_bytes_new (more->data, more->len);
  expect (twice, LIMIT, FYR_WIRE_ERROR_MALFORMED);
}

/* A changed byte is refused or, in a part that says nothing of the content, makes no difference. */
static void
test_flips (void)
{
  g_autoptr (GBytes) plain = letters (5000);
  g_autoptr (GBytes) packed = fyr_gzip_deflate (plain);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (packed, &length);

  for (gsize i = 0; i < length; i++) {
    g_autofree guint8 *copy = g_memdup2 (bytes, length);
    g_autoptr (GBytes) flipped = NULL;
    g_autoptr (GBytes) out = NULL;

    copy[i] ^= (guint8)(1U << g_test_rand_int_range (0, 8));
    flipped = g_bytes_new (copy, length);
    out = fyr_gzip_inflate (flipped, LIMIT, NULL);
    g_assert_true (out == NULL || g_bytes_equal (out, plain));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gzip/what-was-sent-comes-out", test_round_trip);
  g_test_add_func ("/gzip/nothing-grows-beyond-its-bound", test_bounds);
  g_test_add_func ("/gzip/cut-short-or-going-on-is-refused", test_cut_and_trailing);
  g_test_add_func ("/gzip/no-flip-is-taken-for-something-else", test_flips);
  return g_test_run ();
}
