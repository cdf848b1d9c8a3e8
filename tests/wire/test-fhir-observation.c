/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fyr-fhir-fixture.h"

#define UCUM "\"system\":\"http://unitsofmeasure.org\""
#define SUBJECT_OID "urn:oid:2.16.578.1.12.4.1.4.1"

static void
test_plain (void)
{
  g_autofree char *json = fhir_without ("nothing");
  g_auto (Read) read = { 0 };
  const FyrObservation *o = &read.observation;

  fhir_read (&read, json);
  g_assert_true (read.fine);
  g_assert_cmpint (o->kind, ==, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
  g_assert_cmpint (o->status, ==, FYR_OBSERVATION_FINAL);
  g_assert_true (o->has_value);
  g_assert_cmpfloat (o->value, ==, 93);
  g_assert_false (o->has_value2);
  g_assert_false (o->implausible);
  g_assert_null (o->value_text);
  g_assert_null (o->absent_reason);
  g_assert_null (o->reported_unit);
  g_assert_cmpint (o->effective_time, ==, G_GINT64_CONSTANT (1789971330000));
  g_assert_true (o->has_offset);
  g_assert_cmpint (o->offset_minutes, ==, 120);
  g_assert_false (o->date_only);
  g_assert_cmpstr (o->subject_system, ==, SUBJECT_OID);
  g_assert_cmpstr (o->subject_value, ==, "13116900216");
  g_assert_cmpstr (o->external_id, ==, "urn:gateway|17");
  g_assert_null (o->device_text);
  g_assert_null (o->note);
}

/* clinical.md's table of kinds: each code in each of its systems, in the unit the sources give. */
static void
test_kinds (void)
{
  static const struct {
    const char *system;
    const char *code;
    const char *unit;
    double sent;
    FyrMeasurementKind kind;
    double value;
  } cases[] = {
    { FYR_CODE_SYSTEM_LOINC, "2708-6", "%", 93, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 93 },
    { FYR_CODE_SYSTEM_LOINC, "59408-5", "%", 93, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 93 },
    { FYR_CODE_SYSTEM_SNOMED, "431314004", "%", 93, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, 93 },
    { FYR_CODE_SYSTEM_LOINC, "8867-4", "/min", 71, FYR_MEASUREMENT_KIND_HEART_RATE, 71 },
    { FYR_CODE_SYSTEM_SNOMED, "364075005", "/min", 71, FYR_MEASUREMENT_KIND_HEART_RATE, 71 },
    { FYR_CODE_SYSTEM_LOINC, "8310-5", "Cel", 36.6, FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, 36.6 },
    { FYR_CODE_SYSTEM_LOINC, "8310-5", "[degF]", 98.6, FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, 37 },
    { FYR_CODE_SYSTEM_SNOMED, "276885007", "Cel", 36.6, FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, 36.6 },
    { FYR_CODE_SYSTEM_LOINC, "29463-7", "kg", 80.5, FYR_MEASUREMENT_KIND_BODY_WEIGHT, 80.5 },
    { FYR_CODE_SYSTEM_LOINC, "29463-7", "g", 49000, FYR_MEASUREMENT_KIND_BODY_WEIGHT, 49 },
    { FYR_CODE_SYSTEM_SNOMED, "27113001", "kg", 80, FYR_MEASUREMENT_KIND_BODY_WEIGHT, 80 },
    { FYR_CODE_SYSTEM_LOINC, "15074-8", "mmol/L", 6.3, FYR_MEASUREMENT_KIND_GLUCOSE, 6.3 },
    { FYR_CODE_SYSTEM_LOINC, "15074-8", "mmol/l", 6.3, FYR_MEASUREMENT_KIND_GLUCOSE, 6.3 },
    { FYR_CODE_SYSTEM_LOINC, "15074-8", "mg/dL", 180.16, FYR_MEASUREMENT_KIND_GLUCOSE, 10 },
    { FYR_CODE_SYSTEM_NPU, "NPU02187", "mmol/L", 6.3, FYR_MEASUREMENT_KIND_GLUCOSE, 6.3 },
    { FYR_CODE_SYSTEM_SNOMED, "434912009", "mmol/L", 6.3, FYR_MEASUREMENT_KIND_GLUCOSE, 6.3 },
    { FYR_CODE_SYSTEM_LOINC, "9279-1", "/min", 16, FYR_MEASUREMENT_KIND_RESPIRATORY_RATE, 16 },
    { FYR_CODE_SYSTEM_SNOMED, "86290005", "/min", 16, FYR_MEASUREMENT_KIND_RESPIRATORY_RATE, 16 },
    { FYR_CODE_SYSTEM_LOINC, "20150-9", "L", 1.35, FYR_MEASUREMENT_KIND_FEV1, 1.35 },
    { FYR_CODE_SYSTEM_MEDCOM, "MCS88015", "L", 1.35, FYR_MEASUREMENT_KIND_FEV1, 1.35 },
    { FYR_CODE_SYSTEM_LOINC, "19935-6", "L/min", 310, FYR_MEASUREMENT_KIND_PEAK_FLOW, 310 },
    { FYR_CODE_SYSTEM_LOINC, "1988-5", "mg/L", 11, FYR_MEASUREMENT_KIND_CRP, 11 },
    { FYR_CODE_SYSTEM_LOINC, "48421-2", "mg/L", 88, FYR_MEASUREMENT_KIND_CRP, 88 },
    { FYR_CODE_SYSTEM_NPU, "NPU19748", "mg/L", 88, FYR_MEASUREMENT_KIND_CRP, 88 },
    { FYR_CODE_SYSTEM_LOINC, "41950-7", "/d", 3400, FYR_MEASUREMENT_KIND_STEPS, 3400 },
    { FYR_CODE_SYSTEM_LOINC, "72514-3", "{score}", 4, FYR_MEASUREMENT_KIND_PAIN, 4 },
    { FYR_CODE_SYSTEM_LOINC, "3151-8", "L/min", 2, FYR_MEASUREMENT_KIND_OXYGEN_FLOW, 2 },
    { FYR_CODE_SYSTEM_SNOMED, "371825009", "L/min", 2, FYR_MEASUREMENT_KIND_OXYGEN_FLOW, 2 },
    { FYR_CODE_SYSTEM_SNOMED, "1104051000000101", "{score}", 5, FYR_MEASUREMENT_KIND_NEWS2, 5 },
    { FYR_CODE_SYSTEM_LOINC, "74465-6", "{score}", 17, FYR_MEASUREMENT_KIND_QUESTIONNAIRE_SCORE, 17 },
    { FYR_CODE_SYSTEM_LOCAL, "fluid-intake", "mL", 1500, FYR_MEASUREMENT_KIND_FLUID_INTAKE, 1500 },
    { FYR_CODE_SYSTEM_LOCAL, "fluid-intake", "L", 1.5, FYR_MEASUREMENT_KIND_FLUID_INTAKE, 1500 },
    { FYR_CODE_SYSTEM_LOCAL, "urine-output", "mL", 900, FYR_MEASUREMENT_KIND_URINE_OUTPUT, 900 },
    { FYR_CODE_SYSTEM_LOCAL, "insulin", "[iU]", 12, FYR_MEASUREMENT_KIND_INSULIN, 12 },
    { FYR_CODE_SYSTEM_LOCAL, "stool-count", "/d", 3, FYR_MEASUREMENT_KIND_STOOL_COUNT, 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *member =
        g_strdup_printf ("\"valueQuantity\":{\"value\":%g," UCUM ",\"code\":\"%s\"},\"code\":{\"coding\":"
                         "[{\"system\":\"%s\",\"code\":\"%s\"}]}",
                         cases[i].sent, cases[i].unit, cases[i].system, cases[i].code);
    g_autofree char *json = fhir_with (member);
    g_auto (Read) read = { 0 };

    fhir_read (&read, json);
    if (!read.fine)
      g_error ("refused: %s", json);
    g_assert_cmpint (read.observation.kind, ==, cases[i].kind);
    g_assert_cmpfloat_with_epsilon (read.observation.value, cases[i].value, 1e-6);
    g_assert_false (read.observation.implausible);
  }
}

static void
test_code_that_is_known_decides (void)
{
  g_autofree char *json =
      fhir_with ("\"code\":{\"coding\":[{\"code\":\"2708-6\"},{\"system\":\"urn:x\",\"code\":\"8867-4\"},"
                 "{\"system\":\"http://loinc.org\",\"code\":\"2708-6\"},"
                 "{\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}],\"text\":\"pulse\"}");
  g_auto (Read) read = { 0 };

  fhir_read (&read, json);
  g_assert_true (read.fine);
  g_assert_cmpint (read.observation.kind, ==, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION);
}

#define PANEL "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"85354-9\"}]},"
#define PART(code, rest)                                                                                     \
  "{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"" code "\"}]}," rest "}"
#define MMHG(v) "\"valueQuantity\":{\"value\":" v "," UCUM ",\"code\":\"mm[Hg]\"}"

static void
read_panel (Read *read, const char *components)
{
  g_autofree char *base = fhir_without ("valueQuantity");
  g_autofree char *member = g_strdup_printf (PANEL "\"component\":[%s]", components);
  g_autoptr (JsonNode) root = json_from_string (base, NULL);
  g_autofree char *wrapped = g_strdup_printf ("{%s}", member);
  g_autoptr (JsonNode) more = json_from_string (wrapped, NULL);
  g_autofree char *json = NULL;

  g_assert_nonnull (more);
  json_object_set_member (json_node_get_object (root), "code",
                          json_object_dup_member (json_node_get_object (more), "code"));
  json_object_set_member (json_node_get_object (root), "component",
                          json_object_dup_member (json_node_get_object (more), "component"));
  json = json_to_string (root, FALSE);
  fhir_read (read, json);
}

static void
test_blood_pressure (void)
{
  g_auto (Read) read = { 0 };
  g_auto (Read) kpa = { 0 };

  read_panel (
      &read, PART ("8478-0", MMHG ("93")) "," PART ("8462-4", MMHG ("78")) "," PART ("8480-6", MMHG ("123")));
  g_assert_true (read.fine);
  g_assert_cmpint (read.observation.kind, ==, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
  g_assert_cmpfloat (read.observation.value, ==, 123);
  g_assert_cmpfloat (read.observation.value2, ==, 78);
  g_assert_false (read.observation.implausible);
  read_panel (&kpa, PART ("8480-6", "\"valueQuantity\":{\"value\":16," UCUM ",\"code\":\"kPa\"}") "," PART (
                        "8462-4", "\"valueQuantity\":{\"value\":10.5," UCUM ",\"code\":\"kPa\"}"));
  g_assert_true (kpa.fine);
  g_assert_cmpfloat_with_epsilon (kpa.observation.value, 120.01, 0.01);
  g_assert_cmpstr (kpa.observation.reported_value, ==, "16 / 10.5");
  g_assert_cmpstr (kpa.observation.reported_unit, ==, "kPa");
}

static void
test_half_a_blood_pressure (void)
{
  g_auto (Read) read = { 0 };
  g_auto (Read) alone = { 0 };
  g_auto (Read) diastolic = { 0 };
  g_autofree char *systolic_json = fhir_with (
      MMHG ("130") ",\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8480-6\"}]}");
  g_autofree char *diastolic_json = fhir_with (
      MMHG ("80") ",\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"271650006\"}]}");

  read_panel (&read,
              PART ("8480-6", MMHG ("123")) "," PART (
                  "8462-4",
                  "\"dataAbsentReason\":{\"coding\":[{\"system\":"
                  "\"http://terminology.hl7.org/CodeSystem/data-absent-reason\",\"code\":\"error\"}]}"));
  g_assert_true (read.fine);
  g_assert_true (read.observation.has_value);
  g_assert_false (read.observation.has_value2);
  g_assert_cmpstr (read.observation.absent_reason, ==, "error");
  fhir_read (&alone, systolic_json);
  g_assert_true (alone.fine);
  g_assert_cmpint (alone.observation.kind, ==, FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
  g_assert_true (alone.observation.has_value);
  g_assert_true (alone.observation.implausible);
  fhir_read (&diastolic, diastolic_json);
  g_assert_true (diastolic.fine);
  g_assert_false (diastolic.observation.has_value);
  g_assert_cmpfloat (diastolic.observation.value2, ==, 80);
  g_assert_true (diastolic.observation.implausible);
}

static void
test_bad_panels (void)
{
  static const struct {
    const char *components;
    guint status;
    const char *code;
  } cases[] = {
    { "", 400, "required" },
    { "7", 400, "structure" },
    { PART ("8478-0", MMHG ("93")), 400, "required" },
    { PART ("8480-6", MMHG ("120")) "," PART ("8480-6", MMHG ("121")), 422, "invariant" },
    { "{\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"8480-6\"}]}}", 400, "required" },
    { PART ("8480-6", "\"valueQuantity\":{\"value\":120," UCUM ",\"code\":\"kg\"}"), 422, "code-invalid" },
    { PART ("8480-6", "\"valueQuantity\":{\"value\":\"120\"," UCUM ",\"code\":\"mm[Hg]\"}"), 400, "value" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Read) read = { 0 };

    read_panel (&read, cases[i].components);
    g_assert_false (read.fine);
    g_assert_cmpuint (fyr_fhir_outcome_get (read.outcome, 0)->status, ==, cases[i].status);
    g_assert_cmpstr (fyr_fhir_outcome_get (read.outcome, 0)->code, ==, cases[i].code);
  }
}

static void
test_panel_with_a_value (void)
{
  g_autofree char *json =
      fhir_with (MMHG ("120") "," PANEL "\"component\":[" PART ("8480-6", MMHG ("120")) "]");

  fhir_assert_refused (json, 422, "invariant", "Observation.value");
}

static void
test_sensor_words (void)
{
  static const struct {
    const char *word;
    const char *reason;
  } cases[] = {
    { "Hi", NULL },
    { "Lo", NULL },
    { "--", NULL },
    { "Err", NULL },
    { "E-4", NULL },
    { "NaN", NULL },
    { "not computable", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *member = g_strdup_printf ("\"valueString\":\"%s\"", cases[i].word);
    g_autofree char *json = fhir_with (member);
    g_auto (Read) read = { 0 };

    fhir_read (&read, json);
    g_assert_true (read.fine);
    g_assert_false (read.observation.has_value);
    g_assert_cmpfloat (read.observation.value, ==, 0);
    g_assert_cmpstr (read.observation.value_text, ==, cases[i].word);
    g_assert_nonnull (read.observation.absent_reason);
    g_assert_false (read.observation.implausible);
  }
}

static void
test_comparator (void)
{
  g_autofree char *json =
      fhir_with ("\"valueQuantity\":{\"value\":99,\"comparator\":\">\"," UCUM ",\"code\":\"%\"}");
  g_autofree char *bad =
      fhir_with ("\"valueQuantity\":{\"value\":99,\"comparator\":\"~\"," UCUM ",\"code\":\"%\"}");
  g_auto (Read) read = { 0 };

  fhir_read (&read, json);
  g_assert_true (read.fine);
  g_assert_false (read.observation.has_value);
  g_assert_cmpstr (read.observation.value_text, ==, ">99");
  g_assert_cmpstr (read.observation.absent_reason, ==, "positive-infinity");
  fhir_assert_refused (bad, 400, "code-invalid", "Observation.value");
}

static void
test_consciousness (void)
{
  static const struct {
    const char *value;
    double level;
    const char *letter;
  } cases[] = {
    { "\"valueString\":\"A\"", 0, "A" },
    { "\"valueString\":\"c\"", 1, "C" },
    { "\"valueString\":\"U\"", 4, "U" },
    { "\"valueCodeableConcept\":{\"coding\":[{\"system\":\"http://snomed.info/"
      "sct\",\"code\":\"300202002\"}]}",
      2, "V" },
    { "\"valueCodeableConcept\":{\"coding\":[{\"system\":\"urn:x\",\"code\":\"1\"},{\"system\":\"http://"
      "loinc.org\",\"code\":"
      "\"LA9342-2\"}]}",
      3, "P" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *member = g_strdup_printf (
        "%s,\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"67775-7\"}]}", cases[i].value);
    g_autofree char *json = fhir_with (member);
    g_auto (Read) read = { 0 };

    fhir_read (&read, json);
    g_assert_true (read.fine);
    g_assert_true (read.observation.has_value);
    g_assert_cmpfloat (read.observation.value, ==, cases[i].level);
    g_assert_cmpstr (read.observation.value_text, ==, cases[i].letter);
    g_assert_null (read.observation.absent_reason);
  }
}

static void
test_values_refused (void)
{
  static const struct {
    const char *member;
    guint status;
    const char *code;
  } cases[] = {
    { "\"valueQuantity\":{\"value\":\"93\"," UCUM ",\"code\":\"%\"}", 400, "value" },
    { "\"valueQuantity\":{\"value\":\"NaN\"," UCUM ",\"code\":\"%\"}", 400, "value" },
    { "\"valueQuantity\":{\"value\":true," UCUM ",\"code\":\"%\"}", 400, "value" },
    { "\"valueQuantity\":{\"value\":null," UCUM ",\"code\":\"%\"}", 400, "required" },
    { "\"valueQuantity\":{\"value\":[93]," UCUM ",\"code\":\"%\"}", 400, "value" },
    { "\"valueQuantity\":{" UCUM ",\"code\":\"%\"}", 400, "required" },
    { "\"valueQuantity\":{\"value\":1e300," UCUM ",\"code\":\"%\"}", 400, "value" },
    { "\"valueQuantity\":{\"value\":-99999999999," UCUM ",\"code\":\"%\"}", 400, "value" },
    { "\"valueQuantity\":93", 400, "structure" },
    { "\"valueQuantity\":[{\"value\":93}]", 400, "structure" },
    { "\"valueQuantity\":{\"value\":93}", 422, "required" },
    { "\"valueQuantity\":{\"value\":93," UCUM ",\"code\":\"kg\"}", 422, "code-invalid" },
    { "\"valueQuantity\":{\"value\":93," UCUM ",\"code\":\"\"}", 422, "code-invalid" },
    { "\"valueQuantity\":{\"value\":93,\"system\":\"http://snomed.info/sct\",\"code\":\"%\"}", 422,
      "code-invalid" },
    { "\"valueString\":\"93\"", 422, "value" },
    { "\"valueString\":\"93 %\"", 422, "value" },
    { "\"valueString\":\"\"", 422, "value" },
    { "\"valueString\":93", 400, "structure" },
    { "\"valueInteger\":93", 422, "value" },
    { "\"valueBoolean\":true", 422, "not-supported" },
    { "\"valueCodeableConcept\":{\"text\":\"93\"}", 422, "not-supported" },
    { "\"valueString\":\"Hi\",\"valueInteger\":3", 400, "structure" },
    { "\"valueString\":\"Hi\",\"dataAbsentReason\":{\"text\":\"x\"}", 400, "invariant" },
    { "\"dataAbsentReason\":\"error\"", 400, "structure" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *json = fhir_with (cases[i].member);
    fhir_assert_refused (json, cases[i].status, cases[i].code, "Observation.value");
  }
}

static void
test_integer_scores (void)
{
  g_autofree char *json = fhir_with (
      "\"valueInteger\":4,\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"72514-3\"}]}");
  g_autofree char *fraction = fhir_with (
      "\"valueInteger\":4.5,\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"72514-3\"}]}");
  g_auto (Read) read = { 0 };

  fhir_read (&read, json);
  g_assert_true (read.fine);
  g_assert_cmpfloat (read.observation.value, ==, 4);
  fhir_assert_refused (fraction, 400, "value", "Observation.value");
}

static void
test_unit_by_name (void)
{
  g_autofree char *json =
      fhir_with ("\"valueQuantity\":{\"value\":37.2,\"unit\":\"°C\"},\"code\":{\"coding\":[{\"system\":"
                 "\"http://loinc.org\",\"code\":\"8310-5\"}]}");
  g_auto (Read) read = { 0 };

  fhir_read (&read, json);
  g_assert_true (read.fine);
  g_assert_cmpfloat (read.observation.value, ==, 37.2);
}

static void
test_reported_is_kept (void)
{
  g_autofree char *json =
      fhir_with ("\"valueQuantity\":{\"value\":49000.0," UCUM
                 ",\"code\":\"g\"},\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":"
                 "\"29463-7\"}]}");
  g_auto (Read) read = { 0 };

  fhir_read (&read, json);
  g_assert_true (read.fine);
  g_assert_cmpfloat (read.observation.value, ==, 49);
  g_assert_cmpstr (read.observation.reported_unit, ==, "g");
  g_assert_true (g_str_has_prefix (read.observation.reported_value, "49000"));
}

static void
test_implausible (void)
{
  static const char *const values[] = { "0", "39", "101", "-5", "1000" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *member =
        g_strdup_printf ("\"valueQuantity\":{\"value\":%s," UCUM ",\"code\":\"%%\"}", values[i]);
    g_autofree char *json = fhir_with (member);
    g_auto (Read) read = { 0 };

    fhir_read (&read, json);
    g_assert_true (read.fine);
    g_assert_true (read.observation.has_value);
    g_assert_true (read.observation.implausible);
  }
}

static void
test_absent (void)
{
  g_autofree char *hl7 = fhir_with (
      "\"dataAbsentReason\":{\"coding\":[{\"system\":"
      "\"http://terminology.hl7.org/CodeSystem/data-absent-reason\",\"code\":\"not-performed\"}]}");
  g_autofree char *other =
      fhir_with ("\"dataAbsentReason\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":"
                 "\"125154007\"}],\"text\":\"leaked\"}");
  g_auto (Read) first = { 0 };
  g_auto (Read) second = { 0 };

  fhir_read (&first, hl7);
  g_assert_true (first.fine);
  g_assert_cmpstr (first.observation.absent_reason, ==, "not-performed");
  g_assert_false (first.observation.has_value);
  fhir_read (&second, other);
  g_assert_true (second.fine);
  g_assert_cmpstr (second.observation.absent_reason, ==, "unknown");
}

static void
test_status (void)
{
  static const struct {
    const char *code;
    FyrObservationStatus status;
  } cases[] = {
    { "final", FYR_OBSERVATION_FINAL },         { "preliminary", FYR_OBSERVATION_FINAL },
    { "unknown", FYR_OBSERVATION_FINAL },       { "amended", FYR_OBSERVATION_CORRECTED },
    { "corrected", FYR_OBSERVATION_CORRECTED }, { "entered-in-error", FYR_OBSERVATION_ENTERED_IN_ERROR },
  };
  g_autofree char *registered = fhir_with ("\"status\":\"registered\"");
  g_autofree char *wrong = fhir_with ("\"status\":\"done\"");
  g_autofree char *number = fhir_with ("\"status\":1");
  g_autofree char *none = fhir_without ("status");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *member = g_strdup_printf ("\"status\":\"%s\"", cases[i].code);
    g_autofree char *json = fhir_with (member);
    g_auto (Read) read = { 0 };

    fhir_read (&read, json);
    g_assert_true (read.fine);
    g_assert_cmpint (read.observation.status, ==, cases[i].status);
  }
  fhir_assert_refused (registered, 422, "business-rule", "Observation.status");
  fhir_assert_refused (wrong, 400, "code-invalid", "Observation.status");
  fhir_assert_refused (number, 400, "required", "Observation.status");
  fhir_assert_refused (none, 400, "required", "Observation.status");
}

static void
test_correction_needs_identifier (void)
{
  g_autofree char *json = fhir_with ("\"status\":\"corrected\",\"identifier\":[]");

  fhir_assert_refused (json, 422, "required", "Observation.identifier");
}

static void
test_voiding_needs_no_value (void)
{
  g_autofree char *base = fhir_with ("\"status\":\"entered-in-error\"");
  g_autoptr (JsonNode) root = json_from_string (base, NULL);
  g_autofree char *json = NULL;
  g_auto (Read) read = { 0 };

  json_object_remove_member (json_node_get_object (root), "valueQuantity");
  json = json_to_string (root, FALSE);
  fhir_read (&read, json);
  g_assert_true (read.fine);
  g_assert_false (read.observation.has_value);
}

static void
test_codes_refused (void)
{
  static const struct {
    const char *member;
    guint status;
    const char *code;
  } cases[] = {
    { "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"85353-1\"}]}", 422, "code-invalid" },
    { "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"30522-7\"}]}", 422, "code-invalid" },
    { "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"29563-7\"}]}", 422, "code-invalid" },
    { "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":2708}]}", 422, "code-invalid" },
    { "\"code\":{\"coding\":[{\"code\":\"2708-6\"}]}", 422, "code-invalid" },
    { "\"code\":{\"coding\":[]}", 422, "code-invalid" },
    { "\"code\":{\"coding\":{\"system\":\"http://loinc.org\",\"code\":\"2708-6\"}}", 422, "code-invalid" },
    { "\"code\":{\"text\":\"SpO2\"}", 422, "code-invalid" },
    { "\"code\":\"2708-6\"", 400, "structure" },
    { "\"code\":null", 400, "structure" },
  };
  g_autofree char *none = fhir_without ("code");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *json = fhir_with (cases[i].member);
    fhir_assert_refused (json, cases[i].status, cases[i].code, "Observation.code");
  }
  fhir_assert_refused (none, 400, "required", "Observation.code");
}

static void
test_subjects (void)
{
  g_autofree char *urn =
      fhir_with ("\"subject\":{\"reference\":\"urn:uuid:01900000-0000-7000-8000-000000000002\"}");
  g_autofree char *relative =
      fhir_with ("\"subject\":{\"reference\":\"Patient/01900000-0000-7000-8000-000000000002\"}");
  g_auto (Read) first = { 0 };
  g_auto (Read) second = { 0 };

  fhir_read (&first, urn);
  g_assert_true (first.fine);
  g_assert_cmpstr (first.observation.subject_id, ==, "01900000-0000-7000-8000-000000000002");
  g_assert_null (first.observation.subject_value);
  fhir_read (&second, relative);
  g_assert_true (second.fine);
  g_assert_cmpstr (second.observation.subject_id, ==, "01900000-0000-7000-8000-000000000002");
}

static void
test_subjects_refused (void)
{
  static const struct {
    const char *member;
    guint status;
    const char *code;
    const char *expression;
  } cases[] = {
    { "\"subject\":\"Patient/1\"", 400, "structure", "Observation.subject" },
    { "\"subject\":{}", 422, "required", "Observation.subject" },
    { "\"subject\":{\"display\":\"Line Danser\"}", 422, "required", "Observation.subject" },
    { "\"subject\":{\"reference\":\"Patient/example\"}", 422, "required", "Observation.subject" },
    { "\"subject\":{\"reference\":7}", 422, "required", "Observation.subject" },
    { "\"subject\":{\"identifier\":\"13116900216\"}", 400, "structure", "Observation.subject.identifier" },
    { "\"subject\":{\"identifier\":{\"value\":\"13116900216\"}}", 400, "required",
      "Observation.subject.identifier" },
    { "\"subject\":{\"identifier\":{\"system\":\"" SUBJECT_OID "\"}}", 400, "required",
      "Observation.subject.identifier" },
    { "\"subject\":{\"identifier\":{\"system\":\"" SUBJECT_OID "\",\"value\":13116900216}}", 400, "required",
      "Observation.subject.identifier" },
    { "\"subject\":{\"identifier\":{\"system\":\"" SUBJECT_OID "\",\"value\":\"\"}}", 400, "required",
      "Observation.subject.identifier" },
    { "\"subject\":{\"identifier\":{\"system\":\"" SUBJECT_OID
      "\",\"value\":\"00000000000000000000000000000000000000000000000000\"}}",
      400, "required", "Observation.subject.identifier" },
  };
  g_autofree char *none = fhir_without ("subject");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *json = fhir_with (cases[i].member);
    fhir_assert_refused (json, cases[i].status, cases[i].code, cases[i].expression);
  }
  fhir_assert_refused (none, 400, "required", "Observation.subject");
}

static void
test_times (void)
{
  g_autofree char *no_offset = fhir_with ("\"effectiveDateTime\":\"2026-09-21T10:00:00\"");
  g_autofree char *date = fhir_with ("\"effectiveDateTime\":\"2026-09-20\"");
  g_autofree char *today = fhir_with ("\"effectiveDateTime\":\"2026-09-21\"");
  g_auto (Read) first = { 0 };
  g_auto (Read) second = { 0 };
  g_auto (Read) third = { 0 };

  fhir_read (&first, no_offset);
  g_assert_true (first.fine);
  g_assert_false (first.observation.has_offset);
  g_assert_cmpint (first.observation.effective_time % 86400000, ==, 8 * 3600000);
  fhir_read (&second, date);
  g_assert_true (second.fine);
  g_assert_true (second.observation.date_only);
  g_assert_cmpint (second.observation.effective_time % 86400000, ==, 10 * 3600000);
  fhir_read (&third, today);
  g_assert_true (third.fine);
  g_assert_cmpint (third.observation.effective_time, <=, FHIR_NOW);
}

static void
test_periods (void)
{
  static const char *const members[] = {
    "\"effectivePeriod\":{\"start\":\"2026-09-20T00:00:00+02:00\",\"end\":\"2026-09-21T00:00:00+02:00\"}",
    "\"effectiveInstant\":\"2026-09-21T00:00:00+02:00\"",
    "\"effectivePeriod\":{\"start\":\"2026-09-21T00:00:00+02:00\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    g_autofree char *base = fhir_with (members[i]);
    g_autoptr (JsonNode) root = json_from_string (base, NULL);
    g_autofree char *json = NULL;
    g_auto (Read) read = { 0 };

    json_object_remove_member (json_node_get_object (root), "effectiveDateTime");
    json = json_to_string (root, FALSE);
    fhir_read (&read, json);
    g_assert_true (read.fine);
    g_assert_cmpint (read.observation.effective_time % 86400000, ==, 22 * 3600000);
  }
}

static void
test_times_refused (void)
{
  static const struct {
    const char *time;
    guint status;
    const char *code;
  } cases[] = {
    { "\"2026\"", 400, "value" },
    { "\"2026-09\"", 400, "value" },
    { "\"2026-09-31\"", 400, "value" },
    { "\"2026-02-29\"", 400, "value" },
    { "\"21.09.2026\"", 400, "value" },
    { "\"2026-09-21T25:00:00Z\"", 400, "value" },
    { "\"2026-09-21T08:60:00Z\"", 400, "value" },
    { "\"2026-09-21T08:00:00+25:00\"", 400, "value" },
    { "\"2026-09-21 08:00:00\"", 400, "value" },
    { "\"2026-09-21T08:00:00Zx\"", 400, "value" },
    { "\"\"", 400, "value" },
    { "1790000000", 400, "required" },
    { "null", 400, "required" },
    { "\"2026-09-21T14:23:21Z\"", 422, "business-rule" },
    { "\"2036-01-01\"", 422, "business-rule" },
    { "\"2026-09-22\"", 422, "business-rule" },
    { "\"1926-09-21T08:00:00Z\"", 422, "business-rule" },
    { "\"1970-01-01T00:00:00Z\"", 422, "business-rule" },
    { "\"0001-01-01\"", 422, "business-rule" },
  };
  g_autofree char *none = fhir_without ("effectiveDateTime");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *member = g_strdup_printf ("\"effectiveDateTime\":%s", cases[i].time);
    g_autofree char *json = fhir_with (member);
    fhir_assert_refused (json, cases[i].status, cases[i].code, "Observation.effective");
  }
  fhir_assert_refused (none, 400, "required", "Observation.effective");
}

static void
test_clock_tolerance (void)
{
  g_autofree char *json = fhir_with ("\"effectiveDateTime\":\"2026-09-21T14:23:19Z\"");
  g_auto (Read) read = { 0 };

  fhir_read (&read, json);
  g_assert_true (read.fine);
}

static void
test_identifiers (void)
{
  static const struct {
    const char *member;
    const char *external_id;
  } cases[] = {
    { "\"identifier\":[{\"value\":\"1\"}]", "|1" },
    { "\"identifier\":[{\"system\":\"a\"},{\"system\":\"b\",\"value\":\"2\"}]", "b|2" },
    { "\"identifier\":[{\"system\":\"a\",\"value\":\"1\"},{\"use\":\"official\",\"system\":\"b\",\"value\":"
      "\"2\"}]",
      "b|2" },
    { "\"identifier\":[]", NULL },
  };
  g_autofree char *long_value = g_strnfill (176, 'x');
  g_autofree char *long_member = g_strdup_printf ("\"identifier\":[{\"value\":\"%s\"}]", long_value);
  g_autofree char *long_json = fhir_with (long_member);
  g_autofree char *object = fhir_with ("\"identifier\":{\"system\":\"a\",\"value\":\"1\"}");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *json = fhir_with (cases[i].member);
    g_auto (Read) read = { 0 };

    fhir_read (&read, json);
    g_assert_true (read.fine);
    g_assert_cmpstr (read.observation.external_id, ==, cases[i].external_id);
  }
  fhir_assert_refused (long_json, 422, "too-long", "Observation.identifier");
  fhir_assert_refused (object, 400, "structure", "Observation.identifier");
}

