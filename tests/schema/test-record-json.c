/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-records.h"
#include "fyr-uuid.h"

#define ID_A "01890000-0000-7000-8000-00000000000a"

static JsonObject *
object_from (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_node_dup_object (node);
}

static FyrRecord *
patient_from (const char *text, GError **error)
{
  g_autoptr (JsonObject) object = object_from (text);
  return fyr_record_from_json (&fyr_patient_info, object, error);
}

static void
set_random_field (FyrRecord *record, guint field, GRand *rand)
{
  const FyrFieldInfo *info = &fyr_record_get_info (record)->fields[field];
  char id[FYR_UUID_TEXT_SIZE];
  switch (info->type) {
  case FYR_FIELD_REAL:
    fyr_record_set_real (record, field, g_rand_double_range (rand, -1e6, 1e6));
    break;
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    fyr_record_set_int (record, field, g_rand_int_range (rand, -1000, 1000));
    break;
  case FYR_FIELD_BOOL:
    fyr_record_set_int (record, field, g_rand_boolean (rand));
    break;
  case FYR_FIELD_ENUM:
    fyr_record_set_int (record, field, g_rand_int_range (rand, 1, (gint32)info->enum_info->n_codes + 1));
    break;
  case FYR_FIELD_ID:
    fyr_uuid_v7_new (g_rand_int (rand), id);
    fyr_record_set_string (record, field, id);
    break;
  case FYR_FIELD_DATE:
    fyr_record_set_string (record, field, "2026-02-28");
    break;
  case FYR_FIELD_STRING:
  case FYR_FIELD_TEXT:
  case FYR_FIELD_JSON:
  default:
    fyr_record_set_string (record, field, g_rand_boolean (rand) ? "Åse \"Ø\" \\ 🙂" : "x");
  }
}

static FyrRecord *
random_record (const FyrRecordInfo *info, GRand *rand)
{
  char id[FYR_UUID_TEXT_SIZE];
  FyrRecord *record = fyr_record_new (info);
  fyr_uuid_v7_new (g_rand_int (rand), id);
  fyr_record_set_id (record, id);
  fyr_record_set_version (record, g_rand_int_range (rand, 0, 1000));
  for (guint field = 0; field < info->n_fields; field++) {
    if (g_rand_boolean (rand))
      set_random_field (record, field, rand);
  }
  return record;
}

static void
test_any_record_survives_the_round_trip (void)
{
  guint32 seed = g_test_rand_int_range (0, G_MAXINT32);
  g_test_message ("seed %u", seed);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  for (guint round = 0; round < 50; round++) {
    for (guint i = 0; i < fyr_n_record_infos; i++) {
      g_autoptr (FyrRecord) record = random_record (fyr_record_infos[i], rand);
      g_autoptr (JsonObject) object = fyr_record_to_json (record, G_MAXUINT);
      g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
      g_autofree char *text = json_to_string (node, FALSE);
      g_autoptr (JsonObject) again = object_from (text);
      g_autoptr (GError) error = NULL;
      g_autoptr (FyrRecord) back = fyr_record_from_json (fyr_record_infos[i], again, &error);
      g_assert_no_error (error);
      g_assert_true (fyr_record_equal (record, back));
      g_assert_cmpint (fyr_record_get_version (back), ==, fyr_record_get_version (record));
    }
  }
}

static void
test_unknown_fields_and_codes_survive (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrRecord) record = patient_from (
      "{\"id\":\"" ID_A
      "\",\"family_name\":\"Lund\",\"zone\":\"violet\",\"shoe_size\":{\"eu\":43},\"pets\":null}",
      &error);
  g_assert_no_error (error);
  g_assert_false (fyr_record_is_set (record, FYR_PATIENT_ZONE));
  g_autoptr (JsonObject) object = fyr_record_to_json (record, G_MAXUINT);
  g_assert_cmpstr (json_object_get_string_member (object, "zone"), ==, "violet");
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (object, "shoe_size"), "eu"), ==,
                   43);
  g_assert_true (json_object_get_null_member (object, "pets"));
}

static void
test_a_known_code_replaces_an_unknown_one (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrRecord) record = patient_from ("{\"id\":\"" ID_A "\",\"zone\":\"violet\"}", &error);
  g_autoptr (JsonObject) change = object_from ("{\"zone\":\"red\"}");
  guint64 changed = 0;
  g_assert_true (fyr_record_apply_json (record, change, &changed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (changed, ==, G_GUINT64_CONSTANT (1) << FYR_PATIENT_ZONE);
  g_assert_null (fyr_record_get_extra (record));
  g_assert_cmpint (fyr_patient_get_zone (FYR_PATIENT (record)), ==, FYR_ZONE_RED);
}

static void
test_null_makes_a_field_unset (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrRecord) record = patient_from ("{\"id\":\"" ID_A "\",\"telephone\":\"22000000\"}", &error);
  g_autoptr (JsonObject) change = object_from ("{\"telephone\":null}");
  g_assert_true (fyr_record_apply_json (record, change, NULL, &error));
  g_assert_null (fyr_patient_get_telephone (FYR_PATIENT (record)));
}

static void
test_wrong_types_are_refused_and_named_without_the_value (void)
{
  const char *const bad[] = {
    "{\"id\":\"not an id\"}",
    "{\"id\":7}",
    "{\"id\":{}}",
    "{\"version\":-1}",
    "{\"version\":\"1\"}",
    "{\"family_name\":12345678901}",
    "{\"family_name\":[\"Lund\"]}",
    "{\"gp_id\":\"12345678901\"}",
    "{\"zone\":3}",
    "{\"protected_address\":\"true\"}",
    "{\"protected_address\":1}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrRecord) record = patient_from (bad[i], &error);
    g_assert_null (record);
    g_assert_error (error, FYR_RECORD_ERROR, FYR_RECORD_ERROR_TYPE);
    g_assert_null (strstr (error->message, "12345678901"));
    g_assert_null (strstr (error->message, "Lund"));
  }
}

static void
test_a_masked_class_leaves_no_trace (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrRecord) record =
      patient_from ("{\"id\":\"" ID_A "\",\"family_name\":\"Lund\",\"zone\":\"red\","
                    "\"identity_number\":\"123\",\"newer\":\"secret\"}",
                    &error);
  g_autoptr (JsonObject) object =
      fyr_record_to_json (record, (1u << FYR_FIELD_CLASS_OPEN) | (1u << FYR_FIELD_CLASS_CONTACT));
  g_assert_true (json_object_has_member (object, "family_name"));
  g_assert_false (json_object_has_member (object, "zone"));
  g_assert_false (json_object_has_member (object, "identity_number"));
  g_assert_false (json_object_has_member (object, "newer"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/json/any-record-survives-the-round-trip",
                   test_any_record_survives_the_round_trip);
  g_test_add_func ("/schema/json/unknown-fields-and-codes-survive", test_unknown_fields_and_codes_survive);
  g_test_add_func ("/schema/json/a-known-code-replaces-an-unknown-one",
                   test_a_known_code_replaces_an_unknown_one);
  g_test_add_func ("/schema/json/null-makes-a-field-unset", test_null_makes_a_field_unset);
  g_test_add_func ("/schema/json/wrong-types-are-refused",
                   test_wrong_types_are_refused_and_named_without_the_value);
  g_test_add_func ("/schema/json/a-masked-class-leaves-no-trace", test_a_masked_class_leaves_no_trace);
  return g_test_run ();
}
