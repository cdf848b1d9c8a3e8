/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-server-fixture.h"

/* PROTOCOL.md, "Push", without HTTP. */

#define APPLIED FYR_WIRE_OUTCOME_APPLIED
#define MERGED FYR_WIRE_OUTCOME_MERGED
#define CONFLICT FYR_WIRE_OUTCOME_CONFLICT
#define REFUSED FYR_WIRE_OUTCOME_REFUSED
#define LATER FYR_WIRE_OUTCOME_LATER

static char *
note_fields (const char *patient, const char *text)
{
  return g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1790000000000,\"text\":\"%s\"}", patient, text);
}

/* A note by @station; what becomes of it. */
static void
try_note (Station *station, const char *patient, FyrWireOutcomeKind kind, const char *code)
{
  g_autofree char *fields = note_fields (patient, "tekst");
  g_autoptr (FyrWireOutcome) outcome = NULL;
  char id[37];

  world_id (id);
  outcome = station_try (station, "create", "note", id, 0, fields, NULL, kind, code);
}

static FyrWireMutation *
note_mutation (Station *station, const char *text)
{
  g_autofree char *fields = note_fields (station->world->one, text);
  char id[37];

  world_id (id);
  return station_mutation (station, "create", "note", id, 0, fields, NULL);
}

static void
move_on (Station *station, FyrPushRequest *request)
{
  FyrWireMutation *last = g_ptr_array_index (request->mutations, request->mutations->len - 1);

  station->number = last->number;
  memcpy (station->hash, last->hash, FYR_HASH_TEXT_SIZE);
}

static void
assert_error (const char *body, const char *code)
{
  g_autofree char *wanted = g_strdup_printf ("\"code\":\"%s\"", code);

  if (strstr (body, wanted) == NULL) {
    g_error ("%s has no %s", body, wanted);
  }
}

static void
test_a_push_is_applied_and_numbered (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *feed = g_strdup_printf ("%s/note", world->centre);

  for (guint i = 0; i < 5; i++) {
    try_note (station, world->one, APPLIED, "");
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 5);
  g_assert_cmpint (world_count (world, "SELECT number FROM workstation"), ==, 5);
  g_assert_cmpint (world_head (world, feed), ==, 5);
  world_check_feeds (world);
}

static void
test_a_replay_gets_the_stored_outcome_and_has_no_effect (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request =
      station_request (station, note_mutation (station, "en"), note_mutation (station, "to"), NULL);
  g_autofree char *first = NULL;
  gint64 heads;

  g_assert_cmpuint (station_push (station, request, &first), ==, 200);
  heads = world_count (world, "SELECT sum (head) FROM scope");
  for (guint i = 0; i < 20; i++) {
    g_autofree char *again = NULL;

    g_assert_cmpuint (station_push (station, request, &again), ==, 200);
    g_assert_cmpstr (strstr (again, "\"outcomes\""), ==, strstr (first, "\"outcomes\""));
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 2);
  g_assert_cmpint (world_count (world, "SELECT sum (head) FROM scope"), ==, heads);
}

static void
test_a_replay_tells_of_the_time_it_was_judged_in (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = station_request (station, note_mutation (station, "en"), NULL);
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;

  /* Applied then; by now the patient is at another centre and the same would be refused. */
  g_assert_cmpuint (station_push (station, request, &first), ==, 200);
  world_put (world, world_patient (world, world->one, world->far_centre, NULL, "Ett"));
  g_assert_cmpuint (station_push (station, request, &again), ==, 200);
  g_assert_nonnull (strstr (again, "\"applied\""));
}

static void
test_an_overlap_repeats_the_known_and_applies_the_new (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) first = station_request (station, note_mutation (station, "en"), NULL);
  g_autoptr (FyrPushRequest) both = NULL;
  FyrWireMutation *known = g_ptr_array_index (first->mutations, 0);
  g_autofree char *body = NULL;

  both = station_request (station, station_mutation (station, "create", "note", known->id, 0, "{}", NULL),
                          note_mutation (station, "to"), NULL);
  /* The first of the two is the known one, byte for byte. */
  {
    FyrWireMutation *copy = g_ptr_array_index (both->mutations, 0);
    FyrWireMutation *next = g_ptr_array_index (both->mutations, 1);

    json_object_unref (copy->fields);
    copy->fields = json_object_ref (known->fields);
    fyr_wire_mutation_seal (copy, FYR_HASH_ZERO);
    fyr_wire_mutation_seal (next, copy->hash);
  }
  g_assert_cmpuint (station_push (station, first, NULL), ==, 200);
  g_assert_cmpuint (station_push (station, both, &body), ==, 200);
  g_assert_nonnull (strstr (body, "\"number\":1"));
  g_assert_nonnull (strstr (body, "\"number\":2"));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 2);
}

