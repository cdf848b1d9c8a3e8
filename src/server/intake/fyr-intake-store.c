/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-intake-store.h"

#include <math.h>
#include <string.h>

#include "fyr-apply.h"
#include "fyr-external-id.h"
#include "fyr-limit-set.h"
#include "fyr-oslo-time.h"
#include "fyr-record-table.h"
#include "fyr-uuid.h"

#define SUBJECT "Observation.subject"
#define IDENTIFIER "Observation.identifier"
#define SAME_VALUE 1e-9
#define GREY_AGAIN_MS (G_GINT64_CONSTANT (14) * 86400000)

typedef struct {
  FyrIntakeCache *cache;
  FyrWriteContext *context;
  FyrIntakePatient *patient;
  const FyrObservation *observation;
  const char *new_id;
  FyrIntakeResult *result;
  FyrFhirOutcome *outcome;
  gboolean claimed; /* the identifier is the new measurement's already */
} Store;

int
fyr_intake_resolve (FyrIntakeCache *cache,
                    FyrWriteContext *context,
                    const char *centre_id,
                    const FyrObservation *observation,
                    FyrIntakePatient **patient,
                    FyrFhirOutcome *outcome,
                    GError **error)
{
  g_autoptr (GError) failure = NULL;

  *patient = fyr_intake_cache_find_patient (cache, context, centre_id, observation, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return -1;
  }
  if (*patient == NULL) {
    fyr_fhir_outcome_add (outcome, 422, "not-found", SUBJECT,
                          "The centre of this gateway has no such patient");
    return 0;
  }
  if ((*patient)->status == FYR_PATIENT_STATUS_FINISHED ||
      (*patient)->status == FYR_PATIENT_STATUS_CANCELLED) {
    fyr_fhir_outcome_add (outcome, 422, "business-rule", SUBJECT,
                          "The patient is not followed up any more: nobody would see the measurement");
    return 0;
  }
  return 1;
}

static void
fill_value (FyrMeasurement *m, const FyrObservation *o)
{
  if (o->has_value)
    fyr_measurement_set_value (m, o->value);
  if (o->has_value2)
    fyr_measurement_set_value_2 (m, o->value2);
  fyr_measurement_set_value_text (m, o->value_text);
  fyr_measurement_set_absent_reason (m, o->absent_reason);
  fyr_measurement_set_reported_value (m, o->reported_value);
  fyr_measurement_set_reported_unit (m, o->reported_unit);
  if (o->implausible)
    fyr_measurement_set_implausible (m, TRUE);
}

static FyrMeasurement *
make_measurement (Store *s)
{
  const FyrObservation *o = s->observation;
  FyrMeasurement *m = fyr_measurement_new ();

  fyr_record_set_id (FYR_RECORD (m), s->new_id);
  fyr_measurement_set_patient_id (m, s->patient->id);
  fyr_measurement_set_kind (m, o->kind);
  fyr_measurement_set_effective_time (m, o->effective_time);
  if (o->has_offset)
    fyr_measurement_set_effective_offset (m, o->offset_minutes);
  fyr_measurement_set_received_time (m, fyr_write_context_get_time (s->context));
  fyr_measurement_set_device_text (m, o->device_text);
  if (o->device_text != NULL)
    fyr_measurement_set_source (m, FYR_MEASUREMENT_SOURCE_DEVICE);
  fyr_measurement_set_external_id (m, o->external_id);
  fyr_measurement_set_note (m, o->note);
  fill_value (m, o);
  return m;
}

