/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emergency access opens one patient for a while, to one user, and leaves what cannot be changed (security.md 4). */
#include <string.h>

#include "fyr-emergency.h"
#include "fyr-housekeeping.h"
#include "fyr-lockout.h"
#include "fyr-log.h"
#include "fyr-row-security.h"
#include "fyr-server-fixture.h"
#include "fyr-settle.h"

#define NUMBER_TWO "15076500565"
#define NUMBER_FAR "21030550231"
#define NUMBER_NOBODY "01010750160"
#define WHY "Bevisstløs hjemme, trenger legemiddelliste"

typedef struct {
  FyrEmergencyOpening opening;
  FyrReply *reply;
} Job;

static gboolean
open_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;

  fyr_reply_reset (job->reply);
  return fyr_emergency_open (context, &job->opening, job->reply, error);
}

/* Opens for @lasts ms; the answer's status, and its body in @body. */
static guint
try_open (World *world, const char *user, const char *number, gboolean right, gint64 lasts, FyrReply **answer)
{
  g_autoptr (FyrEmergencyRequest) asked = fyr_emergency_request_new ();
  g_autoptr (FyrRecord) record = world_get (world, &fyr_user_info, user);
  g_autoptr (GError) error = NULL;
  Job job = { .opening = { .user_name = fyr_user_get_user_name (FYR_USER (record)),
                           .asked = asked,
                           .right = right,
                           .lasts = lasts },
              .reply = fyr_reply_new () };
  guint status;

  asked->identity_number = g_strdup (number);
  asked->reason = FYR_EMERGENCY_REASON_DANGER;
  asked->text = g_strdup (WHY);
  g_strlcpy (job.opening.session.user_id, user, sizeof job.opening.session.user_id);
  world_id (job.opening.session.device_id);
  fyr_server_db_write (world->db, open_job, &job, &error);
  g_assert_no_error (error);
  status = job.reply->status;
  if (answer != NULL) {
    *answer = job.reply;
  } else {
    fyr_reply_free (job.reply);
  }
  return status;
}

static FyrWireEmergency
open_for (World *world, const char *user, const char *number, gint64 lasts)
{
  g_autoptr (FyrReply) reply = NULL;
  g_autofree FyrWireEmergency *access = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (try_open (world, user, number, TRUE, lasts, &reply), ==, 200);
  access = fyr_emergency_reply_parse (reply->body->str, reply->body->len, &error);
  g_assert_no_error (error);
  return *access;
}

#define HOUR (G_GINT64_CONSTANT (3600) * 1000)

typedef struct {
  const char *user;
  const char *access;
  FyrReply *reply;
} Ending;

static gboolean
end_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Ending *ending = data;

  return fyr_emergency_end (context, ending->user, ending->access, ending->reply, error);
}

static guint
end_as (World *world, const char *user, const char *access)
{
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  Ending ending = { user, access, reply };
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (world->db, end_job, &ending, &error);
  g_assert_no_error (error);
  return reply->status;
}

static gboolean
run_sql (FyrWriteContext *context, gpointer sql, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), sql, error);
}

static gboolean
write_sql (World *world, const char *sql, GError **error)
{
  return fyr_server_db_write (world->db, run_sql, (gpointer)sql, error);
}

static void
set_number (World *world, const char *patient, const char *number)
{
  FyrRecord *record = world_get (world, &fyr_patient_info, patient);

  fyr_patient_set_identity_system (FYR_PATIENT (record), "urn:oid:2.16.578.1.12.4.1.4.1");
  fyr_patient_set_identity_number (FYR_PATIENT (record), number);
  world_put (world, record);
}

/* "two" is on no list and has a note; "far" is at another centre. */
static World *
make_world (void)
{
  World *world = world_new ();

  set_number (world, world->two, NUMBER_TWO);
  set_number (world, world->far, NUMBER_FAR);
  world_put (world, world_note (world, world->two, "NOTAT OM TO"));
  return world;
}

typedef struct {
  const char *patient;
  const char *user;
  gboolean blocked;
} Block;

static gboolean
block_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Block *block = data;

  return fyr_apply_set_block (context, block->patient, block->user, block->blocked, error);
}