static void
test_a_gap_names_the_number_that_is_missing (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = NULL;
  g_autofree char *body = NULL;

  try_note (station, world->one, APPLIED, "");
  station->number = 4;
  request = station_request (station, note_mutation (station, "fem"), NULL);
  g_assert_cmpuint (station_push (station, request, &body), ==, 409);
  assert_error (body, "gap");
  g_assert_nonnull (strstr (body, "\"next\":2"));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 1);
}

static void
test_a_known_number_with_another_hash_is_a_fork (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) first = station_request (station, note_mutation (station, "en"), NULL);
  g_autoptr (FyrPushRequest) clone = station_request (station, note_mutation (station, "annet"), NULL);
  g_autofree char *body = NULL;

  g_assert_cmpuint (station_push (station, first, NULL), ==, 200);
  g_assert_cmpuint (station_push (station, clone, &body), ==, 409);
  assert_error (body, "fork");
  g_assert_nonnull (strstr (body, "\"next\":1"));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 1);
}

static void
test_a_restored_machine_that_goes_on_is_a_fork (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) next = NULL;
  g_autofree char *body = NULL;

  try_note (station, world->one, APPLIED, "");
  memset (station->hash, 'a', FYR_HASH_TEXT_SIZE - 1);
  next = station_request (station, note_mutation (station, "to"), NULL);
  g_assert_cmpuint (station_push (station, next, &body), ==, 409);
  assert_error (body, "fork");
}

/* The machine it is a copy of has gone further: that number is not hers, and what she sent before is not there. */
static void
test_a_copy_that_asks_what_is_there_is_a_fork (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) asks = NULL;
  g_autoptr (FyrPushRequest) hers = NULL;
  g_autofree char *body = NULL;

  try_note (station, world->one, APPLIED, "");
  hers = station_request (station, NULL, NULL);
  try_note (station, world->one, APPLIED, "");
  g_assert_cmpuint (station_push (station, hers, NULL), ==, 200);
  asks = station_request (station, NULL, NULL);
  asks->first = 2;
  memset (asks->previous_hash, 'a', FYR_HASH_TEXT_SIZE - 1);
  g_assert_cmpuint (station_push (station, asks, &body), ==, 409);
  assert_error (body, "fork");
}

static void
test_a_new_incarnation_begins_at_one (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);

  try_note (station, world->one, APPLIED, "");
  world_id (station->incarnation);
  station->number = 0;
  memcpy (station->hash, FYR_HASH_ZERO, FYR_HASH_TEXT_SIZE);
  try_note (station, world->one, APPLIED, "");
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 2);
}

static void
test_another_users_incarnation_is_not_written_on (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (Station) other = station_new (world, world->nurse_2);
  g_autoptr (FyrPushRequest) request = NULL;
  g_autofree char *body = NULL;

  try_note (station, world->one, APPLIED, "");
  /* A replay by a colleague must not even tell the outcome. */
  g_strlcpy (other->incarnation, station->incarnation, sizeof other->incarnation);
  request = station_request (other, note_mutation (other, "to"), NULL);
  g_free (request->device);
  request->device = g_strdup (station->device);
  g_assert_cmpuint (station_push (other, request, &body), ==, 403);
  assert_error (body, "forbidden");
}

static void
test_another_epoch_is_told (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = station_request (station, note_mutation (station, "en"), NULL);
  g_autofree char *body = NULL;

  g_free (request->epoch);
  request->epoch = g_strdup ("7-something");
  g_assert_cmpuint (station_push (station, request, &body), ==, 409);
  assert_error (body, "epoch");
  g_assert_nonnull (strstr (body, fyr_server_db_get_epoch (world->db)));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 0);
}

static void
test_a_session_that_ended_pushes_nothing (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = station_request (station, note_mutation (station, "en"), NULL);
  g_autofree char *body = NULL;

  fyr_connection_exec (fyr_server_db_get_connection (world->db), "UPDATE session SET expires = 1", NULL);
  g_assert_cmpuint (station_push (station, request, &body), ==, 401);
  assert_error (body, "unauthenticated");
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 0);
}

