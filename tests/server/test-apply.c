/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-external-id.h"
#include "fyr-server-fixture.h"

/* How records change and which feeds hear of it. */

static char *
scope (const char *owner, const char *name)
{
  return g_strdup_printf ("%s/%s", owner, name);
}

static gint64
entries_of (World *world, const char *feed, const char *kind, int op)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT count (*) FROM feed f JOIN scope s ON s.id = f.scope"
                       " JOIN kind k ON k.id = f.kind WHERE s.name = '%s' AND k.name = '%s'"
                       " AND f.op = %d",
                       feed, kind, op);

  return world_count (world, sql);
}

static void
test_versions_count_from_one (void)
{
  g_autoptr (World) world = world_new ();
  char id[37];

  world_id (id);
  for (gint64 i = 1; i <= 4; i++) {
    g_autoptr (FyrRecord) stored = NULL;
    FyrPatient *patient = world_patient (world, id, world->centre, NULL, "Ny");

    world_put (world, patient);
    stored = world_get (world, &fyr_patient_info, id);
    g_assert_cmpint (fyr_record_get_version (stored), ==, i);
  }
}

static void
test_a_deleted_record_comes_back_with_a_later_version (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (FyrRecord) gone = NULL;
  g_autoptr (FyrRecord) back = NULL;
  char id[37];

  world_id (id);
  world_put (world, world_patient (world, id, world->centre, NULL, "Ny"));
  world_delete (world, &fyr_patient_info, id);
  gone = world_get (world, &fyr_patient_info, id);
  g_assert_null (gone);
  world_put (world, world_patient (world, id, world->centre, NULL, "Ny"));
  back = world_get (world, &fyr_patient_info, id);
  g_assert_cmpint (fyr_record_get_version (back), ==, 3);
}

static void
test_a_record_that_is_not_valid_is_refused_whole (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GError) error = NULL;
  gint64 before = world_count (world, "SELECT sum (head) FROM scope");
  FyrNote *note = world_note (world, world->one, "tekst");

  fyr_record_clear (FYR_RECORD (note), FYR_NOTE_TEXT);
  error = world_put_fails (world, note);
  g_assert_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_MISSING);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 0);
  g_assert_cmpint (world_count (world, "SELECT sum (head) FROM scope"), ==, before);
}

static void
test_a_record_of_an_unknown_patient_is_refused (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (GError) error = NULL;
  char nobody[37];

  world_id (nobody);
  error = world_put_fails (world, world_note (world, nobody, "tekst"));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN);
  g_assert_null (strstr (error->message, nobody));
}

static void
test_each_kind_goes_into_the_feed_of_its_class (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *notes = scope (world->centre, "note");
  g_autofree char *measurements = scope (world->centre, "measurement");
  g_autofree char *plans = scope (world->centre, "plan");
  g_autofree char *alerts = scope (world->centre, "alert");
  g_autofree char *roster = scope (world->centre, "roster");
  char id[37];

  world_put (world, world_note (world, world->two, "tekst"));
  world_put (world, world_measurement (world, world->two, 90));
  world_put (world, world_limit (world, world->two, world->now));
  world_alert (world, world->two, id);
  g_assert_cmpint (entries_of (world, notes, "note", 1), ==, 1);
  g_assert_cmpint (entries_of (world, measurements, "measurement", 1), ==, 1);
  g_assert_cmpint (entries_of (world, plans, "limit", 1), ==, 1);
  g_assert_cmpint (entries_of (world, alerts, "alert", 1), ==, 1);
  g_assert_cmpint (entries_of (world, roster, "patient", 1), ==, 2);
  g_assert_cmpint (entries_of (world, "global/configuration", "centre", 1), ==, 2);
  g_assert_cmpint (entries_of (world, "global/configuration", "gp", 1), ==, 2);
  world_check_feeds (world);
}

static void
test_a_centres_feed_hears_nothing_of_another_centre (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *notes = scope (world->centre, "note");
  g_autofree char *far_notes = scope (world->far_centre, "note");

  world_put (world, world_note (world, world->far, MARK_FAR));
  g_assert_cmpint (world_head (world, notes), ==, 0);
  g_assert_cmpint (world_head (world, far_notes), ==, 1);
}

static void
test_a_patient_on_a_list_has_a_feed_of_its_own (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->one);
  g_autofree char *other = g_strdup_printf ("patient:%s", world->two);
  g_autofree char *far = g_strdup_printf ("patient:%s", world->far);

  g_assert_cmpint (world_head (world, own), ==, 1);
  world_put (world, world_note (world, world->one, "tekst"));
  world_put (world, world_note (world, world->two, "tekst"));
  g_assert_cmpint (world_head (world, own), ==, 2);
  g_assert_cmpint (world_head (world, other), ==, 0);
  /* On the same GP's list, but at a centre where that GP has no part. */
  world_put (world, world_note (world, world->far, "tekst"));
  g_assert_cmpint (world_head (world, far), ==, 0);
}

