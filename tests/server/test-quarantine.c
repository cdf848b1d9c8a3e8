/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a user did before she was shut out is kept for review until an administrator settles it, once. */
#include <string.h>

#include "fyr-server-fixture.h"
#include "fyr-settle.h"

static gboolean
run_sql (FyrWriteContext *context, gpointer sql, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), sql, error);
}

static void
shut_out (World *world)
{
  char sql[] = "DELETE FROM membership WHERE role = 1";

  g_assert_true (fyr_server_db_write (world->db, run_sql, sql, NULL));
}

static void
give_role (World *world, const char *user)
{
  FyrMembership *membership = fyr_membership_new ();
  char id[37];

  world_id (id);
  fyr_record_set_id (FYR_RECORD (membership), id);
  fyr_membership_set_user_id (membership, user);
  fyr_membership_set_centre_id (membership, world->centre);
  fyr_membership_set_role (membership, FYR_ROLE_NURSE);
  world_put (world, membership);
}

static void
write_note (Station *station, const char *text, FyrWireOutcomeKind expected, const char *code)
{
  g_autofree char *fields = g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"%s\"}",
                                             station->world->one, text);
  char id[37];

  world_id (id);
  fyr_wire_outcome_free (station_try (station, "create", "note", id, 0, fields, NULL, expected, code));
}

static void
test_work_of_who_was_shut_out_is_kept (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);

  write_note (station, "Før", FYR_WIRE_OUTCOME_APPLIED, "");
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine"), ==, 0);
  shut_out (world);
  write_note (station, "Skrevet uten nett", FYR_WIRE_OUTCOME_REFUSED, "kept");
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM note"), ==, 1);
  g_assert_cmpint (world_count (world,
                                "SELECT count(*) FROM quarantine WHERE mutation LIKE '%Skrevet uten nett%'"
                                " AND settled IS NULL AND reason = 'unknown-record'"),
                   ==, 1);
}

static void
test_said_twice_is_kept_once (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = NULL;
  char id[37];

  shut_out (world);
  world_id (id);
  request = station_request (station, station_mutation (station, "create", "note", id, 0, "{}", NULL), NULL);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *body = NULL;

    g_assert_cmpuint (station_push (station, request, &body), ==, 200);
    g_assert_nonnull (strstr (body, "refused"));
  }
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine"), ==, 1);
}

/* A refusal of somebody who still works there is hers to see and settle. */
static void
test_ordinary_refusals_are_not_kept (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->clerk);

  write_note (station, "Hører ikke hjemme her", FYR_WIRE_OUTCOME_REFUSED, "unknown-record");
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine"), ==, 0);
}

static gboolean
settle_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_settle_run (context, data, error);
}

/* Whether it is settled now; the outcome's kind in @kind (nullable). */
static gboolean
settle (
    World *world, gint64 id, gboolean accept, const char *by, const char *reason, int *kind, GError **error)
{
  FyrSettle job = { .id = id, .accept = accept, .settler = by, .reason = reason };
  gboolean done = fyr_server_db_write (world->db, settle_job, &job, error);

  if (done && kind != NULL) {
    *kind = (int)job.outcome->kind;
  }
  g_clear_pointer (&job.outcome, fyr_wire_outcome_free);
  return done && job.settled;
}

static gint64
kept_id (World *world)
{
  return world_count (world, "SELECT coalesce (min (id), 0) FROM quarantine WHERE settled IS NULL");
}

/* Her roles end, as an administrator ends them: from now on. */
static void
end_roles (World *world)
{
  g_autofree char *sql = g_strdup_printf (
      "UPDATE membership SET valid_to = %" G_GINT64_FORMAT " WHERE role = 1", world->now + 1);

  g_assert_true (fyr_server_db_write (world->db, run_sql, sql, NULL));
  g_usleep (3000);
}

static FyrPullReply *
pull_since (Station *station, gint64 settled)
{
  station->settled = settled;
  return station_pull (station, FYR_PULL_MAX_BYTES);
}

