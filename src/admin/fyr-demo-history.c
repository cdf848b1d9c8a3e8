/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-triage.h"
#include "fyr-demo.h"

#define LAST_HOURS (20 * FYR_HOUR_MS) /* alerts younger than this may still be open */

static const char *const measures[] = {
  "Ringte pasienten. Har vært forkjølet, føler seg bedre i dag. Måler igjen i kveld.",
  "Snakket med pasienten. Hadde nettopp gått trappen. Ny måling var fin.",
  "Fulgte egenbehandlingsplanen, tiltak for gul sone. Ringer i morgen.",
  "Pårørende svarte. Pasienten har tatt medisinen som avtalt.",
  "Fastlegen er orientert. Time i morgen.",
  "Pasienten var kald på hendene, målte på nytt. Ingen tegn til forverring.",
  "Økt vanndrivende etter planen. Veier seg i morgen tidlig.",
  "Rolig natt, litt tyngre pust. Avtalt ny samtale etter lunsj.",
};

/* Of what came lately a handful is open, as on a morning at a real centre: so many of each colour. */
static const guint8 most_open[FYR_ALERT_CATEGORY_LAST + 1] = {
  [FYR_ALERT_CATEGORY_RED] = 2,
  [FYR_ALERT_CATEGORY_YELLOW] = 4,
  [FYR_ALERT_CATEGORY_GREY] = 1,
  [FYR_ALERT_CATEGORY_TECHNICAL] = 2,
};

/* What happens to one person through time. */
typedef struct {
  FyrDemo *demo;
  FyrDemoPatient *patient;
  FyrAdminTriage *triage;
} Course;

static FyrMeasurement *
make_measurement (Course *course, const FyrSimReport *report)
{
  FyrMeasurement *measurement = fyr_measurement_new ();
  g_autofree char *external_id = g_strdup_printf ("urn:fyrlykt:sim|%s", report->identifier);

  fyr_demo_id (course->demo, report->taken, measurement);
  fyr_measurement_set_patient_id (measurement, course->patient->id);
  fyr_measurement_set_kind (measurement, report->kind);
  fyr_measurement_set_effective_time (measurement, report->taken);
  fyr_measurement_set_received_time (measurement, report->sent);
  fyr_measurement_set_source (measurement, report->device != NULL ? FYR_MEASUREMENT_SOURCE_DEVICE
                                                                  : FYR_MEASUREMENT_SOURCE_MANUAL);
  fyr_measurement_set_device_text (measurement, report->device);
  fyr_measurement_set_note (measurement, report->note);
  fyr_measurement_set_external_id (measurement, external_id);
  if (!report->has_value) {
    FyrAbsentReason reason = FYR_ABSENT_UNKNOWN;
    double number;

    fyr_measurement_parse_value (report->word, &number, &reason);
    fyr_measurement_set_value_text (measurement, report->word);
    fyr_measurement_set_absent_reason (measurement, fyr_absent_reason_to_code (reason));
    return measurement;
  }
  fyr_measurement_set_value (measurement, report->value);
  if (report->has_value2) {
    fyr_measurement_set_value_2 (measurement, report->value2);
  }
  return measurement;
}

static gboolean
add_event (Course *course,
           FyrAlert *alert,
           FyrAlertAction action,
           const char *actor,
           gint64 time,
           const char *text,
           GError **error)
{
  FyrAlertEvent *event = fyr_alert_event_new ();

  fyr_demo_id (course->demo, time, event);
  fyr_alert_event_set_alert_id (event, fyr_record_get_id (FYR_RECORD (alert)));
  fyr_alert_event_set_patient_id (event, course->patient->id);
  fyr_alert_event_set_action (event, action);
  fyr_alert_event_set_actor_id (event, actor);
  fyr_alert_event_set_time (event, time);
  fyr_alert_event_set_text (event, text);
  if (action == FYR_ALERT_ACTION_CLOSE) {
    fyr_alert_event_set_outcome (event, fyr_alert_get_outcome (alert));
  }
  return fyr_demo_take (course->demo, event, error);
}

