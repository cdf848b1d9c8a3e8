/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-measurement-kind.h"

#include <math.h>
#include <string.h>

#include "fyr-domain-test.h"

static const struct {
  const char *code;
  const char *system;
  const char *value;
} codings[] = {
  { "oxygen-saturation", FYR_CODE_SYSTEM_LOINC, "2708-6" },
  { "oxygen-saturation", FYR_CODE_SYSTEM_LOINC, "59408-5" },
  { "oxygen-saturation", FYR_CODE_SYSTEM_SNOMED, "431314004" },
  { "heart-rate", FYR_CODE_SYSTEM_LOINC, "8867-4" },
  { "heart-rate", FYR_CODE_SYSTEM_SNOMED, "364075005" },
  { "blood-pressure", FYR_CODE_SYSTEM_LOINC, "85354-9" },
  { "blood-pressure", FYR_CODE_SYSTEM_SNOMED, "75367002" },
  { "body-temperature", FYR_CODE_SYSTEM_LOINC, "8310-5" },
  { "body-temperature", FYR_CODE_SYSTEM_SNOMED, "276885007" },
  { "body-weight", FYR_CODE_SYSTEM_LOINC, "29463-7" },
  { "body-weight", FYR_CODE_SYSTEM_SNOMED, "27113001" },
  { "glucose", FYR_CODE_SYSTEM_LOINC, "15074-8" },
  { "glucose", FYR_CODE_SYSTEM_NPU, "NPU02187" },
  { "glucose", FYR_CODE_SYSTEM_SNOMED, "434912009" },
  { "respiratory-rate", FYR_CODE_SYSTEM_LOINC, "9279-1" },
  { "respiratory-rate", FYR_CODE_SYSTEM_SNOMED, "86290005" },
  { "fev1", FYR_CODE_SYSTEM_LOINC, "20150-9" },
  { "fev1", FYR_CODE_SYSTEM_MEDCOM, "MCS88015" },
  { "peak-flow", FYR_CODE_SYSTEM_LOINC, "19935-6" },
  { "crp", FYR_CODE_SYSTEM_LOINC, "1988-5" },
  { "crp", FYR_CODE_SYSTEM_LOINC, "48421-2" },
  { "crp", FYR_CODE_SYSTEM_NPU, "NPU19748" },
  { "steps", FYR_CODE_SYSTEM_LOINC, "41950-7" },
  { "pain", FYR_CODE_SYSTEM_LOINC, "72514-3" },
  { "oxygen-flow", FYR_CODE_SYSTEM_LOINC, "3151-8" },
  { "oxygen-flow", FYR_CODE_SYSTEM_SNOMED, "371825009" },
  { "consciousness", FYR_CODE_SYSTEM_LOINC, "67775-7" },
  { "consciousness", FYR_CODE_SYSTEM_SNOMED, "1104441000000107" },
  { "news2", FYR_CODE_SYSTEM_SNOMED, "1104051000000101" },
  { "questionnaire-score", FYR_CODE_SYSTEM_LOINC, "74465-6" },
  { "fluid-intake", FYR_CODE_SYSTEM_LOCAL, "fluid-intake" },
  { "urine-output", FYR_CODE_SYSTEM_LOCAL, "urine-output" },
  { "insulin", FYR_CODE_SYSTEM_LOCAL, "insulin" },
  { "stool-count", FYR_CODE_SYSTEM_LOCAL, "stool-count" },
};

static void
test_codes_of_the_clinical_page (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (codings); i++) {
    FyrMeasurementKind kind = fyr_measurement_kind_from_coding (codings[i].system, codings[i].value);

    g_assert_cmpstr (fyr_enum_to_code (&fyr_measurement_kind_info, kind), ==, codings[i].code);
  }
}

