/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-figures.h"
#include "fyr-schedule.h"
#include "fyr-server-fixture.h"

/* Work that comes round by the clock, and the figures that are counted. */

typedef struct {
  guint runs;
  gint64 since;
  gint64 now;
  gboolean fail;
  World *world;
} Work;

static gboolean
work (FyrWriteContext *context, gint64 since, gint64 now, gpointer data, GError **error)
{
  Work *self = data;
  g_autoptr (FyrNote) note = world_note (self->world, self->world->two, "planlagt");

  self->since = since;
  self->now = now;
  g_atomic_int_inc (&self->runs);
  if (!fyr_apply_put (context, FYR_RECORD (note), error)) {
    return FALSE;
  }
  if (self->fail) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "wanted");
  }
  return !self->fail;
}

static void
wait_for_runs (Work *self, guint runs)
{
  gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  while ((guint)g_atomic_int_get (&self->runs) < runs && g_get_monotonic_time () < until) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
  g_assert_cmpuint (self->runs, ==, runs);
  for (guint i = 0; i < 50; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}

static void
test_work_runs_at_once_and_remembers_when (void)
{
  g_autoptr (World) world = world_new ();
  FyrWriter *writer = fyr_writer_new (world->db);
  FyrSchedule *schedule = fyr_schedule_new (writer);
  Work job = { .world = world };
  gint64 first;

  fyr_schedule_add (schedule, "work", 3600, work, &job);
  wait_for_runs (&job, 1);
  g_assert_cmpint (job.since, ==, 0);
  g_assert_cmpint (job.now, >=, world->now);
  first = job.now;
  fyr_schedule_run_now (schedule);
  wait_for_runs (&job, 2);
  g_assert_cmpint (job.since, ==, first);
  fyr_schedule_free (schedule);
  fyr_writer_free (writer);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 2);
}

static void
test_what_fell_into_a_stop_is_made_up_for (void)
{
  g_autoptr (World) world = world_new ();
  Work job = { .world = world };
  gint64 last = 0;

  for (guint i = 0; i < 3; i++) {
    FyrWriter *writer = fyr_writer_new (world->db);
    FyrSchedule *schedule = fyr_schedule_new (writer);

    fyr_schedule_add (schedule, "work", 3600, work, &job);
    wait_for_runs (&job, i + 1);
    g_assert_cmpint (job.since, ==, last);
    last = job.now;
    fyr_schedule_free (schedule);
    fyr_writer_free (writer);
  }
}

static void
test_a_failed_run_leaves_nothing_and_is_tried_again (void)
{
  g_autoptr (World) world = world_new ();
  FyrWriter *writer = fyr_writer_new (world->db);
  FyrSchedule *schedule = fyr_schedule_new (writer);
  Work job = { .world = world, .fail = TRUE };
  /* On a file what fails after it wrote is undone with its transaction and run once more, guarded (fyr-writer.h). */
  guint tries = fyr_server_db_is_shared (world->db) ? 1 : 2;

  fyr_schedule_add (schedule, "work", 3600, work, &job);
  wait_for_runs (&job, tries);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 0);
  job.fail = FALSE;
  fyr_schedule_run_now (schedule);
  wait_for_runs (&job, tries + 1);
  g_assert_cmpint (job.since, ==, 0);
  fyr_schedule_free (schedule);
  fyr_writer_free (writer);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 1);
}

static void
test_stopping_waits_for_a_run_under_way (void)
{
  g_autoptr (World) world = world_new ();
  FyrWriter *writer = fyr_writer_new (world->db);
  FyrSchedule *schedule = fyr_schedule_new (writer);
  Work jobs[2] = { { .world = world }, { .world = world } };

  fyr_schedule_add (schedule, "one", 3600, work, &jobs[0]);
  fyr_schedule_add (schedule, "two", 3600, work, &jobs[1]);
  fyr_schedule_free (schedule);
  g_assert_cmpuint (jobs[0].runs, ==, 1);
  g_assert_cmpuint (jobs[1].runs, ==, 1);
  fyr_writer_free (writer);
}

/* Figures */

#define MINUTE 60000

static void
make_alert (
    World *world, const char *patient, FyrAlertCategory category, gint64 raised, gint64 taken, gint64 closed)
{
  FyrAlert *alert = fyr_alert_new ();
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (alert), id);
  fyr_alert_set_patient_id (alert, patient);
  fyr_alert_set_category (alert, category);
  fyr_alert_set_rule (alert, FYR_ALERT_RULE_BELOW_RED);
  fyr_alert_set_raised_time (alert, raised);
  fyr_alert_set_due_time (alert, raised + 30 * MINUTE);
  fyr_alert_set_status (alert, closed > 0  ? FYR_ALERT_STATUS_CLOSED
                               : taken > 0 ? FYR_ALERT_STATUS_TAKEN
                                           : FYR_ALERT_STATUS_OPEN);
  if (taken > 0) {
    fyr_alert_set_taken_time (alert, taken);
  }
  if (closed > 0) {
    fyr_alert_set_closed_time (alert, closed);
  }
  world_put (world, alert);
}

