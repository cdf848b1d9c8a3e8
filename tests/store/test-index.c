/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "fyr-migrator.h"
#include "fyr-store-fixture.h"
#include "fyr-store-rows.h"
#include "fyr-text-fold.h"
#include "fyr-transaction.h"
#include "fyr-uuid.h"

/*
 * What is kept beside the rows says the same as a look at all rows: latest values, last reports, counts of alerts, and
 * what a search finds. Random histories, from a printed seed, against the plain way of computing it.
 */

typedef struct {
  FyrConnection *connection;
  FyrChangeSet *changes;
  FyrStoreContext context;
  GRand *rand;
  char patients[4][37];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint32 seed = g_test_rand_int ();

  g_test_message ("seed %u", seed);
  fixture->rand = g_rand_new_with_seed (seed);
  fixture->connection = fyr_connection_open (":memory:", 0, &error);
  g_assert_true (fyr_store_migrate (fixture->connection, &error));
  fixture->changes = fyr_change_set_new ();
  fixture->context = (FyrStoreContext){ .connection = fixture->connection,
                                        .changes = fixture->changes,
                                        .now = FYR_TEST_NOW };
  for (gsize i = 0; i < G_N_ELEMENTS (fixture->patients); i++) {
    fyr_test_new_id (fixture->patients[i]);
  }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->changes);
  fyr_connection_unref (fixture->connection);
  g_rand_free (fixture->rand);
}

static const char *
random_patient (Fixture *fixture)
{
  return fixture->patients[g_rand_int_range (fixture->rand, 0, G_N_ELEMENTS (fixture->patients))];
}

static void
put (Fixture *fixture, gpointer record)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fyr_rows_put (&fixture->context, record, &error));
  g_assert_no_error (error);
}

static void delete (Fixture *fixture, gpointer record)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
      fyr_rows_delete (&fixture->context, fyr_record_get_info (record), fyr_record_get_id (record), &error));
  g_assert_no_error (error);
}

static FyrMeasurement *
random_measurement (Fixture *fixture)
{
  FyrMeasurement *measurement = fyr_measurement_new ();
  char id[37];

  fyr_test_new_id (id);
  fyr_record_set_id (FYR_RECORD (measurement), id);
  fyr_measurement_set_patient_id (measurement, random_patient (fixture));
  fyr_measurement_set_kind (measurement, (FyrMeasurementKind)g_rand_int_range (fixture->rand, 1, 4));
  /* Times of their own, so that the latest is one. */
  fyr_measurement_set_effective_time (measurement, g_rand_int (fixture->rand));
  fyr_measurement_set_value (measurement, g_rand_double (fixture->rand));
  return measurement;
}

