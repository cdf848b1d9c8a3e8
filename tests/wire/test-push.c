/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-wire-push.h"

#define DEVICE "01900000-0000-7000-8000-000000000001"
#define INCARNATION "8d0f3f0c-5f0f-4d7e-9a53-b7f1e1c2a001"
#define NOTE "01900000-0000-7000-8000-0000000000aa"

static FyrWireMutation *
make_mutation (gint64 number, const char *previous)
{
  FyrWireMutation *mutation = fyr_wire_mutation_new ();

  mutation->number = number;
  mutation->command = g_strdup ("create");
  mutation->kind = g_strdup ("note");
  mutation->id = g_strdup (NOTE);
  mutation->time = 1790000000000;
  mutation->fields = json_object_new ();
  json_object_set_string_member (mutation->fields, "text", "Ringte pasienten. «Bedre nå»\n");
  json_object_set_double_member (mutation->fields, "value", 36.6);
  json_object_set_null_member (mutation->fields, "alert_id");
  fyr_wire_mutation_seal (mutation, previous);
  return mutation;
}

static FyrPushRequest *
make_request (gint64 first, guint n)
{
  FyrPushRequest *request = fyr_push_request_new ();
  const char *previous = request->previous_hash;

  request->epoch = g_strdup ("abc-1");
  request->device = g_strdup (DEVICE);
  request->incarnation = g_strdup (INCARNATION);
  request->first = first;
  if (first > 1)
    memset (request->previous_hash, 'a', 64);
  for (guint i = 0; i < n; i++) {
    FyrWireMutation *mutation = make_mutation (first + i, previous);

    g_ptr_array_add (request->mutations, mutation);
    previous = mutation->hash;
  }
  return request;
}

static char *
text_of (FyrPushRequest *request)
{
  GString *text = g_string_new (NULL);

  fyr_push_request_write (request, text);
  return g_string_free (text, FALSE);
}

static FyrPushRequest *
parse (const char *text, GError **error)
{
  return fyr_push_request_parse (text, strlen (text), error);
}

static void
refuse (const char *text, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) request = parse (text, &error);

  if (request != NULL || !g_error_matches (error, FYR_WIRE_ERROR, code))
    g_error ("accepted, or another error: %s (%s)", text, error != NULL ? error->message : "none");
}

/* One text for another in a good request. The chain is not made anew: what is refused is refused before. */
static char *
with (const char *good, const char *from, const char *to)
{
  const char *at = strstr (good, from);
  GString *text = g_string_new (NULL);

  g_assert_nonnull (at);
  g_string_append_len (text, good, at - good);
  g_string_append (text, to);
  g_string_append (text, at + strlen (from));
  return g_string_free (text, FALSE);
}

static void
test_round_trip (void)
{
  g_autoptr (FyrPushRequest) request = make_request (17, 3);
  g_autofree char *text = text_of (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) read = parse (text, &error);
  g_autofree char *again = NULL;
  FyrWireMutation *mutation;

  g_assert_no_error (error);
  again = text_of (read);
  g_assert_cmpstr (text, ==, again);
  g_assert_cmpint (read->first, ==, 17);
  g_assert_cmpint (read->schema, ==, FYR_WIRE_SCHEMA);
  g_assert_cmpstr (read->epoch, ==, "abc-1");
  g_assert_cmpstr (read->device, ==, DEVICE);
  g_assert_cmpstr (read->incarnation, ==, INCARNATION);
  g_assert_cmpuint (read->mutations->len, ==, 3);
  mutation = read->mutations->pdata[2];
  g_assert_cmpint (mutation->number, ==, 19);
  g_assert_cmpint (mutation->depends_on, ==, 0);
  g_assert_cmpstr (json_object_get_string_member (mutation->fields, "text"), ==,
                   "Ringte pasienten. «Bedre nå»\n");
  g_assert_true (json_object_get_null_member (mutation->fields, "alert_id"));
}

static void
test_empty_push (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 0);
  g_autofree char *text = text_of (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) read = parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (read->mutations->len, ==, 0);
}

