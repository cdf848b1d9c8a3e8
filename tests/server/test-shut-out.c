/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workstation that is shut out: nothing more is given to it, what lies there is taken away, and what comes from there
 * is kept for review. One that is known to be wiped is asked for nothing more, until it is in contact after all. */
#include <string.h>

#include "fyr-holding.h"
#include "fyr-http-fixture.h"
#include "fyr-server-error.h"
#include "fyr-shut-out.h"

typedef struct {
  House *house;
  World *world;
  Station *station;
} Place;

static void
place_open (Place *place)
{
  place->house = house_new (NULL);
  place->world = place->house->world;
  house_set_password (place->house, place->world->nurse);
  place->station = station_new (place->world, place->world->nurse);
}

static void
place_close (Place *place)
{
  station_free (place->station);
  house_free (place->house);
}

static gboolean
decide_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_shut_out_decide (context, data, error);
}

static GError *
try_to (Place *place, FyrDeviceAction action, const char *by, const char *reason, gint64 at)
{
  FyrDeviceDecision decision = {
    .action = action, .device = place->station->device, .by = by, .reason = reason, .at = at
  };
  GError *error = NULL;

  fyr_writer_run (fyr_server_get_writer (place->house->server), decide_job, &decision, &error);
  return error;
}

static void
decide (Place *place, FyrDeviceAction action, gint64 at)
{
  g_autoptr (GError) error = try_to (place, action, place->world->administrator, "Stjålet fra bil", at);

  g_assert_no_error (error);
}

static guint
count_list (Place *place, gboolean all)
{
  g_autoptr (FyrConnection) reader = fyr_server_db_open_reader (place->world->db, NULL);
  g_autoptr (GPtrArray) rows = fyr_holding_list (reader, all, g_get_real_time () / 1000, NULL);

  g_assert_nonnull (rows);
  return rows->len;
}

/* The page of a pull over HTTP, moved into the cursors; NULL when it is refused. */
static FyrPullReply *
pull (Place *place)
{
  g_autoptr (GString) cursors = g_string_new ("{");
  g_autoptr (Answer) answer = NULL;
  FyrPullReply *reply;
  GHashTableIter iter;
  gpointer name, seq;

  g_hash_table_iter_init (&iter, place->station->cursors);
  while (g_hash_table_iter_next (&iter, &name, &seq)) {
    g_string_append_printf (cursors, "%s\"%s\":%" G_GINT64_FORMAT, cursors->len > 1 ? "," : "", (char *)name,
                            *(gint64 *)seq);
  }
  g_string_append_c (cursors, '}');
  answer = house_pull (place->house, place->station->token, place->station->device, cursors->str, 0);
  if (answer->status != 200) {
    g_assert_cmpuint (answer->status, ==, 401);
    return NULL;
  }
  reply = fyr_pull_reply_parse (answer->body, strlen (answer->body), NULL);
  for (guint i = 0; i < reply->granted->len; i++) {
    fyr_wire_heads_set (place->station->cursors, reply->granted->pdata[i],
                        fyr_wire_heads_get (place->station->cursors, reply->granted->pdata[i]));
  }
  for (guint i = 0; i < reply->scopes->len; i++) {
    FyrPullScope *scope = g_ptr_array_index (reply->scopes, i);

    g_hash_table_insert (place->station->cursors, g_strdup (scope->scope),
                         g_memdup2 (&scope->to, sizeof scope->to));
  }
  return reply;
}

static void
pull_once (Place *place)
{
  g_autoptr (FyrPullReply) reply = pull (place);

  g_assert_nonnull (reply);
}

