/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/** fyr_measure_get_name: (transfer none): what the kind is called, translated; "" when unset. */
const char *
fyr_measure_get_name (FyrMeasurementKind kind);

/** fyr_measure_get_unit: (transfer none): the unit as people write it; "" when the kind has none. */
const char *
fyr_measure_get_unit (FyrMeasurementKind kind);

/**
 * fyr_measure_format_value:
 * @value: in the kind's own unit
 *
 * Returns: (transfer full): number and unit with the reader's decimal mark: "84 %"; a level of
 * consciousness in words
 */
char *
fyr_measure_format_value (FyrMeasurementKind kind, double value);

/** fyr_measure_format_pair: (transfer full): "128/84 mmHg". */
char *
fyr_measure_format_pair (FyrMeasurementKind kind, double value, double value_2);

/**
 * fyr_measure_format:
 *
 * Returns: (transfer full): what was reported: the value with its unit, or the sensor's word and what it
 * means
 */
char *
fyr_measure_format (FyrMeasurement *measurement);

/**
 * fyr_measure_format_component:
 *
 * (transfer full): the name, with "systolic" or "diastolic" when @component says so.
 */
char *
fyr_measure_format_component (FyrMeasurementKind kind, FyrLimitComponent component);

G_END_DECLS
