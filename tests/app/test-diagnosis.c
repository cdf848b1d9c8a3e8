/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-diagnosis.h"

static void
test_a_code_brings_its_system_and_words (void)
{
  g_autoptr (FyrCondition) condition = fyr_condition_new ();
  fyr_diagnosis_take_code (condition, " r95 ");
  g_assert_cmpstr (fyr_condition_get_code (condition), ==, "R95");
  g_assert_cmpstr (fyr_condition_get_code_system (condition), ==, FYR_ICPC_2);
  g_assert_cmpstr (fyr_condition_get_display (condition), ==, "COPD");
  /* Typed letter by letter, another code brings other words. */
  fyr_diagnosis_take_code (condition, "K");
  fyr_diagnosis_take_code (condition, "K7");
  fyr_diagnosis_take_code (condition, "K77");
  g_assert_cmpstr (fyr_condition_get_display (condition), ==, "Heart failure");
}

static void
test_own_words_are_not_overwritten (void)
{
  g_autoptr (FyrCondition) condition = fyr_condition_new ();
  fyr_condition_set_display (condition, "Hjertesvikt, EF 35 %");
  fyr_diagnosis_take_code (condition, "K77");
  g_assert_cmpstr (fyr_condition_get_display (condition), ==, "Hjertesvikt, EF 35 %");
}

static void
test_codes_are_told_apart (void)
{
  static const struct {
    const char *code;
    const char *system;
  } cases[] = {
    { "T90", FYR_ICPC_2 }, { "J44", FYR_ICD_10 }, { "J44.1", FYR_ICD_10 }, { "I50.0", FYR_ICD_10 },
    { "E11", FYR_ICD_10 }, { "J44.", NULL },      { "KOLS", NULL },        { "R9", NULL },
    { "R955", NULL },      { "J44.123", NULL },   { "9R5", NULL },         { "R9५", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *message = NULL;
    g_autoptr (FyrCondition) condition = fyr_condition_new ();
    fyr_diagnosis_take_code (condition, cases[i].code);
    FyrFinding finding = fyr_diagnosis_check_code (condition, &message);
    g_test_message ("%s", cases[i].code);
    g_assert_cmpstr (fyr_condition_get_code_system (condition), ==, cases[i].system);
    g_assert_cmpint (finding, ==, cases[i].system != NULL ? FYR_FINDING_NONE : FYR_FINDING_ERROR);
    g_assert_cmpint (finding == FYR_FINDING_NONE, ==, message == NULL);
  }
}

static void
test_a_diagnosis_needs_no_code (void)
{
  const char *message = NULL;
  g_autoptr (FyrCondition) condition = fyr_condition_new ();
  fyr_diagnosis_take_code (condition, "  ");
  g_assert_null (fyr_condition_get_code (condition));
  g_assert_cmpint (fyr_diagnosis_check_code (condition, &message), ==, FYR_FINDING_NONE);
}

static void
test_every_common_code_is_icpc (void)
{
  const char *const *codes, *const *words;
  guint n = fyr_diagnosis_get_common (&codes, &words);
  for (guint i = 1; i < n; i++) {
    g_autoptr (FyrCondition) condition = fyr_condition_new ();
    g_assert_true (g_str_has_prefix (words[i], codes[i]));
    fyr_diagnosis_take_code (condition, codes[i]);
    g_assert_cmpstr (fyr_condition_get_code_system (condition), ==, FYR_ICPC_2);
    g_assert_nonnull (fyr_condition_get_display (condition));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/code", test_a_code_brings_its_system_and_words);
  g_test_add_func ("/diagnosis/own-words", test_own_words_are_not_overwritten);
  g_test_add_func ("/diagnosis/systems", test_codes_are_told_apart);
  g_test_add_func ("/diagnosis/no-code", test_a_diagnosis_needs_no_code);
  g_test_add_func ("/diagnosis/common", test_every_common_code_is_icpc);
  return g_test_run ();
}
