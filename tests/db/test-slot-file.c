/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The small file beside a database: its last words, or those before them, never others.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-fault.h"
#include "fyr-slot-file.h"

#define SLOT_BYTES 4096

typedef struct {
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *database = NULL;

  fixture->folder = fyr_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "test.db-words", NULL);
  database = g_build_filename (fixture->folder, "test.db", NULL);
  g_assert_true (g_file_set_contents (database, "", 0, NULL));
  g_assert_cmpint (g_chmod (database, 0600), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->path);
  fyr_test_folder_free (fixture->folder);
}

static FyrSlotFile *
open_it (Fixture *fixture)
{
  FyrSlotFile *file = fyr_slot_file_open (fixture->path, NULL, 1);

  g_assert_nonnull (file);
  return file;
}

static void
write_text (FyrSlotFile *file, const char *text)
{
  g_assert_true (fyr_slot_file_write (file, text, strlen (text) + 1, TRUE));
}

/* @text: (nullable): what must be read */
static void
assert_reads (FyrSlotFile *file, const char *text)
{
  g_autoptr (GBytes) words = fyr_slot_file_read (file, NULL);

  if (text == NULL) {
    g_assert_null (words);
  } else {
    g_assert_nonnull (words);
    g_assert_cmpstr (g_bytes_get_data (words, NULL), ==, text);
    g_assert_cmpuint (g_bytes_get_size (words), ==, strlen (text) + 1);
  }
}

static void
assert_file_reads (Fixture *fixture, const char *text)
{
  g_autoptr (FyrSlotFile) file = open_it (fixture);

  assert_reads (file, text);
}

static void
damage (Fixture *fixture, gsize offset, guint8 flip)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
  g_assert_cmpuint (offset, <, length);
  bytes[offset] = (char)(bytes[offset] ^ flip);
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize)length, NULL));
}

static void
test_the_last_words_are_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrSlotFile) file = open_it (fixture);

  assert_reads (file, NULL);
  for (int i = 0; i < 9; i++) {
    g_autofree char *text = g_strdup_printf ("word %d", i);

    write_text (file, text);
    assert_reads (file, text);
    assert_file_reads (fixture, text);
  }
}

static void
test_nobody_else_may_read_it (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrSlotFile) file = open_it (fixture);
  GStatBuf info;

  write_text (file, "a key");
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_a_flipped_bit_leaves_the_former_words (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrSlotFile) file = open_it (fixture);

  write_text (file, "first");
  write_text (file, "second");
  for (gsize at = 0; at < 48 + sizeof "second"; at++) {
    damage (fixture, SLOT_BYTES + at, 0x10);
    assert_file_reads (fixture, "first");
    damage (fixture, SLOT_BYTES + at, 0x10);
    damage (fixture, at, 0x10);
    assert_file_reads (fixture, "second");
    damage (fixture, at, 0x10);
  }
}

static void
test_both_damaged_is_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrSlotFile) file = open_it (fixture);

  write_text (file, "first");
  write_text (file, "second");
  g_clear_pointer (&file, fyr_slot_file_close);
  damage (fixture, 50, 1);
  damage (fixture, SLOT_BYTES + 50, 1);
  file = open_it (fixture);
  assert_reads (file, NULL);
  /* And it begins anew. */
  write_text (file, "third");
  assert_file_reads (fixture, "third");
  write_text (file, "fourth");
  assert_file_reads (fixture, "fourth");
}

static void
test_a_cut_file_leaves_what_is_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrSlotFile) file = open_it (fixture);
  g_autofree char *bytes = NULL;
  gsize length;

  write_text (file, "first");
  write_text (file, "second");
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
  g_assert_cmpuint (length, ==, 2 * SLOT_BYTES);
  g_assert_true (g_file_set_contents (fixture->path, bytes, SLOT_BYTES + 100, NULL));
  assert_file_reads (fixture, "first");
  g_assert_true (g_file_set_contents (fixture->path, bytes, 100, NULL));
  assert_file_reads (fixture, NULL);
  g_assert_true (g_file_set_contents (fixture->path, bytes, 0, NULL));
  assert_file_reads (fixture, NULL);
}

