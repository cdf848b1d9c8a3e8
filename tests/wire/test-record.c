/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every record kind and every field, from the declarations: a new field is tested without a line here. */
#include <string.h>

#include "fyr-json-writer.h"
#include "fyr-records.h"
#include "fyr-wire-record.h"

#define ID "01900000-0000-7000-8000-0000000000aa"
#define OTHER "01900000-0000-7000-8000-0000000000bb"

static void
set_field (FyrRecord *record, guint field, GRand *rand)
{
  const FyrFieldInfo *info = &fyr_record_get_info (record)->fields[field];

  switch (info->type) {
  case FYR_FIELD_INT:
    fyr_record_set_int (record, field, (gint64)(info->has_min ? info->min : 0) + 1);
    break;
  case FYR_FIELD_TIME:
    fyr_record_set_int (record, field, (gint64)g_rand_int (rand) * 1000 - 1000000000000);
    break;
  case FYR_FIELD_BOOL:
    fyr_record_set_int (record, field, g_rand_boolean (rand));
    break;
  case FYR_FIELD_ENUM:
    fyr_record_set_int (record, field, g_rand_int_range (rand, 1, (gint32)info->enum_info->n_codes));
    break;
  case FYR_FIELD_REAL:
    fyr_record_set_real (record, field, g_rand_double_range (rand, -1000, 1000));
    break;
  case FYR_FIELD_ID:
    fyr_record_set_string (record, field, OTHER);
    break;
  case FYR_FIELD_DATE:
    fyr_record_set_string (record, field, "2026-02-28");
    break;
  case FYR_FIELD_JSON:
    fyr_record_set_string (record, field, "[[480,930],null]");
    break;
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  default:
    fyr_record_set_string (record, field, "Æ \"\\\n\t\x01 😀");
    break;
  }
}

static FyrRecord *
make_record (const FyrRecordInfo *info, GRand *rand, int probability)
{
  FyrRecord *record = fyr_record_new (info);

  fyr_record_set_id (record, ID);
  fyr_record_set_version (record, g_rand_int_range (rand, 0, G_MAXINT32));
  for (guint i = 0; i < info->n_fields; i++)
    if (g_rand_int_range (rand, 0, 100) < probability)
      set_field (record, i, rand);
  return record;
}

static char *
text_of (FyrRecord *record)
{
  GString *text = g_string_new (NULL);
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_record (&json, NULL, record, G_MAXUINT);
  return g_string_free (text, FALSE);
}

static FyrRecord *
read_text (const FyrRecordInfo *info, const char *text, GError **error)
{
  g_autoptr (FyrJsonDocument) document =
      fyr_json_document_parse (text, strlen (text), &fyr_json_limits_message, error);

  return document != NULL ? fyr_wire_record_read (info, fyr_json_document_get_root (document), error) : NULL;
}

static void
test_all_kinds (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    for (int probability = 0; probability <= 100; probability += 20) {
      g_autoptr (FyrRecord) record = make_record (fyr_record_infos[i], rand, probability);
      g_autofree char *text = text_of (record);
      g_autoptr (GError) error = NULL;
      g_autoptr (FyrRecord) read = read_text (fyr_record_infos[i], text, &error);
      g_autofree char *again = NULL;

      g_assert_no_error (error);
      g_assert_true (fyr_record_equal (record, read));
      g_assert_cmpint (fyr_record_get_version (record), ==, fyr_record_get_version (read));
      again = text_of (read);
      g_assert_cmpstr (text, ==, again);
    }
  }
}

/* The quick way and the record's own JSON are the same. */
static void
test_same_as_records_own (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    g_autoptr (FyrRecord) record = make_record (fyr_record_infos[i], rand, 70);
    g_autofree char *text = text_of (record);
    g_autoptr (JsonNode) node = json_from_string (text, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrRecord) slow =
        fyr_record_from_json (fyr_record_infos[i], json_node_get_object (node), &error);
    g_autoptr (JsonObject) own = fyr_record_to_json (record, G_MAXUINT);
    g_autoptr (FyrRecord) from_own = fyr_record_from_json (fyr_record_infos[i], own, NULL);

    g_assert_no_error (error);
    g_assert_true (fyr_record_equal (record, slow));
    g_assert_true (fyr_record_equal (record, from_own));
  }
}

