/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-db-fixture.h"
#include "fyr-http-fixture.h"
#include "fyr-live.h"

/* A real server on loopback: sign-in, sessions, pushes, pulls that wait, live heads, figures, back-
   pressure, stopping. */

static char *
sign_in_body (const char *user_name, const char *password)
{
  char device[37];

  world_id (device);
  return g_strdup_printf (
      "{\"user_name\":\"%s\",\"password\":\"%s\",\"device\":{\"id\":\"%s\",\"name\":\"x\"}}", user_name,
      password, device);
}

static Answer *
try_sign_in (House *house, const char *user_name, const char *password)
{
  g_autofree char *body = sign_in_body (user_name, password);

  return house_ask (house, "POST", "/auth/v1/sign-in", NULL, body);
}

static void
assert_code (Answer *answer, guint status, const char *code)
{
  g_autofree char *wanted = g_strdup_printf ("\"code\":\"%s\"", code);

  if (answer->status != status || strstr (answer->body, wanted) == NULL) {
    g_error ("%u %s, not %u %s", answer->status, answer->body, status, code);
  }
}

static void
test_health_says_nothing_of_the_data (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (Answer) answer = house_ask (house, "GET", "/healthz", NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (answer->body, ==, "{\"status\":\"ok\"}");
}

static void
test_unknown_addresses_and_methods_are_told (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (Answer) unknown = house_ask (house, "GET", "/nothing", NULL, NULL);
  g_autoptr (Answer) method = house_ask (house, "GET", "/sync/v1/push", NULL, NULL);
  g_autoptr (Answer) dots = house_ask (house, "GET", "/../etc/passwd", NULL, NULL);

  g_assert_cmpuint (unknown->status, ==, 404);
  g_assert_cmpuint (method->status, ==, 405);
  g_assert_cmpuint (dots->status, ==, 404);
}

static void
test_a_sign_in_tells_who_where_and_until_when (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (Answer) answer = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;
  gint64 life;

  house_set_password (house, house->world->nurse);
  answer = try_sign_in (house, "KARI", HOUSE_PASSWORD);
  g_assert_cmpuint (answer->status, ==, 200);
  node = json_from_string (answer->body, NULL);
  object = json_node_get_object (node);
  g_assert_cmpuint (strlen (json_object_get_string_member (object, "token")), >=, 40);
  life = json_object_get_int_member (object, "expires") - json_object_get_int_member (object, "server_time");
  g_assert_cmpint (life, <=, FYR_SESSION_LIFE);
  g_assert_cmpint (life, >, 0);
  g_assert_cmpstr (json_object_get_string_member (object, "epoch"), ==,
                   fyr_server_db_get_epoch (house->world->db));
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (object, "user"), "id"), ==,
                   house->world->nurse);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "memberships")), ==, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "centres")), ==, 1);
}

static void
test_the_token_is_not_in_the_database (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autofree char *token = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *log = NULL;
  g_autofree char *log_path = g_strconcat (fyr_server_db_get_path (house->world->db), "-wal", NULL);
  gsize length, log_length;

  house_set_password (house, house->world->nurse);
  token = house_sign_in (house, "kari", NULL);
  g_assert_true (g_file_get_contents (fyr_server_db_get_path (house->world->db), &bytes, &length, NULL));
  g_assert_true (g_file_get_contents (log_path, &log, &log_length, NULL));
  g_assert_null (memmem (bytes, length, token, strlen (token)));
  g_assert_null (memmem (log, log_length, token, strlen (token)));
  g_assert_null (memmem (bytes, length, HOUSE_PASSWORD, strlen (HOUSE_PASSWORD)));
  g_assert_null (memmem (log, log_length, HOUSE_PASSWORD, strlen (HOUSE_PASSWORD)));
}

static void
test_wrong_passwords_and_unknown_names_look_the_same (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (Answer) wrong = NULL;
  g_autoptr (Answer) unknown = NULL;
  g_autoptr (Answer) without = NULL;

  house_set_password (house, house->world->nurse);
  wrong = try_sign_in (house, "kari", "noe helt annet");
  unknown = try_sign_in (house, "ingen", "noe helt annet");
  without = try_sign_in (house, "ola", "noe helt annet");
  assert_code (wrong, 401, "credentials");
  g_assert_cmpstr (wrong->body, ==, unknown->body);
  g_assert_cmpstr (wrong->body, ==, without->body);
}

