/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-uci-log.h"

static const FyrUciEntry *
entry_at (FyrUciLog *log, guint index)
{
  return &g_array_index (log->entries, FyrUciEntry, index);
}

static const FyrUciProblem *
problem_at (FyrUciLog *log, guint index)
{
  return &g_array_index (log->problems, FyrUciProblem, index);
}

static FyrUciLog *
parse (const char *text)
{
  return fyr_uci_log_parse (text, strlen (text));
}

static void
test_rows (void)
{
  g_autoptr (FyrUciLog) log =
      parse ("04-21-1991\t9:09\t58\t100\n04-21-1991\t09:09\t33\t009\r\n\n04-22-1991\t22:51\t62\t067");

  g_assert_cmpuint (log->problems->len, ==, 0);
  g_assert_cmpuint (log->entries->len, ==, 3);
  g_assert_cmpint (entry_at (log, 0)->kind, ==, FYR_MEASUREMENT_KIND_GLUCOSE);
  g_assert_cmpfloat_with_epsilon (entry_at (log, 0)->value, 5.5506, 0.0001);
  g_assert_cmpstr (entry_at (log, 0)->reported, ==, "100");
  g_assert_cmpint (entry_at (log, 0)->minute, ==, 549);
  g_assert_cmpint (entry_at (log, 0)->day, ==, 7780);
  g_assert_cmpstr (entry_at (log, 0)->note, ==, "Before breakfast");
  g_assert_cmpint (entry_at (log, 1)->kind, ==, FYR_MEASUREMENT_KIND_INSULIN);
  g_assert_cmpfloat (entry_at (log, 1)->value, ==, 9);
  g_assert_cmpint (entry_at (log, 1)->minute, ==, 549);
  g_assert_cmpuint (entry_at (log, 2)->line, ==, 4);
  g_assert_cmpstr (entry_at (log, 2)->reported, ==, "67");
}

static void
test_words (void)
{
  g_autoptr (FyrUciLog) log = parse ("10-31-1989\t12:00\t60\t0Hi\n11-08-1989\t18:00\t62\t0Lo\n");

  g_assert_cmpuint (log->entries->len, ==, 2);
  g_assert_false (entry_at (log, 0)->has_value);
  g_assert_cmpstr (entry_at (log, 0)->reported, ==, "Hi");
  g_assert_cmpint (entry_at (log, 0)->reason, ==, FYR_ABSENT_ABOVE_RANGE);
  g_assert_cmpint (entry_at (log, 1)->reason, ==, FYR_ABSENT_BELOW_RANGE);
  g_assert_cmpfloat (entry_at (log, 0)->value, ==, 0);
}

static void
test_problems (void)
{
  static const char *const rows[] = {
    "10-12-1989\t7:00\t0\t",
    "\t138\t33\t3A",
    "05-26-1991\t06:00\t4\t0",
    "13-01-1991\t06:00\t58\t100",
    "02-30-1991\t06:00\t58\t100",
    "1991-01-01\t06:00\t58\t100",
    "01-01-1991\t6\t58\t100",
    "01-01-1991\t24:00\t58\t100",
    "01-01-1991\t06:60\t58\t100",
    "01-01-1991\t06:00\t58",
    "01-01-1991\t06:00\t58\t100\tx",
    "01-01-1991\t06:00\tx\t100",
    "01-01-1991\t06:00\t36\t1",
    "01-01-1991\t06:00\t58\t",
    "01-01-1991\t06:00\t58\tabc",
    "01-01-1991\t06:00\t58\t1e3",
    "01-01-1991\t06:00\t58\t123456789012345678",
    "01-01-1991 06:00 58 100",
    "\xff\xfe\t06:00\t58\t100",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text =
        g_strconcat ("01-01-1991\t05:00\t58\t100\n", rows[i], "\n01-01-1991\t07:00\t58\t100\n", NULL);
    g_autoptr (FyrUciLog) log = parse (text);

    if (log->problems->len != 1)
      g_error ("accepted: %s", rows[i]);
    g_assert_cmpuint (log->entries->len, ==, 2);
    g_assert_cmpuint (problem_at (log, 0)->line, ==, 2);
    g_assert_nonnull (problem_at (log, 0)->reason);
    g_assert_false (problem_at (log, 0)->is_event);
  }
}

static void
test_events (void)
{
  g_autoptr (FyrUciLog) log = parse ("01-01-1991\t06:00\t65\t0\n01-01-1991\t06:00\t72\t0\n");

  g_assert_cmpuint (log->problems->len, ==, 2);
  g_assert_true (problem_at (log, 0)->is_event);
  g_assert_true (problem_at (log, 1)->is_event);
}

static void
test_bytes (void)
{
  static const char with_nul[] = "01-01-1991\t06:00\t58\t1\0"
                                 "00\n01-01-1991\t07:00\t58\t100";
  g_autofree char *long_row = g_strnfill (100000, '1');
  g_autoptr (FyrUciLog) nul = fyr_uci_log_parse (with_nul, sizeof with_nul - 1);
  g_autoptr (FyrUciLog) long_log = parse (long_row);
  g_autoptr (FyrUciLog) empty = fyr_uci_log_parse ("", 0);

  g_assert_cmpuint (nul->entries->len, ==, 1);
  g_assert_cmpuint (nul->problems->len, ==, 1);
  g_assert_cmpuint (long_log->problems->len, ==, 1);
  g_assert_cmpuint (empty->entries->len + empty->problems->len, ==, 0);
}

static void
test_material (void)
{
  static const struct {
    const char *name;
    guint rows;
  } cases[] = {
    { "data-01", 943 }, { "data-02", 761 }, { "data-20", 0 }, { "data-27", 0 }, { "data-29", 0 }
  };
  guint found = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "..", "shared", "data",
                                              "uci-diabetes", cases[i].name, NULL);
    g_autofree char *text = NULL;
    g_autoptr (FyrUciLog) log = NULL;
    gsize length;
    guint lines = 0;

    if (!g_file_get_contents (path, &text, &length, NULL))
      continue;
    found++;
    for (gsize n = 0; n < length; n++)
      lines += text[n] == '\n';
    log = fyr_uci_log_parse (text, length);
    /* Every row is either used or named. */
    g_assert_cmpuint (log->entries->len + log->problems->len, ==, lines);
    if (cases[i].rows > 0)
      g_assert_cmpuint (lines, ==, cases[i].rows);
    g_assert_cmpuint (log->problems->len, <, lines / 4);
  }
  if (found == 0)
    g_test_skip ("the third-party material is not here");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uci/rows-are-read", test_rows);
  g_test_add_func ("/uci/the-meters-words-are-no-numbers", test_words);
  g_test_add_func ("/uci/each-bad-row-is-named-and-the-rest-stays", test_problems);
  g_test_add_func ("/uci/events-are-told-apart", test_events);
  g_test_add_func ("/uci/any-bytes-are-survived", test_bytes);
  g_test_add_func ("/uci/real-logs-are-read-whole", test_material);
  return g_test_run ();
}
