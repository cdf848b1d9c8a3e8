/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units at the edge: what is accepted for each kind, and how it becomes the kind's own unit. */
#include "fyr-measurement-kind.h"

#include <math.h>

/* own unit = (value + shift) * factor. The unit text is a UCUM code, or a spelling that devices use and that
 * cannot mean anything else for the kind. */
typedef struct {
  FyrMeasurementKind kind;
  const char *unit;
  double shift;
  double factor;
} UnitRule;

#define MMHG_PER_KPA (1 / 0.133322387415)
/* Molar mass of glucose, 180.16 g/mol, in mg/dL per mmol/L. */
#define GLUCOSE_MG_DL 18.016
#define KG_PER_POUND 0.45359237

static const UnitRule unit_rules[] = {
  { FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, "%", 0, 1 },
  { FYR_MEASUREMENT_KIND_HEART_RATE, "/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_HEART_RATE, "1/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_HEART_RATE, "{beats}/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_HEART_RATE, "{Beats}/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_HEART_RATE, "bpm", 0, 1 },
  { FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, "mm[Hg]", 0, 1 },
  { FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, "mmHg", 0, 1 },
  { FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, "kPa", 0, MMHG_PER_KPA },
  { FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, "Cel", 0, 1 },
  { FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, "°C", 0, 1 },
  { FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, "[degF]", -32, 5.0 / 9.0 },
  { FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, "°F", -32, 5.0 / 9.0 },
  { FYR_MEASUREMENT_KIND_BODY_WEIGHT, "kg", 0, 1 },
  { FYR_MEASUREMENT_KIND_BODY_WEIGHT, "g", 0, 0.001 },
  { FYR_MEASUREMENT_KIND_BODY_WEIGHT, "[lb_av]", 0, KG_PER_POUND },
  { FYR_MEASUREMENT_KIND_GLUCOSE, "mmol/L", 0, 1 },
  { FYR_MEASUREMENT_KIND_GLUCOSE, "mmol/l", 0, 1 },
  { FYR_MEASUREMENT_KIND_GLUCOSE, "mg/dL", 0, 1 / GLUCOSE_MG_DL },
  { FYR_MEASUREMENT_KIND_GLUCOSE, "mg/dl", 0, 1 / GLUCOSE_MG_DL },
  { FYR_MEASUREMENT_KIND_RESPIRATORY_RATE, "/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_RESPIRATORY_RATE, "1/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_RESPIRATORY_RATE, "{breaths}/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_FEV1, "L", 0, 1 },
  { FYR_MEASUREMENT_KIND_FEV1, "l", 0, 1 },
  { FYR_MEASUREMENT_KIND_FEV1, "mL", 0, 0.001 },
  { FYR_MEASUREMENT_KIND_FEV1, "ml", 0, 0.001 },
  { FYR_MEASUREMENT_KIND_PEAK_FLOW, "L/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_PEAK_FLOW, "l/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_PEAK_FLOW, "L/s", 0, 60 },
  { FYR_MEASUREMENT_KIND_PEAK_FLOW, "l/s", 0, 60 },
  { FYR_MEASUREMENT_KIND_CRP, "mg/L", 0, 1 },
  { FYR_MEASUREMENT_KIND_CRP, "mg/l", 0, 1 },
  { FYR_MEASUREMENT_KIND_CRP, "mg/dL", 0, 10 },
  { FYR_MEASUREMENT_KIND_CRP, "mg/dl", 0, 10 },
  { FYR_MEASUREMENT_KIND_STEPS, "/d", 0, 1 },
  { FYR_MEASUREMENT_KIND_STEPS, "1/d", 0, 1 },
  { FYR_MEASUREMENT_KIND_STEPS, "{steps}/d", 0, 1 },
  { FYR_MEASUREMENT_KIND_STEPS, "{steps}", 0, 1 },
  { FYR_MEASUREMENT_KIND_PAIN, "{score}", 0, 1 },
  { FYR_MEASUREMENT_KIND_PAIN, "1", 0, 1 },
  { FYR_MEASUREMENT_KIND_OXYGEN_FLOW, "L/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_OXYGEN_FLOW, "l/min", 0, 1 },
  { FYR_MEASUREMENT_KIND_OXYGEN_FLOW, "mL/min", 0, 0.001 },
  { FYR_MEASUREMENT_KIND_CONSCIOUSNESS, "", 0, 1 },
  { FYR_MEASUREMENT_KIND_NEWS2, "{score}", 0, 1 },
  { FYR_MEASUREMENT_KIND_NEWS2, "1", 0, 1 },
  { FYR_MEASUREMENT_KIND_QUESTIONNAIRE_SCORE, "{score}", 0, 1 },
  { FYR_MEASUREMENT_KIND_QUESTIONNAIRE_SCORE, "1", 0, 1 },
  { FYR_MEASUREMENT_KIND_FLUID_INTAKE, "mL", 0, 1 },
  { FYR_MEASUREMENT_KIND_FLUID_INTAKE, "ml", 0, 1 },
  { FYR_MEASUREMENT_KIND_FLUID_INTAKE, "dL", 0, 100 },
  { FYR_MEASUREMENT_KIND_FLUID_INTAKE, "dl", 0, 100 },
  { FYR_MEASUREMENT_KIND_FLUID_INTAKE, "L", 0, 1000 },
  { FYR_MEASUREMENT_KIND_FLUID_INTAKE, "l", 0, 1000 },
  { FYR_MEASUREMENT_KIND_URINE_OUTPUT, "mL", 0, 1 },
  { FYR_MEASUREMENT_KIND_URINE_OUTPUT, "ml", 0, 1 },
  { FYR_MEASUREMENT_KIND_URINE_OUTPUT, "dL", 0, 100 },
  { FYR_MEASUREMENT_KIND_URINE_OUTPUT, "dl", 0, 100 },
  { FYR_MEASUREMENT_KIND_URINE_OUTPUT, "L", 0, 1000 },
  { FYR_MEASUREMENT_KIND_URINE_OUTPUT, "l", 0, 1000 },
  { FYR_MEASUREMENT_KIND_INSULIN, "[iU]", 0, 1 },
  { FYR_MEASUREMENT_KIND_INSULIN, "[IU]", 0, 1 },
  { FYR_MEASUREMENT_KIND_INSULIN, "IU", 0, 1 },
  { FYR_MEASUREMENT_KIND_STOOL_COUNT, "/d", 0, 1 },
  { FYR_MEASUREMENT_KIND_STOOL_COUNT, "1/d", 0, 1 },
  { FYR_MEASUREMENT_KIND_STOOL_COUNT, "{count}", 0, 1 },
  { FYR_MEASUREMENT_KIND_STOOL_COUNT, "1", 0, 1 },
};

static const UnitRule *
find_rule (FyrMeasurementKind kind, const char *unit)
{
  const char *wanted = unit == NULL ? "" : unit;

  for (guint i = 0; i < G_N_ELEMENTS (unit_rules); i++) {
    if (unit_rules[i].kind == kind && g_str_equal (unit_rules[i].unit, wanted)) {
      return &unit_rules[i];
    }
  }
  return NULL;
}

gboolean
fyr_measurement_unit_is_accepted (FyrMeasurementKind kind, const char *unit)
{
  return find_rule (kind, unit) != NULL;
}

gboolean
fyr_measurement_convert (FyrMeasurementKind kind, double value, const char *unit, double *converted)
{
  const UnitRule *rule = find_rule (kind, unit);
  double result;

  *converted = 0;
  if (rule == NULL || !isfinite (value)) {
    return FALSE;
  }
  result = (value + rule->shift) * rule->factor;
  if (!isfinite (result)) {
    return FALSE;
  }
  *converted = result;
  return TRUE;
}