static void
test_device_and_note (void)
{
  static const struct {
    const char *member;
    const char *device;
  } cases[] = {
    { "\"device\":{\"display\":\"Nonin 3230\",\"reference\":\"Device/1\"}", "Nonin 3230" },
    { "\"device\":{\"reference\":\"DeviceMetric/example\"}", "DeviceMetric/example" },
    { "\"device\":{\"identifier\":{\"value\":\"SN-7\"}}", "SN-7" },
    { "\"device\":{\"reference\":\"#d\"},\"contained\":[{\"resourceType\":\"Device\",\"id\":\"d\","
      "\"deviceName\":[{\"name\":"
      "\"A&D\"}]}]",
      "A&D" },
    { "\"device\":{\"reference\":\"#d\"},\"contained\":[{\"resourceType\":\"Device\",\"id\":\"d\","
      "\"serialNumber\":\"77\"}]",
      "77" },
    { "\"device\":{\"reference\":\"#x\"}", NULL },
    { "\"device\":\"Nonin\"", NULL },
  };
  g_autofree char *notes =
      fhir_with ("\"note\":[{\"text\":\"Målt etter tur\"},{\"text\":\"\"},{},{\"text\":\"😀\"}]");
  g_auto (Read) noted = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *json = fhir_with (cases[i].member);
    g_auto (Read) read = { 0 };

    fhir_read (&read, json);
    g_assert_true (read.fine);
    g_assert_cmpstr (read.observation.device_text, ==, cases[i].device);
  }
  fhir_read (&noted, notes);
  g_assert_cmpstr (noted.observation.note, ==, "Målt etter tur\n😀");
}