static void
test_what_is_not_known_is_not_guessed (void)
{
  static const struct {
    const char *system;
    const char *code;
  } unknown[] = {
    { FYR_CODE_SYSTEM_LOINC, "30522-7" }, /* high-sensitivity CRP is another analysis */
    { FYR_CODE_SYSTEM_LOINC, "29563-7" }, /* a misprint of body weight in a Norwegian guide */
    { FYR_CODE_SYSTEM_LOINC, "8480-6" },  /* systolic stands in a component only */
    { FYR_CODE_SYSTEM_SNOMED, "2708-6" }, /* right code, wrong system */
    { FYR_CODE_SYSTEM_NPU, "2708-6" },
    { "", "2708-6" },
    { NULL, "2708-6" },
    { FYR_CODE_SYSTEM_LOINC, NULL },
    { FYR_CODE_SYSTEM_LOINC, "" },
    { FYR_CODE_SYSTEM_LOCAL, "" },
    { FYR_CODE_SYSTEM_LOCAL, "2708-6" },
    { "http://LOINC.org", "2708-6" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++) {
    g_assert_cmpint (fyr_measurement_kind_from_coding (unknown[i].system, unknown[i].code), ==,
                     FYR_MEASUREMENT_KIND_UNSET);
  }
}

static void
test_every_kind_is_described (void)
{
  for (int kind = 1; kind <= FYR_MEASUREMENT_KIND_LAST; kind++) {
    const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info ((FyrMeasurementKind)kind);

    g_assert_nonnull (info);
    g_assert_cmpint (info->kind, ==, kind);
    g_assert_nonnull (info->name);
    g_assert_nonnull (info->unit_name);
    g_assert_cmpfloat (info->low, <, info->high);
    g_assert_cmpint (info->decimals, <=, 2);
    g_assert_true (fyr_measurement_unit_is_accepted (info->kind, info->unit));
    g_assert_cmpint (info->has_components, ==, kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE);
    g_assert_cmpint (fyr_measurement_kind_from_coding (
                         FYR_CODE_SYSTEM_LOCAL, fyr_enum_to_code (&fyr_measurement_kind_info, (guint)kind)),
                     ==, kind);
  }
  g_assert_null (fyr_measurement_kind_get_info (FYR_MEASUREMENT_KIND_UNSET));
  g_assert_null (fyr_measurement_kind_get_info ((FyrMeasurementKind)(FYR_MEASUREMENT_KIND_LAST + 1)));
  g_assert_null (fyr_measurement_kind_get_info ((FyrMeasurementKind)-1));
}

static void
test_components (void)
{
  static const struct {
    const char *system;
    const char *code;
    FyrLimitComponent component;
  } cases[] = {
    { FYR_CODE_SYSTEM_LOINC, "8480-6", FYR_LIMIT_COMPONENT_SYSTOLIC },
    { FYR_CODE_SYSTEM_LOINC, "8462-4", FYR_LIMIT_COMPONENT_DIASTOLIC },
    { FYR_CODE_SYSTEM_SNOMED, "271649006", FYR_LIMIT_COMPONENT_SYSTOLIC },
    { FYR_CODE_SYSTEM_SNOMED, "271650006", FYR_LIMIT_COMPONENT_DIASTOLIC },
    { FYR_CODE_SYSTEM_SNOMED, "8480-6", FYR_LIMIT_COMPONENT_UNSET },
    { FYR_CODE_SYSTEM_LOINC, "8478-0", FYR_LIMIT_COMPONENT_UNSET },
    { NULL, "8480-6", FYR_LIMIT_COMPONENT_UNSET },
    { FYR_CODE_SYSTEM_LOINC, NULL, FYR_LIMIT_COMPONENT_UNSET },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_cmpint (fyr_limit_component_from_coding (cases[i].system, cases[i].code), ==,
                     cases[i].component);
  }
  g_assert_nonnull (fyr_limit_component_get_name (FYR_LIMIT_COMPONENT_SYSTOLIC));
  g_assert_nonnull (fyr_limit_component_get_name (FYR_LIMIT_COMPONENT_DIASTOLIC));
  g_assert_null (fyr_limit_component_get_name (FYR_LIMIT_COMPONENT_UNSET));
}

static void
test_plausible_range_includes_its_ends (void)
{
  for (int i = 1; i <= FYR_MEASUREMENT_KIND_LAST; i++) {
    FyrMeasurementKind kind = (FyrMeasurementKind)i;
    const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (kind);

    if (info->has_components) {
      continue;
    }
    g_assert_true (fyr_measurement_is_plausible (kind, info->low, FALSE, 0));
    g_assert_true (fyr_measurement_is_plausible (kind, info->high, FALSE, 0));
    g_assert_false (fyr_measurement_is_plausible (kind, info->low - 0.01, FALSE, 0));
    g_assert_false (fyr_measurement_is_plausible (kind, info->high + 0.01, FALSE, 0));
    g_assert_false (fyr_measurement_is_plausible (kind, (double)NAN, FALSE, 0));
    g_assert_false (fyr_measurement_is_plausible (kind, (double)INFINITY, FALSE, 0));
    g_assert_false (fyr_measurement_is_plausible (kind, (double)-INFINITY, FALSE, 0));
  }
  g_assert_false (fyr_measurement_is_plausible (FYR_MEASUREMENT_KIND_UNSET, 5, FALSE, 0));
}

static void
test_plausible_blood_pressure (void)
{
  static const struct {
    double systolic;
    gboolean has;
    double diastolic;
    gboolean plausible;
  } cases[] = {
    { 120, TRUE, 80, TRUE },
    { 120, FALSE, 80, FALSE },
    { 80, TRUE, 120, FALSE },
    { 100, TRUE, 100, FALSE },
    { 50, TRUE, 20, TRUE },
    { 300, TRUE, 200, TRUE },
    { 301, TRUE, 80, FALSE },
    { 120, TRUE, 19, FALSE },
    { 210, TRUE, 201, FALSE },
    { 49, TRUE, 20, FALSE },
    { 120, TRUE, (double)NAN, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_cmpint (fyr_measurement_is_plausible (FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, cases[i].systolic,
                                                   cases[i].has, cases[i].diastolic),
                     ==, cases[i].plausible);
  }
}

static void
test_units_are_converted (void)
{
  static const struct {
    const char *kind;
    double value;
    const char *unit;
    double converted;
  } cases[] = {
    { "body-weight", 72500, "g", 72.5 },
    { "body-weight", 72.5, "kg", 72.5 },
    { "body-weight", 160, "[lb_av]", 72.5747792 },
    { "glucose", 100, "mg/dL", 5.550621669626998 },
    { "glucose", 18.016, "mg/dl", 1 },
    { "glucose", 5.5, "mmol/l", 5.5 },
    { "body-temperature", 98.6, "[degF]", 37 },
    { "body-temperature", 100.4, "[degF]", 38 },
    { "body-temperature", 37, "Cel", 37 },
    { "blood-pressure", 16, "kPa", 120.0098521 },
    { "blood-pressure", 120, "mm[Hg]", 120 },
    { "fev1", 2450, "mL", 2.45 },
    { "peak-flow", 6, "L/s", 360 },
    { "crp", 1.5, "mg/dL", 15 },
    { "oxygen-flow", 1500, "mL/min", 1.5 },
    { "fluid-intake", 1.5, "L", 1500 },
    { "fluid-intake", 2, "dL", 200 },
    { "urine-output", 2, "l", 2000 },
    { "insulin", 12, "[iU]", 12 },
    { "heart-rate", 71, "{beats}/min", 71 },
    { "respiratory-rate", 14, "{breaths}/min", 14 },
    { "steps", 3000, "{steps}/d", 3000 },
    { "pain", 4, "{score}", 4 },
    { "consciousness", 1, NULL, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrMeasurementKind kind =
        (FyrMeasurementKind)fyr_enum_from_code (&fyr_measurement_kind_info, cases[i].kind);
    double converted = -1;

    g_test_message ("%s %g", cases[i].kind, cases[i].value);
    g_assert_true (fyr_measurement_convert (kind, cases[i].value, cases[i].unit, &converted));
    g_assert_cmpfloat_with_epsilon (converted, cases[i].converted, 1e-6);
  }
}

static void
test_units_that_do_not_belong_are_refused (void)
{
  static const struct {
    const char *kind;
    const char *unit;
  } cases[] = {
    { "body-weight", "mm[Hg]" },
    { "body-weight", "" },
    { "body-weight", NULL },
    { "body-weight", "KG" },
    { "body-weight", "[lb_tr]" },
    { "glucose", "mg/L" },
    { "glucose", "g/L" },
    { "glucose", "%" },
    { "oxygen-saturation", "1" },
    { "oxygen-saturation", NULL },
    { "body-temperature", "K" },
    { "body-temperature", "C" },
    { "heart-rate", "Hz" },
    { "heart-rate", "/h" },
    { "blood-pressure", "bar" },
    { "crp", "mg" },
    { "insulin", "mL" },
    { "consciousness", "kg" },
    { "pain", "%" },
    { "body-weight", " kg" },
    { "body-weight", "kg; DROP TABLE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrMeasurementKind kind =
        (FyrMeasurementKind)fyr_enum_from_code (&fyr_measurement_kind_info, cases[i].kind);
    double converted = -1;

    g_assert_false (fyr_measurement_convert (kind, 5, cases[i].unit, &converted));
    g_assert_false (fyr_measurement_unit_is_accepted (kind, cases[i].unit));
    g_assert_cmpfloat (converted, ==, 0);
  }
}

static void
test_only_finite_numbers_are_converted (void)
{
  const double values[] = { (double)NAN, (double)INFINITY, (double)-INFINITY };
  double converted = -1;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_assert_false (fyr_measurement_convert (FYR_MEASUREMENT_KIND_BODY_WEIGHT, values[i], "kg", &converted));
    g_assert_cmpfloat (converted, ==, 0);
  }
  g_assert_false (fyr_measurement_convert (FYR_MEASUREMENT_KIND_FLUID_INTAKE, G_MAXDOUBLE, "L", &converted));
}

static void
test_conversion_keeps_order (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();
  static const struct {
    FyrMeasurementKind kind;
    const char *unit;
  } units[] = {
    { FYR_MEASUREMENT_KIND_BODY_WEIGHT, "g" },
    { FYR_MEASUREMENT_KIND_GLUCOSE, "mg/dL" },
    { FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, "[degF]" },
    { FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, "kPa" },
  };

  for (int i = 0; i < 4000; i++) {
    double a = g_rand_double_range (random, -1000, 1000);
    double b = g_rand_double_range (random, -1000, 1000);
    double converted_a;
    double converted_b;
    guint u = (guint)i % G_N_ELEMENTS (units);

    g_assert_true (fyr_measurement_convert (units[u].kind, a, units[u].unit, &converted_a));
    g_assert_true (fyr_measurement_convert (units[u].kind, b, units[u].unit, &converted_b));
    g_assert_cmpint (a < b, ==, converted_a < converted_b);
  }
}

static void
test_values_are_written_with_the_kinds_decimals (void)
{
  static const struct {
    const char *kind;
    double value;
    const char *mark;
    const char *text;
  } cases[] = {
    { "oxygen-saturation", 94, ",", "94" },  { "body-weight", 72.46, ",", "72,5" },
    { "glucose", 5.5, NULL, "5.5" },         { "fev1", 2.456, ",", "2,46" },
    { "body-temperature", 37, ",", "37,0" }, { "heart-rate", 71.6, ",", "72" },
    { "glucose", -0.5, ",", "-0,5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrMeasurementKind kind =
        (FyrMeasurementKind)fyr_enum_from_code (&fyr_measurement_kind_info, cases[i].kind);
    g_autofree char *text = fyr_measurement_format_value (kind, cases[i].value, cases[i].mark);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_the_largest_number_can_be_written (void)
{
  g_autofree char *text = fyr_measurement_format_value (FYR_MEASUREMENT_KIND_GLUCOSE, G_MAXDOUBLE, ",");

  g_assert_cmpuint (strlen (text), >, 300);
}

static void
test_consciousness_letters (void)
{
  const char *letters = "ACVPU";

  for (int i = 0; i < 5; i++) {
    g_assert_cmpint (fyr_consciousness_from_letter (letters[i]), ==, i);
    g_assert_cmpint (fyr_consciousness_from_letter (g_ascii_tolower (letters[i])), ==, i);
    g_assert_nonnull (fyr_consciousness_get_name (i));
  }
  g_assert_cmpint (fyr_consciousness_from_letter ('X'), ==, -1);
  g_assert_cmpint (fyr_consciousness_from_letter ('\0'), ==, -1);
  g_assert_null (fyr_consciousness_get_name (-1));
  g_assert_null (fyr_consciousness_get_name (5));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kind/codes", test_codes_of_the_clinical_page);
  g_test_add_func ("/kind/not-guessed", test_what_is_not_known_is_not_guessed);
  g_test_add_func ("/kind/every-kind-is-described", test_every_kind_is_described);
  g_test_add_func ("/kind/components", test_components);
  g_test_add_func ("/kind/plausible-ends", test_plausible_range_includes_its_ends);
  g_test_add_func ("/kind/plausible-blood-pressure", test_plausible_blood_pressure);
  g_test_add_func ("/unit/converted", test_units_are_converted);
  g_test_add_func ("/unit/refused", test_units_that_do_not_belong_are_refused);
  g_test_add_func ("/unit/only-finite", test_only_finite_numbers_are_converted);
  g_test_add_func ("/unit/keeps-order", test_conversion_keeps_order);
  g_test_add_func ("/kind/decimals", test_values_are_written_with_the_kinds_decimals);
  g_test_add_func ("/kind/largest-number", test_the_largest_number_can_be_written);
  g_test_add_func ("/kind/consciousness", test_consciousness_letters);
  return g_test_run ();
}
