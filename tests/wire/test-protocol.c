/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages as another program would write them, with hashes computed by another program (Python's hashlib
   over json.dumps with sorted keys): PROTOCOL.md must be enough to write a second implementation. */
#include <string.h>

#include "fyr-records.h"
#include "fyr-wire-pull.h"
#include "fyr-wire-push.h"
#include "fyr-wire-sign-in.h"

#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define FIRST "ce3cdaa5078048486ee46c3cc232c35cccd0c7b1576bdab1499e06e3d121b561"
#define SECOND "9fed36dbf632ee03748eadcb08c433c637cc819de17d419df87c713ea658e4fd"
#define THIRD "c26ca36969161fb19abad2051548a674b025cf55d7749d5d9c96a2a9b08205cb"
#define FOURTH "867399a419b479216cf2e0c77affc51f99f1822c74ac3b37bfad4cd616ff6170"

static const char push_text[] =
    "{\n"
    "  \"epoch\": \"b1946ac9-1\",\n"
    "  \"schema\": 1,\n"
    "  \"device\": \"01900000-0000-7000-8000-000000000001\",\n"
    "  \"incarnation\": \"8d0f3f0c-5f0f-4d7e-9a53-b7f1e1c2a001\",\n"
    "  \"first\": 1,\n"
    "  \"previous_hash\": \"" ZERO "\",\n"
    "  \"mutations\": [\n"
    "    {\"number\": 1, \"hash\": \"" FIRST "\", \"command\": \"create\", \"kind\": \"note\",\n"
    "     \"id\": \"01900000-0000-7000-8000-0000000000aa\", \"base_version\": 0, \"time\": 1790000000000,\n"
    "     \"fields\": {\"patient_id\": \"01900000-0000-7000-8000-0000000000bb\", \"time\": 1790000000000,\n"
    "                \"text\": \"Ringte pasienten\"},\n"
    "     \"bases\": {}, \"depends_on\": null},\n"
    "    {\"number\": 2, \"hash\": \"" SECOND "\", \"command\": \"update\", \"kind\": \"patient\",\n"
    "     \"id\": \"01900000-0000-7000-8000-0000000000bb\", \"base_version\": 3, \"time\": 1790000060000,\n"
    "     \"fields\": {\"telephone\": \"+47 900 00 000\", \"telephone_2\": null},\n"
    "     \"bases\": {\"telephone\": null, \"telephone_2\": \"22 22 22 22\"}, \"depends_on\": null},\n"
    "    {\"number\": 3, \"hash\": \"" THIRD "\", \"command\": \"close\", \"kind\": \"alert\",\n"
    "     \"id\": \"01900000-0000-7000-8000-0000000000cc\", \"base_version\": 2, \"time\": 1790000120000,\n"
    "     \"fields\": {\"event_id\": \"01900000-0000-7000-8000-0000000000dd\", \"outcome\": "
    "\"contacted-patient\",\n"
    "                \"text\": \"\\u00c6, \\u00f8 og \\u00e5 \\u2013 \\u00abbedre\\u00bb\", \"based_on\": "
    "\"taken\"},\n"
    "     \"bases\": {}, \"depends_on\": 1},\n"
    "    {\"number\": 4, \"hash\": \"" FOURTH "\", \"command\": \"create\", \"kind\": \"limit\",\n"
    "     \"id\": \"01900000-0000-7000-8000-0000000000ee\", \"base_version\": 0, \"time\": 1790000180000,\n"
    "     \"fields\": {\"yellow_low\": 92.0, \"red_low\": 88.50, \"valid_from\": 1790000180000},\n"
    "     \"bases\": {}, \"depends_on\": null}\n"
    "  ]\n"
    "}\n";