/* Written when she still worked there: she is its author, and her workstation hears of it. */
static void
test_accepted_work_is_its_authors (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPullReply) reply = NULL;
  g_autoptr (FyrPullReply) again = NULL;
  FyrPullSettlement *told;
  int kind = -1;

  end_roles (world);
  write_note (station, "Skrevet uten nett", FYR_WIRE_OUTCOME_REFUSED, "kept");
  g_assert_true (settle (world, kept_id (world), TRUE, world->administrator, NULL, &kind, NULL));
  g_assert_cmpint (kind, ==, FYR_WIRE_OUTCOME_APPLIED);
  g_assert_cmpint (world_count (world,
                                "SELECT count(*) FROM note n JOIN \"user\" u ON u.id = n.author_id"
                                " JOIN quarantine q ON q.author = u.id WHERE n.text = 'Skrevet uten nett'"),
                   ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine q JOIN membership m ON m.user_id = "
                                       "q.settler WHERE m.role = 5 AND q.decision = 'accepted'"),
                   ==, 1);
  reply = pull_since (station, 0);
  g_assert_cmpuint (reply->settled->len, ==, 1);
  told = g_ptr_array_index (reply->settled, 0);
  g_assert_cmpstr (told->incarnation, ==, station->incarnation);
  g_assert_cmpint (told->outcome->number, ==, station->number);
  g_assert_cmpint (told->outcome->kind, ==, FYR_WIRE_OUTCOME_APPLIED);
  again = pull_since (station, told->seq);
  g_assert_cmpuint (again->settled->len, ==, 0);
}

