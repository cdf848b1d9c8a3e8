/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fyr-oslo-time.h"
#include "fyr-sim-person.h"

/* 2026-06-01T06:00:00Z */
#define START G_GINT64_CONSTANT (1780293600000)
#define DAY FYR_DAY_MS

static void
assert_same (const FyrSimReport *a, const FyrSimReport *b)
{
  g_assert_cmpint (a->taken, ==, b->taken);
  g_assert_cmpint (a->sent, ==, b->sent);
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpint (a->has_value, ==, b->has_value);
  g_assert_cmpfloat (a->value, ==, b->value);
  g_assert_cmpfloat (a->value2, ==, b->value2);
  g_assert_cmpint (a->fault, ==, b->fault);
  g_assert_cmpstr (a->unit, ==, b->unit);
  g_assert_cmpstr (a->word, ==, b->word);
  g_assert_cmpstr (a->note, ==, b->note);
  g_assert_cmpstr (a->identifier, ==, b->identifier);
}

static void
test_repeats (void)
{
  for (int profile = 0; profile < FYR_SIM_N_PROFILES; profile++) {
    g_autoptr (FyrSimPerson) one = fyr_sim_person_new ((FyrSimProfile)profile, 42, START, FYR_SIM_FAULTS);
    g_autoptr (FyrSimPerson) two = fyr_sim_person_new ((FyrSimProfile)profile, 42, START, FYR_SIM_FAULTS);

    for (guint i = 0; i < 2000; i++) {
      FyrSimReport a;
      FyrSimReport b;

      fyr_sim_person_next (one, &a);
      fyr_sim_person_next (two, &b);
      assert_same (&a, &b);
    }
  }
}

/* A history ends where a simulation that begins later goes on. */
static void
test_continues (void)
{
  g_autoptr (FyrSimPerson) early = fyr_sim_person_new (FYR_SIM_PROFILE_DIABETES, 7, START, FYR_SIM_FAULTS);
  g_autoptr (FyrSimPerson) late =
      fyr_sim_person_new (FYR_SIM_PROFILE_DIABETES, 7, START + 90 * DAY + 5 * FYR_HOUR_MS, FYR_SIM_FAULTS);
  FyrSimReport a;
  FyrSimReport b;

  do
    fyr_sim_person_next (early, &a);
  while (a.taken < START + 90 * DAY + 5 * FYR_HOUR_MS);
  fyr_sim_person_next (late, &b);
  for (guint i = 0; i < 500; i++) {
    assert_same (&a, &b);
    fyr_sim_person_next (early, &a);
    fyr_sim_person_next (late, &b);
  }
}

static void
test_seeds_differ (void)
{
  g_autoptr (FyrSimPerson) one = fyr_sim_person_new (FYR_SIM_PROFILE_COPD, 1, START, FYR_SIM_PLAIN);
  g_autoptr (FyrSimPerson) two = fyr_sim_person_new (FYR_SIM_PROFILE_COPD, 2, START, FYR_SIM_PLAIN);
  guint same = 0;

  for (guint i = 0; i < 200; i++) {
    FyrSimReport a;
    FyrSimReport b;

    fyr_sim_person_next (one, &a);
    fyr_sim_person_next (two, &b);
    same += a.taken == b.taken;
  }
  g_assert_cmpuint (same, <, 10);
}

static void
test_order (void)
{
  for (int profile = 0; profile < FYR_SIM_N_PROFILES; profile++) {
    g_autoptr (FyrSimPerson) person = fyr_sim_person_new ((FyrSimProfile)profile, 3, START, FYR_SIM_FAULTS);
    gint64 last = START;

    for (guint i = 0; i < 3000; i++) {
      FyrSimReport report;

      fyr_sim_person_next (person, &report);
      g_assert_cmpint (report.taken, >=, last);
      g_assert_cmpint (report.sent, >, report.taken);
      last = report.taken;
    }
  }
}

