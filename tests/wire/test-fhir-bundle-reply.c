/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <json-glib/json-glib.h>
#include <string.h>

#include "fyr-fhir-bundle.h"

/* A gateway finds the answer to each of its entries by place and by address, whatever the entries were. */

#define ID "01900000-0000-7000-8000-0000000000aa"

/* Random entries: with and without an address, too long ones, ones that are no entry at all. */
static char *
random_bundle (GRand *rand, guint n, GPtrArray *urls)
{
  GString *text = g_string_new ("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[");

  for (guint i = 0; i < n; i++) {
    g_autofree char *url = NULL;

    g_string_append (text, i > 0 ? "," : "");
    switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
      url = g_strdup_printf ("urn:uuid:%08x-æ", g_rand_int (rand));
      g_string_append_printf (text, "{\"fullUrl\":\"%s\",\"resource\":{\"resourceType\":\"Observation\"}}",
                              url);
      break;
    case 1:
      url = g_strnfill ((gsize)g_rand_int_range (rand, 299, 303), 'u');
      g_string_append_printf (text, "{\"fullUrl\":\"%s\"}", url);
      break;
    case 2:
      g_string_append (text, "{\"fullUrl\":7,\"resource\":[]}");
      break;
    default:
      g_string_append (text, i % 2 == 0 ? "null" : "\"no entry\"");
      break;
    }
    g_ptr_array_add (urls, url != NULL && strlen (url) <= 300 ? g_steal_pointer (&url) : NULL);
  }
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static JsonArray *
answer_all (FyrBundle *bundle, const guint *statuses, JsonNode **parsed)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  FyrBundleReply reply;

  fyr_bundle_reply_begin (&reply, text, bundle->type);
  for (guint i = 0; i < bundle->entries->len; i++) {
    const FyrBundleEntry *entry = &g_array_index (bundle->entries, FyrBundleEntry, i);

    g_assert_cmpuint (entry->index, ==, i);
    fyr_bundle_reply_add (&reply, entry->full_url, statuses[i], statuses[i] == 201 ? ID : NULL, NULL);
  }
  fyr_bundle_reply_end (&reply);
  *parsed = json_from_string (text->str, &error);
  g_assert_no_error (error);
  return json_object_get_array_member (json_node_get_object (*parsed), "entry");
}

static void
assert_answer (JsonObject *entry, const char *url, guint status)
{
  JsonObject *response = json_object_get_object_member (entry, "response");
  const char *line = json_object_get_string_member (response, "status");

  g_assert_cmpstr (json_object_get_string_member_with_default (entry, "fullUrl", NULL), ==, url);
  g_assert_cmpuint (g_ascii_strtoull (line, NULL, 10), ==, status);
  g_assert_cmpstr (json_object_get_string_member_with_default (response, "location", NULL), ==,
                   status == 201 ? "Observation/" ID : NULL);
  g_assert_false (json_object_has_member (response, "outcome"));
}

static void
test_each_entry_is_answered_in_its_place (void)
{
  static const guint statuses[] = { 200, 201, 400, 403, 404, 409, 413, 422, 500, 503, 418 };
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (int round = 0; round < 100; round++) {
    g_autoptr (GPtrArray) urls = g_ptr_array_new_with_free_func (g_free);
    guint n = (guint)g_rand_int_range (rand, 1, 30);
    g_autofree char *json = random_bundle (rand, n, urls);
    g_autoptr (FyrJsonDocument) document =
        fyr_json_document_parse (json, strlen (json), &fyr_json_limits_fhir, NULL);
    g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();
    g_autoptr (FyrBundle) bundle = fyr_fhir_bundle_read (fyr_json_document_get_root (document), outcome);
    g_autoptr (JsonNode) parsed = NULL;
    JsonArray *answers;
    guint given[30];

    g_assert_nonnull (bundle);
    g_assert_cmpuint (bundle->entries->len, ==, n);
    for (guint i = 0; i < n; i++) {
      given[i] = statuses[g_rand_int_range (rand, 0, G_N_ELEMENTS (statuses))];
    }
    answers = answer_all (bundle, given, &parsed);
    g_assert_cmpuint (json_array_get_length (answers), ==, n);
    for (guint i = 0; i < n; i++) {
      assert_answer (json_array_get_object_element (answers, i), urls->pdata[i], given[i]);
    }
  }
}

/* The words beside the number are HTTP's own; a number without words stands alone. */
static void
test_statuses_are_said_in_https_words (void)
{
  const struct {
    guint status;
    const char *line;
  } cases[] = {
    { 200, "200 OK" },
    { 201, "201 Created" },
    { 400, "400 Bad Request" },
    { 403, "403 Forbidden" },
    { 404, "404 Not Found" },
    { 409, "409 Conflict" },
    { 413, "413 Payload Too Large" },
    { 422, "422 Unprocessable Entity" },
    { 500, "500 Internal Server Error" },
    { 599, "599" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_autofree char *expected = g_strdup_printf ("\"status\":\"%s\"", cases[i].line);
    FyrBundleReply reply;

    fyr_bundle_reply_begin (&reply, text, FYR_BUNDLE_TRANSACTION);
    fyr_bundle_reply_add (&reply, NULL, cases[i].status, NULL, NULL);
    fyr_bundle_reply_end (&reply);
    g_assert_nonnull (strstr (text->str, expected));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/fhir-bundle-reply/each-entry-is-answered-in-its-place",
                   test_each_entry_is_answered_in_its_place);
  g_test_add_func ("/wire/fhir-bundle-reply/statuses-are-said-in-https-words",
                   test_statuses_are_said_in_https_words);
  return g_test_run ();
}
