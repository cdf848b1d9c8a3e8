/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-centre-figures.h"
#include "fyr-centre-window.h"
#include "fyr-format.h"

#include <gio/gio.h>
#include <string.h>

/* 2026-11-22 08:30 UTC is 09:30 in Norway. */
#define MORNING G_GINT64_CONSTANT (1795336200000)
#define MINUTE G_GINT64_CONSTANT (60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static void
expect (char *text, const char *wanted)
{
  g_assert_cmpstr (text, ==, wanted);
  g_free (text);
}

static void
test_times_are_norways (void)
{
  expect (fyr_format_clock (MORNING), "09:30");
  expect (fyr_format_date (MORNING), "22 Nov 2026");
  expect (fyr_format_date_time (MORNING), "22 Nov 2026 09:30");
  /* summer time: two hours ahead */
  expect (fyr_format_clock (MORNING - 120 * DAY), "10:30");
}

static void
test_when_is_as_short_as_it_is_clear (void)
{
  expect (fyr_format_when (MORNING - HOUR, MORNING), "08:30");
  expect (fyr_format_when (MORNING - 10 * HOUR, MORNING), "yesterday 23:30");
  expect (fyr_format_when (MORNING - 3 * DAY, MORNING), "19 Nov 09:30");
  expect (fyr_format_when (MORNING - 400 * DAY, MORNING), "18 Oct 2025 10:30");
}

static void
test_durations (void)
{
  expect (fyr_format_duration (40 * 1000), "40 s");
  expect (fyr_format_duration (-12 * MINUTE), "12 min");
  expect (fyr_format_duration (2 * HOUR), "2 h");
  expect (fyr_format_duration (2 * HOUR + 5 * MINUTE), "2 h 5 min");
  expect (fyr_format_duration (3 * DAY), "3 d");
}

static void
test_deadline_says_left_and_overdue (void)
{
  gint64 next;

  expect (fyr_format_deadline (0, MORNING, &next), "");
  g_assert_cmpint (next, ==, 0);
  expect (fyr_format_deadline (MORNING + 12 * MINUTE + 1, MORNING, &next), "12 min left");
  expect (fyr_format_deadline (MORNING - 25 * MINUTE, MORNING, &next), "25 min overdue");
  expect (fyr_format_deadline (MORNING + 30 * HOUR, MORNING, &next), "by 23 Nov 15:30");
}

/* The text is another at the instant that was told, and the same one millisecond before. */
static void
test_deadline_tells_when_it_changes (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (int i = 0; i < 2000; i++) {
    gint64 due = MORNING + (gint64)g_rand_int_range (rand, -3 * 3600 * 1000, 7 * 3600 * 1000);
    gint64 next, later;
    g_autofree char *now_text = fyr_format_deadline (due, MORNING, &next);
    g_autofree char *before = NULL, *after = NULL;

    if (due == MORNING)
      continue;
    g_assert_cmpint (next, >, MORNING);
    before = fyr_format_deadline (due, next - 1, &later);
    after = fyr_format_deadline (due, next, &later);
    g_assert_cmpstr (before, ==, now_text);
    if (next != due + 1)
      g_assert_cmpstr (after, !=, now_text);
  }
}

static void
test_age (void)
{
  expect (fyr_format_age ("1952-11-23", MORNING), "73 years");
  expect (fyr_format_age ("1952-11-22", MORNING), "74 years");
  expect (fyr_format_age ("2026-03-01", MORNING), "8 months");
  expect (fyr_format_age ("2026-10-10", MORNING), "1 month");
  expect (fyr_format_age (NULL, MORNING), "");
  expect (fyr_format_age ("no date", MORNING), "");
}

static void
test_numbers (void)
{
  expect (fyr_format_number (7.25, 1), "7.2");
  expect (fyr_format_number (-3, 0), "\342\210\2223");
  expect (fyr_format_number (36.65, 2), "36.65");
}