static void
set_block (World *world, const char *patient, const char *user, gboolean blocked)
{
  Block block = { patient, user, blocked };

  g_assert_true (fyr_server_db_write (world->db, block_job, &block, NULL));
}

static gboolean
has_name (GPtrArray *names, const char *patient)
{
  g_autofree char *scope = g_strdup_printf ("patient:%s", patient);

  return g_ptr_array_find_with_equal_func (names, scope, g_str_equal, NULL);
}

static void
test_a_gp_opens_one_patient_of_another_list (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (Station) station = station_new (world, world->gp_user);
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  g_autoptr (FyrPullReply) reply = station_pull (station, FYR_PULL_MAX_BYTES);
  g_autofree char *own = g_strdup_printf ("patient:%s", world->two);
  FyrWireEmergency told;
  guint n_notes = 0;

  g_assert_true (has_name (reply->granted, world->two));
  g_assert_cmpuint (reply->emergency->len, ==, 1);
  told = g_array_index (reply->emergency, FyrWireEmergency, 0);
  g_assert_cmpstr (told.id, ==, access.id);
  g_assert_cmpstr (told.patient_id, ==, world->two);
  g_assert_cmpint (told.until - told.begin, ==, HOUR);
  g_assert_true (told.alone);
  for (guint i = 0; i < reply->scopes->len; i++) {
    FyrPullScope *scope = g_ptr_array_index (reply->scopes, i);

    for (guint j = 0; g_str_equal (scope->scope, own) && j < scope->entries->len; j++) {
      FyrPullEntry *entry = g_ptr_array_index (scope->entries, j);
      n_notes += entry->op == FYR_PULL_OP_PUT && g_str_equal (entry->kind, "note");
    }
  }
  g_assert_cmpuint (n_notes, ==, 1);
  world_check_feeds (world);
}

static void
test_no_access_lasts_longer_than_four_hours (void)
{
  g_autoptr (World) world = make_world ();
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, 1000 * HOUR);

  g_assert_cmpint (access.until - access.begin, ==, 4 * HOUR);
}

/* The centre's feeds go on; of this patient they neither bring nor take away anything meanwhile. */
static void
test_a_barred_nurse_gets_the_patient_through_the_patients_own_feed (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GPtrArray) barred = NULL, opened = NULL, later = NULL;
  FyrWireEmergency access;

  g_ptr_array_unref (station_pull_all (station));
  set_block (world, world->two, world->nurse, TRUE);
  barred = station_pull_all (station);
  g_assert_cmpint (entries_find (barred, world->two)->op, ==, FYR_PULL_OP_DELETE);
  access = open_for (world, world->nurse, NUMBER_TWO, HOUR);
  opened = station_pull_all (station);
  g_assert_cmpint (entries_find (opened, world->two)->op, ==, FYR_PULL_OP_PUT);
  world_put (world, world_note (world, world->two, "ENDA ET NOTAT"));
  set_number (world, world->two, NUMBER_TWO);
  later = station_pull_all (station);
  for (guint i = 0; i < later->len; i++) {
    g_assert_cmpint (((FyrPullEntry *)later->pdata[i])->op, ==, FYR_PULL_OP_PUT);
  }
  g_assert_cmpuint (end_as (world, world->nurse, access.id), ==, 200);
  {
    g_autoptr (FyrPullReply) reply = station_pull (station, FYR_PULL_MAX_BYTES);

    g_assert_true (has_name (reply->revoked, world->two));
    g_assert_cmpuint (reply->emergency->len, ==, 0);
  }
}

static void
test_alone_is_said_as_long_as_nothing_else_opens_the_patient (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPullReply) before = NULL, after = NULL;

  set_block (world, world->two, world->nurse, TRUE);
  open_for (world, world->nurse, NUMBER_TWO, HOUR);
  before = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_true (g_array_index (before->emergency, FyrWireEmergency, 0).alone);
  set_block (world, world->two, world->nurse, FALSE);
  after = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_false (g_array_index (after->emergency, FyrWireEmergency, 0).alone);
}