static void
test_who_is_shut_out_or_has_no_role_does_not_get_in (void)
{
  g_autoptr (House) house = house_new (NULL);
  FyrRecord *user = world_get (house->world, &fyr_user_info, house->world->nurse);
  g_autoptr (Answer) inactive = NULL;
  g_autoptr (Answer) no_role = NULL;

  house_set_password (house, house->world->nurse);
  house_set_password (house, house->world->clerk);
  fyr_user_set_active (FYR_USER (user), FALSE);
  house_put (house, user);
  inactive = try_sign_in (house, "kari", HOUSE_PASSWORD);
  assert_code (inactive, 401, "credentials");
  g_assert_null (strstr (inactive->body, "share"));
  g_assert_true (fyr_connection_exec (fyr_server_db_get_connection (house->world->db),
                                      "UPDATE membership SET valid_to = 1 WHERE role = 3", NULL));
  no_role = try_sign_in (house, "utstyr", HOUSE_PASSWORD);
  assert_code (no_role, 401, "credentials");
}

static void
lock_out (House *house, const char *name)
{
  for (guint i = 0; i < 6; i++) {
    g_autoptr (Answer) wrong = try_sign_in (house, name, "feil passord her");
    assert_code (wrong, 401, "credentials");
  }
}

static void
test_many_wrong_passwords_lock_the_name_known_or_not (void)
{
  g_autoptr (House) house = house_new (NULL);
  const char *names[] = { "kari", "finnes-ikke" };

  house_set_password (house, house->world->nurse);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Answer) locked = NULL;

    lock_out (house, names[i]);
    locked = try_sign_in (house, names[i], HOUSE_PASSWORD);
    assert_code (locked, 429, "locked-out");
    g_assert_cmpint (g_ascii_strtoll (locked->retry_after, NULL, 10), >, 0);
    g_assert_cmpint (g_ascii_strtoll (locked->retry_after, NULL, 10), <=, 60);
  }
}

static void
test_a_right_password_forgets_the_wrong_ones (void)
{
  g_autoptr (House) house = house_new (NULL);

  house_set_password (house, house->world->nurse);
  for (guint round = 0; round < 2; round++) {
    g_autoptr (Answer) right = NULL;

    for (guint i = 0; i < 4; i++) {
      g_autoptr (Answer) wrong = try_sign_in (house, "kari", "feil passord her");
      assert_code (wrong, 401, "credentials");
    }
    right = try_sign_in (house, "kari", HOUSE_PASSWORD);
    g_assert_cmpuint (right->status, ==, 200);
  }
}

static void
test_malformed_sign_ins_are_told_as_such (void)
{
  g_autoptr (House) house = house_new (NULL);
  const char *bodies[] = {
    "",
    "{",
    "[]",
    "{}",
    "{\"user_name\":7}",
    "null",
    "{\"user_name\":\"kari\",\"password\":\"x\"}",
    "{\"user_name\":\"kari\",\"password\":\"x\",\"device\":{\"id\":\"no\",\"name\":\"x\"}}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (Answer) answer = house_ask (house, "POST", "/auth/v1/sign-in", NULL, bodies[i]);
    assert_code (answer, 400, "malformed");
  }
}

/* Of the device, whoever signs in there. Returns NULL when none was said. */
static char *
ask_share (House *house, const char *user_name, const char *password, const char *device)
{
  g_autofree char *body =
      g_strdup_printf ("{\"user_name\":\"%s\",\"password\":\"%s\",\"device\":{\"id\":\"%s\",\"name\":\"x\"}}",
                       user_name, password, device);
  g_autoptr (Answer) answer = house_ask (house, "POST", "/auth/v1/sign-in", NULL, body);
  const char *at = strstr (answer->body, "\"share\":\"");

  return at != NULL ? g_strndup (at + strlen ("\"share\":\""), 64) : NULL;
}

