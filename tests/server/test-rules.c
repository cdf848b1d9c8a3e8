/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-server-fixture.h"

/* The rules beyond a field's own bounds, asked through pushes: identity numbers, limits, roles. */

#define APPLIED FYR_WIRE_OUTCOME_APPLIED
#define REFUSED FYR_WIRE_OUTCOME_REFUSED

/* Identity */

static void
test_identity_numbers_are_checked_by_the_centres_rule (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  const struct {
    const char *number, *code;
  } cases[] = {
    { "13116900216", "duplicate" }, { "13116900217", "invalid" }, { "131169", "invalid" },
    { "131169 00216", "invalid" },  { "01410100000", "invalid" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *fields =
        g_strdup_printf ("{\"identity_system\":\"urn:oid:2.16.578.1.12.4.1.4.1\",\"identity_number\":\"%s\"}",
                         cases[i].number);
    g_autoptr (FyrWireOutcome) outcome =
        station_try (kari, "update", "patient", world->two, 1, fields, NULL, REFUSED, cases[i].code);

    g_assert_null (strstr (outcome->text, cases[i].number));
  }
}

static void
test_a_number_needs_its_system (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) outcome =
      station_try (kari, "update", "patient", world->two, 1, "{\"identity_number\":\"13116900216\"}", NULL,
                   REFUSED, "invalid");

  g_assert_nonnull (outcome);
}

/* Limits */

static FyrWireOutcome *
try_limit (Station *station,
           const char *id,
           gint64 valid_from,
           const char *more,
           FyrWireOutcomeKind kind,
           const char *code)
{
  g_autofree char *fields =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"kind\":\"oxygen-saturation\",\"red_low\":88,\"yellow_low\":"
                       "92,\"valid_from\":%" G_GINT64_FORMAT "%s}",
                       station->world->one, valid_from, more);

  return station_try (station, "create", "limit", id, 0, fields, NULL, kind, code);
}

static void
test_a_new_version_of_limits_ends_the_former (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) one = NULL;
  g_autoptr (FyrWireOutcome) two = NULL;
  g_autoptr (FyrWireOutcome) between = NULL;
  g_autoptr (FyrRecord) first = NULL;
  g_autoptr (FyrRecord) second = NULL;
  g_autoptr (FyrRecord) third = NULL;
  char ids[3][37];

  for (guint i = 0; i < 3; i++) {
    world_id (ids[i]);
  }
  one = try_limit (kari, ids[0], 1000, "", APPLIED, "");
  two = try_limit (kari, ids[1], 5000, "", APPLIED, "");
  between = try_limit (kari, ids[2], 3000, "", APPLIED, "");
  first = world_get (world, &fyr_limit_info, ids[0]);
  second = world_get (world, &fyr_limit_info, ids[1]);
  third = world_get (world, &fyr_limit_info, ids[2]);
  g_assert_cmpint (fyr_limit_get_valid_to (FYR_LIMIT (first)), ==, 3000);
  g_assert_false (fyr_limit_has_valid_to (FYR_LIMIT (second)));
  g_assert_cmpint (fyr_limit_get_valid_to (FYR_LIMIT (third)), ==, 5000);
  g_assert_cmpstr (fyr_limit_get_set_by (FYR_LIMIT (third)), ==, world->nurse);
}

static void
test_limits_that_begin_at_the_same_time_replace_each_other (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) one = NULL;
  g_autoptr (FyrWireOutcome) two = NULL;
  g_autoptr (FyrRecord) first = NULL;
  char ids[2][37];

  world_id (ids[0]);
  world_id (ids[1]);
  one = try_limit (kari, ids[0], 1000, "", APPLIED, "");
  two = try_limit (kari, ids[1], 1000, "", APPLIED, "");
  first = world_get (world, &fyr_limit_info, ids[0]);
  g_assert_cmpint (fyr_limit_get_valid_to (FYR_LIMIT (first)), ==, 1000);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM \"limit\" WHERE valid_to IS NULL"), ==, 1);
}

static void
test_halves_of_a_blood_pressure_have_limits_of_their_own (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  const char *components[] = { "systolic", "diastolic" };

  for (guint i = 0; i < 2; i++) {
    g_autofree char *fields =
        g_strdup_printf ("{\"patient_id\":\"%s\",\"kind\":\"blood-pressure\",\"component\":\"%s\","
                         "\"red_high\":150,\"valid_from\":1000}",
                         world->one, components[i]);
    g_autoptr (FyrWireOutcome) outcome = NULL;
    char id[37];

    world_id (id);
    outcome = station_try (kari, "create", "limit", id, 0, fields, NULL, APPLIED, "");
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM \"limit\" WHERE valid_to IS NULL"), ==, 2);
}

