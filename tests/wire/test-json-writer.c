/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-json-writer.h"

/* What is written straight into text is what a JSON library reads back: random values, of a printed seed. */

static const char *const texts[] = { "",
                                     "ringte",
                                     "Ødegård Åse-Marie",
                                     "\"\\/\b\f\n\r\t",
                                     "\x01\x1f\x7f",
                                     "</a>",
                                     "\xf0\x9f\x92\x9a",
                                     "\xe2\x80\xa8",
                                     "null",
                                     "{\"a\":1}" };

static JsonNode *
random_scalar (GRand *rand)
{
  JsonNode *node = json_node_alloc ();

  switch (g_rand_int_range (rand, 0, 5)) {
  case 0:
    return json_node_init_int (node, (gint64)((guint64)g_rand_int (rand) << 32 | g_rand_int (rand)));
  case 1:
    return json_node_init_double (node, g_rand_double_range (rand, -1e6, 1e6));
  case 2:
    return json_node_init_boolean (node, g_rand_boolean (rand));
  case 3:
    return json_node_init_null (node);
  default:
    return json_node_init_string (node, texts[g_rand_int_range (rand, 0, G_N_ELEMENTS (texts))]);
  }
}

static void
write_scalar (FyrJsonWriter *writer, const char *name, JsonNode *node)
{
  if (JSON_NODE_HOLDS_NULL (node)) {
    fyr_json_writer_null (writer, name);
  } else if (json_node_get_value_type (node) == G_TYPE_INT64) {
    fyr_json_writer_int (writer, name, json_node_get_int (node));
  } else if (json_node_get_value_type (node) == G_TYPE_DOUBLE) {
    fyr_json_writer_real (writer, name, json_node_get_double (node));
  } else if (json_node_get_value_type (node) == G_TYPE_BOOLEAN) {
    fyr_json_writer_bool (writer, name, json_node_get_boolean (node));
  } else {
    fyr_json_writer_string (writer, name, json_node_get_string (node));
  }
}

static JsonNode *
write_random (FyrJsonWriter *writer, const char *name, GRand *rand, int depth);

static JsonNode *
write_random_object (FyrJsonWriter *writer, const char *name, GRand *rand, int depth)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  int n = g_rand_int_range (rand, 0, 5);

  fyr_json_writer_begin_object (writer, name);
  for (int i = 0; i < n; i++) {
    g_autofree char *member = g_strdup_printf ("%d %s", i, texts[g_rand_int_range (rand, 0, 5)]);

    json_object_set_member (object, member, write_random (writer, member, rand, depth - 1));
  }
  fyr_json_writer_end_object (writer);
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
write_random_array (FyrJsonWriter *writer, const char *name, GRand *rand, int depth)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();
  int n = g_rand_int_range (rand, 0, 5);

  fyr_json_writer_begin_array (writer, name);
  for (int i = 0; i < n; i++) {
    json_array_add_element (array, write_random (writer, NULL, rand, depth - 1));
  }
  fyr_json_writer_end_array (writer);
  json_node_take_array (node, array);
  return node;
}

/* Writes a value and builds the same with the library. Returns: (transfer full): the latter */
static JsonNode *
write_random (FyrJsonWriter *writer, const char *name, GRand *rand, int depth)
{
  int choice = depth > 0 ? g_rand_int_range (rand, 0, 4) : 3;
  JsonNode *node;

  if (choice == 0) {
    return write_random_object (writer, name, rand, depth);
  }
  if (choice == 1) {
    return write_random_array (writer, name, rand, depth);
  }
  node = random_scalar (rand);
  if (choice == 2) {
    fyr_json_writer_node (writer, name, node);
  } else {
    write_scalar (writer, name, node);
  }
  return node;
}

/* Numbers compare as numbers, so that 5.0 and 5 are alike. */
static char *
to_canonical (JsonNode *node)
{
  GString *text = g_string_new (NULL);

  fyr_canonical_json_append (text, node, NULL);
  return g_string_free (text, FALSE);
}

static void
test_what_is_written_is_read_back (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (int i = 0; i < 400; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    FyrJsonWriter writer = FYR_JSON_WRITER_INIT (text);
    g_autoptr (JsonNode) expected = write_random (&writer, NULL, rand, 4);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) parsed = json_from_string (text->str, &error);
    g_autofree char *left = NULL;
    g_autofree char *right = NULL;

    g_assert_no_error (error);
    g_assert_true (g_utf8_validate (text->str, -1, NULL));
    g_assert_null (strchr (text->str, '\n'));
    left = to_canonical (parsed);
    right = to_canonical (expected);
    g_assert_cmpstr (left, ==, right);
  }
}

static void
test_whole_numbers_of_every_size (void)
{
  const gint64 numbers[] = { 0, 1, -1, 9, 10, -10, G_MAXINT32, G_MININT32, G_MAXINT64, G_MININT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    FyrJsonWriter writer = FYR_JSON_WRITER_INIT (text);
    g_autofree char *expected = g_strdup_printf ("%" G_GINT64_FORMAT, numbers[i]);

    fyr_json_writer_int (&writer, NULL, numbers[i]);
    g_assert_cmpstr (text->str, ==, expected);
  }
}

/* A missing text is null where it must stand, and nothing where it may be left out. */
static void
test_missing_values_are_null_or_left_out (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  FyrJsonWriter writer = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&writer, NULL);
  fyr_json_writer_text (&writer, "a", NULL);
  fyr_json_writer_object (&writer, "b", NULL);
  fyr_json_writer_string (&writer, "c", NULL);
  fyr_json_writer_text (&writer, "d", "");
  fyr_json_writer_raw (&writer, "e", "[1,2]");
  fyr_json_writer_node (&writer, "f", NULL);
  fyr_json_writer_text (&writer, "g", NULL);
  fyr_json_writer_end_object (&writer);
  g_assert_cmpstr (text->str, ==, "{\"c\":null,\"d\":\"\",\"e\":[1,2],\"f\":null}");
}

static void
test_commas_stand_between_and_nowhere_else (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  FyrJsonWriter writer = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_array (&writer, NULL);
  for (int i = 0; i < 2; i++) {
    fyr_json_writer_begin_object (&writer, NULL);
    fyr_json_writer_begin_array (&writer, "empty");
    fyr_json_writer_end_array (&writer);
    fyr_json_writer_begin_object (&writer, "none");
    fyr_json_writer_end_object (&writer);
    fyr_json_writer_end_object (&writer);
  }
  fyr_json_writer_null (&writer, NULL);
  fyr_json_writer_end_array (&writer);
  g_assert_cmpstr (text->str, ==, "[{\"empty\":[],\"none\":{}},{\"empty\":[],\"none\":{}},null]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/json-writer/what-is-written-is-read-back", test_what_is_written_is_read_back);
  g_test_add_func ("/wire/json-writer/whole-numbers-of-every-size", test_whole_numbers_of_every_size);
  g_test_add_func ("/wire/json-writer/missing-values-are-null-or-left-out",
                   test_missing_values_are_null_or_left_out);
  g_test_add_func ("/wire/json-writer/commas-stand-between-and-nowhere-else",
                   test_commas_stand_between_and_nowhere_else);
  return g_test_run ();
}
