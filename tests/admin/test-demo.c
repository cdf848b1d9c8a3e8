/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-admin-triage.h"
#include "fyr-demo-names.h"
#include "fyr-identity-number.h"
#include "fyr-uuid.h"

static void
test_identity_numbers (void)
{
  guint valid = 0;

  for (guint year = 1900; year < 2000; year += 7) {
    for (guint serial = 0; serial < 250; serial++) {
      FyrSex sex = serial % 2 == 0 ? FYR_SEX_FEMALE : FYR_SEX_MALE;
      g_autofree char *date = g_strdup_printf ("%04u-%02u-%02u", year, serial % 12 + 1, serial % 28 + 1);
      g_autofree char *number = fyr_demo_identity_number (date, sex, serial);
      FyrIdentityNumber parsed;

      if (number == NULL) {
        continue;
      }
      valid++;
      g_assert_cmpint (fyr_identity_number_parse (number, FYR_IDENTITY_TEST_CENTRE, &parsed), ==,
                       FYR_IDENTITY_PROBLEM_NONE);
      g_assert_cmpint (parsed.synthetic, ==, FYR_SYNTHETIC_TAX);
      g_assert_cmpstr (parsed.birth_date, ==, date);
      g_assert_cmpint (parsed.sex, ==, sex == FYR_SEX_FEMALE ? FYR_SEX_FEMALE : FYR_SEX_MALE);
      /* Nobody's: outside of a test centre it is refused. */
      g_assert_cmpint (fyr_identity_number_parse (number, FYR_IDENTITY_FLAGS_NONE, NULL), !=,
                       FYR_IDENTITY_PROBLEM_NONE);
    }
  }
  g_assert_cmpuint (valid, >, 2500);
}

static void
test_names (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GHashTable) given = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) family = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < 500; i++) {
    const char *name =
        fyr_demo_given_name (random, i % 2 == 0 ? FYR_SEX_FEMALE : FYR_SEX_MALE, 1930 + (int)i % 60);
    g_autofree char *telephone = fyr_demo_telephone (random);

    g_assert_true (g_utf8_validate (name, -1, NULL));
    g_hash_table_add (given, (char *)name);
    g_hash_table_add (family, (char *)fyr_demo_family_name (random));
    g_assert_cmpuint (strlen (telephone), ==, 11);
    g_assert_true (g_str_has_prefix (telephone, "+474") || g_str_has_prefix (telephone, "+479"));
    g_assert_cmpuint (strlen (fyr_demo_place (random)->postal_code), ==, 4);
  }
  g_assert_cmpuint (g_hash_table_size (given), >, 80);
  g_assert_cmpuint (g_hash_table_size (family), >, 60);
}

static FyrLimit *
make_limit (double yellow_low, double red_low, gint64 from, gint64 to)
{
  FyrLimit *limit = fyr_limit_new ();
  char id[37];

  fyr_uuid_v7_new (from, id);
  fyr_record_set_id (FYR_RECORD (limit), id);
  fyr_limit_set_kind (limit, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_limit_set_yellow_low (limit, yellow_low);
  fyr_limit_set_red_low (limit, red_low);
  fyr_limit_set_valid_from (limit, from);
  if (to > 0) {
    fyr_limit_set_valid_to (limit, to);
  }
  return limit;
}

static FyrMeasurement *
make_measurement (gint64 time, double value)
{
  FyrMeasurement *measurement = fyr_measurement_new ();
  char id[37];

  fyr_uuid_v7_new (time, id);
  fyr_record_set_id (FYR_RECORD (measurement), id);
  fyr_measurement_set_patient_id (measurement, "01890000-0000-7000-8000-000000000001");
  fyr_measurement_set_kind (measurement, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_measurement_set_effective_time (measurement, time);
  fyr_measurement_set_value (measurement, value);
  return measurement;
}

#define DAY G_GINT64_CONSTANT (86400000)
#define BEGIN (20000 * DAY)

/* An import judges by the limits of the time, not by today's. */
static void
test_limits_of_the_time (void)
{
  g_autoptr (GPtrArray) limits = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (FyrAdminTriage) triage = NULL;
  static const struct {
    int day;
    double value;
    FyrAlertCategory category;
  } cases[] = {
    { 1, 91, FYR_ALERT_CATEGORY_YELLOW },  { 2, 87, FYR_ALERT_CATEGORY_RED },
    { 3, 95, FYR_ALERT_CATEGORY_UNSET },   { 11, 91, FYR_ALERT_CATEGORY_UNSET },
    { 12, 87, FYR_ALERT_CATEGORY_YELLOW }, { 13, 20, FYR_ALERT_CATEGORY_TECHNICAL },
  };

  g_ptr_array_add (limits, make_limit (92, 88, BEGIN, BEGIN + 10 * DAY));
  g_ptr_array_add (limits, make_limit (88, 84, BEGIN + 10 * DAY, 0));
  triage = fyr_admin_triage_new (limits);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrRecord) measurement =
        FYR_RECORD (make_measurement (BEGIN + cases[i].day * DAY, cases[i].value));
    FyrVerdict verdict = fyr_admin_triage_judge (triage, (FyrMeasurement *)measurement);

    g_assert_cmpint (verdict.category, ==, cases[i].category);
    g_assert_cmpint (fyr_measurement_get_category ((FyrMeasurement *)measurement), ==, cases[i].category);
  }
}