static void
test_limits_out_of_order_are_refused (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) outcome = NULL;
  char id[37];

  world_id (id);
  outcome = try_limit (kari, id, 1000, ",\"yellow_high\":80", REFUSED, "invalid");
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM \"limit\""), ==, 0);
}

static void
test_a_version_of_limits_only_ends (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) made = NULL;
  g_autoptr (FyrWireOutcome) changed = NULL;
  g_autoptr (FyrWireOutcome) ended = NULL;
  char id[37];

  world_id (id);
  made = try_limit (kari, id, 1000, "", APPLIED, "");
  changed = station_try (kari, "update", "limit", id, 1, "{\"red_low\":80}", NULL, REFUSED, "invalid");
  ended = station_try (kari, "update", "limit", id, 1, "{\"valid_to\":9000,\"reason\":\"slutt\"}", NULL,
                       APPLIED, "");
}

static void
test_a_gp_sets_no_limits (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) gp = station_new (world, world->gp_user);
  g_autoptr (FyrWireOutcome) outcome = NULL;
  char id[37];

  world_id (id);
  outcome = try_limit (gp, id, 1000, "", REFUSED, "forbidden");
}

/* Administration */

static void
test_nobody_changes_their_own_role (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) admin = station_new (world, world->administrator);
  g_autofree char *own = g_strdup_printf ("{\"user_id\":\"%s\",\"centre_id\":\"%s\",\"role\":\"nurse\"}",
                                          world->administrator, world->centre);
  g_autofree char *other = g_strdup_printf ("{\"user_id\":\"%s\",\"centre_id\":\"%s\",\"role\":\"nurse\"}",
                                            world->clerk, world->centre);
  g_autofree char *far = g_strdup_printf ("{\"user_id\":\"%s\",\"centre_id\":\"%s\",\"role\":\"nurse\"}",
                                          world->clerk, world->far_centre);
  g_autoptr (FyrWireOutcome) a = NULL;
  g_autoptr (FyrWireOutcome) b = NULL;
  g_autoptr (FyrWireOutcome) c = NULL;
  char ids[3][37];

  for (guint i = 0; i < 3; i++) {
    world_id (ids[i]);
  }
  a = station_try (admin, "create", "membership", ids[0], 0, own, NULL, REFUSED, "forbidden");
  b = station_try (admin, "create", "membership", ids[1], 0, other, NULL, APPLIED, "");
  c = station_try (admin, "create", "membership", ids[2], 0, far, NULL, REFUSED, "forbidden");
}

static void
test_a_centre_is_changed_by_its_own_administrator (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) admin = station_new (world, world->administrator);
  g_autoptr (Station) nurse = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) own = NULL;
  g_autoptr (FyrWireOutcome) far = NULL;
  g_autoptr (FyrWireOutcome) by_nurse = NULL;

  own = station_try (admin, "update", "centre", world->centre, 1, "{\"red_minutes\":20}", NULL, APPLIED, "");
  far = station_try (admin, "update", "centre", world->far_centre, 1, "{\"red_minutes\":20}", NULL, REFUSED,
                     "forbidden");
  by_nurse = station_try (nurse, "update", "centre", world->centre, 2, "{\"red_minutes\":10}", NULL, REFUSED,
                          "forbidden");
}

static void
test_two_users_of_one_name_are_a_duplicate (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) admin = station_new (world, world->administrator);
  g_autofree char *fields = g_strdup_printf (
      "{\"centre_id\":\"%s\",\"user_name\":\"KARI\",\"name\":\"En annen\",\"active\":true}", world->centre);
  g_autoptr (FyrWireOutcome) outcome = NULL;
  char id[37];

  world_id (id);
  outcome = station_try (admin, "create", "user", id, 0, fields, NULL, REFUSED, "duplicate");
  g_assert_null (strstr (outcome->text, "user_name"));
}

