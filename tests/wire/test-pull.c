/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-records.h"
#include "fyr-wire-pull.h"
#include "fyr-wire-record.h"

#define DEVICE "01900000-0000-7000-8000-000000000001"
#define FIRST "01900000-0000-7000-8000-0000000000a1"
#define SECOND "01900000-0000-7000-8000-0000000000a2"
#define THIRD "01900000-0000-7000-8000-0000000000a3"
#define SCOPE "01900000-0000-7000-8000-0000000000c1/alert"

static FyrPullRequest *
parse_request (const char *text, GError **error)
{
  return fyr_pull_request_parse (text, strlen (text), error);
}

static void
test_request (void)
{
  g_autoptr (FyrPullRequest) request = fyr_pull_request_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullRequest) read = NULL;

  request->epoch = g_strdup ("e-1");
  request->device = g_strdup (DEVICE);
  request->wait = 25;
  request->first = TRUE;
  fyr_pull_request_set_cursor (request, SCOPE, 17);
  fyr_pull_request_set_cursor (request, "global/configuration", 3);
  fyr_pull_request_set_cursor (request, SCOPE, 18);
  fyr_pull_request_write (request, text);
  read = parse_request (text->str, &error);
  g_assert_no_error (error);
  fyr_pull_request_write (read, again);
  g_assert_cmpstr (text->str, ==, again->str);
  g_assert_cmpint (fyr_pull_request_get_cursor (read, SCOPE), ==, 18);
  g_assert_cmpint (fyr_pull_request_get_cursor (read, "unknown"), ==, 0);
  g_assert_cmpint (read->wait, ==, 25);
  g_assert_true (read->first);
  g_assert_cmpint (read->max_bytes, ==, FYR_PULL_DEFAULT_BYTES);
}

static void
test_request_bounds (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullRequest) big = parse_request (
      "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{},\"max_bytes\":999999999999,\"wait\":3600}",
      &error);
  g_autoptr (FyrPullRequest) small = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (big->max_bytes, ==, FYR_PULL_MAX_BYTES);
  g_assert_cmpint (big->wait, ==, FYR_PULL_MAX_WAIT);
  g_assert_null (big->epoch);
  small = parse_request ("{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{},\"max_bytes\":1}", &error);
  g_assert_no_error (error);
  g_assert_cmpint (small->max_bytes, ==, 16384);
  g_assert_cmpint (small->wait, ==, 0);
  g_assert_false (small->first);
}

static void
test_broken_requests (void)
{
  static const struct {
    const char *text;
    int code;
  } cases[] = {
    { "{}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":9,\"device\":\"" DEVICE "\",\"cursors\":{}}", FYR_WIRE_ERROR_SCHEMA },
    { "{\"schema\":1,\"device\":\"x\",\"cursors\":{}}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\"}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":[]}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{\"a\":-1}}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{\"a\":\"1\"}}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{\"\":1}}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{},\"wait\":-1}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{},\"max_bytes\":0}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{},\"first\":1}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{},\"removed\":{}}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{},\"removed\":[7]}", FYR_WIRE_ERROR_MALFORMED },
    { "{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{},\"epoch\":7}", FYR_WIRE_ERROR_MALFORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (parse_request (cases[i].text, &error));
    g_assert_error (error, FYR_WIRE_ERROR, cases[i].code);
  }
}

static void
test_too_many_scopes (void)
{
  g_autoptr (GString) text = g_string_new ("{\"schema\":1,\"device\":\"" DEVICE "\",\"cursors\":{\"a\":1");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < FYR_PULL_MAX_SCOPES; i++)
    g_string_append_printf (text, ",\"p%u\":1", i);
  g_string_append (text, "}}");
  g_assert_null (parse_request (text->str, &error));
  g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE);
}

static FyrNote *
make_note (const char *id, const char *text)
{
  FyrNote *note = fyr_note_new ();

  fyr_record_set_id (FYR_RECORD (note), id);
  fyr_record_set_version (FYR_RECORD (note), 3);
  fyr_note_set_patient_id (note, FIRST);
  fyr_note_set_time (note, 1790000000000);
  fyr_note_set_text (note, text);
  return note;
}

