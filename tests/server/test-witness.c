/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What workstations give back after a restore is taken only when the server once signed it. */
#include <string.h>

#include "fyr-housekeeping.h"
#include "fyr-server-fixture.h"
#include "fyr-transaction.h"
#include "fyr-witness.h"

static FyrPullEntry *
pull_signed (World *world, const char *user, const char *id, FyrPullReply **page)
{
  g_autoptr (Station) station = station_new (world, user);

  *page = station_pull (station, FYR_PULL_DEFAULT_BYTES);
  g_assert_true ((*page)->complete);
  for (guint i = 0; i < (*page)->scopes->len; i++) {
    FyrPullScope *scope = (*page)->scopes->pdata[i];

    for (guint j = 0; j < scope->entries->len; j++) {
      FyrPullEntry *entry = scope->entries->pdata[j];

      if (g_str_equal (entry->id, id) && entry->op == FYR_PULL_OP_PUT) {
        return entry;
      }
    }
  }
  return NULL;
}

static gboolean
run_witness (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_witness_run (context, data, error);
}

/* Status; the first result in @result. */
static guint
offer (Station *station, const char *tag, FyrRecord *record, FyrWitnessResult *result)
{
  g_autoptr (FyrWitnessRequest) request = fyr_witness_request_new ();
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  g_autoptr (FyrWitnessReply) read = NULL;
  g_autoptr (GError) error = NULL;
  FyrWitness witness = { .request = request, .reply = reply };

  request->epoch = g_strdup (fyr_server_db_get_epoch (station->world->db));
  request->device = g_strdup (station->device);
  fyr_witness_request_add (request, tag, fyr_server_db_get_epoch (station->world->db), record);
  fyr_token_hash (station->token, witness.token);
  fyr_server_db_write (station->world->db, run_witness, &witness, &error);
  g_assert_no_error (error);
  if (reply->status == 200) {
    read = fyr_witness_reply_parse (reply->body->str, reply->body->len, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (read->results->len, ==, 1);
    *result = g_array_index (read->results, FyrWitnessResult, 0);
  }
  return reply->status;
}

static void
expect (Station *station, const char *tag, FyrRecord *record, FyrWitnessResult expected)
{
  FyrWitnessResult result = FYR_WITNESS_LATER;

  g_assert_cmpuint (offer (station, tag, record, &result), ==, 200);
  g_assert_cmpint (result, ==, expected);
}

static gboolean
run_sql (FyrWriteContext *context, gpointer sql, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), sql, error);
}

/* As if the row had never been, which is what a restore does to it. */
static void
lose (World *world, const char *kind)
{
  g_autofree char *sql = g_strdup_printf ("DELETE FROM \"%s\"", kind);

  g_assert_true (fyr_server_db_write (world->db, run_sql, sql, NULL));
}

typedef struct {
  World *world;
  Station *station;
  FyrPullReply *page;
  FyrPullEntry *entry;
} Case;

static void
case_init (Case *c)
{
  FyrNote *note;
  char id[37];

  c->world = world_new ();
  note = world_note (c->world, c->world->one, "Skrevet før uhellet");
  g_strlcpy (id, fyr_record_get_id (FYR_RECORD (note)), sizeof id);
  world_put (c->world, note);
  c->station = station_new (c->world, c->world->nurse_2);
  c->entry = pull_signed (c->world, c->world->nurse, id, &c->page);
  g_assert_nonnull (c->entry);
  g_assert_nonnull (c->entry->tag);
}

static void
case_clear (Case *c)
{
  fyr_pull_reply_free (c->page);
  station_free (c->station);
  world_free (c->world);
}