static void
test_a_device_is_given_its_share_by_a_sign_in_alone (void)
{
  g_autoptr (House) house = house_new (NULL);
  char device[37], other[37];
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *colleague = NULL;
  g_autofree char *elsewhere = NULL;
  g_autofree char *wrong = NULL;

  world_id (device);
  world_id (other);
  house_set_password (house, house->world->nurse);
  house_set_password (house, house->world->nurse_2);
  first = ask_share (house, "kari", HOUSE_PASSWORD, device);
  g_assert_nonnull (first);
  g_assert_cmpuint (strspn (first, "0123456789abcdef"), ==, 64);
  again = ask_share (house, "kari", HOUSE_PASSWORD, device);
  colleague = ask_share (house, "ola", HOUSE_PASSWORD, device);
  elsewhere = ask_share (house, "kari", HOUSE_PASSWORD, other);
  wrong = ask_share (house, "kari", "feil", device);
  g_assert_cmpstr (again, ==, first);
  g_assert_cmpstr (colleague, ==, first);
  g_assert_cmpstr (elsewhere, !=, first);
  g_assert_null (wrong);
}

static void
test_sessions_are_listed_and_ended (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autofree char *other = NULL;
  g_autoptr (Answer) list = NULL;
  g_autoptr (Answer) ended = NULL;
  g_autoptr (Answer) again = NULL;
  g_autoptr (Answer) gone = NULL;
  g_autoptr (Answer) others = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *body = NULL;
  JsonArray *sessions;

  house_set_password (house, house->world->nurse);
  house_set_password (house, house->world->nurse_2);
  one = house_sign_in (house, "kari", NULL);
  two = house_sign_in (house, "kari", NULL);
  other = house_sign_in (house, "ola", NULL);
  list = house_ask (house, "GET", "/auth/v1/sessions", one, NULL);
  g_assert_cmpuint (list->status, ==, 200);
  node = json_from_string (list->body, NULL);
  sessions = json_object_get_array_member (json_node_get_object (node), "sessions");
  g_assert_cmpuint (json_array_get_length (sessions), ==, 2);
  g_assert_true (json_object_get_boolean_member (json_array_get_object_element (sessions, 0), "current"));
  g_assert_false (json_object_get_boolean_member (json_array_get_object_element (sessions, 1), "current"));
  body = g_strdup_printf (
      "{\"session\":\"%s\"}",
      json_object_get_string_member (json_array_get_object_element (sessions, 1), "session"));
  others = house_ask (house, "POST", "/auth/v1/sessions/end", other, body);
  g_assert_cmpuint (others->status, ==, 404);
  ended = house_ask (house, "POST", "/auth/v1/sessions/end", one, body);
  g_assert_cmpuint (ended->status, ==, 200);
  again = house_ask (house, "POST", "/auth/v1/sessions/end", one, body);
  g_assert_cmpuint (again->status, ==, 404);
  gone = house_ask (house, "GET", "/auth/v1/sessions", two, NULL);
  assert_code (gone, 401, "unauthenticated");
}

static void
test_signing_out_ends_the_token_at_once (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autofree char *token = NULL;
  g_autoptr (Answer) out = NULL;
  g_autoptr (Answer) after = NULL;
  g_autoptr (Answer) twice = NULL;

  house_set_password (house, house->world->nurse);
  token = house_sign_in (house, "kari", NULL);
  out = house_ask (house, "POST", "/auth/v1/sign-out", token, NULL);
  g_assert_cmpuint (out->status, ==, 200);
  after = house_ask (house, "GET", "/auth/v1/sessions", token, NULL);
  assert_code (after, 401, "unauthenticated");
  twice = house_ask (house, "POST", "/auth/v1/sign-out", token, NULL);
  assert_code (twice, 401, "unauthenticated");
}

