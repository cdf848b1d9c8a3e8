/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

#define FYR_CODE_SYSTEM_LOINC "http://loinc.org"
#define FYR_CODE_SYSTEM_SNOMED "http://snomed.info/sct"
#define FYR_CODE_SYSTEM_NPU "urn:oid:2.16.578.1.12.4.1.1.7280"
#define FYR_CODE_SYSTEM_MEDCOM "urn:oid:1.2.208.184.100.8"
#define FYR_CODE_SYSTEM_LOCAL "urn:fyrlykt:measurement-kind"
#define FYR_UNIT_SYSTEM_UCUM "http://unitsofmeasure.org"

/**
 * FyrMeasurementKindInfo:
 * @kind: the kind
 * @name: msgid of its name
 * @loinc: (nullable): the LOINC code written out
 * @snomed: (nullable): the SNOMED CT code
 * @npu: (nullable): the NPU code
 * @unit: (nullable): UCUM code of the unit values are kept in; %NULL for a kind without unit
 * @unit_name: the unit as people write it ("°C"); "" without unit
 * @low: lowest plausible value (first component), inclusive
 * @high: highest plausible value, inclusive
 * @low2: the same for the second component; 0 when there is none
 * @high2: the same for the second component
 * @decimals: digits after the decimal mark to show, 0–2
 * @has_components: whether the kind has a second value
 *
 * Codes, units and plausible ranges are from clinical.md's sources (LOINC 2.x, SNOMED CT, NPU, HL7 vital
 * signs). Outside the range a value is kept, flagged, can be corrected, and alerts as technical.
 */
typedef struct {
  FyrMeasurementKind kind;
  const char *name;
  const char *loinc;
  const char *snomed;
  const char *npu;
  const char *unit;
  const char *unit_name;
  double low;
  double high;
  double low2;
  double high2;
  guint8 decimals;
  gboolean has_components;
} FyrMeasurementKindInfo;

/**
 * fyr_measurement_kind_get_info:
 *
 * Returns: (transfer none) (nullable): the facts of a kind; %NULL for unset or out of bounds
 */
const FyrMeasurementKindInfo *
fyr_measurement_kind_get_info (FyrMeasurementKind kind);

/**
 * fyr_measurement_kind_from_coding:
 * @system: (nullable): the code system's URI; %NULL never matches
 * @code: (nullable): the code
 *
 * Knows the codes that may stand beside the main one too (59408-5, 48421-2, NPU19748, MCS88015). High
 * sensitivity CRP (30522-7) is another analysis and is not known.
 *
 * Returns: the kind, or %FYR_MEASUREMENT_KIND_UNSET
 */
FyrMeasurementKind
fyr_measurement_kind_from_coding (const char *system, const char *code);

/**
 * fyr_limit_component_from_coding:
 * @system: (nullable): the code system's URI
 * @code: (nullable): the code of an Observation.component
 *
 * Returns: the component (LOINC 8480-6, 8462-4; SNOMED CT 271649006, 271650006), or unset
 */
FyrLimitComponent
fyr_limit_component_from_coding (const char *system, const char *code);

/**
 * fyr_limit_component_get_name:
 *
 * Returns: (transfer none) (nullable): msgid of the component's name; %NULL when unset
 */
const char *
fyr_limit_component_get_name (FyrLimitComponent component);

/**
 * fyr_measurement_convert:
 * @kind: the kind
 * @value: the value as reported; must be finite
 * @unit: (nullable): the unit as reported: UCUM code or one of the spellings in use; %NULL or "" only for a
 *   kind without unit
 * @converted: (out): the value in the kind's own unit
 *
 * g → kg, mg/dL glucose ÷ 18.016, [degF] → Cel, kPa → mm[Hg] and the like; a unit that does not belong to
 * the kind is refused, never guessed.
 *
 * Returns: whether the unit is one of the kind's and @value is finite
 */
gboolean
fyr_measurement_convert (FyrMeasurementKind kind, double value, const char *unit, double *converted);

/**
 * fyr_measurement_unit_is_accepted:
 *
 * Returns: whether fyr_measurement_convert() knows @unit for @kind
 */
gboolean
fyr_measurement_unit_is_accepted (FyrMeasurementKind kind, const char *unit);

