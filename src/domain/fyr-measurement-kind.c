/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-measurement-kind.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* clang-format off */
static const FyrMeasurementKindInfo kinds[] = {
  [FYR_MEASUREMENT_KIND_OXYGEN_SATURATION] = {
    .kind = FYR_MEASUREMENT_KIND_OXYGEN_SATURATION, .name = N_ ("Oxygen saturation"),
    .loinc = "2708-6", .snomed = "431314004", .unit = "%", .unit_name = "%", .low = 40, .high = 100,
  },
  [FYR_MEASUREMENT_KIND_HEART_RATE] = {
    .kind = FYR_MEASUREMENT_KIND_HEART_RATE, .name = N_ ("Pulse"), .loinc = "8867-4",
    .snomed = "364075005", .unit = "/min", .unit_name = "/min", .low = 20, .high = 250,
  },
  [FYR_MEASUREMENT_KIND_BLOOD_PRESSURE] = {
    .kind = FYR_MEASUREMENT_KIND_BLOOD_PRESSURE, .name = N_ ("Blood pressure"), .loinc = "85354-9",
    .snomed = "75367002", .unit = "mm[Hg]", .unit_name = "mmHg", .low = 50, .high = 300, .low2 = 20,
    .high2 = 200, .has_components = TRUE,
  },
  [FYR_MEASUREMENT_KIND_BODY_TEMPERATURE] = {
    .kind = FYR_MEASUREMENT_KIND_BODY_TEMPERATURE, .name = N_ ("Body temperature"),
    .loinc = "8310-5", .snomed = "276885007", .unit = "Cel", .unit_name = "°C", .low = 30,
    .high = 44, .decimals = 1,
  },
  [FYR_MEASUREMENT_KIND_BODY_WEIGHT] = {
    .kind = FYR_MEASUREMENT_KIND_BODY_WEIGHT, .name = N_ ("Body weight"), .loinc = "29463-7",
    .snomed = "27113001", .unit = "kg", .unit_name = "kg", .low = 1, .high = 400, .decimals = 1,
  },
  [FYR_MEASUREMENT_KIND_GLUCOSE] = {
    .kind = FYR_MEASUREMENT_KIND_GLUCOSE, .name = N_ ("Blood glucose"), .loinc = "15074-8",
    .snomed = "434912009", .npu = "NPU02187", .unit = "mmol/L", .unit_name = "mmol/L", .low = 0.5,
    .high = 60, .decimals = 1,
  },
  [FYR_MEASUREMENT_KIND_RESPIRATORY_RATE] = {
    .kind = FYR_MEASUREMENT_KIND_RESPIRATORY_RATE, .name = N_ ("Respiratory rate"),
    .loinc = "9279-1", .snomed = "86290005", .unit = "/min", .unit_name = "/min", .low = 3,
    .high = 80,
  },
  [FYR_MEASUREMENT_KIND_FEV1] = {
    .kind = FYR_MEASUREMENT_KIND_FEV1, .name = N_ ("FEV1"), .loinc = "20150-9", .unit = "L",
    .unit_name = "L", .low = 0.1, .high = 8, .decimals = 2,
  },
  [FYR_MEASUREMENT_KIND_PEAK_FLOW] = {
    .kind = FYR_MEASUREMENT_KIND_PEAK_FLOW, .name = N_ ("Peak flow"), .loinc = "19935-6",
    .unit = "L/min", .unit_name = "L/min", .low = 30, .high = 900,
  },
  [FYR_MEASUREMENT_KIND_CRP] = {
    .kind = FYR_MEASUREMENT_KIND_CRP, .name = N_ ("CRP"), .loinc = "1988-5", .npu = "NPU19748",
    .unit = "mg/L", .unit_name = "mg/L", .low = 0, .high = 500,
  },
  [FYR_MEASUREMENT_KIND_STEPS] = {
    .kind = FYR_MEASUREMENT_KIND_STEPS, .name = N_ ("Steps in a day"), .loinc = "41950-7",
    .unit = "/d", .unit_name = "/d", .low = 0, .high = 100000,
  },
  [FYR_MEASUREMENT_KIND_PAIN] = {
    .kind = FYR_MEASUREMENT_KIND_PAIN, .name = N_ ("Pain"), .loinc = "72514-3", .unit = "{score}",
    .unit_name = "", .low = 0, .high = 10,
  },
  [FYR_MEASUREMENT_KIND_OXYGEN_FLOW] = {
    .kind = FYR_MEASUREMENT_KIND_OXYGEN_FLOW, .name = N_ ("Oxygen flow"), .loinc = "3151-8",
    .snomed = "371825009", .unit = "L/min", .unit_name = "L/min", .low = 0, .high = 15,
    .decimals = 1,
  },
  [FYR_MEASUREMENT_KIND_CONSCIOUSNESS] = {
    .kind = FYR_MEASUREMENT_KIND_CONSCIOUSNESS, .name = N_ ("Consciousness"), .loinc = "67775-7",
    .snomed = "1104441000000107", .unit_name = "", .low = 0, .high = 4,
  },
  [FYR_MEASUREMENT_KIND_NEWS2] = {
    .kind = FYR_MEASUREMENT_KIND_NEWS2, .name = N_ ("NEWS2"), .snomed = "1104051000000101",
    .unit = "{score}", .unit_name = "", .low = 0, .high = 20,
  },
  [FYR_MEASUREMENT_KIND_QUESTIONNAIRE_SCORE] = {
    .kind = FYR_MEASUREMENT_KIND_QUESTIONNAIRE_SCORE, .name = N_ ("Questionnaire score"),
    .loinc = "74465-6", .unit = "{score}", .unit_name = "", .low = 0, .high = 1000,
  },
  [FYR_MEASUREMENT_KIND_FLUID_INTAKE] = {
    .kind = FYR_MEASUREMENT_KIND_FLUID_INTAKE, .name = N_ ("Fluid intake"), .unit = "mL",
    .unit_name = "mL", .low = 0, .high = 10000,
  },
  [FYR_MEASUREMENT_KIND_URINE_OUTPUT] = {
    .kind = FYR_MEASUREMENT_KIND_URINE_OUTPUT, .name = N_ ("Urine output"), .unit = "mL",
    .unit_name = "mL", .low = 0, .high = 10000,
  },
  [FYR_MEASUREMENT_KIND_INSULIN] = {
    .kind = FYR_MEASUREMENT_KIND_INSULIN, .name = N_ ("Insulin"), .unit = "[iU]", .unit_name = "IU",
    .low = 0, .high = 300, .decimals = 1,
  },
  [FYR_MEASUREMENT_KIND_STOOL_COUNT] = {
    .kind = FYR_MEASUREMENT_KIND_STOOL_COUNT, .name = N_ ("Stool count"), .unit = "/d",
    .unit_name = "/d", .low = 0, .high = 50,
  },
};
/* clang-format on */
G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == FYR_MEASUREMENT_KIND_LAST + 1);

