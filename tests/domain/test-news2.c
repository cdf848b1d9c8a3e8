/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-news2.h"

#include <math.h>

#include "fyr-domain-test.h"

static FyrNews2Input
healthy (void)
{
  FyrNews2Input input = { .value = { 16, 98, 0, 120, 70, 0, 37.0 } };

  for (int i = 0; i < FYR_N_NEWS2_PARAMETERS; i++) {
    input.has[i] = TRUE;
  }
  return input;
}

static int
points (FyrNews2Parameter parameter, double value)
{
  FyrNews2Input input = healthy ();
  FyrNews2Score score;

  input.value[parameter] = value;
  g_assert_true (fyr_news2_score (&input, &score));
  return score.points[parameter];
}

/* The table of the Royal College of Physicians, at each edge. */
static void
test_the_table (void)
{
  static const struct {
    FyrNews2Parameter parameter;
    double value;
    int points;
  } cases[] = {
    { FYR_NEWS2_RESPIRATION, 3, 3 },    { FYR_NEWS2_RESPIRATION, 8, 3 },
    { FYR_NEWS2_RESPIRATION, 9, 1 },    { FYR_NEWS2_RESPIRATION, 11, 1 },
    { FYR_NEWS2_RESPIRATION, 12, 0 },   { FYR_NEWS2_RESPIRATION, 20, 0 },
    { FYR_NEWS2_RESPIRATION, 21, 2 },   { FYR_NEWS2_RESPIRATION, 24, 2 },
    { FYR_NEWS2_RESPIRATION, 25, 3 },   { FYR_NEWS2_SATURATION, 91, 3 },
    { FYR_NEWS2_SATURATION, 92, 2 },    { FYR_NEWS2_SATURATION, 93, 2 },
    { FYR_NEWS2_SATURATION, 94, 1 },    { FYR_NEWS2_SATURATION, 95, 1 },
    { FYR_NEWS2_SATURATION, 96, 0 },    { FYR_NEWS2_SATURATION, 100, 0 },
    { FYR_NEWS2_OXYGEN, 0, 0 },         { FYR_NEWS2_OXYGEN, 1, 2 },
    { FYR_NEWS2_OXYGEN, 0.5, 2 },       { FYR_NEWS2_SYSTOLIC, 90, 3 },
    { FYR_NEWS2_SYSTOLIC, 91, 2 },      { FYR_NEWS2_SYSTOLIC, 100, 2 },
    { FYR_NEWS2_SYSTOLIC, 101, 1 },     { FYR_NEWS2_SYSTOLIC, 110, 1 },
    { FYR_NEWS2_SYSTOLIC, 111, 0 },     { FYR_NEWS2_SYSTOLIC, 219, 0 },
    { FYR_NEWS2_SYSTOLIC, 220, 3 },     { FYR_NEWS2_PULSE, 40, 3 },
    { FYR_NEWS2_PULSE, 41, 1 },         { FYR_NEWS2_PULSE, 50, 1 },
    { FYR_NEWS2_PULSE, 51, 0 },         { FYR_NEWS2_PULSE, 90, 0 },
    { FYR_NEWS2_PULSE, 91, 1 },         { FYR_NEWS2_PULSE, 110, 1 },
    { FYR_NEWS2_PULSE, 111, 2 },        { FYR_NEWS2_PULSE, 130, 2 },
    { FYR_NEWS2_PULSE, 131, 3 },        { FYR_NEWS2_CONSCIOUSNESS, 0, 0 },
    { FYR_NEWS2_CONSCIOUSNESS, 1, 3 },  { FYR_NEWS2_CONSCIOUSNESS, 4, 3 },
    { FYR_NEWS2_TEMPERATURE, 35.0, 3 }, { FYR_NEWS2_TEMPERATURE, 35.1, 1 },
    { FYR_NEWS2_TEMPERATURE, 36.0, 1 }, { FYR_NEWS2_TEMPERATURE, 36.1, 0 },
    { FYR_NEWS2_TEMPERATURE, 38.0, 0 }, { FYR_NEWS2_TEMPERATURE, 38.1, 1 },
    { FYR_NEWS2_TEMPERATURE, 39.0, 1 }, { FYR_NEWS2_TEMPERATURE, 39.1, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%d %g", cases[i].parameter, cases[i].value);
    g_assert_cmpint (points (cases[i].parameter, cases[i].value), ==, cases[i].points);
  }
}

static void
test_values_are_rounded_before_the_table_is_read (void)
{
  g_assert_cmpint (points (FYR_NEWS2_SATURATION, 91.4), ==, 3);
  g_assert_cmpint (points (FYR_NEWS2_SATURATION, 91.6), ==, 2);
  g_assert_cmpint (points (FYR_NEWS2_TEMPERATURE, 38.04), ==, 0);
  g_assert_cmpint (points (FYR_NEWS2_TEMPERATURE, 38.06), ==, 1);
  g_assert_cmpint (points (FYR_NEWS2_RESPIRATION, 20.4), ==, 0);
}

static void
test_scale_2 (void)
{
  static const struct {
    double saturation;
    int on_air;
    int on_oxygen;
  } cases[] = {
    { 83, 3, 3 }, { 84, 2, 2 }, { 85, 2, 2 }, { 86, 1, 1 }, { 87, 1, 1 }, { 88, 0, 0 },  { 92, 0, 0 },
    { 93, 0, 1 }, { 94, 0, 1 }, { 95, 0, 2 }, { 96, 0, 2 }, { 97, 0, 3 }, { 100, 0, 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrNews2Input input = healthy ();
    FyrNews2Score score;

    input.scale2 = TRUE;
    input.value[FYR_NEWS2_SATURATION] = cases[i].saturation;
    g_assert_true (fyr_news2_score (&input, &score));
    g_assert_cmpint (score.points[FYR_NEWS2_SATURATION], ==, cases[i].on_air);
    input.value[FYR_NEWS2_OXYGEN] = 1;
    g_assert_true (fyr_news2_score (&input, &score));
    g_assert_cmpint (score.points[FYR_NEWS2_SATURATION], ==, cases[i].on_oxygen);
  }
}

static void
test_healthy_scores_nothing_and_worst_scores_twenty (void)
{
  FyrNews2Input input = healthy ();
  FyrNews2Score score;

  g_assert_true (fyr_news2_score (&input, &score));
  g_assert_true (score.complete);
  g_assert_cmpint (score.total, ==, 0);
  g_assert_cmpint (score.risk, ==, FYR_NEWS2_LOW);
  input = (FyrNews2Input){ .value = { 30, 80, 1, 80, 140, 4, 34 } };
  for (int i = 0; i < FYR_N_NEWS2_PARAMETERS; i++) {
    input.has[i] = TRUE;
  }
  g_assert_true (fyr_news2_score (&input, &score));
  g_assert_cmpint (score.total, ==, 20);
  g_assert_cmpint (score.risk, ==, FYR_NEWS2_HIGH);
}

static void
test_risk (void)
{
  static const struct {
    double respiration;
    double saturation;
    double pulse;
    double temperature;
    int total;
    FyrNews2Risk risk;
  } cases[] = {
    { 22, 94, 95, 37.0, 4, FYR_NEWS2_LOW },    { 26, 98, 70, 37.0, 3, FYR_NEWS2_LOW_MEDIUM },
    { 22, 92, 95, 37.0, 5, FYR_NEWS2_MEDIUM }, { 22, 92, 95, 38.5, 6, FYR_NEWS2_MEDIUM },
    { 22, 92, 115, 38.5, 7, FYR_NEWS2_HIGH },  { 26, 94, 70, 37.0, 4, FYR_NEWS2_LOW_MEDIUM },
    { 26, 94, 95, 37.0, 5, FYR_NEWS2_MEDIUM },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrNews2Input input = healthy ();
    FyrNews2Score score;

    input.value[FYR_NEWS2_RESPIRATION] = cases[i].respiration;
    input.value[FYR_NEWS2_SATURATION] = cases[i].saturation;
    input.value[FYR_NEWS2_PULSE] = cases[i].pulse;
    input.value[FYR_NEWS2_TEMPERATURE] = cases[i].temperature;
    g_assert_true (fyr_news2_score (&input, &score));
    g_assert_cmpint (score.total, ==, cases[i].total);
    g_assert_cmpint (score.risk, ==, cases[i].risk);
  }
}

static void
test_missing_parameters_are_told (void)
{
  FyrNews2Input input = healthy ();
  FyrNews2Score score;

  input.has[FYR_NEWS2_RESPIRATION] = FALSE;
  input.value[FYR_NEWS2_RESPIRATION] = (double)NAN;
  g_assert_true (fyr_news2_score (&input, &score));
  g_assert_false (score.complete);
  g_assert_cmpint (score.total, ==, 0);
}

static void
test_a_value_that_is_no_number_gives_no_score (void)
{
  FyrNews2Input input = healthy ();
  FyrNews2Score score;

  input.value[FYR_NEWS2_PULSE] = (double)NAN;
  g_assert_false (fyr_news2_score (&input, &score));
  g_assert_cmpint (score.total, ==, 0);
  g_assert_false (score.complete);
  input.value[FYR_NEWS2_PULSE] = (double)INFINITY;
  g_assert_false (fyr_news2_score (&input, &score));
}

static void
test_total_is_the_sum_within_bounds (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 20000; i++) {
    FyrNews2Input input = { .scale2 = g_rand_boolean (random) };
    FyrNews2Score score;
    int sum = 0;
    gboolean three = FALSE;
    gboolean complete = TRUE;

    for (int j = 0; j < FYR_N_NEWS2_PARAMETERS; j++) {
      input.has[j] = g_rand_int_range (random, 0, 5) > 0;
      input.value[j] = g_rand_double_range (random, -10, 300);
      complete = complete && input.has[j];
    }
    g_assert_true (fyr_news2_score (&input, &score));
    for (int j = 0; j < FYR_N_NEWS2_PARAMETERS; j++) {
      g_assert_true (score.points[j] >= 0 && score.points[j] <= 3);
      sum += score.points[j];
      three = three || score.points[j] == 3;
    }
    g_assert_cmpint (score.total, ==, sum);
    g_assert_cmpint (score.total, <=, 20);
    g_assert_cmpint (score.any_three, ==, three);
    g_assert_cmpint (score.complete, ==, complete);
    g_assert_cmpint (score.risk == FYR_NEWS2_HIGH, ==, sum >= 7);
  }
}

static void
test_falling_saturation_never_scores_less_on_scale_1 (void)
{
  int before = 0;

  for (double saturation = 100; saturation >= 40; saturation -= 0.25) {
    int now = points (FYR_NEWS2_SATURATION, saturation);

    g_assert_cmpint (now, >=, before);
    before = now;
  }
  g_assert_cmpint (before, ==, 3);
}

static void
test_adults_only (void)
{
  g_assert_true (fyr_news2_applies (16, FALSE));
  g_assert_false (fyr_news2_applies (15, FALSE));
  g_assert_false (fyr_news2_applies (30, TRUE));
}

static void
test_risks_have_codes_and_names (void)
{
  static const char *const codes[] = { "low", "low-medium", "medium", "high" };

  for (int i = 0; i < 4; i++) {
    g_assert_cmpstr (fyr_news2_risk_to_code ((FyrNews2Risk)i), ==, codes[i]);
    g_assert_cmpstr (fyr_news2_risk_get_name ((FyrNews2Risk)i), !=, "");
  }
  g_assert_cmpstr (fyr_news2_risk_to_code ((FyrNews2Risk)9), ==, "");
  g_assert_cmpstr (fyr_news2_risk_get_name ((FyrNews2Risk)9), ==, "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/news2/table", test_the_table);
  g_test_add_func ("/news2/rounding", test_values_are_rounded_before_the_table_is_read);
  g_test_add_func ("/news2/scale-2", test_scale_2);
  g_test_add_func ("/news2/extremes", test_healthy_scores_nothing_and_worst_scores_twenty);
  g_test_add_func ("/news2/risk", test_risk);
  g_test_add_func ("/news2/missing", test_missing_parameters_are_told);
  g_test_add_func ("/news2/no-number", test_a_value_that_is_no_number_gives_no_score);
  g_test_add_func ("/news2/property/total", test_total_is_the_sum_within_bounds);
  g_test_add_func ("/news2/property/saturation", test_falling_saturation_never_scores_less_on_scale_1);
  g_test_add_func ("/news2/adults-only", test_adults_only);
  g_test_add_func ("/news2/risks", test_risks_have_codes_and_names);
  return g_test_run ();
}
