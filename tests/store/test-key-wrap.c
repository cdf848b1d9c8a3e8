/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the key of a database is put together: as PROTOCOL.md says it, in every release; and by nothing less.
 */
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-key-wrap.h"

#define SHARE "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void
fill (guint8 *secret, guint8 with)
{
  memset (secret, with, FYR_SHARE_BYTES);
}

static void
read_share (guint8 *share)
{
  g_assert_true (fyr_key_share_read (SHARE, share));
}

static void
assert_is (const guint8 *secret, const char *wanted)
{
  char text[FYR_SHARE_TEXT_SIZE];

  sodium_bin2hex (text, sizeof text, secret, FYR_SHARE_BYTES);
  g_assert_cmpstr (text, ==, wanted);
}

/* Reckoned with another program. A workstation that is upgraded must come to the same. */
static void
test_shares_are_mixed_as_the_protocol_says (void)
{
  guint8 share[FYR_SHARE_BYTES], device[FYR_SHARE_BYTES], password[FYR_SHARE_BYTES], lease[FYR_SHARE_BYTES],
      key[FYR_SHARE_BYTES];

  read_share (share);
  fill (device, 1);
  fill (password, 2);
  fyr_key_lease (share, lease);
  assert_is (lease, "2ae2936deba774d50055f89dd1e48d35f6b13460f85dfa5a6a86fe007bd0ca87");
  fyr_key_for_recovery (device, share, key);
  assert_is (key, "55831e9d980f991a0ef65557c83084254df901158e6eaa34cd175b04239052ff");
  fyr_key_for_user (device, password, lease, key);
  assert_is (key, "da0c811626854afda2a9a2e2e886bd4c02dbf5b79a8dc7f54da174cb0d74e6d9");
}

static void
test_each_share_counts (void)
{
  guint8 shares[3][FYR_SHARE_BYTES], key[FYR_SHARE_BYTES], other[FYR_SHARE_BYTES];

  for (guint i = 0; i < 3; i++) {
    fill (shares[i], (guint8)(i + 1));
  }
  fyr_key_for_user (shares[0], shares[1], shares[2], key);
  for (guint i = 0; i < 3; i++) {
    shares[i][31] ^= 1;
    fyr_key_for_user (shares[0], shares[1], shares[2], other);
    g_assert_cmpint (memcmp (key, other, sizeof key), !=, 0);
    shares[i][31] ^= 1;
  }
  fyr_key_for_user (shares[0], shares[2], shares[1], other);
  g_assert_cmpint (memcmp (key, other, sizeof key), !=, 0);
  fyr_key_for_recovery (shares[0], shares[1], key);
  for (guint i = 0; i < 2; i++) {
    shares[i][0] ^= 0x80;
    fyr_key_for_recovery (shares[0], shares[1], other);
    g_assert_cmpint (memcmp (key, other, sizeof key), !=, 0);
    shares[i][0] ^= 0x80;
  }
}

/* What lies on the disk for twelve hours tells nothing of what opens it for ever. */
static void
test_the_lease_is_neither_the_share_nor_the_recovery (void)
{
  guint8 share[FYR_SHARE_BYTES], device[FYR_SHARE_BYTES], lease[FYR_SHARE_BYTES], from_share[FYR_SHARE_BYTES],
      from_lease[FYR_SHARE_BYTES];

  read_share (share);
  fill (device, 1);
  fyr_key_lease (share, lease);
  g_assert_cmpint (memcmp (share, lease, sizeof lease), !=, 0);
  fyr_key_for_recovery (device, share, from_share);
  fyr_key_for_recovery (device, lease, from_lease);
  g_assert_cmpint (memcmp (from_share, from_lease, sizeof from_lease), !=, 0);
}

static void
test_a_wrap_opens_with_its_key (void)
{
  g_autoptr (FyrPageKey) secret = fyr_page_key_new_random ();
  g_autoptr (FyrPageKey) opened = NULL;
  guint8 key[FYR_SHARE_BYTES], wrap[FYR_WRAP_BYTES], again[FYR_WRAP_BYTES];

  fill (key, 7);
  fyr_key_wrap (key, secret, wrap);
  fyr_key_wrap (key, secret, again);
  g_assert_cmpint (memcmp (wrap, again, sizeof wrap), !=, 0);
  g_assert_null (memmem (wrap, sizeof wrap, fyr_page_key_get_bytes (secret), 8));
  opened = fyr_key_unwrap (key, again);
  g_assert_nonnull (opened);
  g_assert_cmpmem (fyr_page_key_get_bytes (opened), FYR_SHARE_BYTES, fyr_page_key_get_bytes (secret),
                   FYR_SHARE_BYTES);
}

