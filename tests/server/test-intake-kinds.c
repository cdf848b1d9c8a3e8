/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-fhir-time.h"
#include "fyr-intake-fixture.h"
#include "fyr-measurement-kind.h"

/*
 * What a gateway reports, for every kind of measurement: taken as it is, kept and told as technical, or refused with
 * the element at fault. A refusal stores nothing, raises nothing, and says nothing of the patient.
 */

#define IMPLAUSIBLE "alert WHERE rule = 7"

typedef struct {
  IntakeFixture *f;
  const FyrMeasurementKindInfo *info;
} Kind;

static char *
minutes_from_now (int minutes)
{
  return fyr_fhir_time_format (g_get_real_time () / 1000 / 1000 * 1000 + minutes * G_GINT64_CONSTANT (60000),
                               60);
}

static char *
quantity (double value, const char *unit)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.4f", value);
  return unit != NULL ? g_strdup_printf ("\"valueQuantity\":{\"value\":%s,\"system\":\"" FYR_UNIT_SYSTEM_UCUM
                                         "\",\"code\":\"%s\"}",
                                         number, unit)
                      : g_strdup_printf ("\"valueQuantity\":{\"value\":%s}", number);
}

/* An Observation of the kind by this product's own code, with @value as its value[x] and more members in @extra. */
static char *
observation (const Kind *kind, const char *value, const char *time, const char *extra)
{
  return g_strdup_printf ("{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{"
                          "\"system\":\"" FYR_CODE_SYSTEM_LOCAL
                          "\",\"code\":\"%s\"}]},\"subject\":{\"identifier\":{\"system\":\"" INTAKE_SYSTEM
                          "\",\"value\":\"" INTAKE_NUMBER "\"}},\"effectiveDateTime\":\"%s\"%s%s%s}",
                          fyr_enum_to_code (&fyr_measurement_kind_info, kind->info->kind), time,
                          *value != '\0' ? "," : "", value, extra);
}

static gint64
count (const Kind *kind, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", table);

  return intake_fixture_count (kind->f, sql);
}

static guint
post (const Kind *kind, const char *value, JsonNode **reply)
{
  g_autofree char *time = minutes_from_now (-1);
  g_autofree char *body = observation (kind, value, time, "");

  return intake_fixture_post (kind->f, "/fhir/Observation", body, reply);
}

/* Kinds of one number; a pressure has two, and a score names its questionnaire. */
static void
for_every_kind (IntakeFixture *f, void (*check) (const Kind *kind))
{
  guint n = 0;

  for (guint i = 1; i <= FYR_MEASUREMENT_KIND_LAST; i++) {
    Kind kind = { f, fyr_measurement_kind_get_info ((FyrMeasurementKind)i) };

    if (!kind.info->has_components) {
      g_test_message ("%s", kind.info->name);
      check (&kind);
      n++;
    }
  }
  g_assert_cmpuint (n, >, 12);
}

static void
assert_refused (const Kind *kind, const char *body, guint status, const char *code, const char *element)
{
  g_autoptr (JsonNode) reply = NULL;
  g_autofree char *text = NULL;
  JsonObject *issue;
  gint64 before = count (kind, "measurement");
  gint64 alerts = count (kind, "alert");
  guint answered = intake_fixture_post (kind->f, "/fhir/Observation", body, &reply);

  text = json_to_string (reply, FALSE);
  if (answered != status) {
    g_error ("%u, not %u: %s\n%s", answered, status, text, body);
  }
  issue =
      json_array_get_object_element (json_object_get_array_member (json_node_get_object (reply), "issue"), 0);
  g_assert_cmpstr (json_object_get_string_member (issue, "severity"), ==, "error");
  g_assert_cmpstr (json_object_get_string_member (issue, "code"), ==, code);
  if (element != NULL) {
    JsonArray *expression = json_object_get_array_member (issue, "expression");

    if (strstr (json_array_get_string_element (expression, 0), element) == NULL) {
      g_error ("not %s: %s", element, text);
    }
  }
  g_assert_null (strstr (text, INTAKE_NUMBER));
  g_assert_null (strstr (text, "Danser"));
  g_assert_cmpint (count (kind, "measurement"), ==, before);
  g_assert_cmpint (count (kind, "alert"), ==, alerts);
}