gboolean
fyr_intake_raise (FyrIntakeCache *cache,
                  FyrWriteContext *context,
                  FyrIntakePatient *patient,
                  FyrAlert *alert,
                  GError **error)
{
  g_autoptr (FyrAlertEvent) event = fyr_alert_event_new ();
  gint64 now = fyr_write_context_get_time (context);
  const FyrIntakeCentre *centre;
  char id[FYR_UUID_TEXT_SIZE];

  centre = fyr_intake_cache_get_centre (cache, context, patient->centre_id, error);
  if (centre == NULL)
    return FALSE;
  fyr_uuid_v7_new (now, id);
  fyr_record_set_id (FYR_RECORD (alert), id);
  fyr_alert_set_patient_id (alert, patient->id);
  fyr_alert_set_status (alert, FYR_ALERT_STATUS_OPEN);
  fyr_alert_set_raised_time (alert, now);
  fyr_alert_set_due_time (
      alert, fyr_alert_deadline (&centre->hours, fyr_alert_get_category (alert), now, centre->red_minutes));
  fyr_alert_event_set_alert_id (event, id);
  fyr_uuid_v7_new (now, id);
  fyr_record_set_id (FYR_RECORD (event), id);
  fyr_alert_event_set_patient_id (event, patient->id);
  fyr_alert_event_set_action (event, FYR_ALERT_ACTION_RAISED);
  fyr_alert_event_set_time (event, now);
  return fyr_apply_insert (context, FYR_RECORD (alert), error) &&
         fyr_apply_insert (context, FYR_RECORD (event), error);
}

/* Missing limits are told of once for a patient, and again for another kind when that was dealt with. Whoever closed
 * it and set none is told again after the handbook's two weeks: until there are limits no value alerts. */
static gboolean
wants_grey (Store *s, FyrMeasurementKind kind, gboolean *wanted, GError **error)
{
  gint64 now = fyr_write_context_get_time (s->context);
  FyrIntakePatient *patient = s->patient;

  *wanted = FALSE;
  if (!fyr_intake_cache_load_grey (patient, s->context, error))
    return FALSE;
  if (patient->grey_open || now < patient->grey_told[kind] + GREY_AGAIN_MS)
    return TRUE;
  for (guint i = 0; i < patient->limits->len; i++)
    if (fyr_limit_rule_holds_at (&g_array_index (patient->limits, FyrLimitRule, i), kind, now))
      return TRUE;
  patient->grey_open = TRUE;
  patient->grey_told[kind] = now;
  *wanted = TRUE;
  return TRUE;
}

static gboolean
raise_for (Store *s, FyrMeasurement *m, const FyrVerdict *verdict, const FyrReading *reading, GError **error)
{
  g_autoptr (FyrAlert) alert = NULL;
  gboolean wanted = verdict->category != FYR_ALERT_CATEGORY_UNSET;

  if (verdict->category == FYR_ALERT_CATEGORY_GREY && !wants_grey (s, reading->kind, &wanted, error))
    return FALSE;
  if (!wanted)
    return TRUE;
  alert = fyr_alert_new ();
  fyr_verdict_to_alert (verdict, reading, alert);
  fyr_alert_set_measurement_id (alert, fyr_record_get_id (FYR_RECORD (m)));
  if (verdict->limit_index >= 0)
    fyr_alert_set_limit_id (alert, s->patient->limit_ids->pdata[verdict->limit_index]);
  return fyr_intake_raise (s->cache, s->context, s->patient, alert, error);
}

static gboolean
judge (Store *s, FyrMeasurement *m, FyrReading *reading, FyrVerdict *verdict, GError **error)
{
  const FyrLimitRule *limits = (const FyrLimitRule *)(gpointer)s->patient->limits->data;
  gsize n_limits = s->patient->limits->len;
  GArray *recent = NULL;
  gint64 since;

  fyr_reading_from_record (m, reading);
  since = fyr_triage_window (limits, n_limits, reading->kind, reading->effective_time);
  if (since < reading->effective_time) {
    recent = fyr_intake_cache_get_recent (s->patient, s->context, reading->kind, since, error);
    if (recent == NULL)
      return FALSE;
  }
  *verdict = fyr_triage (reading, limits, n_limits,
                         recent != NULL ? (const FyrReading *)(gpointer)recent->data : NULL,
                         recent != NULL ? recent->len : 0);
  return TRUE;
}

