/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record-table.h"
#include "fyr-server-fixture.h"
#include "fyr-witness.h"

/*
 * A server restored from a backup goes on at once; what its former life lost comes back later, from whoever has it, in
 * higher versions. What was written since the restore is not lost to it: fields written in this life stand, the others
 * are as the former life left them.
 */

typedef struct {
  World *world;
  Station *kari;
  Station *ola;
  char *former; /* epoch */
  char tag[FYR_WITNESS_TAG_SIZE];
  FyrRecord *lost; /* as the former life had it last */
} Case;

static char *
fields_of (const char *name, const char *value)
{
  return value != NULL ? g_strdup_printf ("{\"%s\":\"%s\"}", name, value)
                       : g_strdup_printf ("{\"%s\":null}", name);
}

/* A nurse changes one field of the patient from the version she sees. */
static gint64
write_field (Station *station, const char *name, const char *from, const char *to)
{
  g_autofree char *fields = fields_of (name, to);
  g_autofree char *bases = fields_of (name, from);
  g_autoptr (FyrRecord) seen = world_get (station->world, &fyr_patient_info, station->world->one);
  g_autoptr (FyrWireOutcome) outcome =
      station_try (station, "update", "patient", station->world->one, fyr_record_get_version (seen), fields,
                   bases, FYR_WIRE_OUTCOME_APPLIED, "");

  return outcome->version;
}

/* The patient as a workstation holds her, signed. */
static void
keep_witness (Case *c)
{
  FyrWitnessKey key;

  g_assert_true (fyr_witness_key_load (&key, fyr_server_db_get_connection (c->world->db), NULL));
  g_clear_object (&c->lost);
  c->lost = world_get (c->world, &fyr_patient_info, c->world->one);
  fyr_witness_sign (&key, c->lost, c->tag);
}

static gboolean
restore_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), data, error);
}

/* As the backup had the patient; history of the former life is gone, and the life has another name. */
static void
restore (Case *c, FyrRecord *backup)
{
  g_autoptr (GError) error = NULL;

  fyr_server_db_write (c->world->db, restore_job, (gpointer) "DELETE FROM history; DELETE FROM resent",
                       &error);
  g_assert_no_error (error);
  g_assert_true (fyr_record_table_put (fyr_server_db_get_connection (c->world->db), backup, &error));
  c->former = g_strdup (fyr_server_db_get_epoch (c->world->db));
  g_assert_true (fyr_server_db_renew_epoch (c->world->db, &error));
  g_usleep (2000);
}

/* Before the uproar telephone and city were changed, in three versions that the backup lacks. */
static void
case_begin (Case *c)
{
  g_autoptr (FyrRecord) backup = NULL;

  *c = (Case){ .world = world_new () };
  c->kari = station_new (c->world, c->world->nurse);
  c->ola = station_new (c->world, c->world->nurse_2);
  backup = world_get (c->world, &fyr_patient_info, c->world->one);
  write_field (c->kari, "telephone", NULL, "11111111");
  write_field (c->kari, "city", NULL, "Bodø");
  write_field (c->kari, "zone", "green", "yellow");
  keep_witness (c);
  restore (c, backup);
  station_free (c->kari);
  c->kari = station_new (c->world, c->world->nurse);
}

static void
case_end (Case *c)
{
  world_check_feeds (c->world);
  g_object_unref (c->lost);
  g_free (c->former);
  station_free (c->kari);
  station_free (c->ola);
  world_free (c->world);
}

static gboolean
run_witness (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_witness_run (context, data, error);
}

static FyrWitnessResult
offer (Case *c, FyrRecord *record, const char *tag)
{
  g_autoptr (FyrWitnessRequest) request = fyr_witness_request_new ();
  g_autoptr (FyrReply) reply = fyr_reply_new ();
  g_autoptr (FyrWitnessReply) read = NULL;
  FyrWitness witness = { .request = request, .reply = reply };

  request->epoch = g_strdup (fyr_server_db_get_epoch (c->world->db));
  request->device = g_strdup (c->ola->device);
  fyr_witness_request_add (request, tag, c->former, record);
  fyr_token_hash (c->ola->token, witness.token);
  g_assert_true (fyr_server_db_write (c->world->db, run_witness, &witness, NULL));
  g_assert_cmpuint (reply->status, ==, 200);
  read = fyr_witness_reply_parse (reply->body->str, reply->body->len, NULL);
  return g_array_index (read->results, FyrWitnessResult, 0);
}

