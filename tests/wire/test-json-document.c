/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-json-document.h"

static FyrJsonDocument *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  FyrJsonDocument *document = fyr_json_document_parse (text, strlen (text), &fyr_json_limits_message, &error);

  g_assert_no_error (error);
  g_assert_nonnull (document);
  return document;
}

static void
refuse (const char *text, gsize length, int code)
{
  g_autoptr (GError) error = NULL;
  FyrJsonDocument *document = fyr_json_document_parse (text, length, &fyr_json_limits_message, &error);

  if (document != NULL || !g_error_matches (error, FYR_WIRE_ERROR, code))
    g_error ("accepted, or another error: %s (%s)", text, error != NULL ? error->message : "none");
}

static void
test_values (void)
{
  g_autoptr (FyrJsonDocument) document =
      parse (" { \"a\" : 1 , \"b\":-2.5e3,\"c\":\"x\",\"d\":[true,false,null],\"e\":{},\"f\":[] } ");
  const FyrJsonValue *root = fyr_json_document_get_root (document);
  const FyrJsonValue *array = fyr_json_value_get (root, "d");
  gint64 whole;
  double real;

  g_assert_cmpuint (root->length, ==, 6);
  g_assert_true (fyr_json_value_to_int (fyr_json_value_get (root, "a"), &whole));
  g_assert_cmpint (whole, ==, 1);
  g_assert_true (fyr_json_value_to_double (fyr_json_value_get (root, "b"), &real));
  g_assert_cmpfloat (real, ==, -2500);
  g_assert_false (fyr_json_value_to_int (fyr_json_value_get (root, "b"), &whole));
  g_assert_cmpstr (fyr_json_value_get_string (root, "c"), ==, "x");
  g_assert_null (fyr_json_value_get_string (root, "a"));
  g_assert_null (fyr_json_value_get_string (root, "nothing"));
  g_assert_cmpuint (array->length, ==, 3);
  g_assert_cmpint (array->first->type, ==, FYR_JSON_TRUE);
  g_assert_cmpint (array->first->next->type, ==, FYR_JSON_FALSE);
  g_assert_cmpint (array->first->next->next->type, ==, FYR_JSON_NULL);
  g_assert_null (array->first->next->next->next);
  g_assert_true (fyr_json_value_is (fyr_json_value_get (root, "e"), FYR_JSON_OBJECT));
  g_assert_null (fyr_json_value_get (root, "e")->first);
  g_assert_null (fyr_json_value_get_array (root, "f"));
}

static void
test_roots (void)
{
  static const struct {
    const char *text;
    FyrJsonType type;
  } cases[] = {
    { "null", FYR_JSON_NULL }, { "true", FYR_JSON_TRUE },   { "false", FYR_JSON_FALSE },
    { "0", FYR_JSON_NUMBER },  { "\"\"", FYR_JSON_STRING }, { "[]", FYR_JSON_ARRAY },
    { "{}", FYR_JSON_OBJECT }, { "-0.0", FYR_JSON_NUMBER }, { "\t\r\n 1 ", FYR_JSON_NUMBER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrJsonDocument) document = parse (cases[i].text);
    g_assert_cmpint (fyr_json_document_get_root (document)->type, ==, cases[i].type);
  }
}

static void
test_numbers_keep_their_text (void)
{
  g_autoptr (FyrJsonDocument) document = parse ("[36.60,1e2,0,-7,1.5E-3 ,2]");
  static const char *const texts[] = { "36.60", "1e2", "0", "-7", "1.5E-3", "2" };
  const FyrJsonValue *value = fyr_json_document_get_root (document)->first;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++, value = value->next) {
    g_assert_cmpstr (value->text, ==, texts[i]);
    g_assert_cmpuint (value->length, ==, strlen (texts[i]));
  }
  g_assert_null (value);
}

static void
test_strings (void)
{
  g_autoptr (FyrJsonDocument) document =
      parse ("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u00e6\\u20ac\",\"\\ud83d\\ude00\",\"blåbær\"]");
  static const char *const texts[] = { "\"\\/\b\f\n\r\t", "æ€", "😀", "blåbær" };
  const FyrJsonValue *value = fyr_json_document_get_root (document)->first;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++, value = value->next) {
    g_assert_cmpstr (value->text, ==, texts[i]);
    g_assert_cmpuint (value->length, ==, strlen (texts[i]));
  }
}

