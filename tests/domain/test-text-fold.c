/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-text-fold.h"

#include <string.h>

#include "fyr-domain-test.h"

static void
test_names_fold (void)
{
  static const struct {
    const char *text;
    const char *folded;
  } cases[] = {
    { "Åse-Marie Ødegård", "aase marie oedegaard" },
    { "aase marie oedegaard", "aase marie oedegaard" },
    { "ÅSE  MARIE\tØDEGÅRD ", "aase marie oedegaard" },
    { "A\xcc\x8ase", "aase" }, /* A and a ring apart */
    { "Bjørn Ærfugl", "bjoern aerfugl" },
    { "José Müller", "jose muller" },
    { "Göran Sjöström", "goeran sjoestroem" },
    { "Łukasz Żółć", "lukasz zolc" },
    { "O'Brien", "obrien" },
    { "O’Brien", "obrien" },
    { "Ngọc Nguyễn", "ngoc nguyen" },
    { "Đorđe Ðorðe Þór", "dorde dorde thor" },
    { "Straße", "strasse" },
    { "von\xc2\xa0"
      "der Lippe",
      "von der lippe" },
    { "A. B. Olsen", "a b olsen" },
    { "İsmail", "ismail" },
    { "Мария", "мария" },
    { "", "" },
    { "   ", "" },
    { "-", "" },
    { NULL, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *folded = fyr_text_fold (cases[i].text);

    g_assert_cmpstr (folded, ==, cases[i].folded);
  }
}

static void
test_folding_twice_is_folding_once (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 5000; i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    int n = g_rand_int_range (random, 0, 20);
    g_autofree char *once = NULL;
    g_autofree char *twice = NULL;

    for (int j = 0; j < n; j++) {
      gunichar c = (gunichar)g_rand_int_range (random, 0x20, 0x250);

      g_string_append_unichar (text, c);
    }
    once = fyr_text_fold (text->str);
    twice = fyr_text_fold (once);
    g_assert_cmpstr (once, ==, twice);
  }
}

static void
test_bytes_that_are_no_text_do_no_harm (void)
{
  g_autoptr (GRand) random = fyr_test_rand ();

  for (int i = 0; i < 5000; i++) {
    char text[30];
    g_autofree char *folded = NULL;

    for (guint j = 0; j < sizeof text - 1; j++) {
      text[j] = (char)g_rand_int_range (random, 1, 256);
    }
    text[sizeof text - 1] = '\0';
    folded = fyr_text_fold (text);
    g_assert_true (g_utf8_validate (folded, -1, NULL));
    g_assert_false (g_str_has_prefix (folded, " "));
    g_assert_false (g_str_has_suffix (folded, " "));
    g_assert_null (strstr (folded, "  "));
  }
}

static void
test_search_matches_beginnings_of_words_in_any_order (void)
{
  static const struct {
    const char *name;
    const char *query;
    gboolean found;
  } cases[] = {
    { "Åse Marie Ødegård", "ødeg åse", TRUE },
    { "Åse Marie Ødegård", "aase", TRUE },
    { "Åse Marie Ødegård", "Oede mar", TRUE },
    { "Åse Marie Ødegård", "", TRUE },
    { "Åse Marie Ødegård", "degård", FALSE },
    { "Åse Marie Ødegård", "åse åse", FALSE },
    { "Anna Andersen", "a anna", TRUE },
    { "Anna Andersen", "an an", TRUE },
    { "Anna Andersen", "an an an", FALSE },
    { "Anna", "annabel", FALSE },
    { "", "a", FALSE },
    { "Bjørn", "bjorn", FALSE },
    { "Bjørn", "BJØ", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = fyr_text_fold (cases[i].name);
    g_autofree char *query = fyr_text_fold (cases[i].query);

    g_test_message ("case %u", i);
    g_assert_cmpint (fyr_text_fold_matches (name, query), ==, cases[i].found);
  }
}

static void
test_telephones (void)
{
  static const struct {
    const char *text;
    const char *number;
    const char *shown;
  } cases[] = {
    { "98765432", "+4798765432", "987 65 432" },
    { "987 65 432", "+4798765432", "987 65 432" },
    { "+47 98 76 54 32", "+4798765432", "987 65 432" },
    { "0047 98765432", "+4798765432", "987 65 432" },
    { "22 33 44 55", "+4722334455", "22 33 44 55" },
    { "(22) 33-44.55", "+4722334455", "22 33 44 55" },
    { "22\xc2\xa0"
      "33 44 55",
      "+4722334455", "22 33 44 55" },
    { "+46 8 123 456 78", "+46812345678", "+46812345678" },
    { "113", "113", "113" },
    { "116 117", "116117", "116117" },
    { "02800", "02800", "02800" },
    { "41234567", "+4741234567", "412 34 567" },
  };
  static const char *const bad[] = { NULL,           "",
                                     "  ",           "12",
                                     "1234567",      "12345678",
                                     "123456789",    "+47 1234567",
                                     "+47987654321", "98765432x",
                                     "ring meg",     "+",
                                     "++4798765432", "+12345678901234567",
                                     "98+765432",    "+0123456789",
                                     "९८७६५४३२" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *number = fyr_telephone_normalize (cases[i].text);
    g_autofree char *again = fyr_telephone_normalize (number);
    g_autofree char *shown = fyr_telephone_format (number);

    g_assert_cmpstr (number, ==, cases[i].number);
    g_assert_cmpstr (again, ==, number);
    g_assert_cmpstr (shown, ==, cases[i].shown);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_test_message ("bad %u", i);
    g_assert_null (fyr_telephone_normalize (bad[i]));
  }
}

static void
test_telephone_format_leaves_the_unknown_alone (void)
{
  static const char *const texts[] = { "", "abc", "+47abcdefgh", "+479876543" };
  g_autofree char *nothing = fyr_telephone_format (NULL);

  g_assert_cmpstr (nothing, ==, "");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *shown = fyr_telephone_format (texts[i]);

    g_assert_cmpstr (shown, ==, texts[i]);
  }
}