static void
test_long_texts_are_cut (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *member = NULL;
  g_autofree char *json = NULL;
  g_auto (Read) read = { 0 };

  for (guint i = 0; i < 3000; i++)
    g_string_append (text, "ø");
  member =
      g_strdup_printf ("\"note\":[{\"text\":\"%s\"}],\"device\":{\"display\":\"%s\"}", text->str, text->str);
  json = fhir_with (member);
  fhir_read (&read, json);
  g_assert_true (read.fine);
  g_assert_cmpint (g_utf8_strlen (read.observation.note, -1), ==, 2000);
  g_assert_cmpint (g_utf8_strlen (read.observation.device_text, -1), ==, 80);
  g_assert_true (g_utf8_validate (read.observation.note, -1, NULL));
}

static void
test_all_faults_at_once (void)
{
  static const char json[] = "{\"resourceType\":\"Observation\"}";
  g_auto (Read) read = { 0 };

  fhir_read (&read, json);
  g_assert_false (read.fine);
  g_assert_cmpuint (fyr_fhir_outcome_get_length (read.outcome), ==, 4);
  g_assert_cmpuint (fyr_fhir_outcome_get_status (read.outcome), ==, 400);
}

static void
test_modifier_extension (void)
{
  g_autofree char *json = fhir_with ("\"modifierExtension\":[{\"url\":\"urn:not\",\"valueBoolean\":true}]");

  fhir_assert_refused (json, 422, "extension", "Observation.modifierExtension");
}