static void
test_signed_comes_back_once (void)
{
  Case c;
  g_autoptr (FyrRecord) back = NULL;
  g_autofree char *scope = NULL;
  gint64 head;

  case_init (&c);
  scope = g_strdup_printf ("%s/note", c.world->centre);
  lose (c.world, "note");
  head = world_head (c.world, scope);
  expect (c.station, c.entry->tag, c.entry->record, FYR_WITNESS_ACCEPTED);
  expect (c.station, c.entry->tag, c.entry->record, FYR_WITNESS_KNOWN);
  back = world_get (c.world, &fyr_note_info, c.entry->id);
  g_assert_true (fyr_record_equal (back, c.entry->record));
  g_assert_cmpint (fyr_record_get_version (back), ==, fyr_record_get_version (c.entry->record));
  g_assert_cmpint (world_head (c.world, scope), ==, head + 1);
  world_check_feeds (c.world);
  case_clear (&c);
}

static void
test_nothing_is_made_up (void)
{
  Case c;
  g_autoptr (FyrRecord) changed = NULL;
  g_autoptr (FyrRecord) newer = NULL;
  g_autoptr (FyrRecord) other = NULL;
  char id[37];

  case_init (&c);
  lose (c.world, "note");
  changed = fyr_record_copy (c.entry->record);
  fyr_note_set_text (FYR_NOTE (changed), "Skrevet etter uhellet");
  newer = fyr_record_copy (c.entry->record);
  fyr_record_set_version (newer, 9);
  other = fyr_record_copy (c.entry->record);
  world_id (id);
  fyr_record_set_id (other, id);
  expect (c.station, c.entry->tag, changed, FYR_WITNESS_REFUSED);
  expect (c.station, c.entry->tag, newer, FYR_WITNESS_REFUSED);
  expect (c.station, c.entry->tag, other, FYR_WITNESS_REFUSED);
  expect (c.station, "AAAAAAAAAAAAAAAAAAAAAA", c.entry->record, FYR_WITNESS_REFUSED);
  expect (c.station, "A", c.entry->record, FYR_WITNESS_REFUSED);
  g_assert_cmpint (world_count (c.world, "SELECT count(*) FROM note"), ==, 0);
  case_clear (&c);
}

static void
test_only_by_who_may_have_it (void)
{
  Case c;
  const char *users[3];

  case_init (&c);
  lose (c.world, "note");
  users[0] = c.world->clerk;
  users[1] = c.world->manager;
  users[2] = c.world->far_nurse;
  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autoptr (Station) station = station_new (c.world, users[i]);

    expect (station, c.entry->tag, c.entry->record, FYR_WITNESS_REFUSED);
  }
  g_assert_cmpint (world_count (c.world, "SELECT count(*) FROM note"), ==, 0);
  case_clear (&c);
}

static void
test_waits_for_its_patient (void)
{
  Case c;

  case_init (&c);
  lose (c.world, "note");
  lose (c.world, "patient");
  expect (c.station, c.entry->tag, c.entry->record, FYR_WITNESS_LATER);
  case_clear (&c);
}

static void
put_report (World *world, const char *external_id, char id[37])
{
  FyrMeasurement *measurement = world_measurement (world, world->one, 85);

  fyr_measurement_set_external_id (measurement, external_id);
  g_strlcpy (id, fyr_record_get_id (FYR_RECORD (measurement)), 37);
  world_put (world, measurement);
}

