/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-intake-fixture.h"

#include <glib/gstdio.h>

#include "fyr-apply.h"
#include "fyr-db-fixture.h"
#include "fyr-uuid.h"

static gboolean
put_job (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_apply_put (context, data, error);
}

void
intake_fixture_put (IntakeFixture *self, gpointer record)
{
  g_autoptr (GError) error = NULL;

  fyr_writer_run (self->writer, put_job, record, &error);
  g_assert_no_error (error);
}

static void
new_id (char id[37])
{
  fyr_uuid_v7_new (g_get_real_time () / 1000, id);
}

void
intake_fixture_patient (IntakeFixture *self, const char *number, FyrPatientStatus status, char id[37])
{
  g_autoptr (FyrPatient) patient = fyr_patient_new ();

  new_id (id);
  fyr_record_set_id (FYR_RECORD (patient), id);
  fyr_patient_set_centre_id (patient, self->centre_id);
  fyr_patient_set_family_name (patient, "Danser");
  fyr_patient_set_given_name (patient, "Line");
  fyr_patient_set_identity_system (patient, INTAKE_SYSTEM);
  fyr_patient_set_identity_number (patient, number);
  fyr_patient_set_status (patient, status);
  intake_fixture_put (self, patient);
}

FyrLimit *
intake_fixture_limit (IntakeFixture *self, FyrMeasurementKind kind, gint64 valid_from)
{
  FyrLimit *limit = fyr_limit_new ();
  char id[37];

  new_id (id);
  fyr_record_set_id (FYR_RECORD (limit), id);
  fyr_limit_set_patient_id (limit, self->patient_id);
  fyr_limit_set_kind (limit, kind);
  fyr_limit_set_valid_from (limit, valid_from);
  return limit;
}

void
intake_fixture_set_up (IntakeFixture *self, gconstpointer data)
{
  g_autoptr (FyrCentre) centre = fyr_centre_new ();
  g_autofree char *location = NULL;
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("fyr-intake-XXXXXX", &error);
  g_assert_no_error (error);
  location = fyr_test_database_new ();
  self->db = fyr_server_db_open_at (self->directory, location, FYR_SERVER_DB_CREATE, &error);
  g_assert_no_error (error);
  self->writer = fyr_writer_new (self->db);
  self->intake = fyr_intake_new (self->db, self->writer);
  new_id (self->centre_id);
  fyr_record_set_id (FYR_RECORD (centre), self->centre_id);
  fyr_centre_set_name (centre, "Testsenteret");
  intake_fixture_put (self, centre);
  intake_fixture_patient (self, INTAKE_NUMBER, FYR_PATIENT_STATUS_ACTIVE, self->patient_id);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    g_remove (file);
  }
  g_rmdir (path);
}

void
intake_fixture_tear_down (IntakeFixture *self, gconstpointer data)
{
  fyr_writer_free (self->writer);
  fyr_intake_free (self->intake);
  fyr_server_db_unref (self->db);
  remove_folder (self->directory);
  g_free (self->directory);
}

typedef struct {
  const char *sql;
  gint64 value;
} Count;

static gboolean
count_job (FyrWriteContext *context, gpointer data, GError **error)
{
  Count *count = data;
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (fyr_write_context_get_connection (context), count->sql, error);

  if (select == NULL || fyr_statement_step (select, error) != FYR_STEP_ROW)
    return FALSE;
  count->value = fyr_statement_get_int (select, 0);
  return TRUE;
}

gint64
intake_fixture_count (IntakeFixture *self, const char *sql)
{
  Count count = { sql, -1 };
  g_autoptr (GError) error = NULL;

  fyr_writer_run (self->writer, count_job, &count, &error);
  g_assert_no_error (error);
  return count.value;
}

typedef struct {
  gboolean done;
  guint status;
  char *body;
} Answer;

static void
take_answer (const FyrIntakeReply *reply, gpointer data)
{
  Answer *answer = data;

  g_assert_false (answer->done);
  answer->done = TRUE;
  answer->status = reply->status;
  answer->body = g_strndup (reply->body, reply->length);
}

guint
intake_fixture_request (IntakeFixture *self, FyrIntakeRequest request, const char *body, JsonNode **reply)
{
  Answer answer = { 0 };
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new_static (body, strlen (body)) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  request.body = bytes;
  fyr_intake_handle (self->intake, &request, take_answer, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  node = json_from_string (answer.body, &error);
  g_assert_no_error (error);
  g_free (answer.body);
  if (reply != NULL)
    *reply = g_steal_pointer (&node);
  return answer.status;
}

guint
intake_fixture_post (IntakeFixture *self, const char *path, const char *body, JsonNode **reply)
{
  FyrIntakeRequest request = { "POST",          path, "application/fhir+json",
                               self->centre_id, NULL, g_get_real_time () / 1000 };

  return intake_fixture_request (self, request, body, reply);
}

char *
intake_observation (const char *loinc, const char *value, const char *time, const char *extra)
{
  return g_strdup_printf (
      "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"system\":"
      "\"http://loinc.org\",\"code\":\"%s\"}]},\"subject\":{\"identifier\":{\"system\":\"%s\","
      "\"value\":\"%s\"}},\"effectiveDateTime\":\"%s\",%s%s}",
      loinc, INTAKE_SYSTEM, INTAKE_NUMBER, time, value, extra);
}
