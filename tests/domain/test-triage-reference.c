/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Triage against a second telling of the same rules, written to be obvious and not to be fast. */
#include "fyr-domain-test.h"
#include "fyr-triage.h"

#define N_LIMITS 6
#define N_RECENT 30

typedef struct {
  FyrLimitRule limits[N_LIMITS];
  FyrReading recent[N_RECENT];
  FyrReading reading;
} Scene;

static const FyrMeasurementKind kinds[] = { FYR_MEASUREMENT_KIND_OXYGEN_SATURATION,
                                            FYR_MEASUREMENT_KIND_BLOOD_PRESSURE };

static FyrLimitRule
random_limit (GRand *random)
{
  FyrLimitRule rule;
  double low = g_rand_int_range (random, 60, 75);
  double high = g_rand_int_range (random, 85, 95);

  fyr_limit_rule_init (&rule, kinds[g_rand_int_range (random, 0, 2)]);
  if (rule.kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE) {
    rule.component = (FyrLimitComponent)g_rand_int_range (random, 0, 3);
  }
  rule.has_red_low = g_rand_boolean (random);
  rule.has_yellow_low = g_rand_boolean (random);
  rule.has_yellow_high = g_rand_boolean (random);
  rule.has_red_high = g_rand_boolean (random);
  rule.red_low = low - g_rand_int_range (random, 0, 10);
  rule.yellow_low = low;
  rule.yellow_high = high;
  rule.red_high = high + g_rand_int_range (random, 0, 5);
  rule.repeat_count = (guint)g_rand_int_range (random, 0, 5);
  rule.repeat_hours = (guint)g_rand_int_range (random, 1, 120);
  rule.change_amount = g_rand_boolean (random) ? g_rand_int_range (random, 1, 30) : 0;
  rule.change_days = (guint)g_rand_int_range (random, 1, 5);
  rule.change_direction = (FyrChangeDirection)g_rand_int_range (random, 1, 4);
  rule.change_category = g_rand_boolean (random) ? FYR_ALERT_CATEGORY_RED : FYR_ALERT_CATEGORY_YELLOW;
  /* Few different beginnings, so that limits that begin together are common. */
  rule.valid_from = g_rand_int_range (random, 0, 4) * 48 * FYR_HOUR_MS;
  rule.valid_to = g_rand_boolean (random) ? G_MAXINT64 : rule.valid_from + 72 * FYR_HOUR_MS;
  return rule;
}

static FyrReading
random_reading (GRand *random)
{
  FyrReading reading = {
    .kind = kinds[g_rand_int_range (random, 0, 2)],
    .has_value = g_rand_int_range (random, 0, 12) > 0,
    .value = g_rand_int_range (random, 45, 105),
    .effective_time = g_rand_int_range (random, 0, 240) * FYR_HOUR_MS,
    .implausible = g_rand_int_range (random, 0, 20) == 0,
  };

  if (reading.kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE) {
    reading.has_value2 = g_rand_int_range (random, 0, 12) > 0;
    reading.value2 = reading.value - g_rand_int_range (random, -2, 40);
  }
  return reading;
}

static void
random_scene (GRand *random, Scene *scene)
{
  for (int i = 0; i < N_LIMITS; i++) {
    scene->limits[i] = random_limit (random);
  }
  for (int i = 0; i < N_RECENT; i++) {
    scene->recent[i] = random_reading (random);
  }
  scene->reading = random_reading (random);
}

/* ---- the second telling ---- */

static gboolean
usable (const FyrReading *reading)
{
  if (!reading->has_value || reading->implausible) {
    return FALSE;
  }
  if (reading->kind == FYR_MEASUREMENT_KIND_OXYGEN_SATURATION) {
    return reading->value >= 40 && reading->value <= 100;
  }
  return reading->value >= 50 && reading->value <= 300 && reading->has_value2 && reading->value2 >= 20 &&
         reading->value2 <= 200 && reading->value > reading->value2;
}

