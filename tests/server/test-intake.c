/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-intake-fixture.h"
#include "fyr-uuid.h"
#include "fyr-fhir-time.h"

#define SPO2 "2708-6"
#define PERCENT(v)                                                                                           \
  "\"valueQuantity\":{\"value\":" v ",\"system\":\"http://unitsofmeasure.org\",\"code\":\"%\"}"
#define NAMED(v) ",\"identifier\":[{\"system\":\"urn:test\",\"value\":\"" v "\"}]"

static char *
minutes_ago (int minutes)
{
  return fyr_fhir_time_format (g_get_real_time () / 1000 / 1000 * 1000 - minutes * G_GINT64_CONSTANT (60000),
                               60);
}

static void
set_limits (IntakeFixture *f, double red_low, double yellow_low, gint64 days_ago)
{
  g_autoptr (FyrLimit) limit =
      intake_fixture_limit (f, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION,
                            g_get_real_time () / 1000 - days_ago * G_GINT64_CONSTANT (86400000));

  fyr_limit_set_red_low (limit, red_low);
  fyr_limit_set_yellow_low (limit, yellow_low);
  intake_fixture_put (f, limit);
}

static guint
post_spo2 (IntakeFixture *f, const char *value, const char *extra, int ago, JsonNode **reply)
{
  g_autofree char *time = minutes_ago (ago);
  g_autofree char *quantity = g_strdup_printf (
      "\"valueQuantity\":{\"value\":%s,\"system\":\"http://unitsofmeasure.org\",\"code\":\"%%\"}", value);
  g_autofree char *body = intake_observation (SPO2, quantity, time, extra);

  return intake_fixture_post (f, "/fhir/Observation", body, reply);
}

static const char *
id_of (JsonNode *reply)
{
  return json_object_get_string_member (json_node_get_object (reply), "id");
}

static const char *
first_issue (JsonNode *reply)
{
  JsonObject *object = json_node_get_object (reply);

  g_assert_cmpstr (json_object_get_string_member (object, "resourceType"), ==, "OperationOutcome");
  return json_object_get_string_member (
      json_array_get_object_element (json_object_get_array_member (object, "issue"), 0), "code");
}

static void
test_red (IntakeFixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) reply = NULL;

  set_limits (f, 88, 92, 5);
  g_assert_cmpuint (post_spo2 (f, "85", NAMED ("1"), 1, &reply), ==, 201);
  g_assert_cmpint (
      intake_fixture_count (f, "SELECT COUNT(*) FROM measurement WHERE value = 85 AND category = 1"), ==, 1);
  g_assert_cmpint (
      intake_fixture_count (f, "SELECT COUNT(*) FROM alert WHERE category = 1 AND rule = 1 AND "
                               "observed = 85 AND threshold = 88 AND status = 1 AND due_time >= "
                               "raised_time AND measurement_id IS NOT NULL AND limit_id IS NOT NULL"),
      ==, 1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert_event WHERE action = 1"), ==, 1);
  /* Measurement, alert and event are in the feeds of the centre. */
  g_assert_cmpint (
      intake_fixture_count (f, "SELECT COUNT(*) FROM feed JOIN scope ON scope.id = feed.scope WHERE "
                               "scope.name LIKE '%/measurement' OR scope.name LIKE '%/alert'"),
      ==, 3);
  g_assert_nonnull (id_of (reply));
}

static void
test_in_range (IntakeFixture *f, gconstpointer data)
{
  set_limits (f, 88, 92, 5);
  g_assert_cmpuint (post_spo2 (f, "95", "", 1, NULL), ==, 201);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement WHERE category IS NULL"), ==,
                   1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 0);
}

static void
test_limits_of_the_time (IntakeFixture *f, gconstpointer data)
{
  set_limits (f, 80, 84, 5);
  g_assert_cmpuint (post_spo2 (f, "90", "", 2, NULL), ==, 201);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 0);
  /* Stricter since one day: what is kept in memory must be asked for again. */
  set_limits (f, 91, 93, 1);
  g_assert_cmpuint (post_spo2 (f, "90", "", 1, NULL), ==, 201);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert WHERE category = 1"), ==, 1);
  /* Taken two days ago: judged by the limits of that day. */
  g_assert_cmpuint (post_spo2 (f, "90", "", 2 * 1440, NULL), ==, 201);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 1);
}