static void
test_depends_on (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 1);
  FyrWireMutation *second = make_mutation (2, ((FyrWireMutation *)request->mutations->pdata[0])->hash);
  g_autofree char *good = NULL;
  g_autofree char *bad = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) read = NULL;

  second->depends_on = 1;
  fyr_wire_mutation_seal (second, ((FyrWireMutation *)request->mutations->pdata[0])->hash);
  g_ptr_array_add (request->mutations, second);
  good = text_of (request);
  read = parse (good, &error);
  g_assert_no_error (error);
  g_assert_cmpint (((FyrWireMutation *)read->mutations->pdata[1])->depends_on, ==, 1);
  second->depends_on = 2;
  fyr_wire_mutation_seal (second, ((FyrWireMutation *)request->mutations->pdata[0])->hash);
  bad = text_of (request);
  refuse (bad, FYR_WIRE_ERROR_MALFORMED);
}

static void
test_chain (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 3);
  g_autofree char *good = text_of (request);
  g_autofree char *changed = with (good, "Bedre", "Verre");
  g_autofree char *member = with (good, "\"base_version\":0", "\"base_version\":0,\"new\":1");
  g_autofree char *start = with (good, "\"previous_hash\":\"0", "\"previous_hash\":\"1");

  refuse (changed, FYR_WIRE_ERROR_MALFORMED);
  /* A member this program does not know is covered by the hash as well. */
  refuse (member, FYR_WIRE_ERROR_MALFORMED);
  refuse (start, FYR_WIRE_ERROR_MALFORMED);
  g_ptr_array_remove_index (request->mutations, 1);
  {
    g_autofree char *gap = text_of (request);
    refuse (gap, FYR_WIRE_ERROR_MALFORMED);
  }
}

static void
test_unknown_members_are_hashed (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 1);
  FyrWireMutation *mutation = request->mutations->pdata[0];
  g_autoptr (JsonObject) object = fyr_wire_mutation_to_json (mutation);
  char hash[FYR_HASH_TEXT_SIZE];
  g_autofree char *good = text_of (request);
  g_autofree char *longer = NULL;
  g_autofree char *right = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) read = NULL;

  json_object_set_int_member (object, "zz_new", 7);
  fyr_canonical_json_hash (FYR_HASH_ZERO, object, hash);
  longer = with (good, "\"base_version\":0", "\"zz_new\":7,\"base_version\":0");
  right = with (longer, mutation->hash, hash);
  read = parse (right, &error);
  g_assert_no_error (error);
}

static void
test_broken_members (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 1);
  g_autofree char *good = text_of (request);
  static const struct {
    const char *from;
    const char *to;
  } cases[] = {
    { "\"epoch\":\"abc-1\"", "\"epoch\":\"\"" },
    { "\"epoch\":\"abc-1\"", "\"epoch\":7" },
    { "\"epoch\":\"abc-1\",", "" },
    { DEVICE, "not-a-uuid" },
    { INCARNATION, "8D0F3F0C-5F0F-4D7E-9A53-B7F1E1C2A001" },
    { "\"first\":1", "\"first\":0" },
    { "\"first\":1", "\"first\":1.5" },
    { "\"first\":1", "\"first\":2" },
    { "\"first\":1", "\"first\":\"1\"" },
    { "\"mutations\":[", "\"mutations\":[1," },
    { "\"number\":1", "\"number\":-1" },
    { "\"number\":1", "\"number\":2" },
    { "\"number\":1,", "" },
    { "\"command\":\"create\"", "\"command\":\"\"" },
    { "\"command\":\"create\"", "\"command\":null" },
    { "\"kind\":\"note\"", "\"kind\":[]" },
    { "\"id\":\"" NOTE "\"", "\"id\":\"" NOTE "0\"" },
    { "\"base_version\":0", "\"base_version\":-1" },
    { "\"time\":1790000000000", "\"time\":-1" },
    { "\"fields\":{", "\"fields\":[{" },
    { "\"bases\":{}", "\"bases\":1" },
    { "\"depends_on\":null", "\"depends_on\":0" },
    { "\"depends_on\":null", "\"depends_on\":1" },
    { "\"hash\":\"", "\"hash\":\"x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *bad = with (good, cases[i].from, cases[i].to);
    refuse (bad, FYR_WIRE_ERROR_MALFORMED);
  }
}

