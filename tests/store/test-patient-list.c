/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fyr-alert-category.h"
#include "fyr-store-asks.h"
#include "fyr-text-fold.h"

/*
 * The patient list against the plain way: a random register, every order, filter and search, page by page. The seed is
 * printed.
 */

typedef FyrStoreFixture Fixture;

#define N_PATIENTS 40

/* In the order of a Norwegian list. */
static const char *const names[] = { "Abrahamsen", "Çelik",   "Dahl",    "Đorđević", "Éric",
                                     "Lie",        "Łukasik", "Müller",  "Nilsen",   "O'Brien",
                                     "Uthaug",     "Wang",    "Zakaria", "Ærlig",    "Ärlund",
                                     "Ødegård",    "Östberg", "Åsen",    "Åttekant" };

typedef struct {
  char id[37];
  guint family; /* places in names */
  guint given;
  FyrZone zone;
  FyrPatientStatus status;
  gint64 last_report;
  int worst; /* rank; 9: no open alert */
  guint open;
} Person;

typedef struct {
  GRand *rand;
  Person persons[N_PATIENTS];
  GPtrArray *records; /* until they are fed */
} Register;

static void
make_alerts (Fixture *fixture, Register *all, Person *person)
{
  guint n = (guint)g_rand_int_range (all->rand, 0, 3);

  for (guint i = 0; i < n; i++) {
    FyrAlertCategory category =
        (FyrAlertCategory)g_rand_int_range (all->rand, 1, FYR_ALERT_CATEGORY_LAST + 1);
    FyrAlert *alert = fyr_test_alert (fixture, category, 1);
    gboolean closed = g_rand_int_range (all->rand, 0, 3) == 0;

    fyr_alert_set_patient_id (alert, person->id);
    if (closed) {
      fyr_alert_set_status (alert, FYR_ALERT_STATUS_CLOSED);
    } else {
      person->open++;
      person->worst = MIN (person->worst, fyr_alert_category_get_rank (category));
    }
    g_ptr_array_add (all->records, alert);
  }
}

static void
make_person (Fixture *fixture, Register *all, Person *person)
{
  FyrPatient *patient;

  person->family = (guint)g_rand_int_range (all->rand, 0, G_N_ELEMENTS (names));
  person->given = (guint)g_rand_int_range (all->rand, 0, G_N_ELEMENTS (names));
  person->zone = (FyrZone)g_rand_int_range (all->rand, 1, FYR_ZONE_LAST + 1);
  person->status = (FyrPatientStatus)g_rand_int_range (all->rand, 1, FYR_PATIENT_STATUS_LAST + 1);
  person->worst = 9;
  patient = fyr_test_patient (fixture, names[person->family], names[person->given]);
  g_strlcpy (person->id, fyr_record_get_id (FYR_RECORD (patient)), sizeof person->id);
  fyr_patient_set_zone (patient, person->zone);
  fyr_patient_set_status (patient, person->status);
  g_ptr_array_add (all->records, patient);
  if (g_rand_boolean (all->rand)) {
    FyrMeasurement *report = fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, 0, 1);

    person->last_report = FYR_TEST_NOW - g_rand_int_range (all->rand, 0, 5) * 60000;
    fyr_measurement_set_patient_id (report, person->id);
    fyr_measurement_set_effective_time (report, person->last_report);
    g_ptr_array_add (all->records, report);
  }
  make_alerts (fixture, all, person);
}

static void
feed_register (Fixture *fixture, Register *all)
{
  guint32 seed = g_test_rand_int ();

  g_test_message ("seed %u", seed);
  *all = (Register){ .rand = g_rand_new_with_seed (seed),
                     .records = g_ptr_array_new_with_free_func (g_object_unref) };
  for (guint i = 0; i < N_PATIENTS; i++) {
    make_person (fixture, all, &all->persons[i]);
  }
  fyr_test_feed_all (fixture, g_steal_pointer (&all->records));
}

