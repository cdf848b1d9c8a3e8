/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-uuid.h"

static void
test_a_new_id_is_version_7_and_carries_its_time (void)
{
  char text[FYR_UUID_TEXT_SIZE];
  fyr_uuid_v7_new (0x018b2f3c4d5e, text);
  g_assert_true (g_str_has_prefix (text, "018b2f3c-4d5e-7"));
  g_assert_nonnull (strchr ("89ab", text[19]));
  g_assert_true (fyr_uuid_is_valid (text));
}

static void
test_ids_never_repeat (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (int i = 0; i < 20000; i++) {
    char text[FYR_UUID_TEXT_SIZE];
    fyr_uuid_v7_new (1, text);
    g_assert_true (g_hash_table_add (seen, g_strdup (text)));
  }
}

static void
test_many_at_once_are_as_good_as_one_by_one (void)
{
  static const gsize counts[] = { 0, 1, 63, 64, 65, 1000 };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  char texts[1001][FYR_UUID_TEXT_SIZE];
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    memset (texts, 0, sizeof texts);
    fyr_uuid_v7_new_many (0x018b2f3c4d5e, counts[i], texts);
    for (gsize j = 0; j < counts[i]; j++) {
      g_assert_true (g_str_has_prefix (texts[j], "018b2f3c-4d5e-7"));
      g_assert_nonnull (strchr ("89ab", texts[j][19]));
      g_assert_true (fyr_uuid_is_valid (texts[j]));
      g_assert_true (g_hash_table_add (seen, g_strdup (texts[j])));
    }
    g_assert_cmpstr (texts[counts[i]], ==, "");
  }
}

static void
test_later_ids_sort_later (void)
{
  char early[FYR_UUID_TEXT_SIZE], late[FYR_UUID_TEXT_SIZE];
  fyr_uuid_v7_new (1000, early);
  fyr_uuid_v7_new (1001, late);
  g_assert_cmpint (strcmp (early, late), <, 0);
}

static void
test_text_and_bytes_are_each_others_inverse (void)
{
  for (int i = 0; i < 1000; i++) {
    char text[FYR_UUID_TEXT_SIZE], again[FYR_UUID_TEXT_SIZE];
    guint8 bytes[FYR_UUID_BYTES];
    fyr_uuid_v7_new (g_test_rand_int_range (0, G_MAXINT32), text);
    g_assert_true (fyr_uuid_to_bytes (text, bytes));
    fyr_uuid_from_bytes (bytes, again);
    g_assert_cmpstr (text, ==, again);
  }
}

static void
test_only_the_lower_case_text_form_is_valid (void)
{
  const char *const bad[] = {
    "",
    "x",
    "018b2f3c-4d5e-7000-8000-00000000000",
    "018b2f3c-4d5e-7000-8000-0000000000000",
    "018B2F3C-4D5E-7000-8000-000000000000",
    "018b2f3c+4d5e-7000-8000-000000000000",
    "018b2f3c4d5e70008000000000000000",
    "018b2f3c-4d5e-7000-8000-00000000000g",
    "018b2f3c-4d5e-7000-8000-0000000-0000",
    "018b2f3c-4d5e-7000-8000-00000000000\xe9",
  };
  guint8 bytes[FYR_UUID_BYTES];
  const guint8 zero[FYR_UUID_BYTES] = { 0 };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    memset (bytes, 1, sizeof bytes);
    g_assert_false (fyr_uuid_to_bytes (bad[i], bytes));
    g_assert_cmpmem (bytes, sizeof bytes, zero, sizeof zero);
  }
  /* Each place by itself. */
  for (int i = 0; i < 36; i++) {
    char text[] = "018b2f3c-4d5e-7000-8000-0123456789ab";
    text[i] = text[i] == '-' ? '0' : 'A';
    g_assert_false (fyr_uuid_is_valid (text));
  }
  g_assert_false (fyr_uuid_is_valid (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/uuid/a-new-id-is-version-7", test_a_new_id_is_version_7_and_carries_its_time);
  g_test_add_func ("/schema/uuid/ids-never-repeat", test_ids_never_repeat);
  g_test_add_func ("/schema/uuid/many-at-once", test_many_at_once_are_as_good_as_one_by_one);
  g_test_add_func ("/schema/uuid/later-ids-sort-later", test_later_ids_sort_later);
  g_test_add_func ("/schema/uuid/text-and-bytes", test_text_and_bytes_are_each_others_inverse);
  g_test_add_func ("/schema/uuid/only-the-lower-case-text-form", test_only_the_lower_case_text_form_is_valid);
  return g_test_run ();
}