static void
test_discarded_work_has_a_reason (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPullReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  FyrPullSettlement *told;

  end_roles (world);
  write_note (station, "Skrevet uten nett", FYR_WIRE_OUTCOME_REFUSED, "kept");
  g_assert_false (settle (world, kept_id (world), FALSE, world->administrator, NULL, NULL, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  g_assert_true (
      settle (world, kept_id (world), FALSE, world->administrator, "Skrevet på papir", NULL, NULL));
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM note"), ==, 0);
  g_assert_cmpint (world_count (world,
                                "SELECT count(*) FROM quarantine WHERE mutation LIKE '%Skrevet uten nett%'"
                                " AND decision = 'discarded' AND remark = 'Skrevet på papir'"),
                   ==, 1);
  reply = pull_since (station, 0);
  g_assert_cmpuint (reply->settled->len, ==, 1);
  told = g_ptr_array_index (reply->settled, 0);
  g_assert_cmpstr (told->outcome->code, ==, "discarded");
  g_assert_cmpstr (told->outcome->text, ==, "Skrevet på papir");
}

static void
test_it_is_settled_once_and_by_an_administrator (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (GError) error = NULL;
  gint64 id;

  end_roles (world);
  write_note (station, "Skrevet uten nett", FYR_WIRE_OUTCOME_REFUSED, "kept");
  id = kept_id (world);
  g_assert_false (settle (world, id, TRUE, world->manager, NULL, NULL, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_FORBIDDEN);
  g_clear_error (&error);
  g_assert_true (settle (world, id, TRUE, world->administrator, NULL, NULL, NULL));
  g_assert_false (settle (world, id, FALSE, world->administrator, "Ombestemt", NULL, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_DUPLICATE);
  g_clear_error (&error);
  g_assert_false (settle (world, 99999, TRUE, world->administrator, NULL, NULL, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN);
}

/* What she did after her role had ended nobody can make right. */
static void
test_the_rules_still_hold (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  int kind = -1;

  {
    g_autofree char *sql = g_strdup_printf (
        "UPDATE membership SET valid_to = %" G_GINT64_FORMAT " WHERE role = 1", world->now - 1000);

    g_assert_true (fyr_server_db_write (world->db, run_sql, sql, NULL));
  }
  write_note (station, "For sent", FYR_WIRE_OUTCOME_REFUSED, "kept");
  g_assert_false (settle (world, kept_id (world), TRUE, world->administrator, NULL, &kind, NULL));
  g_assert_cmpint (kind, ==, FYR_WIRE_OUTCOME_REFUSED);
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM note"), ==, 0);
  g_assert_cmpint (kept_id (world), >, 0);
}

/* What builds on kept work is kept too, and settled after it. */
static void
test_in_its_order (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  FyrWireMutation *first, *second;
  g_autoptr (FyrPushRequest) request = NULL;
  g_autofree char *fields =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"En\"}", world->one);
  char id[37];
  int kind = -1;

  end_roles (world);
  world_id (id);
  first = station_mutation (station, "create", "note", id, 0, fields, NULL);
  world_id (id);
  second = station_mutation (station, "create", "note", id, 0, fields, NULL);
  second->number = 2;
  second->depends_on = 1;
  request = station_request (station, first, second, NULL);
  g_assert_cmpuint (station_push (station, request, NULL), ==, 200);
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine"), ==, 2);
  g_assert_false (settle (world, kept_id (world) + 1, TRUE, world->administrator, NULL, &kind, NULL));
  g_assert_cmpint (kind, ==, FYR_WIRE_OUTCOME_LATER);
  g_assert_true (settle (world, kept_id (world), TRUE, world->administrator, NULL, NULL, NULL));
  g_assert_true (settle (world, kept_id (world), TRUE, world->administrator, NULL, NULL, NULL));
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM note"), ==, 2);
}

/* Said again it is answered with what was decided. */
static void
test_said_again_it_is_settled (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = NULL;
  g_autofree char *fields =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"En\"}", world->one);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  char id[37];

  end_roles (world);
  world_id (id);
  request =
      station_request (station, station_mutation (station, "create", "note", id, 0, fields, NULL), NULL);
  g_assert_cmpuint (station_push (station, request, &before), ==, 200);
  g_assert_nonnull (strstr (before, "\"kept\""));
  g_assert_true (settle (world, kept_id (world), TRUE, world->administrator, NULL, NULL, NULL));
  g_assert_cmpuint (station_push (station, request, &after), ==, 200);
  g_assert_nonnull (strstr (after, "\"applied\""));
}

/* A colleague at the same machine, with the author's sealed work. */
static FyrPushRequest *
hand_over_request (Station *author, const char *text, FyrWireMutation **mutation)
{
  g_autofree char *fields = g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"%s\"}",
                                             author->world->one, text);
  FyrPushRequest *request;
  char id[37];

  world_id (id);
  *mutation = station_mutation (author, "create", "note", id, 0, fields, NULL);
  request = station_request (author, *mutation, NULL);
  request->author = g_strdup (author->user);
  return request;
}

static Station *
beside (Station *author, const char *user)
{
  return station_new_at (author->world, user, author->device);
}

static void
test_a_colleague_hands_over (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) author = station_new (world, world->nurse);
  g_autoptr (Station) colleague = NULL;
  g_autoptr (FyrPushRequest) request = NULL;
  FyrWireMutation *mutation;

  shut_out (world);
  give_role (world, world->nurse_2);
  colleague = beside (author, world->nurse_2);
  request = hand_over_request (author, "Ikke sendt", &mutation);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *body = NULL;

    g_assert_cmpuint (station_push (colleague, request, &body), ==, 200);
    g_assert_nonnull (strstr (body, "\"kept\""));
  }
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM note"), ==, 0);
  g_assert_cmpint (world_count (world,
                                "SELECT count(*) FROM quarantine q JOIN \"user\" a ON a.id = q.author JOIN "
                                "\"user\" h ON h.id = q.handed_by WHERE a.id <> h.id"),
                   ==, 1);
}

/* What she was told and had to decide on goes along; what was applied is not kept again. */
static void
test_what_waited_for_her_decision_goes_along (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) author = station_new (world, world->nurse);
  g_autoptr (Station) colleague = NULL;
  g_autoptr (FyrPushRequest) request = NULL;
  g_autofree char *good =
      g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"Tatt inn\"}", world->one);
  g_autofree char *bad = g_strdup_printf (
      "{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"Ikke tatt inn\"}", world->far);
  g_autofree char *body = NULL;
  char first[37], second[37];

  world_id (first);
  world_id (second);
  request = station_request (author, station_mutation (author, "create", "note", first, 0, good, NULL),
                             station_mutation (author, "create", "note", second, 0, bad, NULL), NULL);
  g_assert_cmpuint (station_push (author, request, NULL), ==, 200);
  shut_out (world);
  give_role (world, world->nurse_2);
  colleague = beside (author, world->nurse_2);
  request->author = g_strdup (world->nurse);
  g_assert_cmpuint (station_push (colleague, request, &body), ==, 200);
  g_assert_nonnull (strstr (body, "\"applied\""));
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine"), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine WHERE mutation LIKE '%Ikke tatt inn%'"
                                       " AND reason = 'refused'"),
                   ==, 1);
}

