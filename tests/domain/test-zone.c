/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-zone.h"

#include "fyr-domain-test.h"

typedef struct {
  FyrMeasurementKind kind;
  gint64 time;
  FyrAlertCategory category;
} Judged;

static FyrZone
propose (const Judged *judged, gsize n, gint64 since)
{
  g_autofree FyrReading *readings = g_new0 (FyrReading, n + 1);
  g_autofree FyrVerdict *verdicts = g_new0 (FyrVerdict, n + 1);

  for (gsize i = 0; i < n; i++) {
    readings[i].kind = judged[i].kind;
    readings[i].effective_time = judged[i].time;
    verdicts[i].category = judged[i].category;
  }
  return fyr_zone_propose (readings, verdicts, n, since);
}

#define SATURATION FYR_MEASUREMENT_KIND_OXYGEN_SATURATION
#define PULSE FYR_MEASUREMENT_KIND_HEART_RATE

static void
test_worst_of_the_latest_of_each_kind (void)
{
  const Judged judged[] = {
    { SATURATION, 10, FYR_ALERT_CATEGORY_RED },
    { SATURATION, 20, FYR_ALERT_CATEGORY_UNSET },
    { PULSE, 15, FYR_ALERT_CATEGORY_YELLOW },
  };

  g_assert_cmpint (propose (judged, 1, 0), ==, FYR_ZONE_RED);
  g_assert_cmpint (propose (judged, 2, 0), ==, FYR_ZONE_GREEN);
  g_assert_cmpint (propose (judged, 3, 0), ==, FYR_ZONE_YELLOW);
}

static void
test_device_faults_and_missing_limits_say_nothing (void)
{
  const Judged judged[] = {
    { SATURATION, 10, FYR_ALERT_CATEGORY_YELLOW },
    { SATURATION, 20, FYR_ALERT_CATEGORY_TECHNICAL },
    { SATURATION, 30, FYR_ALERT_CATEGORY_GREY },
    { PULSE, 30, FYR_ALERT_CATEGORY_TECHNICAL },
  };

  g_assert_cmpint (propose (judged, 4, 0), ==, FYR_ZONE_YELLOW);
  g_assert_cmpint (propose (judged + 1, 3, 0), ==, FYR_ZONE_UNSET);
}

static void
test_old_readings_say_nothing_about_today (void)
{
  const Judged judged[] = { { SATURATION, 10, FYR_ALERT_CATEGORY_RED } };

  g_assert_cmpint (propose (judged, 1, 10), ==, FYR_ZONE_RED);
  g_assert_cmpint (propose (judged, 1, 11), ==, FYR_ZONE_UNSET);
  g_assert_cmpint (propose (judged, 0, 0), ==, FYR_ZONE_UNSET);
}

static void
test_of_two_at_once_the_worse_counts (void)
{
  const Judged judged[] = { { SATURATION, 10, FYR_ALERT_CATEGORY_RED },
                            { SATURATION, 10, FYR_ALERT_CATEGORY_UNSET } };
  const Judged reversed[] = { judged[1], judged[0] };

  g_assert_cmpint (propose (judged, 2, 0), ==, FYR_ZONE_RED);
  g_assert_cmpint (propose (reversed, 2, 0), ==, FYR_ZONE_RED);
}

static void
test_an_unknown_kind_is_passed_over (void)
{
  const Judged judged[] = { { (FyrMeasurementKind)200, 10, FYR_ALERT_CATEGORY_RED } };

  g_assert_cmpint (propose (judged, 1, 0), ==, FYR_ZONE_UNSET);
}

static void
test_order_does_not_matter (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int round = 0; round < 1000; round++) {
    Judged judged[20];
    Judged reversed[20];

    for (int i = 0; i < 20; i++) {
      judged[i] = reversed[19 - i] = (Judged){
        (FyrMeasurementKind)g_rand_int_range (random, 1, 5),
        g_rand_int_range (random, 0, 30),
        (FyrAlertCategory)g_rand_int_range (random, 0, FYR_ALERT_CATEGORY_LAST + 1),
      };
    }
    g_assert_cmpint (propose (judged, 20, 10), ==, propose (reversed, 20, 10));
  }
}

static void
test_names (void)
{
  for (int i = 0; i <= FYR_ZONE_LAST; i++) {
    g_assert_nonnull (fyr_zone_get_name ((FyrZone)i));
  }
  g_assert_cmpstr (fyr_zone_get_name ((FyrZone)9), ==, fyr_zone_get_name (FYR_ZONE_UNSET));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zone/worst-of-latest", test_worst_of_the_latest_of_each_kind);
  g_test_add_func ("/zone/faults-say-nothing", test_device_faults_and_missing_limits_say_nothing);
  g_test_add_func ("/zone/old-readings", test_old_readings_say_nothing_about_today);
  g_test_add_func ("/zone/two-at-once", test_of_two_at_once_the_worse_counts);
  g_test_add_func ("/zone/unknown-kind", test_an_unknown_kind_is_passed_over);
  g_test_add_func ("/zone/property/order", test_order_does_not_matter);
  g_test_add_func ("/zone/names", test_names);
  return g_test_run ();
}
