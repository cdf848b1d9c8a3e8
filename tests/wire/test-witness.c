/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-records.h"
#include "fyr-wire-witness.h"

#define FIRST "01890000-0000-7000-8000-000000000001"
#define OFFER "{\"kind\":\"note\",\"tag\":\"t\",\"record\":{\"id\":\"" FIRST "\",\"version\":2}}"
#define REQUEST(records) "{\"epoch\":\"e\",\"schema\":1,\"device\":\"" FIRST "\",\"records\":" records "}"

static void
test_request (void)
{
  g_autoptr (FyrWitnessRequest) request = fyr_witness_request_new ();
  g_autoptr (FyrWitnessRequest) read = NULL;
  g_autoptr (FyrNote) note = fyr_note_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  FyrWireOffer *offer;

  request->epoch = g_strdup ("e");
  request->device = g_strdup (FIRST);
  fyr_record_set_id (FYR_RECORD (note), FIRST);
  fyr_record_set_version (FYR_RECORD (note), 3);
  fyr_record_set_extra (FYR_RECORD (note), "{\"of_tomorrow\":[1,2]}");
  fyr_note_set_text (note, "Ringte");
  fyr_witness_request_add (request, "merke", "1-a", FYR_RECORD (note));
  fyr_witness_request_write (request, text);
  read = fyr_witness_request_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->epoch, ==, "e");
  g_assert_cmpstr (read->device, ==, FIRST);
  offer = read->offers->pdata[0];
  g_assert_cmpstr (offer->tag, ==, "merke");
  g_assert_cmpint (fyr_record_get_version (offer->record), ==, 3);
  g_assert_true (fyr_record_equal (offer->record, FYR_RECORD (note)));
}

static void
test_deletion (void)
{
  g_autoptr (FyrWitnessRequest) request = fyr_witness_request_new ();
  g_autoptr (FyrWitnessRequest) read = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  FyrWireOffer *offer;

  request->epoch = g_strdup ("2-b");
  request->device = g_strdup (FIRST);
  fyr_witness_request_add_deletion (request, "merke", "1-a", "condition", FIRST, 4);
  fyr_witness_request_add_deletion (request, "merke", NULL, "of-tomorrow", FIRST, 1);
  fyr_witness_request_write (request, text);
  read = fyr_witness_request_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->offers->len, ==, 2);
  offer = read->offers->pdata[0];
  g_assert_null (offer->record);
  g_assert_cmpstr (offer->kind, ==, "condition");
  g_assert_cmpstr (offer->id, ==, FIRST);
  g_assert_cmpstr (offer->epoch, ==, "1-a");
  g_assert_cmpint (offer->deleted, ==, 4);
  offer = read->offers->pdata[1];
  g_assert_null (offer->epoch);
  g_assert_cmpint (offer->deleted, ==, 1);
}

static void
test_unknown_kind (void)
{
  const char *text = REQUEST ("[{\"kind\":\"of-tomorrow\",\"tag\":\"t\",\"record\":{\"id\":7}}]");
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrWitnessRequest) read = fyr_witness_request_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_null (((FyrWireOffer *)read->offers->pdata[0])->record);
}

static void
test_reply (void)
{
  g_autoptr (FyrWitnessReply) reply = fyr_witness_reply_new ();
  g_autoptr (FyrWitnessReply) read = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  const FyrWitnessResult results[] = { FYR_WITNESS_LATER, FYR_WITNESS_ACCEPTED, FYR_WITNESS_REFUSED,
                                       FYR_WITNESS_KNOWN };

  reply->epoch = g_strdup ("e");
  g_array_append_vals (reply->results, results, G_N_ELEMENTS (results));
  fyr_witness_reply_write (reply, text);
  read = fyr_witness_reply_parse (text->str, text->len, NULL);
  g_assert_cmpstr (read->epoch, ==, "e");
  g_assert_cmpmem (read->results->data, read->results->len * sizeof (FyrWitnessResult), results,
                   sizeof results);
}