static gboolean
write_measurement (Store *s, FyrMeasurement *m, GError **error)
{
  FyrReading reading;
  FyrVerdict verdict = { .limit_index = -1 };
  gboolean voids = fyr_measurement_get_entered_in_error (m);

  if (!voids && !judge (s, m, &reading, &verdict, error))
    return FALSE;
  fyr_measurement_set_category (m, verdict.category);
  if (s->claimed ? !fyr_apply_insert_claimed (s->context, m, error)
                 : !fyr_apply_insert (s->context, FYR_RECORD (m), error))
    return FALSE;
  if (!voids && !raise_for (s, m, &verdict, &reading, error))
    return FALSE;
  if (fyr_measurement_get_corrects_id (m) != NULL)
    fyr_intake_cache_drop_recent (s->patient, fyr_measurement_get_kind (m));
  else if (reading.has_value)
    fyr_intake_cache_add_recent (s->patient, &reading);
  s->result->status = 201;
  g_strlcpy (s->result->id, fyr_record_get_id (FYR_RECORD (m)), sizeof s->result->id);
  return TRUE;
}

static gboolean
same_number (gboolean has_a, double a, gboolean has_b, double b)
{
  return has_a == has_b && (!has_a || fabs (a - b) < SAME_VALUE);
}

static gboolean
same_time (const FyrObservation *o, gint64 time)
{
  if (!o->date_only)
    return o->effective_time == time;
  return fyr_oslo_day_start (o->effective_time, 0) == fyr_oslo_day_start (time, 0);
}

static gboolean
same_content (FyrMeasurement *m, Store *s)
{
  const FyrObservation *o = s->observation;

  return g_strcmp0 (fyr_measurement_get_patient_id (m), s->patient->id) == 0 &&
         fyr_measurement_get_kind (m) == o->kind && same_time (o, fyr_measurement_get_effective_time (m)) &&
         same_number (fyr_measurement_has_value (m), fyr_measurement_get_value (m), o->has_value, o->value) &&
         same_number (fyr_measurement_has_value_2 (m), fyr_measurement_get_value_2 (m), o->has_value2,
                      o->value2) &&
         g_strcmp0 (fyr_measurement_get_value_text (m), o->value_text) == 0;
}

static gboolean
answer_repeat (Store *s, const char *id)
{
  s->result->status = 200;
  g_strlcpy (s->result->id, id, sizeof s->result->id);
  return TRUE;
}

static gboolean
answer_refused (Store *s, guint status, const char *code, const char *text)
{
  s->result->status = status;
  fyr_fhir_outcome_add (s->outcome, status, code, IDENTIFIER, text);
  return TRUE;
}

/* The end of the chain of corrections that begins at @id. @latest is filled with it. */
static gboolean
find_latest (FyrWriteContext *context, const char *id, char latest[37], GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  g_strlcpy (latest, id, 37);
  select = fyr_connection_prepare (fyr_write_context_get_connection (context),
                                   "SELECT \"by\" FROM voided WHERE measurement = ?1", error);
  if (select == NULL)
    return FALSE;
  do {
    fyr_statement_bind_id (select, 1, latest);
    step = fyr_statement_step (select, error);
    if (step == FYR_STEP_ROW)
      g_strlcpy (latest, fyr_statement_get_id (select, 0), 37);
    fyr_statement_reset (select);
  } while (step == FYR_STEP_ROW);
  return step == FYR_STEP_DONE;
}

/* Alerts of a measurement that is void now are still looked at by a person, who must see why. */
static gboolean
mark_alerts (Store *s, const char *voided_id, const char *text, GError **error)
{
  g_autoptr (GPtrArray) alerts = NULL;
  g_autoptr (FyrStatement) select = NULL;
  gint64 now = fyr_write_context_get_time (s->context);
  char id[FYR_UUID_TEXT_SIZE];

  select = fyr_record_table_select (fyr_write_context_get_connection (s->context), &fyr_alert_info,
                                    "WHERE patient_id = ?1 AND measurement_id = ?2", error);
  if (select == NULL)
    return FALSE;
  fyr_statement_bind_id (select, 1, s->patient->id);
  fyr_statement_bind_id (select, 2, voided_id);
  alerts = fyr_record_table_collect (select, &fyr_alert_info, error);
  for (guint i = 0; alerts != NULL && i < alerts->len; i++) {
    g_autoptr (FyrAlertEvent) event = fyr_alert_event_new ();

    fyr_uuid_v7_new (now, id);
    fyr_record_set_id (FYR_RECORD (event), id);
    fyr_alert_event_set_alert_id (event, fyr_record_get_id (alerts->pdata[i]));
    fyr_alert_event_set_patient_id (event, s->patient->id);
    fyr_alert_event_set_action (event, FYR_ALERT_ACTION_NOTE);
    fyr_alert_event_set_time (event, now);
    fyr_alert_event_set_text (event, text);
    if (!fyr_apply_insert (s->context, FYR_RECORD (event), error))
      return FALSE;
  }
  return alerts != NULL;
}