/* Sign in with the key of tests whose secret half nobody has; what is asked without it. */
static void
test_a_bound_token_alone_opens_nothing (void)
{
  static const char key[] = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
  static const char *const asks[][2] = { { "GET", "/auth/v1/sessions" },
                                         { "POST", "/auth/v1/sign-out" },
                                         { "GET", "/sync/v1/live" },
                                         { "GET", "/figures/v1/centre" } };
  g_autoptr (House) house = house_new (NULL);
  char device[37];
  g_autofree char *body = NULL;
  g_autofree char *request = NULL;
  g_autofree char *text = NULL;
  g_autofree char *token = NULL;
  g_autofree char *bare = NULL;
  const char *begin;

  house_set_password (house, house->world->nurse);
  world_id (device);
  body = g_strdup_printf ("{\"user_name\":\"kari\",\"password\":\"" HOUSE_PASSWORD
                          "\",\"device\":{\"id\":\"%s\",\"name\":\"kontor\"}}",
                          device);
  request =
      g_strdup_printf ("POST /auth/v1/sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu"
                       "\r\nFyrlykt-Key: %s\r\n\r\n%s",
                       strlen (body), key, body);
  text = house_raw (house, request, strlen (request), 20, NULL);
  begin = strstr (text, "\"token\":\"");
  g_assert_nonnull (begin);
  token = g_strndup (begin + 9, strcspn (begin + 9, "\""));
  g_assert_true (g_str_has_suffix (token, key));
  bare = g_strndup (token, strcspn (token, "."));
  for (guint i = 0; i < G_N_ELEMENTS (asks); i++) {
    gboolean get = g_str_equal (asks[i][0], "GET");
    g_autofree char *ask =
        g_strdup_printf ("%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s"
                         "Authorization: Bearer %s\r\n\r\n",
                         asks[i][0], asks[i][1], get ? "" : "Content-Length: 0\r\n", token);
    g_autofree char *answer = house_raw (house, ask, strlen (ask), 20, NULL);
    g_autoptr (Answer) without = house_ask (house, asks[i][0], asks[i][1], bare, NULL);

    g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 401"));
    g_assert_nonnull (strstr (answer, "Fyrlykt-Nonce: "));
    g_assert_cmpuint (without->status, ==, 401);
  }
  g_assert_cmpint (world_count (house->world, "SELECT count (*) FROM session"), ==, 1);
}

static void
test_a_key_that_is_none_is_malformed (void)
{
  g_autoptr (House) house = house_new (NULL);
  static const char request[] =
      "POST /auth/v1/sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\nFyrlykt-Key: abc\r\n"
      "Content-Length: 100\r\n\r\n{\"user_name\":\"kari\",\"password\":\"x\",\"device\":"
      "{\"id\":\"01980000-0000-7000-8000-000000000001\",\"name\":\"\"}}";
  g_autofree char *text = house_raw (house, request, strlen (request), 20, NULL);

  g_assert_true (g_str_has_prefix (text, "HTTP/1.1 400"));
}

static void
test_a_new_password_ends_all_sessions (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autofree char *token = NULL;
  g_autoptr (Answer) after = NULL;

  house_set_password (house, house->world->nurse);
  token = house_sign_in (house, "kari", NULL);
  house_set_password (house, house->world->nurse);
  after = house_ask (house, "GET", "/auth/v1/sessions", token, NULL);
  assert_code (after, 401, "unauthenticated");
}

static void
test_nothing_is_told_without_a_token (void)
{
  g_autoptr (House) house = house_new (NULL);
  const char *gets[] = { "/auth/v1/sessions", "/figures/v1/centre", "/sync/v1/live" };
  const char *posts[] = { "/sync/v1/push", "/sync/v1/pull", "/auth/v1/sign-out" };

  for (guint i = 0; i < 3; i++) {
    g_autoptr (Answer) get = house_ask (house, "GET", gets[i], NULL, NULL);
    g_autoptr (Answer) post = house_ask (house, "POST", posts[i], NULL, "{}");
    g_autoptr (Answer) wrong = house_ask (house, "GET", gets[i], "feil", NULL);

    assert_code (get, 401, "unauthenticated");
    assert_code (post, 401, "unauthenticated");
    assert_code (wrong, 401, "unauthenticated");
  }
}

/* Sync over HTTP */

