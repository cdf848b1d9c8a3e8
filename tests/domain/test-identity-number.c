/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-identity-number.h"
#include "fyr-oslo-time.h"

#define ALL (FYR_IDENTITY_ACCEPT_2032 | FYR_IDENTITY_TEST_CENTRE)

static char *
read_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", "ids", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static gboolean
is_valid (const char *digits, FyrIdentityFlags flags)
{
  return fyr_identity_number_parse (digits, flags, NULL) == FYR_IDENTITY_PROBLEM_NONE;
}

/* Columns: number, synthetic, valid, description with the rule in it. */
static void
test_tax_vectors (void)
{
  g_autofree char *text = read_fixture ("skatteetaten-foedselsnummer.csv");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;

  for (guint i = 1; lines[i] != NULL; i++) {
    g_auto (GStrv) columns = g_strsplit (g_strstrip (lines[i]), ",", 4);
    gboolean synthetic;
    gboolean valid;
    gboolean is_2032;
    FyrIdentityNumber number;

    if (g_strv_length (columns) < 4) {
      continue;
    }
    n++;
    synthetic = g_str_equal (columns[1], "true");
    valid = g_str_equal (columns[2], "true");
    is_2032 = strstr (columns[3], "2032") != NULL;
    g_test_message ("%s %s", columns[0], columns[3]);
    g_assert_cmpint (is_valid (columns[0], ALL), ==, valid);
    if (!valid) {
      continue;
    }
    g_assert_cmpint (fyr_identity_number_parse (columns[0], ALL, &number), ==, FYR_IDENTITY_PROBLEM_NONE);
    g_assert_cmpint (number.synthetic != FYR_SYNTHETIC_NONE, ==, synthetic);
    g_assert_cmpint (number.rule, ==, is_2032 ? FYR_IDENTITY_RULE_2032 : FYR_IDENTITY_RULE_1964);
    g_assert_cmpint (is_valid (columns[0], FYR_IDENTITY_TEST_CENTRE), ==, !is_2032);
    g_assert_cmpint (is_valid (columns[0], FYR_IDENTITY_ACCEPT_2032), ==, !synthetic);
  }
  g_assert_cmpuint (n, ==, 10);
}

/* Columns: number, kind, valid today, valid by the 2032 rule, synthetic, source. */
static void
test_collected_vectors (void)
{
  g_autofree char *text = read_fixture ("vectors.tsv");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = 0;

  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) columns = g_strsplit (lines[i], "\t", 6);
    gboolean today;

    if (*lines[i] == '#' || g_strv_length (columns) < 6 || g_str_equal (columns[1], "orgnr")) {
      continue;
    }
    n++;
    g_test_message ("%s %s", columns[0], columns[1]);
    today = g_str_has_prefix (columns[2], "yes");
    g_assert_cmpint (is_valid (columns[0], ALL), ==, g_str_equal (columns[3], "yes"));
    if (!g_str_equal (columns[2], "see note")) {
      g_assert_cmpint (is_valid (columns[0], FYR_IDENTITY_TEST_CENTRE), ==, today);
    }
    if (g_str_equal (columns[4], "yes")) {
      g_assert_cmpint (fyr_identity_number_parse (columns[0], FYR_IDENTITY_ACCEPT_2032, NULL), ==,
                       FYR_IDENTITY_PROBLEM_SYNTHETIC);
    }
  }
  g_assert_cmpuint (n, >=, 18);
}

typedef struct {
  const char *text;
  FyrIdentityFlags flags;
  FyrIdentityProblem problem;
  FyrIdentityKind kind;
  const char *birth_date;
  FyrSex sex;
  FyrSyntheticSeries synthetic;
} Case;

