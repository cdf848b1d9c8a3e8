/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-import-job.h"

#include <glib/gi18n.h>

#include <string.h>

#include "fyr-admin-triage.h"
#include "fyr-record-table.h"
#include "fyr-uuid.h"

#define LOOK_BACK (90 * FYR_DAY_MS) /* the longest a rule looks back */

/* One patient's rows. */
typedef struct {
  char id[37];
  char centre_id[37];
  GPtrArray *rows; /* FyrImportRow, borrowed */
} Person;

typedef struct {
  FyrImportJob *job;
  FyrConnection *connection;
  GHashTable *people; /* word in the file → Person, or NULL for nobody */
} Import;

static void
person_free (Person *person)
{
  if (person != NULL) {
    g_ptr_array_unref (person->rows);
    g_free (person);
  }
}

static FyrStatement *
select_patient (Import *import, const char *word, GError **error)
{
  gboolean by_id = fyr_uuid_is_valid (word);
  FyrStatement *select =
      fyr_connection_prepare (import->connection,
                              by_id ? "SELECT id, centre_id FROM patient WHERE id = ?1"
                                    : "SELECT id, centre_id FROM patient WHERE identity_number = ?1",
                              error);

  if (select != NULL && by_id) {
    fyr_statement_bind_id (select, 1, word);
  } else if (select != NULL) {
    fyr_statement_bind_text (select, 1, word);
  }
  return select;
}

/* Nobody, also when two patients have the number: whose it is, is not guessed. */
static gboolean
find_person (Import *import, const char *word, Person **person, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  Person *found = NULL;
  FyrStep step;

  if (g_hash_table_lookup_extended (import->people, word, NULL, (gpointer *)person)) {
    return TRUE;
  }
  select = select_patient (import, word, error);
  step = select != NULL ? fyr_statement_step (select, error) : FYR_STEP_ERROR;
  if (step == FYR_STEP_ROW) {
    found = g_new0 (Person, 1);
    g_strlcpy (found->id, fyr_statement_get_id (select, 0), sizeof found->id);
    g_strlcpy (found->centre_id, fyr_statement_get_id (select, 1), sizeof found->centre_id);
    found->rows = g_ptr_array_new ();
    step = fyr_statement_step (select, error);
    if (step != FYR_STEP_DONE) {
      g_clear_pointer (&found, person_free);
    }
  }
  if (step == FYR_STEP_ERROR) {
    return FALSE;
  }
  g_hash_table_insert (import->people, g_strdup (word), found);
  *person = found;
  return TRUE;
}

static gboolean
sort_rows (Import *import, GError **error)
{
  FyrImportJob *job = import->job;

  for (guint i = 0; i < job->file->rows->len; i++) {
    FyrImportRow *row = g_ptr_array_index (job->file->rows, i);
    const char *word = row->patient != NULL ? row->patient : job->patient;
    Person *person = NULL;

    if (word == NULL) {
      fyr_import_file_add_fault (job->file, row->line, FALSE, N_ ("there is no patient"));
      continue;
    }
    if (!find_person (import, word, &person, error)) {
      return FALSE;
    }
    if (person == NULL) {
      fyr_import_file_add_fault (job->file, row->line, FALSE, N_ ("no patient has this number"));
    } else if (row->time > import->job->now + FYR_DAY_MS) {
      fyr_import_file_add_fault (job->file, row->line, FALSE, N_ ("the time is in the future"));
    } else {
      g_ptr_array_add (person->rows, row);
    }
  }
  return TRUE;
}

/* The sender's id, or else what the row says: the same row is the same measurement whenever it comes again. */
static char *
make_external_id (Import *import, Person *person, FyrImportRow *row)
{
  const char *source = import->job->source != NULL ? import->job->source : "file";
  g_autofree char *text = NULL;
  g_autofree char *digest = NULL;
  char value[G_ASCII_DTOSTR_BUF_SIZE];
  char value2[G_ASCII_DTOSTR_BUF_SIZE];

  if (row->id != NULL) {
    return g_strdup_printf ("urn:fyrlykt:import:%s|%.120s", source, row->id);
  }
  g_ascii_dtostr (value, sizeof value, row->value);
  g_ascii_dtostr (value2, sizeof value2, row->value2);
  text = g_strdup_printf ("%s|%d|%" G_GINT64_FORMAT "|%s|%s|%s|%s", person->id, (int)row->kind, row->time,
                          value, value2, row->has_value || row->reported == NULL ? "" : row->reported,
                          row->note != NULL ? row->note : "");
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  return g_strdup_printf ("urn:fyrlykt:import|%.40s", digest);
}