/* The correction gets an identifier of its own, made of the corrected one, so that nothing comes twice. */
static void
name_correction (FyrMeasurement *m, const FyrObservation *o, const char *latest)
{
  g_autofree char *name = g_strdup_printf ("%s#%.8s%s", o->external_id, latest, latest + 24);

  fyr_measurement_set_external_id (m, name);
  fyr_measurement_set_corrects_id (m, latest);
}

static gboolean
store_void (Store *s, FyrMeasurement *latest, GError **error)
{
  g_autoptr (FyrMeasurement) m = make_measurement (s);
  const char *id = fyr_record_get_id (FYR_RECORD (latest));

  fyr_measurement_set_kind (m, fyr_measurement_get_kind (latest));
  fyr_measurement_set_effective_time (m, fyr_measurement_get_effective_time (latest));
  fyr_measurement_set_entered_in_error (m, TRUE);
  name_correction (m, s->observation, id);
  return write_measurement (s, m, error) && mark_alerts (s, id, "Measurement entered in error", error);
}

static gboolean
store_correction (Store *s, const char *first_id, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (s->context);
  gboolean voids = s->observation->status == FYR_OBSERVATION_ENTERED_IN_ERROR;
  g_autoptr (FyrRecord) latest = NULL;
  g_autoptr (FyrMeasurement) m = NULL;
  char id[37];

  if (!find_latest (s->context, first_id, id, error))
    return FALSE;
  latest = fyr_record_table_get (connection, &fyr_measurement_info, id, error);
  if (latest == NULL)
    return FALSE;
  if (g_strcmp0 (fyr_measurement_get_patient_id (FYR_MEASUREMENT (latest)), s->patient->id) != 0)
    return answer_refused (s, 409, "conflict", "Another patient's measurement has this identifier");
  if (voids && fyr_measurement_get_entered_in_error (FYR_MEASUREMENT (latest)))
    return answer_repeat (s, id);
  if (voids)
    return store_void (s, FYR_MEASUREMENT (latest), error);
  if (same_content (FYR_MEASUREMENT (latest), s))
    return answer_repeat (s, id);
  m = make_measurement (s);
  name_correction (m, s->observation, id);
  return write_measurement (s, m, error) && mark_alerts (s, id, "Measurement corrected by the sender", error);
}

/* Without identifier: the same kind, instant, values and word from the same patient is the same report. */
static gboolean
find_unnamed (Store *s, char id[37], GError **error)
{
  const FyrObservation *o = s->observation;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (FyrStatement) select = NULL;

  id[0] = '\0';
  select = fyr_record_table_select (fyr_write_context_get_connection (s->context), &fyr_measurement_info,
                                    "WHERE patient_id = ?1 AND kind = ?2 AND effective_time = ?3", error);
  if (select == NULL)
    return FALSE;
  fyr_statement_bind_id (select, 1, s->patient->id);
  fyr_statement_bind_int (select, 2, o->kind);
  fyr_statement_bind_int (select, 3, o->effective_time);
  found = fyr_record_table_collect (select, &fyr_measurement_info, error);
  for (guint i = 0; found != NULL && i < found->len && id[0] == '\0'; i++)
    if (same_content (found->pdata[i], s))
      g_strlcpy (id, fyr_record_get_id (found->pdata[i]), 37);
  return found != NULL;
}