/* An account that is closed, with roles that were never ended. */
static void
test_work_of_a_closed_account (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  char sql[] = "UPDATE \"user\" SET active = 0 WHERE user_name = 'kari'";

  g_assert_true (fyr_server_db_write (world->db, run_sql, sql, NULL));
  write_note (station, "Før kontoen ble stengt", FYR_WIRE_OUTCOME_REFUSED, "kept");
  g_assert_true (settle (world, kept_id (world), TRUE, world->administrator, NULL, NULL, NULL));
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM note"), ==, 1);
}

/* Who can deliver it herself does; from another machine, or with a chain that does not fit, nobody does. */
static void
test_nobody_hands_over_what_is_not_left_behind (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) author = station_new (world, world->nurse);
  g_autoptr (Station) colleague = beside (author, world->nurse_2);
  g_autoptr (Station) elsewhere = station_new (world, world->nurse_2);
  g_autoptr (FyrPushRequest) request = NULL;
  g_autofree char *body = NULL;
  FyrWireMutation *mutation;

  write_note (author, "Sendt", FYR_WIRE_OUTCOME_APPLIED, "");
  request = hand_over_request (author, "Ikke sendt", &mutation);
  g_assert_cmpuint (station_push (colleague, request, &body), ==, 409);
  g_assert_nonnull (strstr (body, "\"author\""));
  shut_out (world);
  /* Her role is gone with the author's. */
  g_clear_pointer (&body, g_free);
  g_assert_cmpuint (station_push (colleague, request, &body), ==, 409);
  g_assert_nonnull (strstr (body, "\"author\""));
  give_role (world, world->nurse_2);
  g_assert_cmpuint (station_push (elsewhere, request, NULL), ==, 403);
  /* As if the number before had been another. */
  memset (request->previous_hash, '7', FYR_HASH_TEXT_SIZE - 1);
  g_assert_cmpuint (station_push (colleague, request, NULL), ==, 409);
  g_assert_cmpint (world_count (world, "SELECT count(*) FROM quarantine"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/quarantine/work of who was shut out is kept, not applied",
                   test_work_of_who_was_shut_out_is_kept);
  g_test_add_func ("/server/quarantine/said twice it is kept once", test_said_twice_is_kept_once);
  g_test_add_func ("/server/quarantine/a refusal of who works there is hers",
                   test_ordinary_refusals_are_not_kept);
  g_test_add_func ("/server/quarantine/accepted work is its author's", test_accepted_work_is_its_authors);
  g_test_add_func ("/server/quarantine/discarded work has a reason", test_discarded_work_has_a_reason);
  g_test_add_func ("/server/quarantine/it is settled once, and by an administrator",
                   test_it_is_settled_once_and_by_an_administrator);
  g_test_add_func ("/server/quarantine/the rules still hold", test_the_rules_still_hold);
  g_test_add_func ("/server/quarantine/what builds on it is settled after it", test_in_its_order);
  g_test_add_func ("/server/quarantine/said again it is answered with what was decided",
                   test_said_again_it_is_settled);
  g_test_add_func ("/server/quarantine/a colleague hands over what was left behind",
                   test_a_colleague_hands_over);
  g_test_add_func ("/server/quarantine/what waited for her decision goes along",
                   test_what_waited_for_her_decision_goes_along);
  g_test_add_func ("/server/quarantine/work of a closed account", test_work_of_a_closed_account);
  g_test_add_func ("/server/quarantine/nobody hands over what is not left behind",
                   test_nobody_hands_over_what_is_not_left_behind);
  return g_test_run ();
}
