/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <string.h>

#include "fyr-proof.h"
#include "fyr-token.h"

/* Stolen and replayed tokens, without a network. */

typedef struct {
  FyrProofs *proofs;
  guint8 secret[crypto_sign_SECRETKEYBYTES];
  char key[FYR_WIRE_KEY_SIZE + 1];
  char *token;
  char nonce[FYR_WIRE_NONCE_SIZE + 1];
} Machine;

static void
machine_open (Machine *self, FyrProofs *proofs)
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];

  self->proofs = proofs;
  crypto_sign_keypair (public_key, self->secret);
  sodium_bin2hex (self->key, sizeof self->key, public_key, sizeof public_key);
  self->token = fyr_token_new (self->key);
  fyr_proofs_write_nonce (proofs, self->token, self->nonce);
}

static char *
prove (Machine *self, guint64 number, const char *method, const char *path, const char *body)
{
  FyrWireProof proof = { .number = number };
  guint8 signature[crypto_sign_BYTES];
  g_autofree char *text = NULL;

  memcpy (proof.nonce, self->nonce, sizeof proof.nonce);
  text = fyr_wire_proof_text (&proof, method, path, self->token, body, strlen (body));
  crypto_sign_detached (signature, NULL, (const guint8 *)text, strlen (text), self->secret);
  sodium_bin2hex (proof.signature, sizeof proof.signature, signature, sizeof signature);
  return fyr_wire_proof_format (&proof);
}

static gboolean
check (FyrProofs *proofs, const char *token, const char *proof)
{
  return fyr_proofs_check (proofs, token, proof, "POST", "/sync/v1/pull", "{}", 2);
}

static gboolean
try_number (Machine *self, guint64 number)
{
  g_autofree char *proof = prove (self, number, "POST", "/sync/v1/pull", "{}");

  return check (self->proofs, self->token, proof);
}

static void
test_a_plain_token_needs_no_proof (void)
{
  FyrProofs *proofs = fyr_proofs_new (10);
  g_autofree char *token = fyr_token_new (NULL);

  g_assert_null (fyr_wire_token_get_key (token));
  g_assert_true (check (proofs, token, NULL));
  g_assert_true (check (proofs, token, "anything"));
  fyr_proofs_free (proofs);
}

static void
test_a_proof_is_good_once (void)
{
  FyrProofs *proofs = fyr_proofs_new (10);
  Machine machine;

  machine_open (&machine, proofs);
  g_assert_false (check (proofs, machine.token, NULL));
  g_assert_true (try_number (&machine, 1));
  g_assert_false (try_number (&machine, 1));
  g_assert_true (try_number (&machine, 2));
  g_assert_false (try_number (&machine, 1));
  g_free (machine.token);
  fyr_proofs_free (proofs);
}

static void
test_a_proof_is_good_for_one_request_only (void)
{
  FyrProofs *proofs = fyr_proofs_new (10);
  Machine machine;
  g_autofree char *proof = NULL;

  machine_open (&machine, proofs);
  proof = prove (&machine, 1, "POST", "/sync/v1/pull", "{}");
  g_assert_false (fyr_proofs_check (proofs, machine.token, proof, "GET", "/sync/v1/pull", "{}", 2));
  g_assert_false (fyr_proofs_check (proofs, machine.token, proof, "POST", "/sync/v1/push", "{}", 2));
  g_assert_false (fyr_proofs_check (proofs, machine.token, proof, "POST", "/sync/v1/pull/", "{}", 2));
  g_assert_false (fyr_proofs_check (proofs, machine.token, proof, "POST", "/sync/v1/pull", "{ }", 3));
  g_assert_false (fyr_proofs_check (proofs, machine.token, proof, "POST", "/sync/v1/pull", "", 0));
  /* What was refused did not use it up. */
  g_assert_true (check (proofs, machine.token, proof));
  g_free (machine.token);
  fyr_proofs_free (proofs);
}

static void
test_a_token_on_another_machine_is_worth_nothing (void)
{
  FyrProofs *proofs = fyr_proofs_new (10);
  Machine owner, thief;
  char *stolen;

  machine_open (&owner, proofs);
  machine_open (&thief, proofs);
  stolen = thief.token;
  thief.token = owner.token;
  memcpy (thief.nonce, owner.nonce, sizeof thief.nonce);
  for (guint number = 1; number < 100; number++) {
    g_assert_false (try_number (&thief, number));
  }
  thief.token = stolen;
  /* A token with the thief's own key put in is another token, which nobody was given: its hash is not known. */
  {
    g_autofree char *random = g_strndup (owner.token, strcspn (owner.token, "."));
    g_autofree char *forged = g_strconcat (random, ".", thief.key, NULL);
    guint8 real_hash[FYR_TOKEN_HASH_BYTES], forged_hash[FYR_TOKEN_HASH_BYTES],
        bare_hash[FYR_TOKEN_HASH_BYTES];

    fyr_token_hash (owner.token, real_hash);
    fyr_token_hash (forged, forged_hash);
    fyr_token_hash (random, bare_hash);
    g_assert_cmpint (memcmp (real_hash, forged_hash, sizeof real_hash), !=, 0);
    g_assert_cmpint (memcmp (real_hash, bare_hash, sizeof real_hash), !=, 0);
  }
  g_free (owner.token);
  g_free (thief.token);
  fyr_proofs_free (proofs);
}

