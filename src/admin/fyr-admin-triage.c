/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-triage.h"

#define N_KINDS (FYR_MEASUREMENT_KIND_LAST + 1)

struct _FyrAdminTriage {
  GPtrArray *limits;
  GArray *rules;             /* FyrLimitRule, as @limits */
  GArray *readings[N_KINDS]; /* FyrReading, oldest first */
  gboolean grey[N_KINDS];
};

FyrAdminTriage *
fyr_admin_triage_new (GPtrArray *limits)
{
  FyrAdminTriage *self = g_new0 (FyrAdminTriage, 1);

  self->limits = g_ptr_array_ref (limits);
  self->rules = fyr_limit_rules_from_records (limits);
  return self;
}

void
fyr_admin_triage_free (FyrAdminTriage *self)
{
  if (self == NULL) {
    return;
  }
  for (guint i = 0; i < N_KINDS; i++) {
    g_clear_pointer (&self->readings[i], g_array_unref);
  }
  g_array_unref (self->rules);
  g_ptr_array_unref (self->limits);
  g_free (self);
}

static GArray *
history_of (FyrAdminTriage *self, FyrMeasurementKind kind)
{
  if (self->readings[kind] == NULL) {
    self->readings[kind] = g_array_new (FALSE, TRUE, sizeof (FyrReading));
  }
  return self->readings[kind];
}

void
fyr_admin_triage_recall (FyrAdminTriage *self, FyrMeasurement *measurement)
{
  FyrReading reading = { 0 };

  fyr_reading_from_record (measurement, &reading);
  if (reading.kind > FYR_MEASUREMENT_KIND_UNSET && reading.kind < N_KINDS) {
    g_array_append_val (history_of (self, reading.kind), reading);
  }
}

FyrVerdict
fyr_admin_triage_judge (FyrAdminTriage *self, FyrMeasurement *measurement)
{
  const FyrLimitRule *rules = (const FyrLimitRule *)(gpointer)self->rules->data;
  FyrMeasurementKind kind = fyr_measurement_get_kind (measurement);
  gint64 at = fyr_measurement_get_effective_time (measurement);
  gint64 since = fyr_triage_window (rules, self->rules->len, kind, at);
  GArray *history = history_of (self, kind);
  guint first = history->len;
  FyrReading reading = { 0 };
  FyrVerdict verdict;

  if (!fyr_measurement_is_plausible (kind, fyr_measurement_get_value (measurement),
                                     fyr_measurement_has_value_2 (measurement),
                                     fyr_measurement_get_value_2 (measurement)) &&
      fyr_measurement_has_value (measurement)) {
    fyr_measurement_set_implausible (measurement, TRUE);
  }
  fyr_reading_from_record (measurement, &reading);
  while (first > 0 && g_array_index (history, FyrReading, first - 1).effective_time >= since) {
    first--;
  }
  verdict = fyr_triage (&reading, rules, self->rules->len, &g_array_index (history, FyrReading, first),
                        history->len - first);
  g_array_append_val (history, reading);
  fyr_measurement_set_category (measurement, verdict.category);
  return verdict;
}

static gboolean
wants_alert (FyrAdminTriage *self, FyrMeasurementKind kind, FyrAlertCategory category)
{
  switch (category) {
  case FYR_ALERT_CATEGORY_RED:
  case FYR_ALERT_CATEGORY_YELLOW:
  case FYR_ALERT_CATEGORY_TECHNICAL:
    return TRUE;
  case FYR_ALERT_CATEGORY_GREY:
    if (self->grey[kind]) {
      return FALSE;
    }
    self->grey[kind] = TRUE;
    return TRUE;
  default:
    return FALSE;
  }
}

FyrAlert *
fyr_admin_triage_make_alert (FyrAdminTriage *self,
                             FyrMeasurement *measurement,
                             const FyrVerdict *verdict,
                             const FyrOpeningHours *hours,
                             int red_minutes,
                             gint64 raised)
{
  FyrMeasurementKind kind = fyr_measurement_get_kind (measurement);
  FyrReading reading = { 0 };
  FyrAlert *alert;

  if (!wants_alert (self, kind, verdict->category)) {
    return NULL;
  }
  fyr_reading_from_record (measurement, &reading);
  alert = fyr_alert_new ();
  fyr_verdict_to_alert (verdict, &reading, alert);
  fyr_alert_set_patient_id (alert, fyr_measurement_get_patient_id (measurement));
  fyr_alert_set_measurement_id (alert, fyr_record_get_id (FYR_RECORD (measurement)));
  if (verdict->limit_index >= 0) {
    fyr_alert_set_limit_id (
        alert, fyr_record_get_id (g_ptr_array_index (self->limits, (guint)verdict->limit_index)));
  }
  fyr_alert_set_raised_time (alert, raised);
  fyr_alert_set_due_time (alert, fyr_alert_deadline (hours, verdict->category, raised, red_minutes));
  return alert;
}
