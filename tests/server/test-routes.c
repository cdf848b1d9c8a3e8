/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-fhir-route.h"
#include "fyr-http-fixture.h"

/*
 * Every address the server has: asked in another way, under another name, by nobody, from another workstation, or with
 * a body that is none. The answer is the one the protocol names, says nothing of what was sent, and changes nothing.
 */

typedef struct {
  const char *method;
  const char *path;
  gboolean asks_token;
  const char *body; /* that would be served, with %s for epoch and device; NULL: none */
} Route;

#define EPOCH_AND_DEVICE "\"epoch\":\"%s\",\"device\":\"%s\",\"schema\":2"

static const Route routes[] = {
  { "GET", "/healthz", FALSE, NULL },
  { "POST", "/auth/v1/sign-in", FALSE, NULL },
  { "POST", "/auth/v1/sign-out", TRUE, NULL },
  { "GET", "/auth/v1/sessions", TRUE, NULL },
  { "POST", "/auth/v1/sessions/end", TRUE, NULL },
  { "POST", "/sync/v1/push", TRUE,
    "{" EPOCH_AND_DEVICE
    ",\"incarnation\":\"0198f0aa-0000-7000-8000-00000000000a\",\"first\":1,\"previous_hash\":"
    "\"0000000000000000000000000000000000000000000000000000000000000000\",\"mutations\":[]}" },
  { "POST", "/sync/v1/pull", TRUE,
    "{" EPOCH_AND_DEVICE ",\"cursors\":{},\"max_bytes\":65536,\"wait\":0,\"first\":false}" },
  { "POST", "/sync/v1/witness", TRUE, "{" EPOCH_AND_DEVICE ",\"records\":[]}" },
  { "GET", "/sync/v1/live", TRUE, NULL },
  { "GET", "/figures/v1/centre", TRUE, NULL },
};

static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

static void
assert_problem (const char *what, Answer *answer, guint status, const char *code)
{
  g_autofree char *wanted = g_strdup_printf ("{\"error\":{\"code\":\"%s\"", code);

  if (answer->status != status || !g_str_has_prefix (answer->body, wanted)) {
    g_error ("%s: %u %s, not %u %s", what, answer->status, answer->body, status, code);
  }
}

static gboolean
is_there (const char *method, const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++) {
    if (g_str_equal (routes[i].path, path) && g_str_equal (routes[i].method, method)) {
      return TRUE;
    }
  }
  return FALSE;
}

static void
test_no_address_is_asked_in_another_way (void)
{
  g_autoptr (House) house = house_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++) {
    for (gsize m = 0; m < G_N_ELEMENTS (methods); m++) {
      g_autofree char *what = g_strconcat (methods[m], " ", routes[i].path, NULL);
      g_autoptr (Answer) answer = NULL;

      if (is_there (methods[m], routes[i].path)) {
        continue;
      }
      answer = house_ask (house, methods[m], routes[i].path, NULL, NULL);
      /* The guard lets three methods through; others never reach an address. */
      if (answer->status != 501) {
        assert_problem (what, answer, 405, "malformed");
      }
    }
  }
}

/* No second name leads to an address: what is allowed for one must not be undone by spelling it otherwise. */
static void
test_no_address_has_a_second_name (void)
{
  static const char *const forms[] = { "%s/", "%s/x", "%sx", "/%s", "%s;x", "%s%%00", "%s%%2f" };
  g_autoptr (House) house = house_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++) {
    for (gsize f = 0; f < G_N_ELEMENTS (forms); f++) {
      g_auto (GStrv) parts = g_strsplit (forms[f], "%s", 2);
      g_autofree char *raw = g_strconcat (parts[0], routes[i].path, parts[1], NULL);
      g_auto (GStrv) percent = g_strsplit (raw, "%%", -1);
      g_autofree char *path = g_strjoinv ("%", percent);
      g_autofree char *head = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
                                               "Connection: close\r\n\r\n",
                                               routes[i].method, path);
      g_autofree char *answer = house_raw (house, head, strlen (head), 10, NULL);

      if (!g_str_has_prefix (answer, "HTTP/1.1 404 ") && !g_str_has_prefix (answer, "HTTP/1.1 400 ")) {
        g_error ("%s is answered %.40s", path, answer);
      }
    }
  }
}

/* A question mark and what follows is no part of the address, and is not looked at. */
static void
test_a_query_changes_nothing (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (Answer) health = house_ask (house, "GET", "/healthz?x=1&y=%00", NULL, NULL);
  g_autoptr (Answer) pull = house_ask (house, "POST", "/sync/v1/pull?token=x", NULL, "{}");

  g_assert_cmpuint (health->status, ==, 200);
  assert_problem ("pull", pull, 401, "unauthenticated");
}