static gboolean
store_known (Store *s, const char *id, GError **error)
{
  g_autoptr (FyrRecord) first = NULL;

  if (s->observation->status != FYR_OBSERVATION_FINAL)
    return store_correction (s, id, error);
  first =
      fyr_record_table_get (fyr_write_context_get_connection (s->context), &fyr_measurement_info, id, error);
  if (first == NULL)
    return FALSE;
  if (same_content (FYR_MEASUREMENT (first), s))
    return answer_repeat (s, id);
  return answer_refused (
      s, 409, "conflict",
      "Another measurement has this identifier; a correction needs the status 'corrected'");
}

static gboolean
store_new (Store *s, GError **error)
{
  g_autoptr (FyrMeasurement) m = make_measurement (s);

  return write_measurement (s, m, error);
}

static gboolean
store_named (Store *s, GError **error)
{
  const FyrObservation *o = s->observation;
  gboolean voids = o->status == FYR_OBSERVATION_ENTERED_IN_ERROR;
  char id[FYR_UUID_TEXT_SIZE];
  int found;

  g_strlcpy (id, s->new_id, sizeof id);
  if (voids) {
    found = fyr_external_id_find (s->context, s->patient->centre_id, o->external_id, id, error);
  } else {
    int claimed = fyr_external_id_claim (s->context, s->patient->centre_id, o->external_id, id, error);

    s->claimed = claimed > 0;
    found = claimed < 0 ? -1 : !s->claimed;
  }
  if (found != 0)
    return found > 0 && store_known (s, id, error);
  if (voids)
    return answer_refused (s, 422, "not-found", "There is no measurement with this identifier");
  return store_new (s, error);
}

static gboolean
store (Store *s, GError **error)
{
  char id[FYR_UUID_TEXT_SIZE];

  if (s->observation->external_id != NULL)
    return store_named (s, error);
  if (!find_unnamed (s, id, error))
    return FALSE;
  return id[0] != '\0' ? answer_repeat (s, id) : store_new (s, error);
}

gboolean
fyr_intake_store (FyrIntakeCache *cache,
                  FyrWriteContext *context,
                  FyrIntakePatient *patient,
                  const FyrObservation *observation,
                  const char *new_id,
                  FyrIntakeResult *result,
                  FyrFhirOutcome *outcome,
                  GError **error)
{
  Store s = { cache, context, patient, observation, new_id, result, outcome, FALSE };
  gboolean fine;

  fyr_intake_cache_begin_own (cache);
  fine = store (&s, error);
  fyr_intake_cache_end_own (cache);
  return fine;
}

static gboolean
judge_written (Store *s, FyrMeasurement *m, GError **error)
{
  const char *corrected = fyr_measurement_get_corrects_id (m);
  FyrReading reading;
  FyrVerdict verdict = { .limit_index = -1 };

  if (corrected != NULL && !mark_alerts (s, corrected, "Measurement corrected", error))
    return FALSE;
  if (fyr_measurement_get_entered_in_error (m))
    return TRUE;
  if (!judge (s, m, &reading, &verdict, error))
    return FALSE;
  if (verdict.category == fyr_measurement_get_category (m) && verdict.category == FYR_ALERT_CATEGORY_UNSET)
    return TRUE;
  fyr_measurement_set_category (m, verdict.category);
  return fyr_apply_put (s->context, FYR_RECORD (m), error) && raise_for (s, m, &verdict, &reading, error);
}

gboolean
fyr_intake_judge (FyrIntakeCache *cache,
                  FyrWriteContext *context,
                  FyrMeasurement *measurement,
                  GError **error)
{
  FyrMeasurementKind kind = fyr_measurement_get_kind (measurement);
  Store s = { .cache = cache, .context = context };
  gboolean done;

  s.patient =
      fyr_intake_cache_get_patient (cache, context, fyr_measurement_get_patient_id (measurement), error);
  if (s.patient == NULL)
    return FALSE;
  fyr_intake_cache_begin_own (cache);
  done = judge_written (&s, measurement, error);
  fyr_intake_cache_drop_recent (s.patient, kind);
  fyr_intake_cache_end_own (cache);
  return done;
}