static FyrAlertOutcome
draw_outcome (FyrDemo *demo, FyrAlertCategory category)
{
  int draw = g_rand_int_range (demo->random, 0, 100);

  if (category == FYR_ALERT_CATEGORY_TECHNICAL) {
    return FYR_ALERT_OUTCOME_DEVICE_FAULT;
  }
  if (draw < 40) {
    return FYR_ALERT_OUTCOME_CONTACTED_PATIENT;
  }
  if (draw < 60) {
    return FYR_ALERT_OUTCOME_MEASURED_AGAIN;
  }
  if (draw < 78) {
    return FYR_ALERT_OUTCOME_ADVICE_BY_PLAN;
  }
  return draw < 84 && category == FYR_ALERT_CATEGORY_RED ? FYR_ALERT_OUTCOME_GP_CONTACTED
                                                         : FYR_ALERT_OUTCOME_NO_ACTION;
}

static gboolean
stays_open (FyrDemo *demo, FyrAlert *alert)
{
  FyrAlertCategory category = fyr_alert_get_category (alert);

  return fyr_alert_get_raised_time (alert) > demo->now - LAST_HOURS &&
         demo->open[category] < most_open[category];
}

/* A nurse sees it within opening hours, takes it, does something, closes it. What came after them was seen to by who
 * was on duty. */
static void
handle_alert (Course *course, FyrAlert *alert, gint64 *taken, gint64 *closed)
{
  FyrDemo *demo = course->demo;
  int wait = fyr_alert_get_category (alert) == FYR_ALERT_CATEGORY_RED ? 18 : 90;

  *taken = fyr_opening_hours_add_minutes (&demo->hours, fyr_alert_get_raised_time (alert),
                                          g_rand_int_range (demo->random, 1, wait));
  *closed = *taken + g_rand_int_range (demo->random, 3, 25) * FYR_MINUTE_MS;
  if (*closed > demo->now) {
    gint64 raised = fyr_alert_get_raised_time (alert), since = demo->now - raised;

    *taken = raised + since / 100 * g_rand_int_range (demo->random, 5, 40);
    *closed = raised + since / 100 * g_rand_int_range (demo->random, 50, 95);
  }
}

/* It waits; every second yellow one has been taken by somebody. */
static void
leave_open (Course *course, FyrAlert *alert, gint64 *taken, gint64 *closed)
{
  FyrAlertCategory category = fyr_alert_get_category (alert);
  guint before = course->demo->open[category]++;
  gint64 raised = fyr_alert_get_raised_time (alert);

  *closed = G_MAXINT64;
  *taken = category == FYR_ALERT_CATEGORY_YELLOW && before % 2 == 1 ? (raised + course->demo->now) / 2
                                                                    : G_MAXINT64;
}

static gboolean
add_note (Course *course, FyrAlert *alert, const char *author, gint64 time, const char *text, GError **error)
{
  FyrNote *note = fyr_note_new ();

  fyr_demo_id (course->demo, time, note);
  fyr_note_set_patient_id (note, course->patient->id);
  fyr_note_set_author_id (note, author);
  fyr_note_set_time (note, time);
  fyr_note_set_text (note, text);
  fyr_note_set_alert_id (note, fyr_record_get_id (FYR_RECORD (alert)));
  return fyr_demo_take (course->demo, note, error);
}

static gboolean
add_alert (Course *course, FyrAlert *owned, GError **error)
{
  g_autoptr (FyrRecord) keep = FYR_RECORD (owned);
  FyrAlert *alert = (FyrAlert *)keep;
  FyrDemo *demo = course->demo;
  gint64 raised = fyr_alert_get_raised_time (alert);
  const char *nurse = fyr_demo_user (demo, FYR_ROLE_NURSE, (guint)g_rand_int_range (demo->random, 0, 4))->id;
  const char *text = measures[g_rand_int_range (demo->random, 0, G_N_ELEMENTS (measures))];
  int mood = g_rand_int_range (demo->random, 0, 100);
  gint64 taken, closed;

  if (stays_open (demo, alert)) {
    leave_open (course, alert, &taken, &closed);
  } else {
    handle_alert (course, alert, &taken, &closed);
  }
  demo->n_alerts++;
  fyr_demo_id (demo, raised, alert);
  if (taken <= demo->now) {
    fyr_alert_set_status (alert, FYR_ALERT_STATUS_TAKEN);
    fyr_alert_set_assignee_id (alert, nurse);
    fyr_alert_set_taken_time (alert, taken);
  }
  if (closed <= demo->now) {
    fyr_alert_set_status (alert, FYR_ALERT_STATUS_CLOSED);
    fyr_alert_set_closed_time (alert, closed);
    fyr_alert_set_closed_by (alert, nurse);
    fyr_alert_set_outcome (alert, draw_outcome (demo, fyr_alert_get_category (alert)));
  } else {
    demo->n_open++;
  }
  if (!fyr_demo_take (demo, g_object_ref (alert), error) ||
      !add_event (course, alert, FYR_ALERT_ACTION_RAISED, NULL, raised, NULL, error) ||
      (taken <= demo->now && !add_event (course, alert, FYR_ALERT_ACTION_TAKE, nurse, taken, NULL, error)) ||
      (closed <= demo->now && !add_event (course, alert, FYR_ALERT_ACTION_CLOSE, nurse, closed,
                                          mood % 3 == 0 ? text : NULL, error))) {
    return FALSE;
  }
  return closed > demo->now || mood % 5 != 0 || add_note (course, alert, nurse, closed, text, error);
}