static gboolean
is_void (GPtrArray *all, FyrMeasurement *measurement)
{
  const char *id = fyr_record_get_id (FYR_RECORD (measurement));

  if (fyr_measurement_get_entered_in_error (measurement)) {
    return TRUE;
  }
  for (guint i = 0; i < all->len; i++) {
    if (g_strcmp0 (fyr_measurement_get_corrects_id (all->pdata[i]), id) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

/* The plain way: look at all. */
static FyrMeasurement *
find_latest (GPtrArray *all, const char *patient_id, FyrMeasurementKind kind)
{
  FyrMeasurement *latest = NULL;

  for (guint i = 0; i < all->len; i++) {
    FyrMeasurement *one = all->pdata[i];

    if (fyr_measurement_get_kind (one) == kind && !is_void (all, one) &&
        g_str_equal (fyr_measurement_get_patient_id (one), patient_id) &&
        (latest == NULL ||
         fyr_measurement_get_effective_time (one) > fyr_measurement_get_effective_time (latest))) {
      latest = one;
    }
  }
  return latest;
}

static void
assert_latest (Fixture *fixture, GPtrArray *all, const char *patient_id, FyrMeasurementKind kind)
{
  FyrMeasurement *expected = find_latest (all, patient_id, kind);
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (
      fixture->connection, "SELECT measurement_id, time FROM latest WHERE patient_id = ?1 AND kind = ?2",
      NULL);
  FyrStep step;

  fyr_statement_bind_id (statement, 1, patient_id);
  fyr_statement_bind_int (statement, 2, kind);
  step = fyr_statement_step (statement, NULL);
  if (expected == NULL) {
    g_assert_cmpint (step, ==, FYR_STEP_DONE);
    return;
  }
  g_assert_cmpint (step, ==, FYR_STEP_ROW);
  g_assert_cmpstr (fyr_statement_get_id (statement, 0), ==, fyr_record_get_id (FYR_RECORD (expected)));
  g_assert_cmpint (fyr_statement_get_int (statement, 1), ==, fyr_measurement_get_effective_time (expected));
}

static gint64
kept_number (Fixture *fixture, const char *column, const char *patient_id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM patient_index WHERE patient_id = ?1", column);
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (fixture->connection, sql, NULL);

  fyr_statement_bind_id (statement, 1, patient_id);
  return fyr_statement_step (statement, NULL) == FYR_STEP_ROW ? fyr_statement_get_int (statement, 0) : 0;
}

static void
assert_all_latest (Fixture *fixture, GPtrArray *all)
{
  for (gsize p = 0; p < G_N_ELEMENTS (fixture->patients); p++) {
    gint64 last = 0;

    for (int kind = 1; kind < 4; kind++) {
      FyrMeasurement *latest = find_latest (all, fixture->patients[p], (FyrMeasurementKind)kind);

      assert_latest (fixture, all, fixture->patients[p], (FyrMeasurementKind)kind);
      last = latest != NULL ? MAX (last, fyr_measurement_get_effective_time (latest)) : last;
    }
    g_assert_cmpint (kept_number (fixture, "last_report", fixture->patients[p]), ==, last);
  }
}

/* Puts, corrects, withdraws or deletes one. */
static void
change_measurements (Fixture *fixture, GPtrArray *all)
{
  int choice = g_rand_int_range (fixture->rand, 0, 10);
  FyrMeasurement *some =
      all->len > 0 ? all->pdata[g_rand_int_range (fixture->rand, 0, (gint32)all->len)] : NULL;
  FyrMeasurement *made;

  if (choice == 0 && some != NULL) {
    delete (fixture, some);
    g_ptr_array_remove (all, some);
    return;
  }
  made = random_measurement (fixture);
  if (choice <= 3 && some != NULL) {
    fyr_measurement_set_patient_id (made, fyr_measurement_get_patient_id (some));
    fyr_measurement_set_kind (made, fyr_measurement_get_kind (some));
    fyr_measurement_set_corrects_id (made, fyr_record_get_id (FYR_RECORD (some)));
    fyr_measurement_set_entered_in_error (made, choice == 1);
  }
  g_ptr_array_add (all, made);
  put (fixture, made);
}

static void
test_latest_is_the_latest_that_holds (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < 300; i++) {
    change_measurements (fixture, all);
    if (i % 7 == 0) {
      assert_all_latest (fixture, all);
    }
  }
  assert_all_latest (fixture, all);
  while (all->len > 0) {
    delete (fixture, all->pdata[0]);
    g_ptr_array_remove_index (all, 0);
  }
  assert_all_latest (fixture, all);
  g_assert_cmpint (fyr_test_scalar (fixture->connection, "SELECT count(*) FROM latest"), ==, 0);
  g_assert_cmpint (fyr_test_scalar (fixture->connection, "SELECT count(*) FROM voided"), ==, 0);
}

static void
test_order_of_arrival_does_not_matter (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < 60; i++) {
    g_ptr_array_add (all, random_measurement (fixture));
  }
  for (guint i = 1; i < all->len; i += 5) {
    FyrMeasurement *old = all->pdata[i - 1];
    FyrMeasurement *new = all->pdata[i];

    fyr_measurement_set_patient_id (new, fyr_measurement_get_patient_id (old));
    fyr_measurement_set_kind (new, fyr_measurement_get_kind (old));
    fyr_measurement_set_corrects_id (new, fyr_record_get_id (FYR_RECORD (old)));
  }
  for (guint i = all->len; i > 0; i--) {
    put (fixture, all->pdata[i - 1]);
  }
  /* Again, as a page that is applied once more after an epoch. */
  for (guint i = 0; i < all->len; i++) {
    put (fixture, all->pdata[i]);
  }
  assert_all_latest (fixture, all);
}

static void
test_alerts_are_counted_as_they_stand (Fixture *fixture, gconstpointer data)
{
  static const FyrAlertCategory by_rank[] = { FYR_ALERT_CATEGORY_RED,       FYR_ALERT_CATEGORY_YELLOW,
                                              FYR_ALERT_CATEGORY_TECHNICAL, FYR_ALERT_CATEGORY_BLUE,
                                              FYR_ALERT_CATEGORY_GREEN,     FYR_ALERT_CATEGORY_GREY };
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  for (int i = 0; i < 200; i++) {
    FyrStoreFixture names = { 0 };
    FyrAlert *alert;

    g_strlcpy (names.patient, random_patient (fixture), sizeof names.patient);
    alert = i % 3 != 0 || all->len == 0
                ? fyr_test_alert (&names, by_rank[g_rand_int_range (fixture->rand, 0, 6)], 1)
                : g_object_ref (all->pdata[g_rand_int_range (fixture->rand, 0, (gint32)all->len)]);
    fyr_alert_set_status (alert, (FyrAlertStatus)g_rand_int_range (fixture->rand, 1, 4));
    put (fixture, alert);
    if (!g_ptr_array_find (all, alert, NULL)) {
      g_ptr_array_add (all, alert);
    } else {
      g_object_unref (alert);
    }
  }
  for (gsize p = 0; p < G_N_ELEMENTS (fixture->patients); p++) {
    gint64 open = 0;
    gint64 worst = FYR_NO_WORST;

    for (guint i = 0; i < all->len; i++) {
      if (fyr_alert_get_status (all->pdata[i]) == FYR_ALERT_STATUS_CLOSED ||
          !g_str_equal (fyr_alert_get_patient_id (all->pdata[i]), fixture->patients[p])) {
        continue;
      }
      open++;
      for (gint64 rank = 0; rank < 6; rank++) {
        worst = by_rank[rank] == fyr_alert_get_category (all->pdata[i]) ? MIN (worst, rank) : worst;
      }
    }
    g_assert_cmpint (kept_number (fixture, "open_alerts", fixture->patients[p]), ==, open);
    g_assert_cmpint (kept_number (fixture, "worst", fixture->patients[p]), ==, worst);
  }
}

static FyrPatient *
random_person (Fixture *fixture)
{
  static const char *const names[] = { "Berg",    "Ødegård", "Åsen",         "Nordmann-Lie",
                                       "O'Brien", "Å",       "van der Berg", "Zoë",
                                       "Müller",  "Ærlig",   "Đorđević",     "Bjørn Åge" };
  FyrStoreFixture blank = { 0 };
  FyrPatient *patient;

  fyr_test_new_id (blank.centre);
  patient = fyr_test_patient (&blank, names[g_rand_int_range (fixture->rand, 0, G_N_ELEMENTS (names))],
                              names[g_rand_int_range (fixture->rand, 0, G_N_ELEMENTS (names))]);
  if (g_rand_boolean (fixture->rand)) {
    g_autofree char *telephone =
        g_strdup_printf ("+47%08d", g_rand_int_range (fixture->rand, 20000000, 99999999));

    fyr_patient_set_telephone (patient, telephone);
  }
  return patient;
}

static gboolean
is_found (Fixture *fixture, FyrPatient *patient, const char *word)
{
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (
      fixture->connection,
      "SELECT 1 FROM patient_word WHERE patient_id = ?1 AND substr (word, 1, length (?2)) = ?2 LIMIT 1",
      NULL);

  fyr_statement_bind_id (statement, 1, fyr_record_get_id (FYR_RECORD (patient)));
  fyr_statement_bind_text (statement, 2, word);
  return fyr_statement_step (statement, NULL) == FYR_STEP_ROW;
}

/* Whoever is saved is found by the beginning of each of her words, however it is spelled. */
static void
test_everybody_is_found_by_each_beginning (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 100; i++) {
    g_autoptr (FyrPatient) patient = random_person (fixture);
    const char *names[] = { fyr_patient_get_family_name (patient), fyr_patient_get_given_name (patient),
                            fyr_patient_get_telephone (patient) };

    put (fixture, patient);
    for (gsize n = 0; n < G_N_ELEMENTS (names); n++) {
      g_auto (GStrv) words = fyr_patient_search_words (names[n]);

      for (guint w = 0; words[w] != NULL; w++) {
        for (gsize length = 1; length <= strlen (words[w]); length++) {
          g_autofree char *beginning = g_strndup (words[w], length);

          g_assert_true (is_found (fixture, patient, beginning));
        }
      }
    }
  }
}

