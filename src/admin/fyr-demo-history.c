/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

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

/* What happens to one person through time. */
typedef struct {
  FyrDemo *demo;
  FyrDemoPatient *patient;
  FyrAdminTriage *triage;
  int bad_from; /* days since the start */
  int bad_length;
} Course;

typedef struct {
  gint64 time;
  guint series;
} Slot;

static gint
compare_slots (gconstpointer a, gconstpointer b)
{
  const Slot *x = a, *y = b;

  return x->time < y->time ? -1 : x->time > y->time ? 1 : (int)x->series - (int)y->series;
}

/* A bad spell rises for some days, stays, and falls again. */
static double
badness_on (Course *course, int day)
{
  int into = day - course->bad_from;
  double rise;

  if (into < 0 || into >= course->bad_length) {
    return 0;
  }
  rise = MIN (into + 1, course->bad_length - into) / 3.0;
  return MIN (rise, 1);
}

static void
plan_next_spell (Course *course, int day)
{
  GRand *random = course->demo->random;

  course->bad_from = day + 12 + g_rand_int_range (random, 0, 75);
  course->bad_length = g_rand_int_range (random, 4, 10);
}

static void
add_slots (Course *course, GArray *slots, int day, int local_day)
{
  FyrDemo *demo = course->demo;

  for (guint i = 0; i < course->patient->n_series; i++) {
    const FyrDemoTask *task = course->patient->series[i].task;
    guint times = 0;
    guint wanted;

    while (times < G_N_ELEMENTS (task->minutes) && task->minutes[times] != 0) {
      times++;
    }
    if ((day + (int)course->patient->index) % task->every_days != 0 && demo->density <= 1) {
      continue;
    }
    wanted = (guint)(times * demo->density + g_rand_double (demo->random));
    for (guint j = 0; j < wanted; j++) {
      int minute = j < times ? task->minutes[j] : g_rand_int_range (demo->random, 360, 1380);
      Slot slot = { .series = i };

      slot.time = fyr_oslo_from_civil (local_day, minute + g_rand_int_range (demo->random, -12, 25)) +
                  g_rand_int_range (demo->random, 0, 60) * 1000;
      g_array_append_val (slots, slot);
    }
  }
}

static FyrMeasurement *
make_measurement (Course *course, const Slot *slot, double badness)
{
  FyrDemo *demo = course->demo;
  FyrDemoSeries *series = &course->patient->series[slot->series];
  FyrMeasurement *measurement = fyr_measurement_new ();
  double value2;
  double value = fyr_demo_series_next (series, demo->random, badness, &value2);
  gboolean faulty = g_rand_int_range (demo->random, 0, 2500) == 0;

  fyr_demo_id (demo, slot->time, measurement);
  fyr_measurement_set_patient_id (measurement, course->patient->id);
  fyr_measurement_set_kind (measurement, series->task->kind);
  fyr_measurement_set_effective_time (measurement, slot->time);
  fyr_measurement_set_received_time (measurement, slot->time + g_rand_int_range (demo->random, 2, 90) * 1000);
  fyr_measurement_set_source (measurement, FYR_MEASUREMENT_SOURCE_DEVICE);
  if (faulty) {
    fyr_measurement_set_value_text (measurement, "--");
    fyr_measurement_set_absent_reason (measurement, "not-performed");
    return measurement;
  }
  fyr_measurement_set_value (measurement, value);
  if (value2 > 0) {
    fyr_measurement_set_value_2 (measurement, value2);
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

/* A nurse sees it within opening hours, takes it, does something, closes it. */
static void
handle_alert (Course *course, FyrAlert *alert, gint64 *taken, gint64 *closed)
{
  FyrDemo *demo = course->demo;
  int wait = fyr_alert_get_category (alert) == FYR_ALERT_CATEGORY_RED ? 18 : 90;

  *taken = fyr_opening_hours_add_minutes (&demo->hours, fyr_alert_get_raised_time (alert),
                                          g_rand_int_range (demo->random, 1, wait));
  *closed = *taken + g_rand_int_range (demo->random, 3, 25) * FYR_MINUTE_MS;
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

  handle_alert (course, alert, &taken, &closed);
  demo->n_alerts++;
  if (raised > demo->now - LAST_HOURS || fyr_alert_get_category (alert) == FYR_ALERT_CATEGORY_GREY) {
    closed = mood < 70 ? G_MAXINT64 : closed;
    taken = mood < 55 ? G_MAXINT64 : taken;
  }
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

static gboolean
live_day (Course *course, int day, int local_day, GError **error)
{
  FyrDemo *demo = course->demo;
  g_autoptr (GArray) slots = g_array_new (FALSE, TRUE, sizeof (Slot));
  gboolean forgotten = g_rand_int_range (demo->random, 0, 22) == 0 && day > 0;

  add_slots (course, slots, day, local_day);
  g_array_sort (slots, compare_slots);
  for (guint i = 0; i < slots->len && !forgotten; i++) {
    const Slot *slot = &g_array_index (slots, Slot, i);

    if (slot->time < course->patient->start || slot->time > demo->now - 3 * FYR_MINUTE_MS) {
      continue;
    }
    if (!add_measurement (course, make_measurement (course, slot, badness_on (course, day)), error)) {
      return FALSE;
    }
  }
  if (day >= course->bad_from + course->bad_length) {
    plan_next_spell (course, day);
  }
  return TRUE;
}

/* The first dozen have just reported something that needs a nurse, whenever the demonstration is made. */
static gboolean
report_now (Course *course, GError **error)
{
  FyrDemo *demo = course->demo;
  Slot slot = { .time = demo->now - g_rand_int_range (demo->random, 4, 150) * FYR_MINUTE_MS };

  if (course->patient->index >= 12 || demo->n_open >= 18) {
    return TRUE;
  }
  return add_measurement (
      course, make_measurement (course, &slot, course->patient->index % 3 == 0 ? 2.2 : 1.1), error);
}

gboolean
fyr_demo_make_history (FyrDemo *self, FyrDemoPatient *patient, GError **error)
{
  g_autoptr (FyrAdminTriage) triage = fyr_admin_triage_new (patient->limits);
  Course course = { .demo = self, .patient = patient, .triage = triage };
  FyrCivilTime first, last;

  fyr_oslo_to_civil (patient->start, &first);
  fyr_oslo_to_civil (self->now, &last);
  course.bad_from = g_rand_int_range (self->random, 0, 80);
  course.bad_length = g_rand_int_range (self->random, 3, 9);
  for (int day = 0; first.day + day <= last.day; day++) {
    if (!live_day (&course, day, first.day + day, error)) {
      return FALSE;
    }
  }
  return report_now (&course, error);
}

double
fyr_demo_estimate (int days)
{
  double a_day = 0;

  for (guint i = 0; i < FYR_DEMO_N_ILLNESSES; i++) {
    const FyrDemoIllnessInfo *info = &fyr_demo_illnesses[i];

    for (guint j = 0; j < G_N_ELEMENTS (info->tasks) && info->tasks[j].kind != 0; j++) {
      guint times = 0;

      while (times < G_N_ELEMENTS (info->tasks[j].minutes) && info->tasks[j].minutes[times] != 0) {
        times++;
      }
      a_day += info->share / 100.0 * times / info->tasks[j].every_days;
    }
  }
  return a_day * days * 0.92;
}