static void
test_a_person_in_a_list_has_her_family_name_first (void)
{
  const struct {
    const char *family;
    const char *given;
    const char *name;
  } cases[] = {
    { "Nordmann", "Ola", "Nordmann, Ola" },
    { "Nordmann", NULL, "Nordmann" },
    { NULL, "Ola", "Ola" },
    { NULL, NULL, "" },
    { "Nordmann", "", "Nordmann" },
    { "", "Ola", "Ola" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = fyr_person_list_name (cases[i].family, cases[i].given);

    g_assert_cmpstr (name, ==, cases[i].name);
  }
}

static void
test_one_person_registered_twice_has_one_key (void)
{
  g_autofree char *a = fyr_person_duplicate_key ("Ødegård", "Åse Marie", "1950-06-15");
  g_autofree char *b = fyr_person_duplicate_key ("ODEGAARD", "Aase", "1950-06-15");
  g_autofree char *c = fyr_person_duplicate_key ("Oedegaard ", "ÅSE", "1950-06-15");
  g_autofree char *d = fyr_person_duplicate_key ("Ødegård", "Åse Marie", "1950-06-16");

  g_assert_cmpstr (a, ==, "oedegaard|aase|1950-06-15");
  g_assert_cmpstr (a, ==, c);
  g_assert_cmpstr (a, !=, b);
  g_assert_cmpstr (a, !=, d);
}

static void
test_without_name_or_date_there_is_no_key (void)
{
  g_assert_null (fyr_person_duplicate_key (NULL, "Åse", "1950-06-15"));
  g_assert_null (fyr_person_duplicate_key ("Ødegård", "", "1950-06-15"));
  g_assert_null (fyr_person_duplicate_key ("Ødegård", "Åse", NULL));
  g_assert_null (fyr_person_duplicate_key ("Ødegård", "Åse", "1950-02-30"));
  g_assert_null (fyr_person_duplicate_key (" - ", "Åse", "1950-06-15"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fold/names", test_names_fold);
  g_test_add_func ("/fold/twice-is-once", test_folding_twice_is_folding_once);
  g_test_add_func ("/fold/no-text", test_bytes_that_are_no_text_do_no_harm);
  g_test_add_func ("/fold/search", test_search_matches_beginnings_of_words_in_any_order);
  g_test_add_func ("/fold/telephones", test_telephones);
  g_test_add_func ("/fold/telephone-format", test_telephone_format_leaves_the_unknown_alone);
  g_test_add_func ("/fold/list-name", test_a_person_in_a_list_has_her_family_name_first);
  g_test_add_func ("/fold/duplicate-key", test_one_person_registered_twice_has_one_key);
  g_test_add_func ("/fold/no-key", test_without_name_or_date_there_is_no_key);
  return g_test_run ();
}
