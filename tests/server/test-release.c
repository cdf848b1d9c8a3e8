/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server and a program of another release say to each other over HTTP: schemas, and compressed bodies. */
#include <string.h>

#include "fyr-http-fixture.h"
#include "fyr-wire-gzip.h"

typedef struct {
  House *house;
  char device[37];
  char *token;
} Desk;

static void
desk_open (Desk *desk, House *house)
{
  desk->house = house;
  world_id (desk->device);
  house_set_password (house, house->world->nurse);
  desk->token = house_sign_in (house, "kari", desk->device);
}

static void
desk_close (Desk *desk)
{
  g_free (desk->token);
}

static void
assert_code (Answer *answer, guint status, const char *code)
{
  g_autofree char *wanted = g_strdup_printf ("\"code\":\"%s\"", code);

  g_assert_cmpuint (answer->status, ==, status);
  g_assert_nonnull (strstr (answer->body, wanted));
}

static void
assert_states_schemas (Answer *answer)
{
  g_autofree char *wanted =
      g_strdup_printf ("\"schema_min\":%d,\"schema_max\":%d", FYR_WIRE_SCHEMA_MIN, FYR_WIRE_SCHEMA);

  g_assert_nonnull (strstr (answer->body, wanted));
}

static void
test_an_older_or_newer_schema_is_asked_to_upgrade (void)
{
  g_autoptr (House) house = house_new (NULL);
  Desk desk;
  g_autofree char *body = NULL;
  g_autoptr (Answer) answer = NULL;

  desk_open (&desk, house);
  body = g_strdup_printf ("{\"epoch\":\"%s\",\"schema\":99,\"device\":\"%s\",\"cursors\":{}}",
                          fyr_server_db_get_epoch (house->world->db), desk.device);
  answer = house_ask (house, "POST", "/sync/v1/pull", desk.token, body);
  assert_code (answer, 426, "schema");
  assert_states_schemas (answer);
  desk_close (&desk);
}

/* Two versions back are served: one that says nothing of schemas is of the first. */
static void
test_an_older_schema_is_served (void)
{
  g_autoptr (House) house = house_new (NULL);
  Desk desk;

  desk_open (&desk, house);
  for (int schema = FYR_WIRE_SCHEMA_MIN; schema <= FYR_WIRE_SCHEMA; schema++) {
    g_autofree char *pull =
        g_strdup_printf ("{\"epoch\":\"%s\",\"schema\":%d,\"device\":\"%s\",\"cursors\":{}}",
                         fyr_server_db_get_epoch (house->world->db), schema, desk.device);
    g_autofree char *push = g_strdup_printf (
        "{\"epoch\":\"%s\",\"schema\":%d,\"device\":\"%s\",\"incarnation\":\"%s\",\"first\":1,"
        "\"previous_hash\":\"" FYR_HASH_ZERO "\",\"mutations\":[]}",
        fyr_server_db_get_epoch (house->world->db), schema, desk.device, desk.device);
    g_autoptr (Answer) pulled = house_ask (house, "POST", "/sync/v1/pull", desk.token, pull);
    g_autoptr (Answer) pushed = house_ask (house, "POST", "/sync/v1/push", desk.token, push);

    g_assert_cmpuint (pulled->status, ==, 200);
    g_assert_cmpuint (pushed->status, ==, 200);
    assert_states_schemas (pulled);
    assert_states_schemas (pushed);
  }
  desk_close (&desk);
}

static void
desk_sign_out (Desk *desk)
{
  g_autoptr (Answer) answer = house_ask (desk->house, "POST", "/auth/v1/sign-out", desk->token, "{}");

  g_assert_cmpuint (answer->status, ==, 200);
}