static void
test_who_is_shut_out_writes_nothing_with_a_living_session (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  FyrRecord *user = world_get (world, &fyr_user_info, world->nurse);

  fyr_user_set_active (FYR_USER (user), FALSE);
  world_put (world, user);
  try_note (station, world->one, REFUSED, "kept");
}

static void
test_a_refused_one_is_kept_and_does_not_stall_the_next (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = NULL;
  g_autofree char *far = note_fields (world->far, "fremmed");
  g_autofree char *body = NULL;
  g_autofree char *again = NULL;
  char id[37];

  world_id (id);
  request = station_request (station, note_mutation (station, "en"),
                             station_mutation (station, "create", "note", id, 0, far, NULL),
                             note_mutation (station, "tre"), NULL);
  g_assert_cmpuint (station_push (station, request, &body), ==, 200);
  g_assert_nonnull (strstr (body, "\"refused\""));
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 2);
  g_assert_cmpuint (station_push (station, request, &again), ==, 200);
  g_assert_cmpstr (strstr (again, "\"outcomes\""), ==, strstr (body, "\"outcomes\""));
}

/* Found out by the database itself, after the row was written: that row is undone, and nothing else. */
static void
test_what_the_database_refuses_is_undone_alone (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = NULL;
  g_autoptr (FyrPushReply) reply = NULL;
  g_autofree char *fields = g_strdup_printf (
      "{\"patient_id\":\"%s\",\"kind\":\"oxygen-saturation\",\"effective_time\":1790000000000,\"value\":95,"
      "\"external_id\":\"sender|7\"}",
      world->one);
  g_autofree char *body = NULL;
  const FyrWireOutcomeKind expected[] = { APPLIED, APPLIED, REFUSED, APPLIED };
  char one[37], two[37];

  world_id (one);
  world_id (two);
  request = station_request (station, note_mutation (station, "en"),
                             station_mutation (station, "create", "measurement", one, 0, fields, NULL),
                             station_mutation (station, "create", "measurement", two, 0, fields, NULL),
                             note_mutation (station, "fire"), NULL);
  g_assert_cmpuint (station_push (station, request, &body), ==, 200);
  reply = fyr_push_reply_parse (body, strlen (body), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_cmpint (((FyrWireOutcome *)g_ptr_array_index (reply->outcomes, i))->kind, ==, expected[i]);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 2);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM measurement"), ==, 1);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM mutation"), ==, 4);
  world_check_feeds (world);
}

/* More than what is asked for or inserted at once, some of it there already and one id twice. */
static void
test_a_long_push_knows_what_is_there (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (Station) other = station_new (world, world->nurse_2);
  g_autoptr (FyrPushRequest) known = station_request (other, note_mutation (other, "der"), NULL);
  g_autoptr (FyrPushRequest) request = station_request (station, note_mutation (station, "en"), NULL);
  g_autofree char *body = NULL;
  guint refused = 0;

  g_assert_cmpuint (station_push (other, known, NULL), ==, 200);
  for (guint i = 2; i <= 150; i++) {
    FyrWireMutation *last = g_ptr_array_index (request->mutations, request->mutations->len - 1);
    FyrWireMutation *first = g_ptr_array_index (i == 70 ? request->mutations : known->mutations, 0);
    FyrWireMutation *mutation = note_mutation (station, "flere");

    if (i == 70 || i == 140) {
      g_free (mutation->id);
      mutation->id = g_strdup (first->id);
    }
    mutation->number = i;
    fyr_wire_mutation_seal (mutation, last->hash);
    g_ptr_array_add (request->mutations, mutation);
  }
  g_assert_cmpuint (station_push (station, request, &body), ==, 200);
  for (const char *at = body; (at = strstr (at, "\"duplicate\"")) != NULL; at++) {
    refused++;
  }
  g_assert_cmpuint (refused, ==, 2);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 149);
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM mutation"), ==, 151);
  world_check_feeds (world);
}