static Person *
find_person (Register *all, const char *id)
{
  for (guint i = 0; i < N_PATIENTS; i++) {
    if (g_str_equal (all->persons[i].id, id)) {
      return &all->persons[i];
    }
  }
  g_assert_not_reached ();
}

static gboolean
is_asked_for (const Person *person, const FyrPatientFilter *filter)
{
  g_autofree char *name = g_strdup_printf ("%s %s", names[person->family], names[person->given]);
  g_autofree char *folded = fyr_text_fold (name);
  g_autofree char *typed = fyr_text_fold (filter->text);

  return (filter->statuses == 0 || (filter->statuses & 1u << person->status) != 0) &&
         (filter->zones == 0 || (filter->zones & 1u << person->zone) != 0) &&
         fyr_text_fold_matches (folded, typed);
}

static gint64
rank_of (const Person *person, FyrPatientSort sort)
{
  switch (sort) {
  case FYR_PATIENT_SORT_ZONE:
    return -(gint64)person->zone;
  case FYR_PATIENT_SORT_LAST_REPORT:
    return person->last_report;
  case FYR_PATIENT_SORT_ALERTS:
    return person->worst;
  case FYR_PATIENT_SORT_NAME:
  default:
    return 0;
  }
}

static int
compare_persons (const Person *a, const Person *b, FyrPatientSort sort)
{
  gint64 left = rank_of (a, sort);
  gint64 right = rank_of (b, sort);

  if (left != right) {
    return left < right ? -1 : 1;
  }
  return a->family != b->family ? (int)a->family - (int)b->family : (int)a->given - (int)b->given;
}

static void
assert_row (Register *all, FyrPatientItem *item, const FyrPatientFilter *filter)
{
  const Person *person = find_person (all, fyr_patient_item_get_id (item));
  FyrAlertCategory worst = fyr_patient_item_get_worst_category (item);

  g_assert_true (is_asked_for (person, filter));
  g_assert_cmpuint (fyr_patient_item_get_open_alerts (item), ==, person->open);
  g_assert_cmpint (fyr_patient_item_get_last_report (item), ==, person->last_report);
  g_assert_true (person->open > 0 ? fyr_alert_category_get_rank (worst) == person->worst
                                  : worst == FYR_ALERT_CATEGORY_UNSET);
}

/* Reads all pages; every row is right, in order, and there once. Returns how many there are. */
static guint
read_pages (Fixture *fixture, Register *all, FyrPatientFilter filter)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const Person *former = NULL;
  guint total = 1;

  for (filter.offset = 0; filter.offset < total; filter.offset += filter.limit) {
    g_autoptr (GPtrArray) page = fyr_test_list_patients (fixture, &filter, &total);

    g_assert_cmpuint (page->len, ==, MIN (filter.limit, total - MIN (total, filter.offset)));
    for (guint i = 0; i < page->len; i++) {
      const Person *person = find_person (all, fyr_patient_item_get_id (page->pdata[i]));

      assert_row (all, page->pdata[i], &filter);
      g_assert_true (g_hash_table_add (seen, (gpointer)person->id));
      if (former != NULL) {
        int order = compare_persons (former, person, filter.sort);

        g_assert_cmpint (filter.descending ? -order : order, <=, 0);
      }
      former = person;
    }
  }
  return g_hash_table_size (seen);
}

static void
assert_pages (Fixture *fixture, Register *all, const FyrPatientFilter *filter)
{
  guint expected = 0;

  for (guint i = 0; i < N_PATIENTS; i++) {
    expected += is_asked_for (&all->persons[i], filter) ? 1 : 0;
  }
  g_assert_cmpuint (read_pages (fixture, all, *filter), ==, expected);
}