/* A gateway that got no answer before the uproar has reported again: its alert must not stand there twice. */
static void
test_report_that_came_again (void)
{
  Case c;
  char report[37], again[37], alert[37], event[37];
  FyrAlert *raised;
  FyrAlertEvent *happened = fyr_alert_event_new ();
  g_autoptr (FyrPullReply) reports = NULL, alerts = NULL, events = NULL;
  FyrPullEntry *signed_report, *signed_alert, *signed_event;

  case_init (&c);
  put_report (c.world, "urn:x|1", report);
  world_alert (c.world, c.world->one, alert);
  raised = FYR_ALERT (world_get (c.world, &fyr_alert_info, alert));
  fyr_alert_set_measurement_id (raised, report);
  world_put (c.world, raised);
  world_id (event);
  fyr_record_set_id (FYR_RECORD (happened), event);
  fyr_alert_event_set_alert_id (happened, alert);
  fyr_alert_event_set_patient_id (happened, c.world->one);
  fyr_alert_event_set_action (happened, FYR_ALERT_ACTION_RAISED);
  fyr_alert_event_set_time (happened, c.world->now);
  world_put (c.world, happened);
  signed_report = pull_signed (c.world, c.world->nurse, report, &reports);
  signed_alert = pull_signed (c.world, c.world->nurse, alert, &alerts);
  signed_event = pull_signed (c.world, c.world->nurse, event, &events);
  lose (c.world, "alert_event");
  lose (c.world, "alert");
  lose (c.world, "measurement");
  lose (c.world, "external_id");
  put_report (c.world, "urn:x|1", again);
  expect (c.station, signed_report->tag, signed_report->record, FYR_WITNESS_KNOWN);
  expect (c.station, signed_event->tag, signed_event->record, FYR_WITNESS_ACCEPTED);
  expect (c.station, signed_alert->tag, signed_alert->record, FYR_WITNESS_KNOWN);
  expect (c.station, signed_event->tag, signed_event->record, FYR_WITNESS_KNOWN);
  g_assert_null (world_get (c.world, &fyr_alert_info, alert));
  g_assert_null (world_get (c.world, &fyr_alert_event_info, event));
  g_assert_cmpint (world_count (c.world, "SELECT count (*) FROM measurement"), ==, 1);
  world_check_feeds (c.world);
  case_clear (&c);
}

static void
test_newer_and_deleted_stand (void)
{
  Case c;
  g_autoptr (FyrPullReply) page = NULL;
  FyrPullEntry *patient;
  g_autoptr (FyrRecord) now = NULL;
  char id[37];

  case_init (&c);
  patient = pull_signed (c.world, c.world->nurse, c.world->two, &page);
  world_put (c.world, world_patient (c.world, c.world->two, c.world->centre, NULL, "Nyere"));
  expect (c.station, patient->tag, patient->record, FYR_WITNESS_KNOWN);
  now = world_get (c.world, &fyr_patient_info, c.world->two);
  g_assert_cmpstr (fyr_patient_get_family_name (FYR_PATIENT (now)), ==, "Nyere");
  world_id (id);
  world_put (c.world, world_patient (c.world, id, c.world->centre, NULL, "Borte"));
  g_clear_pointer (&page, fyr_pull_reply_free);
  patient = pull_signed (c.world, c.world->nurse, id, &page);
  world_delete (c.world, &fyr_patient_info, id);
  expect (c.station, patient->tag, patient->record, FYR_WITNESS_KNOWN);
  g_assert_null (world_get (c.world, &fyr_patient_info, id));
  case_clear (&c);
}

static FyrWitnessResult
offer_deletion (Station *station, const char *tag, const char *kind, const char *id, gint64 version)
{
  g_autoptr (FyrWitnessRequest) request = fyr_witness_request_new ();
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  g_autoptr (FyrWitnessReply) read = NULL;
  FyrWitness witness = { .request = request, .reply = reply };

  request->epoch = g_strdup (fyr_server_db_get_epoch (station->world->db));
  request->device = g_strdup (station->device);
  fyr_witness_request_add_deletion (request, tag, request->epoch, kind, id, version);
  fyr_token_hash (station->token, witness.token);
  g_assert_true (fyr_server_db_write (station->world->db, run_witness, &witness, NULL));
  g_assert_cmpuint (reply->status, ==, 200);
  read = fyr_witness_reply_parse (reply->body->str, reply->body->len, NULL);
  g_assert_cmpuint (read->results->len, ==, 1);
  return g_array_index (read->results, FyrWitnessResult, 0);
}

static FyrRecord *
new_condition (World *world, const char *id)
{
  FyrCondition *condition = fyr_condition_new ();

  fyr_record_set_id (FYR_RECORD (condition), id);
  fyr_condition_set_patient_id (condition, world->one);
  fyr_condition_set_display (condition, "Kols");
  return FYR_RECORD (condition);
}