/**
 * fyr_measurement_is_plausible:
 * @kind: the kind
 * @value: in the kind's own unit (systolic of a blood pressure)
 * @has_value2: whether there is a second value; a blood pressure without is implausible
 * @value2: diastolic of a blood pressure, else ignored
 *
 * Within the kind's range, ends included, and systolic above diastolic.
 *
 * Returns: %FALSE for a value outside, not finite, or of an unknown kind
 */
gboolean
fyr_measurement_is_plausible (FyrMeasurementKind kind, double value, gboolean has_value2, double value2);

/**
 * fyr_measurement_format_value:
 * @kind: the kind
 * @value: in the kind's own unit
 * @decimal_mark: (nullable): the mark of the reader's language, "," in Norwegian; %NULL is "."
 *
 * Returns: (transfer full): the number with the kind's decimals and without unit
 */
char *
fyr_measurement_format_value (FyrMeasurementKind kind, double value, const char *decimal_mark);

/**
 * FyrValueParse:
 * @FYR_VALUE_NUMBER: a number
 * @FYR_VALUE_EMPTY: nothing but spaces
 * @FYR_VALUE_SENSOR_WORD: the device said that it has no number
 * @FYR_VALUE_INVALID: neither
 */
typedef enum { FYR_VALUE_NUMBER, FYR_VALUE_EMPTY, FYR_VALUE_SENSOR_WORD, FYR_VALUE_INVALID } FyrValueParse;

/**
 * FyrAbsentReason:
 *
 * Why a reading has no number. A sensor word is stored as it stands beside this.
 */
typedef enum {
  FYR_ABSENT_NONE,
  FYR_ABSENT_UNKNOWN,
  FYR_ABSENT_NOT_MEASURED,   /* `--`, blank display */
  FYR_ABSENT_ABOVE_RANGE,    /* `Hi` */
  FYR_ABSENT_BELOW_RANGE,    /* `Lo` */
  FYR_ABSENT_NOT_A_NUMBER,   /* `NaN`, infinities */
  FYR_ABSENT_NOT_COMPUTABLE, /* "not computable" */
  FYR_ABSENT_ERROR           /* `Err`, `E-4` */
} FyrAbsentReason;

/**
 * fyr_measurement_parse_value:
 * @text: (nullable): what a device or a person wrote: plain digits, one decimal comma or point, a sign; at
 *   most 24 characters, no exponent, no thousands mark, no unit
 * @value: (out): the number; 0 unless the result is %FYR_VALUE_NUMBER
 * @reason: (out) (optional): for a sensor word, what it means
 *
 * Independent of the process's locale.
 *
 * Returns: what the text is
 */
FyrValueParse
fyr_measurement_parse_value (const char *text, double *value, FyrAbsentReason *reason);

/**
 * fyr_absent_reason_to_code:
 *
 * Returns: (transfer none): "" for none, else a code of HL7's data-absent-reason system (`error`,
 *   `not-a-number`, `not-performed`, `positive-infinity`, `negative-infinity`, `not-applicable`, `unknown`)
 */
const char *
fyr_absent_reason_to_code (FyrAbsentReason reason);

/**
 * fyr_absent_reason_from_code:
 * @code: (nullable): a code of HL7's data-absent-reason system
 *
 * Returns: the reason; none for %NULL and "", unknown for a code that is not distinguished here
 */
FyrAbsentReason
fyr_absent_reason_from_code (const char *code);

/**
 * fyr_absent_reason_get_name:
 *
 * Returns: (transfer none) (nullable): msgid of what to tell the nurse; %NULL for none
 */
const char *
fyr_absent_reason_get_name (FyrAbsentReason reason);

/**
 * fyr_consciousness_from_letter:
 * @letter: A, C, V, P or U (either case)
 *
 * Returns: 0 to 4 in that order, -1 for another letter
 */
int
fyr_consciousness_from_letter (char letter);

/**
 * fyr_consciousness_get_name:
 * @level: 0 to 4
 *
 * Returns: (transfer none) (nullable): msgid of the level; %NULL out of bounds
 */
const char *
fyr_consciousness_get_name (int level);

G_END_DECLS
