/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What opens the database once the server has given a share of its key (PROTOCOL.md, "Shares"), and what does not.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-offline-user.h"
#include "fyr-slot-file.h"
#include "fyr-store-fixture.h"
#include "fyr-store-keys.h"

typedef FyrStoreFixture Fixture;

#define HOUR G_GINT64_CONSTANT (3600000)
#define SHARE "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER_SHARE "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* When the tests began, by the machine's clock. */
static gint64 started;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fyr_store_fixture_set_up (fixture, data);
  fyr_store_set_clock (fixture->store, started);
}

static FyrUser *
make_user (Fixture *fixture, const char *user_id, const char *user_name)
{
  FyrUser *user = fyr_user_new ();

  fyr_record_set_id (FYR_RECORD (user), user_id);
  fyr_user_set_centre_id (user, fixture->centre);
  fyr_user_set_user_name (user, user_name);
  fyr_user_set_name (user, user_name);
  return user;
}

static void
admit (Fixture *fixture, const char *user_id, const char *user_name, const char *password, const char *share)
{
  g_autoptr (FyrUser) user = make_user (fixture, user_id, user_name);
  g_autoptr (GPtrArray) memberships = g_ptr_array_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  result = FYR_AWAIT (
      fyr_store_remember_user_async (fixture->store, user, memberships, password, share, FYR_SLOT));
  g_assert_true (fyr_store_remember_user_finish (fixture->store, result, &error));
  g_assert_no_error (error);
}

static int
sign_in (Fixture *fixture, const char *user_name, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_check_user_async (fixture->store, user_name, password, FYR_SLOT));
  g_autoptr (FyrOfflineUser) user = fyr_store_check_user_finish (fixture->store, result, &error);

  g_assert_true ((user != NULL) == (error == NULL));
  g_assert_true (error == NULL || error->domain == FYR_STORE_ERROR);
  return error != NULL ? error->code : -1;
}

/* As after a sign-in at the server. Returns -1 or the error's code. */
static int
unlock (Fixture *fixture, const char *share, const char *user_name, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result =
      FYR_AWAIT (fyr_store_unlock_async (fixture->store, share, user_name, password, FYR_SLOT));
  gboolean ok = fyr_store_unlock_finish (fixture->store, result, &error);

  g_assert_true (ok == (error == NULL));
  return error != NULL ? error->code : -1;
}

static FyrStoreIdentity *
identity (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = FYR_AWAIT (fyr_store_get_identity_async (fixture->store, FYR_SLOT));
  FyrStoreIdentity *found = fyr_store_get_identity_finish (fixture->store, result, &error);

  g_assert_no_error (error);
  return found;
}

static gboolean
is_sealed (Fixture *fixture)
{
  g_autoptr (FyrStoreIdentity) found = identity (fixture);

  return found->sealed;
}

static void
save_note (Fixture *fixture, const char *text)
{
  g_autoptr (FyrNote) note = fyr_test_note (fixture, text);

  fyr_test_save_ok (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse));
}

static guint
count_work (Fixture *fixture)
{
  g_autoptr (GPtrArray) outbox = fyr_test_outbox (fixture, 0);

  return outbox->len;
}

/* The program begins again, at this time; while it opens the machine's clock holds. */
static void
begin_at (Fixture *fixture, gint64 time)
{
  fyr_store_fixture_reopen (fixture);
  fyr_store_set_clock (fixture->store, time);
}

static char *
read_key_file (Fixture *fixture, gsize *length)
{
  g_autofree char *path = g_strconcat (fixture->path, "-key", NULL);
  char *bytes = NULL;

  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return bytes;
}

