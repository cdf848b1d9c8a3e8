/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "fyr-fhir-observation.h"
#include "fyr-oslo-time.h"
#include "fyr-sim-crowd.h"
#include "fyr-sim-message.h"

#define START G_GINT64_CONSTANT (1780293600000)

static GPtrArray *
make_targets (guint n)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  GPtrArray *targets;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (words, g_strdup_printf ("urn:oid:2.16.578.1.12.4.1.4.1|%011u", i));
  g_ptr_array_add (words, NULL);
  targets = fyr_sim_targets_load (NULL, (const char *const *)words->pdata, 1, &error);
  g_assert_no_error (error);
  return targets;
}

static void
test_order (void)
{
  g_autoptr (GPtrArray) targets = make_targets (50);
  g_autoptr (FyrSimCrowd) crowd = fyr_sim_crowd_new (targets, START, FYR_SIM_FAULTS);
  gint64 last = 0;
  guint late = 0;

  for (guint i = 0; i < 20000; i++) {
    FyrSimReport report;
    gint64 next = fyr_sim_crowd_peek (crowd);
    guint person = fyr_sim_crowd_next (crowd, &report);

    g_assert_cmpuint (person, <, 50);
    g_assert_cmpint (report.sent, ==, next);
    g_assert_cmpint (report.sent, >=, last);
    last = report.sent;
    late += report.fault == FYR_SIM_FAULT_LATE;
  }
  g_assert_cmpuint (late, >, 50);
}

/* Nobody's report is lost or doubled by the crowd. */
static void
test_complete (void)
{
  g_autoptr (GPtrArray) targets = make_targets (5);
  g_autoptr (FyrSimCrowd) crowd = fyr_sim_crowd_new (targets, START, FYR_SIM_FAULTS);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 end = START + 60 * FYR_DAY_MS;
  guint expected = 0;

  while (fyr_sim_crowd_peek (crowd) < end + 2 * FYR_DAY_MS) {
    FyrSimReport report;

    fyr_sim_crowd_next (crowd, &report);
    if (report.taken < end)
      g_hash_table_add (seen, g_strdup_printf ("%s %d", report.identifier, report.sent % 2 == 0));
  }
  for (guint i = 0; i < targets->len; i++) {
    const FyrSimTarget *target = targets->pdata[i];
    g_autoptr (FyrSimPerson) person =
        fyr_sim_person_new (target->profile, target->seed, START, FYR_SIM_FAULTS);
    FyrSimReport report;

    for (fyr_sim_person_next (person, &report); report.taken < end; fyr_sim_person_next (person, &report)) {
      g_autofree char *key = g_strdup_printf ("%s %d", report.identifier, report.sent % 2 == 0);
      g_assert_true (g_hash_table_contains (seen, key));
      expected++;
    }
  }
  g_assert_cmpuint (expected, >, 500);
}

static gboolean
understood (const char *text, gint64 now, FyrObservation *o, FyrJsonDocument **document)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrFhirOutcome) outcome = fyr_fhir_outcome_new ();

  *document = fyr_json_document_parse (text, strlen (text), &fyr_json_limits_fhir, &error);
  g_assert_no_error (error);
  return fyr_fhir_observation_read (*document, fyr_json_document_get_root (*document), NULL, now, o, outcome);
}

/* The server understands each report, and refuses just those in a wrong unit. */
static void
test_messages (void)
{
  g_autoptr (GPtrArray) targets = make_targets (40);
  g_autoptr (FyrSimCrowd) crowd = fyr_sim_crowd_new (targets, START, FYR_SIM_FAULTS);
  guint refused = 0;

  for (guint i = 0; i < 10000; i++) {
    FyrSimReport report;
    guint person = fyr_sim_crowd_next (crowd, &report);
    const FyrSimTarget *target = targets->pdata[person];
    g_autofree char *text = fyr_sim_message_from_report (target, &report, i % 2 == 0 ? "run-" : NULL);
    g_autoptr (FyrJsonDocument) document = NULL;
    FyrObservation o;
    gboolean fine = understood (text, report.sent, &o, &document);

    if (fine != (report.fault != FYR_SIM_FAULT_WRONG_UNIT))
      g_error ("%d: %s", report.fault, text);
    refused += !fine;
    if (!fine)
      continue;
    g_assert_cmpstr (o.subject_value, ==, target->number);
    g_assert_cmpint (o.kind, ==, report.kind);
    g_assert_cmpint (o.effective_time, ==, report.taken);
    g_assert_cmpint (o.has_value, ==, report.has_value);
    g_assert_cmpfloat (o.value, ==, report.has_value ? report.value : 0);
    g_assert_cmpstr (o.value_text, ==, report.word);
    g_assert_cmpint (o.implausible, ==, report.fault == FYR_SIM_FAULT_IMPLAUSIBLE);
    g_assert_nonnull (strstr (o.external_id, report.identifier));
  }
  g_assert_cmpuint (refused, >, 5);
}