static gboolean
put_note_later (gpointer data)
{
  House *house = data;

  house_put (house, world_note (house->world, house->world->two, "kom mens noen ventet"));
  return G_SOURCE_REMOVE;
}

static void
test_a_pull_that_waits_is_answered_when_something_comes (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  g_autoptr (Answer) answer = NULL;
  gint64 begin;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  g_timeout_add (300, put_note_later, house);
  begin = g_get_monotonic_time ();
  answer = house_pull (house, desk.token, desk.device, desk.cursors, 20);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (strstr (answer->body, "kom mens noen ventet"));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - begin, >, G_USEC_PER_SEC / 4);
  house_desk_close (&desk);
}

static void
test_a_pull_that_waits_in_vain_is_answered_empty (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  g_autoptr (Answer) answer = NULL;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  answer = house_pull (house, desk.token, desk.device, desk.cursors, 1);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (strstr (answer->body, "\"scopes\":{}"));
  house_desk_close (&desk);
}

static gboolean
end_membership_later (gpointer data)
{
  House *house = data;
  g_autoptr (FyrStatement) select = NULL;
  FyrRecord *membership;
  g_autofree char *sql = NULL;
  g_autoptr (FyrConnection) reader = fyr_server_db_open_reader (house->world->db, NULL);
  char id[37];

  select = fyr_connection_prepare (reader, "SELECT id FROM membership WHERE user_id = ?1", NULL);
  fyr_statement_bind_id (select, 1, house->world->nurse);
  g_assert_cmpint (fyr_statement_step (select, NULL), ==, FYR_STEP_ROW);
  g_strlcpy (id, fyr_statement_get_id (select, 0), sizeof id);
  g_clear_pointer (&select, fyr_statement_free);
  membership = world_get (house->world, &fyr_membership_info, id);
  fyr_membership_set_valid_to (FYR_MEMBERSHIP (membership), house->world->now - 1);
  house_put (house, membership);
  return G_SOURCE_REMOVE;
}

static void
test_a_pull_that_waits_hears_that_access_was_taken_away (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  g_autoptr (Answer) answer = NULL;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  g_timeout_add (200, end_membership_later, house);
  answer = house_pull (house, desk.token, desk.device, desk.cursors, 20);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (strstr (answer->body, "\"granted\":[]"));
  g_assert_null (strstr (answer->body, "\"revoked\":[]"));
  house_desk_close (&desk);
}

/* Live */

typedef struct {
  gboolean open, closed, failed;
  SoupWebsocketConnection *connection;
  GString *text;
  guint messages;
  gushort code;
} Ear;

static void
on_text (SoupWebsocketConnection *connection, gint type, GBytes *message, gpointer data)
{
  Ear *ear = data;

  g_string_append_len (ear->text, g_bytes_get_data (message, NULL), (gssize)g_bytes_get_size (message));
  ear->messages++;
}

static void
on_ear_closed (SoupWebsocketConnection *connection, gpointer data)
{
  Ear *ear = data;

  ear->code = soup_websocket_connection_get_close_code (connection);
  ear->closed = TRUE;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  Ear *ear = data;

  ear->connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, NULL);
  ear->failed = ear->connection == NULL;
  ear->open = TRUE;
  if (ear->connection != NULL) {
    g_signal_connect (ear->connection, "message", G_CALLBACK (on_text), ear);
    g_signal_connect (ear->connection, "closed", G_CALLBACK (on_ear_closed), ear);
  }
}