static void
test_malformed (void)
{
  static const char *const cases[] = {
    "{",
    "}",
    "[",
    "]",
    "[1,]",
    "[,1]",
    "{\"a\":1,}",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{a:1}",
    "{'a':1}",
    "{1:2}",
    "[1 2]",
    "1 2",
    "tru",
    "nul",
    "True",
    "NaN",
    "Infinity",
    "-Infinity",
    "-",
    "+1",
    "01",
    "1.",
    ".5",
    "1e",
    "1e+",
    "0x10",
    "--1",
    "\"",
    "\"a",
    "\"\\",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\ud800\\u0041\"",
    "\"\\udc00\"",
    "\"a\nb\"",
    "\"a\tb\"",
    "// comment\n1",
    "/* comment */1",
    "[1]x",
    "{\"a\":1}}",
    "[1}",
    "{\"a\":1]",
    "{\"a\":1,\"a\":2}",
    "{\"a\":1,\"\\u0061\":2}",
    "var x = 1;",
    "\xef\xbb\xbf{}",
    " ",
    "\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    refuse (cases[i], strlen (cases[i]), FYR_WIRE_ERROR_MALFORMED);
}

static void
test_bytes (void)
{
  refuse ("", 0, FYR_WIRE_ERROR_EMPTY);
  refuse ("\xff\xfe{}", 4, FYR_WIRE_ERROR_MALFORMED);
  refuse ("\"\xc0\x80\"", 4, FYR_WIRE_ERROR_MALFORMED);
  refuse ("\"\xed\xa0\x80\"", 5, FYR_WIRE_ERROR_MALFORMED);
  refuse ("{}\0{}", 5, FYR_WIRE_ERROR_MALFORMED);
  refuse ("\"a\0b\"", 5, FYR_WIRE_ERROR_MALFORMED);
}

static char *
nested (guint depth, const char *open, const char *inner, const char *close)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append (text, open);
  g_string_append (text, inner);
  for (guint i = 0; i < depth; i++)
    g_string_append (text, close);
  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  g_autofree char *fits = nested (32, "[", "", "]");
  g_autofree char *deep = nested (33, "[", "", "]");
  g_autofree char *objects = nested (33, "{\"a\":", "1", "}");
  g_autofree char *bomb = nested (500000, "[", "", "");
  FyrJsonLimits no_limit = { 1 << 20, 1000, 1 << 20 };
  g_autoptr (FyrJsonDocument) document = parse (fits);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (document);
  refuse (deep, strlen (deep), FYR_WIRE_ERROR_TOO_LARGE);
  refuse (objects, strlen (objects), FYR_WIRE_ERROR_TOO_LARGE);
  refuse (bomb, strlen (bomb), FYR_WIRE_ERROR_TOO_LARGE);
  /* Even a careless limit does not let the stack of the conversion grow. */
  g_assert_null (fyr_json_document_parse (bomb, strlen (bomb), &no_limit, &error));
  g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_TOO_LARGE);
}

static void
test_sizes (void)
{
  g_autoptr (GString) many = g_string_new ("[0");
  g_autofree char *long_text = g_strnfill (fyr_json_limits_message.max_bytes + 1, ' ');

  for (guint i = 0; i < fyr_json_limits_message.max_values; i++)
    g_string_append (many, ",0");
  g_string_append_c (many, ']');
  refuse (many->str, many->len, FYR_WIRE_ERROR_TOO_LARGE);
  refuse (long_text, strlen (long_text), FYR_WIRE_ERROR_TOO_LARGE);
}

static void
test_many_members (void)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (FyrJsonDocument) document = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "\"m%u\":%u,", i, i);
  g_string_append (text, "\"last\":1}");
  document = parse (text->str);
  g_assert_cmpuint (fyr_json_document_get_root (document)->length, ==, 20001);
  g_string_truncate (text, text->len - 1);
  g_string_append (text, ",\"m7\":1}");
  refuse (text->str, text->len, FYR_WIRE_ERROR_MALFORMED);
}

static void
test_numbers_of_all_sizes (void)
{
  g_autoptr (FyrJsonDocument) document =
      parse ("[9223372036854775807,-9223372036854775808,9223372036854775808,1e308,1e309,1.0]");
  const FyrJsonValue *value = fyr_json_document_get_root (document)->first;
  gint64 whole;
  double real;

  g_assert_true (fyr_json_value_to_int (value, &whole));
  g_assert_cmpint (whole, ==, G_MAXINT64);
  value = value->next;
  g_assert_true (fyr_json_value_to_int (value, &whole));
  g_assert_cmpint (whole, ==, G_MININT64);
  value = value->next;
  g_assert_false (fyr_json_value_to_int (value, &whole));
  g_assert_cmpint (whole, ==, 0);
  g_assert_true (fyr_json_value_to_double (value, &real));
  value = value->next;
  g_assert_true (fyr_json_value_to_double (value, &real));
  value = value->next;
  g_assert_false (fyr_json_value_to_double (value, &real));
  g_assert_cmpfloat (real, ==, 0);
  value = value->next;
  g_assert_false (fyr_json_value_to_int (value, &whole));
}

static void
test_nothing_is_no_crash (void)
{
  gint64 whole;
  double real;

  g_assert_null (fyr_json_value_get (NULL, "a"));
  g_assert_null (fyr_json_value_get_string (NULL, "a"));
  g_assert_null (fyr_json_value_get_array (NULL, "a"));
  g_assert_false (fyr_json_value_is (NULL, FYR_JSON_NULL));
  g_assert_false (fyr_json_value_to_int (NULL, &whole));
  g_assert_false (fyr_json_value_to_double (NULL, &real));
  g_assert_null (fyr_json_value_to_object (NULL));
}

