/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-app-fixture.h"
#include "fyr-patient-search.h"

static gboolean
is_current (gpointer search)
{
  return fyr_patient_search_get_current (search);
}

static void
add_patients (FyrAppFixture *fixture)
{
  static const char *const names[][2] = { { "Aas", "Olav" }, { "Berg", "Jan" }, { "Ærlig", "Berit" } };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (FyrPatient) patient = fyr_test_patient (&fixture->store, names[i][0], names[i][1]);
    fyr_test_save_ok (&fixture->store, fyr_mutation_new_create (FYR_RECORD (patient), fixture->store.nurse));
  }
}

static char *
names_of (FyrPatientSearch *search)
{
  GListModel *model = fyr_patient_search_get_model (search);
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (FyrPatientItem) item = g_list_model_get_item (model, i);
    g_string_append_printf (names, "%s%s", i > 0 ? "; " : "", fyr_patient_item_get_name (item));
  }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
test_beginnings_of_words_match (FyrAppFixture *fixture, gconstpointer role)
{
  add_patients (fixture);
  g_autoptr (FyrPatientSearch) search = fyr_patient_search_new (fixture->context);
  fyr_patient_search_set_text (search, "ber");
  fyr_app_settle (is_current, search);
  g_autofree char *names = names_of (search);
  g_assert_cmpstr (names, ==, "Berg, Jan; Ærlig, Berit");
  g_assert_cmpuint (fyr_patient_search_get_total (search), ==, 2);
  fyr_patient_search_set_text (search, "ber jan");
  fyr_app_settle (is_current, search);
  g_autofree char *one = names_of (search);
  g_assert_cmpstr (one, ==, "Berg, Jan");
}

static void
note_rows (GListModel *model, guint position, guint removed, guint added, GString *log)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr (FyrPatientItem) item = g_list_model_get_item (model, i);
    g_string_append_printf (log, "%s\n", fyr_patient_item_get_name (item));
  }
}

/* Enter opens the first row: it must never be a row of a question asked before. */
static void
test_an_overtaken_answer_is_dropped (FyrAppFixture *fixture, gconstpointer role)
{
  add_patients (fixture);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (FyrPatientSearch) search = fyr_patient_search_new (fixture->context);
  g_signal_connect (fyr_patient_search_get_model (search), "items-changed", G_CALLBACK (note_rows), log);
  fyr_patient_search_set_text (search, "aas");
  fyr_patient_search_set_text (search, "ærl");
  g_assert_false (fyr_patient_search_get_current (search));
  fyr_app_settle (is_current, search);
  g_autofree char *names = names_of (search);
  g_assert_cmpstr (names, ==, "Ærlig, Berit");
  g_assert_null (strstr (log->str, "Aas"));
}

static void
test_nobody_matches (FyrAppFixture *fixture, gconstpointer role)
{
  add_patients (fixture);
  g_autoptr (FyrPatientSearch) search = fyr_patient_search_new (fixture->context);
  fyr_patient_search_set_text (search, "finnes ikke");
  fyr_app_settle (is_current, search);
  g_assert_true (fyr_patient_search_get_loaded (search));
  g_assert_false (fyr_patient_search_get_failed (search));
  g_assert_cmpuint (fyr_patient_search_get_total (search), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (fyr_patient_search_get_model (search)), ==, 0);
}

static gboolean
has_four (gpointer search)
{
  return fyr_patient_search_get_total (search) >= 4;
}

static void
test_a_new_patient_comes_by_itself (FyrAppFixture *fixture, gconstpointer role)
{
  add_patients (fixture);
  g_autoptr (FyrPatientSearch) search = fyr_patient_search_new (fixture->context);
  fyr_app_settle (is_current, search);
  guint before = fyr_patient_search_get_total (search);
  g_assert_cmpuint (before, >=, 3);
  g_autoptr (FyrPatient) patient = fyr_test_patient (&fixture->store, "Ny", "Pasient");
  fyr_test_save_ok (&fixture->store, fyr_mutation_new_create (FYR_RECORD (patient), fixture->store.nurse));
  fyr_app_settle (has_four, search);
}

static void
count_change (GListModel *model, guint position, guint removed, guint added, guint *count)
{
  (*count)++;
}

static void
count_notify (GObject *item, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static gboolean
has_notified (gpointer count)
{
  return *(guint *)count > 0;
}

/* News of a patient must not take the selection or the focus from who walks through the list. */
static void
test_news_of_a_patient_keep_the_row (FyrAppFixture *fixture, gconstpointer role)
{
  add_patients (fixture);
  g_autoptr (FyrPatientSearch) search = fyr_patient_search_new (fixture->context);
  guint changes = 0, notices = 0, others = 0;
  fyr_app_settle (is_current, search);
  GListModel *model = fyr_patient_search_get_model (search);
  g_autoptr (FyrPatientItem) item = g_list_model_get_item (model, 0);
  g_autoptr (FyrPatientItem) other = g_list_model_get_item (model, 1);
  g_signal_connect (model, "items-changed", G_CALLBACK (count_change), &changes);
  g_signal_connect (item, "notify::patient", G_CALLBACK (count_notify), &notices);
  g_signal_connect (other, "notify::patient", G_CALLBACK (count_notify), &others);
  FyrPatient *patient = fyr_patient_item_get_patient (item);
  g_autoptr (FyrPatient) changed = FYR_PATIENT (fyr_record_copy (FYR_RECORD (patient)));
  fyr_patient_set_telephone (changed, "22334455");
  fyr_test_save_ok (&fixture->store, fyr_mutation_new_update (FYR_RECORD (patient), FYR_RECORD (changed),
                                                              fixture->store.nurse));
  fyr_app_settle (has_notified, &notices);
  g_assert_cmpstr (fyr_patient_get_telephone (fyr_patient_item_get_patient (item)), ==, "22334455");
  g_assert_cmpuint (changes, ==, 0);
  g_assert_cmpuint (others, ==, 0);
}

int
main (int argc, char **argv)
{
  gconstpointer nurse = GUINT_TO_POINTER (FYR_ROLE_NURSE);
  fyr_app_fixture_init (&argc, &argv);
#define ADD(path, function)                                                                                  \
  g_test_add (path, FyrAppFixture, nurse, fyr_app_fixture_set_up, function, fyr_app_fixture_tear_down)
  ADD ("/patient-search/words", test_beginnings_of_words_match);
  ADD ("/patient-search/overtaken", test_an_overtaken_answer_is_dropped);
  ADD ("/patient-search/nobody", test_nobody_matches);
  ADD ("/patient-search/live", test_a_new_patient_comes_by_itself);
  ADD ("/patient-search/same-row", test_news_of_a_patient_keep_the_row);
#undef ADD
  return g_test_run ();
}