/* The two halves of the file are not the same: one put where the other was says nothing. */
static void
test_a_slot_counts_in_its_own_place_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrSlotFile) file = open_it (fixture);
  g_autofree char *bytes = NULL;
  gsize length;

  write_text (file, "first");
  write_text (file, "second");
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &length, NULL));
  memcpy (bytes, bytes + SLOT_BYTES, SLOT_BYTES);
  memset (bytes + SLOT_BYTES, 0, SLOT_BYTES);
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize)length, NULL));
  assert_file_reads (fixture, NULL);
}

static void
test_words_of_another_key_do_not_count (Fixture *fixture, gconstpointer data)
{
  const guint8 key[FYR_SLOT_KEY_BYTES] = { 1, 2, 3 };
  const guint8 other[FYR_SLOT_KEY_BYTES] = { 1, 2, 4 };
  g_autoptr (FyrSlotFile) file = fyr_slot_file_open (fixture->path, key, 1);
  g_autoptr (FyrSlotFile) stranger = NULL;

  write_text (file, "ours");
  assert_reads (file, "ours");
  stranger = fyr_slot_file_open (fixture->path, other, 1);
  assert_reads (stranger, NULL);
  assert_file_reads (fixture, NULL);
}

static void
test_as_much_as_a_slot_holds (Fixture *fixture, gconstpointer data)
{
  for (guint blocks = 1; blocks <= 4; blocks++) {
    g_autoptr (FyrSlotFile) file = NULL;
    g_autofree char *text = g_strnfill ((blocks - 1) * SLOT_BYTES + FYR_SLOT_BYTES - 1, 'x');

    g_unlink (fixture->path);
    file = fyr_slot_file_open (fixture->path, NULL, blocks);
    write_text (file, "first");
    write_text (file, text);
    assert_reads (file, text);
    write_text (file, "third");
    assert_reads (file, "third");
  }
}

/* Whichever call fails, once or for good, or ends the program: the former words, or the new ones. */
static void
test_a_failed_write_leaves_the_former_words (Fixture *fixture, gconstpointer data)
{
  const FyrFaultKind kinds[] = { FYR_FAULT_ONCE, FYR_FAULT_FOREVER, FYR_FAULT_FULL, FYR_FAULT_SYNC };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    for (int n = 1; n <= 2; n++) {
      g_autoptr (FyrSlotFile) file = open_it (fixture);
      gboolean written;

      write_text (file, "before");
      fyr_fault_arm_io (kinds[i], n);
      written = fyr_slot_file_write (file, "after", sizeof "after", TRUE);
      if (!fyr_fault_disarm ()) {
        g_assert_true (written);
        continue;
      }
      g_assert_false (written && kinds[i] != FYR_FAULT_FULL);
      g_clear_pointer (&file, fyr_slot_file_close);
      file = open_it (fixture);
      {
        g_autoptr (GBytes) words = fyr_slot_file_read (file, NULL);
        const char *text = g_bytes_get_data (words, NULL);

        g_assert_true (g_str_equal (text, "before") || g_str_equal (text, "after"));
      }
      write_text (file, "again");
      assert_reads (file, "again");
    }
  }
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "the-last-words-are-read", test_the_last_words_are_read },
    { "nobody-else-may-read-it", test_nobody_else_may_read_it },
    { "a-flipped-bit-leaves-the-former-words", test_a_flipped_bit_leaves_the_former_words },
    { "both-damaged-is-nothing", test_both_damaged_is_nothing },
    { "a-cut-file-leaves-what-is-whole", test_a_cut_file_leaves_what_is_whole },
    { "a-slot-counts-in-its-own-place-only", test_a_slot_counts_in_its_own_place_only },
    { "words-of-another-key-do-not-count", test_words_of_another_key_do_not_count },
    { "as-much-as-a-slot-holds", test_as_much_as_a_slot_holds },
    { "a-failed-write-leaves-the-former-words", test_a_failed_write_leaves_the_former_words },
  };

  fyr_fault_install ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *name = g_strconcat ("/db/slot-file/", tests[i].name, NULL);

    g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run ();
}