/* A diagnosis made and deleted, as a workstation hears of it: its deletion's tag in @tag. */
static void
delete_condition (Case *c, char id[37], char tag[FYR_WITNESS_TAG_SIZE])
{
  g_autoptr (Station) station = station_new (c->world, c->world->nurse);
  g_autoptr (GPtrArray) entries = NULL;
  FyrPullEntry *entry;

  world_id (id);
  world_put (c->world, new_condition (c->world, id));
  world_delete (c->world, &fyr_condition_info, id);
  entries = station_pull_all (station);
  entry = entries_find (entries, id);
  g_assert_cmpint (entry->op, ==, FYR_PULL_OP_DELETE);
  g_assert_cmpint (entry->version, ==, 2);
  g_strlcpy (tag, entry->tag, FYR_WITNESS_TAG_SIZE);
}

/* The backup has the row, or nothing of it: either way the deletion comes back, and the row does not rise again. */
static void
test_deletion_comes_back (gconstpointer was_there)
{
  Case c;
  char id[37], tag[FYR_WITNESS_TAG_SIZE];
  g_autoptr (FyrRecord) older = NULL;
  FyrWitnessKey key;
  char older_tag[FYR_WITNESS_TAG_SIZE];

  case_init (&c);
  delete_condition (&c, id, tag);
  lose (c.world, "tombstone");
  if (was_there) {
    world_put (c.world, new_condition (c.world, id));
  }
  g_assert_cmpint (offer_deletion (c.station, tag, "condition", id, 2), ==, FYR_WITNESS_ACCEPTED);
  g_assert_cmpint (offer_deletion (c.station, tag, "condition", id, 2), ==, FYR_WITNESS_KNOWN);
  g_assert_null (world_get (c.world, &fyr_condition_info, id));
  older = new_condition (c.world, id);
  fyr_record_set_version (older, 1);
  g_assert_true (fyr_witness_key_load (&key, fyr_server_db_get_connection (c.world->db), NULL));
  fyr_witness_sign (&key, older, older_tag);
  expect (c.station, older_tag, older, FYR_WITNESS_KNOWN);
  g_assert_null (world_get (c.world, &fyr_condition_info, id));
  world_check_feeds (c.world);
  case_clear (&c);
}

static void
test_no_deletion_is_made_up (void)
{
  Case c;
  char id[37], other[37], tag[FYR_WITNESS_TAG_SIZE];
  g_autoptr (Station) far = NULL;

  case_init (&c);
  far = station_new (c.world, c.world->far_nurse);
  delete_condition (&c, id, tag);
  lose (c.world, "tombstone");
  world_put (c.world, new_condition (c.world, id));
  world_id (other);
  world_put (c.world, new_condition (c.world, other));
  g_assert_cmpint (offer_deletion (c.station, tag, "condition", other, 2), ==, FYR_WITNESS_REFUSED);
  g_assert_cmpint (offer_deletion (c.station, tag, "condition", id, 3), ==, FYR_WITNESS_REFUSED);
  g_assert_cmpint (offer_deletion (c.station, tag, "related_person", id, 2), ==, FYR_WITNESS_REFUSED);
  g_assert_cmpint (offer_deletion (c.station, c.entry->tag, "note", c.entry->id, 1), ==, FYR_WITNESS_REFUSED);
  g_assert_cmpint (offer_deletion (c.station, tag, "of_a_later_program", id, 2), ==, FYR_WITNESS_LATER);
  g_assert_cmpint (offer_deletion (far, tag, "condition", id, 2), ==, FYR_WITNESS_REFUSED);
  g_assert_cmpint (world_count (c.world, "SELECT count (*) FROM condition"), ==, 2);
  g_assert_cmpint (world_count (c.world, "SELECT count (*) FROM tombstone"), ==, 0);
  case_clear (&c);
}

/* What somebody wrote since, not knowing of the deletion, stands. */
static void
test_deletion_gives_way_to_newer_work (void)
{
  Case c;
  char id[37], tag[FYR_WITNESS_TAG_SIZE];

  case_init (&c);
  delete_condition (&c, id, tag);
  lose (c.world, "tombstone");
  world_put (c.world, new_condition (c.world, id));
  world_put (c.world, new_condition (c.world, id));
  g_assert_cmpint (offer_deletion (c.station, tag, "condition", id, 2), ==, FYR_WITNESS_KNOWN);
  g_assert_cmpint (world_count (c.world, "SELECT count (*) FROM condition"), ==, 1);
  case_clear (&c);
}

