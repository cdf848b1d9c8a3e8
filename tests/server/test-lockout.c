/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-lockout.h"
#include "fyr-server-fixture.h"

/* Wrong passwords lock a name, whoever it is, for a while that grows; nothing else is locked with it. */

#define MINUTE_MS (G_GINT64_CONSTANT (60) * 1000)
#define LONGEST_SECONDS 3600u

static gboolean
note_wrong (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_lockout_note (context, data, error);
}

static gboolean
clear_wrong (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_lockout_clear (context, data, error);
}

static void
write_name (World *world, FyrWriteFunc func, const char *name, guint times)
{
  g_autofree char *copy = g_strdup (name);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < times; i++) {
    fyr_server_db_write (world->db, func, copy, &error);
    g_assert_no_error (error);
  }
}

static guint
locked_at (World *world, const char *name, gint64 time)
{
  g_autoptr (GError) error = NULL;
  guint seconds = G_MAXUINT;

  g_assert_true (fyr_lockout_find (fyr_server_db_get_connection (world->db), name, time, &seconds, &error));
  return seconds;
}

/* When the newest wrong password came, by the server's clock. */
static gint64
last_time (World *world)
{
  return world_count (world, "SELECT max (last) FROM sign_in_failure");
}

static void
move_back (World *world, gint64 milliseconds)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE sign_in_failure SET last = last - %" G_GINT64_FORMAT
                                          ", locked_until = locked_until - %" G_GINT64_FORMAT,
                                          milliseconds, milliseconds);
  g_autoptr (GError) error = NULL;

  fyr_connection_exec (fyr_server_db_get_connection (world->db), sql, &error);
  g_assert_no_error (error);
}

static void
test_each_further_wrong_password_locks_twice_as_long_up_to_an_hour (void)
{
  g_autoptr (World) world = world_new ();
  guint expected = 60;

  for (guint i = 0; i < FYR_LOCKOUT_FREE_TRIES; i++) {
    write_name (world, note_wrong, "kari", 1);
    g_assert_cmpuint (locked_at (world, "kari", last_time (world)), ==, 0);
  }
  for (guint i = 0; i < 20; i++) {
    write_name (world, note_wrong, "kari", 1);
    g_assert_cmpuint (locked_at (world, "kari", last_time (world)), ==, expected);
    expected = MIN (expected * 2, LONGEST_SECONDS);
  }
}

/* What is told is when it may be tried again: never too early, and not locked any more at that time. */
static void
test_a_lock_ends_when_it_was_said_to (void)
{
  g_autoptr (World) world = world_new ();
  gint64 begun;

  write_name (world, note_wrong, "kari", FYR_LOCKOUT_FREE_TRIES + 1);
  begun = last_time (world);
  for (gint64 passed = 0; passed <= MINUTE_MS + 1000; passed += 250) {
    guint seconds = locked_at (world, "kari", begun + passed);

    g_assert_cmpint (seconds * 1000, >=, MAX (0, MINUTE_MS - passed));
    g_assert_cmpint (seconds * 1000, <, MAX (0, MINUTE_MS - passed) + 1000);
    g_assert_cmpuint (locked_at (world, "kari", begun + passed + seconds * 1000), ==, 0);
  }
  g_assert_cmpuint (locked_at (world, "kari", begun + MINUTE_MS - 1), ==, 1);
  g_assert_cmpuint (locked_at (world, "kari", begun + MINUTE_MS), ==, 0);
}

/* Waiting the lock out is no new beginning: the next wrong password locks twice as long. After a day it is. */
static void
test_only_a_day_without_one_forgets_wrong_passwords (void)
{
  g_autoptr (World) world = world_new ();

  write_name (world, note_wrong, "kari", FYR_LOCKOUT_FREE_TRIES + 1);
  move_back (world, 2 * MINUTE_MS);
  write_name (world, note_wrong, "kari", 1);
  g_assert_cmpuint (locked_at (world, "kari", last_time (world)), ==, 120);
  move_back (world, 23 * 60 * MINUTE_MS);
  write_name (world, note_wrong, "kari", 1);
  g_assert_cmpuint (locked_at (world, "kari", last_time (world)), ==, 240);
  write_name (world, note_wrong, "ola", 1);
  move_back (world, 25 * 60 * MINUTE_MS);
  write_name (world, note_wrong, "kari", 1);
  g_assert_cmpuint (locked_at (world, "kari", last_time (world)), ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM sign_in_failure"), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT failures FROM sign_in_failure"), ==, 1);
}

