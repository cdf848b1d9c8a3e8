/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports that are written in one transaction with others: each is judged, stored once and answered as if it had come
 * alone, and what is undone takes nobody else's with it.
 */
#include <string.h>

#include "fyr-apply.h"
#include "fyr-fhir-time.h"
#include "fyr-intake-fixture.h"

#define SPO2 "2708-6"
#define MAX_ASKED 8

/* The writer waits in a job until all that shall come in one transaction has been given. */
typedef struct {
  GMutex mutex;
  GCond cond;
  gboolean held;
  gboolean released;
} Hold;

typedef struct {
  gboolean done;
  guint status;
  JsonNode *reply;
} Asked;

typedef struct {
  IntakeFixture base;
  Hold hold;
  Asked asked[MAX_ASKED];
  guint n_asked;
} Fixture;

static gboolean
hold_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Hold *hold = data;

  g_mutex_lock (&hold->mutex);
  hold->held = TRUE;
  g_cond_broadcast (&hold->cond);
  while (!hold->released)
    g_cond_wait (&hold->cond, &hold->mutex);
  g_mutex_unlock (&hold->mutex);
  return TRUE;
}

static void
hold_writer (Fixture *f)
{
  f->hold.held = f->hold.released = FALSE;
  fyr_writer_submit (f->base.writer, hold_job, &f->hold, NULL, NULL);
  g_mutex_lock (&f->hold.mutex);
  while (!f->hold.held)
    g_cond_wait (&f->hold.cond, &f->hold.mutex);
  g_mutex_unlock (&f->hold.mutex);
}

static void
take_answer (const FyrIntakeReply *reply, gpointer data)
{
  Asked *asked = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strndup (reply->body, reply->length);

  g_assert_false (asked->done);
  asked->done = TRUE;
  asked->status = reply->status;
  asked->reply = json_from_string (text, &error);
  g_assert_no_error (error);
}

static Asked *
ask (Fixture *f, const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  FyrIntakeRequest request = {
    "POST", "/fhir", "application/fhir+json", f->base.centre_id, bytes, g_get_real_time () / 1000
  };
  Asked *asked = &f->asked[f->n_asked++];

  g_assert_cmpuint (f->n_asked, <=, MAX_ASKED);
  fyr_intake_handle (f->base.intake, &request, take_answer, asked);
  return asked;
}

static void
release_and_wait (Fixture *f)
{
  g_mutex_lock (&f->hold.mutex);
  f->hold.released = TRUE;
  g_cond_broadcast (&f->hold.cond);
  g_mutex_unlock (&f->hold.mutex);
  for (guint i = 0; i < f->n_asked; i++)
    while (!f->asked[i].done)
      g_main_context_iteration (NULL, TRUE);
}

/* An oxygen saturation with the identifier @name, @minutes ago. */
static char *
spo2 (const char *name, const char *value, int minutes, const char *status)
{
  g_autofree char *time =
      fyr_fhir_time_format (g_get_real_time () / 60000000 * 60000 - minutes * G_GINT64_CONSTANT (60000), 60);
  g_autofree char *quantity = g_strdup_printf (
      "\"valueQuantity\":{\"value\":%s,\"system\":\"http://unitsofmeasure.org\",\"code\":\"%%\"}", value);
  g_autofree char *extra =
      g_strdup_printf (",\"identifier\":[{\"system\":\"urn:test\",\"value\":\"%s\"}]", name);
  g_autofree char *text = intake_observation (SPO2, quantity, time, extra);
  g_auto (GStrv) parts = g_strsplit (text, "\"final\"", 2);

  return g_strconcat (parts[0], "\"", status, "\"", parts[1], NULL);
}

/* (transfer full) of each after @type. */
static char *
bundle (const char *type, ...)
{
  GString *text = g_string_new (NULL);
  va_list list;
  char *entry;

  g_string_append_printf (text, "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[", type);
  va_start (list, type);
  for (guint i = 0; (entry = va_arg (list, char *)) != NULL; i++) {
    g_string_append_printf (text, "%s{\"resource\":%s}", i > 0 ? "," : "", entry);
    g_free (entry);
  }
  va_end (list);
  g_string_append (text, "]}");
  return g_string_free (text, FALSE);
}

static JsonObject *
response_of (Asked *asked, guint index)
{
  JsonArray *entries = json_object_get_array_member (json_node_get_object (asked->reply), "entry");

  return json_object_get_object_member (json_array_get_object_element (entries, index), "response");
}