const FyrMeasurementKindInfo *
fyr_measurement_kind_get_info (FyrMeasurementKind kind)
{
  if ((guint)kind >= G_N_ELEMENTS (kinds) || kind == FYR_MEASUREMENT_KIND_UNSET) {
    return NULL;
  }
  return &kinds[kind];
}

/* Codes that mean the same kind beside the main ones (the vital-signs profile lets 59408-5 stand beside
 * 2708-6; 48421-2 is CRP in capillary blood). */
static const struct {
  const char *system;
  const char *code;
  FyrMeasurementKind kind;
} more_codings[] = {
  { FYR_CODE_SYSTEM_LOINC, "59408-5", FYR_MEASUREMENT_KIND_OXYGEN_SATURATION },
  { FYR_CODE_SYSTEM_LOINC, "48421-2", FYR_MEASUREMENT_KIND_CRP },
  { FYR_CODE_SYSTEM_MEDCOM, "MCS88015", FYR_MEASUREMENT_KIND_FEV1 },
};

static const char *
kind_code_in (const FyrMeasurementKindInfo *info, const char *system)
{
  if (g_str_equal (system, FYR_CODE_SYSTEM_LOINC)) {
    return info->loinc;
  }
  if (g_str_equal (system, FYR_CODE_SYSTEM_SNOMED)) {
    return info->snomed;
  }
  return g_str_equal (system, FYR_CODE_SYSTEM_NPU) ? info->npu : NULL;
}

