/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-domain-test.h"
#include "fyr-measurement-kind.h"

static void
test_numbers (void)
{
  static const struct {
    const char *text;
    double value;
  } cases[] = {
    { "5.6", 5.6 },
    { "5,6", 5.6 },
    { " 94 ", 94 },
    { "0", 0 },
    { "007", 7 },
    { "-1.5", -1.5 },
    { "+1.5", 1.5 },
    { "120", 120 },
    { "0,0001", 1e-4 },
    { "94\n", 94 },
    { "123456789012345678901234", 123456789012345678901234.0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    double value = -77;
    FyrAbsentReason reason = FYR_ABSENT_ERROR;

    g_assert_cmpint (fyr_measurement_parse_value (cases[i].text, &value, &reason), ==, FYR_VALUE_NUMBER);
    g_assert_cmpfloat (value, ==, cases[i].value);
    g_assert_cmpint (reason, ==, FYR_ABSENT_NONE);
  }
}

static void
test_sensor_words_are_never_numbers (void)
{
  static const struct {
    const char *text;
    FyrAbsentReason reason;
  } cases[] = {
    { "--", FYR_ABSENT_NOT_MEASURED },
    { "---", FYR_ABSENT_NOT_MEASURED },
    { "-", FYR_ABSENT_NOT_MEASURED },
    { "—", FYR_ABSENT_NOT_MEASURED },
    { "Hi", FYR_ABSENT_ABOVE_RANGE },
    { "HI", FYR_ABSENT_ABOVE_RANGE },
    { "HIGH", FYR_ABSENT_ABOVE_RANGE },
    { "Lo", FYR_ABSENT_BELOW_RANGE },
    { " LO ", FYR_ABSENT_BELOW_RANGE },
    { "low", FYR_ABSENT_BELOW_RANGE },
    { "NaN", FYR_ABSENT_NOT_A_NUMBER },
    { "nan", FYR_ABSENT_NOT_A_NUMBER },
    { "inf", FYR_ABSENT_NOT_A_NUMBER },
    { "-Infinity", FYR_ABSENT_NOT_A_NUMBER },
    { "not computable", FYR_ABSENT_NOT_COMPUTABLE },
    { "Not computable", FYR_ABSENT_NOT_COMPUTABLE },
    { "Err", FYR_ABSENT_ERROR },
    { "E-4", FYR_ABSENT_ERROR },
    { "E4", FYR_ABSENT_ERROR },
    { "Er 3", FYR_ABSENT_ERROR },
    { "ERR12", FYR_ABSENT_ERROR },
    { "n/a", FYR_ABSENT_UNKNOWN },
    { "null", FYR_ABSENT_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    double value = -77;
    FyrAbsentReason reason = FYR_ABSENT_NONE;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (fyr_measurement_parse_value (cases[i].text, &value, &reason), ==, FYR_VALUE_SENSOR_WORD);
    g_assert_cmpfloat (value, ==, 0);
    g_assert_cmpint (reason, ==, cases[i].reason);
    g_assert_nonnull (fyr_absent_reason_get_name (reason));
  }
}

static void
test_what_is_neither_is_refused (void)
{
  static const char *const texts[] = {
    "5.6 mmol/L", "5..6",     "5.",      ".5",    "1.234,5", "1 000", "0x10",
    "1e5",        "5,6,7",    "+",       "+-5",   "--5",     "5-",    "E",
    "Errr",       "e-",       "five",    "½",     "٥",       "5\t6",  "<4",
    ">33.3",      "\xff\xfe", "E-40000", "12:30", "$5",      "5%",    "1234567890123456789012345",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    double value = -77;

    g_assert_cmpint (fyr_measurement_parse_value (texts[i], &value, NULL), ==, FYR_VALUE_INVALID);
    g_assert_cmpfloat (value, ==, 0);
  }
}

static void
test_nothing_is_empty (void)
{
  static const char *const texts[] = { NULL, "", "   ", "\n\t" };
  double value = -77;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_assert_cmpint (fyr_measurement_parse_value (texts[i], &value, NULL), ==, FYR_VALUE_EMPTY);
    g_assert_cmpfloat (value, ==, 0);
  }
}

static void
test_a_long_text_is_refused_quickly (void)
{
  g_autofree char *digits = g_strnfill (1000000, '9');
  g_autofree char *spaces = g_strnfill (1000000, ' ');
  double value;

  g_assert_cmpint (fyr_measurement_parse_value (digits, &value, NULL), ==, FYR_VALUE_INVALID);
  g_assert_cmpint (fyr_measurement_parse_value (spaces, &value, NULL), ==, FYR_VALUE_INVALID);
}

static void
test_numbers_written_are_read_back (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 20000; i++) {
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    double written = g_rand_int_range (random, -1000000, 1000000) / 1000.0;
    double value;

    g_ascii_formatd (text, sizeof text, "%.3f", written);
    g_assert_cmpint (fyr_measurement_parse_value (text, &value, NULL), ==, FYR_VALUE_NUMBER);
    g_assert_cmpfloat_with_epsilon (value, written, 1e-9);
    *strchr (text, '.') = ',';
    g_assert_cmpint (fyr_measurement_parse_value (text, &value, NULL), ==, FYR_VALUE_NUMBER);
    g_assert_cmpfloat_with_epsilon (value, written, 1e-9);
  }
}

