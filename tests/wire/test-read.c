/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-wire-read.h"

#define UUID "01900000-0000-7000-8000-0000000000aa"
#define HASH "ce3cdaa5078048486ee46c3cc232c35cccd0c7b1576bdab1499e06e3d121b561"

static FyrJsonDocument *
parse (const char *text)
{
  FyrJsonDocument *document = fyr_json_document_parse (text, strlen (text), &fyr_json_limits_message, NULL);

  g_assert_nonnull (document);
  return document;
}

/* TRUE and no error, or FALSE and one that names the member. */
static gboolean
settle (gboolean fine, GError *error)
{
  g_autoptr (GError) owned = error;

  g_assert_cmpint (fine, ==, owned == NULL);
  if (owned != NULL) {
    g_assert_error (owned, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
    g_assert_true (g_str_has_prefix (owned->message, "m "));
  }
  return fine;
}

static gboolean
string (const char *text, gsize min, gsize max, char **value)
{
  g_autoptr (FyrJsonDocument) document = parse (text);
  GError *error = NULL;
  gboolean fine = fyr_wire_read_string (fyr_json_document_get_root (document), "m", min, max, value, &error);

  return settle (fine, error);
}

static void
test_string (void)
{
  g_autofree char *value = NULL;

  g_assert_true (string ("{\"m\":\"abc\"}", 0, 3, &value));
  g_assert_cmpstr (value, ==, "abc");
  g_assert_true (string ("{\"m\":\"\"}", 0, 3, &value));
  g_assert_cmpstr (value, ==, "");
  g_assert_false (string ("{\"m\":\"\"}", 1, 3, &value));
  g_assert_false (string ("{\"m\":\"abcd\"}", 0, 3, &value));
  /* Bounds are bytes: who measures characters may be four times as generous. */
  g_assert_false (string ("{\"m\":\"øø\"}", 0, 3, &value));
  g_assert_false (string ("{\"m\":7}", 0, 3, &value));
  g_assert_false (string ("{\"m\":null}", 0, 3, &value));
  g_assert_false (string ("{}", 0, 3, &value));
  g_assert_false (string ("[]", 0, 3, &value));
}

static gboolean
text (const char *json, char **value)
{
  g_autoptr (FyrJsonDocument) document = parse (json);
  GError *error = NULL;
  gboolean fine = fyr_wire_read_text (fyr_json_document_get_root (document), "m", 3, value, &error);

  return settle (fine, error);
}

static void
test_text (void)
{
  g_autofree char *value = g_strdup ("before");

  g_assert_true (text ("{}", &value));
  g_assert_null (value);
  value = g_strdup ("before");
  g_assert_true (text ("{\"m\":null}", &value));
  g_assert_null (value);
  g_assert_true (text ("{\"m\":\"x\"}", &value));
  g_assert_cmpstr (value, ==, "x");
  g_assert_false (text ("{\"m\":\"long\"}", &value));
  g_assert_false (text ("{\"m\":false}", &value));
}

static gboolean
integer (const char *json, gint64 min, gint64 *value)
{
  g_autoptr (FyrJsonDocument) document = parse (json);
  GError *error = NULL;
  gboolean fine = fyr_wire_read_int (fyr_json_document_get_root (document), "m", min, value, &error);

  return settle (fine, error);
}

static void
test_int (void)
{
  gint64 value = 0;

  g_assert_true (integer ("{\"m\":5}", 5, &value));
  g_assert_cmpint (value, ==, 5);
  g_assert_true (integer ("{\"m\":-9223372036854775808}", G_MININT64, &value));
  g_assert_cmpint (value, ==, G_MININT64);
  g_assert_false (integer ("{\"m\":4}", 5, &value));
  g_assert_false (integer ("{\"m\":5.0}", 0, &value));
  g_assert_false (integer ("{\"m\":5e0}", 0, &value));
  g_assert_false (integer ("{\"m\":9223372036854775808}", 0, &value));
  g_assert_false (integer ("{\"m\":\"5\"}", 0, &value));
  g_assert_false (integer ("{\"m\":true}", 0, &value));
  g_assert_false (integer ("{\"m\":null}", 0, &value));
  g_assert_false (integer ("{}", 0, &value));
}

static void
test_optional_int (void)
{
  static const struct {
    const char *json;
    gboolean fine;
    gint64 value;
  } cases[] = {
    { "{}", TRUE, 7 },         { "{\"m\":null}", TRUE, 7 },   { "{\"m\":3}", TRUE, 3 },
    { "{\"m\":0}", FALSE, 0 }, { "{\"m\":\"3\"}", FALSE, 0 }, { "{\"m\":1.5}", FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrJsonDocument) document = parse (cases[i].json);
    GError *error = NULL;
    gint64 value = -1;
    gboolean fine =
        fyr_wire_read_optional_int (fyr_json_document_get_root (document), "m", 1, 7, &value, &error);

    g_assert_cmpint (settle (fine, error), ==, cases[i].fine);
    if (fine)
      g_assert_cmpint (value, ==, cases[i].value);
  }
}

static void
test_bool (void)
{
  static const struct {
    const char *json;
    gboolean fine;
    gboolean value;
  } cases[] = {
    { "{}", TRUE, FALSE },          { "{\"m\":null}", TRUE, FALSE },
    { "{\"m\":true}", TRUE, TRUE }, { "{\"m\":false}", TRUE, FALSE },
    { "{\"m\":1}", FALSE, FALSE },  { "{\"m\":\"true\"}", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrJsonDocument) document = parse (cases[i].json);
    GError *error = NULL;
    gboolean value = TRUE;
    gboolean fine = fyr_wire_read_bool (fyr_json_document_get_root (document), "m", &value, &error);

    g_assert_cmpint (settle (fine, error), ==, cases[i].fine);
    if (fine)
      g_assert_cmpint (value, ==, cases[i].value);
  }
}

static void
test_uuid_and_hash (void)
{
  static const char *const no_uuids[] = {
    "{}",
    "{\"m\":null}",
    "{\"m\":7}",
    "{\"m\":\"\"}",
    "{\"m\":\"01900000-0000-7000-8000-0000000000AA\"}",
    "{\"m\":\"01900000000070008000-0000000000aa\"}",
    "{\"m\":\"{01900000-0000-7000-8000-0000000000aa}\"}",
  };
  static const char *const no_hashes[] = {
    "{}",
    "{\"m\":7}",
    "{\"m\":\"\"}",
    "{\"m\":\"" HASH "0\"}",
    "{\"m\":\"CE3CDAA5078048486EE46C3CC232C35CCCD0C7B1576BDAB1499E06E3D121B561\"}",
    "{\"m\":\"ge3cdaa5078048486ee46c3cc232c35cccd0c7b1576bdab1499e06e3d121b561\"}",
  };
  g_autoptr (FyrJsonDocument) uuid = parse ("{\"m\":\"" UUID "\"}");
  g_autoptr (FyrJsonDocument) hash = parse ("{\"m\":\"" HASH "\"}");
  g_autofree char *value = NULL;
  char digits[65];

  g_assert_true (fyr_wire_read_uuid (fyr_json_document_get_root (uuid), "m", &value, NULL));
  g_assert_cmpstr (value, ==, UUID);
  g_assert_true (fyr_wire_read_hash (fyr_json_document_get_root (hash), "m", digits, NULL));
  g_assert_cmpstr (digits, ==, HASH);
  for (guint i = 0; i < G_N_ELEMENTS (no_uuids); i++) {
    g_autoptr (FyrJsonDocument) document = parse (no_uuids[i]);
    GError *error = NULL;
    gboolean fine = fyr_wire_read_uuid (fyr_json_document_get_root (document), "m", &value, &error);

    g_assert_false (settle (fine, error));
    g_assert_cmpstr (value, ==, UUID);
  }
  for (guint i = 0; i < G_N_ELEMENTS (no_hashes); i++) {
    g_autoptr (FyrJsonDocument) document = parse (no_hashes[i]);
    GError *error = NULL;
    gboolean fine = fyr_wire_read_hash (fyr_json_document_get_root (document), "m", digits, &error);

    g_assert_false (settle (fine, error));
  }
}

static void
test_document (void)
{
  static const struct {
    const char *json;
    int code;
  } cases[] = {
    { "", FYR_WIRE_ERROR_EMPTY },      { "[]", FYR_WIRE_ERROR_MALFORMED },
    { "7", FYR_WIRE_ERROR_MALFORMED }, { "null", FYR_WIRE_ERROR_MALFORMED },
    { "{", FYR_WIRE_ERROR_MALFORMED },
  };
  const FyrJsonValue *root = NULL;
  g_autoptr (FyrJsonDocument) good =
      fyr_wire_read_document ("{\"m\":1}", 7, &fyr_json_limits_message, &root, NULL);

  g_assert_nonnull (good);
  g_assert_true (fyr_json_value_is (root, FYR_JSON_OBJECT));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fyr_wire_read_document (cases[i].json, strlen (cases[i].json), &fyr_json_limits_message,
                                           &root, &error));
    g_assert_error (error, FYR_WIRE_ERROR, cases[i].code);
  }
}