static void
test_repeat (IntakeFixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) first = NULL;
  g_autoptr (JsonNode) second = NULL;
  g_autoptr (JsonNode) third = NULL;
  g_autofree char *time = minutes_ago (3);
  g_autofree char *body = intake_observation (SPO2, PERCENT ("90"), time, NAMED ("77"));
  g_autofree char *other = intake_observation (SPO2, PERCENT ("91"), time, NAMED ("77"));

  set_limits (f, 95, 96, 5);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", body, &first), ==, 201);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", body, &second), ==, 200);
  g_assert_cmpstr (id_of (first), ==, id_of (second));
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", other, &third), ==, 409);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement"), ==, 1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 1);
}

static void
test_repeat_unnamed (IntakeFixture *f, gconstpointer data)
{
  g_autofree char *time = minutes_ago (3);
  g_autofree char *body = intake_observation (SPO2, PERCENT ("90"), time, "");

  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", body, NULL), ==, 201);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", body, NULL), ==, 200);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement"), ==, 1);
}

static char *
with_status (const char *body, const char *status)
{
  g_auto (GStrv) parts = g_strsplit (body, "\"final\"", 2);

  return g_strconcat (parts[0], "\"", status, "\"", parts[1], NULL);
}

static void
test_correction (IntakeFixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) first = NULL;
  g_autoptr (JsonNode) corrected = NULL;
  g_autoptr (JsonNode) again = NULL;
  g_autofree char *time = minutes_ago (3);
  g_autofree char *body = intake_observation (SPO2, PERCENT ("80"), time, NAMED ("9"));
  g_autofree char *right = intake_observation (SPO2, PERCENT ("97"), time, NAMED ("9"));
  g_autofree char *correction = with_status (right, "corrected");
  g_autofree char *error = with_status (right, "entered-in-error");

  set_limits (f, 88, 92, 5);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", body, &first), ==, 201);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", correction, &corrected), ==, 201);
  g_assert_cmpstr (id_of (first), !=, id_of (corrected));
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", correction, &again), ==, 200);
  g_assert_cmpstr (id_of (again), ==, id_of (corrected));
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement WHERE corrects_id IS NOT NULL"),
                   ==, 1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM voided"), ==, 1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert_event WHERE action = 4"), ==, 1);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", error, NULL), ==, 201);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", error, NULL), ==, 200);
  g_assert_cmpint (
      intake_fixture_count (f, "SELECT COUNT(*) FROM measurement WHERE entered_in_error = 1 AND value "
                               "IS NULL"),
      ==, 1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement"), ==, 3);
}

static void
test_error_of_nothing (IntakeFixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) reply = NULL;
  g_autofree char *time = minutes_ago (3);
  g_autofree char *body = intake_observation (SPO2, PERCENT ("80"), time, NAMED ("none"));
  g_autofree char *error = with_status (body, "entered-in-error");

  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", error, &reply), ==, 422);
  g_assert_cmpstr (first_issue (reply), ==, "not-found");
}

static void
test_grey_once (IntakeFixture *f, gconstpointer data)
{
  for (int i = 1; i <= 5; i++)
    g_assert_cmpuint (post_spo2 (f, "90", "", i, NULL), ==, 201);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert WHERE category = 5 AND rule = 9"), ==,
                   1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 1);
  set_limits (f, 88, 92, 5);
  g_assert_cmpuint (post_spo2 (f, "80", "", 0, NULL), ==, 201);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert WHERE category = 1"), ==, 1);
}

static void
put_closed_grey (IntakeFixture *f, gint64 days_ago)
{
  g_autoptr (FyrAlert) alert = fyr_alert_new ();
  gint64 then = g_get_real_time () / 1000 - days_ago * 86400000;
  char id[37];

  fyr_uuid_v7_new (then, id);
  fyr_record_set_id (FYR_RECORD (alert), id);
  fyr_alert_set_patient_id (alert, f->patient_id);
  fyr_alert_set_category (alert, FYR_ALERT_CATEGORY_GREY);
  fyr_alert_set_rule (alert, FYR_ALERT_RULE_NO_LIMITS);
  fyr_alert_set_kind (alert, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_CLOSED);
  fyr_alert_set_raised_time (alert, then - 3600000);
  fyr_alert_set_due_time (alert, then);
  fyr_alert_set_closed_time (alert, then);
  intake_fixture_put (f, alert);
}

static void
test_grey_not_again_at_once (IntakeFixture *f, gconstpointer data)
{
  put_closed_grey (f, 13);
  g_assert_cmpuint (post_spo2 (f, "67", "", 2, NULL), ==, 201);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 1);
}