static void
write_key_file (Fixture *fixture, const char *bytes, gsize length)
{
  g_autofree char *path = g_strconcat (fixture->path, "-key", NULL);

  g_assert_true (
      g_file_set_contents_full (path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static gboolean
holds (Fixture *fixture, gconstpointer words, gsize size)
{
  gsize length;
  g_autofree char *bytes = read_key_file (fixture, &length);

  return memmem (bytes, length, words, size) != NULL;
}

static void
get_lease (guint8 *lease)
{
  guint8 share[FYR_SHARE_BYTES];

  g_assert_true (fyr_key_share_read (SHARE, share));
  fyr_key_lease (share, lease);
}

static void
test_nothing_opens_before_somebody_signs_in (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (FyrStoreIdentity) before = identity (fixture);
  g_autoptr (FyrStoreIdentity) after = NULL;

  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  save_note (fixture, "venter");
  begin_at (fixture, started);
  after = identity (fixture);
  g_assert_true (after->sealed);
  g_assert_cmpstr (after->device, ==, before->device);
  result = FYR_AWAIT (fyr_store_list_outbox_async (fixture->store, 0, 0, FYR_SLOT));
  rows = fyr_store_list_outbox_finish (fixture->store, result, &error);
  g_assert_null (rows);
  g_assert_error (error, FYR_STORE_ERROR, FYR_STORE_ERROR_SEALED);
}

static void
test_her_password_opens_it_without_the_server (Fixture *fixture, gconstpointer data)
{
  admit (fixture, fixture->nurse, "Kari.Ødegård", "riktig", SHARE);
  save_note (fixture, "venter");
  begin_at (fixture, started + 12 * HOUR);
  g_assert_cmpint (sign_in (fixture, "kari.ødegård", "feil"), ==, FYR_STORE_ERROR_CREDENTIALS);
  g_assert_cmpint (sign_in (fixture, "ola", "riktig"), ==, FYR_STORE_ERROR_CREDENTIALS);
  g_assert_true (is_sealed (fixture));
  g_assert_cmpint (sign_in (fixture, " kari.Ødegård ", "riktig"), ==, -1);
  g_assert_cmpuint (count_work (fixture), ==, 1);
}

static void
test_quit_at_any_moment_who_has_a_key_is_known (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrUser) user = make_user (fixture, fixture->nurse, "kari");
  g_autoptr (GPtrArray) memberships = g_ptr_array_new ();
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  guint8 lease[FYR_SHARE_BYTES];

  get_lease (lease);
  fyr_store_remember_user_async (fixture->store, user, memberships, "riktig", SHARE, NULL, fyr_test_got,
                                 &slot);
  while (!holds (fixture, lease, sizeof lease))
    g_main_context_iteration (NULL, FALSE);
  begin_at (fixture, started);
  result = fyr_test_wait (&slot);
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, -1);
}

static void
test_after_twelve_hours_nothing_on_the_disk_does (Fixture *fixture, gconstpointer data)
{
  guint8 lease[FYR_SHARE_BYTES];

  get_lease (lease);
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  save_note (fixture, "venter");
  g_assert_true (holds (fixture, lease, sizeof lease));
  begin_at (fixture, started + 12 * HOUR + 1);
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, FYR_STORE_ERROR_EXPIRED);
  g_assert_cmpint (sign_in (fixture, "kari", "feil"), ==, FYR_STORE_ERROR_EXPIRED);
  g_assert_false (holds (fixture, lease, sizeof lease));
  /* A clock that is set back does not bring it again. */
  begin_at (fixture, started);
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, FYR_STORE_ERROR_EXPIRED);
}

static void
test_the_server_opens_it_after_any_time (Fixture *fixture, gconstpointer data)
{
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  save_note (fixture, "venter");
  begin_at (fixture, started + 72 * HOUR);
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, FYR_STORE_ERROR_EXPIRED);
  g_assert_cmpint (unlock (fixture, OTHER_SHARE, "kari", "riktig"), ==, FYR_STORE_ERROR_FOREIGN);
  g_assert_cmpint (unlock (fixture, NULL, "kari", "riktig"), ==, FYR_STORE_ERROR_FOREIGN);
  g_assert_cmpint (unlock (fixture, SHARE, "kari", "riktig"), ==, -1);
  g_assert_cmpuint (count_work (fixture), ==, 1);
  /* And from here on, once she is known again, her password does. */
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  begin_at (fixture, started + 73 * HOUR);
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, -1);
}

static void
test_a_new_password_opens_it_and_the_old_one_no_more (Fixture *fixture, gconstpointer data)
{
  admit (fixture, fixture->nurse, "kari", "glemt", SHARE);
  save_note (fixture, "venter");
  begin_at (fixture, started + 30 * HOUR);
  g_assert_cmpint (unlock (fixture, SHARE, "kari", "satt av systemforvalter"), ==, -1);
  g_assert_cmpuint (count_work (fixture), ==, 1);
  admit (fixture, fixture->nurse, "kari", "satt av systemforvalter", SHARE);
  begin_at (fixture, started + 30 * HOUR);
  g_assert_cmpint (sign_in (fixture, "kari", "glemt"), ==, FYR_STORE_ERROR_CREDENTIALS);
  g_assert_cmpint (sign_in (fixture, "kari", "satt av systemforvalter"), ==, -1);
}

