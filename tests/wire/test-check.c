/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-records.h"
#include "fyr-wire-pull.h"

#define FIRST "01890000-0000-7000-8000-000000000001"
#define SECOND "01890000-0000-7000-8000-000000000002"
#define HASH32 "0123456789abcdef0123456789abcdef"
#define HASH64 HASH32 HASH32
#define PAGE                                                                                                 \
  "{\"epoch\":\"e\",\"server_time\":1,\"granted\":[],\"revoked\":[],\"scopes\":{},\"heads\":{},"             \
  "\"complete\":true"

static void
test_question (void)
{
  g_autoptr (FyrPullRequest) request = fyr_pull_request_new ();
  g_autoptr (FyrPullRequest) read = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  request->epoch = g_strdup ("e");
  request->device = g_strdup (FIRST);
  request->check = fyr_wire_check_new ("note");
  g_strlcpy (request->check->after, FIRST, 37);
  g_strlcpy (request->check->until, SECOND, 37);
  request->check->list = TRUE;
  g_ptr_array_add (request->check->ids, g_strdup (SECOND));
  fyr_pull_request_write (request, text);
  read = fyr_pull_request_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->check->kind, ==, "note");
  g_assert_cmpstr (read->check->after, ==, FIRST);
  g_assert_cmpstr (read->check->until, ==, SECOND);
  g_assert_true (read->check->list);
  g_assert_cmpuint (read->check->ids->len, ==, 1);
  g_assert_cmpstr (read->check->ids->pdata[0], ==, SECOND);
}

static void
test_no_question (void)
{
  g_autoptr (FyrPullRequest) request = fyr_pull_request_new ();
  g_autoptr (FyrPullRequest) read = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  request->device = g_strdup (FIRST);
  fyr_pull_request_write (request, text);
  g_assert_null (strstr (text->str, "check"));
  read = fyr_pull_request_parse (text->str, text->len, NULL);
  g_assert_null (read->check);
}

static char *
write_reply (FyrWireCheckReply *reply, gboolean ahead)
{
  GString *text = g_string_new (NULL);
  FyrPullWriter writer;
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GHashTable) heads = fyr_wire_heads_new ();

  fyr_pull_writer_begin (&writer, text, "e", 1, none, none);
  if (ahead) {
    g_autoptr (FyrNote) note = fyr_note_new ();

    fyr_record_set_id (FYR_RECORD (note), FIRST);
    fyr_note_set_text (note, "Først");
    fyr_pull_writer_begin_ahead (&writer);
    fyr_pull_writer_put (&writer, 0, FYR_RECORD (note), G_MAXUINT);
    fyr_pull_writer_end_ahead (&writer);
  }
  fyr_pull_writer_begin_scopes (&writer);
  fyr_pull_writer_end_scopes (&writer);
  if (reply != NULL)
    fyr_pull_writer_check (&writer, reply, NULL);
  fyr_pull_writer_end (&writer, heads, TRUE);
  return g_string_free (text, FALSE);
}

static FyrPullReply *
read_reply (const char *text)
{
  g_autoptr (GError) error = NULL;
  FyrPullReply *reply = fyr_pull_reply_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return reply;
}

static void
test_digest (void)
{
  g_autoptr (FyrWireCheck) asked = fyr_wire_check_new ("note");
  g_autoptr (FyrWireCheckReply) reply = NULL;
  g_autoptr (FyrPullReply) read = NULL;
  g_autofree char *text = NULL;

  g_strlcpy (asked->after, FIRST, 37);
  reply = fyr_wire_check_reply_new (asked);
  g_strlcpy (reply->until, SECOND, 37);
  reply->count = 7;
  reply->hash = g_strdup (HASH64);
  text = write_reply (reply, FALSE);
  read = read_reply (text);
  g_assert_cmpstr (read->check->after, ==, FIRST);
  g_assert_cmpstr (read->check->until, ==, SECOND);
  g_assert_cmpint (read->check->count, ==, 7);
  g_assert_cmpstr (read->check->hash, ==, HASH64);
  g_assert_false (read->check->listed);
}

static void
test_list (void)
{
  g_autoptr (FyrWireCheck) asked = fyr_wire_check_new ("note");
  g_autoptr (FyrWireCheckReply) reply = NULL;
  g_autoptr (FyrPullReply) read = NULL;
  FyrWireRowHash row = { FIRST, HASH32 };
  g_autofree char *text = NULL;

  asked->list = TRUE;
  reply = fyr_wire_check_reply_new (asked);
  g_array_append_val (reply->rows, row);
  text = write_reply (reply, FALSE);
  read = read_reply (text);
  g_assert_true (read->check->listed);
  g_assert_cmpuint (read->check->rows->len, ==, 1);
  g_assert_cmpstr (g_array_index (read->check->rows, FyrWireRowHash, 0).id, ==, FIRST);
  g_assert_cmpstr (g_array_index (read->check->rows, FyrWireRowHash, 0).hash, ==, HASH32);
  g_array_set_size (reply->rows, 0);
  g_free (text);
  text = write_reply (reply, FALSE);
  fyr_pull_reply_free (read);
  read = read_reply (text);
  g_assert_true (read->check->listed);
  g_assert_cmpuint (read->check->rows->len, ==, 0);
}