static void
test_a_wrap_opens_with_nothing_else (void)
{
  g_autoptr (FyrPageKey) secret = fyr_page_key_new_random ();
  guint8 key[FYR_SHARE_BYTES], wrap[FYR_WRAP_BYTES];
  guint8 nothing[FYR_WRAP_BYTES] = { 0 };

  fill (key, 7);
  fyr_key_wrap (key, secret, wrap);
  for (guint i = 0; i < sizeof key * 8; i++) {
    key[i / 8] ^= (guint8)(1U << i % 8);
    g_assert_null (fyr_key_unwrap (key, wrap));
    key[i / 8] ^= (guint8)(1U << i % 8);
  }
  for (guint i = 0; i < sizeof wrap * 8; i++) {
    wrap[i / 8] ^= (guint8)(1U << i % 8);
    g_assert_null (fyr_key_unwrap (key, wrap));
    wrap[i / 8] ^= (guint8)(1U << i % 8);
  }
  g_assert_null (fyr_key_unwrap (key, nothing));
}

static void
test_a_share_is_read_or_is_none (void)
{
  static const char *const none[] = {
    "",
    "00",
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeef",
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00",
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeefg",
    "0011223344556677 899aabbccddeeff00112233445566778899aabbccddeeff",
    "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33:44:5",
  };
  guint8 share[FYR_SHARE_BYTES];

  g_assert_false (fyr_key_share_read (NULL, share));
  for (guint i = 0; i < G_N_ELEMENTS (none); i++) {
    g_assert_false (fyr_key_share_read (none[i], share));
  }
  read_share (share);
  assert_is (share, SHARE);
}

static void
test_a_password_is_a_share_by_its_salt_and_cost (void)
{
  const FyrKeyCost little = { crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN };
  const FyrKeyCost more = { crypto_pwhash_OPSLIMIT_MIN + 1, crypto_pwhash_MEMLIMIT_MIN };
  guint8 salt[FYR_SALT_BYTES] = { 1 };
  guint8 share[FYR_SHARE_BYTES], other[FYR_SHARE_BYTES];

  g_assert_true (fyr_key_from_password ("riktig hest", salt, little, share));
  g_assert_true (fyr_key_from_password ("riktig hest", salt, little, other));
  g_assert_cmpmem (share, sizeof share, other, sizeof other);
  g_assert_true (fyr_key_from_password ("riktig hest", salt, more, other));
  g_assert_cmpint (memcmp (share, other, sizeof share), !=, 0);
  g_assert_true (fyr_key_from_password ("Riktig hest", salt, little, other));
  g_assert_cmpint (memcmp (share, other, sizeof share), !=, 0);
  salt[0] = 2;
  g_assert_true (fyr_key_from_password ("riktig hest", salt, little, other));
  g_assert_cmpint (memcmp (share, other, sizeof share), !=, 0);
}

/* As one reads it in a file that was changed. */
static void
test_a_cost_that_makes_no_sense_is_refused (void)
{
  const FyrKeyCost costs[] = { { 0, 0 },
                               { 0, crypto_pwhash_MEMLIMIT_MIN },
                               { crypto_pwhash_OPSLIMIT_MIN, 1 },
                               { G_MAXUINT64, crypto_pwhash_MEMLIMIT_MIN },
                               { crypto_pwhash_OPSLIMIT_MIN, G_MAXUINT64 } };
  const guint8 salt[FYR_SALT_BYTES] = { 1 };
  guint8 share[FYR_SHARE_BYTES];

  for (guint i = 0; i < G_N_ELEMENTS (costs); i++) {
    g_assert_false (fyr_key_from_password ("riktig", salt, costs[i], share));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
#define ADD(name, function) g_test_add_func ("/store/key-wrap/" name, function)
  ADD ("shares-are-mixed-as-the-protocol-says", test_shares_are_mixed_as_the_protocol_says);
  ADD ("each-share-counts", test_each_share_counts);
  ADD ("the-lease-is-neither-the-share-nor-the-recovery",
       test_the_lease_is_neither_the_share_nor_the_recovery);
  ADD ("a-wrap-opens-with-its-key", test_a_wrap_opens_with_its_key);
  ADD ("a-wrap-opens-with-nothing-else", test_a_wrap_opens_with_nothing_else);
  ADD ("a-share-is-read-or-is-none", test_a_share_is_read_or_is_none);
  ADD ("a-password-is-a-share-by-its-salt-and-cost", test_a_password_is_a_share_by_its_salt_and_cost);
  ADD ("a-cost-that-makes-no-sense-is-refused", test_a_cost_that_makes_no_sense_is_refused);
  return g_test_run ();
}