static void
assert_status (Asked *asked, guint index, const char *status)
{
  const char *found = json_object_get_string_member (response_of (asked, index), "status");

  g_test_message ("entry %u: %s, shall be %s", index, found, status);
  g_assert_true (g_str_has_prefix (found, status));
}

typedef struct {
  char id[37];
  double value;
  gint64 found;
} Stored;

static gboolean
look_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Stored *stored = data;
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "SELECT count(*) FROM measurement m JOIN external_id e ON e.measurement = m.id "
                              "WHERE m.id = ?1 AND m.value = ?2",
                              error);

  fyr_statement_bind_id (select, 1, stored->id);
  fyr_statement_bind_real (select, 2, stored->value);
  if (fyr_statement_step (select, error) != FYR_STEP_ROW)
    return FALSE;
  stored->found = fyr_statement_get_int (select, 0);
  return TRUE;
}

/* What was answered as made is there under the id that was told. */
static void
assert_stored (Fixture *f, Asked *asked, guint index, double value)
{
  const char *location = json_object_get_string_member (response_of (asked, index), "location");
  Stored stored = { .value = value };
  g_autoptr (GError) error = NULL;

  g_assert_true (g_str_has_prefix (location, "Observation/"));
  g_strlcpy (stored.id, location + strlen ("Observation/"), sizeof stored.id);
  fyr_writer_run (f->base.writer, look_job, &stored, &error);
  g_assert_no_error (error);
  g_assert_cmpint (stored.found, ==, 1);
}

/* Each scope's entries are numbered from 1 to its head. */
static void
assert_dense (Fixture *f)
{
  g_assert_cmpint (intake_fixture_count (&f->base,
                                         "SELECT count(*) FROM scope s WHERE s.head <> (SELECT count(*)"
                                         " FROM feed f WHERE f.scope = s.id) OR s.head <> (SELECT max (seq)"
                                         " FROM feed f WHERE f.scope = s.id)"),
                   ==, 0);
  g_assert_cmpint (intake_fixture_count (
                       &f->base, "SELECT (SELECT count(*) FROM measurement) - (SELECT count(*) FROM feed f"
                                 " JOIN kind k ON k.id = f.kind WHERE k.name = 'measurement')"),
                   ==, 0);
}

static FyrLimit *
limit (Fixture *f, double red_low, double yellow_low)
{
  FyrLimit *made = intake_fixture_limit (&f->base, FYR_MEASUREMENT_KIND_OXYGEN_SATURATION,
                                         g_get_real_time () / 1000 - 5 * G_GINT64_CONSTANT (86400000));

  fyr_limit_set_red_low (made, red_low);
  fyr_limit_set_yellow_low (made, yellow_low);
  return made;
}

static gboolean
put_job (FyrWriteContext *context, gpointer record, GError **error)
{
  return fyr_apply_put (context, record, error);
}

static void
test_the_same_report_twice_in_a_bundle (Fixture *f, gconstpointer data)
{
  g_autofree char *body = bundle ("batch", spo2 ("a", "90", 1, "final"), spo2 ("a", "90", 1, "final"),
                                  spo2 ("a", "70", 1, "final"), spo2 ("b", "91", 2, "final"),
                                  spo2 ("a", "89", 1, "corrected"), NULL);
  Asked *asked = ask (f, body);

  release_and_wait (f);
  assert_status (asked, 0, "201");
  assert_status (asked, 1, "200");
  assert_status (asked, 2, "409");
  assert_status (asked, 3, "201");
  assert_status (asked, 4, "201");
  assert_stored (f, asked, 0, 90);
  assert_stored (f, asked, 1, 90);
  assert_stored (f, asked, 3, 91);
  assert_stored (f, asked, 4, 89);
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM measurement"), ==, 3);
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM voided"), ==, 1);
  assert_dense (f);
}

static void
test_the_same_report_in_two_jobs_of_a_transaction (Fixture *f, gconstpointer data)
{
  g_autofree char *body = bundle ("batch", spo2 ("a", "90", 1, "final"), spo2 ("b", "91", 2, "final"), NULL);
  Asked *first, *second;

  hold_writer (f);
  first = ask (f, body);
  second = ask (f, body);
  release_and_wait (f);
  for (guint i = 0; i < 2; i++) {
    assert_status (first, i, "201");
    assert_status (second, i, "200");
    assert_stored (f, first, i, i == 0 ? 90 : 91);
    assert_stored (f, second, i, i == 0 ? 90 : 91);
  }
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM measurement"), ==, 2);
  assert_dense (f);
}