/* 0 systolic or the only value, 1 diastolic. */
static int
half_of (const FyrLimitRule *rule)
{
  return rule->component == FYR_LIMIT_COMPONENT_DIASTOLIC ? 1 : 0;
}

static double
value_of (const FyrReading *reading, int half)
{
  return half == 1 ? reading->value2 : reading->value;
}

static gboolean
rules_now (const Scene *scene, const FyrLimitRule *rule, const FyrReading *reading)
{
  gint64 at = reading->effective_time;

  if (rule->kind != reading->kind || at < rule->valid_from || at >= rule->valid_to) {
    return FALSE;
  }
  for (int i = 0; i < N_LIMITS; i++) {
    const FyrLimitRule *other = &scene->limits[i];

    if (other->kind == rule->kind && half_of (other) == half_of (rule) && at >= other->valid_from &&
        at < other->valid_to && other->valid_from > rule->valid_from) {
      return FALSE;
    }
  }
  return TRUE;
}

/* 0 inside, 1 yellow, 2 red. */
static int
colour (const FyrLimitRule *rule, double value)
{
  if ((rule->has_red_low && value < rule->red_low) || (rule->has_red_high && value > rule->red_high)) {
    return 2;
  }
  return (rule->has_yellow_low && value < rule->yellow_low) ||
                 (rule->has_yellow_high && value > rule->yellow_high)
             ? 1
             : 0;
}

