/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fhir-time.h"

static void
test_forms (void)
{
  static const struct {
    const char *text;
    gint64 time;
    gboolean has_offset;
    int offset;
    gboolean date_only;
  } cases[] = {
    { "1970-01-01T00:00:00Z", 0, TRUE, 0, FALSE },
    { "2026-09-21T14:13:20Z", 1790000000000, TRUE, 0, FALSE },
    { "2026-09-21T16:13:20+02:00", 1790000000000, TRUE, 120, FALSE },
    { "2026-09-21T08:43:20-05:30", 1790000000000, TRUE, -330, FALSE },
    { "2026-09-21T16:13:20", 1790000000000, FALSE, 0, FALSE },
    { "2026-09-21T16:13", 1789999980000, FALSE, 0, FALSE },
    { "2026-09-21T16:13Z", 1790007180000, TRUE, 0, FALSE },
    { "2026-09-21T14:13:20.5Z", 1790000000500, TRUE, 0, FALSE },
    { "2026-09-21T14:13:20.123456789Z", 1790000000123, TRUE, 0, FALSE },
    { "2026-09-21", 1789984800000, FALSE, 0, TRUE },
    { "2026-01-21", 1768993200000, FALSE, 0, TRUE },
    { "2024-02-29T00:00:00Z", 1709164800000, TRUE, 0, FALSE },
    { "2016-12-31T23:59:60Z", 1483228799000, TRUE, 0, FALSE },
    { "1969-12-31T23:59:59Z", -1000, TRUE, 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrFhirTime time;

    if (!fyr_fhir_time_parse (cases[i].text, &time))
      g_error ("refused: %s", cases[i].text);
    g_assert_cmpint (time.time, ==, cases[i].time);
    g_assert_cmpint (time.has_offset, ==, cases[i].has_offset);
    g_assert_cmpint (time.offset_minutes, ==, cases[i].offset);
    g_assert_cmpint (time.date_only, ==, cases[i].date_only);
  }
}

static void
test_refused (void)
{
  static const char *const cases[] = {
    "",
    " ",
    "2026",
    "2026-09",
    "2026-9-1",
    "2026-13-01",
    "2026-00-01",
    "2026-01-00",
    "2025-02-29",
    "2026-09-21T",
    "2026-09-21T14",
    "2026-09-21T14:",
    "2026-09-21T24:00",
    "2026-09-21T14:60",
    "2026-09-21T14:13:61Z",
    "2026-09-21T14:13:20.Z",
    "2026-09-21T14:13:20.1234567890Z",
    "2026-09-21T14:13:20z",
    "2026-09-21T14:13:20+2:00",
    "2026-09-21T14:13:20+02",
    "2026-09-21T14:13:20+02:60",
    "2026-09-21T14:13:20+15:00",
    "2026-09-21T14:13:20Z ",
    " 2026-09-21",
    "2026-09-21t14:13:20Z",
    "２０２６-09-21",
    "0000-01-01",
    "-026-01-01",
    "20260921",
  };
  FyrFhirTime time;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (fyr_fhir_time_parse (cases[i], &time))
      g_error ("accepted: %s", cases[i]);
  g_assert_false (fyr_fhir_time_parse (NULL, &time));
}

/* Without offset the clock on the wall in Norway counts, also in the nights it is changed. */
static void
test_daylight_saving (void)
{
  FyrFhirTime before;
  FyrFhirTime after;

  g_assert_true (fyr_fhir_time_parse ("2026-03-29T01:59:00", &before));
  g_assert_true (fyr_fhir_time_parse ("2026-03-29T03:00:00", &after));
  g_assert_cmpint (after.time - before.time, ==, 60000);
  g_assert_true (fyr_fhir_time_parse ("2026-10-25T01:59:00", &before));
  g_assert_true (fyr_fhir_time_parse ("2026-10-25T03:00:00", &after));
  g_assert_cmpint (after.time - before.time, ==, 2 * 3600000 + 60000);
}

static void
test_round_trip (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 5000; i++) {
    gint64 time = (gint64)g_rand_double_range (rand, -2e12, 4e12);
    int offset = g_rand_int_range (rand, -14 * 60, 14 * 60 + 1);
    g_autofree char *text = fyr_fhir_time_format (time, offset);
    FyrFhirTime read;

    if (!fyr_fhir_time_parse (text, &read))
      g_error ("refused: %s", text);
    g_assert_cmpint (read.time, ==, time);
    g_assert_cmpint (read.offset_minutes, ==, offset);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/time/each-form-is-read", test_forms);
  g_test_add_func ("/fhir/time/what-is-no-point-in-time-is-refused", test_refused);
  g_test_add_func ("/fhir/time/the-nights-the-clock-is-changed", test_daylight_saving);
  g_test_add_func ("/fhir/time/what-is-written-is-read-the-same", test_round_trip);
  return g_test_run ();
}