/* Any name can be typed. Each is counted by itself, known or not, and none can be read in the database. */
static void
test_every_name_is_counted_by_itself (void)
{
  g_autofree char *endless = g_strnfill (5000, 'x');
  const char *const names[] = {
    "kari",        "nobody-is-called-so", "",  " ",      "ka ri", "kari'; DROP TABLE session; --",
    "Åse Ødegård", "\xf0\x9f\x92\x9a",    "%", "kari\n", endless
  };
  g_autoptr (World) world = world_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    write_name (world, note_wrong, names[i], FYR_LOCKOUT_FREE_TRIES + 1 + i % 3);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM sign_in_failure"), ==, G_N_ELEMENTS (names));
  g_assert_cmpint (world_count (world, "SELECT min (length (name)) FROM sign_in_failure"), ==, 32);
  g_assert_cmpint (world_count (world, "SELECT max (length (name)) FROM sign_in_failure"), ==, 32);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    gint64 now = last_time (world);

    g_assert_cmpuint (locked_at (world, names[i], now), >, 0);
    write_name (world, clear_wrong, names[i], 1);
    g_assert_cmpuint (locked_at (world, names[i], now), ==, 0);
    g_assert_cmpint (world_count (world, "SELECT count (*) FROM sign_in_failure"), ==,
                     G_N_ELEMENTS (names) - 1 - i);
  }
}

/* Capitals make no new name: whoever guesses cannot begin anew by typing it otherwise. */
static void
test_capitals_are_no_way_around (void)
{
  static const char *const ways[] = { "Åse.Ødegård", "åse.ødegård", "ÅSE.ØDEGÅRD", "åSE.øDEGÅRD" };
  g_autoptr (World) world = world_new ();

  for (guint i = 0; i <= FYR_LOCKOUT_FREE_TRIES; i++) {
    write_name (world, note_wrong, ways[i % G_N_ELEMENTS (ways)], 1);
  }
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_assert_cmpuint (locked_at (world, ways[i], last_time (world)), ==, 60);
  }
  write_name (world, clear_wrong, ways[2], 1);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM sign_in_failure"), ==, 0);
}

static void
test_names_typed_are_not_kept_readable (void)
{
  g_autoptr (World) world = world_new ();

  write_name (world, note_wrong, "passordet mitt", 1);
  g_assert_cmpint (
      world_count (world, "SELECT count (*) FROM sign_in_failure WHERE instr (name, 'passordet') > 0"), ==,
      0);
  g_assert_cmpint (world_count (world, "SELECT length (name) FROM sign_in_failure"), ==, 32);
}

typedef struct {
  const char *user_id;
  const char *hash;
} NewPassword;

static gboolean
set_password (FyrWriteContext *context, gpointer data, GError **error)
{
  const NewPassword *set = data;

  return fyr_credential_set (context, set->user_id, set->hash, error);
}

/* Who is locked out and is given a new password signs in with it at once; nobody else's lock is lifted. */
static void
test_a_new_password_ends_the_lock (void)
{
  static const char *const hashes[] = { "hash", NULL };
  g_autoptr (World) world = world_new ();

  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++) {
    NewPassword set = { world->nurse, hashes[i] };
    g_autoptr (GError) error = NULL;

    write_name (world, note_wrong, "KARI", FYR_LOCKOUT_FREE_TRIES + 1);
    write_name (world, note_wrong, "ola", FYR_LOCKOUT_FREE_TRIES + 1);
    g_assert_cmpuint (locked_at (world, "kari", last_time (world)), >, 0);
    fyr_server_db_write (world->db, set_password, &set, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (locked_at (world, "kari", last_time (world)), ==, 0);
    g_assert_cmpuint (locked_at (world, "ola", last_time (world)), >, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/lockout/" #name, test_##name)
  ADD (each_further_wrong_password_locks_twice_as_long_up_to_an_hour);
  ADD (a_lock_ends_when_it_was_said_to);
  ADD (only_a_day_without_one_forgets_wrong_passwords);
  ADD (every_name_is_counted_by_itself);
  ADD (capitals_are_no_way_around);
  ADD (names_typed_are_not_kept_readable);
  ADD (a_new_password_ends_the_lock);
  return g_test_run ();
}