/* A patient whose alert about missing limits was closed, and nothing else done, must not stay without. */
static void
test_grey_again (IntakeFixture *f, gconstpointer data)
{
  put_closed_grey (f, 15);
  g_assert_cmpuint (post_spo2 (f, "67", "", 2, NULL), ==, 201);
  g_assert_cmpuint (post_spo2 (f, "66", "", 1, NULL), ==, 201);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert WHERE status = 1 AND rule = 9"), ==,
                   1);
}

static void
test_third_yellow (IntakeFixture *f, gconstpointer data)
{
  g_autoptr (FyrLimit) limit =
      intake_fixture_limit (f, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, g_get_real_time () / 1000 - 864000000);

  fyr_limit_set_yellow_low (limit, 92);
  fyr_limit_set_repeat_count (limit, 3);
  fyr_limit_set_repeat_hours (limit, 24);
  intake_fixture_put (f, limit);
  post_spo2 (f, "91", "", 30, NULL);
  post_spo2 (f, "91", "", 20, NULL);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert WHERE category = 1"), ==, 0);
  post_spo2 (f, "91", "", 10, NULL);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert WHERE category = 1 AND rule = 5"), ==,
                   1);
}

static void
test_implausible_and_words (IntakeFixture *f, gconstpointer data)
{
  g_autofree char *time = minutes_ago (2);
  g_autofree char *word = intake_observation ("15074-8", "\"valueString\":\"Hi\"", time, "");
  g_autofree char *absent = intake_observation (
      "8310-5",
      "\"dataAbsentReason\":{\"coding\":[{\"system\":"
      "\"http://terminology.hl7.org/CodeSystem/data-absent-reason\",\"code\":\"error\"}]}",
      time, "");

  set_limits (f, 88, 92, 5);
  g_assert_cmpuint (post_spo2 (f, "3", "", 1, NULL), ==, 201);
  g_assert_cmpint (
      intake_fixture_count (f, "SELECT COUNT(*) FROM measurement WHERE implausible = 1 AND value = 3 AND "
                               "category = 6"),
      ==, 1);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", word, NULL), ==, 201);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", absent, NULL), ==, 201);
  g_assert_cmpint (
      intake_fixture_count (f, "SELECT COUNT(*) FROM measurement WHERE value IS NULL AND value_text = 'Hi'"),
      ==, 1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert WHERE category = 6"), ==, 3);
}

static void
test_refusals_store_nothing (IntakeFixture *f, gconstpointer data)
{
  static const struct {
    const char *body;
    guint status;
    const char *code;
  } cases[] = {
    { "", 400, "structure" },
    { "{", 400, "structure" },
    { "[]", 400, "structure" },
    { "{\"resourceType\":\"Patient\"}", 400, "structure" },
    { "{\"resourceType\":\"Observation\"}", 400, "required" },
    { "\xff\xfe", 400, "structure" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) reply = NULL;

    g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", cases[i].body, &reply), ==,
                      cases[i].status);
    g_assert_cmpstr (first_issue (reply), ==, cases[i].code);
  }
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement"), ==, 0);
}

static void
test_unknown_patient (IntakeFixture *f, gconstpointer data)
{
  g_autoptr (JsonNode) reply = NULL;
  g_autofree char *time = minutes_ago (1);
  g_autofree char *body = intake_observation (SPO2, PERCENT ("90"), time, "");
  char *number = strstr (body, INTAKE_NUMBER);
  char other[37];

  intake_fixture_patient (f, "21128812345", FYR_PATIENT_STATUS_FINISHED, other);
  memcpy (number, "00000000000", 11);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", body, &reply), ==, 422);
  g_assert_cmpstr (first_issue (reply), ==, "not-found");
  g_clear_pointer (&reply, json_node_unref);
  memcpy (number, "21128812345", 11);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", body, &reply), ==, 422);
  g_assert_cmpstr (first_issue (reply), ==, "business-rule");
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement"), ==, 0);
}

static void
test_other_centre (IntakeFixture *f, gconstpointer data)
{
  g_autofree char *time = minutes_ago (1);
  g_autofree char *body = intake_observation (SPO2, PERCENT ("90"), time, "");
  g_autofree char *by_id = NULL;
  FyrIntakeRequest request = {
    "POST", "/fhir/Observation",      "application/json", "01900000-0000-7000-8000-000000000000",
    NULL,   g_get_real_time () / 1000
  };

  g_assert_cmpuint (intake_fixture_request (f, request, body, NULL), ==, 422);
  by_id = g_strdup_printf (
      "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
      "\"http://loinc.org\",\"code\":\"2708-6\"}]},\"subject\":{\"reference\":\"urn:uuid:%s\"},"
      "\"effectiveDateTime\":\"%s\",%s}",
      f->patient_id, time, PERCENT ("90"));
  g_assert_cmpuint (intake_fixture_request (f, request, by_id, NULL), ==, 422);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", by_id, NULL), ==, 201);
}

