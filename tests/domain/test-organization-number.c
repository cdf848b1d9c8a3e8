/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-organization-number.h"

#include "fyr-domain-test.h"

static void
test_vectors (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "ids", "vectors.tsv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) columns = g_strsplit (lines[i], "\t", 6);

    if (g_strv_length (columns) < 6 || !g_str_equal (columns[1], "orgnr")) {
      continue;
    }
    n++;
    g_assert_cmpint (fyr_organization_number_check (columns[0]), ==,
                     g_str_equal (columns[2], "yes") ? FYR_REGISTER_NUMBER_OK : FYR_REGISTER_NUMBER_TEST);
  }
  g_assert_cmpuint (n, ==, 3);
}

static void
test_each_cause_has_its_problem (void)
{
  static const struct {
    const char *text;
    FyrRegisterNumberProblem problem;
  } cases[] = {
    { "994598759", FYR_REGISTER_NUMBER_OK },
    { " 994 598 759 ", FYR_REGISTER_NUMBER_OK },
    { "994\xc2\xa0"
      "598\xc2\xa0"
      "759",
      FYR_REGISTER_NUMBER_OK },
    { "994598758", FYR_REGISTER_NUMBER_CHECK_DIGIT },
    { "995498759", FYR_REGISTER_NUMBER_CHECK_DIGIT },
    { "99459875", FYR_REGISTER_NUMBER_LENGTH },
    { "9945987590", FYR_REGISTER_NUMBER_LENGTH },
    { "99459875X", FYR_REGISTER_NUMBER_NOT_DIGITS },
    { "NO994598759", FYR_REGISTER_NUMBER_NOT_DIGITS },
    { "", FYR_REGISTER_NUMBER_EMPTY },
    { NULL, FYR_REGISTER_NUMBER_EMPTY },
    { "314159265", FYR_REGISTER_NUMBER_TEST },
    { "000000000", FYR_REGISTER_NUMBER_CHECK_DIGIT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("case %u", i);
    g_assert_cmpint (fyr_organization_number_check (cases[i].text), ==, cases[i].problem);
    g_assert_cmpint (fyr_register_number_problem_get_message (cases[i].problem) == NULL, ==,
                     cases[i].problem == FYR_REGISTER_NUMBER_OK);
  }
  g_assert_null (fyr_register_number_problem_get_message ((FyrRegisterNumberProblem)99));
}

static void
test_any_single_wrong_digit_is_found (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 2000; i++) {
    char digits[] = "994598759";
    int where = g_rand_int_range (random, 0, 9);

    digits[where] = (char)('0' + (digits[where] - '0' + g_rand_int_range (random, 1, 10)) % 10);
    g_assert_cmpint (fyr_organization_number_check (digits), ==, FYR_REGISTER_NUMBER_CHECK_DIGIT);
  }
}

static void
test_grouped_for_reading (void)
{
  g_autofree char *good = fyr_organization_number_format ("994598759");
  g_autofree char *other = fyr_organization_number_format ("99459875");
  g_autofree char *none = fyr_organization_number_format (NULL);

  g_assert_cmpstr (good, ==, "994 598 759");
  g_assert_cmpstr (other, ==, "99459875");
  g_assert_cmpstr (none, ==, "");
}

static void
test_register_numbers_are_digits_only (void)
{
  FyrRegisterNumberProblem (*const checks[]) (const char *) = { fyr_hpr_number_check, fyr_resh_id_check,
                                                                fyr_her_id_check };

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++) {
    g_assert_cmpint (checks[i]("1234567"), ==, FYR_REGISTER_NUMBER_OK);
    g_assert_cmpint (checks[i]("1"), ==, FYR_REGISTER_NUMBER_OK);
    g_assert_cmpint (checks[i]("1234567890"), ==, FYR_REGISTER_NUMBER_LENGTH);
    g_assert_cmpint (checks[i]("12a"), ==, FYR_REGISTER_NUMBER_NOT_DIGITS);
    g_assert_cmpint (checks[i](" "), ==, FYR_REGISTER_NUMBER_EMPTY);
    g_assert_cmpint (checks[i](NULL), ==, FYR_REGISTER_NUMBER_EMPTY);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/organization/vectors", test_vectors);
  g_test_add_func ("/organization/each-cause", test_each_cause_has_its_problem);
  g_test_add_func ("/organization/single-wrong-digit", test_any_single_wrong_digit_is_found);
  g_test_add_func ("/organization/grouped", test_grouped_for_reading);
  g_test_add_func ("/organization/digits-only", test_register_numbers_are_digits_only);
  return g_test_run ();
}