static void
test_roles_do_not_come_back (void)
{
  Case c;
  FyrWitnessKey key;
  char tag[FYR_WITNESS_TAG_SIZE];
  FyrMembership *membership = fyr_membership_new ();
  char id[37];

  case_init (&c);
  world_id (id);
  fyr_record_set_id (FYR_RECORD (membership), id);
  fyr_record_set_version (FYR_RECORD (membership), 1);
  fyr_membership_set_user_id (membership, c.world->clerk);
  fyr_membership_set_centre_id (membership, c.world->centre);
  fyr_membership_set_role (membership, FYR_ROLE_NURSE);
  g_assert_true (fyr_witness_key_load (&key, fyr_server_db_get_connection (c.world->db), NULL));
  fyr_witness_sign (&key, FYR_RECORD (membership), tag);
  expect (c.station, tag, FYR_RECORD (membership), FYR_WITNESS_REFUSED);
  for (guint i = 0; i < c.page->scopes->len; i++) {
    FyrPullScope *scope = c.page->scopes->pdata[i];

    for (guint j = 0; j < scope->entries->len; j++) {
      FyrPullEntry *entry = scope->entries->pdata[j];

      g_assert_true (entry->tag == NULL || !g_str_equal (entry->kind, "membership"));
      g_assert_true (entry->tag == NULL || !g_str_equal (entry->kind, "user"));
    }
  }
  g_object_unref (membership);
  case_clear (&c);
}

/* Who sees a part of a record could give back a part only. */
static void
test_parts_are_not_signed (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (FyrPullReply) clerk_page = NULL;
  g_autoptr (FyrPullReply) nurse_page = NULL;
  FyrPullEntry *part = pull_signed (world, world->clerk, world->one, &clerk_page);
  FyrPullEntry *whole = pull_signed (world, world->nurse, world->one, &nurse_page);

  g_assert_null (part->tag);
  g_assert_nonnull (whole->tag);
}

static void
test_old_entries_are_not_signed (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (FyrPullReply) page = NULL;
  FyrPullEntry *entry;
  char sql[] = "INSERT INTO feed_mark (scope, time, head) SELECT id, 1000, head FROM scope";

  g_assert_true (fyr_server_db_write (world->db, run_sql, sql, NULL));
  entry = pull_signed (world, world->nurse, world->one, &page);
  g_assert_null (entry->tag);
  world_put (world, world_patient (world, world->two, world->centre, NULL, "Fersk"));
  g_clear_pointer (&page, fyr_pull_reply_free);
  entry = pull_signed (world, world->nurse, world->two, &page);
  g_assert_nonnull (entry->tag);
}

static gboolean
keep_house (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_housekeeping_run (context, 0, *(gint64 *)data, NULL, error);
}

static void
keep_house_at (World *world, gint64 time)
{
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (world->db, keep_house, &time, &error);
  g_assert_no_error (error);
}

static void
test_marks_follow_the_days (void)
{
  const gint64 day = G_GINT64_CONSTANT (24) * 3600 * 1000;
  gint64 now = g_get_real_time () / 1000;
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPullReply) page = NULL;

  keep_house_at (world, now - 60 * day);
  world_put (world, world_note (world, world->one, "Siden da"));
  keep_house_at (world, now - 50 * day);
  keep_house_at (world, now - 49 * day);
  world_put (world, world_patient (world, world->two, world->centre, NULL, "Fersk"));
  keep_house_at (world, now);
  page = station_pull (station, FYR_PULL_DEFAULT_BYTES);
  for (guint i = 0; i < page->scopes->len; i++) {
    FyrPullScope *scope = page->scopes->pdata[i];

    for (guint j = 0; j < scope->entries->len; j++) {
      FyrPullEntry *entry = scope->entries->pdata[j];

      g_assert_true ((entry->tag != NULL) ==
                     (g_str_equal (entry->id, world->two) && entry->op == FYR_PULL_OP_PUT));
    }
  }
  g_assert_cmpint (
      world_count (world,
                   "SELECT max (n) FROM (SELECT count(*) AS n FROM feed_mark GROUP BY scope) AS marks"),
      <=, 2);
}