static void
ear_open (Ear *ear, House *house, const char *token)
{
  static char *protocols[] = { (char *)"fyrlykt.1", NULL };
  g_autofree char *uri = g_strdup_printf ("%s/sync/v1/live", fyr_server_get_url (house->server));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autofree char *value = g_strconcat ("Bearer ", token, NULL);

  memset (ear, 0, sizeof *ear);
  ear->text = g_string_new (NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization", value);
  soup_session_websocket_connect_async (house->session, message, NULL, protocols, G_PRIORITY_DEFAULT, NULL,
                                        on_connected, ear);
  g_assert_true (house_run (&ear->open, 10000));
}

static void
ear_close (Ear *ear)
{
  if (ear->connection != NULL) {
    g_signal_handlers_disconnect_by_data (ear->connection, ear);
    g_clear_object (&ear->connection);
  }
  g_string_free (ear->text, TRUE);
}

static void
wait_for_messages (Ear *ear, guint n)
{
  gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  while (ear->messages < n && g_get_monotonic_time () < until) {
    house_run (NULL, 5);
  }
  g_assert_cmpuint (ear->messages, >=, n);
}

static void
test_live_tells_heads_and_no_data (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  Ear ear;
  g_autofree char *wanted = g_strdup_printf ("\"%s/note\":1", house->world->centre);
  gint64 begin;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  ear_open (&ear, house, desk.token);
  g_assert_false (ear.failed);
  g_assert_cmpstr (soup_websocket_connection_get_protocol (ear.connection), ==, "fyrlykt.1");
  wait_for_messages (&ear, 1);
  g_assert_nonnull (strstr (ear.text->str, "global/configuration"));
  begin = g_get_monotonic_time ();
  house_put (house, world_note (house->world, house->world->two, MARK_CLINICAL));
  wait_for_messages (&ear, 2);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, G_USEC_PER_SEC / 2);
  g_assert_nonnull (strstr (ear.text->str, wanted));
  g_assert_null (strstr (ear.text->str, MARK_CLINICAL));
  g_assert_null (strstr (ear.text->str, house->world->two));
  ear_close (&ear);
  house_desk_close (&desk);
}

static void
test_live_tells_nothing_of_another_centre (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  Ear ear;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  ear_open (&ear, house, desk.token);
  wait_for_messages (&ear, 1);
  house_put (house, world_note (house->world, house->world->far, "annet sted"));
  house_run (NULL, 300);
  g_assert_cmpuint (ear.messages, ==, 1);
  g_assert_null (strstr (ear.text->str, house->world->far_centre));
  ear_close (&ear);
  house_desk_close (&desk);
}

static void
test_commits_that_follow_each_other_are_told_together (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  Ear ear;
  g_autofree char *last = g_strdup_printf ("/note\":200");

  house_desk_open (&desk, house, "kari", house->world->nurse);
  ear_open (&ear, house, desk.token);
  wait_for_messages (&ear, 1);
  for (guint i = 0; i < 200; i++) {
    house_put (house, world_note (house->world, house->world->two, "tekst"));
  }
  for (guint i = 0; i < 100 && strstr (ear.text->str, last) == NULL; i++) {
    house_run (NULL, 20);
  }
  g_assert_nonnull (strstr (ear.text->str, last));
  g_assert_cmpuint (ear.messages, <, 150);
  ear_close (&ear);
  house_desk_close (&desk);
}

static void
test_live_closes_with_4001_when_the_session_ended (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  Ear ear;
  g_autoptr (Answer) out = NULL;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  ear_open (&ear, house, desk.token);
  wait_for_messages (&ear, 1);
  out = house_ask (house, "POST", "/auth/v1/sign-out", desk.token, NULL);
  g_assert_cmpuint (out->status, ==, 200);
  g_assert_true (house_run (&ear.closed, 5000));
  g_assert_cmpuint (ear.code, ==, 4001);
  ear_close (&ear);
  house_desk_close (&desk);
}

/* As another process does: written to the database, and no commit of this one. */
static void
write_beside (House *house, const char *sql)
{
  g_autoptr (GError) error = NULL;
  const char *location = house->world->location;
  g_autoptr (FyrConnection) beside = fyr_connection_open (
      location != NULL ? location : fyr_server_db_get_path (house->world->db), FYR_CONNECTION_NONE, &error);

  g_assert_no_error (error);
  g_assert_true (fyr_connection_exec (beside, sql, &error));
  g_assert_no_error (error);
}

static void
test_what_another_process_ended_closes_within_five_seconds (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  Ear ear;
  gint64 begin;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  ear_open (&ear, house, desk.token);
  wait_for_messages (&ear, 1);
  write_beside (house, "DELETE FROM session");
  begin = g_get_monotonic_time ();
  g_assert_true (house_run (&ear.closed, 20000));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpuint (ear.code, ==, 4001);
  ear_close (&ear);
  house_desk_close (&desk);
}