static void
test_granting_enters_the_whole_record_set_at_once (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->two);
  char alert[37];
  gint64 head;

  for (guint i = 0; i < 5; i++) {
    world_put (world, world_note (world, world->two, "tekst"));
    world_put (world, world_measurement (world, world->two, 90));
  }
  world_alert (world, world->two, alert);
  g_assert_cmpint (world_head (world, own), ==, 0);
  world_put (world, world_patient (world, world->two, world->centre, world->gp, "To"));
  head = world_head (world, own);
  g_assert_cmpint (head, ==, 12);
  g_assert_cmpint (entries_of (world, own, "note", 1), ==, 5);
  g_assert_cmpint (entries_of (world, own, "measurement", 1), ==, 5);
  g_assert_cmpint (entries_of (world, own, "alert", 1), ==, 1);
  g_assert_cmpint (entries_of (world, own, "patient", 1), ==, 1);
  world_put (world, world_note (world, world->two, "tekst"));
  g_assert_cmpint (world_head (world, own), ==, head + 1);
  world_check_feeds (world);
}

static void
test_a_feed_stops_when_nobody_may_read_it (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->one);
  gint64 head;

  world_put (world, world_patient (world, world->one, world->centre, NULL, "Ett"));
  head = world_head (world, own);
  world_put (world, world_note (world, world->one, "tekst"));
  g_assert_cmpint (world_head (world, own), ==, head);
}

static void
test_a_list_of_a_gp_without_part_gives_no_feed (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->two);

  world_put (world, world_patient (world, world->two, world->centre, world->other_gp, "To"));
  world_put (world, world_note (world, world->two, "tekst"));
  g_assert_cmpint (world_head (world, own), ==, 0);
}

static void
test_a_new_membership_fills_the_feeds_of_the_list (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->two);
  char user[37];

  world_put (world, world_patient (world, world->two, world->centre, world->other_gp, "To"));
  world_put (world, world_note (world, world->two, "tekst"));
  world_user (world, "ny lege", FYR_ROLE_GP, world->centre, world->other_gp, user);
  g_assert_cmpint (world_head (world, own), ==, 2);
  world_put (world, world_note (world, world->two, "tekst"));
  g_assert_cmpint (world_head (world, own), ==, 3);
  world_check_feeds (world);
}

static void
test_a_nurses_membership_with_a_list_gives_no_feed (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->two);
  char user[37];

  world_put (world, world_patient (world, world->two, world->centre, world->other_gp, "To"));
  world_user (world, "sykepleier", FYR_ROLE_NURSE, world->centre, world->other_gp, user);
  g_assert_cmpint (world_head (world, own), ==, 0);
}

static FyrMembership *
membership_of (World *world, const char *user)
{
  g_autoptr (FyrStatement) select = NULL;
  g_autoptr (GError) error = NULL;
  FyrRecord *record;
  char id[37];

  select = fyr_connection_prepare (fyr_server_db_get_connection (world->db),
                                   "SELECT id FROM membership WHERE user_id = ?1", &error);
  fyr_statement_bind_id (select, 1, user);
  g_assert_cmpint (fyr_statement_step (select, &error), ==, FYR_STEP_ROW);
  g_strlcpy (id, fyr_statement_get_id (select, 0), sizeof id);
  g_clear_pointer (&select, fyr_statement_free);
  record = world_get (world, &fyr_membership_info, id);
  return FYR_MEMBERSHIP (record);
}

static void
test_an_ended_membership_stops_the_feeds_of_the_list (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->one);
  FyrMembership *membership = membership_of (world, world->gp_user);
  gint64 head;

  fyr_membership_set_valid_to (membership, world->now - 1000);
  world_put (world, membership);
  head = world_head (world, own);
  world_put (world, world_note (world, world->one, "tekst"));
  g_assert_cmpint (world_head (world, own), ==, head);
  /* And given again, the feed holds what came meanwhile. */
  membership = membership_of (world, world->gp_user);
  fyr_record_clear (FYR_RECORD (membership), FYR_MEMBERSHIP_VALID_TO);
  world_put (world, membership);
  g_assert_cmpint (entries_of (world, own, "note", 1), ==, 1);
  world_check_feeds (world);
}

