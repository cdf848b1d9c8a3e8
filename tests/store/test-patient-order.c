/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-asks.h"

/* Where a patient stands in the list by name: family name first and whole, then given name, in Norwegian order. */

typedef FyrStoreFixture Fixture;

/* In order. */
static const char *const families[] = { "Berg", "Berg Hansen", "Berg-Lie", "Berge",    "Bergh", "Bergø",
                                        "Bø",   "Bø Li",       "Li",       "Li Berg",  "Lia",   "O",
                                        "O'Ma", "Oma",         "Van",      "van Berg", "Vand",  "Ødegaard",
                                        "Øy",   "Aaby",        "Åmot",     "Aasland" };
static const char *const givens[] = { "Anne", "Anne Berit", "Anne-Lise", "Annelise", "Kari", "Ola", "Åse" };

typedef struct {
  const char *family_name;
  const char *given_name;
} Name;

static void
feed_names (Fixture *fixture, const Name *names, gsize n)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < n; i++) {
    g_ptr_array_add (records, fyr_test_patient (fixture, names[i].family_name, names[i].given_name));
  }
  fyr_test_feed_all (fixture, records);
}

static char *
list_names (Fixture *fixture, const FyrPatientFilter *filter)
{
  g_autoptr (GPtrArray) items = fyr_test_list_patients (fixture, filter, NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++) {
    g_string_append_printf (names, "%s; ", fyr_patient_item_get_name (items->pdata[i]));
  }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
assert_list (Fixture *fixture, const FyrPatientFilter *filter, const char *expected)
{
  g_autofree char *names = list_names (fixture, filter);

  g_assert_cmpstr (names, ==, expected);
}

static const Name bergs[] = { { "Berg Hansen", "Kari" }, { "Berg", "Ola" },         { "Berge", "Anne" },
                              { "Berg", "Anne" },        { "Berg-Hansen", "Anne" }, { "Berg", "Hans" } };

static void
test_all_of_one_family_name_stand_together (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter up = { 0 };
  const FyrPatientFilter down = { .descending = TRUE };
  const FyrPatientFilter searched = { .text = "berg" };
  const FyrPatientFilter by_zone = { .sort = FYR_PATIENT_SORT_ZONE };
  const FyrPatientFilter second_page = { .offset = 2, .limit = 2 };
  const char *expected =
      "Berg, Anne; Berg, Hans; Berg, Ola; Berg-Hansen, Anne; Berg Hansen, Kari; Berge, Anne; ";

  feed_names (fixture, bergs, G_N_ELEMENTS (bergs));
  assert_list (fixture, &up, expected);
  assert_list (fixture, &searched, expected);
  assert_list (fixture, &by_zone, expected);
  assert_list (fixture, &second_page, "Berg, Ola; Berg-Hansen, Anne; ");
  assert_list (fixture, &down,
               "Berge, Anne; Berg Hansen, Kari; Berg-Hansen, Anne; Berg, Ola; Berg, Hans; Berg, Anne; ");
}

/* A list written by a release that put them otherwise stands in order as soon as it is opened. */
static void
test_a_list_of_an_older_release_is_put_in_order (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter up = { 0 };
  const FyrPatientFilter searched = { .text = "berg" };
  g_autofree char *before = NULL;

  feed_names (fixture, bergs, G_N_ELEMENTS (bergs));
  before = list_names (fixture, &up);
  fyr_store_fixture_change (fixture, "UPDATE patient_index SET sort_name = replace (sort_name, '  ', ' ');"
                                     "UPDATE patient_word SET sort_name = replace (sort_name, '  ', ' ')");
  fyr_store_fixture_reopen (fixture);
  assert_list (fixture, &up,
               "Berg, Anne; Berg, Hans; Berg-Hansen, Anne; Berg Hansen, Kari; Berg, Ola; Berge, Anne; ");
  /* What the steps after it made is made again. */
  fyr_store_fixture_change (fixture, "DROP TABLE emergency; PRAGMA user_version = 5");
  fyr_store_fixture_reopen (fixture);
  assert_list (fixture, &up, before);
  assert_list (fixture, &searched, before);
}

/* Any two people: by family name, and by given name only where that is the same. Pages are pieces of the whole list. */
static void
test_any_register_is_in_order (Fixture *fixture, gconstpointer data)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GArray) chosen = g_array_new (FALSE, FALSE, sizeof (Name));
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) paged = g_string_new (NULL);
  FyrPatientFilter filter = { .limit = 7 };

  g_test_message ("seed %u", seed);
  for (gsize i = 0; i < G_N_ELEMENTS (families) * G_N_ELEMENTS (givens); i++) {
    const Name name = { families[i / G_N_ELEMENTS (givens)], givens[i % G_N_ELEMENTS (givens)] };

    if (g_rand_boolean (rand)) {
      g_array_insert_val (chosen, g_rand_int_range (rand, 0, (gint32)chosen->len + 1), name);
      g_string_append_printf (expected, "%s, %s; ", name.family_name, name.given_name);
    }
  }
  feed_names (fixture, (const Name *)chosen->data, chosen->len);
  for (; filter.offset < chosen->len; filter.offset += filter.limit) {
    g_autofree char *page = list_names (fixture, &filter);

    g_string_append (paged, page);
  }
  g_assert_cmpstr (paged->str, ==, expected->str);
}

#define ADD(name)                                                                                            \
  g_test_add ("/store/patient-order/" #name, Fixture, NULL, fyr_store_fixture_set_up, test_##name,           \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD (all_of_one_family_name_stand_together);
  ADD (a_list_of_an_older_release_is_put_in_order);
  ADD (any_register_is_in_order);
  return g_test_run ();
}