static void
test_a_role_another_process_took_closes_and_answers_who_waits (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  Ear ear;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  ear_open (&ear, house, desk.token);
  wait_for_messages (&ear, 1);
  /* One look at least must have seen the role as it was. */
  house_run (NULL, 2500);
  write_beside (house, "UPDATE membership SET valid_to = 1");
  g_assert_true (house_run (&ear.closed, 20000));
  g_assert_cmpuint (ear.code, ==, 4003);
  ear_close (&ear);
  house_desk_close (&desk);
}

static void
test_live_closes_with_4003_when_grants_changed (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  Ear ear;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  ear_open (&ear, house, desk.token);
  wait_for_messages (&ear, 1);
  end_membership_later (house);
  g_assert_true (house_run (&ear.closed, 5000));
  g_assert_cmpuint (ear.code, ==, 4003);
  ear_close (&ear);
  house_desk_close (&desk);
}

static void
test_live_without_a_session_or_a_handshake_is_refused (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  Ear ear;
  g_autoptr (Answer) plain = NULL;

  house_desk_open (&desk, house, "kari", house->world->nurse);
  ear_open (&ear, house, "feil");
  g_assert_true (ear.failed);
  ear_close (&ear);
  plain = house_ask (house, "GET", "/sync/v1/live", desk.token, NULL);
  assert_code (plain, 400, "malformed");
  house_desk_close (&desk);
}

static void
test_a_talkative_websocket_is_cut (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk desk;
  Ear ear;
  g_autofree char *noise = g_strnfill (900, 'x');

  house_desk_open (&desk, house, "kari", house->world->nurse);
  ear_open (&ear, house, desk.token);
  wait_for_messages (&ear, 1);
  for (guint i = 0; i < 200 && !ear.closed; i++) {
    if (soup_websocket_connection_get_state (ear.connection) == SOUP_WEBSOCKET_STATE_OPEN) {
      soup_websocket_connection_send_text (ear.connection, noise);
    }
    house_run (&ear.closed, 5);
  }
  g_assert_true (house_run (&ear.closed, 5000));
  ear_close (&ear);
  house_desk_close (&desk);
}

/* Figures */

static void
test_figures_are_numbers_for_those_without_patients (void)
{
  g_autoptr (House) house = house_new (NULL);
  HouseDesk manager, nurse;
  g_autoptr (Answer) answer = NULL;
  g_autoptr (Answer) refused = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *alerts, *red;
  char alert[37];

  house_desk_open (&manager, house, "leder", house->world->manager);
  house_desk_open (&nurse, house, "kari", house->world->nurse);
  world_alert (house->world, house->world->one, alert);
  world_alert (house->world, house->world->far, alert);
  house_put (house, world_measurement (house->world, house->world->one, 85));
  answer = house_ask (house, "GET", "/figures/v1/centre", manager.token, NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_null (strstr (answer->body, MARK_CLINICAL));
  g_assert_null (strstr (answer->body, MARK_CONTACT));
  g_assert_null (strstr (answer->body, house->world->one));
  node = json_from_string (answer->body, NULL);
  alerts = json_object_get_object_member (json_node_get_object (node), "alerts");
  red = json_object_get_object_member (alerts, "red");
  g_assert_cmpint (json_object_get_int_member (red, "raised"), >=, 0);
  g_assert_cmpint (json_object_get_int_member (red, "open"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (red, "closed"), ==, 0);
  g_assert_true (json_object_get_null_member (red, "median_minutes_to_take"));
  g_assert_cmpint (json_object_get_int_member (
                       json_object_get_object_member (json_node_get_object (node), "patients"), "active"),
                   ==, 2);
  refused = house_ask (house, "GET", "/figures/v1/centre", nurse.token, NULL);
  assert_code (refused, 403, "forbidden");
  house_desk_close (&manager);
  house_desk_close (&nurse);
}

/* Stopping */

static void
test_stopping_answers_who_waits_and_closes_who_listens (void)
{
  House *house = house_new (NULL);
  World *world = house->world;
  HouseDesk desk;
  Ear ear;
  FyrServer *server = house->server;
  g_autofree char *log = g_strconcat (fyr_server_db_get_path (world->db), "-wal", NULL);
  g_autofree char *bytes = NULL;
  gsize length = 0;

  house_desk_open (&desk, house, "kari", world->nurse);
  ear_open (&ear, house, desk.token);
  wait_for_messages (&ear, 1);
  house_put (house, world_note (world, world->two, "sist"));
  fyr_server_free (server);
  g_assert_true (house_run (&ear.closed, 3000));
  g_assert_cmpuint (ear.code, ==, SOUP_WEBSOCKET_CLOSE_GOING_AWAY);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 1);
  if (g_file_get_contents (log, &bytes, &length, NULL)) {
    g_assert_cmpuint (length, ==, 0);
  }
  ear_close (&ear);
  house_desk_close (&desk);
  soup_session_abort (house->session);
  g_object_unref (house->session);
  world_free (world);
  g_free (house);
}

static void
test_only_loopback_without_a_proxy (void)
{
  g_autoptr (World) world = world_new ();
  const char *addresses[] = { "0.0.0.0", "192.0.2.1", "::", "not an address", "localhost" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    FyrServerConfig config = { .address = addresses[i] };
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrServer) server = fyr_server_new (world->db, &config, &error);

    g_assert_no_error (error);
    g_assert_false (fyr_server_start (server, &error));
    g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS);
  }
  {
    FyrServerConfig config = { .address = "0.0.0.0", .behind_proxy = TRUE };
    g_autoptr (FyrServer) server = fyr_server_new (world->db, &config, NULL);
    g_autoptr (GError) error = NULL;

    g_assert_true (fyr_server_start (server, &error));
    g_assert_no_error (error);
  }
}