static void
test_a_patient_who_moves_leaves_the_old_centre_with_everything (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *old_notes = scope (world->centre, "note");
  g_autofree char *new_notes = scope (world->far_centre, "note");
  g_autofree char *old_roster = scope (world->centre, "roster");
  g_autofree char *new_roster = scope (world->far_centre, "roster");

  world_put (world, world_note (world, world->two, "en"));
  world_put (world, world_note (world, world->two, "to"));
  world_put (world, world_patient (world, world->two, world->far_centre, NULL, "To"));
  g_assert_cmpint (entries_of (world, old_notes, "note", 2), ==, 2);
  g_assert_cmpint (entries_of (world, new_notes, "note", 1), ==, 2);
  g_assert_cmpint (entries_of (world, old_roster, "patient", 2), ==, 1);
  g_assert_cmpint (entries_of (world, new_roster, "patient", 1), ==, 2);
  world_put (world, world_note (world, world->two, "tre"));
  g_assert_cmpint (entries_of (world, new_notes, "note", 1), ==, 3);
  g_assert_cmpint (world_head (world, old_notes), ==, 4);
  world_check_feeds (world);
}

static void
test_equipment_that_moves_leaves_the_old_centre (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *old = scope (world->centre, "equipment");
  g_autofree char *new = scope (world->far_centre, "equipment");
  char id[37];

  world_id (id);
  for (guint i = 0; i < 2; i++) {
    FyrDevice *device = fyr_device_new ();

    fyr_record_set_id (FYR_RECORD (device), id);
    fyr_device_set_centre_id (device, i == 0 ? world->centre : world->far_centre);
    fyr_device_set_device_kind (device, FYR_DEVICE_KIND_SCALE);
    fyr_device_set_serial_number (device, "123");
    world_put (world, device);
  }
  g_assert_cmpint (entries_of (world, old, "device", 1), ==, 1);
  g_assert_cmpint (entries_of (world, old, "device", 2), ==, 1);
  g_assert_cmpint (entries_of (world, new, "device", 1), ==, 1);
}

static void
test_a_deletion_is_entered_everywhere_the_record_was (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->one);
  g_autofree char *plans = scope (world->centre, "plan");
  FyrCondition *condition = fyr_condition_new ();
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (condition), id);
  fyr_condition_set_patient_id (condition, world->one);
  fyr_condition_set_display (condition, "KOLS");
  world_put (world, condition);
  world_delete (world, &fyr_condition_info, id);
  g_assert_cmpint (entries_of (world, own, "condition", 2), ==, 1);
  g_assert_cmpint (entries_of (world, plans, "condition", 2), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT version FROM tombstone"), ==, 2);
}

static void
test_a_deleted_patient_leaves_its_own_feed (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *own = g_strdup_printf ("patient:%s", world->one);

  world_delete (world, &fyr_patient_info, world->one);
  g_assert_cmpint (entries_of (world, own, "patient", 2), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM patient_grant"), ==, 0);
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
test_a_block_enters_the_record_set_again (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *notes = scope (world->centre, "note");
  Block block = { world->two, world->nurse_2, TRUE };
  Block nobody = { world->nurse, world->nurse_2, TRUE };
  g_autoptr (GError) error = NULL;

  world_put (world, world_note (world, world->two, "tekst"));
  g_assert_true (fyr_server_db_write (world->db, block_job, &block, &error));
  g_assert_cmpint (entries_of (world, notes, "note", 1), ==, 2);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM patient_block"), ==, 1);
  block.blocked = FALSE;
  g_assert_true (fyr_server_db_write (world->db, block_job, &block, &error));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM patient_block"), ==, 0);
  g_assert_cmpint (entries_of (world, notes, "note", 1), ==, 3);
  g_assert_false (fyr_server_db_write (world->db, block_job, &nobody, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN);
}

typedef struct {
  const char *centre;
  const char *text;
  int found;
  char id[37];
} Find;

static gboolean
find_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Find *find = data;

  find->found = fyr_external_id_find (context, find->centre, find->text, find->id, error);
  return find->found >= 0;
}

static void
test_a_reported_identifier_is_taken_once_a_centre (void)
{
  g_autoptr (World) world = world_new ();
  FyrMeasurement *first = world_measurement (world, world->one, 90);
  FyrMeasurement *again = world_measurement (world, world->two, 91);
  FyrMeasurement *far = world_measurement (world, world->far, 92);
  g_autofree char *id = g_strdup (fyr_record_get_id (FYR_RECORD (first)));
  Find here = { world->centre, "urn:x|1", 0, "" };
  Find there = { world->far_centre, "urn:x|2", 0, "" };
  g_autoptr (GError) error = NULL;

  fyr_measurement_set_external_id (first, "urn:x|1");
  fyr_measurement_set_external_id (again, "urn:x|1");
  fyr_measurement_set_external_id (far, "urn:x|1");
  world_put (world, first);
  error = world_put_fails (world, again);
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_DUPLICATE);
  world_put (world, far);
  g_clear_error (&error);
  g_assert_true (fyr_server_db_write (world->db, find_job, &here, &error));
  g_assert_cmpint (here.found, ==, 1);
  g_assert_cmpstr (here.id, ==, id);
  g_assert_true (fyr_server_db_write (world->db, find_job, &there, &error));
  g_assert_cmpint (there.found, ==, 0);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM measurement"), ==, 2);
}

static gboolean
insert_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_apply_insert (context, data, error);
}