static void
test_pages_hold_everybody_once_in_every_order (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = { NULL, "a", "ø", "l", "od", "e n", "mul", "ærl åsen", "q" };
  Register all;

  feed_register (fixture, &all);
  for (gsize t = 0; t < G_N_ELEMENTS (texts); t++) {
    for (int sort = FYR_PATIENT_SORT_NAME; sort <= FYR_PATIENT_SORT_ALERTS; sort++) {
      const FyrPatientFilter filter = {
        .text = texts[t],
        .sort = (FyrPatientSort)sort,
        .descending = g_rand_boolean (all.rand),
        .limit = (guint)g_rand_int_range (all.rand, 1, 13),
        .zones = g_rand_boolean (all.rand) ? 0 : (guint)g_rand_int_range (all.rand, 1, 16),
        .statuses = g_rand_boolean (all.rand) ? 0 : (guint)g_rand_int_range (all.rand, 2, 64),
      };

      assert_pages (fixture, &all, &filter);
    }
  }
  g_rand_free (all.rand);
}

/* The same rows in the same order, whether found by a word all have or without words. */
static void
test_a_search_keeps_the_order_of_the_list (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 12; i++) {
    FyrPatient *patient = fyr_test_patient (fixture, names[(i * 5) % (int)G_N_ELEMENTS (names)], "Felles");

    fyr_patient_set_zone (patient, (FyrZone)(1 + i % 3));
    fyr_test_feed (fixture, patient, 1);
  }
  for (int i = 0; i < 8; i++) {
    FyrPatientFilter filter = { .sort = (FyrPatientSort)(i / 2), .descending = i % 2 != 0 };
    g_autoptr (GPtrArray) listed = fyr_test_list_patients (fixture, &filter, NULL);
    g_autoptr (GPtrArray) found = NULL;

    filter.text = "felles";
    found = fyr_test_list_patients (fixture, &filter, NULL);
    g_assert_cmpuint (listed->len, ==, 12);
    g_assert_cmpuint (found->len, ==, 12);
    for (guint j = 0; j < 12; j++) {
      g_assert_cmpstr (fyr_patient_item_get_id (listed->pdata[j]), ==,
                       fyr_patient_item_get_id (found->pdata[j]));
    }
  }
}

static void
test_a_page_past_the_end_is_empty (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter past = { .offset = 5 };
  const FyrPatientFilter past_found = { .offset = 5, .text = "ola" };
  const FyrPatientFilter *filters[] = { &past, &past_found };

  fyr_test_feed_patient (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++) {
    guint total = 99;
    g_autoptr (GPtrArray) items = fyr_test_list_patients (fixture, filters[i], &total);

    g_assert_cmpuint (items->len, ==, 0);
    g_assert_cmpuint (total, ==, 1);
  }
}

/* "All the rest" is a limit too. */
static void
test_the_greatest_limit_gives_the_rest (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter listed = { .offset = 1, .limit = G_MAXUINT };
  const FyrPatientFilter found = { .offset = 1, .limit = G_MAXUINT, .text = "ola" };
  const FyrPatientFilter *filters[] = { &listed, &found };

  for (int i = 0; i < 3; i++) {
    fyr_test_feed (fixture, fyr_test_patient (fixture, names[i], "Ola"), 1);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++) {
    g_autoptr (GPtrArray) items = fyr_test_list_patients (fixture, filters[i], NULL);

    g_assert_cmpuint (items->len, ==, 2);
    g_assert_cmpstr (fyr_patient_item_get_name (items->pdata[0]), ==, "Çelik, Ola");
  }
}

static void
test_an_empty_register_is_an_empty_list (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter all = { 0 };
  const FyrPatientFilter spaces = { .text = "   " };
  const FyrPatientFilter word = { .text = "ola" };
  const FyrPatientFilter *filters[] = { &all, &spaces, &word };

  /* What is known of a patient who is not here makes no row. */
  fyr_test_feed (fixture, fyr_test_alert (fixture, FYR_ALERT_CATEGORY_RED, 1), 1);
  fyr_test_feed (fixture, fyr_test_measurement (fixture, FYR_MEASUREMENT_KIND_PAIN, 1, 1), 1);
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++) {
    guint total = 99;
    g_autoptr (GPtrArray) items = fyr_test_list_patients (fixture, filters[i], &total);

    g_assert_cmpuint (items->len, ==, 0);
    g_assert_cmpuint (total, ==, 0);
  }
}