static void
test_what_depends_on_a_refused_one_comes_later (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrPushRequest) request = NULL;
  g_autofree char *far = note_fields (world->far, "fremmed");
  FyrWireMutation *dependent = note_mutation (station, "to");
  FyrWireMutation *free_one = note_mutation (station, "tre");
  g_autoptr (FyrPushReply) reply = NULL;
  g_autofree char *body = NULL;
  char id[37];

  world_id (id);
  dependent->depends_on = 1;
  free_one->depends_on = 0;
  request = station_request (station, station_mutation (station, "create", "note", id, 0, far, NULL),
                             dependent, free_one, NULL);
  g_assert_cmpuint (station_push (station, request, &body), ==, 200);
  reply = fyr_push_reply_parse (body, strlen (body), NULL);
  g_assert_cmpint (((FyrWireOutcome *)g_ptr_array_index (reply->outcomes, 0))->kind, ==, REFUSED);
  g_assert_cmpint (((FyrWireOutcome *)g_ptr_array_index (reply->outcomes, 1))->kind, ==, LATER);
  g_assert_cmpint (((FyrWireOutcome *)g_ptr_array_index (reply->outcomes, 2))->kind, ==, APPLIED);
  move_on (station, request);
  /* And what depends on an applied one is applied. */
  {
    FyrWireMutation *last = note_mutation (station, "fire");
    g_autoptr (FyrWireOutcome) outcome = NULL;

    last->depends_on = 3;
    outcome = station_do (station, last);
    g_assert_cmpint (outcome->kind, ==, APPLIED);
  }
}

static void
test_nonsense_is_refused_each_by_its_word (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *fields = note_fields (world->one, "tekst");
  char id[37];
  const struct {
    const char *command, *kind, *fields, *code;
  } cases[] = {
    { "create", "nothing", "{}", "invalid" },
    { "conjure", "note", "{}", "invalid" },
    { "create", "note", NULL, "invalid" },
    { "create", "note", "{}", "invalid" },
    { "create", "note", "{\"patient_id\":7}", "invalid" },
    { "create", "note", "{\"patient_id\":\"nobody\",\"time\":1,\"text\":\"x\"}", "invalid" },
    { "update", "note", "{\"text\":\"x\"}", "unknown-record" },
    { "delete", "note", NULL, "invalid" },
    { "delete", "patient", NULL, "unknown-record" },
    { "update", "patient", NULL, "unknown-record" },
    { "take", "note", "{}", "invalid" },
    { "take", "alert", "{}", "unknown-record" },
    { "create", "alert", "{}", "forbidden" },
    { "create", "alert_event", "{}", "forbidden" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrWireOutcome) outcome = NULL;

    world_id (id);
    outcome = station_try (station, cases[i].command, cases[i].kind, id, 0, cases[i].fields, NULL, REFUSED,
                           cases[i].code);
    g_assert_nonnull (outcome->text);
  }
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 0);
}

static void
test_an_id_that_is_taken_is_a_duplicate (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *fields = note_fields (world->one, "tekst");
  g_autoptr (FyrWireOutcome) first = NULL;
  g_autoptr (FyrWireOutcome) second = NULL;
  char id[37];

  world_id (id);
  first = station_try (station, "create", "note", id, 0, fields, NULL, APPLIED, "");
  second = station_try (station, "create", "note", id, 0, fields, NULL, REFUSED, "duplicate");
}

static void
test_missing_and_forbidden_look_the_same (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) missing = NULL;
  g_autoptr (FyrWireOutcome) forbidden = NULL;
  char nobody[37];

  world_id (nobody);
  missing = station_try (station, "update", "patient", nobody, 1, "{\"zone\":\"red\"}", NULL, REFUSED,
                         "unknown-record");
  forbidden = station_try (station, "update", "patient", world->far, 1, "{\"zone\":\"red\"}", NULL, REFUSED,
                           "unknown-record");
  g_assert_cmpstr (missing->text, ==, forbidden->text);
  try_note (station, nobody, REFUSED, "unknown-record");
  try_note (station, world->far, REFUSED, "unknown-record");
}

static void
test_each_role_writes_what_it_may (void)
{
  g_autoptr (World) world = world_new ();
  const struct {
    const char *user;
    const char *patient;
    FyrWireOutcomeKind kind;
    const char *code;
  } cases[] = {
    { world->nurse, world->one, APPLIED, "" },
    { world->gp_user, world->one, APPLIED, "" },
    { world->gp_user, world->two, REFUSED, "unknown-record" },
    { world->gp_user, world->far, REFUSED, "unknown-record" },
    { world->clerk, world->one, REFUSED, "unknown-record" },
    { world->manager, world->one, REFUSED, "unknown-record" },
    { world->administrator, world->one, REFUSED, "unknown-record" },
    { world->far_nurse, world->one, REFUSED, "unknown-record" },
    { world->far_nurse, world->far, APPLIED, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Station) station = station_new (world, cases[i].user);

    try_note (station, cases[i].patient, cases[i].kind, cases[i].code);
  }
}