static JsonObject *
figures_of (World *world, const char *centre, gint64 from, gint64 to)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_true (
      fyr_figures_write (fyr_server_db_get_connection (world->db), centre, from, to, text, &error));
  g_assert_no_error (error);
  node = json_from_string (text->str, &error);
  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (node));
}

static gint64
figure (JsonObject *figures, const char *category, const char *name)
{
  JsonObject *alerts = json_object_get_object_member (figures, "alerts");

  return json_object_get_int_member (json_object_get_object_member (alerts, category), name);
}

static void
test_alerts_are_counted_by_colour_in_their_time (void)
{
  g_autoptr (World) world = world_new ();
  gint64 from = 1000 * MINUTE, to = 2000 * MINUTE;
  g_autoptr (JsonObject) figures = NULL;
  g_autoptr (JsonObject) far = NULL;

  for (guint i = 0; i < 5; i++) {
    gint64 raised = from + i * 10 * MINUTE;
    make_alert (world, world->one, FYR_ALERT_CATEGORY_RED, raised, raised + (i + 1) * MINUTE,
                raised + 10 * (i + 1) * MINUTE);
  }
  make_alert (world, world->two, FYR_ALERT_CATEGORY_YELLOW, to - 10 * MINUTE, 0, 0);
  make_alert (world, world->two, FYR_ALERT_CATEGORY_YELLOW, to - 60 * MINUTE, to - 50 * MINUTE, 0);
  make_alert (world, world->two, FYR_ALERT_CATEGORY_GREEN, from - 100 * MINUTE, 0, from + MINUTE);
  make_alert (world, world->far, FYR_ALERT_CATEGORY_BLUE, from, 0, 0);
  figures = figures_of (world, world->centre, from, to);
  g_assert_cmpint (figure (figures, "red", "raised"), ==, 5);
  g_assert_cmpint (figure (figures, "red", "closed"), ==, 5);
  g_assert_cmpint (figure (figures, "red", "open"), ==, 0);
  g_assert_cmpint (figure (figures, "red", "median_minutes_to_take"), ==, 3);
  g_assert_cmpint (figure (figures, "red", "median_minutes_to_close"), ==, 30);
  g_assert_cmpint (figure (figures, "yellow", "raised"), ==, 2);
  g_assert_cmpint (figure (figures, "yellow", "open"), ==, 2);
  g_assert_cmpint (figure (figures, "yellow", "overdue"), ==, 1);
  g_assert_cmpint (figure (figures, "green", "raised"), ==, 0);
  g_assert_cmpint (figure (figures, "green", "closed"), ==, 1);
  g_assert_cmpint (figure (figures, "blue", "raised"), ==, 0);
  far = figures_of (world, world->far_centre, from, to);
  g_assert_cmpint (figure (far, "blue", "raised"), ==, 1);
  g_assert_cmpint (figure (far, "red", "raised"), ==, 0);
}

static void
test_patients_and_measurements_are_counted (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (JsonObject) figures = NULL;
  g_autoptr (JsonObject) none = NULL;

  for (guint i = 0; i < 4; i++) {
    world_put (world, world_measurement (world, i < 3 ? world->one : world->far, 90));
  }
  figures = figures_of (world, world->centre, world->now - MINUTE, world->now + MINUTE);
  g_assert_cmpint (
      json_object_get_int_member (json_object_get_object_member (figures, "measurements"), "received"), ==,
      3);
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (figures, "patients"), "active"),
                   ==, 2);
  g_assert_cmpint (json_object_get_int_member (figures, "from"), ==, world->now - MINUTE);
  none = figures_of (world, world->centre, 1, 2);
  g_assert_cmpint (
      json_object_get_int_member (json_object_get_object_member (none, "measurements"), "received"), ==, 0);
}

static void
test_figures_name_nobody (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  const char *marks[] = {
    MARK_CLINICAL, MARK_CONTACT, MARK_IDENTITY, "Ett", "kari", world->one, world->nurse
  };

  make_alert (world, world->one, FYR_ALERT_CATEGORY_RED, world->now, 0, 0);
  g_assert_true (fyr_figures_write (fyr_server_db_get_connection (world->db), world->centre, 0,
                                    world->now + 1, text, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    g_assert_null (strstr (text->str, marks[i]));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/schedule/" #name, test_##name)
  ADD (work_runs_at_once_and_remembers_when);
  ADD (what_fell_into_a_stop_is_made_up_for);
  ADD (a_failed_run_leaves_nothing_and_is_tried_again);
  ADD (stopping_waits_for_a_run_under_way);
  ADD (alerts_are_counted_by_colour_in_their_time);
  ADD (patients_and_measurements_are_counted);
  ADD (figures_name_nobody);
  return g_test_run ();
}