/* Status of a push or witness with these bytes for a body. */
static guint
send_packed (Desk *desk, const char *address, GBytes *packed, const char *token)
{
  g_autoptr (GByteArray) request = g_byte_array_new ();
  g_autofree char *head = NULL;
  g_autofree char *answer = NULL;

  head = g_strdup_printf (
      "POST /sync/v1/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n"
      "Content-Encoding: gzip\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      address, token, g_bytes_get_size (packed));
  g_byte_array_append (request, (const guint8 *)head, (guint)strlen (head));
  g_byte_array_append (request, g_bytes_get_data (packed, NULL), (guint)g_bytes_get_size (packed));
  answer = house_raw (desk->house, request->data, request->len, 20, NULL);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 "));
  return (guint)g_ascii_strtoull (answer + strlen ("HTTP/1.1 "), NULL, 10);
}

static guint
push_packed (Desk *desk, GBytes *packed, const char *token)
{
  return send_packed (desk, "push", packed, token);
}

static GBytes *
pack_letters (const char *text, gsize padding)
{
  g_autofree char *spaces = g_strnfill (padding, ' ');
  g_autofree char *whole = g_strconcat (text, spaces, NULL);
  g_autoptr (GBytes) plain = g_bytes_new (whole, strlen (whole));

  return fyr_gzip_deflate (plain);
}

static void
test_compressed_pushes_are_bounded (void)
{
  g_autoptr (House) house = house_new (NULL);
  Desk desk;
  g_autofree char *push = NULL;
  g_autoptr (GBytes) good = NULL;
  g_autoptr (GBytes) bomb = NULL;
  g_autoptr (GBytes) cut = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GBytes) twice = NULL;

  desk_open (&desk, house);
  push =
      g_strdup_printf ("{\"epoch\":\"%s\",\"schema\":2,\"device\":\"%s\",\"incarnation\":\"%s\",\"first\":1,"
                       "\"previous_hash\":\"" FYR_HASH_ZERO "\",\"mutations\":[]}",
                       fyr_server_db_get_epoch (house->world->db), desk.device, desk.device);
  good = pack_letters (push, 5000);
  bomb = pack_letters (push, 200 * 1024 * 1024);
  cut = g_bytes_new_from_bytes (good, 0, g_bytes_get_size (good) - 3);
  plain = g_bytes_new (push, strlen (push));
  twice = fyr_gzip_deflate (good);
  g_assert_cmpuint (push_packed (&desk, good, desk.token), ==, 200);
  g_assert_cmpuint (push_packed (&desk, bomb, desk.token), ==, 413);
  g_assert_cmpuint (push_packed (&desk, good, "nobody"), ==, 401);
  g_assert_cmpuint (push_packed (&desk, cut, desk.token), ==, 400);
  g_assert_cmpuint (push_packed (&desk, plain, desk.token), ==, 400);
  g_assert_cmpuint (push_packed (&desk, twice, desk.token), ==, 400);
  g_assert_cmpuint (push_packed (&desk, good, desk.token), ==, 200);
  desk_close (&desk);
}

/* Also what is no gzip or far too much of one: who has no session learns nothing of it. */
static void
test_nothing_is_unpacked_for_a_stranger (void)
{
  g_autoptr (House) house = house_new (NULL);
  Desk desk;
  g_autoptr (GBytes) good = pack_letters ("{}", 5000);
  g_autoptr (GBytes) bomb = pack_letters ("{}", 200 * 1024 * 1024);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (good, 0, g_bytes_get_size (good) - 3);
  g_autoptr (GBytes) garbage = g_bytes_new ("garbage", 7);
  GBytes *bodies[] = { good, bomb, cut, garbage };

  desk_open (&desk, house);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_assert_cmpuint (send_packed (&desk, "push", bodies[i], "nobody"), ==, 401);
    g_assert_cmpuint (send_packed (&desk, "witness", bodies[i], "nobody"), ==, 401);
    g_assert_cmpuint (send_packed (&desk, "push", bodies[i], desk.token), !=, 401);
    g_assert_cmpuint (send_packed (&desk, "witness", bodies[i], desk.token), !=, 401);
  }
  desk_sign_out (&desk);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_assert_cmpuint (send_packed (&desk, "push", bodies[i], desk.token), ==, 401);
    g_assert_cmpuint (send_packed (&desk, "witness", bodies[i], desk.token), ==, 401);
  }
  desk_close (&desk);
}

static void
test_a_sign_in_without_a_schema_in_common (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (Answer) answer =
      house_ask (house, "POST", "/auth/v1/sign-in", NULL,
                 "{\"schema_min\":90,\"schema_max\":92,\"user_name\":\"kari\",\"password\":\"x\","
                 "\"device\":{\"id\":\"01900000-0000-7000-8000-000000000001\"}}");

  assert_code (answer, 426, "schema");
  assert_states_schemas (answer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/release/an older or newer schema is asked to upgrade",
                   test_an_older_or_newer_schema_is_asked_to_upgrade);
  g_test_add_func ("/server/release/an older schema is served", test_an_older_schema_is_served);
  g_test_add_func ("/server/release/a sign-in without a schema in common",
                   test_a_sign_in_without_a_schema_in_common);
  g_test_add_func ("/server/release/compressed pushes are bounded", test_compressed_pushes_are_bounded);
  g_test_add_func ("/server/release/nothing is unpacked for a stranger",
                   test_nothing_is_unpacked_for_a_stranger);
  return g_test_run ();
}