static FyrMeasurement *
make_measurement (Import *import, Person *person, FyrImportRow *row, const char *external_id)
{
  FyrMeasurement *measurement = fyr_measurement_new ();
  char id[FYR_UUID_TEXT_SIZE];

  fyr_uuid_v7_new (import->job->now, id);
  fyr_record_set_id (FYR_RECORD (measurement), id);
  fyr_measurement_set_patient_id (measurement, person->id);
  fyr_measurement_set_kind (measurement, row->kind);
  fyr_measurement_set_effective_time (measurement, row->time);
  fyr_measurement_set_received_time (measurement, import->job->now);
  fyr_measurement_set_source (measurement, FYR_MEASUREMENT_SOURCE_IMPORT);
  fyr_measurement_set_external_id (measurement, external_id);
  fyr_measurement_set_note (measurement, row->note);
  if (row->has_offset) {
    fyr_measurement_set_effective_offset (measurement, row->offset);
  }
  if (row->has_value) {
    fyr_measurement_set_value (measurement, row->value);
    fyr_measurement_set_reported_value (measurement, row->unit != NULL ? row->reported : NULL);
    fyr_measurement_set_reported_unit (measurement, row->unit);
  } else {
    fyr_measurement_set_value_text (measurement, row->reported);
    fyr_measurement_set_absent_reason (measurement, fyr_absent_reason_to_code (row->reason));
  }
  if (row->has_value2) {
    fyr_measurement_set_value_2 (measurement, row->value2);
  }
  return measurement;
}

/* 1, 0, or -1 with error. */
static int
is_known (Import *import, Person *person, const char *external_id, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      import->connection, "SELECT 1 FROM external_id WHERE centre = ?1 AND text = ?2", error);
  FyrStep step;

  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_id (select, 1, person->centre_id);
  fyr_statement_bind_text (select, 2, external_id);
  step = fyr_statement_step (select, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

/* New ones, without those that are there already. Sorted with the history around them, oldest first. */
static gboolean
gather_new (Import *import, Person *person, GPtrArray *all, GHashTable *fresh, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < person->rows->len; i++) {
    FyrImportRow *row = g_ptr_array_index (person->rows, i);
    char *external_id = make_external_id (import, person, row);
    FyrMeasurement *measurement;
    int found;

    if (!g_hash_table_add (seen, external_id)) {
      import->job->counts.known++;
      continue;
    }
    found = is_known (import, person, external_id, error);
    if (found < 0) {
      return FALSE;
    }
    if (found > 0) {
      import->job->counts.known++;
      continue;
    }
    measurement = make_measurement (import, person, row, external_id);
    g_ptr_array_add (all, measurement);
    g_hash_table_add (fresh, measurement);
  }
  return TRUE;
}

static gboolean
gather_history (Import *import, Person *person, GPtrArray *all, GError **error)
{
  FyrConnection *connection = import->connection;
  g_autoptr (FyrStatement) select = fyr_record_table_select (
      connection, &fyr_measurement_info, "WHERE patient_id = ?1 AND effective_time BETWEEN ?2 AND ?3", error);
  g_autoptr (GPtrArray) found = NULL;
  gint64 from = G_MAXINT64, to = 0;

  for (guint i = 0; i < person->rows->len; i++) {
    FyrImportRow *row = g_ptr_array_index (person->rows, i);

    from = MIN (from, row->time - LOOK_BACK);
    to = MAX (to, row->time);
  }
  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, person->id);
  fyr_statement_bind_int (select, 2, from);
  fyr_statement_bind_int (select, 3, to);
  found = fyr_record_table_collect (select, &fyr_measurement_info, error);
  if (found == NULL) {
    return FALSE;
  }
  g_ptr_array_extend (all, found, (GCopyFunc)(void (*) (void))g_object_ref, NULL);
  return TRUE;
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = fyr_measurement_get_effective_time (*(FyrMeasurement *const *)a);
  gint64 y = fyr_measurement_get_effective_time (*(FyrMeasurement *const *)b);

  return x < y ? -1 : x > y;
}