static char *
make_page (void)
{
  g_autoptr (GPtrArray) granted = g_ptr_array_new ();
  g_autoptr (GPtrArray) revoked = g_ptr_array_new ();
  g_autoptr (GHashTable) heads = fyr_wire_heads_new ();
  g_autoptr (FyrNote) note = make_note (FIRST, "Alt bra 😀");
  FyrPullWriter writer;
  GString *text = g_string_new (NULL);

  g_ptr_array_add (granted, (gpointer)SCOPE);
  g_ptr_array_add (revoked, (gpointer) "patient:x");
  fyr_wire_heads_set (heads, SCOPE, 9);
  fyr_pull_writer_begin (&writer, text, "e-1", 42, granted, revoked);
  fyr_pull_writer_begin_scopes (&writer);
  fyr_pull_writer_begin_scope (&writer, SCOPE, 5, 7);
  fyr_pull_writer_put (&writer, 5, FYR_RECORD (note), G_MAXUINT);
  fyr_pull_writer_delete (&writer, 6, "note", SECOND);
  fyr_pull_writer_skip (&writer, 7, "alert", THIRD);
  fyr_pull_writer_end_scope (&writer);
  fyr_pull_writer_end_scopes (&writer);
  fyr_pull_writer_end (&writer, heads, FALSE);
  return g_string_free (text, FALSE);
}

static void
test_signed_deletion (void)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GHashTable) heads = fyr_wire_heads_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullReply) reply = NULL;
  FyrPullWriter writer;
  FyrPullEntry *entry;
  char *version;

  fyr_pull_writer_begin (&writer, text, "e-1", 42, none, none);
  fyr_pull_writer_begin_scopes (&writer);
  fyr_pull_writer_begin_scope (&writer, SCOPE, 6, 6);
  fyr_pull_writer_delete_signed (&writer, 6, "condition", SECOND, 3, "merke");
  fyr_pull_writer_end_scope (&writer);
  fyr_pull_writer_end_scopes (&writer);
  fyr_pull_writer_end (&writer, heads, TRUE);
  reply = fyr_pull_reply_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  entry = ((FyrPullScope *)reply->scopes->pdata[0])->entries->pdata[0];
  g_assert_cmpint (entry->op, ==, FYR_PULL_OP_DELETE);
  g_assert_cmpint (entry->version, ==, 3);
  g_assert_cmpstr (entry->tag, ==, "merke");
  /* A tag is of a version. */
  version = strstr (text->str, "\"version\":3");
  version[1] = 'w';
  g_assert_null (fyr_pull_reply_parse (text->str, text->len, &error));
  g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
}

static void
test_page (void)
{
  g_autofree char *text = make_page ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullReply) reply = fyr_pull_reply_parse (text, strlen (text), &error);
  FyrPullScope *scope;
  FyrPullEntry *entry;

  g_assert_no_error (error);
  g_assert_cmpstr (reply->epoch, ==, "e-1");
  g_assert_cmpint (reply->server_time, ==, 42);
  g_assert_cmpstr (reply->granted->pdata[0], ==, SCOPE);
  g_assert_cmpstr (reply->revoked->pdata[0], ==, "patient:x");
  g_assert_cmpint (fyr_wire_heads_get (reply->heads, SCOPE), ==, 9);
  g_assert_false (reply->complete);
  scope = reply->scopes->pdata[0];
  g_assert_cmpstr (scope->scope, ==, SCOPE);
  g_assert_cmpint (scope->from, ==, 5);
  g_assert_cmpint (scope->to, ==, 7);
  entry = scope->entries->pdata[0];
  g_assert_cmpint (entry->op, ==, FYR_PULL_OP_PUT);
  g_assert_cmpstr (entry->id, ==, FIRST);
  g_assert_cmpstr (fyr_note_get_text (FYR_NOTE (entry->record)), ==, "Alt bra 😀");
  g_assert_cmpint (fyr_record_get_version (entry->record), ==, 3);
  entry = scope->entries->pdata[1];
  g_assert_cmpint (entry->op, ==, FYR_PULL_OP_DELETE);
  g_assert_null (entry->record);
  entry = scope->entries->pdata[2];
  g_assert_cmpint (entry->op, ==, FYR_PULL_OP_SKIP);
  g_assert_cmpstr (entry->kind, ==, "alert");
}

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
test_unknown_kind (void)
{
  g_autofree char *good = make_page ();
  g_autofree char *text = with (good, "\"kind\":\"note\"", "\"kind\":\"referral\"");
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullReply) reply = fyr_pull_reply_parse (text, strlen (text), &error);
  FyrPullEntry *entry;

  g_assert_no_error (error);
  entry = ((FyrPullScope *)reply->scopes->pdata[0])->entries->pdata[0];
  g_assert_null (entry->record);
  g_assert_nonnull (strstr (entry->parked, "Alt bra"));
  g_assert_cmpstr (entry->kind, ==, "referral");
}