static void
test_nobody_writes_in_anothers_name (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) station = station_new (world, world->nurse);
  g_autofree char *forged = g_strdup_printf (
      "{\"patient_id\":\"%s\",\"time\":1,\"text\":\"x\",\"author_id\":\"%s\"}", world->one, world->nurse_2);
  g_autofree char *own = g_strdup_printf ("{\"patient_id\":\"%s\",\"time\":1,\"text\":\"x\"}", world->one);
  g_autoptr (FyrWireOutcome) refused = NULL;
  g_autoptr (FyrWireOutcome) applied = NULL;
  g_autoptr (FyrRecord) note = NULL;
  char id[37];

  world_id (id);
  refused = station_try (station, "create", "note", id, 0, forged, NULL, REFUSED, "forbidden");
  applied = station_try (station, "create", "note", id, 0, own, NULL, APPLIED, "");
  note = world_get (world, &fyr_note_info, id);
  g_assert_cmpstr (fyr_note_get_author_id (FYR_NOTE (note)), ==, world->nurse);
}

/* Registers */

static void
test_different_fields_of_two_writers_merge (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (Station) ola = station_new (world, world->nurse_2);
  g_autoptr (FyrWireOutcome) first = NULL;
  g_autoptr (FyrWireOutcome) second = NULL;
  g_autoptr (FyrRecord) patient = NULL;

  first = station_try (kari, "update", "patient", world->one, 1, "{\"zone\":\"red\"}", "{\"zone\":\"green\"}",
                       APPLIED, "");
  second = station_try (ola, "update", "patient", world->one, 1, "{\"telephone\":\"22334455\"}",
                        "{\"telephone\":null}", MERGED, "");
  g_assert_cmpint (first->version, ==, 2);
  g_assert_cmpint (second->version, ==, 3);
  patient = world_get (world, &fyr_patient_info, world->one);
  g_assert_cmpint (fyr_patient_get_zone (FYR_PATIENT (patient)), ==, FYR_ZONE_RED);
  g_assert_cmpstr (fyr_patient_get_telephone (FYR_PATIENT (patient)), ==, "22334455");
}

static void
test_the_same_clinical_field_is_a_conflict_with_all_values (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (Station) ola = station_new (world, world->nurse_2);
  g_autoptr (FyrWireOutcome) first = NULL;
  g_autoptr (FyrWireOutcome) second = NULL;
  g_autoptr (FyrRecord) patient = NULL;
  JsonObject *field;

  first = station_try (kari, "update", "patient", world->one, 1, "{\"zone\":\"red\"}", "{\"zone\":\"green\"}",
                       APPLIED, "");
  second = station_try (ola, "update", "patient", world->one, 1, "{\"zone\":\"yellow\",\"city\":\"Oslo\"}",
                        "{\"zone\":\"green\",\"city\":null}", CONFLICT, "");
  field = json_object_get_object_member (json_object_get_object_member (second->conflict, "fields"), "zone");
  g_assert_cmpstr (json_object_get_string_member (field, "yours"), ==, "yellow");
  g_assert_cmpstr (json_object_get_string_member (field, "theirs"), ==, "red");
  g_assert_cmpstr (json_object_get_string_member (field, "base"), ==, "green");
  g_assert_cmpstr (json_object_get_string_member (field, "by"), ==, world->nurse);
  g_assert_cmpint (json_object_get_int_member (field, "time"), >, 0);
  g_assert_cmpint (json_object_get_int_member (second->conflict, "version"), ==, 2);
  /* Nothing of it was applied. */
  patient = world_get (world, &fyr_patient_info, world->one);
  g_assert_cmpint (fyr_record_get_version (patient), ==, 2);
  g_assert_null (fyr_patient_get_city (FYR_PATIENT (patient)));
}