static void
test_wrong_resources (void)
{
  fhir_assert_refused ("[]", 400, "structure", "Observation");
  fhir_assert_refused ("7", 400, "structure", "Observation");
  fhir_assert_refused ("{}", 400, "structure", "Observation");
  fhir_assert_refused ("{\"resourceType\":\"Patient\"}", 400, "structure", "Observation");
  fhir_assert_refused ("{\"resourceType\":[\"Observation\"]}", 400, "structure", "Observation");
}

/* An outcome names elements and rules: never a name, number or value that was sent. */
static void
test_outcomes_name_no_patient (void)
{
  static const char *const members[] = {
    "\"valueString\":\"HEMMELIG\"",
    "\"valueQuantity\":{\"value\":93," UCUM ",\"code\":\"HEMMELIG\"}",
    "\"status\":\"HEMMELIG\"",
    "\"effectiveDateTime\":\"HEMMELIG\"",
    "\"subject\":{\"reference\":\"HEMMELIG\",\"display\":\"HEMMELIG\"}",
    "\"code\":{\"text\":\"HEMMELIG\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    g_autofree char *json = fhir_with (members[i]);
    g_autofree char *text = NULL;
    g_auto (Read) read = { 0 };

    fhir_read (&read, json);
    g_assert_false (read.fine);
    text = fyr_fhir_outcome_to_text (read.outcome);
    g_assert_null (strstr (text, "HEMMELIG"));
    g_assert_null (strstr (text, "13116900216"));
  }
}