static void
test_after_a_restart_and_elsewhere_old_proofs_are_refused (void)
{
  FyrProofs *proofs = fyr_proofs_new (10);
  FyrProofs *restarted = fyr_proofs_new (10);
  Machine machine;
  g_autofree char *proof = NULL;

  machine_open (&machine, proofs);
  proof = prove (&machine, 5, "POST", "/sync/v1/pull", "{}");
  g_assert_false (check (restarted, machine.token, proof));
  g_assert_true (check (proofs, machine.token, proof));
  fyr_proofs_write_nonce (restarted, machine.token, machine.nonce);
  machine.proofs = restarted;
  g_assert_true (try_number (&machine, 1));
  g_free (machine.token);
  fyr_proofs_free (proofs);
  fyr_proofs_free (restarted);
}

static void
test_each_token_has_a_nonce_of_its_own_that_stays (void)
{
  FyrProofs *proofs = fyr_proofs_new (10);
  Machine one, two;
  char again[FYR_WIRE_NONCE_SIZE + 1];

  machine_open (&one, proofs);
  machine_open (&two, proofs);
  fyr_proofs_write_nonce (proofs, one.token, again);
  g_assert_cmpstr (one.nonce, ==, again);
  g_assert_cmpstr (one.nonce, !=, two.nonce);
  g_assert_cmpuint (strlen (one.nonce), ==, FYR_WIRE_NONCE_SIZE);
  g_free (one.token);
  g_free (two.token);
  fyr_proofs_free (proofs);
}

/* Against a set of all numbers used. */
static void
test_requests_may_overtake_each_other_within_the_window (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  FyrProofs *proofs = fyr_proofs_new (10);
  g_autoptr (GHashTable) used = g_hash_table_new (NULL, NULL);
  Machine machine;
  guint64 highest = 0;

  g_test_message ("seed %u", seed);
  machine_open (&machine, proofs);
  for (guint round = 0; round < 3000; round++) {
    gint64 any = (gint64)highest + g_rand_int_range (rand, -1200, 300);
    guint64 number = (guint64)MAX (1, any);
    gboolean fresh = !g_hash_table_contains (used, GUINT_TO_POINTER (number)) &&
                     (number > highest || highest - number < FYR_PROOF_WINDOW);

    g_assert_cmpint (try_number (&machine, number), ==, fresh);
    if (fresh) {
      g_hash_table_add (used, GUINT_TO_POINTER (number));
      highest = MAX (highest, number);
    }
  }
  /* A leap over more than the window leaves nothing old usable. */
  g_assert_true (try_number (&machine, highest + 1000000));
  g_assert_false (try_number (&machine, highest));
  g_assert_true (try_number (&machine, highest + 1000000 - FYR_PROOF_WINDOW + 1));
  g_assert_false (try_number (&machine, highest + 1000000 - FYR_PROOF_WINDOW));
  g_free (machine.token);
  fyr_proofs_free (proofs);
}

/* Any one character of the header changed. */
static void
test_no_other_header_is_taken (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  FyrProofs *proofs = fyr_proofs_new (10);
  Machine machine;
  g_autofree char *proof = NULL;

  g_test_message ("seed %u", seed);
  machine_open (&machine, proofs);
  proof = prove (&machine, 12345, "POST", "/sync/v1/pull", "{}");
  for (gsize i = 0; i < strlen (proof); i++) {
    g_autofree char *other = g_strdup (proof);

    other[i] = (char)g_rand_int_range (rand, 32, 127);
    if (other[i] != proof[i]) {
      g_assert_false (check (proofs, machine.token, other));
    }
  }
  g_assert_true (check (proofs, machine.token, proof));
  g_free (machine.token);
  fyr_proofs_free (proofs);
}

static void
test_a_crowd_of_made_up_tokens_brings_no_old_proof_back (void)
{
  FyrProofs *proofs = fyr_proofs_new (50);
  Machine machine;
  g_autofree char *used = NULL;
  char fresh_nonce[FYR_WIRE_NONCE_SIZE + 1];

  machine_open (&machine, proofs);
  used = prove (&machine, 1, "POST", "/sync/v1/pull", "{}");
  g_assert_true (check (proofs, machine.token, used));
  for (guint i = 0; i < 200; i++) {
    Machine made_up;

    machine_open (&made_up, proofs);
    try_number (&made_up, 1);
    g_free (made_up.token);
  }
  g_assert_false (check (proofs, machine.token, used));
  fyr_proofs_write_nonce (proofs, machine.token, fresh_nonce);
  g_assert_cmpstr (fresh_nonce, !=, machine.nonce);
  /* With the new nonce its owner goes on. */
  memcpy (machine.nonce, fresh_nonce, sizeof fresh_nonce);
  g_assert_true (try_number (&machine, 2));
  g_free (machine.token);
  fyr_proofs_free (proofs);
}

#define ADD(name) g_test_add_func ("/server/proof/" #name, test_##name)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  ADD (a_plain_token_needs_no_proof);
  ADD (a_proof_is_good_once);
  ADD (a_proof_is_good_for_one_request_only);
  ADD (a_token_on_another_machine_is_worth_nothing);
  ADD (after_a_restart_and_elsewhere_old_proofs_are_refused);
  ADD (each_token_has_a_nonce_of_its_own_that_stays);
  ADD (requests_may_overtake_each_other_within_the_window);
  ADD (no_other_header_is_taken);
  ADD (a_crowd_of_made_up_tokens_brings_no_old_proof_back);
  return g_test_run ();
}
