/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-correction-form.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "fyr-format.h"
#include "fyr-measurement-kind.h"
#include "fyr-uuid.h"

static FyrMeasurement *
empty_correction (FyrMeasurement *measurement, const char *reason)
{
  char id[FYR_UUID_TEXT_SIZE];
  FyrMeasurement *correction = fyr_measurement_new ();
  fyr_uuid_v7_new (fyr_now (), id);
  fyr_record_set_id (FYR_RECORD (correction), id);
  fyr_measurement_set_patient_id (correction, fyr_measurement_get_patient_id (measurement));
  fyr_measurement_set_kind (correction, fyr_measurement_get_kind (measurement));
  fyr_measurement_set_effective_time (correction, fyr_measurement_get_effective_time (measurement));
  if (fyr_measurement_has_effective_offset (measurement))
    fyr_measurement_set_effective_offset (correction, fyr_measurement_get_effective_offset (measurement));
  fyr_measurement_set_corrects_id (correction, fyr_record_get_id (FYR_RECORD (measurement)));
  fyr_measurement_set_source (correction, FYR_MEASUREMENT_SOURCE_MANUAL);
  fyr_measurement_set_note (correction, reason);
  return correction;
}

static gboolean
take_number (const char *text, double *value)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  return fyr_measurement_parse_value (trimmed, value, NULL) == FYR_VALUE_NUMBER;
}

static const char *
take_values (FyrMeasurement *correction, const char *text)
{
  FyrMeasurementKind kind = fyr_measurement_get_kind (correction);
  const gboolean pair = kind == FYR_MEASUREMENT_KIND_BLOOD_PRESSURE;
  g_auto (GStrv) parts = g_strsplit (text, "/", 3);
  double value = 0, value_2 = 0;
  if (g_strv_length (parts) != (pair ? 2 : 1) || !take_number (parts[0], &value) ||
      (pair && !take_number (parts[1], &value_2)))
    return pair ? N_ ("Enter both values, such as 128/84") : N_ ("Enter a number");
  if (!fyr_measurement_is_plausible (kind, value, pair, value_2))
    return N_ ("This value cannot be right: check it");
  fyr_measurement_set_value (correction, value);
  if (pair)
    fyr_measurement_set_value_2 (correction, value_2);
  return NULL;
}

FyrMeasurement *
fyr_correction_make (FyrMeasurement *measurement, const char *text, const char *reason, const char **problem)
{
  g_autoptr (FyrMeasurement) correction = empty_correction (measurement, reason);
  *problem = NULL;
  if (text == NULL || *text == '\0')
    fyr_measurement_set_entered_in_error (correction, TRUE);
  else
    *problem = take_values (correction, text);
  return *problem == NULL ? g_steal_pointer (&correction) : NULL;
}