/* One pull that says that all which is revoked is removed. */
static void
confirm_all (Place *place, GPtrArray *revoked)
{
  g_autoptr (GString) body = g_string_new (NULL);
  g_autoptr (Answer) answer = NULL;

  g_string_printf (body, "{\"epoch\":\"%s\",\"schema\":1,\"device\":\"%s\",\"cursors\":{},\"removed\":[",
                   fyr_server_db_get_epoch (place->world->db), place->station->device);
  for (guint i = 0; i < revoked->len; i++) {
    g_string_append_printf (body, "%s\"%s\"", i > 0 ? "," : "", (char *)revoked->pdata[i]);
  }
  g_string_append (body, "]}");
  answer = house_ask (place->house, "POST", "/sync/v1/pull", place->station->token, body->str);
  g_assert_cmpuint (answer->status, ==, 200);
}

static void
test_all_it_has_is_taken_away_and_then_its_sessions_end (void)
{
  Place place;
  g_autoptr (FyrPullReply) reply = NULL;
  g_autoptr (FyrPullReply) after = NULL;
  guint held;

  place_open (&place);
  pull_once (&place);
  held = g_hash_table_size (place.station->cursors);
  g_assert_cmpuint (held, >, 4);
  g_assert_cmpuint (count_list (&place, FALSE), ==, 0);
  decide (&place, FYR_DEVICE_SHUT_OUT, 0);
  g_assert_cmpuint (count_list (&place, FALSE), >=, held);
  house_put (place.house, world_note (place.world, place.world->two, MARK_CLINICAL));
  reply = pull (&place);
  g_assert_cmpuint (reply->granted->len, ==, 0);
  g_assert_cmpuint (reply->scopes->len, ==, 0);
  g_assert_cmpuint (reply->revoked->len, ==, held);
  confirm_all (&place, reply->revoked);
  g_assert_cmpuint (count_list (&place, FALSE), ==, 0);
  after = pull (&place);
  g_assert_null (after);
  place_close (&place);
}

static void
test_another_workstation_of_the_same_user_works_on (void)
{
  Place place;
  g_autofree char *token = NULL;
  g_autoptr (Answer) answer = NULL;
  char device[37];

  place_open (&place);
  world_id (device);
  pull_once (&place);
  decide (&place, FYR_DEVICE_SHUT_OUT, 0);
  token = house_sign_in (place.house, "kari", device);
  answer = house_pull (place.house, token, device, NULL, 0);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (strstr (answer->body, MARK_CLINICAL));
  place_close (&place);
}

static Answer *
sign_in (Place *place, const char *password)
{
  g_autofree char *body = g_strdup_printf (
      "{\"user_name\":\"kari\",\"password\":\"%s\",\"device\":{\"id\":\"%s\",\"name\":\"k\"}}", password,
      place->station->device);

  return house_ask (place->house, "POST", "/auth/v1/sign-in", NULL, body);
}

static void
test_nobody_signs_in_there_or_gets_a_share (void)
{
  Place place;
  g_autoptr (Answer) refused = NULL;
  g_autoptr (Answer) wrong = NULL;
  g_autoptr (Answer) again = NULL;

  place_open (&place);
  pull_once (&place);
  decide (&place, FYR_DEVICE_SHUT_OUT, 0);
  refused = sign_in (&place, HOUSE_PASSWORD);
  g_assert_cmpuint (refused->status, ==, 403);
  g_assert_nonnull (strstr (refused->body, "\"shut-out\""));
  g_assert_null (strstr (refused->body, "share"));
  g_assert_null (strstr (refused->body, "token"));
  /* Who has the machine and not the password learns nothing. */
  wrong = sign_in (&place, "et annet passord");
  g_assert_cmpuint (wrong->status, ==, 401);
  decide (&place, FYR_DEVICE_LET_IN, 0);
  again = sign_in (&place, HOUSE_PASSWORD);
  g_assert_cmpuint (again->status, ==, 200);
  g_assert_nonnull (strstr (again->body, "\"share\""));
  place_close (&place);
}