static void
test_random_text_gives_a_value_only_when_it_is_a_number (void)
{
  static const char alphabet[] = "0123456789.,-+eEhiloNa ";
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 50000; i++) {
    char text[9];
    int length = g_rand_int_range (random, 0, 8);
    double value = -77;
    FyrAbsentReason reason;
    FyrValueParse result;

    for (int j = 0; j < length; j++) {
      text[j] = alphabet[g_rand_int_range (random, 0, (int)sizeof alphabet - 1)];
    }
    text[length] = '\0';
    result = fyr_measurement_parse_value (text, &value, &reason);
    g_assert_cmpint (result == FYR_VALUE_SENSOR_WORD, ==, reason != FYR_ABSENT_NONE);
    if (result == FYR_VALUE_NUMBER) {
      g_assert_null (strpbrk (text, "eEhiloNa"));
    } else {
      g_assert_cmpfloat (value, ==, 0);
    }
  }
}

static void
test_reasons_round_trip (void)
{
  for (int i = 0; i <= FYR_ABSENT_ERROR; i++) {
    FyrAbsentReason reason = (FyrAbsentReason)i;

    g_assert_cmpint (fyr_absent_reason_from_code (fyr_absent_reason_to_code (reason)), ==, reason);
    g_assert_cmpint (fyr_absent_reason_get_name (reason) == NULL, ==, reason == FYR_ABSENT_NONE);
  }
  g_assert_cmpint (fyr_absent_reason_from_code (NULL), ==, FYR_ABSENT_NONE);
  g_assert_cmpint (fyr_absent_reason_from_code (""), ==, FYR_ABSENT_NONE);
  g_assert_cmpint (fyr_absent_reason_from_code ("asked-declined"), ==, FYR_ABSENT_UNKNOWN);
  g_assert_cmpstr (fyr_absent_reason_to_code ((FyrAbsentReason)99), ==, "unknown");
  g_assert_null (fyr_absent_reason_get_name ((FyrAbsentReason)99));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value/numbers", test_numbers);
  g_test_add_func ("/value/sensor-words-are-never-numbers", test_sensor_words_are_never_numbers);
  g_test_add_func ("/value/neither-is-refused", test_what_is_neither_is_refused);
  g_test_add_func ("/value/empty", test_nothing_is_empty);
  g_test_add_func ("/value/long-text", test_a_long_text_is_refused_quickly);
  g_test_add_func ("/value/written-and-read", test_numbers_written_are_read_back);
  g_test_add_func ("/value/random-text", test_random_text_gives_a_value_only_when_it_is_a_number);
  g_test_add_func ("/value/reasons", test_reasons_round_trip);
  return g_test_run ();
}
