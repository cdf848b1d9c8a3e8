/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses of emergency access over HTTP: what they take, and that they tell nothing they should not. */
#include <string.h>

#include "fyr-http-fixture.h"
#include "fyr-wire-emergency.h"

#define NUMBER_TWO "15076500565"
#define NUMBER_NOBODY "01010750160"
#define OPEN "/emergency/v1/open"
#define END "/emergency/v1/end"

typedef struct {
  House *house;
  char device[37];
  char *token;
} Desk;

static Desk *
desk_new (void)
{
  Desk *desk = g_new0 (Desk, 1);
  FyrRecord *patient;

  desk->house = house_new (NULL);
  patient = world_get (desk->house->world, &fyr_patient_info, desk->house->world->two);
  fyr_patient_set_identity_system (FYR_PATIENT (patient), "urn:oid:2.16.578.1.12.4.1.4.1");
  fyr_patient_set_identity_number (FYR_PATIENT (patient), NUMBER_TWO);
  house_put (desk->house, patient);
  house_set_password (desk->house, desk->house->world->gp_user);
  world_id (desk->device);
  desk->token = house_sign_in (desk->house, "lege", desk->device);
  return desk;
}

static void
desk_free (Desk *desk)
{
  house_free (desk->house);
  g_free (desk->token);
  g_free (desk);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

static char *
make_body (Desk *desk, const char *number, const char *reason, const char *text, const char *password)
{
  return g_strdup_printf ("{\"device\":\"%s\",\"identity_number\":\"%s\",\"reason\":\"%s\",\"text\":\"%s\","
                          "\"password\":\"%s\"}",
                          desk->device, number, reason, text, password);
}

static Answer *
ask (Desk *desk, const char *number, const char *password)
{
  g_autofree char *body = make_body (desk, number, "danger", "Bevisstløs hjemme i dag", password);

  return house_ask (desk->house, "POST", OPEN, desk->token, body);
}

static void
test_opened_pulled_and_ended (void)
{
  g_autoptr (Desk) desk = desk_new ();
  g_autoptr (Answer) opened = ask (desk, NUMBER_TWO, HOUSE_PASSWORD);
  g_autoptr (Answer) ended = NULL, again = NULL;
  g_autofree FyrWireEmergency *access = NULL;
  g_autofree char *end = NULL;

  g_assert_cmpuint (opened->status, ==, 200);
  access = fyr_emergency_reply_parse (opened->body, strlen (opened->body), NULL);
  g_assert_cmpstr (access->patient_id, ==, desk->house->world->two);
  g_assert_null (strstr (opened->body, NUMBER_TWO));
  end = g_strdup_printf ("{\"access\":\"%s\"}", access->id);
  ended = house_ask (desk->house, "POST", END, desk->token, end);
  g_assert_cmpuint (ended->status, ==, 200);
  again = house_ask (desk->house, "POST", END, desk->token, end);
  g_assert_cmpuint (again->status, ==, 404);
}

static gint64
time_of (Desk *desk, const char *number, const char *password, guint status)
{
  gint64 begun = g_get_monotonic_time ();
  g_autoptr (Answer) answer = ask (desk, number, password);

  g_assert_cmpuint (answer->status, ==, status);
  return g_get_monotonic_time () - begun;
}

/* The passwords here cost next to nothing, so that no hash hides what differs behind it. */
static void
test_refusals_are_alike_in_words_and_take_alike (void)
{
  g_autoptr (Desk) desk = desk_new ();
  g_autoptr (Answer) wrong = ask (desk, NUMBER_TWO, "feil passord altså");
  g_autoptr (Answer) unknown = ask (desk, NUMBER_NOBODY, HOUSE_PASSWORD);
  gint64 fastest_wrong = G_MAXINT64, fastest_unknown = G_MAXINT64;

  g_assert_cmpuint (wrong->status, ==, 403);
  g_assert_cmpuint (unknown->status, ==, 403);
  g_assert_cmpstr (wrong->body, ==, unknown->body);
  g_assert_null (strstr (unknown->body, NUMBER_NOBODY));
  for (guint i = 0; i < 3; i++) {
    gint64 took = time_of (desk, NUMBER_TWO, "feil passord altså", 403);

    fastest_wrong = MIN (fastest_wrong, took);
    took = time_of (desk, NUMBER_NOBODY, HOUSE_PASSWORD, 403);
    fastest_unknown = MIN (fastest_unknown, took);
  }
  g_test_message ("wrong %" G_GINT64_FORMAT " µs, unknown %" G_GINT64_FORMAT " µs", fastest_wrong,
                  fastest_unknown);
  g_assert_cmpint (fastest_wrong, <, fastest_unknown * 2 + 10000);
  g_assert_cmpint (fastest_unknown, <, fastest_wrong * 2 + 10000);
}

static void
test_nobody_asks_without_a_session_or_from_another_machine (void)
{
  g_autoptr (Desk) desk = desk_new ();
  g_autofree char *body = make_body (desk, NUMBER_TWO, "danger", "Bevisstløs hjemme i dag", HOUSE_PASSWORD);
  g_autoptr (Answer) without = house_ask (desk->house, "POST", OPEN, NULL, body);
  g_autoptr (Answer) wrong = house_ask (desk->house, "POST", OPEN, "nonsense", body);
  g_autoptr (Answer) get = house_ask (desk->house, "GET", OPEN, desk->token, NULL);
  g_autoptr (Answer) end = house_ask (desk->house, "POST", END, NULL, "{}");
  g_autoptr (Answer) elsewhere = NULL;
  g_autofree char *other = NULL;

  g_assert_cmpuint (without->status, ==, 401);
  g_assert_cmpuint (wrong->status, ==, 401);
  g_assert_cmpuint (get->status, ==, 405);
  g_assert_cmpuint (end->status, ==, 401);
  world_id (desk->device);
  other = make_body (desk, NUMBER_TWO, "danger", "Bevisstløs hjemme i dag", HOUSE_PASSWORD);
  elsewhere = house_ask (desk->house, "POST", OPEN, desk->token, other);
  g_assert_cmpuint (elsewhere->status, ==, 403);
  g_assert_nonnull (strstr (elsewhere->body, "forbidden"));
}

/* Nothing of what was sent is said back, and nothing is counted. */
static void
test_what_is_malformed_is_said_by_name_only (void)
{
  static const char *const cases[][4] = {
    { "", "danger", "Bevisstløs hjemme i dag", "number" },
    { "12345", "danger", "Bevisstløs hjemme i dag", "number" },
    { "123456789012345678901", "danger", "Bevisstløs hjemme i dag", "number" },
    { "1507650056x", "danger", "Bevisstløs hjemme i dag", "number" },
    { "15076500565' OR '1'='1", "danger", "Bevisstløs hjemme i dag", "number" },
    { NUMBER_TWO, "", "Bevisstløs hjemme i dag", "reason" },
    { NUMBER_TWO, "curiosity", "Bevisstløs hjemme i dag", "reason" },
    { NUMBER_TWO, "danger", "for kort", "text" },
    { NUMBER_TWO, "danger", "              kort              ", "text" },
  };
  g_autoptr (Desk) desk = desk_new ();
  static const char *const bodies[] = {
    "", "[]", "{}", "{\"access\":1}", "{\"access\":\"x\"}", "null", "{\"device\":{}}"
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *body = make_body (desk, cases[i][0], cases[i][1], cases[i][2], HOUSE_PASSWORD);
    g_autoptr (Answer) answer = house_ask (desk->house, "POST", OPEN, desk->token, body);

    g_assert_cmpuint (answer->status, ==, 400);
    g_assert_nonnull (strstr (answer->body, cases[i][3]));
    g_assert_null (strstr (answer->body, NUMBER_TWO));
    g_assert_null (strstr (answer->body, "kort"));
  }
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (Answer) open = house_ask (desk->house, "POST", OPEN, desk->token, bodies[i]);
    g_autoptr (Answer) end = house_ask (desk->house, "POST", END, desk->token, bodies[i]);

    g_assert_cmpuint (open->status, ==, 400);
    g_assert_cmpuint (end->status, ==, 400);
  }
  g_assert_cmpint (world_count (desk->house->world, "SELECT count (*) FROM emergency_try"), ==, 0);
}

static void
test_a_session_that_ended_opens_nothing (void)
{
  g_autoptr (Desk) desk = desk_new ();
  g_autoptr (Answer) out = house_ask (desk->house, "POST", "/auth/v1/sign-out", desk->token, "{}");
  g_autoptr (Answer) answer = ask (desk, NUMBER_TWO, HOUSE_PASSWORD);

  g_assert_cmpuint (out->status, ==, 200);
  g_assert_cmpuint (answer->status, ==, 401);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/emergency-route/" #name, test_##name)
  ADD (opened_pulled_and_ended);
  ADD (refusals_are_alike_in_words_and_take_alike);
  ADD (nobody_asks_without_a_session_or_from_another_machine);
  ADD (what_is_malformed_is_said_by_name_only);
  ADD (a_session_that_ended_opens_nothing);
  return g_test_run ();
}