static void
test_two_who_write_the_same_agree (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (Station) ola = station_new (world, world->nurse_2);
  g_autoptr (FyrWireOutcome) first = NULL;
  g_autoptr (FyrWireOutcome) second = station_try (kari, "update", "patient", world->one, 1,
                                                   "{\"zone\":\"red\"}", "{\"zone\":\"green\"}", APPLIED, "");

  first = station_do (ola, station_mutation (ola, "update", "patient", world->one, 1, "{\"zone\":\"red\"}",
                                             "{\"zone\":\"green\"}"));
  g_assert_true (first->kind == APPLIED || first->kind == MERGED);
  g_assert_cmpint (first->version, ==, 2);
}

static void
test_of_two_cosmetic_edits_the_last_stands_and_the_other_is_kept (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (Station) ola = station_new (world, world->nurse_2);
  g_autoptr (FyrWireOutcome) first = NULL;
  g_autoptr (FyrWireOutcome) second = NULL;
  g_autoptr (FyrRecord) patient = NULL;

  first = station_try (kari, "update", "patient", world->one, 1, "{\"city\":\"Oslo\"}", "{\"city\":null}",
                       APPLIED, "");
  second = station_try (ola, "update", "patient", world->one, 1, "{\"city\":\"Bergen\"}", "{\"city\":null}",
                        MERGED, "");
  patient = world_get (world, &fyr_patient_info, world->one);
  g_assert_cmpstr (fyr_patient_get_city (FYR_PATIENT (patient)), ==, "Bergen");
  g_assert_cmpint (
      world_count (world, "SELECT count (*) FROM history WHERE field = 'city' AND value = '\"Oslo\"'"), ==,
      1);
}

static void
test_an_older_base_must_be_told (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) first = NULL;
  g_autoptr (FyrWireOutcome) second = NULL;

  first = station_try (kari, "update", "patient", world->one, 1, "{\"zone\":\"red\"}", NULL, APPLIED, "");
  second = station_try (kari, "update", "patient", world->one, 1, "{\"zone\":\"yellow\"}", NULL, REFUSED,
                        "invalid");
}

static void
test_null_makes_a_field_unset (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) outcome = NULL;
  g_autoptr (FyrWireOutcome) refused = NULL;
  g_autoptr (FyrRecord) patient = NULL;

  outcome = station_try (kari, "update", "patient", world->one, 1, "{\"address\":null}", NULL, APPLIED, "");
  patient = world_get (world, &fyr_patient_info, world->one);
  g_assert_null (fyr_patient_get_address (FYR_PATIENT (patient)));
  refused = station_try (kari, "update", "patient", world->one, 2, "{\"family_name\":null}", NULL, REFUSED,
                         "invalid");
}

static void
test_a_field_of_a_newer_program_survives (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) outcome = NULL;
  g_autoptr (FyrWireOutcome) other = NULL;
  g_autoptr (FyrRecord) patient = NULL;

  outcome = station_try (kari, "update", "patient", world->one, 1, "{\"shoe_size\":43}", NULL, APPLIED, "");
  other = station_try (kari, "update", "patient", world->one, outcome->version, "{\"zone\":\"red\"}", NULL,
                       APPLIED, "");
  patient = world_get (world, &fyr_patient_info, world->one);
  g_assert_nonnull (fyr_record_get_extra (patient));
  g_assert_nonnull (strstr (fyr_record_get_extra (patient), "43"));
}

static void
test_a_clerk_changes_equipment_and_no_patient (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) clerk = station_new (world, world->clerk);
  g_autofree char *fields = g_strdup_printf (
      "{\"centre_id\":\"%s\",\"device_kind\":\"scale\",\"serial_number\":\"1\",\"status\":\"in-stock\"}",
      world->centre);
  g_autofree char *far = g_strdup_printf (
      "{\"centre_id\":\"%s\",\"device_kind\":\"scale\",\"serial_number\":\"2\"}", world->far_centre);
  g_autoptr (FyrWireOutcome) made = NULL;
  g_autoptr (FyrWireOutcome) elsewhere = NULL;
  g_autoptr (FyrWireOutcome) contact = NULL;
  g_autoptr (FyrWireOutcome) moved = NULL;
  g_autofree char *move = g_strdup_printf ("{\"centre_id\":\"%s\"}", world->far_centre);
  char id[37], id_2[37];

  world_id (id);
  world_id (id_2);
  made = station_try (clerk, "create", "device", id, 0, fields, NULL, APPLIED, "");
  elsewhere = station_try (clerk, "create", "device", id_2, 0, far, NULL, REFUSED, "forbidden");
  contact = station_try (clerk, "update", "patient", world->one, 1, "{\"telephone\":\"1\"}", NULL, REFUSED,
                         "forbidden");
  moved = station_try (clerk, "update", "device", id, 1, move, NULL, REFUSED, "forbidden");
}