static void
test_alerts (void)
{
  g_autoptr (GPtrArray) limits = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (FyrAdminTriage) triage = NULL;
  g_autoptr (FyrRecord) low = FYR_RECORD (make_measurement (BEGIN + DAY, 86));
  g_autoptr (FyrRecord) fine = FYR_RECORD (make_measurement (BEGIN + 2 * DAY, 96));
  g_auto (FyrOpeningHours) hours = { 0 };
  g_autoptr (FyrRecord) alert = NULL;
  FyrVerdict verdict;

  fyr_opening_hours_init (&hours, 480, 930);
  g_ptr_array_add (limits, make_limit (92, 88, BEGIN, 0));
  triage = fyr_admin_triage_new (limits);
  verdict = fyr_admin_triage_judge (triage, (FyrMeasurement *)low);
  alert = FYR_RECORD (
      fyr_admin_triage_make_alert (triage, (FyrMeasurement *)low, &verdict, &hours, 30, BEGIN + DAY + 1000));
  g_assert_nonnull (alert);
  g_assert_cmpint (fyr_alert_get_category ((FyrAlert *)alert), ==, FYR_ALERT_CATEGORY_RED);
  g_assert_cmpint (fyr_alert_get_status ((FyrAlert *)alert), ==, FYR_ALERT_STATUS_OPEN);
  g_assert_cmpfloat (fyr_alert_get_observed ((FyrAlert *)alert), ==, 86);
  g_assert_cmpfloat (fyr_alert_get_threshold ((FyrAlert *)alert), ==, 88);
  g_assert_cmpint (fyr_alert_get_due_time ((FyrAlert *)alert), >, BEGIN + DAY);
  g_assert_cmpstr (fyr_alert_get_measurement_id ((FyrAlert *)alert), ==, fyr_record_get_id (low));
  g_assert_cmpstr (fyr_alert_get_limit_id ((FyrAlert *)alert), ==,
                   fyr_record_get_id (g_ptr_array_index (limits, 0)));
  verdict = fyr_admin_triage_judge (triage, (FyrMeasurement *)fine);
  g_assert_null (fyr_admin_triage_make_alert (triage, (FyrMeasurement *)fine, &verdict, &hours, 30, BEGIN));
}

static void
test_one_grey_alert (void)
{
  g_autoptr (GPtrArray) limits = g_ptr_array_new ();
  g_autoptr (FyrAdminTriage) triage = fyr_admin_triage_new (limits);
  g_auto (FyrOpeningHours) hours = { 0 };
  guint alerts = 0;

  fyr_opening_hours_init (&hours, 480, 930);
  for (int day = 0; day < 10; day++) {
    g_autoptr (FyrRecord) measurement = FYR_RECORD (make_measurement (BEGIN + day * DAY, 95));
    FyrVerdict verdict = fyr_admin_triage_judge (triage, (FyrMeasurement *)measurement);
    g_autoptr (FyrRecord) alert = FYR_RECORD (
        fyr_admin_triage_make_alert (triage, (FyrMeasurement *)measurement, &verdict, &hours, 30, BEGIN));

    g_assert_cmpint (verdict.category, ==, FYR_ALERT_CATEGORY_GREY);
    alerts += alert != NULL;
  }
  g_assert_cmpuint (alerts, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/admin/demo/identity numbers are valid and synthetic", test_identity_numbers);
  g_test_add_func ("/admin/demo/names, telephones and places are varied", test_names);
  g_test_add_func ("/admin/triage/values are judged by the limits of their time", test_limits_of_the_time);
  g_test_add_func ("/admin/triage/an alert names value, limit and deadline", test_alerts);
  g_test_add_func ("/admin/triage/missing limits alert once a kind", test_one_grey_alert);
  return g_test_run ();
}