static void
raise_alert (Import *import,
             FyrAdminTriage *triage,
             FyrMeasurement *measurement,
             const FyrVerdict *verdict,
             FyrCentre *centre)
{
  gint64 now = import->job->now;
  g_auto (FyrOpeningHours) hours = { 0 };
  g_autoptr (FyrRecord) alert = NULL;
  g_autoptr (FyrRecord) event = FYR_RECORD (fyr_alert_event_new ());
  char id[FYR_UUID_TEXT_SIZE];

  fyr_centre_get_hours (centre, &hours);
  alert = FYR_RECORD (
      fyr_admin_triage_make_alert (triage, measurement, verdict, &hours,
                                   centre != NULL ? (int)fyr_centre_get_red_minutes (centre) : 0, now));
  if (alert == NULL) {
    return;
  }
  fyr_uuid_v7_new (now, id);
  fyr_record_set_id (alert, id);
  fyr_alert_event_set_alert_id ((FyrAlertEvent *)event, id);
  fyr_uuid_v7_new (now, id);
  fyr_record_set_id (event, id);
  fyr_alert_event_set_patient_id ((FyrAlertEvent *)event, fyr_measurement_get_patient_id (measurement));
  fyr_alert_event_set_action ((FyrAlertEvent *)event, FYR_ALERT_ACTION_RAISED);
  fyr_alert_event_set_time ((FyrAlertEvent *)event, now);
  import->job->counts.alerts++;
  g_ptr_array_add (import->job->records, g_steal_pointer (&alert));
  g_ptr_array_add (import->job->records, g_steal_pointer (&event));
}

static void
write_one (Import *import, FyrAdminTriage *triage, FyrMeasurement *measurement, FyrCentre *centre)
{
  FyrImportCounts *counts = &import->job->counts;
  FyrVerdict verdict = fyr_admin_triage_judge (triage, measurement);

  g_ptr_array_add (import->job->records, g_object_ref (measurement));
  counts->imported++;
  counts->words += !fyr_measurement_has_value (measurement);
  counts->implausible += fyr_measurement_get_implausible (measurement);
  counts->outside +=
      verdict.category == FYR_ALERT_CATEGORY_RED || verdict.category == FYR_ALERT_CATEGORY_YELLOW;
  if (import->job->alerts) {
    raise_alert (import, triage, measurement, &verdict, centre);
  }
}

static gboolean
write_person (Import *import, Person *person, GError **error)
{
  FyrConnection *connection = import->connection;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) fresh = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) limits = NULL;
  g_autoptr (FyrAdminTriage) triage = NULL;
  g_autoptr (FyrRecord) centre = NULL;

  if (!gather_new (import, person, all, fresh, error)) {
    return FALSE;
  }
  if (all->len == 0) {
    return TRUE;
  }
  limits = fyr_record_table_list (connection, &fyr_limit_info, FYR_LIMIT_PATIENT_ID, person->id, "valid_from",
                                  error);
  if (limits == NULL || !gather_history (import, person, all, error)) {
    return FALSE;
  }
  triage = fyr_admin_triage_new (limits);
  centre = fyr_record_table_get (connection, &fyr_centre_info, person->centre_id, NULL);
  g_ptr_array_sort (all, compare_times);
  for (guint i = 0; i < all->len; i++) {
    FyrMeasurement *measurement = g_ptr_array_index (all, i);

    if (!g_hash_table_contains (fresh, measurement)) {
      fyr_admin_triage_recall (triage, measurement);
    } else {
      write_one (import, triage, measurement, (FyrCentre *)centre);
    }
  }
  return TRUE;
}

gboolean
fyr_import_run (FyrImportJob *job, FyrConnection *connection, GError **error)
{
  Import import = { .job = job, .connection = connection };
  g_autoptr (GHashTable) people =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)person_free);
  GHashTableIter iter;
  gpointer person;

  import.people = people;
  if (!sort_rows (&import, error)) {
    return FALSE;
  }
  g_hash_table_iter_init (&iter, people);
  while (g_hash_table_iter_next (&iter, NULL, &person)) {
    if (person != NULL && !write_person (&import, person, error)) {
      return FALSE;
    }
  }
  return TRUE;
}