static void
test_its_sessions_serve_for_nothing_else (void)
{
  static const struct {
    const char *method;
    const char *path;
    const char *body;
  } others[] = {
    { "GET", "/auth/v1/sessions", NULL },
    { "GET", "/figures/v1/centre", NULL },
    { "POST", "/sync/v1/witness", "{\"epoch\":\"%s\",\"schema\":1,\"device\":\"%s\",\"records\":[]}" },
    { "POST", "/emergency/v1/open",
      "{\"device\":\"%2$s\",\"identity_number\":\"13116900216\",\"reason\":\"danger\","
      "\"text\":\"Bevisstløs hjemme i dag\",\"password\":\"" HOUSE_PASSWORD "\"}" },
  };
  Place place;

  place_open (&place);
  pull_once (&place);
  decide (&place, FYR_DEVICE_SHUT_OUT, 0);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GString) body = g_string_new (others[i].body);
    g_autoptr (Answer) answer = NULL;

    g_string_replace (body, "%2$s", place.station->device, 0);
    g_string_replace (body, "%s", fyr_server_db_get_epoch (place.world->db), 1);
    g_string_replace (body, "%s", place.station->device, 0);
    answer = house_ask (place.house, others[i].method, others[i].path, place.station->token,
                        others[i].body != NULL ? body->str : NULL);
    g_assert_cmpuint (answer->status, ==, 401);
  }
  place_close (&place);
}

static void
test_what_comes_from_there_is_kept_for_review (void)
{
  Place place;
  g_autoptr (FyrWireOutcome) outcome = NULL;
  g_autofree char *fields = NULL;
  char id[37];

  place_open (&place);
  pull_once (&place);
  decide (&place, FYR_DEVICE_SHUT_OUT, 0);
  world_id (id);
  fields = g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1,\"text\":\"Skrevet før tyveriet\"}",
                            place.world->two);
  outcome =
      station_try (place.station, "create", "note", id, 0, fields, NULL, FYR_WIRE_OUTCOME_REFUSED, "kept");
  g_assert_cmpint (world_count (place.world, "SELECT count (*) FROM quarantine WHERE reason = 'shut-out'"),
                   ==, 1);
  g_assert_null (world_get (place.world, &fyr_note_info, id));
  place_close (&place);
}

static void
test_an_administrator_says_why (void)
{
  Place place;
  char other[37];
  g_autoptr (GError) nurse = NULL;
  g_autoptr (GError) silent = NULL;
  g_autoptr (GError) twice = NULL;
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) open = NULL;

  place_open (&place);
  nurse = try_to (&place, FYR_DEVICE_SHUT_OUT, place.world->nurse, "Hvorfor ikke", 0);
  g_assert_error (nurse, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  silent = try_to (&place, FYR_DEVICE_SHUT_OUT, place.world->administrator, "", 0);
  g_assert_error (silent, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  open = try_to (&place, FYR_DEVICE_LET_IN, place.world->administrator, "Funnet", 0);
  g_assert_error (open, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  decide (&place, FYR_DEVICE_SHUT_OUT, 0);
  twice = try_to (&place, FYR_DEVICE_SHUT_OUT, place.world->administrator, "Igjen", 0);
  g_assert_error (twice, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  g_assert_cmpint (world_count (place.world, "SELECT count (*) FROM device_decision"), ==, 1);
  world_id (other);
  g_strlcpy (place.station->device, other, sizeof place.station->device);
  unknown = try_to (&place, FYR_DEVICE_SHUT_OUT, place.world->administrator, "Ukjent", 0);
  g_assert_error (unknown, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN);
  place_close (&place);
}

static void
test_a_wiped_one_leaves_the_list_until_it_is_in_contact (void)
{
  Place place;
  g_autoptr (GError) nothing = NULL;
  g_autoptr (GError) since = NULL;
  g_autoptr (GError) future = NULL;
  g_autoptr (FyrPullReply) gone = NULL;
  guint listed;

  place_open (&place);
  pull_once (&place);
  nothing = try_to (&place, FYR_DEVICE_WIPED, place.world->administrator, "Slettet av IKT",
                    g_get_real_time () / 1000);
  g_assert_error (nothing, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN);
  decide (&place, FYR_DEVICE_SHUT_OUT, 0);
  listed = count_list (&place, FALSE);
  g_assert_cmpuint (listed, >, 4);
  since = try_to (&place, FYR_DEVICE_WIPED, place.world->administrator, "Slettet av IKT",
                  g_get_real_time () / 1000 - 60000);
  g_assert_error (since, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  future = try_to (&place, FYR_DEVICE_WIPED, place.world->administrator, "Slettet av IKT",
                   g_get_real_time () / 1000 + 60000);
  g_assert_error (future, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID);
  g_assert_cmpuint (count_list (&place, FALSE), ==, listed);
  decide (&place, FYR_DEVICE_WIPED, g_get_real_time () / 1000);
  g_assert_cmpuint (count_list (&place, FALSE), ==, 0);
  g_assert_cmpuint (count_list (&place, TRUE), ==, listed);
  gone = pull (&place);
  g_assert_null (gone);
  place_close (&place);
}

static gboolean
end_roles (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context),
                              "UPDATE membership SET valid_to = 1 WHERE role = 1", error);
}

static gboolean
give_roles_back (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context),
                              "UPDATE membership SET valid_to = NULL WHERE role = 1", error);
}