static void
test_each_user_has_a_wrap_of_her_own (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;

  admit (fixture, fixture->nurse, "kari", "hennes", SHARE);
  admit (fixture, fixture->other, "ola", "hans", SHARE);
  save_note (fixture, "venter");
  begin_at (fixture, started + HOUR);
  g_assert_cmpint (sign_in (fixture, "kari", "hans"), ==, FYR_STORE_ERROR_CREDENTIALS);
  g_assert_cmpint (sign_in (fixture, "kari", "hennes"), ==, -1);
  begin_at (fixture, started + HOUR);
  g_assert_cmpint (sign_in (fixture, "ola", "hans"), ==, -1);
  /* Who is shut out opens nothing; the other does. */
  result = FYR_AWAIT (fyr_store_forget_user_async (fixture->store, fixture->nurse, FYR_SLOT));
  g_assert_true (fyr_store_forget_user_finish (fixture->store, result, NULL));
  begin_at (fixture, started + HOUR);
  g_assert_cmpint (sign_in (fixture, "kari", "hennes"), ==, FYR_STORE_ERROR_CREDENTIALS);
  g_assert_true (is_sealed (fixture));
  g_assert_cmpint (sign_in (fixture, "ola", "hans"), ==, -1);
  g_assert_cmpuint (count_work (fixture), ==, 1);
}

static void
test_five_wrong_passwords_lock_a_sealed_database_too (Fixture *fixture, gconstpointer data)
{
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  begin_at (fixture, started);
  for (int i = 0; i < 5; i++) {
    g_assert_cmpint (sign_in (fixture, "kari", "feil"), ==, FYR_STORE_ERROR_CREDENTIALS);
  }
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, FYR_STORE_ERROR_LOCKED_OUT);
  begin_at (fixture, started + HOUR / 8);
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, FYR_STORE_ERROR_LOCKED_OUT);
  begin_at (fixture, started + HOUR / 4 + 1);
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, -1);
}

static void
test_contact_prolongs_the_lease (Fixture *fixture, gconstpointer data)
{
  guint8 lease[FYR_SHARE_BYTES];

  get_lease (lease);
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  save_note (fixture, "venter");
  fyr_store_set_clock (fixture->store, started + 10 * HOUR);
  fixture->server_time = started + 10 * HOUR;
  g_assert_true (fyr_test_answer (fixture, 1, FYR_OUTCOME_KIND_APPLIED, 1));
  begin_at (fixture, started + 22 * HOUR);
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, -1);
  /* In a program that runs on it ends as well; the open database stays open, and contact brings it back. */
  save_note (fixture, "venter også");
  fyr_store_set_clock (fixture->store, started + 22 * HOUR + 1);
  g_assert_cmpuint (count_work (fixture), ==, 1);
  g_assert_false (holds (fixture, lease, sizeof lease));
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, FYR_STORE_ERROR_EXPIRED);
  fixture->server_time = started + 23 * HOUR;
  fyr_store_set_clock (fixture->store, started + 23 * HOUR);
  g_assert_true (fyr_test_answer (fixture, 2, FYR_OUTCOME_KIND_APPLIED, 1));
  g_assert_true (holds (fixture, lease, sizeof lease));
}

/* Its key file was the machine's share and the key, sealed with it. */
static void
make_former (Fixture *fixture)
{
  g_autofree char *name = g_strconcat (fixture->path, "-key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrStoreKeys) keys = NULL;
  g_autoptr (FyrSlotFile) file = NULL;
  guint8 words[4 + FYR_SHARE_BYTES + 2 * FYR_WRAP_BYTES] = "fk01";

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  keys = fyr_store_keys_open (fixture->path, &error);
  g_assert_no_error (error);
  randombytes_buf (words + 4, FYR_SHARE_BYTES);
  fyr_key_wrap (words + 4, fyr_store_keys_get_key (keys), words + 4 + FYR_SHARE_BYTES);
  file = fyr_slot_file_open (name, NULL, 4);
  g_assert_true (fyr_slot_file_write (file, words, sizeof words, TRUE));
  g_assert_true (fyr_slot_file_write (file, words, sizeof words, TRUE));
}

static void
test_a_database_of_the_former_release_is_taken_over (Fixture *fixture, gconstpointer data)
{
  gsize length;
  g_autofree char *former = NULL;
  guint8 share[FYR_SHARE_BYTES];

  save_note (fixture, "av forrige utgave");
  make_former (fixture);
  former = read_key_file (fixture, &length);
  g_assert_cmpmem (former + 48, 4, "fk01", 4);
  memcpy (share, former + 52, sizeof share);
  begin_at (fixture, started);
  g_assert_false (is_sealed (fixture));
  g_assert_cmpuint (count_work (fixture), ==, 1);
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  g_assert_false (holds (fixture, share, sizeof share));
  begin_at (fixture, started);
  g_assert_true (is_sealed (fixture));
  g_assert_cmpint (unlock (fixture, SHARE, "kari", "riktig"), ==, -1);
  g_assert_cmpuint (count_work (fixture), ==, 1);
}

/* As if the machine had stopped after the first of the two writings. */
static void
test_killed_between_two_writings_it_opens (Fixture *fixture, gconstpointer data)
{
  gsize length;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  save_note (fixture, "venter");
  make_former (fixture);
  before = read_key_file (fixture, &length);
  begin_at (fixture, started);
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  after = read_key_file (fixture, &length);
  for (guint half = 0; half < 2; half++) {
    g_autofree char *torn = g_memdup2 (before, length);

    memcpy (torn + half * length / 2, after + half * length / 2, length / 2);
    write_key_file (fixture, torn, length);
    begin_at (fixture, started);
    g_assert_true (is_sealed (fixture));
    g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, -1);
    g_assert_cmpuint (count_work (fixture), ==, 1);
    /* And nothing of what was is left. */
    g_assert_false (holds (fixture, "fk01", 4));
  }
}