static void
test_offset_and_receipts (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 2);
  FyrWireMutation *first = request->mutations->pdata[0];
  FyrWireMutation *second = request->mutations->pdata[1];
  g_autoptr (FyrPushRequest) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *many = NULL;

  first->has_offset = TRUE;
  first->offset = -1250;
  fyr_wire_mutation_seal (first, FYR_HASH_ZERO);
  fyr_wire_mutation_seal (second, first->hash);
  g_hash_table_insert (request->receipts, g_memdup2 (&second->number, sizeof second->number),
                       g_strdup ("2.x.1-a"));
  text = text_of (request);
  read = fyr_push_request_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  first = read->mutations->pdata[0];
  second = read->mutations->pdata[1];
  g_assert_true (first->has_offset);
  g_assert_cmpint (first->offset, ==, -1250);
  g_assert_false (second->has_offset);
  g_assert_cmpuint (g_hash_table_size (read->receipts), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (read->receipts, &second->number), ==, "2.x.1-a");
  many = with (text, "\"receipts\":[{\"number\":2", "\"receipts\":[{\"number\":0");
  refuse (many, FYR_WIRE_ERROR_MALFORMED);
}

static void
test_digest (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 2);
  FyrWireMutation *mutation = request->mutations->pdata[0];
  char before[FYR_HASH_TEXT_SIZE], after[FYR_HASH_TEXT_SIZE];

  fyr_wire_mutation_digest (mutation, before);
  mutation->number = 17;
  mutation->depends_on = 16;
  fyr_wire_mutation_digest (mutation, after);
  g_assert_cmpstr (before, ==, after);
  mutation->base_version++;
  fyr_wire_mutation_digest (mutation, after);
  g_assert_cmpstr (before, !=, after);
}

static void
test_schema (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 1);
  g_autofree char *good = text_of (request);
  g_autofree char *newer = with (good, "\"schema\":2", "\"schema\":3");
  g_autofree char *older = with (good, "\"schema\":2", "\"schema\":0");
  g_autofree char *none = with (good, "\"schema\":2,", "");

  refuse (newer, FYR_WIRE_ERROR_SCHEMA);
  refuse (older, FYR_WIRE_ERROR_SCHEMA);
  refuse (none, FYR_WIRE_ERROR_MALFORMED);
}

static void
test_too_many (void)
{
  g_autoptr (FyrPushRequest) fits = make_request (1, FYR_PUSH_MAX_MUTATIONS);
  g_autoptr (FyrPushRequest) many = make_request (1, FYR_PUSH_MAX_MUTATIONS + 1);
  g_autofree char *text = text_of (fits);
  g_autofree char *longer = text_of (many);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushRequest) read = parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (read->mutations->len, ==, FYR_PUSH_MAX_MUTATIONS);
  refuse (longer, FYR_WIRE_ERROR_TOO_LARGE);
}

static void
test_outcomes (void)
{
  g_autoptr (FyrPushReply) reply = fyr_push_reply_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushReply) read = NULL;
  FyrWireOutcome *conflict = fyr_wire_outcome_new (3, FYR_WIRE_OUTCOME_CONFLICT, 0);
  FyrWireOutcome *refused = fyr_wire_outcome_new (4, FYR_WIRE_OUTCOME_REFUSED, 0);

  reply->epoch = g_strdup ("e");
  reply->server_time = 5;
  g_ptr_array_add (reply->outcomes, fyr_wire_outcome_new (1, FYR_WIRE_OUTCOME_APPLIED, 2));
  g_ptr_array_add (reply->outcomes, fyr_wire_outcome_new (2, FYR_WIRE_OUTCOME_MERGED, 9));
  conflict->conflict = json_object_new ();
  json_object_set_int_member (conflict->conflict, "version", 4);
  g_ptr_array_add (reply->outcomes, conflict);
  refused->code = g_strdup ("already-closed");
  refused->text = g_strdup ("The alert is closed");
  g_ptr_array_add (reply->outcomes, refused);
  g_ptr_array_add (reply->outcomes, fyr_wire_outcome_new (5, FYR_WIRE_OUTCOME_LATER, 0));
  fyr_push_reply_write (reply, text);
  read = fyr_push_reply_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  fyr_push_reply_write (read, again);
  g_assert_cmpstr (text->str, ==, again->str);
  refused = read->outcomes->pdata[3];
  g_assert_cmpint (refused->kind, ==, FYR_WIRE_OUTCOME_REFUSED);
  g_assert_cmpstr (refused->code, ==, "already-closed");
  g_assert_cmpint (
      json_object_get_int_member (((FyrWireOutcome *)read->outcomes->pdata[2])->conflict, "version"), ==, 4);
  g_assert_cmpint (((FyrWireOutcome *)read->outcomes->pdata[1])->version, ==, 9);
}