static void
test_concat (void)
{
  g_autoptr (FyrJsonDocument) document = parse ("{}");
  g_autofree char *big = g_strnfill (5000, 'x');
  const char *small = fyr_json_document_concat (document, "a", "|", "b", NULL);
  const char *large = fyr_json_document_concat (document, "a", big, "b", big, NULL);

  g_assert_cmpstr (small, ==, "a|b");
  g_assert_cmpuint (strlen (large), ==, 10002);
  g_assert_true (g_str_has_prefix (large, "ax"));
  g_assert_cmpstr (small, ==, "a|b");
}

/* What json-glib writes is read, and comes back the same. */
static JsonNode *
random_node (GRand *rand, guint depth)
{
  switch (g_rand_int_range (rand, 0, depth > 4 ? 5 : 7)) {
  case 0:
    return json_node_new (JSON_NODE_NULL);
  case 1:
    return json_node_init_boolean (json_node_alloc (), g_rand_boolean (rand));
  case 2:
    return json_node_init_int (json_node_alloc (),
                               (gint64)(gint32)g_rand_int (rand) * g_rand_int_range (rand, 1, 100000));
  case 3:
    return json_node_init_double (json_node_alloc (), g_rand_double_range (rand, -1e6, 1e6) + 0.123);
  case 4: {
    static const char *const words[] = {
      "", "a", "æøå", "\"\\/", "\n\t\x01", "😀", "long enough to be something"
    };
    return json_node_init_string (json_node_alloc (),
                                  words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
  }
  case 5: {
    JsonArray *array = json_array_new ();
    JsonNode *node = json_node_new (JSON_NODE_ARRAY);

    for (int i = g_rand_int_range (rand, 0, 5); i > 0; i--)
      json_array_add_element (array, random_node (rand, depth + 1));
    json_node_take_array (node, array);
    return node;
  }
  default: {
    JsonObject *object = json_object_new ();
    JsonNode *node = json_node_new (JSON_NODE_OBJECT);

    for (int i = g_rand_int_range (rand, 0, 25); i > 0; i--) {
      g_autofree char *name = g_strdup_printf ("m%dø", i);
      json_object_set_member (object, name, random_node (rand, depth + 1));
    }
    json_node_take_object (node, object);
    return node;
  }
  }
}

static void
test_round_trip (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 500; i++) {
    g_autoptr (JsonNode) node = random_node (rand, 0);
    g_autofree char *text = json_to_string (node, g_rand_boolean (rand));
    g_autoptr (FyrJsonDocument) document = parse (text);
    g_autoptr (JsonNode) again = fyr_json_value_to_node (fyr_json_document_get_root (document));
    g_autofree char *text_again = json_to_string (again, FALSE);
    g_autofree char *flat = json_to_string (node, FALSE);

    g_assert_cmpstr (text_again, ==, flat);
  }
}

/* Every prefix of a good text is refused, none read beyond its end. */
static void
test_every_prefix (void)
{
  static const char text[] = "{\"a\":[1.5e3,\"\\u00e6\\ud83d\\ude00\",true,false,null],\"b\":{\"c\":-0}}";

  for (gsize n = 0; n < sizeof text - 1; n++) {
    g_autofree char *copy = g_memdup2 (text, MAX (n, 1));
    g_autoptr (GError) error = NULL;

    g_assert_null (fyr_json_document_parse (copy, n, &fyr_json_limits_message, &error));
    g_assert_nonnull (error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/values-are-found-by-name-and-order", test_values);
  g_test_add_func ("/json/any-value-may-be-the-root", test_roots);
  g_test_add_func ("/json/numbers-keep-the-text-they-came-in", test_numbers_keep_their_text);
  g_test_add_func ("/json/strings-are-unescaped", test_strings);
  g_test_add_func ("/json/what-is-not-json-is-refused", test_malformed);
  g_test_add_func ("/json/bytes-that-are-no-text-are-refused", test_bytes);
  g_test_add_func ("/json/depth-is-limited-without-recursion", test_depth);
  g_test_add_func ("/json/size-and-number-of-values-are-limited", test_sizes);
  g_test_add_func ("/json/many-members-are-quick-and-still-differ", test_many_members);
  g_test_add_func ("/json/numbers-beyond-bounds-are-no-numbers", test_numbers_of_all_sizes);
  g_test_add_func ("/json/asking-nothing-answers-nothing", test_nothing_is_no_crash);
  g_test_add_func ("/json/texts-joined-live-with-the-document", test_concat);
  g_test_add_func ("/json/random-documents-come-back-the-same", test_round_trip);
  g_test_add_func ("/json/every-prefix-is-refused", test_every_prefix);
  return g_test_run ();
}