static char *
fill_in (const char *body, const char *epoch, const char *device)
{
  g_auto (GStrv) parts = g_strsplit (body, "%s", 3);

  return g_strconcat (parts[0], epoch, parts[1], device, parts[2], NULL);
}

/* Whatever stands where a token should: the same words, and nothing of what was sent. */
static void
test_without_a_token_nothing_is_told (void)
{
  g_autofree char *endless = g_strnfill (3000, 'A');
  g_autofree char *of_nobody = g_strnfill (43, 'A');
  const char *const tokens[] = {
    NULL, "", " ", "x", of_nobody, endless, "' OR 1 = 1 --", "../../etc/passwd"
  };
  g_autoptr (House) house = house_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++) {
    for (gsize t = 0; routes[i].asks_token && t < G_N_ELEMENTS (tokens); t++) {
      g_autofree char *body = routes[i].body != NULL
                                  ? fill_in (routes[i].body, "1-x", "0198f0aa-0000-7000-8000-00000000000a")
                                  : g_strdup ("{\"session\":\"0198f0aa-0000-7000-8000-00000000000a\"}");
      g_autoptr (Answer) answer = house_ask (house, routes[i].method, routes[i].path, tokens[t],
                                             g_str_equal (routes[i].method, "POST") ? body : NULL);

      if (g_str_equal (routes[i].path, "/sync/v1/live") && answer->status == 400) {
        continue; /* no WebSocket is asked for */
      }
      assert_problem (routes[i].path, answer, 401, "unauthenticated");
      g_assert_true (tokens[t] == NULL || strlen (tokens[t]) < 5 || strstr (answer->body, tokens[t]) == NULL);
    }
  }
}

/* Only as a bearer: not in another scheme, not twice, not in the address. */
static void
test_a_token_stands_in_one_place_only (void)
{
  static const char *const heads[] = { "Authorization: Basic %s", "Authorization: bearer%s",
                                       "Authorization: %s", "X-Authorization: Bearer %s",
                                       "Cookie: token=%s" };
  g_autoptr (House) house = house_new (NULL);
  g_autofree char *token = NULL;
  g_autoptr (Answer) right = NULL;

  house_set_password (house, house->world->nurse);
  token = house_sign_in (house, "kari", NULL);
  right = house_ask (house, "GET", "/auth/v1/sessions", token, NULL);
  g_assert_cmpuint (right->status, ==, 200);
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++) {
    g_auto (GStrv) parts = g_strsplit (heads[i], "%s", 2);
    g_autofree char *head = g_strconcat ("GET /auth/v1/sessions HTTP/1.1\r\nHost: x\r\n", parts[0], token,
                                         parts[1], "\r\nConnection: close\r\n\r\n", NULL);
    g_autofree char *answer = house_raw (house, head, strlen (head), 10, NULL);

    if (!g_str_has_prefix (answer, "HTTP/1.1 401 ")) {
      g_error ("%s: %.60s", heads[i], answer);
    }
    g_assert_null (strstr (answer, token));
  }
}

static const char *const no_bodies[] = {
  "",
  " ",
  "{",
  "[]",
  "null",
  "7",
  "\"x\"",
  "{}",
  "{\"epoch\":7}",
  "{\"epoch\":null,\"device\":null}",
  "{\"epoch\":\"x\",\"device\":\"not an id\"}",
  "{\"epoch\":\"x\",\"device\":\"0198f0aa-0000-7000-8000-00000000000a\",\"cursors\":[],\"records\":{},"
  "\"mutations\":{}}",
  "\xff\xfe",
  "{\"epoch\":\"HEMMELIG\"",
};

static void
test_a_body_that_is_none_is_malformed (void)
{
  g_autoptr (House) house = house_new (NULL);
  g_autofree char *deep = g_strnfill (5000, '[');
  g_autofree char *token = NULL;

  house_set_password (house, house->world->nurse);
  token = house_sign_in (house, "kari", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++) {
    for (gsize b = 0; routes[i].body != NULL && b <= G_N_ELEMENTS (no_bodies); b++) {
      const char *body = b < G_N_ELEMENTS (no_bodies) ? no_bodies[b] : deep;
      g_autoptr (Answer) answer = house_ask (house, routes[i].method, routes[i].path, token, body);

      g_test_message ("%s %" G_GSIZE_FORMAT, routes[i].path, b);
      assert_problem (routes[i].path, answer, body == deep ? 413 : 400,
                      body == deep ? "too-large" : "malformed");
      g_assert_null (strstr (answer->body, "HEMMELIG"));
    }
  }
}