static void
test_hostile_requests (void)
{
  static const char *const requests[] = {
    "",
    "[]",
    "{}",
    REQUEST ("{}"),
    REQUEST ("[7]"),
    REQUEST ("[{}]"),
    REQUEST ("[{\"kind\":\"note\",\"record\":{}}]"),
    REQUEST ("[{\"kind\":\"note\",\"tag\":\"\",\"record\":{}}]"),
    REQUEST ("[{\"kind\":\"note\",\"tag\":7,\"record\":{}}]"),
    REQUEST ("[{\"kind\":\"note\",\"tag\":\"t\",\"record\":[]}]"),
    REQUEST ("[{\"kind\":\"note\",\"tag\":\"t\",\"record\":{\"id\":\"x\"}}]"),
    REQUEST ("[{\"kind\":\"note\",\"tag\":\"t\",\"record\":{\"version\":-1}}]"),
    REQUEST ("[{\"kind\":\"note\",\"tag\":\"t\",\"record\":{\"text\":{}}}]"),
    REQUEST ("[{\"kind\":\"\",\"tag\":\"t\",\"record\":{}}]"),
    "{\"epoch\":\"e\",\"schema\":1,\"device\":\"x\",\"records\":[]}",
    "{\"epoch\":\"e\",\"schema\":99,\"device\":\"" FIRST "\",\"records\":[]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrWitnessRequest) read =
        fyr_witness_request_parse (requests[i], strlen (requests[i]), &error);

    g_test_message ("%s", requests[i]);
    g_assert_null (read);
    g_assert_nonnull (error);
  }
}

static void
test_too_many (void)
{
  g_autoptr (GString) text =
      g_string_new ("{\"epoch\":\"e\",\"schema\":1,\"device\":\"" FIRST "\",\"records\":[");
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrWitnessRequest) read = NULL;

  for (guint i = 0; i <= FYR_WITNESS_MAX_RECORDS; i++)
    g_string_append_printf (text, "%s" OFFER, i > 0 ? "," : "");
  g_string_append (text, "]}");
  read = fyr_witness_request_parse (text->str, text->len, &error);
  g_assert_null (read);
  g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE);
}

static void
test_hostile_replies (void)
{
  static const char *const replies[] = {
    "null",
    "{}",
    "{\"epoch\":\"e\"}",
    "{\"epoch\":\"e\",\"results\":{}}",
    "{\"epoch\":\"e\",\"results\":[1]}",
    "{\"epoch\":\"e\",\"results\":[\"maybe\"]}",
    "{\"epoch\":\"\",\"results\":[]}",
    "{\"epoch\":null,\"results\":[]}",
  };
  g_autoptr (GString) many = g_string_new ("{\"epoch\":\"e\",\"results\":[\"known\"");

  for (guint i = 0; i < FYR_WITNESS_MAX_RECORDS; i++)
    g_string_append (many, ",\"known\"");
  g_string_append (many, "]}");
  for (guint i = 0; i <= G_N_ELEMENTS (replies); i++) {
    const char *text = i < G_N_ELEMENTS (replies) ? replies[i] : many->str;
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrWitnessReply) read = fyr_witness_reply_parse (text, strlen (text), &error);

    g_assert_null (read);
    g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/witness/an offer goes across with what this program does not know", test_request);
  g_test_add_func ("/wire/witness/a deletion goes across", test_deletion);
  g_test_add_func ("/wire/witness/an offer of a kind not known is no error", test_unknown_kind);
  g_test_add_func ("/wire/witness/results go across in order", test_reply);
  g_test_add_func ("/wire/witness/a hostile offer is refused", test_hostile_requests);
  g_test_add_func ("/wire/witness/an offer has its limit", test_too_many);
  g_test_add_func ("/wire/witness/a hostile answer is refused", test_hostile_replies);
  return g_test_run ();
}
