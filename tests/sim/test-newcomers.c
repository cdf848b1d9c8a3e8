/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is added to the list of patients while the simulation runs reports at once, and then lives as the others do.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-sim-newcomers.h"

#define START G_GINT64_CONSTANT (1780293600000)
#define OLD "{\"identity_system\":\"urn:x\",\"identity_number\":\"1\"}"
#define NEW "{\"identity_system\":\"urn:x\",\"identity_number\":\"2\"}"
#define OTHER "{\"identity_system\":\"urn:y\",\"identity_number\":\"1\"}"

typedef struct {
  char *path;
  GPtrArray *targets;
  FyrSimNewcomers *newcomers;
} Fixture;

static void
write_list (Fixture *fixture, const char *json)
{
  g_assert_true (g_file_set_contents (fixture->path, json, -1, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("fyr-newcomers-XXXXXX", &fixture->path, &error);

  g_assert_no_error (error);
  g_assert_true (g_close (fd, NULL));
  write_list (fixture, "[" OLD "]");
  fixture->targets = fyr_sim_targets_load (fixture->path, NULL, 1, &error);
  g_assert_no_error (error);
  fixture->newcomers = fyr_sim_newcomers_new (fixture->path, fixture->targets, 1);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fyr_sim_newcomers_free (fixture->newcomers);
  g_ptr_array_unref (fixture->targets);
  g_unlink (fixture->path);
  g_free (fixture->path);
}

/* Reports of one round; none is due twice. */
static guint
take_round (Fixture *fixture, gint64 now, const char *number, FyrSimReport *reports)
{
  FyrSimReport more[FYR_SIM_MAX_ROUND];
  const FyrSimTarget *target = NULL;
  guint n;

  fyr_sim_newcomers_look (fixture->newcomers, now);
  n = fyr_sim_newcomers_next (fixture->newcomers, now, &target, reports);
  if (n > 0) {
    g_assert_cmpstr (target->number, ==, number);
    g_assert_cmpuint (fyr_sim_newcomers_next (fixture->newcomers, now, &target, more), ==, 0);
  }
  return n;
}

static double
saturation (const FyrSimReport *reports, guint n)
{
  for (guint i = 0; i < n; i++) {
    if (reports[i].kind == FYR_MEASUREMENT_KIND_OXYGEN_SATURATION) {
      return reports[i].value;
    }
  }
  g_assert_not_reached ();
}

static void
test_nobody_new_reports_nothing (Fixture *fixture, gconstpointer data)
{
  FyrSimReport reports[FYR_SIM_MAX_ROUND];

  g_assert_cmpuint (take_round (fixture, START, NULL, reports), ==, 0);
  g_assert_null (fyr_sim_newcomers_settle (fixture->newcomers));
}

static void
test_well_and_ill_in_turn_within_half_a_minute (Fixture *fixture, gconstpointer data)
{
  FyrSimReport reports[FYR_SIM_MAX_ROUND];
  guint n;

  write_list (fixture, "{\"patients\":[" OLD "," NEW "]}");
  n = take_round (fixture, START, "2", reports);
  g_assert_cmpfloat (saturation (reports, n), >=, 90);
  g_assert_cmpuint (take_round (fixture, START + FYR_SIM_NEWCOMER_WAIT - 1, "2", reports), ==, 0);
  n = take_round (fixture, START + FYR_SIM_NEWCOMER_WAIT, "2", reports);
  g_assert_cmpfloat (saturation (reports, n), <, 88);
  g_assert_cmpint (FYR_SIM_NEWCOMER_WAIT, <=, 30000);
  for (guint i = 0; i < n; i++) {
    g_assert_cmpint (reports[i].taken, ==, START + FYR_SIM_NEWCOMER_WAIT);
    g_assert_nonnull (reports[i].unit);
  }
}

/* A nurse may set limits of any of them. */
static void
test_every_kind_is_reported_by_whoever_comes (Fixture *fixture, gconstpointer data)
{
  for (guint32 number = 100; number < 140; number++) {
    g_autofree char *name = g_strdup_printf ("%u", number);
    g_autofree char *list =
        g_strdup_printf ("[" OLD ",{\"identity_system\":\"urn:x\",\"identity_number\":\"%s\"}]", name);
    FyrSimReport reports[FYR_SIM_MAX_ROUND];
    guint n, kinds = 0;

    write_list (fixture, list);
    n = take_round (fixture, START + number, name, reports);
    for (guint i = 0; i < n; i++) {
      kinds |= 1u << reports[i].kind;
    }
    g_assert_true ((kinds & 1u << FYR_MEASUREMENT_KIND_OXYGEN_SATURATION) != 0);
    g_assert_true ((kinds & 1u << FYR_MEASUREMENT_KIND_BLOOD_PRESSURE) != 0);
    g_assert_true ((kinds & 1u << FYR_MEASUREMENT_KIND_BODY_WEIGHT) != 0);
    g_assert_true ((kinds & 1u << FYR_MEASUREMENT_KIND_GLUCOSE) != 0);
  }
}

static void
test_no_report_is_taken_for_another (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  FyrSimReport reports[FYR_SIM_MAX_ROUND];

  write_list (fixture, "[" OLD "," NEW "]");
  for (guint round = 0; round < FYR_SIM_NEWCOMER_ROUNDS; round++) {
    guint n = take_round (fixture, START + round * FYR_SIM_NEWCOMER_WAIT, "2", reports);

    g_assert_cmpuint (n, >, 0);
    for (guint i = 0; i < n; i++) {
      g_assert_true (g_hash_table_add (seen, g_strdup (reports[i].identifier)));
    }
  }
}

static void
test_then_she_is_one_of_the_others (Fixture *fixture, gconstpointer data)
{
  FyrSimReport reports[FYR_SIM_MAX_ROUND];
  FyrSimTarget *settled;

  write_list (fixture, "[" OLD "," NEW "]");
  for (guint round = 0; round < FYR_SIM_NEWCOMER_ROUNDS; round++) {
    g_assert_null (fyr_sim_newcomers_settle (fixture->newcomers));
    take_round (fixture, START + round * FYR_SIM_NEWCOMER_WAIT, "2", reports);
  }
  settled = fyr_sim_newcomers_settle (fixture->newcomers);
  g_assert_cmpstr (settled->number, ==, "2");
  g_assert_null (fyr_sim_newcomers_settle (fixture->newcomers));
  g_assert_cmpuint (
      take_round (fixture, START + FYR_SIM_NEWCOMER_ROUNDS * FYR_SIM_NEWCOMER_WAIT, NULL, reports), ==, 0);
  fyr_sim_target_free (settled);
}

/* The same number in another system is another person; one who is taken off the list and put back is none. */
static void
test_a_list_may_be_half_written_and_change_again (Fixture *fixture, gconstpointer data)
{
  FyrSimReport reports[FYR_SIM_MAX_ROUND];

  write_list (fixture, "[" OLD ",");
  g_assert_cmpuint (take_round (fixture, START, NULL, reports), ==, 0);
  write_list (fixture, "[" OTHER "]");
  g_assert_cmpuint (take_round (fixture, START, "1", reports), >, 0);
  write_list (fixture, "[" OLD "," OTHER "]");
  g_assert_cmpuint (take_round (fixture, START + 1, NULL, reports), ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "nobody-new-reports-nothing", test_nobody_new_reports_nothing },
    { "well-and-ill-in-turn-within-half-a-minute", test_well_and_ill_in_turn_within_half_a_minute },
    { "every-kind-is-reported-by-whoever-comes", test_every_kind_is_reported_by_whoever_comes },
    { "no-report-is-taken-for-another", test_no_report_is_taken_for_another },
    { "then-she-is-one-of-the-others", test_then_she_is_one_of_the_others },
    { "a-list-may-be-half-written-and-change-again", test_a_list_may_be_half_written_and_change_again },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    g_autofree char *name = g_strconcat ("/sim/newcomers/", tests[i].name, NULL);

    g_test_add (name, Fixture, NULL, set_up, tests[i].test, tear_down);
  }
  return g_test_run ();
}