static void
test_it_ends_by_itself (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (Station) station = station_new (world, world->gp_user);
  g_autoptr (FyrPullReply) during = NULL, after = NULL;
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, 400);

  during = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_true (has_name (during->granted, world->two));
  g_usleep ((gulong)MAX (access.until - g_get_real_time () / 1000 + 20, 0) * 1000);
  after = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_true (has_name (after->revoked, world->two));
  g_assert_cmpuint (after->emergency->len, ==, 0);
  g_assert_cmpuint (end_as (world, world->gp_user, access.id), ==, 404);
}

static void
test_only_who_opened_it_ends_it (void)
{
  g_autoptr (World) world = make_world ();
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  char unknown[37];

  world_id (unknown);
  g_assert_cmpuint (end_as (world, world->nurse, access.id), ==, 404);
  g_assert_cmpuint (end_as (world, world->manager, access.id), ==, 404);
  g_assert_cmpuint (end_as (world, world->gp_user, unknown), ==, 404);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_event"), ==, 0);
  g_assert_cmpuint (end_as (world, world->gp_user, access.id), ==, 200);
  g_assert_cmpuint (end_as (world, world->gp_user, access.id), ==, 404);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_event WHERE action = 1"), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_grant"), ==, 0);
}

/* Nobody learns from an answer whether there is such a patient, nor whether the password was right. */
static void
test_wrong_password_unknown_number_and_other_tenant_are_one_answer (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (FyrReply) wrong = NULL, unknown = NULL, far = NULL, both = NULL;

  g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_TWO, FALSE, HOUR, &wrong), ==, 403);
  g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_NOBODY, TRUE, HOUR, &unknown), ==, 403);
  g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_FAR, TRUE, HOUR, &far), ==, 403);
  g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_NOBODY, FALSE, HOUR, &both), ==, 403);
  g_assert_cmpstr (wrong->body->str, ==, unknown->body->str);
  g_assert_cmpstr (far->body->str, ==, unknown->body->str);
  g_assert_cmpstr (both->body->str, ==, unknown->body->str);
  g_assert_cmpuint (wrong->retry_after + unknown->retry_after + far->retry_after, ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_access"), ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_try"), ==, 4);
  g_assert_cmpint (world_count (world, "SELECT failures FROM sign_in_failure"), ==, 2);
}

static void
test_wrong_passwords_lock_out_as_at_sign_in (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (FyrReply) locked = NULL;

  for (guint i = 0; i <= FYR_LOCKOUT_FREE_TRIES; i++) {
    g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_TWO, FALSE, HOUR, NULL), ==, 403);
  }
  g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_TWO, TRUE, HOUR, &locked), ==, 429);
  g_assert_nonnull (strstr (locked->body->str, "locked-out"));
  g_assert_cmpuint (locked->retry_after, >, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_access"), ==, 0);
}

static void
test_ten_tries_an_hour_are_all (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (FyrReply) reply = NULL;

  for (guint i = 0; i < FYR_EMERGENCY_TRIES_MAX; i++) {
    g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_NOBODY, TRUE, HOUR, NULL), ==, 403);
  }
  g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_TWO, TRUE, HOUR, &reply), ==, 429);
  g_assert_nonnull (strstr (reply->body->str, "too-many"));
  g_assert_cmpuint (reply->retry_after, >, 3500);
  g_assert_cmpuint (reply->retry_after, <=, 3600);
  set_block (world, world->two, world->nurse, TRUE);
  g_assert_cmpuint (try_open (world, world->nurse, NUMBER_TWO, TRUE, HOUR, NULL), ==, 200);
  g_assert_true (write_sql (world, "UPDATE emergency_try SET time = time - 3600000", NULL));
  g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_TWO, TRUE, HOUR, NULL), ==, 200);
}

static void
test_who_sees_the_patient_already_opens_nothing (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (FyrReply) nurse = NULL, gp = NULL, twice = NULL;

  g_assert_cmpuint (try_open (world, world->nurse, NUMBER_TWO, TRUE, HOUR, &nurse), ==, 409);
  g_assert_nonnull (strstr (nurse->body->str, "not-needed"));
  g_assert_cmpuint (try_open (world, world->gp_user, MARK_IDENTITY, TRUE, HOUR, &gp), ==, 409);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_access"), ==, 0);
  open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  g_assert_cmpuint (try_open (world, world->gp_user, NUMBER_TWO, TRUE, HOUR, &twice), ==, 409);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_access"), ==, 1);
}