static void
test_a_deletion_needs_the_version_it_saw (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autofree char *fields = g_strdup_printf ("{\"patient_id\":\"%s\",\"display\":\"KOLS\"}", world->one);
  g_autoptr (FyrWireOutcome) made = NULL;
  g_autoptr (FyrWireOutcome) changed = NULL;
  g_autoptr (FyrWireOutcome) stale = NULL;
  g_autoptr (FyrWireOutcome) deleted = NULL;
  g_autoptr (FyrWireOutcome) again = NULL;
  g_autoptr (FyrWireOutcome) refused = NULL;
  char id[37];

  world_id (id);
  made = station_try (kari, "create", "condition", id, 0, fields, NULL, APPLIED, "");
  changed = station_try (kari, "update", "condition", id, 1, "{\"code\":\"R95\"}", NULL, APPLIED, "");
  stale = station_try (kari, "delete", "condition", id, 1, NULL, NULL, CONFLICT, "");
  deleted = station_try (kari, "delete", "condition", id, 2, NULL, NULL, APPLIED, "");
  g_assert_cmpint (deleted->version, ==, 3);
  again = station_try (kari, "delete", "condition", id, 2, NULL, NULL, APPLIED, "");
  g_assert_cmpint (again->version, ==, 3);
  refused = station_try (kari, "create", "condition", id, 0, fields, NULL, REFUSED, "duplicate");
}

static void
test_a_patient_with_a_record_is_not_deleted (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  g_autoptr (FyrWireOutcome) kept = NULL;
  g_autoptr (FyrWireOutcome) gone = NULL;

  world_put (world, world_note (world, world->one, "tekst"));
  kept = station_try (kari, "delete", "patient", world->one, 1, NULL, NULL, REFUSED, "invalid");
  gone = station_try (kari, "delete", "patient", world->two, 1, NULL, NULL, APPLIED, "");
}

static void
test_a_fact_neither_changes_nor_goes (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  FyrNote *note = world_note (world, world->one, "tekst");
  g_autofree char *id = g_strdup (fyr_record_get_id (FYR_RECORD (note)));
  g_autoptr (FyrWireOutcome) changed = NULL;
  g_autoptr (FyrWireOutcome) deleted = NULL;

  world_put (world, note);
  changed = station_try (kari, "update", "note", id, 1, "{\"text\":\"annet\"}", NULL, REFUSED, "invalid");
  deleted = station_try (kari, "delete", "note", id, 1, NULL, NULL, REFUSED, "invalid");
}

/* Hooks */

typedef struct {
  guint created, updated, deleted;
  gboolean refuse;
} Followed;

static gboolean
follow (FyrWriteContext *context, FyrRecord *before, FyrRecord *after, gpointer data, GError **error)
{
  Followed *followed = data;

  followed->created += before == NULL;
  followed->deleted += after == NULL;
  followed->updated += before != NULL && after != NULL;
  if (followed->refuse) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "not so");
  }
  return !followed->refuse;
}

static void
test_each_change_is_followed_in_its_own_transaction (void)
{
  g_autoptr (World) world = world_new ();
  g_autoptr (Station) kari = station_new (world, world->nurse);
  Followed followed = { 0 };
  g_autoptr (FyrWireOutcome) zone = NULL;
  g_autoptr (FyrWireOutcome) gone = NULL;

  kari->applied = follow;
  kari->applied_data = &followed;
  try_note (kari, world->one, APPLIED, "");
  zone = station_try (kari, "update", "patient", world->one, 1, "{\"zone\":\"red\"}", NULL, APPLIED, "");
  gone = station_try (kari, "delete", "patient", world->two, 1, NULL, NULL, APPLIED, "");
  g_assert_cmpuint (followed.created, ==, 1);
  g_assert_cmpuint (followed.updated, ==, 1);
  g_assert_cmpuint (followed.deleted, ==, 1);
  followed.refuse = TRUE;
  try_note (kari, world->one, REFUSED, "invalid");
  g_assert_cmpint (world_count (world, "SELECT count (*) FROM note"), ==, 1);
}