static void
test_outcomes_are_kept_while_a_workstation_lives (void)
{
  const gint64 day = G_GINT64_CONSTANT (24) * 3600 * 1000;
  gint64 now = g_get_real_time () / 1000;
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *fields =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"x\"}", world->one);
  char id[37];

  world_id (id);
  fyr_wire_outcome_free (
      station_try (station, "create", "note", id, 0, fields, NULL, FYR_WIRE_OUTCOME_APPLIED, ""));
  keep_house_at (world, now + (FYR_OUTCOME_DAYS - 1) * day);
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM mutation"), ==, 1);
  keep_house_at (world, now + (FYR_OUTCOME_DAYS + 1) * day);
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM mutation"), ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM workstation"), ==, 0);
}

static void
test_session_device_and_epoch (void)
{
  Case c;
  FyrWitnessResult result;

  case_init (&c);
  world_id (c.station->device);
  g_assert_cmpuint (offer (c.station, c.entry->tag, c.entry->record, &result), ==, 403);
  g_free (c.station->token);
  c.station->token = g_strdup ("nobody's");
  g_assert_cmpuint (offer (c.station, c.entry->tag, c.entry->record, &result), ==, 401);
  case_clear (&c);
}

static void
test_key_is_each_databases_own (void)
{
  g_autoptr (World) one = world_new ();
  g_autoptr (World) other = world_new ();
  FyrWitnessKey a, b;

  g_assert_true (fyr_witness_key_load (&a, fyr_server_db_get_connection (one->db), NULL));
  g_assert_true (fyr_witness_key_load (&b, fyr_server_db_get_connection (other->db), NULL));
  g_assert_cmpint (memcmp (&a, &b, sizeof a), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/witness/what was signed comes back, verbatim and once",
                   test_signed_comes_back_once);
  g_test_add_func ("/server/witness/nothing can be made up or changed", test_nothing_is_made_up);
  g_test_add_func ("/server/witness/it is taken only from who may have it", test_only_by_who_may_have_it);
  g_test_add_func ("/server/witness/it waits for its patient", test_waits_for_its_patient);
  g_test_add_func ("/server/witness/a report that came again is not there twice, nor its alert",
                   test_report_that_came_again);
  g_test_add_func ("/server/witness/what is newer or deleted stands", test_newer_and_deleted_stand);
  g_test_add_data_func ("/server/witness/a deletion comes back", NULL, test_deletion_comes_back);
  g_test_add_data_func ("/server/witness/a deletion comes back over the row of the backup", "",
                        test_deletion_comes_back);
  g_test_add_func ("/server/witness/no deletion can be made up", test_no_deletion_is_made_up);
  g_test_add_func ("/server/witness/a deletion gives way to newer work",
                   test_deletion_gives_way_to_newer_work);
  g_test_add_func ("/server/witness/nobody gets a role back by having seen it", test_roles_do_not_come_back);
  g_test_add_func ("/server/witness/who sees a part is given no tag", test_parts_are_not_signed);
  g_test_add_func ("/server/witness/what is older than any memory is told without",
                   test_old_entries_are_not_signed);
  g_test_add_func ("/server/housekeeping/each day's heads are noted, and no more than needed",
                   test_marks_follow_the_days);
  g_test_add_func ("/server/housekeeping/outcomes are kept while their workstation lives",
                   test_outcomes_are_kept_while_a_workstation_lives);
  g_test_add_func ("/server/witness/session, device and epoch are asked", test_session_device_and_epoch);
  g_test_add_func ("/server/witness/each database has a secret of its own", test_key_is_each_databases_own);
  return g_test_run ();
}