FyrMeasurementKind
fyr_measurement_kind_from_coding (const char *system, const char *code)
{
  if (system == NULL || code == NULL) {
    return FYR_MEASUREMENT_KIND_UNSET;
  }
  if (g_str_equal (system, FYR_CODE_SYSTEM_LOCAL)) {
    return (FyrMeasurementKind)fyr_enum_from_code (&fyr_measurement_kind_info, code);
  }
  for (guint i = 1; i < G_N_ELEMENTS (kinds); i++) {
    if (g_strcmp0 (kind_code_in (&kinds[i], system), code) == 0) {
      return (FyrMeasurementKind)i;
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS (more_codings); i++) {
    if (g_str_equal (more_codings[i].system, system) && g_str_equal (more_codings[i].code, code)) {
      return more_codings[i].kind;
    }
  }
  return FYR_MEASUREMENT_KIND_UNSET;
}

FyrLimitComponent
fyr_limit_component_from_coding (const char *system, const char *code)
{
  gboolean loinc = g_strcmp0 (system, FYR_CODE_SYSTEM_LOINC) == 0;
  gboolean snomed = g_strcmp0 (system, FYR_CODE_SYSTEM_SNOMED) == 0;

  if ((loinc && g_strcmp0 (code, "8480-6") == 0) || (snomed && g_strcmp0 (code, "271649006") == 0)) {
    return FYR_LIMIT_COMPONENT_SYSTOLIC;
  }
  if ((loinc && g_strcmp0 (code, "8462-4") == 0) || (snomed && g_strcmp0 (code, "271650006") == 0)) {
    return FYR_LIMIT_COMPONENT_DIASTOLIC;
  }
  return FYR_LIMIT_COMPONENT_UNSET;
}

const char *
fyr_limit_component_get_name (FyrLimitComponent component)
{
  switch (component) {
  case FYR_LIMIT_COMPONENT_SYSTOLIC:
    return N_ ("Systolic");
  case FYR_LIMIT_COMPONENT_DIASTOLIC:
    return N_ ("Diastolic");
  case FYR_LIMIT_COMPONENT_UNSET:
  default:
    return NULL;
  }
}

static gboolean
component_is_plausible (double value, double low, double high)
{
  return isfinite (value) && value >= low && value <= high;
}

gboolean
fyr_measurement_is_plausible (FyrMeasurementKind kind, double value, gboolean has_value2, double value2)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (kind);

  if (info == NULL || !component_is_plausible (value, info->low, info->high)) {
    return FALSE;
  }
  if (!info->has_components) {
    return TRUE;
  }
  return has_value2 && component_is_plausible (value2, info->low2, info->high2) && value > value2;
}

char *
fyr_measurement_format_value (FyrMeasurementKind kind, double value, const char *decimal_mark)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (kind);
  const char *format = "%.1f";
  char buffer[G_ASCII_DTOSTR_BUF_SIZE * 10];
  char *point;

  if (info != NULL) {
    format = info->decimals == 0 ? "%.0f" : info->decimals == 1 ? "%.1f" : "%.2f";
  }
  g_ascii_formatd (buffer, sizeof buffer, format, value);
  point = strchr (buffer, '.');
  if (point == NULL || decimal_mark == NULL) {
    return g_strdup (buffer);
  }
  *point = '\0';
  return g_strconcat (buffer, decimal_mark, point + 1, NULL);
}

int
fyr_consciousness_from_letter (char letter)
{
  static const char letters[] = "ACVPU";
  const char *found = letter == '\0' ? NULL : strchr (letters, g_ascii_toupper (letter));

  return found == NULL ? -1 : (int)(found - letters);
}

const char *
fyr_consciousness_get_name (int level)
{
  static const char *const names[] = {
    N_ ("Alert"),        N_ ("New confusion"), N_ ("Responds to voice"), N_ ("Responds to pain"),
    N_ ("Unresponsive"),
  };

  return level >= 0 && level < (int)G_N_ELEMENTS (names) ? names[level] : NULL;
}
