/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-json-document.h"
#include "fyr-json-writer.h"

static char *
canonical (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (json, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  fyr_canonical_json_append (text, node, NULL);
  return g_string_free (text, FALSE);
}

static void
test_forms (void)
{
  static const struct {
    const char *from;
    const char *to;
  } cases[] = {
    { "{ \"b\" : 1, \"a\" : 2 }", "{\"a\":2,\"b\":1}" },
    { "{\"ab\":1,\"a\":2,\"B\":3,\"\":4}", "{\"\":4,\"B\":3,\"a\":2,\"ab\":1}" },
    { "{\"ø\":1,\"z\":2}", "{\"z\":2,\"ø\":1}" },
    { "[ 3 , [ ] , { } ]", "[3,[],{}]" },
    { "[1.0, 1e2, 0.5, -0.0, 36.6]", "[1,100,0.5,0,36.6]" },
    { "[0.1, 1e-7, 123456789.125]", "[0.1,1e-07,123456789.125]" },
    { "[true,false,null]", "[true,false,null]" },
    { "\"\\u00e6\\/\\n\\u0001\\u001f\\\"\\\\\"", "\"æ/\\n\\u0001\\u001f\\\"\\\\\"" },
    { "9007199254740993", "9007199254740993" },
    { "{\"hash\":1}", "{\"hash\":1}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = canonical (cases[i].from);
    g_assert_cmpstr (text, ==, cases[i].to);
  }
}

static void
test_real (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 20000; i++) {
    double value = g_rand_double_range (rand, -1000, 1000) * pow (10, g_rand_int_range (rand, -20, 20));
    g_autoptr (GString) text = g_string_new (NULL);

    fyr_canonical_json_append_real (text, value);
    g_assert_cmpfloat (g_ascii_strtod (text->str, NULL), ==, value);
    g_assert_null (strchr (text->str, ','));
  }
}

static void
test_not_finite (void)
{
  const double values[] = { NAN, INFINITY, -INFINITY };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    fyr_canonical_json_append_real (text, values[i]);
    g_assert_cmpstr (text->str, ==, "null");
  }
}

/* Whoever reads a text and writes it canonically gets what the writer hashed. */
static void
test_stable (void)
{
  static const char *const cases[] = {
    "{\"value\":36.6,\"n\":[1,2.5,1e100,1e-100],\"text\":\"a\\u0007b\"}",
    "{\"z\":{\"y\":{\"x\":[{\"w\":0.30000000000000004}]}},\"a\":-1}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *once = canonical (cases[i]);
    g_autofree char *twice = canonical (once);
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrJsonDocument) document =
        fyr_json_document_parse (once, strlen (once), &fyr_json_limits_message, &error);
    g_autoptr (GString) strict = g_string_new (NULL);
    g_autoptr (JsonNode) node = NULL;

    g_assert_no_error (error);
    node = fyr_json_value_to_node (fyr_json_document_get_root (document));
    fyr_canonical_json_append (strict, node, NULL);
    g_assert_cmpstr (once, ==, twice);
    g_assert_cmpstr (once, ==, strict->str);
  }
}

/* Known digests: written once with another program (printf '%s\n%s' … | sha256sum). */
static void
test_hash (void)
{
  g_autoptr (JsonNode) node = json_from_string ("{\"number\":1,\"hash\":\"x\",\"kind\":\"note\"}", NULL);
  JsonObject *object = json_node_get_object (node);
  g_autofree char *expected = g_compute_checksum_for_string (
      G_CHECKSUM_SHA256, FYR_HASH_ZERO "\n{\"kind\":\"note\",\"number\":1}", -1);
  char hash[FYR_HASH_TEXT_SIZE];
  char other[FYR_HASH_TEXT_SIZE];

  fyr_canonical_json_hash (FYR_HASH_ZERO, object, hash);
  g_assert_cmpstr (hash, ==, expected);
  g_assert_cmpuint (strlen (hash), ==, 64);
  fyr_canonical_json_hash (hash, object, other);
  g_assert_cmpstr (hash, !=, other);
  json_object_set_string_member (object, "hash", "something else");
  fyr_canonical_json_hash (FYR_HASH_ZERO, object, other);
  g_assert_cmpstr (hash, ==, other);
  json_object_set_int_member (object, "number", 2);
  fyr_canonical_json_hash (FYR_HASH_ZERO, object, other);
  g_assert_cmpstr (hash, !=, other);
}

static void
test_writer (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_int_member (object, "y", 2);
  json_object_set_int_member (object, "x", 1);
  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_int (&json, "min", G_MININT64);
  fyr_json_writer_int (&json, "max", G_MAXINT64);
  fyr_json_writer_real (&json, "real", 0.25);
  fyr_json_writer_bool (&json, "yes", TRUE);
  fyr_json_writer_null (&json, "nothing");
  fyr_json_writer_string (&json, "none", NULL);
  fyr_json_writer_text (&json, "left out", NULL);
  fyr_json_writer_text (&json, "quote", "\"");
  fyr_json_writer_begin_array (&json, "list");
  fyr_json_writer_int (&json, NULL, 0);
  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_end_object (&json);
  fyr_json_writer_raw (&json, NULL, "[1]");
  fyr_json_writer_end_array (&json);
  fyr_json_writer_object (&json, "object", object);
  fyr_json_writer_object (&json, "left out", NULL);
  fyr_json_writer_end_object (&json);
  g_assert_cmpstr (
      text->str, ==,
      "{\"min\":-9223372036854775808,\"max\":9223372036854775807,\"real\":0.25,\"yes\":true,"
      "\"nothing\":null,\"none\":null,\"quote\":\"\\\"\",\"list\":[0,{},[1]],\"object\":{\"x\":1,\"y\":2}}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/canonical/each-value-has-one-text", test_forms);
  g_test_add_func ("/canonical/reals-come-back-the-same", test_real);
  g_test_add_func ("/canonical/what-is-not-finite-is-null", test_not_finite);
  g_test_add_func ("/canonical/reading-and-writing-again-changes-nothing", test_stable);
  g_test_add_func ("/canonical/the-hash-covers-all-but-itself-and-chains", test_hash);
  g_test_add_func ("/canonical/the-writer-places-commas-and-names", test_writer);
  return g_test_run ();
}