/* A repeated push is answered with the very outcomes that were stored. */
static void
test_stored_outcomes (void)
{
  g_autoptr (FyrWireOutcome) one = fyr_wire_outcome_new (1, FYR_WIRE_OUTCOME_APPLIED, 1);
  g_autoptr (GString) stored = g_string_new (NULL);
  g_autoptr (GString) reply = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPushReply) read = NULL;
  const char *outcomes[2];

  fyr_wire_outcome_write (one, stored);
  outcomes[0] = stored->str;
  outcomes[1] = stored->str;
  fyr_push_reply_write_stored ("e", 1, outcomes, 2, reply);
  read = fyr_push_reply_parse (reply->str, reply->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->outcomes->len, ==, 2);
}

static void
test_broken_replies (void)
{
  static const char *const cases[] = {
    "{}",
    "[]",
    "{\"epoch\":\"e\",\"server_time\":1}",
    "{\"epoch\":\"e\",\"server_time\":1,\"outcomes\":{}}",
    "{\"epoch\":\"e\",\"server_time\":1,\"outcomes\":[1]}",
    "{\"epoch\":\"e\",\"server_time\":1,\"outcomes\":[{\"number\":1}]}",
    "{\"epoch\":\"e\",\"server_time\":1,\"outcomes\":[{\"number\":1,\"outcome\":\"maybe\"}]}",
    "{\"epoch\":\"e\",\"server_time\":1,\"outcomes\":[{\"number\":0,\"outcome\":\"applied\"}]}",
    "{\"epoch\":\"e\",\"server_time\":1,\"outcomes\":[{\"number\":1,\"outcome\":\"applied\",\"version\":-1}]"
    "}",
    "{\"epoch\":\"e\",\"server_time\":1,\"outcomes\":[{\"number\":1,\"outcome\":\"refused\",\"code\":7}]}",
    "{\"epoch\":\"e\",\"server_time\":1,\"outcomes\":[{\"number\":1,\"outcome\":\"conflict\",\"conflict\":7}]"
    "}",
    "{\"epoch\":\"\",\"server_time\":1,\"outcomes\":[]}",
    "<html>Bad gateway</html>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fyr_push_reply_parse (cases[i], strlen (cases[i]), &error));
    g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
    g_assert_cmpuint (fyr_wire_error_to_status (error), ==, 400);
    g_assert_cmpstr (fyr_wire_error_to_code (error), ==, "malformed");
  }
}

static void
test_error_words (void)
{
  g_autoptr (GError) large = g_error_new_literal (FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE, "x");
  g_autoptr (GError) schema = g_error_new_literal (FYR_WIRE_ERROR, FYR_WIRE_ERROR_SCHEMA, "x");
  g_autoptr (GError) empty = g_error_new_literal (FYR_WIRE_ERROR, FYR_WIRE_ERROR_EMPTY, "x");
  g_autoptr (GError) other = g_error_new_literal (G_FILE_ERROR, 0, "x");

  g_assert_cmpuint (fyr_wire_error_to_status (large), ==, 413);
  g_assert_cmpuint (fyr_wire_error_to_status (schema), ==, 426);
  g_assert_cmpuint (fyr_wire_error_to_status (empty), ==, 400);
  g_assert_cmpuint (fyr_wire_error_to_status (other), ==, 500);
  g_assert_cmpstr (fyr_wire_error_to_code (large), ==, "too-large");
  g_assert_cmpstr (fyr_wire_error_to_code (schema), ==, "schema");
  g_assert_cmpstr (fyr_wire_error_to_code (other), ==, "internal");
}