static void
test_a_limit_changed_between_two_reports (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrLimit) strict = limit (f, 88, 92);
  g_autoptr (FyrLimit) mild = NULL;
  g_autofree char *before = bundle ("batch", spo2 ("a", "85", 2, "final"), NULL);
  g_autofree char *after = bundle ("batch", spo2 ("b", "85", 1, "final"), NULL);

  intake_fixture_put (&f->base, strict);
  mild = FYR_LIMIT (fyr_record_copy (FYR_RECORD (strict)));
  fyr_limit_set_red_low (mild, 70);
  fyr_limit_set_yellow_low (mild, 75);
  hold_writer (f);
  ask (f, before);
  fyr_writer_submit (f->base.writer, put_job, mild, NULL, NULL);
  ask (f, after);
  release_and_wait (f);
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM measurement WHERE category = 1"), ==,
                   1);
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM measurement WHERE category IS NULL"),
                   ==, 1);
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM alert"), ==, 1);
  assert_dense (f);
}

static void
test_an_undone_transaction_takes_nobody_with_it (Fixture *f, gconstpointer data)
{
  g_autoptr (FyrLimit) strict = limit (f, 88, 92);
  g_autofree char *first = bundle ("batch", spo2 ("a", "85", 4, "final"), spo2 ("b", "91", 5, "final"), NULL);
  /* Found while writing: c is the new one's, and then it is not. */
  g_autofree char *undone =
      bundle ("transaction", spo2 ("c", "84", 3, "final"), spo2 ("c", "83", 3, "final"), NULL);
  g_autofree char *last = bundle ("batch", spo2 ("a", "85", 4, "final"), spo2 ("c", "82", 2, "final"), NULL);
  Asked *kept, *refused, *after;

  intake_fixture_put (&f->base, strict);
  hold_writer (f);
  kept = ask (f, first);
  refused = ask (f, undone);
  after = ask (f, last);
  release_and_wait (f);
  g_assert_cmpuint (refused->status, ==, 409);
  assert_status (kept, 0, "201");
  assert_status (kept, 1, "201");
  assert_status (after, 0, "200");
  assert_status (after, 1, "201");
  assert_stored (f, kept, 0, 85);
  assert_stored (f, kept, 1, 91);
  assert_stored (f, after, 0, 85);
  assert_stored (f, after, 1, 82);
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM measurement"), ==, 3);
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM external_id"), ==, 3);
  /* 85 and 82 are red, 91 is yellow; what was undone raised none. */
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM alert"), ==, 3);
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM alert_event"), ==, 3);
  assert_dense (f);
}

static void
test_voiding_what_is_not_there_takes_no_name (Fixture *f, gconstpointer data)
{
  g_autofree char *body =
      bundle ("batch", spo2 ("a", "90", 1, "entered-in-error"), spo2 ("a", "90", 1, "final"),
              spo2 ("a", "90", 1, "entered-in-error"), NULL);
  Asked *asked = ask (f, body);

  release_and_wait (f);
  assert_status (asked, 0, "422");
  assert_status (asked, 1, "201");
  assert_status (asked, 2, "201");
  assert_stored (f, asked, 1, 90);
  g_assert_cmpint (intake_fixture_count (&f->base, "SELECT count(*) FROM measurement"), ==, 2);
  assert_dense (f);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_mutex_init (&f->hold.mutex);
  g_cond_init (&f->hold.cond);
  intake_fixture_set_up (&f->base, data);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < f->n_asked; i++)
    json_node_unref (f->asked[i].reply);
  intake_fixture_tear_down (&f->base, data);
  g_mutex_clear (&f->hold.mutex);
  g_cond_clear (&f->hold.cond);
}

static void
add (const char *name, void (*func) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/intake/batch/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("the-same-report-twice-in-a-bundle-is-stored-once", test_the_same_report_twice_in_a_bundle);
  add ("the-same-report-in-two-jobs-of-a-transaction-is-stored-once",
       test_the_same_report_in_two_jobs_of_a_transaction);
  add ("a-limit-changed-between-two-reports-holds-for-the-second", test_a_limit_changed_between_two_reports);
  add ("an-undone-transaction-takes-nobody-with-it", test_an_undone_transaction_takes_nobody_with_it);
  add ("voiding-what-is-not-there-takes-no-name", test_voiding_what_is_not_there_takes_no_name);
  return g_test_run ();
}
