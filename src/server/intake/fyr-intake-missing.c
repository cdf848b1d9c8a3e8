/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-intake-missing.h"

#include "fyr-intake-store.h"
#include "fyr-missing-report.h"
#include "fyr-oslo-time.h"

#define PATIENTS_A_JOB 100
#define INTERVAL_MS G_GINT64_CONSTANT (900000)
#define FIRST_ID "00000000-0000-0000-0000-000000000000"

struct _FyrIntakeSweep {
  FyrWriter *writer;
  FyrIntakeCache *cache;
  gint64 now;
  gint64 last;
  gboolean running;
  gboolean more;
  char cursor[37];
  char reached[37]; /* the cursor once the part under way is committed */
};

FyrIntakeSweep *
fyr_intake_sweep_new (FyrWriter *writer, FyrIntakeCache *cache)
{
  FyrIntakeSweep *self = g_new0 (FyrIntakeSweep, 1);

  self->writer = writer;
  self->cache = cache;
  return self;
}

void
fyr_intake_sweep_free (FyrIntakeSweep *self)
{
  g_free (self);
}

static gboolean
query_time (FyrWriteContext *context,
            const char *sql,
            const char *patient_id,
            FyrMeasurementKind kind,
            FyrAlertRule rule,
            gint64 *time,
            GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (fyr_write_context_get_connection (context), sql, error);

  if (select == NULL)
    return FALSE;
  fyr_statement_bind_id (select, 1, patient_id);
  fyr_statement_bind_int (select, 2, kind);
  if (rule != FYR_ALERT_RULE_UNSET)
    fyr_statement_bind_int (select, 3, rule);
  if (fyr_statement_step (select, error) != FYR_STEP_ROW)
    return FALSE;
  *time = fyr_statement_is_null (select, 0) ? G_MININT64 : fyr_statement_get_int (select, 0);
  return TRUE;
}

static gboolean
raise_missing (FyrIntakeSweep *self,
               FyrWriteContext *context,
               FyrIntakePatient *patient,
               FyrMeasurementKind kind,
               GError **error)
{
  g_autoptr (FyrAlert) alert = fyr_alert_new ();
  gboolean fine;

  fyr_alert_set_category (alert, FYR_ALERT_CATEGORY_GREEN);
  fyr_alert_set_rule (alert, FYR_ALERT_RULE_MISSING_REPORT);
  fyr_alert_set_kind (alert, kind);
  fyr_intake_cache_begin_own (self->cache);
  fine = fyr_intake_raise (self->cache, context, patient, alert, error);
  fyr_intake_cache_end_own (self->cache);
  return fine;
}

static gboolean
check_kind (FyrIntakeSweep *self,
            FyrWriteContext *context,
            FyrIntakePatient *patient,
            FyrMeasurementKind kind,
            GError **error)
{
  const FyrLimitRule *limits = (const FyrLimitRule *)(gpointer)patient->limits->data;
  gint64 last_report;
  gint64 last_alert;
  gint64 since;

  if (!query_time (context, "SELECT MAX(effective_time) FROM measurement WHERE patient_id = ?1 AND kind = ?2",
                   patient->id, kind, FYR_ALERT_RULE_UNSET, &last_report, error))
    return FALSE;
  if (!fyr_missing_report (limits, patient->limits->len, kind, last_report, self->now, &since))
    return TRUE;
  if (!query_time (context,
                   "SELECT MAX(raised_time) FROM alert WHERE patient_id = ?1 AND kind = ?2 AND rule = ?3",
                   patient->id, kind, FYR_ALERT_RULE_MISSING_REPORT, &last_alert, error))
    return FALSE;
  return last_alert >= since ? TRUE : raise_missing (self, context, patient, kind, error);
}

static gboolean
check_patient (FyrIntakeSweep *self, FyrWriteContext *context, const char *id, GError **error)
{
  FyrIntakePatient *patient = fyr_intake_cache_get_patient (self->cache, context, id, error);
  guint32 kinds = 0;

  if (patient == NULL)
    return error == NULL || *error == NULL;
  for (guint i = 0; i < patient->limits->len; i++) {
    const FyrLimitRule *rule = &g_array_index (patient->limits, FyrLimitRule, i);

    if (rule->expected_days > 0 && fyr_limit_rule_holds_at (rule, rule->kind, self->now))
      kinds |= 1u << rule->kind;
  }
  for (guint kind = 1; kind <= FYR_MEASUREMENT_KIND_LAST; kind++)
    if ((kinds & (1u << kind)) != 0 && !check_kind (self, context, patient, (FyrMeasurementKind)kind, error))
      return FALSE;
  return TRUE;
}

static GPtrArray *
next_patients (FyrIntakeSweep *self, FyrWriteContext *context, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = fyr_connection_prepare (fyr_write_context_get_connection (context),
                                   "SELECT id FROM patient WHERE id > ?1 AND status = ?2"
                                   " AND missing_report_alert IS DISTINCT FROM 0 ORDER BY id LIMIT ?3",
                                   error);
  if (select == NULL)
    return NULL;
  fyr_statement_bind_id (select, 1, self->cursor);
  fyr_statement_bind_int (select, 2, FYR_PATIENT_STATUS_ACTIVE);
  fyr_statement_bind_int (select, 3, PATIENTS_A_JOB);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW)
    g_ptr_array_add (ids, g_strdup (fyr_statement_get_id (select, 0)));
  return step == FYR_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

static gboolean
run_part (FyrWriteContext *context, gpointer data, GError **error)
{
  FyrIntakeSweep *self = data;
  g_autoptr (GPtrArray) ids = next_patients (self, context, error);

  self->more = FALSE;
  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++) {
    g_autoptr (GError) failure = NULL;

    if (!check_patient (self, context, ids->pdata[i], &failure)) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    g_strlcpy (self->reached, ids->pdata[i], sizeof self->reached);
  }
  self->more = ids->len == PATIENTS_A_JOB;
  return TRUE;
}

static void
part_done (gpointer data, const GError *error)
{
  FyrIntakeSweep *self = data;

  self->running = FALSE;
  if (error != NULL)
    g_message ("missing reports: stopped, domain %s code %d", g_quark_to_string (error->domain), error->code);
  else if (self->more && g_strlcpy (self->cursor, self->reached, sizeof self->cursor) > 0 &&
           !fyr_writer_is_broken (self->writer)) {
    self->running = TRUE;
    fyr_writer_submit (self->writer, run_part, self, part_done, NULL);
  }
}

void
fyr_intake_sweep_run (FyrIntakeSweep *self, gint64 now)
{
  gboolean new_day = fyr_oslo_day_start (now, 0) != fyr_oslo_day_start (self->last, 0);

  if (self->running || (!new_day && now - self->last < INTERVAL_MS && now >= self->last))
    return;
  self->running = TRUE;
  self->now = now;
  self->last = now;
  g_strlcpy (self->cursor, FIRST_ID, sizeof self->cursor);
  fyr_writer_submit (self->writer, run_part, self, part_done, NULL);
}