/* A value of a type the field cannot have is refused, and the error names the field but not the value. */
static void
test_wrong_types (void)
{
  static const char *const values[] = { "\"HEMMELIG\"", "7.5", "true", "[\"HEMMELIG\"]", "{\"HEMMELIG\":1}" };
  static const char accepts[][5] = {
    [FYR_FIELD_STRING] = { 1, 0, 0, 0, 0 }, [FYR_FIELD_TEXT] = { 1, 0, 0, 0, 0 },
    [FYR_FIELD_JSON] = { 1, 0, 0, 0, 0 },   [FYR_FIELD_DATE] = { 1, 0, 0, 0, 0 },
    [FYR_FIELD_INT] = { 0, 0, 0, 0, 0 },    [FYR_FIELD_TIME] = { 0, 0, 0, 0, 0 },
    [FYR_FIELD_BOOL] = { 0, 0, 1, 0, 0 },   [FYR_FIELD_ENUM] = { 1, 0, 0, 0, 0 },
    [FYR_FIELD_REAL] = { 0, 1, 0, 0, 0 },   [FYR_FIELD_ID] = { 0, 0, 0, 0, 0 },
  };

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];

    for (guint field = 0; field < info->n_fields; field++) {
      for (guint v = 0; v < G_N_ELEMENTS (values); v++) {
        g_autofree char *text =
            g_strdup_printf ("{\"id\":\"" ID "\",\"%s\":%s}", info->fields[field].name, values[v]);
        g_autoptr (GError) error = NULL;
        g_autoptr (FyrRecord) read = read_text (info, text, &error);
        gboolean accepted = accepts[info->fields[field].type][v];

        if ((read != NULL) != accepted)
          g_error ("%s.%s: %s %s", info->kind, info->fields[field].name, values[v],
                   read != NULL ? "read" : "refused");
        if (read == NULL) {
          g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
          g_assert_nonnull (strstr (error->message, info->fields[field].name));
          g_assert_null (strstr (error->message, "HEMMELIG"));
        }
      }
    }
  }
}

static void
test_null_is_unset (void)
{
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];

    for (guint field = 0; field < info->n_fields; field++) {
      g_autofree char *text = g_strdup_printf ("{\"id\":\"" ID "\",\"%s\":null}", info->fields[field].name);
      g_autoptr (FyrRecord) read = read_text (info, text, NULL);

      g_assert_nonnull (read);
      g_assert_false (fyr_record_is_set (read, field));
    }
  }
}

static void
test_unknown_members (void)
{
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    g_autoptr (FyrRecord) read = read_text (
        fyr_record_infos[i], "{\"zz\":[1,{\"b\":2,\"a\":null}],\"id\":\"" ID "\",\"version\":3}", NULL);
    g_autofree char *text = NULL;

    g_assert_nonnull (read);
    g_assert_cmpstr (fyr_record_get_extra (read), ==, "{\"zz\":[1,{\"a\":null,\"b\":2}]}");
    text = text_of (read);
    g_assert_cmpstr (text, ==, "{\"id\":\"" ID "\",\"version\":3,\"zz\":[1,{\"a\":null,\"b\":2}]}");
  }
}

static void
test_broken_records (void)
{
  static const char *const cases[] = {
    "[]", "7", "\"x\"", "null", "{\"id\":7}", "{\"id\":\"x\"}", "{\"version\":\"1\"}", "{\"version\":1.5}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrRecord) read = read_text (&fyr_patient_info, cases[i], &error);

    /* The record's own reader passes over an id or version it cannot use; one without id is never stored. */
    if (read != NULL)
      g_assert_cmpstr (fyr_record_get_id (read), ==, "");
    else
      g_assert_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_MALFORMED);
  }
}

/* By its class each field is there, or nothing of it is. */
static void
test_classes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < fyr_n_record_infos; i++) {
    const FyrRecordInfo *info = fyr_record_infos[i];
    g_autoptr (FyrRecord) record = make_record (info, rand, 100);

    for (guint class = 0; class <= FYR_FIELD_CLASS_CONFIGURATION; class ++) {
      g_autoptr (GString) text = g_string_new (NULL);
      FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);
      g_autoptr (FyrRecord) read = NULL;

      fyr_json_writer_record (&json, NULL, record, 1u << class);
      read = read_text (info, text->str, NULL);
      g_assert_nonnull (read);
      for (guint field = 0; field < info->n_fields; field++)
        g_assert_cmpint (fyr_record_is_set (read, field), ==, info->fields[field].field_class == class);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/every-kind-and-field-comes-back", test_all_kinds);
  g_test_add_func ("/record/the-quick-way-is-the-records-own", test_same_as_records_own);
  g_test_add_func ("/record/wrong-types-are-refused-by-name", test_wrong_types);
  g_test_add_func ("/record/null-is-unset", test_null_is_unset);
  g_test_add_func ("/record/members-of-a-newer-program-travel-along", test_unknown_members);
  g_test_add_func ("/record/what-is-no-record-is-refused", test_broken_records);
  g_test_add_func ("/record/a-class-shows-its-fields-and-no-others", test_classes);
  return g_test_run ();
}