static void
test_a_server_that_has_no_share_changes_nothing (Fixture *fixture, gconstpointer data)
{
  admit (fixture, fixture->nurse, "kari", "riktig", NULL);
  begin_at (fixture, started);
  g_assert_false (is_sealed (fixture));
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, -1);
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  save_note (fixture, "venter");
  /* One that was put back to an older release: her password opens it while the lease lasts. */
  begin_at (fixture, started + HOUR);
  g_assert_cmpint (unlock (fixture, NULL, "kari", "feil"), ==, FYR_STORE_ERROR_FOREIGN);
  g_assert_cmpint (unlock (fixture, NULL, "kari", "riktig"), ==, -1);
  admit (fixture, fixture->nurse, "kari", "riktig", NULL);
  begin_at (fixture, started + HOUR);
  g_assert_true (is_sealed (fixture));
  g_assert_cmpint (unlock (fixture, SHARE, "kari", "riktig"), ==, -1);
  g_assert_cmpuint (count_work (fixture), ==, 1);
}

/* A sign-in at a training server must not shut out the work that waits for the real one. */
static void
test_a_sign_in_elsewhere_leaves_the_way_back (Fixture *fixture, gconstpointer data)
{
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  save_note (fixture, "venter");
  begin_at (fixture, started + HOUR);
  g_assert_cmpint (unlock (fixture, OTHER_SHARE, "kari", "riktig"), ==, -1);
  admit (fixture, fixture->nurse, "kari", "riktig", OTHER_SHARE);
  begin_at (fixture, started + 40 * HOUR);
  g_assert_cmpint (unlock (fixture, SHARE, "kari", "riktig"), ==, -1);
  g_assert_cmpuint (count_work (fixture), ==, 1);
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  begin_at (fixture, started + 41 * HOUR);
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), ==, -1);
}

static void
damage (Fixture *fixture)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
  memset (bytes, 0xa5, 100);
  g_assert_true (
      g_file_set_contents_full (fixture->path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* Name of the one that was set aside. */
static char *
find_damaged (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    if (strstr (name, ".damaged-") != NULL && g_str_has_suffix (name, "-key")) {
      g_autofree char *full = g_build_filename (fixture->folder, name, NULL);

      return g_strndup (full, strlen (full) - strlen ("-key"));
    }
  }
  g_assert_not_reached ();
}

/* Whoever deletes the file, or damages it beyond reading, makes no other device of it: the share would not fit. */
static void
test_a_database_that_is_gone_is_made_anew_by_the_same_device (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrStoreIdentity) before = identity (fixture);
  g_autoptr (FyrStoreIdentity) after = NULL;

  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  begin_at (fixture, started);
  g_assert_true (is_sealed (fixture));
  g_assert_cmpint (unlock (fixture, SHARE, "kari", "riktig"), ==, -1);
  after = identity (fixture);
  g_assert_false (after->sealed);
  g_assert_cmpstr (after->device, ==, before->device);
}