static const char pull_text[] =
    "{\"epoch\": \"b1946ac9-1\", \"server_time\": 1790000000000,\n"
    " \"granted\": [\"global/configuration\", \"01900000-0000-7000-8000-0000000000c1/roster\"],\n"
    " \"revoked\": [], \"complete\": true,\n"
    " \"heads\": {\"global/configuration\": 2, \"01900000-0000-7000-8000-0000000000c1/roster\": 2},\n"
    " \"scopes\": {\n"
    "  \"global/configuration\": {\"from\": 1, \"to\": 2, \"entries\": [\n"
    "   {\"seq\": 1, \"kind\": \"centre\", \"id\": \"01900000-0000-7000-8000-0000000000c1\", \"op\": "
    "\"put\",\n"
    "    \"record\": {\"id\": \"01900000-0000-7000-8000-0000000000c1\", \"version\": 1, \"name\": "
    "\"Nordbyen\",\n"
    "               \"a_field_of_2031\": {\"a\": [1, 2.5, null]}}},\n"
    "   {\"seq\": 2, \"kind\": \"robot\", \"id\": \"01900000-0000-7000-8000-0000000000c2\", \"op\": "
    "\"put\",\n"
    "    \"record\": {\"id\": \"01900000-0000-7000-8000-0000000000c2\", \"version\": 1}}]},\n"
    "  \"01900000-0000-7000-8000-0000000000c1/roster\": {\"from\": 1, \"to\": 2, \"entries\": [\n"
    "   {\"seq\": 1, \"kind\": \"patient\", \"id\": \"01900000-0000-7000-8000-0000000000bb\", \"op\": "
    "\"skip\"},\n"
    "   {\"seq\": 2, \"kind\": \"patient\", \"id\": \"01900000-0000-7000-8000-0000000000bb\", \"op\": "
    "\"put\",\n"
    "    \"record\": {\"id\": \"01900000-0000-7000-8000-0000000000bb\", \"version\": 4,\n"
    "               \"centre_id\": \"01900000-0000-7000-8000-0000000000c1\", \"family_name\": "
    "\"\\u00d8deg\\u00e5rd\",\n"
    "               \"given_name\": \"Kari\", \"status\": \"active\", \"zone\": \"green\", \"sex\": "
    "\"starfish\"}}]}}}\n";

static void
test_push (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) request = fyr_push_request_parse (push_text, strlen (push_text), &error);
  static const char *const hashes[] = { FIRST, SECOND, THIRD, FOURTH };
  static const char *const commands[] = { "create", "update", "close", "create" };

  g_assert_no_error (error);
  g_assert_cmpuint (request->mutations->len, ==, 4);
  for (guint i = 0; i < 4; i++) {
    const FyrWireMutation *mutation = request->mutations->pdata[i];

    g_assert_cmpint (mutation->number, ==, i + 1);
    g_assert_cmpstr (mutation->hash, ==, hashes[i]);
    g_assert_cmpstr (mutation->command, ==, commands[i]);
  }
}

/* Sealed here, the mutations get the hashes the other program computed. */
static void
test_seals (void)
{
  g_autoptr (FyrPushRequest) request = fyr_push_request_parse (push_text, strlen (push_text), NULL);
  const char *previous = FYR_HASH_ZERO;

  for (guint i = 0; i < request->mutations->len; i++) {
    FyrWireMutation *mutation = request->mutations->pdata[i];
    g_autofree char *expected = g_strdup (mutation->hash);

    mutation->hash[0] = '\0';
    fyr_wire_mutation_seal (mutation, previous);
    g_assert_cmpstr (mutation->hash, ==, expected);
    previous = mutation->hash;
  }
}

static void
test_unset_and_cleared_fields (void)
{
  g_autoptr (FyrPushRequest) request = fyr_push_request_parse (push_text, strlen (push_text), NULL);
  const FyrWireMutation *update = request->mutations->pdata[1];

  g_assert_true (json_object_get_null_member (update->fields, "telephone_2"));
  g_assert_true (json_object_get_null_member (update->bases, "telephone"));
  g_assert_false (json_object_has_member (update->fields, "email"));
}

static void
test_pull (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullReply) reply = fyr_pull_reply_parse (pull_text, strlen (pull_text), &error);
  const FyrPullScope *configuration;
  const FyrPullScope *roster;
  const FyrPullEntry *entry;

  g_assert_no_error (error);
  g_assert_cmpuint (reply->granted->len, ==, 2);
  g_assert_cmpuint (reply->revoked->len, ==, 0);
  g_assert_true (reply->complete);
  g_assert_cmpuint (reply->scopes->len, ==, 2);
  configuration = reply->scopes->pdata[0];
  roster = reply->scopes->pdata[1];
  entry = configuration->entries->pdata[0];
  g_assert_cmpstr (fyr_centre_get_name (FYR_CENTRE (entry->record)), ==, "Nordbyen");
  g_assert_cmpstr (fyr_record_get_extra (entry->record), ==, "{\"a_field_of_2031\":{\"a\":[1,2.5,null]}}");
  entry = configuration->entries->pdata[1];
  g_assert_null (entry->record);
  g_assert_cmpstr (entry->parked, ==, "{\"id\":\"01900000-0000-7000-8000-0000000000c2\",\"version\":1}");
  entry = roster->entries->pdata[0];
  g_assert_cmpint (entry->op, ==, FYR_PULL_OP_SKIP);
  entry = roster->entries->pdata[1];
  g_assert_cmpstr (fyr_patient_get_family_name (FYR_PATIENT (entry->record)), ==, "Ødegård");
  g_assert_cmpint (fyr_patient_get_status (FYR_PATIENT (entry->record)), ==, FYR_PATIENT_STATUS_ACTIVE);
  g_assert_cmpint (fyr_record_get_version (entry->record), ==, 4);
  /* A code of a newer program is kept, not guessed. */
  g_assert_cmpint (fyr_patient_get_sex (FYR_PATIENT (entry->record)), ==, FYR_SEX_UNSET);
  g_assert_nonnull (strstr (fyr_record_get_extra (entry->record), "starfish"));
}