static gboolean
add_measurement (Course *course, FyrMeasurement *owned, GError **error)
{
  g_autoptr (FyrRecord) keep = FYR_RECORD (owned);
  FyrMeasurement *measurement = (FyrMeasurement *)keep;
  FyrVerdict verdict = fyr_admin_triage_judge (course->triage, measurement);
  FyrAlert *alert;

  if (!fyr_demo_take (course->demo, g_object_ref (measurement), error)) {
    return FALSE;
  }
  course->demo->n_measurements++;
  alert =
      fyr_admin_triage_make_alert (course->triage, measurement, &verdict, &course->demo->hours,
                                   FYR_DEFAULT_RED_MINUTES, fyr_measurement_get_received_time (measurement));
  return alert == NULL || add_alert (course, alert, error);
}

/* A value on the wrong side of a limit that holds now. Returns: whether there is such a limit. */
static gboolean
draw_bad (Course *course, gboolean red, FyrSimReport *report)
{
  for (guint i = 0; i < course->patient->limits->len; i++) {
    FyrLimitRule rule;
    double usual, usual2;

    fyr_limit_rule_from_record (g_ptr_array_index (course->patient->limits, i), &rule);
    if (rule.valid_to != G_MAXINT64 || rule.component == FYR_LIMIT_COMPONENT_DIASTOLIC ||
        !(rule.has_yellow_low || rule.has_yellow_high) ||
        !fyr_sim_person_get_usual (course->patient->usual, rule.kind, &usual, &usual2)) {
      continue;
    }
    report->kind = rule.kind;
    report->has_value = TRUE;
    report->has_value2 = usual2 > 0;
    report->value2 = usual2;
    if (rule.has_yellow_low) {
      report->value = (red && rule.has_red_low ? rule.red_low : rule.yellow_low) - 1;
    } else {
      report->value = (red && rule.has_red_high ? rule.red_high : rule.yellow_high) + 1;
    }
    return TRUE;
  }
  return FALSE;
}

/* The first have just reported something that needs a nurse, whenever the demonstration is made. */
static gboolean
report_now (Course *course, GError **error)
{
  FyrDemo *demo = course->demo;
  FyrSimReport report = { .taken = demo->now - g_rand_int_range (demo->random, 4, 150) * FYR_MINUTE_MS };

  gboolean red = course->patient->index % 3 == 0;
  FyrAlertCategory category = red ? FYR_ALERT_CATEGORY_RED : FYR_ALERT_CATEGORY_YELLOW;

  if (demo->open[category] >= most_open[category] || !draw_bad (course, red, &report)) {
    return TRUE;
  }
  report.sent = report.taken + FYR_MINUTE_MS;
  g_snprintf (report.identifier, sizeof report.identifier, "demo-%s", course->patient->identity_number);
  return add_measurement (course, make_measurement (course, &report), error);
}

gboolean
fyr_demo_make_history (FyrDemo *self, FyrDemoPatient *patient, GError **error)
{
  g_autoptr (FyrAdminTriage) triage = fyr_admin_triage_new (patient->limits);
  g_autoptr (FyrSimPerson) person =
      fyr_sim_person_new (patient->profile, patient->seed, patient->start, FYR_SIM_FAULTS);
  Course course = { .demo = self, .patient = patient, .triage = triage };
  FyrSimReport report;

  for (fyr_sim_person_next (person, &report); report.taken < self->now - 3 * FYR_MINUTE_MS;
       fyr_sim_person_next (person, &report)) {
    /* Of a doubled report the server keeps one. */
    if (report.fault == FYR_SIM_FAULT_DUPLICATE || report.sent > self->now) {
      continue;
    }
    if (!add_measurement (&course, make_measurement (&course, &report), error)) {
      return FALSE;
    }
  }
  return report_now (&course, error);
}