static void
test_a_test_number_needs_a_test_centre (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  const char *fields =
      "{\"identity_system\":\"urn:oid:2.16.578.1.12.4.1.4.1\",\"identity_number\":\"13916900285\"}";
  g_autoptr (FyrWireOutcome) outside =
      station_do (kari, station_mutation (kari, "update", "patient", world->two, 1, fields, NULL));
  FyrRecord *centre = world_get (world, &fyr_centre_info, world->centre);

  g_assert_cmpint (outside->kind, ==, REFUSED);
  g_assert_cmpstr (outside->code, ==, "invalid");
  fyr_centre_set_test_centre (FYR_CENTRE (centre), TRUE);
  world_put (world, centre);
  {
    /* Whatever the check digits say, it is not for being synthetic that it is refused there. */
    g_autoptr (FyrWireOutcome) inside =
        station_do (kari, station_mutation (kari, "update", "patient", world->two, 1, fields, NULL));
    g_assert_true (inside->kind == APPLIED || strstr (inside->text, "synthetic") == NULL);
  }
}

static void
test_a_gp_must_be_in_the_register (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autofree char *known = g_strdup_printf ("{\"gp_id\":\"%s\"}", world->other_gp);
  g_autofree char *unknown = g_strdup_printf ("{\"gp_id\":\"%s\"}", world->nurse);
  g_autoptr (FyrWireOutcome) refused = NULL;
  g_autoptr (FyrWireOutcome) applied = NULL;

  refused = station_try (kari, "update", "patient", world->two, 1, unknown, NULL, REFUSED, "unknown-record");
  applied = station_try (kari, "update", "patient", world->two, 1, known, NULL, APPLIED, "");
}

static void
test_a_measurement_has_a_value_or_a_reason (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  const struct {
    const char *more;
    FyrWireOutcomeKind kind;
    const char *code;
  } cases[] = {
    { "", REFUSED, "invalid" },
    { ",\"value\":95", APPLIED, "" },
    { ",\"value_text\":\"Lo\"", APPLIED, "" },
    { ",\"absent_reason\":\"not-performed\"", APPLIED, "" },
    { ",\"value\":\"95\"", REFUSED, "invalid" },
    { ",\"value\":95,\"corrects_id\":\"01980000-0000-7000-8000-000000000009\"", REFUSED, "unknown-record" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *fields = g_strdup_printf (
        "{\"patient_id\":\"%s\",\"kind\":\"oxygen-saturation\",\"effective_time\":1790000000000%s}",
        world->one, cases[i].more);
    g_autoptr (FyrWireOutcome) outcome = NULL;
    char id[37];

    world_id (id);
    outcome = station_try (kari, "create", "measurement", id, 0, fields, NULL, cases[i].kind, cases[i].code);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM measurement WHERE received_time > 0"), ==, 3);
}

static void
test_a_correction_is_of_the_same_patient (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  FyrMeasurement *old = world_measurement (world, world->two, 90);
  g_autofree char *old_id = g_strdup (fyr_record_get_id (FYR_RECORD (old)));
  const char *patients[] = { world->one, world->two };

  world_put (world, old);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *fields = g_strdup_printf (
        "{\"patient_id\":\"%s\",\"kind\":\"oxygen-saturation\",\"effective_time\":1790000000000,"
        "\"value\":96,\"corrects_id\":\"%s\"}",
        patients[i], old_id);
    g_autoptr (FyrWireOutcome) outcome = NULL;
    char id[37];

    world_id (id);
    outcome = station_try (kari, "create", "measurement", id, 0, fields, NULL, i == 0 ? REFUSED : APPLIED,
                           i == 0 ? "unknown-record" : "");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/rules/" #name, test_##name)
  ADD (identity_numbers_are_checked_by_the_centres_rule);
  ADD (a_number_needs_its_system);
  ADD (a_new_version_of_limits_ends_the_former);
  ADD (limits_that_begin_at_the_same_time_replace_each_other);
  ADD (halves_of_a_blood_pressure_have_limits_of_their_own);
  ADD (limits_out_of_order_are_refused);
  ADD (a_version_of_limits_only_ends);
  ADD (a_gp_sets_no_limits);
  ADD (nobody_changes_their_own_role);
  ADD (a_centre_is_changed_by_its_own_administrator);
  ADD (two_users_of_one_name_are_a_duplicate);
  ADD (a_test_number_needs_a_test_centre);
  ADD (a_gp_must_be_in_the_register);
  ADD (a_measurement_has_a_value_or_a_reason);
  ADD (a_correction_is_of_the_same_patient);
  return g_test_run ();
}
