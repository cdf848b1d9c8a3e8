/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the disk would not read is not damaged: whichever read is refused, with the disk good again all is there.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-fault.h"
#include "fyr-store-damage.h"

#define NOTES 5
/* More reads than any opening does. */
#define CEILING 5000
/* Each of the first, among which are key, mark and log; of the rest, which are pages, one in so many. */
#define EACH_BELOW 40
#define STEP 11

typedef FyrStoreFixture Fixture;

static int
after (int n)
{
  return n < EACH_BELOW ? n + 1 : n + STEP;
}

static guint
count_outbox (Fixture *fixture)
{
  g_autoptr (GPtrArray) outbox = fyr_test_outbox (fixture, G_MAXUINT);

  return outbox->len;
}

static void
open_well (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->store, fyr_test_close_store);
  fixture->store = fyr_test_open_store (fixture->path, &error);
  g_assert_no_error (error);
}

static void
assert_nothing_set_aside (Fixture *fixture)
{
  g_autoptr (FyrStoreIdentity) identity = fyr_test_identity (fixture);

  g_assert_cmpint (identity->damaged_at, ==, 0);
  g_assert_cmpuint (fyr_test_count_damaged (fixture), ==, 0);
}

/* The fixture's path is a fresh copy of @killed, closed. */
static void
take_copy (Fixture *fixture, Fixture *killed)
{
  g_clear_pointer (&fixture->store, fyr_test_close_store);
  fyr_test_copy_as_killed (killed->path, fixture->path);
}

/* Opens while the @n-th read is refused. Returns whether there was an @n-th. */
static gboolean
open_badly (Fixture *fixture, int n, gboolean forever)
{
  g_autoptr (GError) error = NULL;
  gboolean struck;

  fyr_fault_arm_reads (n, forever);
  fixture->store = fyr_test_open_store (fixture->path, &error);
  struck = fyr_fault_disarm ();
  if (fixture->store == NULL) {
    g_assert_true (error->domain == FYR_STORE_ERROR && error->code != FYR_STORE_ERROR_CORRUPT);
  }
  return struck;
}

static void
run_with_copy (Fixture *killed, void (*run) (Fixture *fixture, Fixture *killed, gboolean forever))
{
  for (int forever = 0; forever <= 1; forever++) {
    Fixture copy = *killed;

    copy.path = g_strconcat (killed->path, "-killed", NULL);
    copy.store = NULL;
    run (&copy, killed, forever);
    g_clear_pointer (&copy.store, fyr_test_close_store);
    g_free (copy.path);
  }
}

static void
open_each (Fixture *fixture, Fixture *killed, gboolean forever)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n = after (n)) {
    g_assert_cmpint (n, <, CEILING);
    take_copy (fixture, killed);
    struck = open_badly (fixture, n, forever);
    open_well (fixture);
    g_assert_cmpuint (count_outbox (fixture), ==, NOTES);
    assert_nothing_set_aside (fixture);
  }
}

static void
test_opening (Fixture *fixture, gconstpointer data)
{
  fyr_test_save_notes (fixture, 0, NOTES);
  run_with_copy (fixture, open_each);
}

/* A sync that failed makes the file doubtful: it is opened anew and all of it is read. */
static void
doubt_each (Fixture *fixture, Fixture *killed, gboolean forever)
{
  gboolean struck = TRUE;

  for (int n = 1; struck; n = after (n)) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrSaveReceipt) receipt = NULL;
    FyrNote *note = fyr_test_note (fixture, "mens disken svikter");

    g_assert_cmpint (n, <, CEILING);
    take_copy (fixture, killed);
    open_well (fixture);
    fyr_fault_arm_io (FYR_FAULT_SYNC, 1);
    fyr_fault_arm_reads (n, forever);
    receipt = fyr_test_save (fixture, fyr_mutation_new_create (FYR_RECORD (note), fixture->nurse), &error);
    g_object_unref (note);
    struck = fyr_fault_disarm_reads ();
    fyr_fault_disarm ();
    /* The first to write withdraws what was told as not saved. */
    fyr_test_save_notes (fixture, NOTES, NOTES + 1);
    g_assert_cmpuint (count_outbox (fixture), ==, NOTES + 1 + (receipt != NULL));
    assert_nothing_set_aside (fixture);
  }
}

static void
test_a_doubtful_file (Fixture *fixture, gconstpointer data)
{
  fyr_test_save_notes (fixture, 0, NOTES);
  run_with_copy (fixture, doubt_each);
}

static void
remove_damaged (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

    if (strstr (name, ".damaged-") != NULL) {
      g_unlink (path);
    }
  }
}

/* The end of the log is gone as well: what a good disk would give is taken along all the same, and one copy is kept. */
static void
salvage_each (Fixture *fixture, Fixture *killed, gboolean forever)
{
  gboolean struck = TRUE;

  for (int n = 0; struck; n = after (n)) {
    g_autoptr (FyrStoreIdentity) identity = NULL;

    g_assert_cmpint (n, <, CEILING);
    take_copy (fixture, killed);
    fyr_test_change_file (fixture->path, "-wal", 0, 0,
                          (gssize)fyr_test_size_of (fixture->path, "-wal") - 100);
    struck = n == 0 || open_badly (fixture, n, forever);
    open_well (fixture);
    identity = fyr_test_identity (fixture);
    g_assert_cmpint (identity->damaged_at, >, 0);
    g_assert_cmpuint (count_outbox (fixture), ==, NOTES - 1);
    g_assert_cmpuint (fyr_test_count_damaged (fixture), ==, 3);
    remove_damaged (fixture);
  }
}

static void
test_a_damaged_file (Fixture *fixture, gconstpointer data)
{
  fyr_test_save_notes (fixture, 0, NOTES);
  run_with_copy (fixture, salvage_each);
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/unread/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                      \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_fault_install ();
  ADD ("opening", test_opening);
  ADD ("a-doubtful-file", test_a_doubtful_file);
  ADD ("a-damaged-file", test_a_damaged_file);
  return g_test_run ();
}