static void
test_who_does_not_treat_opens_nobody (void)
{
  g_autoptr (World) world = make_world ();
  const char *const users[] = { world->clerk, world->manager, world->administrator };

  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autoptr (FyrReply) reply = NULL;

    g_assert_cmpuint (try_open (world, users[i], NUMBER_TWO, TRUE, HOUR, &reply), ==, 403);
    g_assert_nonnull (strstr (reply->body->str, "forbidden"));
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_access"), ==, 0);
}

/* An older program would not end it by its clock. */
static void
test_a_workstation_that_does_not_know_it_is_given_nothing (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (Station) station = station_new (world, world->gp_user);
  g_autoptr (FyrPullReply) reply = NULL;

  station->old = TRUE;
  open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  reply = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_false (has_name (reply->granted, world->two));
  g_assert_cmpuint (reply->emergency->len, ==, 0);
}

static void
test_a_patient_who_moves_away_is_open_no_longer (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (Station) station = station_new (world, world->gp_user);
  g_autoptr (FyrPullReply) reply = NULL;
  FyrRecord *patient = world_get (world, &fyr_patient_info, world->two);

  open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  fyr_patient_set_centre_id (FYR_PATIENT (patient), world->far_centre);
  world_put (world, patient);
  reply = station_pull (station, FYR_PULL_MAX_BYTES);
  g_assert_false (has_name (reply->granted, world->two));
  g_assert_cmpuint (reply->emergency->len, ==, 0);
}

/* The next mutation of a station, made at another time than now. */
static FyrWireOutcome *
push_made_at (Station *station, const char *id, const char *fields, gint64 time)
{
  FyrWireMutation *mutation = station_mutation (station, "create", "note", id, 0, fields, NULL);

  mutation->time = time;
  return station_do (station, mutation);
}

static gboolean
settle_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_settle_run (context, data, error);
}

/* An administrator accepts all that is kept; how much was taken in. */
static guint
accept_kept (World *world)
{
  gint64 number;
  guint taken = 0;

  while ((number = world_count (world,
                                "SELECT coalesce (min (id), 0) FROM quarantine WHERE settled IS NULL")) > 0) {
    FyrSettle settle = { .id = number, .accept = TRUE, .settler = world->administrator };
    g_autoptr (GError) error = NULL;

    fyr_server_db_write (world->db, settle_job, &settle, &error);
    g_assert_no_error (error);
    g_assert_cmpint (settle.outcome->kind, ==, FYR_WIRE_OUTCOME_APPLIED);
    fyr_wire_outcome_free (settle.outcome);
    taken++;
  }
  return taken;
}

/* A note of a blue-light turn-out must not be lost because the line was down; it is not taken on trust either. */
static void
test_work_that_arrives_after_its_end_is_kept_and_taken_in (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *fields =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":%" G_GINT64_FORMAT ",\"text\":\"Ringte 113\"}",
                       world->two, world->now);
  g_autofree char *change = g_strdup ("{\"what_matters\":\"Ro\"}");
  g_autoptr (FyrRecord) taken = NULL;
  g_autoptr (FyrRecord) patient = NULL;
  g_autoptr (FyrWireOutcome) late = NULL;
  g_autoptr (FyrWireOutcome) outcome = NULL;
  FyrWireEmergency access;
  char id[37];

  patient = world_get (world, &fyr_patient_info, world->two);
  set_block (world, world->two, world->nurse, TRUE);
  access = open_for (world, world->nurse, NUMBER_TWO, HOUR);
  end_as (world, world->nurse, access.id);
  world_id (id);
  late = push_made_at (station, id, fields, g_get_real_time () / 1000);
  g_assert_cmpint (late->kind, ==, FYR_WIRE_OUTCOME_REFUSED);
  g_assert_cmpstr (late->code, ==, "kept");
  outcome = station_try (station, "update", "patient", world->two, fyr_record_get_version (patient), change,
                         "{\"what_matters\":null}", FYR_WIRE_OUTCOME_REFUSED, "kept");
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM quarantine WHERE reason = 'emergency-ended'"),
                   ==, 2);
  g_assert_cmpuint (accept_kept (world), ==, 2);
  taken = world_get (world, &fyr_note_info, id);
  g_assert_cmpstr (fyr_note_get_author_id (FYR_NOTE (taken)), ==, world->nurse);
}