/* One byte changed anywhere in a page is refused, or another value of the same shape: never a crash. */
static void
test_flips (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 20000; i++) {
    gboolean push = g_rand_boolean (rand);
    const char *source = push ? push_text : pull_text;
    gsize length = strlen (source);
    g_autofree char *text = g_strdup (source);
    g_autoptr (GError) error = NULL;
    gint32 at = g_rand_int_range (rand, 0, (gint32)length);

    text[at] = (char)g_rand_int_range (rand, 1, 256);
    if (push) {
      g_autoptr (FyrPushRequest) request = fyr_push_request_parse (text, length, &error);
      g_assert_true ((request == NULL) == (error != NULL));
    } else {
      g_autoptr (FyrPullReply) reply = fyr_pull_reply_parse (text, length, &error);
      g_assert_true ((reply == NULL) == (error != NULL));
    }
  }
}

/* What is covered by the chain cannot be changed unseen: a changed digit or letter within a mutation is noticed. */
static void
test_every_letter_counts (void)
{
  const char *start = strstr (push_text, "\"command\": \"create\"");
  guint noticed = 0;
  guint tried = 0;

  for (const char *p = start; *p != '\0' && p < push_text + sizeof push_text - 8; p++) {
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrPushRequest) request = NULL;

    if (!g_ascii_isalnum (*p))
      continue;
    text = g_strdup (push_text);
    text[p - push_text] = *p == '7' ? '8' : '7';
    request = fyr_push_request_parse (text, strlen (text), &error);
    tried++;
    noticed += request == NULL;
  }
  /* The last zero of 88.50 is no part of the value. */
  g_assert_cmpuint (tried, >, 900);
  g_assert_cmpuint (tried - noticed, <=, 1);
}

static void
test_live (void)
{
  static const char text[] =
      "{ \"heads\" : { \"01900000-0000-7000-8000-0000000000c1/alert\" : 17 } , \"new\" : true }";
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) heads = fyr_wire_heads_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpint (fyr_wire_heads_get (heads, "01900000-0000-7000-8000-0000000000c1/alert"), ==, 17);
}

static void
test_problems (void)
{
  static const struct {
    const char *text;
    const char *code;
    gint64 next;
  } cases[] = {
    { "{\"error\": {\"code\": \"unauthenticated\", \"text\": \"Sign in\"}}", "unauthenticated", 0 },
    { "{\"error\": {\"code\": \"gap\", \"text\": \"x\"}, \"next\": 17}", "gap", 17 },
    { "{\"error\": {\"code\": \"fork\"}}", "fork", 0 },
    { "{\"error\": {\"code\": \"epoch\", \"text\": null}, \"epoch\": \"b-2\"}", "epoch", 0 },
    { "{\"error\": {\"code\": \"later\", \"hint\": [1]}, \"next\": -1}", "later", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrWireProblem) problem = fyr_wire_problem_parse (cases[i].text, strlen (cases[i].text));

    g_assert_cmpstr (problem->code, ==, cases[i].code);
    g_assert_cmpint (MAX (problem->next, 0), ==, cases[i].next);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/a-push-by-another-program-is-read", test_push);
  g_test_add_func ("/protocol/both-programs-compute-the-same-hashes", test_seals);
  g_test_add_func ("/protocol/null-is-made-unset-and-absent-is-unchanged", test_unset_and_cleared_fields);
  g_test_add_func ("/protocol/a-page-by-another-program-is-read", test_pull);
  g_test_add_func ("/protocol/one-flipped-byte-is-survived", test_flips);
  g_test_add_func ("/protocol/every-letter-of-a-mutation-counts", test_every_letter_counts);
  g_test_add_func ("/protocol/heads-by-another-program-are-read", test_live);
  g_test_add_func ("/protocol/errors-by-another-program-are-read", test_problems);
  return g_test_run ();
}