/* Messages go to logs: they must not repeat what was sent. */
static void
test_messages_name_no_values (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 1);
  g_autofree char *good = text_of (request);
  static const struct {
    const char *from;
    const char *to;
  } cases[] = {
    { DEVICE, "HEMMELIG" },
    { "\"kind\":\"note\"", "\"kind\":\"HEMMELIG HEMMELIG HEMMELIG HEMMELIG HEMMELIG HEMMELIG\"" },
    { "\"Ringte", "\"HEMMELIG" },
    { "\"fields\":{", "\"fields\":\"HEMMELIG\",\"f\":{" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *bad = with (good, cases[i].from, cases[i].to);
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (bad, &error));
    g_assert_null (strstr (error->message, "HEMMELIG"));
  }
}

/* Another's work names its author; a push of one's own does not. */
static void
test_author (void)
{
  g_autoptr (FyrPushRequest) request = make_request (1, 1);
  g_autofree char *own = text_of (request);
  g_autofree char *others = NULL;
  g_autoptr (FyrPushRequest) read = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (strstr (own, "author"));
  request->author = g_strdup (NOTE);
  others = text_of (request);
  read = parse (others, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->author, ==, NOTE);
  g_free (request->author);
  request->author = g_strdup ("somebody");
  g_clear_pointer (&others, g_free);
  others = text_of (request);
  g_assert_null (parse (others, NULL));
}

/* What was kept is read again without the chain it came in. */
static void
test_kept (void)
{
  g_autoptr (FyrPushRequest) request = make_request (7, 1);
  FyrWireMutation *mutation = request->mutations->pdata[0];
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
  g_autoptr (FyrWireMutation) read = NULL;
  g_autofree char *text = NULL;

  json_node_take_object (node, fyr_wire_mutation_to_json (mutation));
  text = json_to_string (node, FALSE);
  read = fyr_wire_mutation_parse (text, strlen (text), NULL);
  g_assert_cmpint (read->number, ==, 7);
  g_assert_cmpstr (read->hash, ==, mutation->hash);
  g_assert_cmpstr (json_object_get_string_member (read->fields, "text"), ==,
                   json_object_get_string_member (mutation->fields, "text"));
  g_assert_null (fyr_wire_mutation_parse ("{}", 2, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/push/a-request-comes-back-the-same", test_round_trip);
  g_test_add_func ("/push/anothers-work-names-its-author", test_author);
  g_test_add_func ("/push/what-was-kept-is-read-again", test_kept);
  g_test_add_func ("/push/a-request-may-be-empty", test_empty_push);
  g_test_add_func ("/push/a-mutation-depends-only-on-an-earlier-one", test_depends_on);
  g_test_add_func ("/push/a-broken-chain-is-refused", test_chain);
  g_test_add_func ("/push/members-of-a-newer-program-are-hashed-too", test_unknown_members_are_hashed);
  g_test_add_func ("/push/each-broken-member-is-refused", test_broken_members);
  g_test_add_func ("/push/another-schema-asks-for-an-upgrade", test_schema);
  g_test_add_func ("/push/offset-and-receipts", test_offset_and_receipts);
  g_test_add_func ("/push/digest-knows-no-number", test_digest);
  g_test_add_func ("/push/more-than-500-are-too-many", test_too_many);
  g_test_add_func ("/push/outcomes-come-back-the-same", test_outcomes);
  g_test_add_func ("/push/stored-outcomes-are-repeated", test_stored_outcomes);
  g_test_add_func ("/push/a-broken-reply-is-refused", test_broken_replies);
  g_test_add_func ("/push/errors-have-a-status-and-a-word", test_error_words);
  g_test_add_func ("/push/messages-name-no-values", test_messages_name_no_values);
  return g_test_run ();
}