/* Neither of what was made before it, nor of another patient. */
static void
test_an_access_that_was_does_not_open_for_other_work (void)
{
  g_autoptr (World) world = make_world ();
  g_autoptr (Station) station = station_new (world, world->gp_user);
  g_autofree char *two = g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1,\"text\":\"x\"}", world->two);
  g_autofree char *far = g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1,\"text\":\"x\"}", world->far);
  const struct {
    const char *fields;
    gint64 made;
  } tries[] = { { two, -HOUR }, { far, 0 } };
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, HOUR / 3);

  end_as (world, world->gp_user, access.id);
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    g_autoptr (FyrWireOutcome) outcome = NULL;
    char id[37];

    world_id (id);
    outcome = push_made_at (station, id, tries[i].fields, access.begin + tries[i].made);
    g_assert_cmpint (outcome->kind, ==, FYR_WIRE_OUTCOME_REFUSED);
    g_assert_cmpstr (outcome->code, ==, "unknown-record");
  }
}

/* What the role may write, it may write here too; afterwards the patient is as if not there. */
static void
test_a_note_is_written_while_it_lasts_and_not_after (void)
{
  g_autoptr (FyrWireOutcome) after = NULL;
  g_autoptr (World) world = make_world ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *fields =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":%" G_GINT64_FORMAT ",\"text\":\"Ringte 113\"}",
                       world->two, world->now);
  FyrWireEmergency access;
  char first[37], second[37];

  set_block (world, world->two, world->nurse, TRUE);
  access = open_for (world, world->nurse, NUMBER_TWO, HOUR);
  world_id (first);
  fyr_wire_outcome_free (
      station_try (station, "create", "note", first, 0, fields, NULL, FYR_WIRE_OUTCOME_APPLIED, ""));
  end_as (world, world->nurse, access.id);
  world_id (second);
  after = push_made_at (station, second, fields, access.begin - HOUR);
  g_assert_cmpint (after->kind, ==, FYR_WIRE_OUTCOME_REFUSED);
  g_assert_cmpstr (after->code, ==, "unknown-record");
}

static void
test_what_was_written_down_is_neither_changed_nor_deleted (void)
{
  const char *const tries[] = { "UPDATE emergency_access SET until_time = 0", "DELETE FROM emergency_access",
                                "UPDATE emergency_event SET action = 3", "DELETE FROM emergency_event" };
  g_autoptr (World) world = make_world ();
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, HOUR);

  end_as (world, world->gp_user, access.id);
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (write_sql (world, tries[i], &error));
    g_assert_nonnull (strstr (error->message, "append only"));
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_access"), ==, 1);
}

static FyrEmergencyAccess *
told_access (World *world, const char *user, const char *access_id)
{
  g_autoptr (Station) station = station_new (world, user);
  g_autoptr (GPtrArray) entries = station_pull_all (station);
  FyrPullEntry *entry = entries_find (entries, access_id);

  return entry != NULL ? g_object_ref ((FyrEmergencyAccess *)entry->record) : NULL;
}

/* The manager reads who and why; the patient is named to who reads the access log, and to nobody else. */
static void
test_those_who_answer_for_the_centre_are_told_and_nobody_else (void)
{
  g_autoptr (World) world = make_world ();
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  g_autoptr (FyrEmergencyAccess) manager = told_access (world, world->manager, access.id);
  g_autoptr (FyrEmergencyAccess) administrator = told_access (world, world->administrator, access.id);
  const char *const others[] = { world->nurse, world->gp_user, world->clerk, world->far_nurse };

  g_assert_cmpstr (fyr_emergency_access_get_reason_text (manager), ==, WHY);
  g_assert_cmpstr (fyr_emergency_access_get_user_name (manager), ==, "lege");
  g_assert_cmpint (fyr_emergency_access_get_user_role (manager), ==, FYR_ROLE_GP);
  g_assert_null (fyr_emergency_access_get_patient_id (manager));
  g_assert_null (fyr_emergency_access_get_patient_name (manager));
  g_assert_cmpstr (fyr_emergency_access_get_patient_name (administrator), ==, "To, Test");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_assert_null (told_access (world, others[i], access.id));
  }
}