static void
test_kinds (void)
{
  static const Case cases[] = {
    { "20036914700", 0, 0, FYR_IDENTITY_KIND_NATIONAL, "1969-03-20", FYR_SEX_MALE, 0 },
    { "15021951940", 0, 0, FYR_IDENTITY_KIND_NATIONAL, "2019-02-15", FYR_SEX_MALE, 0 },
    { "29020073150", 0, 0, FYR_IDENTITY_KIND_NATIONAL, "2000-02-29", FYR_SEX_MALE, 0 },
    { "70108299914", 0, 0, FYR_IDENTITY_KIND_D_NUMBER, "1982-10-30", FYR_SEX_MALE, 0 },
    { "13116900216", 0, 0, FYR_IDENTITY_KIND_NATIONAL, "1969-11-13", FYR_SEX_FEMALE, 0 },
    { "13527248013", 0, 0, FYR_IDENTITY_KIND_H_NUMBER, "1972-12-13", FYR_SEX_FEMALE, 0 },
    { "68467038838", 0, 0, FYR_IDENTITY_KIND_H_NUMBER, "1970-06-28", FYR_SEX_FEMALE, 0 },
    { "24417138435", ALL, 0, FYR_IDENTITY_KIND_H_NUMBER, "1971-01-24", FYR_SEX_FEMALE,
      FYR_SYNTHETIC_AMBIGUOUS },
    { "41774061388", ALL, 0, FYR_IDENTITY_KIND_D_NUMBER, "", FYR_SEX_UNSET, FYR_SYNTHETIC_HEALTH_NETWORK },
    { "41819077302", ALL, 0, FYR_IDENTITY_KIND_D_NUMBER, "", FYR_SEX_UNSET, FYR_SYNTHETIC_TAX },
    { "41819077906", ALL, 0, FYR_IDENTITY_KIND_D_NUMBER, "", FYR_SEX_UNSET, FYR_SYNTHETIC_TAX },
    { "30108299939", FYR_IDENTITY_ACCEPT_2032, 0, FYR_IDENTITY_KIND_NATIONAL, "", FYR_SEX_UNSET, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrIdentityNumber number;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (fyr_identity_number_parse (cases[i].text, cases[i].flags, &number), ==,
                     cases[i].problem);
    g_assert_cmpint (number.kind, ==, cases[i].kind);
    g_assert_cmpstr (number.birth_date, ==, cases[i].birth_date);
    g_assert_cmpint (number.sex, ==, cases[i].sex);
    g_assert_cmpint (number.synthetic, ==, cases[i].synthetic);
    g_assert_cmpstr (number.digits, ==, cases[i].text);
  }
}

static void
test_each_cause_has_its_problem (void)
{
  static const struct {
    const char *text;
    FyrIdentityFlags flags;
    FyrIdentityProblem problem;
  } cases[] = {
    { NULL, ALL, FYR_IDENTITY_PROBLEM_EMPTY },
    { "", ALL, FYR_IDENTITY_PROBLEM_EMPTY },
    { " - . ", ALL, FYR_IDENTITY_PROBLEM_EMPTY },
    { "2003691470", ALL, FYR_IDENTITY_PROBLEM_LENGTH },
    { "2003691470000", ALL, FYR_IDENTITY_PROBLEM_LENGTH },
    { "20036914700200369147002003691470020036914700", ALL, FYR_IDENTITY_PROBLEM_LENGTH },
    { "2003691470O", ALL, FYR_IDENTITY_PROBLEM_NOT_DIGITS },
    { "٢٠٠٣٦٩١٤٧٠٠", ALL, FYR_IDENTITY_PROBLEM_NOT_DIGITS },
    { "20036914700;DROP", ALL, FYR_IDENTITY_PROBLEM_NOT_DIGITS },
    { "\xff\xfe", ALL, FYR_IDENTITY_PROBLEM_NOT_DIGITS },
    { "00000000000", ALL, FYR_IDENTITY_PROBLEM_DATE },
    { "32010100000", ALL, FYR_IDENTITY_PROBLEM_DATE },
    { "18535547706", ALL, FYR_IDENTITY_PROBLEM_DATE },
    { "41784061882", ALL, FYR_IDENTITY_PROBLEM_DATE },
    { "41934063587", ALL, FYR_IDENTITY_PROBLEM_DATE },
    { "20036914712", ALL, FYR_IDENTITY_PROBLEM_CHECK_DIGIT },
    { "13097248032", ALL, FYR_IDENTITY_PROBLEM_CHECK_DIGIT },
    { "02013299987", ALL, FYR_IDENTITY_PROBLEM_CHECK_DIGIT },
    { "30108299939", 0, FYR_IDENTITY_PROBLEM_RULE_2032 },
    { "41774061388", 0, FYR_IDENTITY_PROBLEM_SYNTHETIC },
    { "123456789012", ALL, FYR_IDENTITY_PROBLEM_DATE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FyrIdentityNumber number;
    static const FyrIdentityNumber empty = { 0 };

    memset (&number, 1, sizeof number);
    g_test_message ("case %u", i);
    g_assert_cmpint (fyr_identity_number_parse (cases[i].text, cases[i].flags, &number), ==,
                     cases[i].problem);
    g_assert_cmpmem (&number, sizeof number, &empty, sizeof empty);
    g_assert_nonnull (fyr_identity_problem_get_message (cases[i].problem));
    g_assert_cmpstr (fyr_identity_problem_to_code (cases[i].problem), !=, "");
  }
  g_assert_null (fyr_identity_problem_get_message (FYR_IDENTITY_PROBLEM_NONE));
  g_assert_null (fyr_identity_problem_get_message ((FyrIdentityProblem)99));
  g_assert_cmpstr (fyr_identity_problem_to_code ((FyrIdentityProblem)-1), ==, "");
}

static void
test_spaces_between_digits_are_ignored (void)
{
  FyrIdentityNumber number;

  g_assert_cmpint (fyr_identity_number_parse (" 200369 14700\n", 0, &number), ==, FYR_IDENTITY_PROBLEM_NONE);
  g_assert_cmpstr (number.digits, ==, "20036914700");
  g_assert_true (is_valid ("20.03.69-14700", 0));
  g_assert_true (is_valid ("200369\xc2\xa0"
                           "14700",
                           0));
}

/* Makes the two check digits; FALSE when the nine digits have none. */
static gboolean
complete (char digits[12], int remainder)
{
  static const int weights_1[] = { 3, 7, 6, 1, 8, 9, 4, 5, 2 };
  static const int weights_2[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 };
  int sum = 0;
  int k;

  for (int i = 0; i < 9; i++) {
    sum += (digits[i] - '0') * weights_1[i];
  }
  k = ((remainder - sum) % 11 + 11) % 11;
  if (k == 10) {
    return FALSE;
  }
  digits[9] = (char)('0' + k);
  sum = 0;
  for (int i = 0; i < 10; i++) {
    sum += (digits[i] - '0') * weights_2[i];
  }
  k = (11 - sum % 11) % 11;
  if (k == 10) {
    return FALSE;
  }
  digits[10] = (char)('0' + k);
  digits[11] = '\0';
  return TRUE;
}

static GRand *
seeded (void)
{
  guint32 seed = (guint32)g_test_rand_int ();

  g_test_message ("seed %u", seed);
  return g_rand_new_with_seed (seed);
}

static int
random_day (GRand *random)
{
  return fyr_civil_day (1900, 1, 1) + g_rand_int_range (random, 0, 36524);
}

static void
write_nine (char digits[12], int day_mark, int month_mark, int day, int individual)
{
  int year;
  int month;
  int mday;

  fyr_civil_date (day, &year, &month, &mday);
  g_snprintf (digits, 12, "%02d%02d%02d%03d", mday + day_mark, month + month_mark, year % 100, individual);
}

static void
test_made_numbers_carry_birth_date_and_sex (void)
{
  g_autoptr (GRand) random = seeded ();

  for (int i = 0; i < 5000; i++) {
    int day = random_day (random);
    int individual = g_rand_int_range (random, 0, 500);
    char digits[12];
    FyrIdentityNumber number;
    g_autofree char *date = fyr_civil_day_format (day);

    write_nine (digits, 0, 0, day, individual);
    if (!complete (digits, 0)) {
      continue;
    }
    g_assert_cmpint (fyr_identity_number_parse (digits, 0, &number), ==, FYR_IDENTITY_PROBLEM_NONE);
    g_assert_cmpstr (number.birth_date, ==, date);
    g_assert_cmpint (number.sex, ==, individual % 2 == 1 ? FYR_SEX_MALE : FYR_SEX_FEMALE);
  }
}

static void
test_any_single_wrong_digit_is_found (void)
{
  g_autoptr (GRand) random = seeded ();

  for (int i = 0; i < 2000; i++) {
    int where = g_rand_int_range (random, 0, 11);
    char digits[12];

    write_nine (digits, 0, 0, random_day (random), g_rand_int_range (random, 0, 500));
    if (!complete (digits, 0)) {
      continue;
    }
    g_assert_true (is_valid (digits, 0));
    digits[where] = (char)('0' + (digits[where] - '0' + g_rand_int_range (random, 1, 10)) % 10);
    g_assert_false (is_valid (digits, 0));
  }
}

static void
test_remainders_of_2032 (void)
{
  g_autoptr (GRand) random = seeded ();

  for (int i = 0; i < 4000; i++) {
    int remainder = g_rand_int_range (random, 0, 11);
    char digits[12];
    FyrIdentityNumber number;

    write_nine (digits, 0, 0, random_day (random), g_rand_int_range (random, 0, 1000));
    if (!complete (digits, remainder)) {
      continue;
    }
    g_assert_cmpint (is_valid (digits, FYR_IDENTITY_ACCEPT_2032), ==, remainder <= 3);
    if (remainder >= 1 && remainder <= 3) {
      g_assert_cmpint (fyr_identity_number_parse (digits, 0, NULL), ==, FYR_IDENTITY_PROBLEM_RULE_2032);
      g_assert_cmpint (fyr_identity_number_parse (digits, FYR_IDENTITY_ACCEPT_2032, &number), ==,
                       FYR_IDENTITY_PROBLEM_NONE);
      g_assert_cmpstr (number.birth_date, ==, "");
      g_assert_cmpint (number.sex, ==, FYR_SEX_UNSET);
    }
  }
}

static void
test_synthetic_series_need_a_test_centre (void)
{
  static const struct {
    int month_mark;
    FyrSyntheticSeries series;
  } marks[] = { { 80, FYR_SYNTHETIC_TAX }, { 65, FYR_SYNTHETIC_HEALTH_NETWORK } };
  g_autoptr (GRand) random = seeded ();

  for (int i = 0; i < 2000; i++) {
    guint mark = i % 2;
    int day_mark = g_rand_boolean (random) ? 40 : 0;
    char digits[12];
    FyrIdentityNumber number;

    write_nine (digits, day_mark, marks[mark].month_mark, random_day (random),
                g_rand_int_range (random, 0, 500));
    if (!complete (digits, 0)) {
      continue;
    }
    g_assert_cmpint (fyr_identity_number_parse (digits, 0, NULL), ==, FYR_IDENTITY_PROBLEM_SYNTHETIC);
    g_assert_cmpint (fyr_identity_number_parse (digits, FYR_IDENTITY_TEST_CENTRE, &number), ==,
                     FYR_IDENTITY_PROBLEM_NONE);
    g_assert_cmpint (number.synthetic, ==, marks[mark].series);
    g_assert_cmpint (number.kind, ==,
                     day_mark == 40 ? FYR_IDENTITY_KIND_D_NUMBER : FYR_IDENTITY_KIND_NATIONAL);
    g_assert_nonnull (fyr_synthetic_series_get_name (number.synthetic));
  }
  g_assert_null (fyr_synthetic_series_get_name (FYR_SYNTHETIC_NONE));
}

static void
test_h_number_is_real_outside_a_test_centre (void)
{
  FyrIdentityNumber number;

  g_assert_cmpint (fyr_identity_number_parse ("13527248013", 0, &number), ==, FYR_IDENTITY_PROBLEM_NONE);
  g_assert_cmpint (number.synthetic, ==, FYR_SYNTHETIC_NONE);
  g_assert_cmpint (fyr_identity_number_parse ("13527248013", FYR_IDENTITY_TEST_CENTRE, &number), ==,
                   FYR_IDENTITY_PROBLEM_NONE);
  g_assert_cmpint (number.synthetic, ==, FYR_SYNTHETIC_AMBIGUOUS);
}

static void
test_fh_numbers_have_no_date (void)
{
  char digits[12] = "812345678";
  FyrIdentityNumber number;

  g_assert_true (complete (digits, 0));
  g_assert_cmpint (fyr_identity_number_parse (digits, 0, &number), ==, FYR_IDENTITY_PROBLEM_NONE);
  g_assert_cmpint (number.kind, ==, FYR_IDENTITY_KIND_FH_NUMBER);
  g_assert_cmpstr (number.birth_date, ==, "");
  g_assert_true (complete (digits, 1));
  g_assert_cmpint (fyr_identity_number_parse (digits, ALL, NULL), ==, FYR_IDENTITY_PROBLEM_CHECK_DIGIT);
}

static void
test_duf_numbers_have_twelve_digits (void)
{
  static const int weights[] = { 4, 6, 3, 2, 4, 6, 3, 2, 7, 5 };
  const char *ten = "2008123456";
  g_autofree char *text = NULL;
  FyrIdentityNumber number;
  int sum = 0;

  for (int i = 0; i < 10; i++) {
    sum += (ten[i] - '0') * weights[i];
  }
  text = g_strdup_printf ("%s%02d", ten, sum % 11);
  g_assert_cmpint (fyr_identity_number_parse (text, 0, &number), ==, FYR_IDENTITY_PROBLEM_NONE);
  g_assert_cmpint (number.kind, ==, FYR_IDENTITY_KIND_DUF_NUMBER);
  g_assert_cmpint (number.rule, ==, FYR_IDENTITY_RULE_NONE);
  g_assert_cmpstr (number.birth_date, ==, "");
  text[9] = text[9] == '9' ? '0' : text[9] + 1;
  g_assert_cmpint (fyr_identity_number_parse (text, 0, NULL), ==, FYR_IDENTITY_PROBLEM_CHECK_DIGIT);
}

static void
test_centuries (void)
{
  static const struct {
    int individual;
    const char *year;
    const char *birth;
  } cases[] = {
    { 0, "00", "1900-06-15" },   { 499, "99", "1999-06-15" }, { 500, "54", "1854-06-15" },
    { 749, "99", "1899-06-15" }, { 500, "39", "2039-06-15" }, { 999, "00", "2000-06-15" },
    { 900, "40", "1940-06-15" }, { 999, "99", "1999-06-15" }, { 600, "45", NULL },
    { 899, "40", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    int individual = cases[i].individual;
    char digits[12];
    FyrIdentityNumber number;

    do {
      g_snprintf (digits, sizeof digits, "1506%s%03d", cases[i].year, individual);
      individual += individual % 100 < 50 ? 1 : -1;
    } while (!complete (digits, 0));
    g_test_message ("%s", digits);
    if (cases[i].birth == NULL) {
      g_assert_cmpint (fyr_identity_number_parse (digits, 0, NULL), ==, FYR_IDENTITY_PROBLEM_CENTURY);
      g_assert_cmpint (fyr_identity_number_parse (digits, FYR_IDENTITY_ACCEPT_2032, &number), ==,
                       FYR_IDENTITY_PROBLEM_NONE);
      g_assert_cmpint (number.rule, ==, FYR_IDENTITY_RULE_2032);
      g_assert_cmpint (number.sex, ==, FYR_SEX_UNSET);
    } else {
      g_assert_cmpint (fyr_identity_number_parse (digits, 0, &number), ==, FYR_IDENTITY_PROBLEM_NONE);
      g_assert_cmpstr (number.birth_date, ==, cases[i].birth);
    }
  }
}

static void
test_2032_rule_comes_into_force_at_new_year_in_norway (void)
{
  gint64 new_year = fyr_oslo_from_civil (fyr_civil_day (2032, 1, 1), 0);

  g_assert_cmpint (fyr_identity_flags_for_time (new_year - 1, FALSE), ==, FYR_IDENTITY_FLAGS_NONE);
  g_assert_cmpint (fyr_identity_flags_for_time (new_year, FALSE), ==, FYR_IDENTITY_ACCEPT_2032);
  g_assert_cmpint (fyr_identity_flags_for_time (0, TRUE), ==, ALL);
}

static void
test_systems_round_trip (void)
{
  g_assert_cmpstr (fyr_identity_kind_get_system (FYR_IDENTITY_KIND_NATIONAL), ==,
                   "urn:oid:2.16.578.1.12.4.1.4.1");
  g_assert_cmpstr (fyr_identity_kind_get_system (FYR_IDENTITY_KIND_D_NUMBER), ==,
                   "urn:oid:2.16.578.1.12.4.1.4.2");
  g_assert_cmpstr (fyr_identity_kind_get_system (FYR_IDENTITY_KIND_FH_NUMBER), ==,
                   "urn:oid:2.16.578.1.12.4.1.4.3");
  g_assert_cmpstr (fyr_identity_kind_get_system (FYR_IDENTITY_KIND_DUF_NUMBER), ==,
                   "urn:oid:2.16.578.1.12.4.1.4.5");
  g_assert_null (fyr_identity_kind_get_system (FYR_IDENTITY_KIND_H_NUMBER));
  for (int kind = 0; kind <= FYR_IDENTITY_KIND_DUF_NUMBER; kind++) {
    const char *system = fyr_identity_kind_get_system ((FyrIdentityKind)kind);

    if (system != NULL) {
      g_assert_cmpint (fyr_identity_kind_from_system (system), ==, kind);
    }
    g_assert_nonnull (fyr_identity_kind_get_name ((FyrIdentityKind)kind));
  }
  g_assert_cmpint (fyr_identity_kind_from_system (NULL), ==, FYR_IDENTITY_KIND_UNKNOWN);
  g_assert_cmpint (fyr_identity_kind_from_system ("urn:oid:1"), ==, FYR_IDENTITY_KIND_UNKNOWN);
  g_assert_nonnull (fyr_identity_kind_get_name ((FyrIdentityKind)77));
}

static void
test_numbers_are_grouped_and_masked (void)
{
  static const struct {
    const char *digits;
    const char *shown;
    const char *masked;
  } cases[] = {
    { "20036914700", "200369 14700", "200369 •••••" },
    { "200812345601", "2008 123456 01", "2008 •••••• ••" },
    { "abc", "abc", "•••••" },
    { "", "", "" },
    { NULL, "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *shown = fyr_identity_number_format (cases[i].digits);
    g_autofree char *masked = fyr_identity_number_mask (cases[i].digits);

    g_assert_cmpstr (shown, ==, cases[i].shown);
    g_assert_cmpstr (masked, ==, cases[i].masked);
  }
}

static void
test_random_bytes_are_never_taken_for_more_than_digits (void)
{
  g_autoptr (GRand) random = seeded ();

  for (int i = 0; i < 20000; i++) {
    char text[40];
    int length = g_rand_int_range (random, 0, 39);
    FyrIdentityNumber number;

    for (int j = 0; j < length; j++) {
      text[j] = (char)g_rand_int_range (random, 1, 256);
    }
    text[length] = '\0';
    if (fyr_identity_number_parse (text, ALL, &number) == FYR_IDENTITY_PROBLEM_NONE) {
      g_assert_cmpuint (strspn (number.digits, "0123456789"), ==, strlen (number.digits));
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/identity/tax-vectors", test_tax_vectors);
  g_test_add_func ("/identity/collected-vectors", test_collected_vectors);
  g_test_add_func ("/identity/kinds", test_kinds);
  g_test_add_func ("/identity/each-cause-has-its-problem", test_each_cause_has_its_problem);
  g_test_add_func ("/identity/spaces-are-ignored", test_spaces_between_digits_are_ignored);
  g_test_add_func ("/identity/birth-date-and-sex", test_made_numbers_carry_birth_date_and_sex);
  g_test_add_func ("/identity/single-wrong-digit-is-found", test_any_single_wrong_digit_is_found);
  g_test_add_func ("/identity/remainders-of-2032", test_remainders_of_2032);
  g_test_add_func ("/identity/synthetic-needs-test-centre", test_synthetic_series_need_a_test_centre);
  g_test_add_func ("/identity/h-number-is-real", test_h_number_is_real_outside_a_test_centre);
  g_test_add_func ("/identity/fh-numbers", test_fh_numbers_have_no_date);
  g_test_add_func ("/identity/duf-numbers", test_duf_numbers_have_twelve_digits);
  g_test_add_func ("/identity/centuries", test_centuries);
  g_test_add_func ("/identity/2032-in-force", test_2032_rule_comes_into_force_at_new_year_in_norway);
  g_test_add_func ("/identity/systems-round-trip", test_systems_round_trip);
  g_test_add_func ("/identity/grouped-and-masked", test_numbers_are_grouped_and_masked);
  g_test_add_func ("/identity/random-bytes", test_random_bytes_are_never_taken_for_more_than_digits);
  return g_test_run ();
}