static gboolean
outside_then (const Scene *scene, const FyrReading *earlier, int half)
{
  for (int i = 0; i < N_LIMITS; i++) {
    const FyrLimitRule *rule = &scene->limits[i];

    if (half_of (rule) == half && rules_now (scene, rule, earlier) &&
        colour (rule, value_of (earlier, half)) > 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
is_before (const Scene *scene, const FyrReading *earlier, gint64 since)
{
  return earlier->kind == scene->reading.kind && usable (earlier) &&
         earlier->effective_time < scene->reading.effective_time && earlier->effective_time >= since;
}

static gboolean
repeats (const Scene *scene, const FyrLimitRule *rule)
{
  gint64 since = scene->reading.effective_time - rule->repeat_hours * FYR_HOUR_MS;
  guint count = 1;

  for (int i = 0; i < N_RECENT; i++) {
    if (is_before (scene, &scene->recent[i], since) &&
        outside_then (scene, &scene->recent[i], half_of (rule))) {
      count++;
    }
  }
  return rule->repeat_count >= 2 && count >= rule->repeat_count;
}

static gboolean
changes (const Scene *scene, const FyrLimitRule *rule)
{
  gint64 since = fyr_oslo_day_start (scene->reading.effective_time, -(int)rule->change_days);
  double now = value_of (&scene->reading, half_of (rule));

  for (int i = 0; rule->change_amount > 0 && i < N_RECENT; i++) {
    double then = value_of (&scene->recent[i], half_of (rule));
    gboolean up = now - then > rule->change_amount && rule->change_direction != FYR_CHANGE_DIRECTION_DOWN;
    gboolean down = then - now > rule->change_amount && rule->change_direction != FYR_CHANGE_DIRECTION_UP;

    if (is_before (scene, &scene->recent[i], since) && (up || down)) {
      return TRUE;
    }
  }
  return FALSE;
}

static FyrAlertCategory
expected_category (const Scene *scene)
{
  int worst = -1;

  if (!usable (&scene->reading)) {
    return FYR_ALERT_CATEGORY_TECHNICAL;
  }
  for (int i = 0; i < N_LIMITS; i++) {
    const FyrLimitRule *rule = &scene->limits[i];
    int found;

    if (!rules_now (scene, rule, &scene->reading)) {
      continue;
    }
    found = colour (rule, value_of (&scene->reading, half_of (rule)));
    if (found == 1 && repeats (scene, rule)) {
      found = 2;
    }
    if (changes (scene, rule)) {
      found = MAX (found, rule->change_category == FYR_ALERT_CATEGORY_RED ? 2 : 1);
    }
    worst = MAX (worst, found);
  }
  switch (worst) {
  case 2:
    return FYR_ALERT_CATEGORY_RED;
  case 1:
    return FYR_ALERT_CATEGORY_YELLOW;
  case 0:
    return FYR_ALERT_CATEGORY_UNSET;
  default:
    return FYR_ALERT_CATEGORY_GREY;
  }
}

static void
test_both_tellings_agree (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();
  guint seen[FYR_ALERT_CATEGORY_LAST + 1] = { 0 };
  guint by_rule[FYR_ALERT_RULE_LAST + 1] = { 0 };

  for (int i = 0; i < 30000; i++) {
    Scene scene;
    FyrVerdict verdict;

    random_scene (random, &scene);
    verdict = fyr_triage (&scene.reading, scene.limits, N_LIMITS, scene.recent, N_RECENT);
    g_assert_cmpint (verdict.category, ==, expected_category (&scene));
    seen[verdict.category]++;
    by_rule[verdict.rule]++;
  }
  /* The scenes must reach every way out, or the agreement says little. */
  g_assert_cmpuint (seen[FYR_ALERT_CATEGORY_UNSET], >, 100);
  g_assert_cmpuint (seen[FYR_ALERT_CATEGORY_RED], >, 100);
  g_assert_cmpuint (seen[FYR_ALERT_CATEGORY_YELLOW], >, 100);
  g_assert_cmpuint (seen[FYR_ALERT_CATEGORY_GREY], >, 100);
  g_assert_cmpuint (seen[FYR_ALERT_CATEGORY_TECHNICAL], >, 100);
  g_assert_cmpuint (by_rule[FYR_ALERT_RULE_REPETITION], >, 100);
  g_assert_cmpuint (by_rule[FYR_ALERT_RULE_CHANGE], >, 100);
}

/* What the verdict says about itself can be checked against the limit it names. */
static void
test_the_verdict_explains_itself (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 30000; i++) {
    Scene scene;
    FyrVerdict verdict;
    const FyrLimitRule *rule;

    random_scene (random, &scene);
    verdict = fyr_triage (&scene.reading, scene.limits, N_LIMITS, scene.recent, N_RECENT);
    if (verdict.limit_index < 0) {
      g_assert_false (verdict.has_threshold);
      continue;
    }
    rule = &scene.limits[verdict.limit_index];
    g_assert_true (rules_now (&scene, rule, &scene.reading));
    g_assert_cmpfloat (verdict.value, ==, value_of (&scene.reading, half_of (rule)));
    g_assert_true (verdict.has_threshold);
    switch (verdict.rule) {
    case FYR_ALERT_RULE_BELOW_RED:
    case FYR_ALERT_RULE_BELOW_YELLOW:
      g_assert_cmpfloat (verdict.value, <, verdict.threshold);
      break;
    case FYR_ALERT_RULE_ABOVE_RED:
    case FYR_ALERT_RULE_ABOVE_YELLOW:
      g_assert_cmpfloat (verdict.value, >, verdict.threshold);
      break;
    case FYR_ALERT_RULE_REPETITION:
      g_assert_cmpuint (verdict.observed_count, >=, rule->repeat_count);
      break;
    case FYR_ALERT_RULE_CHANGE:
      g_assert_cmpfloat (ABS (verdict.observed_change), >, verdict.threshold);
      g_assert_cmpfloat (verdict.threshold, ==, rule->change_amount);
      break;
    default:
      g_assert_not_reached ();
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/triage-reference/agrees", test_both_tellings_agree);
  g_test_add_func ("/triage-reference/explains-itself", test_the_verdict_explains_itself);
  return g_test_run ();
}