/* What is written is read as the same. */
static void
test_round_trip (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 2000; i++) {
    FyrMeasurementKind kind = (FyrMeasurementKind)g_rand_int_range (rand, 1, FYR_MEASUREMENT_KIND_LAST + 1);
    const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (kind);
    FyrObservation o = {
      .kind = kind,
      .has_value = TRUE,
      .value = MIN (ceil (g_rand_double_range (rand, info->low, info->high) * 100) / 100, info->high),
      .effective_time = FHIR_NOW - g_rand_int_range (rand, 0, G_MAXINT32),
      .has_offset = TRUE,
      .offset_minutes = g_rand_int_range (rand, -12, 13) * 60,
      .subject_system = SUBJECT_OID,
      .subject_value = "13116900216",
      .external_id = g_rand_boolean (rand) ? "urn:a|b|1" : NULL,
      .note = g_rand_boolean (rand) ? "æ\"\\\n" : NULL,
    };
    g_autoptr (GString) text = g_string_new (NULL);
    FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);
    g_auto (Read) read = { 0 };

    if (info->has_components) {
      o.has_value2 = TRUE;
      o.value2 = info->low2;
      o.value = info->high;
    }
    if (kind == FYR_MEASUREMENT_KIND_CONSCIOUSNESS) {
      o.value = 2;
      o.value_text = "V";
    }
    fyr_fhir_observation_write (&o, "01900000-0000-7000-8000-000000000002", &json, NULL);
    fhir_read (&read, text->str);
    if (!read.fine)
      g_error ("refused: %s", text->str);
    g_assert_cmpint (read.observation.kind, ==, kind);
    g_assert_cmpfloat (read.observation.value, ==, o.value);
    g_assert_cmpint (read.observation.has_value2, ==, o.has_value2);
    g_assert_cmpint (read.observation.effective_time, ==, o.effective_time);
    g_assert_cmpint (read.observation.offset_minutes, ==, o.offset_minutes);
    g_assert_cmpstr (read.observation.external_id, ==, o.external_id);
    g_assert_cmpstr (read.observation.note, ==, o.note);
    g_assert_false (read.observation.implausible);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fhir/observation/each-member-is-read", test_plain);
  g_test_add_func ("/fhir/observation/every-kind-by-every-code-and-unit", test_kinds);
  g_test_add_func ("/fhir/observation/the-first-known-code-decides", test_code_that_is_known_decides);
  g_test_add_func ("/fhir/observation/a-blood-pressure-is-one-measurement", test_blood_pressure);
  g_test_add_func ("/fhir/observation/half-a-blood-pressure-is-kept-and-flagged", test_half_a_blood_pressure);
  g_test_add_func ("/fhir/observation/bad-panels-are-refused", test_bad_panels);
  g_test_add_func ("/fhir/observation/a-panel-has-no-value-of-its-own", test_panel_with_a_value);
  g_test_add_func ("/fhir/observation/a-sensor-word-is-never-a-number", test_sensor_words);
  g_test_add_func ("/fhir/observation/beyond-the-range-is-no-number", test_comparator);
  g_test_add_func ("/fhir/observation/consciousness-by-letter-or-code", test_consciousness);
  g_test_add_func ("/fhir/observation/broken-values-are-refused", test_values_refused);
  g_test_add_func ("/fhir/observation/scores-may-be-integers", test_integer_scores);
  g_test_add_func ("/fhir/observation/a-unit-may-be-named-without-code", test_unit_by_name);
  g_test_add_func ("/fhir/observation/what-was-sent-is-kept-beside-the-conversion", test_reported_is_kept);
  g_test_add_func ("/fhir/observation/implausible-values-are-kept-and-flagged", test_implausible);
  g_test_add_func ("/fhir/observation/absence-has-a-reason", test_absent);
  g_test_add_func ("/fhir/observation/each-status-means-something", test_status);
  g_test_add_func ("/fhir/observation/a-correction-needs-an-identifier", test_correction_needs_identifier);
  g_test_add_func ("/fhir/observation/voiding-needs-no-value", test_voiding_needs_no_value);
  g_test_add_func ("/fhir/observation/unknown-kinds-are-refused", test_codes_refused);
  g_test_add_func ("/fhir/observation/the-subject-by-identifier-or-reference", test_subjects);
  g_test_add_func ("/fhir/observation/a-subject-that-names-nobody-is-refused", test_subjects_refused);
  g_test_add_func ("/fhir/observation/times-with-and-without-offset", test_times);
  g_test_add_func ("/fhir/observation/a-period-ends-when-it-was-taken", test_periods);
  g_test_add_func ("/fhir/observation/no-time-future-and-long-ago-are-refused", test_times_refused);
  g_test_add_func ("/fhir/observation/ten-minutes-ahead-are-forgiven", test_clock_tolerance);
  g_test_add_func ("/fhir/observation/the-official-identifier-counts", test_identifiers);
  g_test_add_func ("/fhir/observation/device-and-note-are-kept", test_device_and_note);
  g_test_add_func ("/fhir/observation/long-texts-are-cut-between-characters", test_long_texts_are_cut);
  g_test_add_func ("/fhir/observation/all-faults-are-told-at-once", test_all_faults_at_once);
  g_test_add_func ("/fhir/observation/a-modifier-extension-is-refused", test_modifier_extension);
  g_test_add_func ("/fhir/observation/other-resources-are-refused", test_wrong_resources);
  g_test_add_func ("/fhir/observation/outcomes-name-no-patient-and-no-value", test_outcomes_name_no_patient);
  g_test_add_func ("/fhir/observation/what-is-written-is-read-the-same", test_round_trip);
  return g_test_run ();
}