static void
test_broken_pages (void)
{
  g_autofree char *good = make_page ();
  static const struct {
    const char *from;
    const char *to;
  } cases[] = {
    { "\"epoch\":\"e-1\",", "" },
    { "\"server_time\":42", "\"server_time\":\"42\"" },
    { "\"granted\":[", "\"granted\":[7," },
    { "\"granted\":[", "\"granted\":[\"\"," },
    { "\"revoked\":[\"patient:x\"]", "\"revoked\":{}" },
    { "\"complete\":false", "\"complete\":0" },
    { "\"heads\":{", "\"head\":{" },
    { "\"from\":5", "\"from\":6" },
    { "\"from\":5", "\"from\":0" },
    { "\"to\":7", "\"to\":8" },
    { "\"to\":7", "\"to\":6" },
    { "\"seq\":6", "\"seq\":7" },
    { "\"seq\":6", "\"seq\":5" },
    { "\"op\":\"put\"", "\"op\":\"patch\"" },
    { "\"op\":\"delete\"", "\"op\":\"put\"" },
    { "\"kind\":\"note\"", "\"kind\":\"\"" },
    { "\"id\":\"" SECOND "\"", "\"id\":\"x\"" },
    { "\"record\":{\"id\":\"" FIRST "\"", "\"record\":{\"id\":\"" SECOND "\"" },
    { "\"record\":{", "\"record\":[{" },
    { "\"time\":1790000000000", "\"time\":\"now\"" },
    { "\"time\":1790000000000", "\"time\":1.5" },
    { "\"text\":\"Alt", "\"text\":7,\"x\":\"Alt" },
    { "\"patient_id\":\"" FIRST "\"", "\"patient_id\":\"me\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *bad = with (good, cases[i].from, cases[i].to);
    g_autoptr (GError) error = NULL;

    if (fyr_pull_reply_parse (bad, strlen (bad), &error) != NULL)
      g_error ("accepted: %s", cases[i].to);
    g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
  }
}

static void
test_heads (void)
{
  g_autoptr (GHashTable) heads = fyr_wire_heads_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) read = NULL;

  fyr_wire_heads_set (heads, "b/alert", G_MAXINT64);
  fyr_wire_heads_set (heads, "a/alert", 1);
  fyr_wire_heads_write (heads, text);
  g_assert_cmpstr (text->str, ==, "{\"heads\":{\"a/alert\":1,\"b/alert\":9223372036854775807}}");
  read = fyr_wire_heads_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fyr_wire_heads_get (read, "b/alert"), ==, G_MAXINT64);
  g_assert_null (fyr_wire_heads_parse ("{\"heads\":1}", 11, NULL));
  g_assert_null (fyr_wire_heads_parse ("[]", 2, NULL));
}

/* The quick writer and reader agree with the record's own JSON, also about what is not known. */
static FyrRecord *
random_measurement (GRand *rand)
{
  FyrMeasurement *m = fyr_measurement_new ();

  fyr_record_set_id (FYR_RECORD (m), FIRST);
  fyr_record_set_version (FYR_RECORD (m), g_rand_int_range (rand, 0, 100));
  fyr_measurement_set_patient_id (m, SECOND);
  fyr_measurement_set_kind (m, (FyrMeasurementKind)g_rand_int_range (rand, 1, FYR_MEASUREMENT_KIND_LAST + 1));
  fyr_measurement_set_effective_time (m, g_rand_int (rand));
  if (g_rand_boolean (rand))
    fyr_measurement_set_value (m, g_rand_double_range (rand, -100, 100));
  if (g_rand_boolean (rand))
    fyr_measurement_set_value_text (m, "Hi \"\\\n");
  if (g_rand_boolean (rand))
    fyr_measurement_set_implausible (m, g_rand_boolean (rand));
  if (g_rand_boolean (rand))
    fyr_record_set_extra (FYR_RECORD (m), "{\"newer\":{\"a\":[1,2]},\"source\":\"telepathy\"}");
  return FYR_RECORD (m);
}