static void
test_array_and_schema (void)
{
  g_autoptr (FyrJsonDocument) document = parse ("{\"m\":[],\"n\":{},\"schema\":1}");
  const FyrJsonValue *root = fyr_json_document_get_root (document);
  const FyrJsonValue *array = NULL;
  FyrWireSchemas schemas;
  int schema = 0;

  g_assert_true (fyr_wire_read_array (root, "m", &array, NULL));
  g_assert_null (array->first);
  g_assert_false (fyr_wire_read_array (root, "n", &array, NULL));
  g_assert_false (fyr_wire_read_array (root, "o", &array, NULL));
  g_assert_true (fyr_wire_read_schema (root, &schema, &schemas, NULL));
  g_assert_cmpint (schema, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/read/a-string-within-its-bounds", test_string);
  g_test_add_func ("/read/a-text-that-may-be-absent", test_text);
  g_test_add_func ("/read/a-whole-number-of-64-bits", test_int);
  g_test_add_func ("/read/a-number-that-may-be-absent", test_optional_int);
  g_test_add_func ("/read/true-false-or-absent", test_bool);
  g_test_add_func ("/read/ids-and-hashes-in-their-one-form", test_uuid_and_hash);
  g_test_add_func ("/read/a-message-is-an-object", test_document);
  g_test_add_func ("/read/arrays-and-the-schema", test_array_and_schema);
  return g_test_run ();
}