static void
test_records (void)
{
  g_autoptr (FyrWireCheck) asked = fyr_wire_check_new ("note");
  g_autoptr (FyrWireCheckReply) reply = NULL;
  g_autoptr (FyrPullReply) read = NULL;
  FyrNote *note = fyr_note_new ();
  g_autofree char *text = NULL;

  g_ptr_array_add (asked->ids, g_strdup (FIRST));
  g_ptr_array_add (asked->ids, g_strdup (SECOND));
  reply = fyr_wire_check_reply_new (asked);
  fyr_record_set_id (FYR_RECORD (note), SECOND);
  g_ptr_array_add (reply->records, note);
  text = write_reply (reply, FALSE);
  read = read_reply (text);
  g_assert_cmpuint (read->check->ids->len, ==, 2);
  g_assert_cmpuint (read->check->records->len, ==, 1);
  g_assert_cmpstr (fyr_record_get_id (read->check->records->pdata[0]), ==, SECOND);
}

static void
test_ahead (void)
{
  g_autofree char *text = write_reply (NULL, TRUE);
  g_autoptr (FyrPullReply) read = read_reply (text);
  FyrPullEntry *entry;

  g_assert_cmpuint (read->ahead->len, ==, 1);
  entry = read->ahead->pdata[0];
  g_assert_cmpint (entry->seq, ==, 0);
  g_assert_cmpstr (fyr_note_get_text (FYR_NOTE (entry->record)), ==, "Først");
  g_assert_null (read->check);
}

/* Whatever a hostile server says, it is refused with the member's name and nothing is made of it. */
static void
test_hostile_replies (void)
{
  static const char *const replies[] = {
    PAGE ",\"check\":[]}",
    PAGE ",\"check\":\"note\"}",
    PAGE ",\"check\":{}}",
    PAGE ",\"check\":{\"kind\":7}}",
    PAGE ",\"check\":{\"kind\":\"nobody-knows\",\"count\":0,\"hash\":\"" HASH64 "\"}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"after\":\"x\"}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"until\":[\"" FIRST "\"]}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"count\":-1,\"hash\":\"" HASH64 "\"}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"count\":1e9,\"hash\":\"" HASH64 "\"}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"count\":1,\"hash\":\"" HASH32 "\"}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"hash\":\"" HASH64 "\"}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"rows\":[]}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"rows\":{\"x\":\"" HASH32 "\"}}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"rows\":{\"" FIRST "\":\"short\"}}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"rows\":{\"" FIRST "\":null}}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"ids\":{}}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"ids\":[1]}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"ids\":[\"" FIRST "\"],\"records\":[{\"id\":\"" SECOND "\"}]}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"ids\":[\"" FIRST "\"],\"records\":[7]}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"ids\":[\"" FIRST "\"]}}",
    PAGE ",\"check\":{\"kind\":\"note\",\"records\":[{\"id\":\"" SECOND "\"}]}}",
    PAGE ",\"ahead\":{}}",
    PAGE ",\"ahead\":[7]}",
    PAGE ",\"ahead\":[{\"seq\":1,\"kind\":\"note\",\"id\":\"" FIRST
         "\",\"op\":\"put\",\"record\":{\"id\":\"" FIRST "\"}}]}",
    PAGE ",\"ahead\":[{\"seq\":0,\"kind\":\"note\",\"id\":\"" FIRST "\",\"op\":\"delete\"}]}",
    PAGE ",\"ahead\":[{\"seq\":0,\"kind\":\"note\",\"id\":\"" FIRST "\",\"op\":\"put\"}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrPullReply) reply = fyr_pull_reply_parse (replies[i], strlen (replies[i]), &error);

    g_test_message ("%s", replies[i]);
    g_assert_null (reply);
    g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
  }
}

static void
test_hostile_questions (void)
{
  static const char *const checks[] = {
    "7",
    "[]",
    "{}",
    "{\"kind\":\"\"}",
    "{\"kind\":null}",
    "{\"kind\":\"note\",\"after\":1}",
    "{\"kind\":\"note\",\"until\":\"' OR 1=1\"}",
    "{\"kind\":\"note\",\"list\":\"yes\"}",
    "{\"kind\":\"note\",\"ids\":\"all\"}",
    "{\"kind\":\"note\",\"ids\":[null]}",
  };
  GString *many = g_string_new ("{\"kind\":\"note\",\"ids\":[");

  for (guint i = 0; i <= FYR_CHECK_MAX_IDS; i++)
    g_string_append_printf (many, "%s\"" FIRST "\"", i > 0 ? "," : "");
  g_string_append (many, "]}");
  for (guint i = 0; i <= G_N_ELEMENTS (checks); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf ("{\"schema\":1,\"device\":\"" FIRST "\",\"cursors\":{},\"check\":%s}",
                         i < G_N_ELEMENTS (checks) ? checks[i] : many->str);
    g_autoptr (FyrPullRequest) request = fyr_pull_request_parse (text, strlen (text), &error);

    g_assert_null (request);
    g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
  }
  g_string_free (many, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/check/a question goes across", test_question);
  g_test_add_func ("/wire/check/no question takes no room", test_no_question);
  g_test_add_func ("/wire/check/a digest goes across", test_digest);
  g_test_add_func ("/wire/check/a list goes across, also an empty one", test_list);
  g_test_add_func ("/wire/check/records that were asked for go across", test_records);
  g_test_add_func ("/wire/check/what goes ahead has no place in a feed", test_ahead);
  g_test_add_func ("/wire/check/a hostile answer is refused", test_hostile_replies);
  g_test_add_func ("/wire/check/a hostile question is refused", test_hostile_questions);
  return g_test_run ();
}
