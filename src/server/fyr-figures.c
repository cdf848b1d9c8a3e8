/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-figures.h"

#include "fyr-json-writer.h"
#include "fyr-session.h"

#define DAYS 30
#define DAY_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
#define MINUTE_MS 60000

typedef struct {
  gint64 raised;
  gint64 closed;
  gint64 open;
  gint64 overdue;
  GArray *to_take;
  GArray *to_close;
} CategoryFigures;

static FyrStatement *
prepare_of_centre (
    FyrConnection *connection, const char *sql, const char *centre_id, gint64 from, gint64 to, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_connection_prepare (connection, sql, error);

  if (statement == NULL) {
    return NULL;
  }
  fyr_statement_bind_id (statement, 1, centre_id);
  if (from != to) {
    fyr_statement_bind_int (statement, 2, from);
    fyr_statement_bind_int (statement, 3, to);
  }
  return g_steal_pointer (&statement);
}

static gboolean
write_patients (FyrConnection *connection, const char *centre_id, FyrJsonWriter *json, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = prepare_of_centre (
      connection, "SELECT coalesce (status, 0), count (*) FROM patient WHERE centre_id = ?1 GROUP BY 1",
      centre_id, 0, 0, error);
  if (select == NULL) {
    return FALSE;
  }
  fyr_json_writer_begin_object (json, "patients");
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    const char *code = fyr_enum_to_code (&fyr_patient_status_info, (guint)fyr_statement_get_int (select, 0));
    fyr_json_writer_int (json, code != NULL && *code != '\0' ? code : "unset",
                         fyr_statement_get_int (select, 1));
  }
  fyr_json_writer_end_object (json);
  return step == FYR_STEP_DONE;
}

static int
compare_int64 (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;

  return (left > right) - (left < right);
}

static void
write_median (FyrJsonWriter *json, const char *name, GArray *values)
{
  if (values->len == 0) {
    fyr_json_writer_null (json, name);
    return;
  }
  g_array_sort (values, compare_int64);
  fyr_json_writer_int (json, name, g_array_index (values, gint64, (values->len - 1) / 2) / MINUTE_MS);
}

static void
add_duration (GArray *values, FyrStatement *row, int column, gint64 since)
{
  if (!fyr_statement_is_null (row, column)) {
    gint64 duration = MAX (fyr_statement_get_int (row, column) - since, 0);
    g_array_append_val (values, duration);
  }
}

static void
count_alert (CategoryFigures *figures, FyrStatement *row, gint64 from, gint64 to)
{
  FyrAlertStatus status = (FyrAlertStatus)fyr_statement_get_int (row, 1);
  gint64 raised = fyr_statement_get_int (row, 2);

  if (raised >= from && raised < to) {
    figures->raised++;
    add_duration (figures->to_take, row, 4, raised);
    add_duration (figures->to_close, row, 5, raised);
  }
  if (status == FYR_ALERT_STATUS_CLOSED) {
    gint64 closed = fyr_statement_get_int (row, 5);
    figures->closed += closed >= from && closed < to;
    return;
  }
  figures->open++;
  figures->overdue += !fyr_statement_is_null (row, 3) && fyr_statement_get_int (row, 3) < to;
}

static void
write_category (FyrJsonWriter *json, guint category, CategoryFigures *figures)
{
  fyr_json_writer_begin_object (json, fyr_enum_to_code (&fyr_alert_category_info, category));
  fyr_json_writer_int (json, "raised", figures->raised);
  fyr_json_writer_int (json, "closed", figures->closed);
  fyr_json_writer_int (json, "open", figures->open);
  fyr_json_writer_int (json, "overdue", figures->overdue);
  write_median (json, "median_minutes_to_take", figures->to_take);
  write_median (json, "median_minutes_to_close", figures->to_close);
  fyr_json_writer_end_object (json);
}