/* Each address of the protocol asks whose workstation it is and which life it knows, in the same words. */
static void
test_workstation_and_epoch_are_asked_everywhere (void)
{
  g_autoptr (House) house = house_new (NULL);
  const char *epoch = fyr_server_db_get_epoch (house->world->db);
  g_autofree char *token = NULL;
  char device[37], stranger[37];

  world_id (device);
  world_id (stranger);
  house_set_password (house, house->world->nurse);
  token = house_sign_in (house, "kari", device);
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++) {
    g_autofree char *right = NULL;
    g_autofree char *elsewhere = NULL;
    g_autofree char *former = NULL;
    g_autoptr (Answer) served = NULL;
    g_autoptr (Answer) forbidden = NULL;
    g_autoptr (Answer) told = NULL;

    if (routes[i].body == NULL) {
      continue;
    }
    right = fill_in (routes[i].body, epoch, device);
    elsewhere = fill_in (routes[i].body, epoch, stranger);
    former = fill_in (routes[i].body, "1-former", device);
    served = house_ask (house, "POST", routes[i].path, token, right);
    g_assert_cmpuint (served->status, ==, 200);
    forbidden = house_ask (house, "POST", routes[i].path, token, elsewhere);
    assert_problem (routes[i].path, forbidden, 403, "forbidden");
    told = house_ask (house, "POST", routes[i].path, token, former);
    assert_problem (routes[i].path, told, 409, "epoch");
    g_assert_nonnull (strstr (told->body, epoch));
  }
}

/* Below /fhir everything belongs to the interface of gateways, which speaks in OperationOutcomes. */
static void
test_what_lies_below_fhir_answers_as_fhir (void)
{
  static const char *const asked[][2] = { { "GET", "/fhir" },
                                          { "POST", "/fhir" },
                                          { "POST", "/fhir/Patient" },
                                          { "GET", "/fhir/Observation" },
                                          { "POST", "/fhir/Observation/x/y" } };
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (Answer) beside = NULL;

  fyr_fhir_route_add (house->server);
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++) {
    g_autoptr (Answer) answer = house_ask (house, asked[i][0], asked[i][1], NULL, "{}");

    g_assert_cmpuint (answer->status, >=, 400);
    g_assert_cmpuint (answer->status, <, 500);
    g_assert_nonnull (strstr (answer->body, "\"OperationOutcome\""));
  }
  beside = house_ask (house, "GET", "/fhirx", NULL, NULL);
  assert_problem ("/fhirx", beside, 404, "malformed");
}

static gboolean
lose_gateways (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_connection_exec (fyr_write_context_get_connection (context), "DROP TABLE gateway", error);
}

/* Whom the database cannot name is told to come again, as FHIR; what everybody may read needs no database. */
static void
test_a_gateway_that_cannot_be_looked_up_comes_again (void)
{
  static const char *const asked[] = { "/fhir/Observation", "/fhir" };
  g_autoptr (House) house = house_new (NULL);
  g_autoptr (Answer) metadata = NULL;
  g_autoptr (GError) error = NULL;

  fyr_fhir_route_add (house->server);
  g_assert_true (fyr_writer_run (fyr_server_get_writer (house->server), lose_gateways, NULL, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++) {
    g_autoptr (Answer) answer = house_ask (house, "POST", asked[i], "of-a-gateway", "{}");

    g_assert_cmpuint (answer->status, ==, 503);
    g_assert_nonnull (answer->retry_after);
    g_assert_nonnull (strstr (answer->body, "\"OperationOutcome\""));
  }
  metadata = house_ask (house, "GET", "/fhir/metadata", "of-a-gateway", NULL);
  g_assert_cmpuint (metadata->status, ==, 200);
  g_assert_nonnull (strstr (metadata->body, "\"CapabilityStatement\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/routes/" #name, test_##name)
  ADD (no_address_is_asked_in_another_way);
  ADD (no_address_has_a_second_name);
  ADD (a_query_changes_nothing);
  ADD (without_a_token_nothing_is_told);
  ADD (a_token_stands_in_one_place_only);
  ADD (a_body_that_is_none_is_malformed);
  ADD (workstation_and_epoch_are_asked_everywhere);
  ADD (what_lies_below_fhir_answers_as_fhir);
  ADD (a_gateway_that_cannot_be_looked_up_comes_again);
  return g_test_run ();
}