static void
review (World *world,
        const char *user,
        const char *centre,
        const char *access,
        const char *action,
        FyrWireOutcomeKind kind,
        const char *code)
{
  g_autoptr (Station) station = station_new (world, user);
  g_autofree char *fields = g_strdup_printf (
      "{\"centre_id\":\"%s\",\"access_id\":\"%s\",\"action\":\"%s\",\"time\":%" G_GINT64_FORMAT
      ",\"text\":\"Sett på\"}",
      centre, access, action, world->now);
  char id[37];

  world_id (id);
  fyr_wire_outcome_free (station_try (station, "create", "emergency_event", id, 0, fields, NULL, kind, code));
}

static void
test_managers_and_administrators_review (void)
{
  g_autoptr (World) world = make_world ();
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  g_autoptr (FyrRecord) event = NULL;

  review (world, world->manager, world->centre, access.id, "seen", FYR_WIRE_OUTCOME_APPLIED, "");
  review (world, world->administrator, world->centre, access.id, "justified", FYR_WIRE_OUTCOME_APPLIED, "");
  review (world, world->manager, world->centre, access.id, "unjustified", FYR_WIRE_OUTCOME_APPLIED, "");
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_event WHERE actor_name = 'leder'"),
                   ==, 2);
  review (world, world->manager, world->centre, access.id, "ended", FYR_WIRE_OUTCOME_REFUSED, "invalid");
  review (world, world->manager, world->far_centre, access.id, "seen", FYR_WIRE_OUTCOME_REFUSED, "forbidden");
  review (world, world->manager, world->centre, world->one, "seen", FYR_WIRE_OUTCOME_REFUSED,
          "unknown-record");
  review (world, world->nurse, world->centre, access.id, "seen", FYR_WIRE_OUTCOME_REFUSED, "forbidden");
  review (world, world->gp_user, world->centre, access.id, "justified", FYR_WIRE_OUTCOME_REFUSED,
          "forbidden");
}

/* A GP who is manager too. */
static void
test_nobody_reviews_her_own (void)
{
  g_autoptr (World) world = make_world ();
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  FyrMembership *membership = fyr_membership_new ();
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (membership), id);
  fyr_membership_set_user_id (membership, world->gp_user);
  fyr_membership_set_centre_id (membership, world->centre);
  fyr_membership_set_role (membership, FYR_ROLE_MANAGER);
  world_put (world, membership);
  review (world, world->gp_user, world->centre, access.id, "justified", FYR_WIRE_OUTCOME_REFUSED,
          "forbidden");
}

static void
test_nobody_makes_an_access_by_push (void)
{
  g_autoptr (World) world = make_world ();
  const char *const users[] = { world->nurse, world->gp_user, world->manager, world->administrator };
  g_autofree char *fields =
      g_strdup_printf ("{\"centre_id\":\"%s\",\"begin_time\":1,\"until_time\":9999999999999}", world->centre);

  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autoptr (Station) station = station_new (world, users[i]);
    char id[37];

    world_id (id);
    fyr_wire_outcome_free (station_try (station, "create", "emergency_access", id, 0, fields, NULL,
                                        FYR_WIRE_OUTCOME_REFUSED, "forbidden"));
  }
}

/* An entry of the access log as a workstation pushes it; what the server made of it in @decision. */
static FyrAuditEvent *
log_display (World *world, const char *user, const char *patient, const char *claim, gint64 time)
{
  g_autoptr (Station) station = station_new (world, user);
  g_autofree char *decision =
      claim != NULL ? g_strdup_printf (",\"decision_id\":\"%s\"", claim) : g_strdup ("");
  g_autofree char *fields = g_strdup_printf (
      "{\"centre_id\":\"%s\",\"patient_id\":\"%s\",\"purpose\":\"treatment\",\"resource\":\"patient\","
      "\"channel\":\"screen\",\"recorded_time\":%" G_GINT64_FORMAT "%s}",
      world->centre, patient, time, decision);
  char id[37];

  world_id (id);
  fyr_wire_outcome_free (
      station_try (station, "create", "audit_event", id, 0, fields, NULL, FYR_WIRE_OUTCOME_APPLIED, ""));
  return FYR_AUDIT_EVENT (world_get (world, &fyr_audit_event_info, id));
}