/* It was never wiped: as soon as somebody works there again, what it has not confirmed is on the list as before. */
static void
test_contact_puts_a_wiped_one_back_on_the_list (void)
{
  Place place;
  FyrWriter *writer;
  guint listed;

  place_open (&place);
  writer = fyr_server_get_writer (place.house->server);
  pull_once (&place);
  g_assert_true (fyr_writer_run (writer, end_roles, NULL, NULL));
  pull_once (&place);
  listed = count_list (&place, FALSE);
  g_assert_cmpuint (listed, >, 4);
  g_usleep (2000);
  decide (&place, FYR_DEVICE_WIPED, g_get_real_time () / 1000);
  g_assert_cmpuint (count_list (&place, FALSE), ==, 0);
  g_assert_true (fyr_writer_run (writer, give_roles_back, NULL, NULL));
  g_free (place.station->token);
  place.station->token = house_sign_in (place.house, "kari", place.station->device);
  g_hash_table_remove_all (place.station->cursors);
  g_assert_true (fyr_writer_run (writer, end_roles, NULL, NULL));
  pull_once (&place);
  g_assert_cmpuint (count_list (&place, FALSE), ==, listed);
  place_close (&place);
}

static void
test_the_list_tells_who_works_where (void)
{
  Place place;
  g_autoptr (FyrConnection) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  const FyrDeviceEntry *row = NULL;

  place_open (&place);
  pull_once (&place);
  decide (&place, FYR_DEVICE_SHUT_OUT, 0);
  reader = fyr_server_db_open_reader (place.world->db, NULL);
  rows = fyr_shut_out_list (reader, g_get_real_time () / 1000, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++) {
    const FyrDeviceEntry *one = g_ptr_array_index (rows, i);

    row = g_str_equal (one->device, place.station->device) ? one : row;
  }
  g_assert_nonnull (row);
  g_assert_cmpstr (row->user_id, ==, place.world->nurse);
  g_assert_cmpint (row->sessions, ==, 1);
  g_assert_cmpint (row->contact, >, 0);
  g_assert_true (row->shut_out);
  place_close (&place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/shut-out/" #name, test_##name)
  ADD (all_it_has_is_taken_away_and_then_its_sessions_end);
  ADD (another_workstation_of_the_same_user_works_on);
  ADD (nobody_signs_in_there_or_gets_a_share);
  ADD (its_sessions_serve_for_nothing_else);
  ADD (what_comes_from_there_is_kept_for_review);
  ADD (an_administrator_says_why);
  ADD (a_wiped_one_leaves_the_list_until_it_is_in_contact);
  ADD (contact_puts_a_wiped_one_back_on_the_list);
  ADD (the_list_tells_who_works_where);
  return g_test_run ();
}