static void
assert_patient (Case *c, gint64 version, const char *telephone, const char *city, FyrZone zone)
{
  g_autoptr (FyrRecord) stands = world_get (c->world, &fyr_patient_info, c->world->one);

  g_assert_cmpint (fyr_record_get_version (stands), ==, version);
  g_assert_cmpstr (fyr_patient_get_telephone (FYR_PATIENT (stands)), ==, telephone);
  g_assert_cmpstr (fyr_patient_get_city (FYR_PATIENT (stands)), ==, city);
  g_assert_cmpint (fyr_patient_get_zone (FYR_PATIENT (stands)), ==, zone);
}

/* Nothing was written since: verbatim, with its version. */
static void
test_untouched_it_comes_back_verbatim (void)
{
  Case c;

  case_begin (&c);
  g_assert_cmpint (offer (&c, c.lost, c.tag), ==, FYR_WITNESS_ACCEPTED);
  assert_patient (&c, 4, "11111111", "Bodø", FYR_ZONE_YELLOW);
  case_end (&c);
}

/* A field of each sort written since stands; what the former life changed beside it comes back, as one version more. */
static void
test_what_was_written_since_stands (void)
{
  static const struct {
    const char *name;
    const char *from;
    const char *to;
    const char *telephone;
    const char *city;
    FyrZone zone;
  } cases[] = {
    { "telephone", NULL, "22222222", "22222222", "Bodø", FYR_ZONE_YELLOW },
    { "city", NULL, "Oslo", "11111111", "Oslo", FYR_ZONE_YELLOW },
    { "zone", "green", "red", "11111111", "Bodø", FYR_ZONE_RED },
    { "gp_id", NULL, NULL, "11111111", "Bodø", FYR_ZONE_YELLOW },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    Case c;

    case_begin (&c);
    if (cases[i].to != NULL) {
      g_assert_cmpint (write_field (c.ola, cases[i].name, cases[i].from, cases[i].to), ==, 2);
    }
    g_assert_cmpint (offer (&c, c.lost, c.tag), ==, FYR_WITNESS_ACCEPTED);
    assert_patient (&c, cases[i].to != NULL ? 5 : 4, cases[i].telephone, cases[i].city, cases[i].zone);
    /* Offered once more by another it is known. */
    g_assert_cmpint (offer (&c, c.lost, c.tag), ==, FYR_WITNESS_KNOWN);
    case_end (&c);
  }
}

/* Emptied since, a field stays empty. */
static void
test_what_was_emptied_since_stays_empty (void)
{
  Case c;

  case_begin (&c);
  write_field (c.ola, "telephone", NULL, "22222222");
  write_field (c.ola, "telephone", "22222222", NULL);
  g_assert_cmpint (offer (&c, c.lost, c.tag), ==, FYR_WITNESS_ACCEPTED);
  assert_patient (&c, 5, NULL, "Bodø", FYR_ZONE_YELLOW);
  case_end (&c);
}

/* Two witnesses, the older first: what was written since stands over both, all else is the newest. */
static void
test_of_two_witnesses_the_newer_counts (void)
{
  Case c;
  g_autoptr (FyrRecord) older = NULL;
  char older_tag[FYR_WITNESS_TAG_SIZE];
  FyrWitnessKey key;

  case_begin (&c);
  g_assert_true (fyr_witness_key_load (&key, fyr_server_db_get_connection (c.world->db), NULL));
  older = fyr_record_copy (c.lost);
  fyr_patient_set_zone (FYR_PATIENT (older), FYR_ZONE_GREEN);
  fyr_record_set_version (older, 3);
  fyr_witness_sign (&key, older, older_tag);
  /* Twice as far ahead, so that the first one's merge is below it. */
  fyr_record_set_version (c.lost, 9);
  fyr_witness_sign (&key, c.lost, c.tag);
  write_field (c.ola, "city", NULL, "Oslo");
  g_assert_cmpint (offer (&c, older, older_tag), ==, FYR_WITNESS_ACCEPTED);
  assert_patient (&c, 4, "11111111", "Oslo", FYR_ZONE_GREEN);
  g_assert_cmpint (offer (&c, c.lost, c.tag), ==, FYR_WITNESS_ACCEPTED);
  assert_patient (&c, 10, "11111111", "Oslo", FYR_ZONE_YELLOW);
  case_end (&c);
}