/* Both ends of what is plausible are plausible; the first value beside them is kept, and alerts as technical. */
static void
ends (const Kind *kind)
{
  const struct {
    double value;
    gboolean plausible;
  } cases[] = { { kind->info->low, TRUE },
                { kind->info->high, TRUE },
                { (kind->info->low + kind->info->high) / 2, TRUE },
                { kind->info->high + 0.01, FALSE },
                { kind->info->low - 0.01, FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *value = quantity (cases[i].value, kind->info->unit);
    gint64 kept = count (kind, "measurement");
    gint64 implausible = count (kind, IMPLAUSIBLE);

    g_assert_cmpuint (post (kind, value, NULL), ==, 201);
    g_assert_cmpint (count (kind, "measurement"), ==, kept + 1);
    g_assert_cmpint (count (kind, IMPLAUSIBLE), ==, implausible + (cases[i].plausible ? 0 : 1));
  }
}

static void
test_both_ends_of_what_is_plausible (IntakeFixture *f, gconstpointer data)
{
  for_every_kind (f, ends);
}

/* The unit of any other kind, none, or nonsense: never guessed. */
static void
wrong_units (const Kind *kind)
{
  g_autofree char *time = minutes_from_now (-1);
  static const char *const nonsense[] = { "furlong", "mmol", "KG", "%%", "\\u0000", " " };

  for (guint i = 1; i <= FYR_MEASUREMENT_KIND_LAST + G_N_ELEMENTS (nonsense); i++) {
    const char *unit = i <= FYR_MEASUREMENT_KIND_LAST
                           ? fyr_measurement_kind_get_info ((FyrMeasurementKind)i)->unit
                           : nonsense[i - FYR_MEASUREMENT_KIND_LAST - 1];
    g_autofree char *value = quantity (5, unit);
    g_autofree char *body = observation (kind, value, time, "");

    if (!fyr_measurement_unit_is_accepted (kind->info->kind, unit) && (unit == NULL || unit[0] != '\\')) {
      assert_refused (kind, body, 422, unit != NULL ? "code-invalid" : "required", "Observation.value");
    }
  }
}

static void
test_the_unit_of_another_kind_is_refused (IntakeFixture *f, gconstpointer data)
{
  for_every_kind (f, wrong_units);
}

typedef struct {
  const char *value; /* the value[x] member */
  guint status;
  const char *code;
  const char *element; /* NULL: not named */
} BadValue;

static void
bad_values (const Kind *kind)
{
  static const BadValue cases[] = {
    { "", 400, "required", "Observation.value" },
    { "\"valueQuantity\":7", 400, "structure", "Observation.value" },
    { "\"valueQuantity\":{\"value\":\"7\"}", 400, "value", "Observation.value" },
    { "\"valueQuantity\":[]", 400, "structure", "Observation.value" },
    { "\"valueQuantity\":{}", 400, "required", "Observation.value" },
    { "\"valueString\":\"7\"", 422, "value", "Observation.value" },
    { "\"valueString\":\"7,5\"", 422, "value", "Observation.value" },
  };
  g_autofree char *time = minutes_from_now (-1);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *body = observation (kind, cases[i].value, time, "");

    assert_refused (kind, body, cases[i].status, cases[i].code, cases[i].element);
  }
}

static void
test_a_value_that_is_none_is_refused (IntakeFixture *f, gconstpointer data)
{
  for_every_kind (f, bad_values);
}

/* Ten minutes ahead may be a clock; more is not. Fifty years back is no measurement of this service. */
static void
times (const Kind *kind)
{
  static const struct {
    const char *time;
    guint status;
    const char *code;
  } cases[] = {
    { "", 400, "value" },
    { "i går", 400, "value" },
    { "2026-13-01T00:00:00Z", 400, "value" },
    { "2026-02-30T00:00:00Z", 400, "value" },
    { "2026-02-03T24:00:01Z", 400, "value" },
    { "1901-01-01T00:00:00Z", 422, "business-rule" },
    { "9999-12-31T23:59:59Z", 422, "business-rule" },
  };
  g_autofree char *value = quantity (kind->info->low, kind->info->unit);
  g_autofree char *far = minutes_from_now (12);
  g_autofree char *near = minutes_from_now (8);
  g_autofree char *too_far = observation (kind, value, far, "");
  g_autofree char *in_time = observation (kind, value, near, "");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *body = observation (kind, value, cases[i].time, "");

    assert_refused (kind, body, cases[i].status, cases[i].code, "Observation.effective");
  }
  assert_refused (kind, too_far, 422, "business-rule", "Observation.effective");
  g_assert_cmpuint (intake_fixture_post (kind->f, "/fhir/Observation", in_time, NULL), ==, 201);
}

static void
test_a_time_that_cannot_be_is_refused (IntakeFixture *f, gconstpointer data)
{
  for_every_kind (f, times);
}

/* Members of the resource itself, with a value that would do. */
static void
test_what_is_no_result_is_refused (IntakeFixture *f, gconstpointer data)
{
  static const struct {
    const char *from;
    const char *to;
    guint status;
    const char *code;
  } cases[] = {
    { "\"status\":\"final\",", "", 400, "required" },
    { "\"final\"", "\"registered\"", 422, "business-rule" },
    { "\"final\"", "\"no such\"", 400, "code-invalid" },
    { "\"final\"", "7", 400, "required" },
    { FYR_CODE_SYSTEM_LOCAL, "urn:unknown", 422, "code-invalid" },
    { "\"subject\"", "\"object\"", 400, "required" },
    { "\"effectiveDateTime\"", "\"effective\"", 400, "required" },
    { "\"resourceType\":\"Observation\",", "", 400, "structure" },
  };
  Kind kind = { f, fyr_measurement_kind_get_info (FYR_MEASUREMENT_KIND_HEART_RATE) };
  g_autofree char *time = minutes_from_now (-1);
  g_autofree char *value = quantity (70, kind.info->unit);
  g_autofree char *right = observation (&kind, value, time, "");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) parts = g_strsplit (right, cases[i].from, 2);
    g_autofree char *body = g_strjoinv (cases[i].to, parts);

    g_test_message ("%s → %s", cases[i].from, cases[i].to);
    g_assert_cmpuint (g_strv_length (parts), ==, 2);
    assert_refused (&kind, body, cases[i].status, cases[i].code, NULL);
  }
  g_assert_cmpuint (intake_fixture_post (f, "/fhir/Observation", right, NULL), ==, 201);
}

#define ADD(name)                                                                                            \
  g_test_add ("/server/intake-kinds/" #name, IntakeFixture, NULL, intake_fixture_set_up, test_##name,        \
              intake_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (both_ends_of_what_is_plausible);
  ADD (the_unit_of_another_kind_is_refused);
  ADD (a_value_that_is_none_is_refused);
  ADD (a_time_that_cannot_be_is_refused);
  ADD (what_is_no_result_is_refused);
  return g_test_run ();
}