static void
test_dates_are_read_as_people_write_them (void)
{
  static const char *const good[] = { "21.11.1952", "21/11 1952", "21 11 1952", "1952-11-21",
                                      "211152",     "21111952",   "21.11.52" };
  static const char *const bad[] = { "",    "31.02.1952", "21.11",      "today",   "1",
                                     "211", "00.01.1950", "21.13.1952", "99999999" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    expect (fyr_parse_date (good[i]), "1952-11-21");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (fyr_parse_date (bad[i]));
  g_assert_null (fyr_parse_date (NULL));
  expect (fyr_format_day ("1952-11-21"), "21 Nov 1952");
  expect (fyr_format_day ("rubbish"), "rubbish");
  expect (fyr_format_day (NULL), "");
}

static void
test_names (void)
{
  expect (fyr_join_name ("Ola", "Nordmann"), "Ola Nordmann");
  expect (fyr_join_name (NULL, "Nordmann"), "Nordmann");
}

static void
test_opening_hours_are_read_as_people_write_them (void)
{
  int opens, closes;

  g_assert_true (fyr_opening_day_from_text ("08:00-15:30", &opens, &closes));
  g_assert_cmpint (opens, ==, 480);
  g_assert_cmpint (closes, ==, 930);
  g_assert_true (fyr_opening_day_from_text (" 8 – 15.30 ", &opens, &closes));
  g_assert_cmpint (opens, ==, 480);
  g_assert_cmpint (closes, ==, 930);
  g_assert_true (fyr_opening_day_from_text ("00:00-24:00", &opens, &closes));
  g_assert_true (fyr_opening_day_from_text ("", &opens, &closes));
  g_assert_cmpint (closes, ==, 0);
  g_assert_false (fyr_opening_day_from_text ("15:30-08:00", &opens, &closes));
  g_assert_false (fyr_opening_day_from_text ("08:00", &opens, &closes));
  g_assert_false (fyr_opening_day_from_text ("08:00-25:00", &opens, &closes));
  g_assert_false (fyr_opening_day_from_text ("08:75-15:00", &opens, &closes));
  g_assert_false (fyr_opening_day_from_text ("closed", &opens, &closes));
  expect (fyr_closed_days_from_text ("24.12.2026, 31.12.2026"), "[\"2026-12-24\",\"2026-12-31\"]");
  expect (fyr_closed_days_from_text (""), "[]");
  g_assert_null (fyr_closed_days_from_text ("24.12.2026, 31.02.2026"));
}

static const char figures_text[] =
    "{\"centre\":\"Fyrvik\",\"from\":1793000000000,\"to\":1795336200000,\"patients\":{\"active\":101,"
    "\"onhold\":3},"
    "\"alerts\":{\"red\":{\"raised\":7,\"closed\":5,\"open\":2,\"overdue\":1,\"median_minutes_to_take\":4.5,"
    "\"median_minutes_to_close\":null}},\"measurements\":{\"received\":31415}}";

static void
test_figures_are_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrFigures) figures = fyr_figures_parse (figures_text, strlen (figures_text), &error);
  FyrFigureLine *line;
  g_autofree char *words = NULL;
  g_autofree char *table = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (figures->patients[FYR_PATIENT_STATUS_ACTIVE], ==, 101);
  g_assert_cmpint (figures->patients[FYR_PATIENT_STATUS_FINISHED], ==, 0);
  g_assert_cmpint (figures->measurements, ==, 31415);
  g_assert_cmpuint (figures->lines->len, ==, 1);
  line = &g_array_index (figures->lines, FyrFigureLine, 0);
  g_assert_cmpint (line->raised, ==, 7);
  g_assert_cmpfloat (line->minutes_to_close, <, 0);
  words = fyr_figures_word_line (line);
  g_assert_nonnull (strstr (words, "1 overdue"));
  g_assert_nonnull (strstr (words, "Half were taken within 4 min"));
  table = fyr_figures_to_text (figures);
  g_assert_nonnull (strstr (table, "Red alert\t7\t5\t2\t1\t4.5\t\n"));
}

static void
test_figures_of_another_kind_are_refused (void)
{
  static const char *const bad[] = { "", "[]", "nonsense", "{\"centre\": ", "12" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fyr_figures_parse (bad[i], strlen (bad[i]), &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/format/times-are-norways", test_times_are_norways);
  g_test_add_func ("/app/format/when-is-as-short-as-it-is-clear", test_when_is_as_short_as_it_is_clear);
  g_test_add_func ("/app/format/durations", test_durations);
  g_test_add_func ("/app/format/deadline-says-left-and-overdue", test_deadline_says_left_and_overdue);
  g_test_add_func ("/app/format/deadline-tells-when-it-changes", test_deadline_tells_when_it_changes);
  g_test_add_func ("/app/format/age", test_age);
  g_test_add_func ("/app/format/numbers", test_numbers);
  g_test_add_func ("/app/format/dates-are-read-as-people-write-them",
                   test_dates_are_read_as_people_write_them);
  g_test_add_func ("/app/format/names", test_names);
  g_test_add_func ("/app/format/opening-hours-are-read-as-people-write-them",
                   test_opening_hours_are_read_as_people_write_them);
  g_test_add_func ("/app/figures/are-read", test_figures_are_read);
  g_test_add_func ("/app/figures/of-another-kind-are-refused", test_figures_of_another_kind_are_refused);
  return g_test_run ();
}
