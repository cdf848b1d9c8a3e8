/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-wire-proof.h"

/* What proofs of bound tokens are made of, as PROTOCOL.md says under "Bound tokens". */

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define NONCE "0123456789abcdef0123456789abcdef"
#define SIGNATURE KEY KEY

static void
test_a_key_is_64_lower_case_hex_digits (void)
{
  const char *bad[] = { "",
                        "0",
                        KEY "0",
                        "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff",
                        "g0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
                        " 0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" };

  g_assert_true (fyr_wire_key_is_valid (KEY));
  g_assert_false (fyr_wire_key_is_valid (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_false (fyr_wire_key_is_valid (bad[i]));
  }
}

static void
test_a_token_ends_in_the_key_it_is_bound_to (void)
{
  g_assert_cmpstr (fyr_wire_token_get_key ("abc_-DEF." KEY), ==, KEY);
  g_assert_cmpstr (fyr_wire_token_get_key ("a.b." KEY), ==, KEY);
  g_assert_null (fyr_wire_token_get_key ("abc_-DEF"));
  g_assert_null (fyr_wire_token_get_key (KEY));
  g_assert_null (fyr_wire_token_get_key ("abc." KEY "."));
  g_assert_null (fyr_wire_token_get_key ("abc." KEY " "));
  g_assert_null (fyr_wire_token_get_key (""));
}

static void
test_a_proof_reads_as_it_was_written (void)
{
  const guint64 numbers[] = { 1, 2, 1000000, G_GUINT64_CONSTANT (1) << 53 };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    FyrWireProof proof = { NONCE, numbers[i], SIGNATURE };
    FyrWireProof read;
    g_autofree char *text = fyr_wire_proof_format (&proof);

    g_assert_true (fyr_wire_proof_parse (text, &read));
    g_assert_cmpstr (read.nonce, ==, NONCE);
    g_assert_cmpuint (read.number, ==, numbers[i]);
    g_assert_cmpstr (read.signature, ==, SIGNATURE);
  }
}

static void
test_what_is_no_proof_is_not_read (void)
{
  const char *bad[] = {
    "",
    NONCE,
    NONCE " 1",
    NONCE " 1 " SIGNATURE " ",
    " " NONCE " 1 " SIGNATURE,
    NONCE "  1 " SIGNATURE,
    NONCE " 0 " SIGNATURE,
    NONCE " -1 " SIGNATURE,
    NONCE " +1 " SIGNATURE,
    NONCE " 1.0 " SIGNATURE,
    NONCE " 9007199254740993 " SIGNATURE,
    NONCE " 99999999999999999999999 " SIGNATURE,
    NONCE "0 1 " SIGNATURE,
    NONCE " 1 " SIGNATURE "0",
    NONCE " 1 " KEY,
    "0123456789ABCDEF0123456789abcdef 1 " SIGNATURE,
    NONCE "\t1\t" SIGNATURE,
  };
  FyrWireProof proof;

  g_assert_false (fyr_wire_proof_parse (NULL, &proof));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    if (fyr_wire_proof_parse (bad[i], &proof)) {
      g_error ("“%s” was read", bad[i]);
    }
  }
}

/* Any one byte of a good one changed: another proof or none, never a text beyond its bounds. */
static void
test_any_bytes_may_come (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 20000; round++) {
    char text[] = NONCE " 123456 " SIGNATURE;
    FyrWireProof proof;

    for (gint i = g_rand_int_range (rand, 1, 4); i > 0; i--) {
      text[g_rand_int_range (rand, 0, (gint32)strlen (text))] = (char)g_rand_int_range (rand, 1, 256);
    }
    if (fyr_wire_proof_parse (text, &proof)) {
      g_autofree char *again = NULL;

      g_assert_cmpuint (strlen (proof.nonce), ==, FYR_WIRE_NONCE_SIZE);
      g_assert_cmpuint (strlen (proof.signature), ==, FYR_WIRE_SIGNATURE_SIZE);
      again = fyr_wire_proof_format (&proof);
      /* Leading zeros of the number are the one thing that is not kept. */
      g_assert_cmpuint (strlen (again), <=, strlen (text));
    }
  }
}

static void
test_what_is_signed_is_as_the_page_says (void)
{
  FyrWireProof proof = { NONCE, 7, "" };
  g_autofree char *with_body = fyr_wire_proof_text (&proof, "POST", "/sync/v1/pull", "token", "{}", 2);
  g_autofree char *without = fyr_wire_proof_text (&proof, "GET", "/sync/v1/live", "token", NULL, 0);
  g_autofree char *empty = fyr_wire_proof_text (&proof, "GET", "/sync/v1/live", "token", "", 0);

  g_assert_cmpstr (with_body, ==,
                   "fyrlykt-proof-1\nPOST\n/sync/v1/pull\n" NONCE "\n7\n"
                   "3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0\n"
                   "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  g_assert_true (
      g_str_has_suffix (without, "\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  g_assert_cmpstr (without, ==, empty);
}

static void
test_each_part_changes_what_is_signed (void)
{
  FyrWireProof proof = { NONCE, 7, "" };
  FyrWireProof later = { NONCE, 8, "" };
  FyrWireProof elsewhere = { "f123456789abcdef0123456789abcdef", 7, "" };
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_hash_table_add (texts, fyr_wire_proof_text (&proof, "POST", "/a", "token", "{}", 2));
  g_hash_table_add (texts, fyr_wire_proof_text (&proof, "GET", "/a", "token", "{}", 2));
  g_hash_table_add (texts, fyr_wire_proof_text (&proof, "POST", "/b", "token", "{}", 2));
  g_hash_table_add (texts, fyr_wire_proof_text (&proof, "POST", "/a", "token2", "{}", 2));
  g_hash_table_add (texts, fyr_wire_proof_text (&proof, "POST", "/a", "token", "{ }", 3));
  g_hash_table_add (texts, fyr_wire_proof_text (&proof, "POST", "/a", "token", "{}\0", 3));
  g_hash_table_add (texts, fyr_wire_proof_text (&later, "POST", "/a", "token", "{}", 2));
  g_hash_table_add (texts, fyr_wire_proof_text (&elsewhere, "POST", "/a", "token", "{}", 2));
  g_assert_cmpuint (g_hash_table_size (texts), ==, 8);
}

#define ADD(name) g_test_add_func ("/wire/proof/" #name, test_##name)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (a_key_is_64_lower_case_hex_digits);
  ADD (a_token_ends_in_the_key_it_is_bound_to);
  ADD (a_proof_reads_as_it_was_written);
  ADD (what_is_no_proof_is_not_read);
  ADD (any_bytes_may_come);
  ADD (what_is_signed_is_as_the_page_says);
  ADD (each_part_changes_what_is_signed);
  return g_test_run ();
}