/* Without faults every value is one a device shows: plausible, in the kind's own unit. */
static void
test_plausible (void)
{
  for (guint32 seed = 0; seed < 40; seed++) {
    g_autoptr (FyrSimPerson) person =
        fyr_sim_person_new (fyr_sim_profile_for (seed * 128), seed, START, FYR_SIM_PLAIN);

    for (guint i = 0; i < 1000; i++) {
      FyrSimReport report;

      fyr_sim_person_next (person, &report);
      g_assert_true (report.has_value);
      g_assert_cmpint (report.fault, ==, FYR_SIM_FAULT_NONE);
      if (!fyr_measurement_is_plausible (report.kind, report.value, report.has_value2, report.value2))
        g_error ("seed %u kind %d: %g %g", seed, report.kind, report.value, report.value2);
      g_assert_true (fyr_measurement_unit_is_accepted (report.kind, report.unit));
      g_assert_cmpint (report.has_value2, ==, report.kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
    }
  }
}

static void
test_faults (void)
{
  guint counts[FYR_SIM_FAULT_LATE + 1] = { 0 };

  for (guint32 seed = 0; seed < 20; seed++) {
    g_autoptr (FyrSimPerson) person =
        fyr_sim_person_new ((FyrSimProfile)(seed % FYR_SIM_N_PROFILES), seed, START, FYR_SIM_FAULTS);
    FyrSimReport last = { 0 };

    for (guint i = 0; i < 2000; i++) {
      FyrSimReport report;

      fyr_sim_person_next (person, &report);
      counts[report.fault]++;
      if (report.fault == FYR_SIM_FAULT_SENSOR_WORD) {
        g_assert_false (report.has_value);
        g_assert_nonnull (report.word);
      }
      if (report.fault == FYR_SIM_FAULT_WRONG_UNIT)
        g_assert_false (fyr_measurement_unit_is_accepted (report.kind, report.unit));
      if (report.fault == FYR_SIM_FAULT_IMPLAUSIBLE)
        g_assert_false (
            fyr_measurement_is_plausible (report.kind, report.value, report.has_value2, report.value2));
      if (report.fault == FYR_SIM_FAULT_LATE)
        g_assert_cmpint (report.sent - report.taken, >=, FYR_HOUR_MS);
      if (strcmp (report.identifier, last.identifier) == 0)
        g_assert_cmpint (report.fault, ==, FYR_SIM_FAULT_DUPLICATE);
      last = report;
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    g_assert_cmpuint (counts[i], >, 20);
  g_assert_cmpuint (counts[FYR_SIM_FAULT_NONE], >, 37000);
}

static guint
days_with_reports (FyrSimFlags flags, guint32 seed)
{
  g_autoptr (FyrSimPerson) person = fyr_sim_person_new (FYR_SIM_PROFILE_COPD, seed, START, flags);
  guint days = 0;
  int last = -1;

  for (;;) {
    FyrSimReport report;
    FyrCivilTime civil;

    fyr_sim_person_next (person, &report);
    if (report.taken >= START + 365 * DAY)
      return days;
    fyr_oslo_to_civil (report.taken, &civil);
    days += civil.day != last;
    last = civil.day;
  }
}

static void
test_missed_days (void)
{
  guint missed = 0;

  for (guint32 seed = 0; seed < 10; seed++) {
    g_assert_cmpuint (days_with_reports (FYR_SIM_FAITHFUL, seed), >=, 364);
    missed += 365 - days_with_reports (FYR_SIM_PLAIN, seed);
  }
  g_assert_cmpuint (missed, >, 10 * 365 * 2 / 100);
  g_assert_cmpuint (missed, <, 10 * 365 * 25 / 100);
}

static void
test_daily_rhythm (void)
{
  g_autoptr (FyrSimPerson) person = fyr_sim_person_new (FYR_SIM_PROFILE_COPD, 11, START, FYR_SIM_PLAIN);
  guint in_the_morning = 0;

  for (guint i = 0; i < 1000; i++) {
    FyrSimReport report;
    FyrCivilTime civil;

    fyr_sim_person_next (person, &report);
    fyr_oslo_to_civil (report.taken, &civil);
    in_the_morning += civil.minute > 5 * 60 && civil.minute < 12 * 60;
  }
  g_assert_cmpuint (in_the_morning, >, 950);
}

/* Over a year somebody gets worse for days, and the saturation with it. */
static void
test_deterioration (void)
{
  double ill_sum = 0;
  double well_sum = 0;
  guint ill = 0;
  guint well = 0;

  for (guint32 seed = 0; seed < 10; seed++) {
    g_autoptr (FyrSimPerson) person =
        fyr_sim_person_new (FYR_SIM_PROFILE_COPD, seed, START, FYR_SIM_FAITHFUL);
    FyrSimReport report = { 0 };
    double usual;
    double none;

    g_assert_true (fyr_sim_person_get_usual (person, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, &usual, &none));
    while (report.taken < START + 365 * DAY) {
      double illness;

      fyr_sim_person_next (person, &report);
      illness = fyr_sim_person_get_illness (person, report.taken);
      g_assert_cmpfloat (illness, >=, 0);
      g_assert_cmpfloat (illness, <, 1.3);
      if (report.kind == FYR_MEASUREMENT_KIND_OXYGEN_SATURATION && illness > 0.6) {
        ill++;
        ill_sum += report.value - usual;
      } else if (report.kind == FYR_MEASUREMENT_KIND_OXYGEN_SATURATION && illness == 0) {
        well++;
        well_sum += report.value - usual;
      }
    }
  }
  g_assert_cmpuint (ill, >, 50);
  g_assert_cmpuint (well, >, ill);
  g_assert_cmpfloat (ill_sum / ill, <, well_sum / well - 2.5);
  g_assert_cmpfloat_with_epsilon (well_sum / well, 0, 0.6);
}

static void
test_usual (void)
{
  g_autoptr (FyrSimPerson) person =
      fyr_sim_person_new (FYR_SIM_PROFILE_HEART_FAILURE, 5, START, FYR_SIM_PLAIN);
  double value;
  double value2;

  g_assert_true (fyr_sim_person_get_usual (person, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, &value, &value2));
  g_assert_cmpfloat (value, >, value2);
  g_assert_cmpint (fyr_sim_person_get_interval (person, FYR_MEASUREMENT_KIND_BODY_WEIGHT), ==, 1);
  g_assert_false (fyr_sim_person_get_usual (person, FYR_MEASUREMENT_KIND_CRP, &value, &value2));
  g_assert_cmpfloat (value, ==, 0);
  g_assert_cmpint (fyr_sim_person_get_interval (person, FYR_MEASUREMENT_KIND_CRP), ==, 0);
}

static void
test_words (void)
{
  for (int profile = 0; profile < FYR_SIM_N_PROFILES; profile++)
    g_assert_cmpint (fyr_sim_profile_from_code (fyr_sim_profile_to_code ((FyrSimProfile)profile)), ==,
                     profile);
  g_assert_cmpint (fyr_sim_profile_from_code ("flu"), ==, FYR_SIM_N_PROFILES);
  g_assert_cmpint (fyr_sim_profile_from_code (NULL), ==, FYR_SIM_N_PROFILES);
  g_assert_cmpuint (fyr_sim_seed_for (1, "a"), !=, fyr_sim_seed_for (2, "a"));
  g_assert_cmpuint (fyr_sim_seed_for (1, "a"), !=, fyr_sim_seed_for (1, "b"));
  g_assert_cmpuint (fyr_sim_seed_for (1, "a"), ==, fyr_sim_seed_for (1, "a"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sim/person/the-same-seed-repeats-exactly", test_repeats);
  g_test_add_func ("/sim/person/a-later-start-goes-on-where-history-ends", test_continues);
  g_test_add_func ("/sim/person/seeds-are-different-people", test_seeds_differ);
  g_test_add_func ("/sim/person/reports-come-in-order", test_order);
  g_test_add_func ("/sim/person/values-are-plausible", test_plausible);
  g_test_add_func ("/sim/person/each-fault-happens-and-is-what-it-says", test_faults);
  g_test_add_func ("/sim/person/days-are-missed-but-not-by-the-faithful", test_missed_days);
  g_test_add_func ("/sim/person/measures-in-the-morning", test_daily_rhythm);
  g_test_add_func ("/sim/person/gets-worse-and-better-again", test_deterioration);
  g_test_add_func ("/sim/person/usual-values-are-told", test_usual);
  g_test_add_func ("/sim/person/profiles-have-words-and-seeds-differ", test_words);
  return g_test_run ();
}
