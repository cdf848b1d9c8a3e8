/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "fyr-admin.h"
#include "fyr-demo.h"
#include "fyr-identity-number.h"
#include "fyr-password.h"
#include "fyr-session.h"

#define MOST_PATIENTS 20000

static int n_patients = 120;
static int n_measurements;
static int seed = 1;
static gboolean as_json;

static const GOptionEntry entries[] = {
  { "patients", 0, 0, G_OPTION_ARG_INT, &n_patients, N_ ("How many patients (120)"), "N" },
  { "measurements", 0, 0, G_OPTION_ARG_INT, &n_measurements,
    N_ ("About how many measurements in all (what six months of the patients' tasks give)"), "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT, &seed, N_ ("The same seed gives the same people (1)"), "N" },
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json,
    N_ ("Print users, patients and gateway token as one JSON object"), NULL },
  { NULL },
};

typedef struct {
  FyrServerDb *db;
  FyrDemo *demo;
  char *password;
  char *hash;
  char *gateway_token;
  JsonArray *patients;
} Job;

static gboolean
make_centre (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;
  FyrGateway gateway = { .id = "" };

  job->demo->context = context;
  if (!fyr_demo_adopt (job->demo, error) || !fyr_demo_make_centre (job->demo, error) ||
      !fyr_demo_make_store (job->demo, error)) {
    return FALSE;
  }
  for (guint i = 0; i < job->demo->users->len; i++) {
    const FyrDemoUser *user = &g_array_index (job->demo->users, FyrDemoUser, i);

    if (!fyr_credential_set (context, user->id, job->hash, error)) {
      return FALSE;
    }
  }
  g_strlcpy (gateway.centre_id, job->demo->centre_id, sizeof gateway.centre_id);
  job->gateway_token = fyr_gateway_create (context, &gateway, "Demonstrasjon", error);
  return job->gateway_token != NULL;
}

static gboolean
make_patient (FyrWriteContext *context, gpointer data, GError **error)
{
  Job *job = data;
  g_autoptr (FyrDemoPatient) patient = NULL;
  JsonObject *object;

  job->demo->context = context;
  patient = fyr_demo_make_patient (job->demo, error);
  if (patient == NULL || !fyr_demo_make_history (job->demo, patient, error)) {
    return FALSE;
  }
  object = json_object_new ();
  json_object_set_string_member (object, "id", patient->id);
  json_object_set_string_member (object, "identity_system",
                                 fyr_identity_kind_get_system (FYR_IDENTITY_KIND_NATIONAL));
  json_object_set_string_member (object, "identity_number", patient->identity_number);
  json_object_set_string_member (object, "profile", fyr_sim_profile_to_code (patient->profile));
  json_array_add_object_element (job->patients, object);
  return TRUE;
}

/* More measurements are a longer history. */
static void
scale (FyrDemo *demo)
{
  if (n_measurements > 0) {
    demo->days = CLAMP ((int)(n_measurements / (n_patients * FYR_DEMO_REPORTS_A_DAY)), 7, 3650);
  }
}

static gboolean
refuse_used (FyrServerDb *db, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      fyr_server_db_get_connection (db), "SELECT 1 FROM patient UNION ALL SELECT 1 FROM gp LIMIT 1", error);
  FyrStep step = select != NULL ? fyr_statement_step (select, error) : FYR_STEP_ERROR;

  if (step == FYR_STEP_ROW) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE,
                 _ ("This database is in use; demonstration data go into a new one"));
  }
  return step == FYR_STEP_DONE;
}

static gboolean
make_all (Job *job, GError **error)
{
  if (!fyr_server_db_write (job->db, make_centre, job, error)) {
    return FALSE;
  }
  for (int i = 0; i < n_patients; i++) {
    if (!fyr_server_db_write (job->db, make_patient, job, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static JsonArray *
list_users (Job *job)
{
  JsonArray *users = json_array_new ();

  for (guint i = 0; i < job->demo->users->len; i++) {
    const FyrDemoUser *user = &g_array_index (job->demo->users, FyrDemoUser, i);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "name", user->user_name);
    json_object_set_string_member (object, "password", job->password);
    json_object_set_string_member (object, "role", fyr_enum_to_code (&fyr_role_info, user->role));
    json_array_add_object_element (users, object);
  }
  return users;
}

static void
print_json (Job *job)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "gateway_token", job->gateway_token);
  json_object_set_array_member (object, "users", list_users (job));
  json_object_set_array_member (object, "patients", json_array_ref (job->patients));
  json_object_set_int_member (object, "measurements", job->demo->n_measurements);
  json_object_set_int_member (object, "alerts", job->demo->n_alerts);
  json_object_set_int_member (object, "open_alerts", job->demo->n_open);
  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  g_print ("%s\n", text);
}

static void
print_text (Job *job)
{
  g_print (_ ("%d patients, %u measurements, %u alerts of which %u are not closed.\nUsers:"), n_patients,
           job->demo->n_measurements, job->demo->n_alerts, job->demo->n_open);
  for (guint i = 0; i < job->demo->users->len; i++) {
    const FyrDemoUser *user = &g_array_index (job->demo->users, FyrDemoUser, i);

    g_print ("%s %s (%s)", i > 0 ? "," : "", user->user_name, fyr_enum_to_code (&fyr_role_info, user->role));
  }
  g_print (_ ("\nPassword of all: %s\nGateway token: %s\n"), job->password, job->gateway_token);
}

static gboolean
demo_data (const char *data, GError **error)
{
  g_autoptr (FyrServerDb) db = NULL;
  g_autoptr (FyrDemo) demo = NULL;
  g_autoptr (JsonArray) patients = json_array_new ();
  g_autofree char *password = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *token = NULL;
  Job job = { .patients = patients };
  gboolean done;

  if (n_patients < 1 || n_patients > MOST_PATIENTS) {
    g_set_error (error, FYR_ADMIN_ERROR, FYR_ADMIN_ERROR_USAGE, _ ("From 1 to %d patients can be made"),
                 MOST_PATIENTS);
    return FALSE;
  }
  db = fyr_server_db_open_at (fyr_admin_get_database () != NULL ? NULL : data, fyr_admin_get_database (),
                              FYR_SERVER_DB_CREATE, error);
  demo = db != NULL ? fyr_demo_new ((guint32)seed, fyr_admin_now (), error) : NULL;
  if (demo == NULL || !refuse_used (db, error)) {
    return FALSE;
  }
  scale (demo);
  password = fyr_admin_new_password ();
  hash = fyr_password_hash (password, error);
  job.db = db;
  job.demo = demo;
  job.password = password;
  job.hash = hash;
  done = hash != NULL && make_all (&job, error);
  token = job.gateway_token;
  if (!done) {
    return FALSE;
  }
  if (as_json) {
    print_json (&job);
  } else {
    print_text (&job);
  }
  return TRUE;
}

int
fyr_admin_demo_data (int argc, char **argv)
{
  const char *data;
  GError *error = NULL;

  if (!fyr_admin_parse (
          "demo-data", NULL,
          _ ("Fills a database with invented people: two organizations, a test centre and a second one,\n"
             "users of every role, GPs, patients with relatives, diagnoses, limits, devices and months of\n"
             "measurements, judged and handled; some alerts are open. Not for a database in use; the server\n"
             "must not run."),
          entries, &argc, &argv, &data)) {
    return FYR_ADMIN_USAGE;
  }
  return demo_data (data, &error) ? FYR_ADMIN_OK : fyr_admin_fail ("demo-data", error);
}