static void
test_words_follow_the_patient (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrPatient) patient = random_person (fixture);

  fyr_patient_set_family_name (patient, "Gammelnavn");
  put (fixture, patient);
  g_assert_true (is_found (fixture, patient, "gammel"));
  fyr_patient_set_family_name (patient, "Nyttnavn");
  put (fixture, patient);
  g_assert_false (is_found (fixture, patient, "gammel"));
  g_assert_true (is_found (fixture, patient, "nytt"));
  delete (fixture, patient);
  g_assert_cmpint (fyr_test_scalar (fixture->connection, "SELECT count(*) FROM patient_word"), ==, 0);
  g_assert_cmpint (
      fyr_test_scalar (fixture->connection, "SELECT count(*) FROM patient_index WHERE present = 1"), ==, 0);
}

static void
test_typed_text_becomes_words (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *text;
    const char *words;
  } cases[] = {
    { NULL, "" },
    { "", "" },
    { "   ", "" },
    { "Berg", "berg" },
    { "  Åse   Ødegård ", "aase oedegaard" },
    { "Anne-Marie", "anne marie" },
    { "987 65 432", "98765432" },
    { "+47 987 65 432", "98765432" },
    { "0047 98765432", "98765432" },
    { "(987) 65-432", "98765432" },
    { "01015012345", "01015012345" },
    { "+46 70 123", "4670123" },
    { "berg 987", "berg 987" },
    { "+", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) words = fyr_patient_search_words (cases[i].text);
    g_autofree char *joined = g_strjoinv (" ", words);

    if (*cases[i].words != '\0') {
      g_assert_cmpstr (joined, ==, cases[i].words);
    }
  }
}