static void
test_http (IntakeFixture *f, gconstpointer data)
{
  FyrIntakeRequest request = { "GET", "/fhir/metadata", NULL, NULL, NULL, 0 };
  g_autoptr (JsonNode) capability = NULL;

  g_assert_cmpuint (intake_fixture_request (f, request, NULL, &capability), ==, 200);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (capability), "resourceType"), ==,
                   "CapabilityStatement");
  request.method = "POST";
  request.path = "/fhir/Observation";
  g_assert_cmpuint (intake_fixture_request (f, request, "{}", NULL), ==, 401);
  request.centre_id = f->centre_id;
  g_assert_cmpuint (intake_fixture_request (f, request, "{}", NULL), ==, 415);
  request.content_type = "text/xml";
  g_assert_cmpuint (intake_fixture_request (f, request, "{}", NULL), ==, 415);
  request.content_type = "application/fhir+json; charset=utf-8";
  g_assert_cmpuint (intake_fixture_request (f, request, "{}", NULL), ==, 400);
  request.path = "/fhir/Patient";
  g_assert_cmpuint (intake_fixture_request (f, request, "{}", NULL), ==, 404);
  request.method = "GET";
  g_assert_cmpuint (intake_fixture_request (f, request, NULL, NULL), ==, 405);
}

static char *
bundle (const char *type, const char *first, const char *second)
{
  return g_strdup_printf ("{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":["
                          "{\"fullUrl\":\"urn:uuid:11111111-1111-4111-8111-111111111111\",\"resource\":%s},"
                          "{\"fullUrl\":\"urn:uuid:22222222-2222-4222-8222-222222222222\",\"resource\":%s}]}",
                          type, first, second);
}

static JsonObject *
entry_of (JsonNode *reply, guint index)
{
  return json_array_get_object_element (json_object_get_array_member (json_node_get_object (reply), "entry"),
                                        index);
}

static const char *
status_of (JsonNode *reply, guint index)
{
  return json_object_get_string_member (json_object_get_object_member (entry_of (reply, index), "response"),
                                        "status");
}

static void
test_bundle (IntakeFixture *f, gconstpointer data)
{
  g_autofree char *time = minutes_ago (1);
  g_autofree char *good = intake_observation (SPO2, PERCENT ("90"), time, NAMED ("a"));
  g_autofree char *bad = intake_observation ("99999-9", PERCENT ("90"), time, NAMED ("b"));
  g_autofree char *mixed = bundle ("batch", good, bad);
  g_autofree char *whole = bundle ("transaction", good, bad);
  g_autofree char *twice = bundle ("transaction", good, good);
  g_autoptr (JsonNode) refused = NULL;
  g_autoptr (JsonNode) partly = NULL;
  g_autoptr (JsonNode) same = NULL;

  g_assert_cmpuint (intake_fixture_post (f, "/fhir", whole, &refused), ==, 422);
  g_assert_cmpstr (first_issue (refused), ==, "code-invalid");
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement"), ==, 0);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir", mixed, &partly), ==, 200);
  g_assert_true (g_str_has_prefix (status_of (partly, 0), "201"));
  g_assert_true (g_str_has_prefix (status_of (partly, 1), "422"));
  g_assert_cmpstr (json_object_get_string_member (entry_of (partly, 1), "fullUrl"), ==,
                   "urn:uuid:22222222-2222-4222-8222-222222222222");
  g_assert_cmpuint (intake_fixture_post (f, "/fhir", twice, &same), ==, 200);
  g_assert_true (g_str_has_prefix (status_of (same, 0), "200"));
  g_assert_true (g_str_has_prefix (status_of (same, 1), "200"));
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement"), ==, 1);
}

/* The conflict is only found while writing: what the first entry wrote must go too. */
static void
test_transaction_undone (IntakeFixture *f, gconstpointer data)
{
  g_autofree char *time = minutes_ago (1);
  g_autofree char *good = intake_observation (SPO2, PERCENT ("90"), time, NAMED ("a"));
  g_autofree char *other = intake_observation (SPO2, PERCENT ("70"), time, NAMED ("a"));
  g_autofree char *whole = bundle ("transaction", good, other);
  g_autoptr (JsonNode) reply = NULL;

  set_limits (f, 88, 92, 5);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir", whole, &reply), ==, 409);
  g_assert_cmpstr (first_issue (reply), ==, "conflict");
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM measurement"), ==, 0);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 0);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM external_id"), ==, 0);
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", good, NULL), ==, 201);
}