/* Its author sent a value of the former life again: a witness of a later version of that life knows better. */
static void
test_what_was_only_sent_again_gives_way (void)
{
  Case c;
  g_autofree char *sql = NULL;

  case_begin (&c);
  write_field (c.kari, "telephone", NULL, "10000000");
  write_field (c.ola, "city", NULL, "Oslo");
  sql = g_strdup_printf (
      "INSERT INTO resent (kind, id, field, epoch, version, time) SELECT kind, id, field, '%s', 2, time"
      " FROM history WHERE field = 'telephone'",
      c.former);
  g_assert_true (fyr_server_db_write (c.world->db, restore_job, sql, NULL));
  g_assert_cmpint (offer (&c, c.lost, c.tag), ==, FYR_WITNESS_ACCEPTED);
  assert_patient (&c, 5, "11111111", "Oslo", FYR_ZONE_YELLOW);
  case_end (&c);
}

/* An alert that the former life left taken, in version 5; the backup has it open. */
static void
lose_alert (Case *c, char id[37])
{
  FyrWitnessKey key;

  world_alert (c->world, c->world->one, id);
  g_assert_true (fyr_witness_key_load (&key, fyr_server_db_get_connection (c->world->db), NULL));
  g_clear_object (&c->lost);
  c->lost = world_get (c->world, &fyr_alert_info, id);
  fyr_alert_set_status (FYR_ALERT (c->lost), FYR_ALERT_STATUS_TAKEN);
  fyr_alert_set_assignee_id (FYR_ALERT (c->lost), c->world->nurse_2);
  fyr_record_set_version (c->lost, 5);
  fyr_witness_sign (&key, c->lost, c->tag);
}

static void
do_command (Case *c, const char *verb, const char *alert, const char *more)
{
  g_autofree char *fields = NULL;
  g_autoptr (FyrWireOutcome) outcome = NULL;
  char event[37];

  world_id (event);
  fields = g_strdup_printf ("{\"event_id\":\"%s\"%s}", event, more);
  outcome = station_try (c->kari, verb, "alert", alert, 1, fields, NULL, FYR_WIRE_OUTCOME_APPLIED, "");
}

static FyrAlertStatus
status_of (Case *c, const char *alert)
{
  g_autoptr (FyrRecord) stands = world_get (c->world, &fyr_alert_info, alert);

  return fyr_alert_get_status (FYR_ALERT (stands));
}

/* Closed since the restore it stays closed; one that nobody touched comes back as it was. */
static void
test_an_alert_stays_as_it_was_left_since (void)
{
  for (int touched = 0; touched <= 1; touched++) {
    Case c;
    char alert[37];

    case_begin (&c);
    lose_alert (&c, alert);
    c.world->now = g_get_real_time () / 1000;
    if (touched) {
      do_command (&c, "take", alert, "");
      do_command (&c, "close", alert, ",\"outcome\":\"no-action\"");
    }
    g_assert_cmpint (offer (&c, c.lost, c.tag), ==, touched ? FYR_WITNESS_KNOWN : FYR_WITNESS_ACCEPTED);
    g_assert_cmpint (status_of (&c, alert), ==, touched ? FYR_ALERT_STATUS_CLOSED : FYR_ALERT_STATUS_TAKEN);
    case_end (&c);
  }
}

/* In the first life of a database nothing can have been lost: no more is kept than what conflicts need. */
static void
test_before_any_restore_no_more_is_kept (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);

  write_field (kari, "city", NULL, "Bodø");
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM history"), ==, 0);
  write_field (kari, "zone", "green", "red");
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM history"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/new-life/" #name, test_##name)
  ADD (untouched_it_comes_back_verbatim);
  ADD (what_was_written_since_stands);
  ADD (what_was_emptied_since_stays_empty);
  ADD (of_two_witnesses_the_newer_counts);
  ADD (what_was_only_sent_again_gives_way);
  ADD (an_alert_stays_as_it_was_left_since);
  ADD (before_any_restore_no_more_is_kept);
  return g_test_run ();
}