/* A patient who goes and comes back is listed with what is still known. */
static void
test_a_patient_who_is_gone_is_neither_listed_nor_found (Fixture *fixture, gconstpointer data)
{
  const FyrPatientFilter all = { 0 };
  const FyrPatientFilter found = { .text = "nordmann" };
  const FyrPatientFilter *filters[] = { &all, &found };

  fyr_test_feed_patient (fixture);
  fyr_test_feed (fixture, fyr_test_alert (fixture, FYR_ALERT_CATEGORY_YELLOW, 1), 1);
  fyr_test_feed_delete (fixture, &fyr_patient_info, fixture->patient);
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++) {
    g_autoptr (GPtrArray) items = fyr_test_list_patients (fixture, filters[i], NULL);

    g_assert_cmpuint (items->len, ==, 0);
  }
  fyr_test_feed_patient (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++) {
    g_autoptr (GPtrArray) items = fyr_test_list_patients (fixture, filters[i], NULL);

    g_assert_cmpuint (items->len, ==, 1);
    g_assert_cmpuint (fyr_patient_item_get_open_alerts (items->pdata[0]), ==, 1);
  }
}

/* Each way a colleague may type a name finds whoever bears it, and nobody else. */
static void
test_names_are_found_however_they_are_typed (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *family;
    const char *typed[6];
  } cases[] = {
    { "Ærlig", { "ærlig", "ÆRLIG", "aerlig", "ärlig", "Æ" } },
    { "Ødegård", { "ødegård", "ØDEGÅRD", "oedegaard", "ödegård", "øde" } },
    { "Åsen", { "åsen", "ÅSEN", "aasen", "A\xcc\x8asen", "å" } },
    { "Łukasik", { "łukasik", "lukasik", "ŁUKA" } },
    { "Đorđević", { "đorđević", "dordevic", "DORD" } },
    { "Groß", { "groß", "gross", "GROSS" } },
    { "Þórsdóttir", { "þórsdóttir", "thorsdottir" } },
    { "D’Angelo", { "d'angelo", "dangelo", "D`Angelo" } },
    { "Berg-Hansen", { "berg hansen", "hansen berg", "berg-hansen", "hansen" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    fyr_test_feed (fixture, fyr_test_patient (fixture, cases[i].family, "Xenia"), 1);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (cases[i].typed) && cases[i].typed[j] != NULL; j++) {
      const FyrPatientFilter filter = { .text = cases[i].typed[j] };
      g_autoptr (GPtrArray) items = fyr_test_list_patients (fixture, &filter, NULL);

      g_assert_cmpuint (items->len, ==, 1);
      g_assert_cmpstr (fyr_patient_get_family_name (fyr_patient_item_get_patient (items->pdata[0])), ==,
                       cases[i].family);
    }
  }
}

#define ADD(name, function)                                                                                  \
  g_test_add ("/store/patient-list/" name, Fixture, NULL, fyr_store_fixture_set_up, function,                \
              fyr_store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("pages-hold-everybody-once-in-every-order", test_pages_hold_everybody_once_in_every_order);
  ADD ("a-search-keeps-the-order-of-the-list", test_a_search_keeps_the_order_of_the_list);
  ADD ("a-page-past-the-end-is-empty", test_a_page_past_the_end_is_empty);
  ADD ("the-greatest-limit-gives-the-rest", test_the_greatest_limit_gives_the_rest);
  ADD ("an-empty-register-is-an-empty-list", test_an_empty_register_is_an_empty_list);
  ADD ("a-patient-who-is-gone-is-neither-listed-nor-found",
       test_a_patient_who_is_gone_is_neither_listed_nor_found);
  ADD ("names-are-found-however-they-are-typed", test_names_are_found_however_they_are_typed);
  return g_test_run ();
}