static gboolean
write_alerts (FyrConnection *connection,
              const char *centre_id,
              gint64 from,
              gint64 to,
              FyrJsonWriter *json,
              GError **error)
{
  CategoryFigures figures[FYR_ALERT_CATEGORY_LAST + 1] = { 0 };
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step = FYR_STEP_ERROR;

  for (guint i = 0; i <= FYR_ALERT_CATEGORY_LAST; i++) {
    figures[i].to_take = g_array_new (FALSE, FALSE, sizeof (gint64));
    figures[i].to_close = g_array_new (FALSE, FALSE, sizeof (gint64));
  }
  select =
      prepare_of_centre (connection,
                         "SELECT a.category, a.status, a.raised_time, a.due_time, a.taken_time, a.closed_time"
                         " FROM patient p JOIN alert a ON a.patient_id = p.id WHERE p.centre_id = ?1"
                         " AND ((a.raised_time >= ?2 AND a.raised_time < ?3) OR a.status <> 3"
                         " OR (a.closed_time >= ?2 AND a.closed_time < ?3))",
                         centre_id, from, to, error);
  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    gint64 category = fyr_statement_get_int (select, 0);
    count_alert (&figures[CLAMP (category, 0, FYR_ALERT_CATEGORY_LAST)], select, from, to);
  }
  fyr_json_writer_begin_object (json, "alerts");
  for (guint i = 0; i <= FYR_ALERT_CATEGORY_LAST; i++) {
    if (i > 0) {
      write_category (json, i, &figures[i]);
    }
    g_array_unref (figures[i].to_take);
    g_array_unref (figures[i].to_close);
  }
  fyr_json_writer_end_object (json);
  return step == FYR_STEP_DONE;
}

static gboolean
write_measurements (FyrConnection *connection,
                    const char *centre_id,
                    gint64 from,
                    gint64 to,
                    FyrJsonWriter *json,
                    GError **error)
{
  g_autoptr (FyrStatement) select = NULL;

  select = prepare_of_centre (connection,
                              "SELECT count (*) FROM patient p JOIN measurement m ON m.patient_id = p.id"
                              " WHERE p.centre_id = ?1 AND m.effective_time >= ?2 AND m.effective_time < ?3",
                              centre_id, from, to, error);
  if (select == NULL || fyr_statement_step (select, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  fyr_json_writer_begin_object (json, "measurements");
  fyr_json_writer_int (json, "received", fyr_statement_get_int (select, 0));
  fyr_json_writer_end_object (json);
  return TRUE;
}

gboolean
fyr_figures_write (
    FyrConnection *connection, const char *centre_id, gint64 from, gint64 to, GString *text, GError **error)
{
  FyrJsonWriter json = FYR_JSON_WRITER_INIT (text);

  fyr_json_writer_begin_object (&json, NULL);
  fyr_json_writer_string (&json, "centre", centre_id);
  fyr_json_writer_int (&json, "from", from);
  fyr_json_writer_int (&json, "to", to);
  if (!write_patients (connection, centre_id, &json, error) ||
      !write_alerts (connection, centre_id, from, to, &json, error) ||
      !write_measurements (connection, centre_id, from, to, &json, error)) {
    return FALSE;
  }
  fyr_json_writer_end_object (&json);
  return TRUE;
}

/* The first of the subject's centres that it may count. */
static const char *
find_centre (const FyrSubject *subject)
{
  for (guint i = 0; i < subject->roles->len; i++) {
    const FyrSubjectRole *role = &g_array_index (subject->roles, FyrSubjectRole, i);
    FyrResource resource = { .scope = FYR_SCOPE_CLASS_N, .centre_id = role->centre_id };

    if (fyr_authz (subject, FYR_ACTION_COUNT, &resource, NULL, FYR_PURPOSE_STATISTICS)) {
      return role->centre_id;
    }
  }
  return NULL;
}

static gboolean
run_figures (FyrConnection *connection, FyrReply *reply, gpointer data, GError **error)
{
  gint64 now = g_get_real_time () / 1000;
  g_autoptr (FyrSubject) subject = NULL;
  const char *centre_id;
  FyrSession session;
  int found = fyr_session_find (connection, data, now, &session, error);

  if (found == 0) {
    fyr_reply_fail_unauthenticated (reply);
  }
  if (found <= 0) {
    return found == 0;
  }
  subject = fyr_subject_load (connection, session.user_id, now, error);
  if (subject == NULL || !fyr_subject_narrow (subject, connection, error)) {
    return FALSE;
  }
  centre_id = find_centre (subject);
  if (centre_id == NULL) {
    fyr_reply_fail (reply, 403, "forbidden", "The role does not count");
    return TRUE;
  }
  return fyr_figures_write (connection, centre_id, now - DAYS * DAY_MS, now, reply->body, error);
}

void
fyr_figures_serve (FyrRequest *request, gpointer user_data)
{
  guint8 *token = g_malloc (FYR_TOKEN_HASH_BYTES);

  fyr_request_get_token (request, token);
  fyr_request_read (request, run_figures, token, g_free);
}
