/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-store-fixture.h"

typedef FyrStoreFixture Fixture;

#define HOUR G_GINT64_CONSTANT (3600000)

static void
remember (Fixture *fixture, const char *user_name, const char *password)
{
  g_autoptr (FyrUser) user = fyr_user_new ();
  g_autoptr (FyrMembership) membership = fyr_membership_new ();
  g_autoptr (GPtrArray) memberships = g_ptr_array_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fyr_record_set_id (FYR_RECORD (user), fixture->nurse);
  fyr_user_set_centre_id (user, fixture->centre);
  fyr_user_set_user_name (user, user_name);
  fyr_user_set_name (user, "Kari Sykepleier");
  fyr_record_set_id (FYR_RECORD (membership), fixture->other);
  fyr_membership_set_user_id (membership, fixture->nurse);
  fyr_membership_set_centre_id (membership, fixture->centre);
  fyr_membership_set_role (membership, FYR_ROLE_NURSE);
  g_ptr_array_add (memberships, membership);
  result =
      FYR_AWAIT (fyr_store_remember_user_async (fixture->store, user, memberships, password, NULL, FYR_SLOT));
  g_assert_true (fyr_store_remember_user_finish (fixture->store, result, &error));
  g_assert_no_error (error);
}

static FyrOfflineUser *
sign_in (Fixture *fixture, const char *user_name, const char *password, GError **error)
{
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_check_user_async (fixture->store, user_name, password, FYR_SLOT));

  return fyr_store_check_user_finish (fixture->store, result, error);
}

static void
assert_refused (Fixture *fixture, const char *user_name, const char *password, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrOfflineUser) user = sign_in (fixture, user_name, password, &error);

  g_assert_null (user);
  g_assert_error (error, FYR_STORE_ERROR, code);
}

static void
test_a_known_user_signs_in_with_her_roles (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrOfflineUser) user = NULL;

  remember (fixture, "Kari.Ødegård", "riktig hest batteri");
  fyr_store_fixture_reopen (fixture);
  user = sign_in (fixture, " kari.ødegård ", "riktig hest batteri", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fyr_record_get_id (FYR_RECORD (fyr_offline_user_get_user (user))), ==, fixture->nurse);
  g_assert_cmpuint (fyr_offline_user_get_memberships (user)->len, ==, 1);
  g_assert_cmpint (fyr_membership_get_role (fyr_offline_user_get_memberships (user)->pdata[0]), ==,
                   FYR_ROLE_NURSE);
}

static void
test_wrong_and_unknown_look_the_same (Fixture *fixture, gconstpointer data)
{
  remember (fixture, "kari", "riktig hest batteri");
  assert_refused (fixture, "kari", "feil", FYR_STORE_ERROR_CREDENTIALS);
  assert_refused (fixture, "kari", "", FYR_STORE_ERROR_CREDENTIALS);
  assert_refused (fixture, "ola", "riktig hest batteri", FYR_STORE_ERROR_CREDENTIALS);
  assert_refused (fixture, "\xff\xfe", "x", FYR_STORE_ERROR_CREDENTIALS);
}

static void
test_the_password_is_not_in_the_file (Fixture *fixture, gconstpointer data)
{
  remember (fixture, "kari", "riktig hest batteri");
  fyr_store_fixture_reopen (fixture);
  g_assert_false (fyr_store_fixture_holds_bytes (fixture, "hest"));
  g_assert_true (fyr_store_fixture_holds_bytes (fixture, "$argon2id$v=19$m=65536,t=3"));
}

static void
test_five_wrong_passwords_lock_for_a_quarter (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrOfflineUser) user = NULL;

  remember (fixture, "kari", "riktig");
  for (int i = 0; i < 5; i++) {
    assert_refused (fixture, "kari", "feil", FYR_STORE_ERROR_CREDENTIALS);
  }
  assert_refused (fixture, "kari", "riktig", FYR_STORE_ERROR_LOCKED_OUT);
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW + HOUR / 4 + 1);
  user = sign_in (fixture, "kari", "riktig", NULL);
  g_assert_nonnull (user);
}

static void
test_without_contact_for_twelve_hours_nobody_signs_in (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrOfflineUser) user = NULL;

  remember (fixture, "kari", "riktig");
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW + 12 * HOUR);
  user = sign_in (fixture, "kari", "riktig", NULL);
  g_assert_nonnull (user);
  fyr_store_set_clock (fixture->store, FYR_TEST_NOW + 12 * HOUR + 1);
  assert_refused (fixture, "kari", "riktig", FYR_STORE_ERROR_EXPIRED);
  assert_refused (fixture, "kari", "feil", FYR_STORE_ERROR_CREDENTIALS);
}

static void
test_a_new_password_replaces_the_old (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrOfflineUser) user = NULL;

  remember (fixture, "kari", "gammelt");
  remember (fixture, "kari", "nytt");
  assert_refused (fixture, "kari", "gammelt", FYR_STORE_ERROR_CREDENTIALS);
  user = sign_in (fixture, "kari", "nytt", NULL);
  g_assert_nonnull (user);
}

static void
test_a_forgotten_user_is_unknown_but_her_work_stays (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, "n");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) outbox = NULL;

  remember (fixture, "kari", "riktig");
  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
  result = FYR_AWAIT (fyr_store_forget_user_async (fixture->store, fixture->nurse, FYR_SLOT));
  g_assert_true (fyr_store_forget_user_finish (fixture->store, result, NULL));
  assert_refused (fixture, "kari", "riktig", FYR_STORE_ERROR_CREDENTIALS);
  outbox = fyr_test_outbox (fixture, 0);
  g_assert_cmpuint (outbox->len, ==, 1);
}

static void
test_make_cheap (Fixture *fixture, gconstpointer data)
{
  fyr_offline_user_make_cheap ();
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/offline-user/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* At full cost first. */
  ADD ("the-password-is-not-in-the-file", test_the_password_is_not_in_the_file);
  ADD ("passwords-cost-little-from-here-on", test_make_cheap);
  ADD ("a-known-user-signs-in-with-her-roles", test_a_known_user_signs_in_with_her_roles);
  ADD ("wrong-and-unknown-look-the-same", test_wrong_and_unknown_look_the_same);
  ADD ("five-wrong-passwords-lock-for-a-quarter", test_five_wrong_passwords_lock_for_a_quarter);
  ADD ("without-contact-for-twelve-hours-nobody-signs-in",
       test_without_contact_for_twelve_hours_nobody_signs_in);
  ADD ("a-new-password-replaces-the-old", test_a_new_password_replaces_the_old);
  ADD ("a-forgotten-user-is-unknown-but-her-work-stays", test_a_forgotten_user_is_unknown_but_her_work_stays);
  return g_test_run ();
}
