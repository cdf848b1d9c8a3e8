/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-measure.h"

#include <glib/gi18n.h>

#include "fyr-measurement-kind.h"

const char *
fyr_measure_get_name (FyrMeasurementKind kind)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (kind);

  return info && info->name ? _ (info->name) : "";
}

const char *
fyr_measure_get_unit (FyrMeasurementKind kind)
{
  const FyrMeasurementKindInfo *info = fyr_measurement_kind_get_info (kind);

  return info && info->unit_name ? info->unit_name : "";
}

static char *
number (FyrMeasurementKind kind, double value)
{
  return fyr_measurement_format_value (kind, value, C_ ("decimal mark", "."));
}

/* A no-break space keeps number and unit on one line. */
static char *
with_unit (FyrMeasurementKind kind, const char *text)
{
  const char *unit = fyr_measure_get_unit (kind);

  return *unit ? g_strdup_printf ("%s\302\240%s", text, unit) : g_strdup (text);
}

char *
fyr_measure_format_value (FyrMeasurementKind kind, double value)
{
  g_autofree char *text = NULL;

  if (kind == FYR_MEASUREMENT_KIND_CONSCIOUSNESS) {
    const char *level = fyr_consciousness_get_name ((int)value);

    if (level)
      return g_strdup (_ (level));
  }
  text = number (kind, value);
  return with_unit (kind, text);
}

char *
fyr_measure_format_pair (FyrMeasurementKind kind, double value, double value_2)
{
  g_autofree char *first = number (kind, value);
  g_autofree char *second = number (kind, value_2);
  g_autofree char *text = g_strdup_printf ("%s/%s", first, second);

  return with_unit (kind, text);
}

static char *
format_without_value (FyrMeasurement *measurement)
{
  const char *word = fyr_measurement_get_value_text (measurement);
  const char *code = fyr_measurement_get_absent_reason (measurement);
  const char *reason = fyr_absent_reason_get_name (fyr_absent_reason_from_code (code));

  if (word && reason)
    return g_strdup_printf (_ ("“%1$s”: %2$s"), word, _ (reason));
  if (word)
    return g_strdup_printf (_ ("“%s”"), word);
  return g_strdup (reason ? _ (reason) : _ ("no value"));
}

char *
fyr_measure_format (FyrMeasurement *measurement)
{
  FyrMeasurementKind kind = fyr_measurement_get_kind (measurement);

  if (!fyr_measurement_has_value (measurement))
    return format_without_value (measurement);
  if (fyr_measurement_has_value_2 (measurement))
    return fyr_measure_format_pair (kind, fyr_measurement_get_value (measurement),
                                    fyr_measurement_get_value_2 (measurement));
  return fyr_measure_format_value (kind, fyr_measurement_get_value (measurement));
}

char *
fyr_measure_format_component (FyrMeasurementKind kind, FyrLimitComponent component)
{
  const char *name = fyr_measure_get_name (kind);

  if (component == FYR_LIMIT_COMPONENT_SYSTOLIC)
    return g_strdup_printf (_ ("%s, systolic"), name);
  if (component == FYR_LIMIT_COMPONENT_DIASTOLIC)
    return g_strdup_printf (_ ("%s, diastolic"), name);
  return g_strdup (name);
}