/* Random histories: two writers, one patient; nobody's clinical edit is lost without a word. */
static void
test_random_edits_never_overwrite_in_silence (void)
{
  g_autoptr (World) world = world_new ();
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Station *stations[2] = { station_new (world, world->nurse), station_new (world, world->nurse_2) };
  const char *zones[] = { "green", "yellow", "red" };
  const char *seen[2] = { "green", "green" };
  gint64 versions[2] = { 1, 1 };
  const char *current = "green";

  g_test_message ("seed %u", seed);
  for (guint step = 0; step < 200; step++) {
    guint who = g_rand_boolean (rand) ? 1 : 0;

    if (g_rand_int_range (rand, 0, 3) == 0) {
      g_autoptr (FyrRecord) patient = world_get (world, &fyr_patient_info, world->one);
      versions[who] = fyr_record_get_version (patient);
      seen[who] = fyr_enum_to_code (&fyr_zone_info, fyr_patient_get_zone (FYR_PATIENT (patient)));
      g_assert_cmpstr (seen[who], ==, current);
    } else {
      const char *zone = zones[g_rand_int_range (rand, 0, 3)];
      g_autofree char *fields = g_strdup_printf ("{\"zone\":\"%s\"}", zone);
      g_autofree char *bases = g_strdup_printf ("{\"zone\":\"%s\"}", seen[who]);
      g_autoptr (FyrWireOutcome) outcome =
          station_do (stations[who], station_mutation (stations[who], "update", "patient", world->one,
                                                       versions[who], fields, bases));
      gboolean touched = !g_str_equal (current, seen[who]);

      if (outcome->kind == CONFLICT) {
        g_assert_true (touched && !g_str_equal (zone, current));
      } else {
        g_assert_true (outcome->kind == APPLIED || outcome->kind == MERGED);
        g_assert_true (!touched || g_str_equal (zone, current) || g_str_equal (zone, seen[who]));
        current = touched ? current : zone;
      }
    }
  }
  world_check_feeds (world);
  station_free (stations[0]);
  station_free (stations[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name) g_test_add_func ("/server/push/" #name, test_##name)
  ADD (a_push_is_applied_and_numbered);
  ADD (a_replay_gets_the_stored_outcome_and_has_no_effect);
  ADD (a_replay_tells_of_the_time_it_was_judged_in);
  ADD (an_overlap_repeats_the_known_and_applies_the_new);
  ADD (a_gap_names_the_number_that_is_missing);
  ADD (a_known_number_with_another_hash_is_a_fork);
  ADD (a_restored_machine_that_goes_on_is_a_fork);
  ADD (a_copy_that_asks_what_is_there_is_a_fork);
  ADD (a_new_incarnation_begins_at_one);
  ADD (another_users_incarnation_is_not_written_on);
  ADD (another_epoch_is_told);
  ADD (a_session_that_ended_pushes_nothing);
  ADD (who_is_shut_out_writes_nothing_with_a_living_session);
  ADD (a_refused_one_is_kept_and_does_not_stall_the_next);
  ADD (what_the_database_refuses_is_undone_alone);
  ADD (a_long_push_knows_what_is_there);
  ADD (what_depends_on_a_refused_one_comes_later);
  ADD (nonsense_is_refused_each_by_its_word);
  ADD (an_id_that_is_taken_is_a_duplicate);
  ADD (missing_and_forbidden_look_the_same);
  ADD (each_role_writes_what_it_may);
  ADD (nobody_writes_in_anothers_name);
  ADD (different_fields_of_two_writers_merge);
  ADD (the_same_clinical_field_is_a_conflict_with_all_values);
  ADD (two_who_write_the_same_agree);
  ADD (of_two_cosmetic_edits_the_last_stands_and_the_other_is_kept);
  ADD (an_older_base_must_be_told);
  ADD (null_makes_a_field_unset);
  ADD (a_field_of_a_newer_program_survives);
  ADD (a_clerk_changes_equipment_and_no_patient);
  ADD (a_deletion_needs_the_version_it_saw);
  ADD (a_patient_with_a_record_is_not_deleted);
  ADD (a_fact_neither_changes_nor_goes);
  ADD (each_change_is_followed_in_its_own_transaction);
  ADD (random_edits_never_overwrite_in_silence);
  return g_test_run ();
}