/* Nothing typed makes a search fail. */
static void
test_any_bytes_may_be_typed (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 2000; i++) {
    char typed[20];
    int length = g_rand_int_range (fixture->rand, 0, 19);
    g_auto (GStrv) words = NULL;

    for (int j = 0; j < length; j++) {
      typed[j] = (char)g_rand_int_range (fixture->rand, 1, 256);
    }
    typed[length] = '\0';
    words = fyr_patient_search_words (typed);
    for (guint w = 0; words[w] != NULL; w++) {
      g_assert_true (g_utf8_validate (words[w], -1, NULL));
      g_assert_cmpuint (strlen (words[w]), >, 0);
    }
  }
}

static void
test_marks_of_changes_are_complete (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FyrMeasurement) measurement = random_measurement (fixture);
  const char *patient_id = fyr_measurement_get_patient_id (measurement);

  put (fixture, measurement);
  g_assert_true (
      fyr_change_set_has (fixture->changes, "measurement", fyr_record_get_id (FYR_RECORD (measurement))));
  g_assert_true (fyr_change_set_has_patient (fixture->changes, patient_id));
  g_clear_object (&fixture->changes);
  fixture->changes = fyr_change_set_new ();
  fixture->context.changes = fixture->changes;
  delete (fixture, measurement);
  g_assert_true (fyr_change_set_has_patient (fixture->changes, patient_id));
  g_clear_object (&fixture->changes);
  fixture->changes = fyr_change_set_new ();
  fixture->context.changes = fixture->changes;
  delete (fixture, measurement);
  g_assert_true (fyr_change_set_is_empty (fixture->changes));
}

#define ADD(name, function) g_test_add ("/store/index/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("latest-is-the-latest-that-holds", test_latest_is_the_latest_that_holds);
  ADD ("order-of-arrival-does-not-matter", test_order_of_arrival_does_not_matter);
  ADD ("alerts-are-counted-as-they-stand", test_alerts_are_counted_as_they_stand);
  ADD ("everybody-is-found-by-each-beginning", test_everybody_is_found_by_each_beginning);
  ADD ("words-follow-the-patient", test_words_follow_the_patient);
  ADD ("typed-text-becomes-words", test_typed_text_becomes_words);
  ADD ("any-bytes-may-be-typed", test_any_bytes_may_be_typed);
  ADD ("marks-of-changes-are-complete", test_marks_of_changes_are_complete);
  return g_test_run ();
}
