/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-record-digest.h"

#include <string.h>

#include "fyr-canonical-json.h"
#include "fyr-records.h"
#include "fyr-uuid.h"

#define ID_A "01890000-0000-7000-8000-00000000000a"
#define ID_B "01890000-0000-7000-8000-00000000000b"

static void
set_any (FyrRecord *record, guint field, GRand *rand)
{
  const FyrFieldInfo *info = &fyr_record_get_info (record)->fields[field];
  char id[FYR_UUID_TEXT_SIZE];

  switch (info->type) {
  case FYR_FIELD_REAL:
    fyr_record_set_real (record, field, g_rand_double_range (rand, -1e6, 1e6));
    break;
  case FYR_FIELD_BOOL:
    fyr_record_set_int (record, field, g_rand_boolean (rand));
    break;
  case FYR_FIELD_INT:
  case FYR_FIELD_TIME:
    fyr_record_set_int (record, field, ((gint64)g_rand_int (rand) << 20) - G_MAXINT);
    break;
  case FYR_FIELD_ENUM:
    fyr_record_set_int (record, field, g_rand_int_range (rand, 1, (gint32)info->enum_info->n_codes));
    break;
  case FYR_FIELD_ID:
    fyr_uuid_v7_new (g_rand_int (rand), id);
    fyr_record_set_string (record, field, id);
    break;
  default:
    fyr_record_set_string (record, field, g_rand_boolean (rand) ? "\"Ås\"\\\n\x01" : "2026-02-28");
  }
}

static char *
text_of (FyrRecord *record, guint mask)
{
  GString *text = g_string_new (NULL);

  fyr_record_append_canonical (record, mask, text);
  return g_string_free (text, FALSE);
}

static char *
slow_text_of (FyrRecord *record, guint mask)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
  GString *text = g_string_new (NULL);

  json_node_take_object (node, fyr_record_to_json (record, mask));
  fyr_canonical_json_append (text, node, NULL);
  return g_string_free (text, FALSE);
}

static void
test_same_as_canonical (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint round = 0; round < 400; round++) {
    const FyrRecordInfo *info = fyr_record_infos[g_rand_int (rand) % fyr_n_record_infos];
    g_autoptr (FyrRecord) record = fyr_record_new (info);
    const guint masks[] = { G_MAXUINT, 0, g_rand_int (rand), 1u << FYR_FIELD_CLASS_OPEN };

    fyr_record_set_id (record, ID_A);
    fyr_record_set_version (record, g_rand_int (rand));
    for (guint i = 0; i < info->n_fields; i++) {
      if (g_rand_boolean (rand))
        set_any (record, i, rand);
    }
    if (g_rand_int (rand) % 3 == 0)
      fyr_record_set_extra (record, "{\"a_new\":[1,{\"b\":null}],\"zz\":\"æ\"}");
    for (guint i = 0; i < G_N_ELEMENTS (masks); i++) {
      g_autofree char *quick = text_of (record, masks[i]);
      g_autofree char *slow = slow_text_of (record, masks[i]);

      g_assert_cmpstr (quick, ==, slow);
    }
  }
}

/* What an older program keeps in extra is a field to a newer one. */
static void
test_older_program_same_text (void)
{
  g_autoptr (FyrRecord) knows = FYR_RECORD (fyr_patient_new ());
  g_autoptr (FyrRecord) carries = FYR_RECORD (fyr_patient_new ());
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  char hash[FYR_ROW_HASH_SIZE], other[FYR_ROW_HASH_SIZE];

  fyr_record_set_id (knows, ID_A);
  fyr_record_set_id (carries, ID_A);
  fyr_patient_set_given_name (FYR_PATIENT (knows), "Kari");
  fyr_patient_set_family_name (FYR_PATIENT (knows), "Nordmann");
  fyr_patient_set_family_name (FYR_PATIENT (carries), "Nordmann");
  fyr_record_set_extra (carries, "{\"given_name\":\"Kari\"}");
  first = text_of (knows, G_MAXUINT);
  second = text_of (carries, G_MAXUINT);
  g_assert_cmpstr (first, ==, second);
  fyr_record_hash (knows, G_MAXUINT, hash);
  fyr_record_hash (carries, G_MAXUINT, other);
  g_assert_cmpstr (hash, ==, other);
}

static void
test_every_change_shows (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (FyrRecord) record = FYR_RECORD (fyr_measurement_new ());

  g_test_message ("seed %u", seed);
  fyr_record_set_id (record, ID_A);
  for (guint i = 0; i < 200; i++) {
    char hash[FYR_ROW_HASH_SIZE];

    fyr_measurement_set_value (FYR_MEASUREMENT (record), i / 10.0);
    fyr_record_hash (record, G_MAXUINT, hash);
    g_assert_cmpuint (strlen (hash), ==, 32);
    g_assert_true (g_hash_table_add (seen, g_strdup (hash)));
  }
  for (guint i = 0; i < 2; i++) {
    char hash[FYR_ROW_HASH_SIZE];

    if (i == 0)
      fyr_record_set_id (record, ID_B);
    else
      fyr_record_set_version (record, 7);
    fyr_record_hash (record, G_MAXUINT, hash);
    g_assert_true (g_hash_table_add (seen, g_strdup (hash)));
  }
}

static void
test_damaged_row_has_a_text (void)
{
  g_autoptr (FyrRecord) record = FYR_RECORD (fyr_alert_new ());
  g_autofree char *text = NULL;

  fyr_record_set_id (record, ID_A);
  fyr_record_set_int (record, FYR_ALERT_STATUS, 77);
  fyr_record_set_int (record, FYR_ALERT_CATEGORY, -3);
  text = text_of (record, G_MAXUINT);
  g_assert_nonnull (strstr (text, "\"status\":null"));
}

static void
test_order_and_count_matter (void)
{
  const char *a = "00000000000000000000000000000001", *b = "00000000000000000000000000000002";
  g_auto (FyrRecordDigest) one, two, three, none;

  fyr_record_digest_init (&one);
  fyr_record_digest_init (&two);
  fyr_record_digest_init (&three);
  fyr_record_digest_init (&none);
  fyr_record_digest_add (&one, a);
  fyr_record_digest_add (&one, b);
  fyr_record_digest_add (&two, b);
  fyr_record_digest_add (&two, a);
  fyr_record_digest_add (&three, a);
  g_assert_cmpuint (one.count, ==, 2);
  g_assert_cmpuint (none.count, ==, 0);
  g_assert_cmpuint (strlen (fyr_record_digest_get (&one)), ==, 64);
  g_assert_cmpstr (fyr_record_digest_get (&one), !=, fyr_record_digest_get (&two));
  g_assert_cmpstr (fyr_record_digest_get (&one), !=, fyr_record_digest_get (&three));
  g_assert_cmpstr (fyr_record_digest_get (&none), !=, fyr_record_digest_get (&three));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/digest/the text is the canonical text of the record's JSON",
                   test_same_as_canonical);
  g_test_add_func ("/schema/digest/a program that does not know a field gives the same text",
                   test_older_program_same_text);
  g_test_add_func ("/schema/digest/every change of a row changes its hash", test_every_change_shows);
  g_test_add_func ("/schema/digest/a damaged row has a text too", test_damaged_row_has_a_text);
  g_test_add_func ("/schema/digest/order and number of rows matter", test_order_and_count_matter);
  return g_test_run ();
}