static void
settle (IntakeFixture *f)
{
  intake_fixture_count (f, "SELECT 1");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  intake_fixture_count (f, "SELECT 1");
}

static void
test_missing_report (IntakeFixture *f, gconstpointer data)
{
  gint64 now = g_get_real_time () / 1000;
  g_autoptr (FyrLimit) limit =
      intake_fixture_limit (f, FYR_MEASUREMENT_KIND_BODY_WEIGHT, now - 10 * G_GINT64_CONSTANT (86400000));

  fyr_limit_set_expected_days (limit, 2);
  intake_fixture_put (f, limit);
  for (int i = 0; i < 3; i++) {
    fyr_intake_check_missing (f->intake, now + i * 1000000);
    settle (f);
  }
  g_assert_cmpint (
      intake_fixture_count (f, "SELECT COUNT(*) FROM alert WHERE category = 3 AND rule = 10 AND kind = 5"),
      ==, 1);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 1);
}

static void
test_missing_report_switched_off (IntakeFixture *f, gconstpointer data)
{
  gint64 now = g_get_real_time () / 1000;
  g_autoptr (FyrLimit) limit =
      intake_fixture_limit (f, FYR_MEASUREMENT_KIND_BODY_WEIGHT, now - 10 * G_GINT64_CONSTANT (86400000));
  g_autoptr (FyrPatient) patient = fyr_patient_new ();

  fyr_limit_set_expected_days (limit, 2);
  intake_fixture_put (f, limit);
  fyr_record_set_id (FYR_RECORD (patient), f->patient_id);
  fyr_patient_set_centre_id (patient, f->centre_id);
  fyr_patient_set_family_name (patient, "Danser");
  fyr_patient_set_given_name (patient, "Line");
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ONHOLD);
  intake_fixture_put (f, patient);
  fyr_intake_check_missing (f->intake, now);
  settle (f);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 0);
  fyr_patient_set_status (patient, FYR_PATIENT_STATUS_ACTIVE);
  fyr_patient_set_missing_report_alert (patient, FALSE);
  intake_fixture_put (f, patient);
  fyr_intake_check_missing (f->intake, now + 1000000);
  settle (f);
  g_assert_cmpint (intake_fixture_count (f, "SELECT COUNT(*) FROM alert"), ==, 0);
}

static void
add (const char *name, void (*func) (IntakeFixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/intake/", name, NULL);

  g_test_add (path, IntakeFixture, NULL, intake_fixture_set_up, func, intake_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("a-red-value-is-stored-with-alert-event-and-feeds", test_red);
  add ("a-value-in-range-raises-nothing", test_in_range);
  add ("a-value-is-judged-by-the-limits-of-its-time", test_limits_of_the_time);
  add ("a-repeated-identifier-is-the-same-report", test_repeat);
  add ("a-repeat-without-identifier-is-found-by-content", test_repeat_unnamed);
  add ("a-correction-voids-the-older-and-is-judged-anew", test_correction);
  add ("nothing-can-be-voided-that-is-not-there", test_error_of_nothing);
  add ("missing-limits-are-told-of-once", test_grey_once);
  add ("missing-limits-are-not-told-of-again-at-once", test_grey_not_again_at_once);
  add ("who-stays-without-limits-is-told-of-after-two-weeks", test_grey_again);
  add ("the-third-yellow-is-red", test_third_yellow);
  add ("implausible-values-and-words-are-kept-and-technical", test_implausible_and_words);
  add ("a-refusal-is-an-outcome-and-stores-nothing", test_refusals_store_nothing);
  add ("an-unknown-or-former-patient-is-refused", test_unknown_patient);
  add ("a-gateway-reports-for-its-own-centre-only", test_other_centre);
  add ("path-method-type-and-token-are-checked", test_http);
  add ("a-transaction-is-all-or-nothing-a-batch-by-entry", test_bundle);
  add ("a-conflict-found-late-undoes-the-transaction", test_transaction_undone);
  add ("a-missing-report-alerts-once", test_missing_report);
  add ("no-missing-report-while-paused-or-switched-off", test_missing_report_switched_off);
  return g_test_run ();
}