static void
test_records (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 500; i++) {
    g_autoptr (FyrRecord) record = random_measurement (rand);
    g_autoptr (GString) text = g_string_new (NULL);
    FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrJsonDocument) document = NULL;
    g_autoptr (FyrRecord) read = NULL;

    fyr_json_writer_record (&json, NULL, record, G_MAXUINT);
    document = fyr_json_document_parse (text->str, text->len, &fyr_json_limits_message, &error);
    g_assert_no_error (error);
    read = fyr_wire_record_read (&fyr_measurement_info, fyr_json_document_get_root (document), &error);
    g_assert_no_error (error);
    g_assert_true (fyr_record_equal (record, read));
    g_assert_cmpint (fyr_record_get_version (record), ==, fyr_record_get_version (read));
  }
}

/* What a role may not read does not leave the server. */
static void
test_classes (void)
{
  g_autoptr (FyrNote) note = make_note (FIRST, "HEMMELIG");
  g_autoptr (GString) text = g_string_new (NULL);
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_record_set_extra (FYR_RECORD (note), "{\"newer\":\"HEMMELIG\"}");
  fyr_json_writer_record (&json, NULL, FYR_RECORD (note), 1u << FYR_FIELD_CLASS_OPEN);
  g_assert_null (strstr (text->str, "HEMMELIG"));
  g_assert_nonnull (strstr (text->str, "patient_id"));
}

/* What a workstation says it has removed, and how far it knows of its user's work in quarantine. */
static void
test_removed_and_settled (void)
{
  g_autoptr (FyrPullRequest) request = fyr_pull_request_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullRequest) read = NULL;

  request->epoch = g_strdup ("e-1");
  request->device = g_strdup (DEVICE);
  fyr_pull_request_write (request, plain);
  g_assert_null (strstr (plain->str, "removed"));
  g_assert_null (strstr (plain->str, "settled"));
  g_ptr_array_add (request->removed, g_strdup (SCOPE));
  request->settled = 12;
  fyr_pull_request_write (request, text);
  read = parse_request (text->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->removed->len, ==, 1);
  g_assert_cmpstr (read->removed->pdata[0], ==, SCOPE);
  g_assert_cmpint (read->settled, ==, 12);
}

static void
test_settlements (void)
{
  g_autofree char *good = make_page ();
  g_autoptr (FyrWireOutcome) outcome = fyr_wire_outcome_new (17, FYR_WIRE_OUTCOME_REFUSED, 0);
  g_autoptr (GString) stored = g_string_new (NULL);
  g_autofree char *member = NULL;
  g_autofree char *text = NULL;
  g_autofree char *broken = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullReply) reply = NULL;
  FyrPullSettlement *told;

  outcome->code = g_strdup ("discarded");
  outcome->text = g_strdup ("Står på papir");
  fyr_wire_outcome_write (outcome, stored);
  member = g_strdup_printf (
      "\"settled\":[{\"seq\":4,\"incarnation\":\"" FIRST "\",\"outcome\":%s}],\"scopes\"", stored->str);
  text = with (good, "\"scopes\"", member);
  reply = fyr_pull_reply_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->settled->len, ==, 1);
  told = reply->settled->pdata[0];
  g_assert_cmpint (told->seq, ==, 4);
  g_assert_cmpstr (told->incarnation, ==, FIRST);
  g_assert_cmpint (told->outcome->number, ==, 17);
  g_assert_cmpstr (told->outcome->text, ==, "Står på papir");
  broken = with (text, "\"seq\":4", "\"seq\":0");
  g_assert_null (fyr_pull_reply_parse (broken, strlen (broken), NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pull/a-request-comes-back-the-same", test_request);
  g_test_add_func ("/pull/what-is-removed-and-settled-comes-back-the-same", test_removed_and_settled);
  g_test_add_func ("/pull/settlements-are-read-as-written", test_settlements);
  g_test_add_func ("/pull/wait-and-size-are-bounded", test_request_bounds);
  g_test_add_func ("/pull/a-broken-request-is-refused", test_broken_requests);
  g_test_add_func ("/pull/scopes-are-limited", test_too_many_scopes);
  g_test_add_func ("/pull/a-page-is-read-as-written", test_page);
  g_test_add_func ("/pull/a-signed-deletion", test_signed_deletion);
  g_test_add_func ("/pull/records-of-unknown-kind-are-parked", test_unknown_kind);
  g_test_add_func ("/pull/a-broken-page-is-refused-whole", test_broken_pages);
  g_test_add_func ("/live/heads-come-back-the-same", test_heads);
  g_test_add_func ("/records/come-back-the-same-with-what-is-unknown", test_records);
  g_test_add_func ("/records/carry-only-the-classes-asked-for", test_classes);
  return g_test_run ();
}