static void
test_an_insert_over_a_record_is_refused (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (FyrMeasurement) measurement = world_measurement (world, world->one, 90);
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_server_db_write (world->db, insert_job, measurement, &error));
  g_assert_cmpint (fyr_record_get_version (FYR_RECORD (measurement)), ==, 1);
  g_assert_false (fyr_server_db_write (world->db, insert_job, measurement, &error));
  g_assert_error (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
  world_check_feeds (world);
}

/* Random work against a model: who holds which patients, by feeds alone. */
static void
test_random_moves_leave_each_feed_with_what_belongs_to_it (void)
{
  g_autoptr (World) world = world_new ();
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree char *first = scope (world->centre, "roster");
  const char *centres[] = { world->centre, world->far_centre };
  const char *gps[] = { NULL, world->gp, world->other_gp };
  char ids[6][37];

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 6; i++) {
    world_id (ids[i]);
  }
  for (guint step = 0; step < 120; step++) {
    const char *id = ids[g_rand_int_range (rand, 0, 6)];
    g_autoptr (FyrRecord) record = world_get (world, &fyr_patient_info, id);

    if (record != NULL && g_rand_int_range (rand, 0, 6) == 0) {
      world_delete (world, &fyr_patient_info, id);
    } else {
      world_put (world, world_patient (world, id, centres[g_rand_int_range (rand, 0, 2)],
                                       gps[g_rand_int_range (rand, 0, 3)], "Tilfeldig"));
    }
  }
  world_check_feeds (world);
  /* The last entry of each patient in a centre's roster says whether it is there. */
  g_assert_cmpint (
      world_count (
          world, "SELECT count (*) FROM patient p JOIN scope s ON s.name = ("
                 "SELECT name FROM scope WHERE id = s.id) WHERE s.name LIKE '%/roster' AND"
                 " (SELECT f.op FROM feed f JOIN kind k ON k.id = f.kind WHERE f.scope = s.id AND f.id = p.id"
                 "  AND k.name = 'patient' ORDER BY f.seq DESC LIMIT 1) = 1 AND"
                 " lower (replace (substr (s.name, 1, 36), '-', '')) <> lower (hex (p.centre_id))"),
      ==, 0);
  g_assert_cmpint (
      world_count (world,
                   "SELECT count (*) FROM patient p WHERE NOT EXISTS (SELECT 1 FROM scope s JOIN feed f"
                   " ON f.scope = s.id WHERE s.name LIKE '%/roster' AND f.id = p.id AND f.op = 1 AND"
                   " lower (replace (substr (s.name, 1, 36), '-', '')) = lower (hex (p.centre_id)))"),
      ==, 0);
  /* A feed of its own has exactly who is on the list of a GP with a part at that centre. */
  g_assert_cmpint (
      world_count (world,
                   "SELECT count (*) FROM patient p WHERE (p.id IN (SELECT patient FROM patient_grant))"
                   " <> EXISTS (SELECT 1 FROM membership m WHERE m.gp_id = p.gp_id"
                   " AND m.centre_id = p.centre_id AND m.role = 2)"),
      ==, 0);
  g_assert_cmpint (world_head (world, first), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/apply/" #name, test_##name)
  ADD (versions_count_from_one);
  ADD (a_deleted_record_comes_back_with_a_later_version);
  ADD (a_record_that_is_not_valid_is_refused_whole);
  ADD (a_record_of_an_unknown_patient_is_refused);
  ADD (each_kind_goes_into_the_feed_of_its_class);
  ADD (a_centres_feed_hears_nothing_of_another_centre);
  ADD (a_patient_on_a_list_has_a_feed_of_its_own);
  ADD (granting_enters_the_whole_record_set_at_once);
  ADD (a_feed_stops_when_nobody_may_read_it);
  ADD (a_list_of_a_gp_without_part_gives_no_feed);
  ADD (a_new_membership_fills_the_feeds_of_the_list);
  ADD (a_nurses_membership_with_a_list_gives_no_feed);
  ADD (an_ended_membership_stops_the_feeds_of_the_list);
  ADD (a_patient_who_moves_leaves_the_old_centre_with_everything);
  ADD (equipment_that_moves_leaves_the_old_centre);
  ADD (a_deletion_is_entered_everywhere_the_record_was);
  ADD (a_deleted_patient_leaves_its_own_feed);
  ADD (a_block_enters_the_record_set_again);
  ADD (a_reported_identifier_is_taken_once_a_centre);
  ADD (an_insert_over_a_record_is_refused);
  ADD (random_moves_leave_each_feed_with_what_belongs_to_it);
  return g_test_run ();
}