static void
test_a_port_in_use_is_told (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (World) world = world_new ();
  FyrServerConfig config = { .port = house->port };
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrServer) server = fyr_server_new (world->db, &config, NULL);

  g_assert_false (fyr_server_start (server, &error));
  g_assert_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_ADDRESS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/http/" #name, test_##name)
  ADD (health_says_nothing_of_the_data);
  ADD (unknown_addresses_and_methods_are_told);
  ADD (a_sign_in_tells_who_where_and_until_when);
  if (fyr_test_on_file ()) {
    ADD (the_token_is_not_in_the_database);
  }
  ADD (wrong_passwords_and_unknown_names_look_the_same);
  ADD (who_is_shut_out_or_has_no_role_does_not_get_in);
  ADD (many_wrong_passwords_lock_the_name_known_or_not);
  ADD (a_right_password_forgets_the_wrong_ones);
  ADD (malformed_sign_ins_are_told_as_such);
  ADD (a_device_is_given_its_share_by_a_sign_in_alone);
  ADD (sessions_are_listed_and_ended);
  ADD (signing_out_ends_the_token_at_once);
  ADD (a_bound_token_alone_opens_nothing);
  ADD (a_key_that_is_none_is_malformed);
  ADD (a_new_password_ends_all_sessions);
  ADD (nothing_is_told_without_a_token);
  ADD (a_pull_that_waits_is_answered_when_something_comes);
  ADD (a_pull_that_waits_in_vain_is_answered_empty);
  ADD (a_pull_that_waits_hears_that_access_was_taken_away);
  ADD (live_tells_heads_and_no_data);
  ADD (live_tells_nothing_of_another_centre);
  ADD (commits_that_follow_each_other_are_told_together);
  ADD (live_closes_with_4001_when_the_session_ended);
  ADD (what_another_process_ended_closes_within_five_seconds);
  ADD (a_role_another_process_took_closes_and_answers_who_waits);
  ADD (live_closes_with_4003_when_grants_changed);
  ADD (live_without_a_session_or_a_handshake_is_refused);
  ADD (a_talkative_websocket_is_cut);
  ADD (figures_are_numbers_for_those_without_patients);
  ADD (stopping_answers_who_waits_and_closes_who_listens);
  ADD (only_loopback_without_a_proxy);
  ADD (a_port_in_use_is_told);
  return g_test_run ();
}