static void
test_log_entries (void)
{
  static const char rows[] =
      "10-31-1989\t12:00\t60\t0Hi\n10-31-1989\t18:00\t62\t180\n10-31-1989\t18:00\t33\t009\n";
  g_autoptr (FyrUciLog) log = fyr_uci_log_parse (rows, sizeof rows - 1);
  g_autoptr (GPtrArray) targets = make_targets (1);

  for (guint i = 0; i < 3; i++) {
    const FyrUciEntry *entry = &g_array_index (log->entries, FyrUciEntry, i);
    g_autofree char *text = fyr_sim_message_from_entry (targets->pdata[0], entry, "data-xx", START);
    g_autoptr (FyrJsonDocument) document = NULL;
    FyrObservation o;

    g_assert_true (understood (text, START, &o, &document));
    g_assert_cmpint (o.kind, ==, entry->kind);
    g_assert_cmpint (o.has_value, ==, entry->has_value);
    g_assert_cmpfloat_with_epsilon (o.value, entry->value, 1e-9);
    g_assert_cmpint (o.effective_time, ==, START);
    g_assert_true (g_str_has_prefix (o.external_id, "urn:fyrlykt:sim:replay|data-xx:"));
  }
}

static void
refuse_targets (const char *json)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("fyr-targets-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, json, -1, NULL));
  g_assert_null (fyr_sim_targets_load (path, NULL, 1, &error));
  g_assert_error (error, FYR_SIM_ERROR, FYR_SIM_ERROR_PATIENTS);
  g_assert_null (strstr (error->message, "13116900216"));
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_targets (void)
{
  static const char *const bad_words[] = { "urn:x", "|1", "urn:x|" };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) targets = NULL;
  int fd = g_file_open_tmp ("fyr-targets-XXXXXX", &path, NULL);

  g_assert_true (g_close (fd, NULL));
  g_assert_true (
      g_file_set_contents (path,
                           "{\"patients\":[{\"id\":\"x\",\"identity_system\":\"urn:x\",\"identity_number\":"
                           "\"13116900216\",\"profile\":\"diabetes\"},{\"identity_system\":\"urn:x\","
                           "\"identity_number\":\"2\"}]}",
                           -1, NULL));
  targets = fyr_sim_targets_load (path, NULL, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (targets->len, ==, 2);
  g_assert_cmpint (((FyrSimTarget *)targets->pdata[0])->profile, ==, FYR_SIM_PROFILE_DIABETES);
  g_assert_cmpuint (((FyrSimTarget *)targets->pdata[0])->seed, ==, fyr_sim_seed_for (1, "13116900216"));
  g_assert_cmpint (g_unlink (path), ==, 0);
  refuse_targets ("");
  refuse_targets ("{}");
  refuse_targets ("[]");
  refuse_targets ("[7]");
  refuse_targets ("{\"patients\":7}");
  refuse_targets ("[{\"identity_number\":\"13116900216\"}]");
  refuse_targets ("[{\"identity_system\":7,\"identity_number\":\"13116900216\"}]");
  for (guint i = 0; i < G_N_ELEMENTS (bad_words); i++) {
    const char *words[] = { bad_words[i], NULL };
    g_autoptr (GError) failure = NULL;

    g_assert_null (fyr_sim_targets_load (NULL, words, 1, &failure));
    g_assert_error (failure, FYR_SIM_ERROR, FYR_SIM_ERROR_PATIENTS);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sim/crowd/reports-come-by-the-time-they-are-sent", test_order);
  g_test_add_func ("/sim/crowd/no-report-is-lost", test_complete);
  g_test_add_func ("/sim/message/the-server-understands-each-report", test_messages);
  g_test_add_func ("/sim/message/rows-of-a-log-are-reports", test_log_entries);
  g_test_add_func ("/sim/target/lists-are-read-and-bad-ones-refused", test_targets);
  return g_test_run ();
}