static void
test_what_was_set_aside_before_needs_the_server_too (Fixture *fixture, gconstpointer data)
{
  guint8 lease[FYR_SHARE_BYTES], share[FYR_SHARE_BYTES];
  g_autofree char *kept = NULL;
  g_autofree char *key_file = NULL;
  g_autofree char *bytes = NULL;
  g_autoptr (FyrStoreKeys) keys = NULL;
  g_autoptr (FyrPageKey) main_key = NULL;
  FyrKeyTrial trial;
  gsize length;

  get_lease (lease);
  damage (fixture);
  begin_at (fixture, started);
  kept = find_damaged (fixture);
  keys = fyr_store_keys_open (kept, NULL);
  g_assert_nonnull (fyr_store_keys_get_key (keys));
  g_clear_pointer (&keys, fyr_store_keys_free);
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  keys = fyr_store_keys_open (kept, NULL);
  g_assert_null (fyr_store_keys_get_key (keys));
  g_assert_false (fyr_store_keys_find (keys, "kari", &trial));
  key_file = g_strconcat (kept, "-key", NULL);
  g_assert_true (g_file_get_contents (key_file, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, lease, sizeof lease));
  g_assert_true (fyr_key_share_read (SHARE, share));
  main_key = fyr_store_keys_recover (keys, share);
  g_assert_nonnull (main_key);
  g_assert_true (fyr_store_keys_unlock (keys, main_key, NULL));
}

static void
test_a_damaged_database_is_made_anew_at_the_sign_in (Fixture *fixture, gconstpointer data)
{
  guint8 lease[FYR_SHARE_BYTES];
  g_autofree char *kept = NULL;
  g_autofree char *key_file = NULL;
  g_autofree char *bytes = NULL;
  gsize length;
  g_autoptr (FyrStoreIdentity) after = NULL;

  get_lease (lease);
  admit (fixture, fixture->nurse, "kari", "riktig", SHARE);
  save_note (fixture, "venter");
  damage (fixture);
  begin_at (fixture, started);
  g_assert_true (is_sealed (fixture));
  g_assert_cmpint (sign_in (fixture, "kari", "riktig"), !=, FYR_STORE_ERROR_CORRUPT);
  after = identity (fixture);
  g_assert_false (after->sealed);
  g_assert_cmpint (after->damaged_at, >, 0);
  kept = find_damaged (fixture);
  key_file = g_strconcat (kept, "-key", NULL);
  g_assert_true (g_file_get_contents (key_file, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, lease, sizeof lease));
  /* What was set aside keeps no lease; the database that took its place opens as before. */
  begin_at (fixture, started + 20 * HOUR);
  g_assert_cmpint (unlock (fixture, SHARE, "kari", "riktig"), ==, -1);
  fyr_store_set_clock (fixture->store, started + 20 * HOUR);
  g_assert_false (holds (fixture, lease, sizeof lease));
}

static void
test_make_cheap (Fixture *fixture, gconstpointer data)
{
  fyr_offline_user_make_cheap ();
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/shares/" name, Fixture, NULL, set_up, function, fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  started = g_get_real_time () / 1000;
  ADD ("passwords-cost-little-from-here-on", test_make_cheap);
  ADD ("nothing-opens-before-somebody-signs-in", test_nothing_opens_before_somebody_signs_in);
  ADD ("her-password-opens-it-without-the-server", test_her_password_opens_it_without_the_server);
  ADD ("quit-at-any-moment-who-has-a-key-is-known", test_quit_at_any_moment_who_has_a_key_is_known);
  ADD ("after-twelve-hours-nothing-on-the-disk-does", test_after_twelve_hours_nothing_on_the_disk_does);
  ADD ("the-server-opens-it-after-any-time", test_the_server_opens_it_after_any_time);
  ADD ("a-new-password-opens-it-and-the-old-one-no-more",
       test_a_new_password_opens_it_and_the_old_one_no_more);
  ADD ("each-user-has-a-wrap-of-her-own", test_each_user_has_a_wrap_of_her_own);
  ADD ("five-wrong-passwords-lock-a-sealed-database-too",
       test_five_wrong_passwords_lock_a_sealed_database_too);
  ADD ("contact-prolongs-the-lease", test_contact_prolongs_the_lease);
  ADD ("a-database-of-the-former-release-is-taken-over", test_a_database_of_the_former_release_is_taken_over);
  ADD ("killed-between-two-writings-it-opens", test_killed_between_two_writings_it_opens);
  ADD ("a-server-that-has-no-share-changes-nothing", test_a_server_that_has_no_share_changes_nothing);
  ADD ("a-sign-in-elsewhere-leaves-the-way-back", test_a_sign_in_elsewhere_leaves_the_way_back);
  ADD ("a-damaged-database-is-made-anew-at-the-sign-in", test_a_damaged_database_is_made_anew_at_the_sign_in);
  ADD ("a-database-that-is-gone-is-made-anew-by-the-same-device",
       test_a_database_that_is_gone_is_made_anew_by_the_same_device);
  ADD ("what-was-set-aside-before-needs-the-server-too", test_what_was_set_aside_before_needs_the_server_too);
  return g_test_run ();
}