static void
assert_decision (FyrAuditEvent *taken, const char *decision)
{
  g_autoptr (FyrAuditEvent) event = taken;

  g_assert_cmpstr (fyr_audit_event_get_decision_id (event), ==, decision);
  g_assert_cmpint (fyr_audit_event_get_purpose (event), ==,
                   decision != NULL ? FYR_AUDIT_PURPOSE_EMERGENCY : FYR_AUDIT_PURPOSE_TREATMENT);
}

static void
test_every_display_under_it_carries_its_id (void)
{
  g_autoptr (World) world = make_world ();
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  gint64 during = access.begin + 1;
  const char *gp = world->gp_user, *two = world->two;

  assert_decision (log_display (world, gp, two, access.id, during), access.id);
  assert_decision (log_display (world, gp, two, NULL, during), access.id);
  assert_decision (log_display (world, gp, two, world->one, during), access.id);
  assert_decision (log_display (world, gp, world->one, access.id, during), NULL);
  assert_decision (log_display (world, world->nurse, two, access.id, during), NULL);
  assert_decision (log_display (world, gp, two, NULL, access.begin - HOUR), NULL);
  assert_decision (log_display (world, gp, two, access.id, access.until + HOUR), NULL);
  end_as (world, gp, access.id);
  assert_decision (log_display (world, gp, two, access.id, during), access.id);
  assert_decision (log_display (world, gp, two, NULL, g_get_real_time () / 1000 + 10), NULL);
}

static gboolean
keep_house (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_housekeeping_run (context, 0, *(gint64 *)data, NULL, error);
}

static void
test_what_is_over_is_cleared_away_and_the_record_stays (void)
{
  g_autoptr (World) world = make_world ();
  FyrWireEmergency access = open_for (world, world->gp_user, NUMBER_TWO, 1);
  gint64 now;

  g_usleep (20000);
  now = access.until + 10;
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM patient_grant"), ==, 2);
  g_assert_true (fyr_server_db_write (world->db, keep_house, &now, NULL));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_grant"), ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM patient_grant"), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_access"), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_try"), ==, 1);
  now += FYR_EMERGENCY_TRIES_MS;
  g_assert_true (fyr_server_db_write (world->db, keep_house, &now, NULL));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM emergency_try"), ==, 0);
  /* And may be opened again. */
  open_for (world, world->gp_user, NUMBER_TWO, HOUR);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM patient_grant"), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fyr_log_set_enabled (FALSE);
#define ADD(name) g_test_add_func ("/server/emergency/" #name, test_##name)
  ADD (a_gp_opens_one_patient_of_another_list);
  ADD (no_access_lasts_longer_than_four_hours);
  ADD (a_barred_nurse_gets_the_patient_through_the_patients_own_feed);
  ADD (alone_is_said_as_long_as_nothing_else_opens_the_patient);
  ADD (it_ends_by_itself);
  ADD (only_who_opened_it_ends_it);
  ADD (wrong_password_unknown_number_and_other_tenant_are_one_answer);
  ADD (wrong_passwords_lock_out_as_at_sign_in);
  ADD (ten_tries_an_hour_are_all);
  ADD (who_sees_the_patient_already_opens_nothing);
  ADD (who_does_not_treat_opens_nobody);
  ADD (a_workstation_that_does_not_know_it_is_given_nothing);
  ADD (a_patient_who_moves_away_is_open_no_longer);
  ADD (a_note_is_written_while_it_lasts_and_not_after);
  ADD (work_that_arrives_after_its_end_is_kept_and_taken_in);
  ADD (an_access_that_was_does_not_open_for_other_work);
  ADD (what_was_written_down_is_neither_changed_nor_deleted);
  ADD (those_who_answer_for_the_centre_are_told_and_nobody_else);
  ADD (managers_and_administrators_review);
  ADD (nobody_reviews_her_own);
  ADD (nobody_makes_an_access_by_push);
  ADD (every_display_under_it_carries_its_id);
  ADD (what_is_over_is_cleared_away_and_the_record_stays);
  return g_test_run ();
}
