/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-limit-trial.h"

#include <math.h>
#include <string.h>

#include "fyr-uuid.h"

#define NOW G_GINT64_CONSTANT (1772438400000)
#define DAY G_GINT64_CONSTANT (86400000)
#define N 400

typedef struct {
  FyrSeries series;
  gint64 times[N];
  double values[N];
  guint8 flags[N];
} Reported;

static void
reported_init (Reported *reported, gsize n, GRand *random)
{
  memset (reported, 0, sizeof *reported);
  for (gsize i = 0; i < n; i++) {
    reported->times[i] = NOW - (gint64)(n - i) * DAY / 4;
    reported->values[i] = random != NULL ? g_rand_int_range (random, 78, 100) : 95;
  }
  reported->series = (FyrSeries){ .kind = FYR_MEASUREMENT_KIND_OXYGEN_SATURATION,
                                  .n = n,
                                  .times = reported->times,
                                  .values = reported->values,
                                  .flags = reported->flags };
}

static GPtrArray *
limits_of (double red_low, double yellow_low, guint repeat)
{
  char id[FYR_UUID_TEXT_SIZE];
  GPtrArray *limits = g_ptr_array_new_with_free_func (g_object_unref);
  FyrLimit *limit = fyr_limit_new ();
  fyr_uuid_v7_new (NOW, id);
  fyr_record_set_id (FYR_RECORD (limit), id);
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_limit_set_red_low (limit, red_low);
  fyr_limit_set_yellow_low (limit, yellow_low);
  /* Set a moment ago: tried as if it had held all the time. */
  fyr_limit_set_valid_from (limit, NOW);
  if (repeat > 0) {
    fyr_limit_set_repeat_count (limit, repeat);
    fyr_limit_set_repeat_hours (limit, 72);
  }
  g_ptr_array_add (limits, limit);
  return limits;
}

static void
test_alerts_of_the_last_thirty_days_are_counted (void)
{
  Reported reported;
  reported_init (&reported, 160, NULL); /* four a day: 120 within the thirty days */
  reported.values[10] = 80;             /* long ago */
  reported.values[100] = 87;
  reported.values[120] = 90;
  reported.values[150] = 91;
  g_autoptr (GPtrArray) limits = limits_of (88, 92, 0);
  FyrLimitTrial trial = fyr_limit_trial_run (limits, &reported.series, NOW);
  g_assert_cmpuint (trial.counts[FYR_ALERT_CATEGORY_RED], ==, 1);
  g_assert_cmpuint (trial.counts[FYR_ALERT_CATEGORY_YELLOW], ==, 2);
  g_assert_cmpuint (trial.n_readings, ==, 120);
}

/* Against a count told in another way: each value by itself, without repetition. */
static void
test_counts_agree_with_each_value_judged_alone (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 50; round++) {
    Reported reported;
    guint red = 0, yellow = 0;
    double low = g_rand_int_range (random, 80, 95);
    reported_init (&reported, N, random);
    g_autoptr (GPtrArray) limits = limits_of (low, low + 3, 0);
    FyrLimitTrial trial = fyr_limit_trial_run (limits, &reported.series, NOW);
    for (gsize i = 0; i < N; i++) {
      gboolean counts = reported.times[i] >= NOW - FYR_LIMIT_TRIAL_DAYS * DAY;
      red += counts && reported.values[i] < low;
      yellow += counts && reported.values[i] >= low && reported.values[i] < low + 3;
    }
    g_assert_cmpuint (trial.counts[FYR_ALERT_CATEGORY_RED], ==, red);
    g_assert_cmpuint (trial.counts[FYR_ALERT_CATEGORY_YELLOW], ==, yellow);
  }
}

static void
test_repetition_makes_a_yellow_red (void)
{
  Reported reported;
  reported_init (&reported, 40, NULL);
  for (gsize i = 30; i < 33; i++)
    reported.values[i] = 90;
  g_autoptr (GPtrArray) without = limits_of (85, 92, 0), with = limits_of (85, 92, 3);
  FyrLimitTrial plain = fyr_limit_trial_run (without, &reported.series, NOW);
  FyrLimitTrial third = fyr_limit_trial_run (with, &reported.series, NOW);
  g_assert_cmpuint (plain.counts[FYR_ALERT_CATEGORY_YELLOW], ==, 3);
  g_assert_cmpuint (plain.counts[FYR_ALERT_CATEGORY_RED], ==, 0);
  g_assert_cmpuint (third.counts[FYR_ALERT_CATEGORY_RED], >=, 1);
}

static void
test_the_words_name_both_counts (void)
{
  FyrLimitTrial trial = { .n_readings = 9 }, former = { .n_readings = 9 }, nothing = { 0 };
  trial.counts[FYR_ALERT_CATEGORY_RED] = 3;
  trial.counts[FYR_ALERT_CATEGORY_YELLOW] = 5;
  former.counts[FYR_ALERT_CATEGORY_RED] = 1;
  g_autofree char *alone = fyr_limit_trial_describe (&trial, NULL);
  g_autofree char *both = fyr_limit_trial_describe (&trial, &former);
  g_autofree char *none = fyr_limit_trial_describe (&nothing, NULL);
  g_assert_nonnull (strstr (alone, "3 red and 5 yellow"));
  g_assert_nonnull (strstr (both, "3 red and 5 yellow"));
  g_assert_nonnull (strstr (both, "1 red and 0 yellow"));
  g_assert_nonnull (strstr (none, "Nothing was reported"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limit-trial/thirty-days", test_alerts_of_the_last_thirty_days_are_counted);
  g_test_add_func ("/limit-trial/oracle", test_counts_agree_with_each_value_judged_alone);
  g_test_add_func ("/limit-trial/repetition", test_repetition_makes_a_yellow_red);
  g_test_add_func ("/limit-trial/words", test_the_words_name_both_counts);
  return g_test_run ();
}
