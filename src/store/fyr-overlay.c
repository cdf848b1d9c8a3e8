/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-outbox-private.h"
#include "fyr-store-rows.h"
#include "fyr-store-sql.h"

/* What stands in place of a record that the server deleted, and of one that is not ours to see any more. */
#define WORD_DELETED "0"
#define WORD_FORGOTTEN "1"

/* FYR_STEP_ROW when the row is covered by own work; *record is then the server's word, NULL when it has none. */
static FyrStep
get_base (
    FyrStoreContext *context, const FyrRecordInfo *info, const char *id, FyrRecord **record, GError **error)
{
  g_autoptr (FyrStatement) statement = NULL;
  g_autoptr (JsonNode) node = NULL;
  FyrStep step;

  *record = NULL;
  if (fyr_store_is_empty (context, &context->base, "SELECT 1 FROM base LIMIT 1")) {
    return FYR_STEP_DONE;
  }
  statement = fyr_store_query (context, error, "SELECT record FROM base WHERE kind = ?1 AND id = ?2",
                               FYR_TEXT (info->kind), FYR_ID (id));
  if (statement == NULL) {
    return FYR_STEP_ERROR;
  }
  step = fyr_statement_step (statement, error);
  if (step != FYR_STEP_ROW || fyr_statement_is_null (statement, 0) ||
      g_str_equal (fyr_statement_get_text (statement, 0), WORD_DELETED) ||
      g_str_equal (fyr_statement_get_text (statement, 0), WORD_FORGOTTEN)) {
    return step;
  }
  node = json_from_string (fyr_statement_get_text (statement, 0), NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_CORRUPT, "A kept record is damaged");
    return FYR_STEP_ERROR;
  }
  *record = fyr_record_from_json (info, json_node_get_object (node), error);
  return *record != NULL ? FYR_STEP_ROW : FYR_STEP_ERROR;
}

/* Whether the server's word on a covered row is @word. A failure is met by whoever writes next. */
static gboolean
is_word (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, const char *word)
{
  g_autoptr (FyrStatement) statement =
      fyr_store_query (context, NULL, "SELECT 1 FROM base WHERE kind = ?1 AND id = ?2 AND record = ?3",
                       FYR_TEXT (info->kind), FYR_ID (id), FYR_TEXT (word));

  return statement != NULL && fyr_statement_step (statement, NULL) == FYR_STEP_ROW;
}

static gboolean
set_word (
    FyrStoreContext *context, const FyrRecordInfo *info, const char *id, const char *word, GError **error)
{
  return fyr_store_execute (context, error, "UPDATE base SET record = ?3 WHERE kind = ?1 AND id = ?2",
                            FYR_TEXT (info->kind), FYR_ID (id), FYR_TEXT (word));
}

static gboolean
set_base (
    FyrStoreContext *context, const FyrRecordInfo *info, const char *id, FyrRecord *record, GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context,
      "INSERT INTO base VALUES (?1, ?2, ?3) ON CONFLICT (kind, id) DO UPDATE SET record = excluded.record",
      error);

  context->base = FYR_STORE_SOME;
  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (statement, 1, info->kind);
  fyr_statement_bind_id (statement, 2, id);
  if (record != NULL) {
    g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), NULL);
    g_autofree char *text = NULL;

    json_node_take_object (node, fyr_record_to_json (record, G_MAXUINT));
    text = json_to_string (node, FALSE);
    fyr_statement_bind_text (statement, 3, text);
  }
  return fyr_statement_run (statement, error);
}

static gboolean
drop_base (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  return fyr_store_execute (context, error, "DELETE FROM base WHERE kind = ?1 AND id = ?2",
                            FYR_TEXT (info->kind), FYR_ID (id));
}

/* One piece of work on one of its rows. Takes @record over. */
static FyrRecord *
apply_on (FyrMutation *mutation, const FyrRecordInfo *info, FyrRecord *record, const char *patient_id)
{
  if (fyr_mutation_is_alert_command (mutation) && info == &fyr_alert_event_info) {
    return record != NULL || patient_id == NULL ? record : fyr_mutation_make_event (mutation, patient_id);
  }
  return fyr_mutation_apply (mutation, record);
}

/* All work on the row, in order. Takes @record over; gives it back changed. @n_work: how much there was. */
static gboolean
apply_work (FyrStoreContext *context,
            const FyrRecordInfo *info,
            const char *id,
            FyrRecord **record,
            guint *n_work,
            GError **error)
{
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error,
      "SELECT o.payload, s.author_id, o.patient_id FROM effect e JOIN outbox o ON o.key = e.key"
      " JOIN stream s ON s.id = o.stream WHERE e.kind = ?1 AND e.id = ?2 ORDER BY e.key",
      FYR_TEXT (info->kind), FYR_ID (id));
  FyrStep step;

  if (statement == NULL) {
    return FALSE;
  }
  *n_work = 0;
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    g_autoptr (FyrMutation) mutation = fyr_mutation_parse (fyr_statement_get_text (statement, 0),
                                                           fyr_statement_get_id (statement, 1), error);

    if (mutation == NULL) {
      return FALSE;
    }
    *record = apply_on (mutation, info, *record, fyr_statement_get_id (statement, 2));
    (*n_work)++;
  }
  return step == FYR_STEP_DONE;
}

/* Shows a covered row: the server's word with own work on top. */
static gboolean
render (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (FyrRecord) record = NULL;
  FyrStep step = get_base (context, info, id, &record, error);
  guint n_work;

  gboolean deleted;

  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE;
  }
  deleted = record == NULL && is_word (context, info, id, WORD_DELETED);
  if (!apply_work (context, info, id, &record, &n_work, error) ||
      (n_work == 0 && !drop_base (context, info, id, error))) {
    return FALSE;
  }
  /* An id is never used again: work that made what was deleted since has been applied, and is over. */
  if (deleted) {
    g_clear_object (&record);
  }
  return record != NULL ? fyr_rows_put (context, record, error) : fyr_rows_delete (context, info, id, error);
}

gboolean
fyr_overlay_server_put (FyrStoreContext *context, FyrRecord *record, GError **error)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  g_autoptr (FyrRecord) former = NULL;

  switch (get_base (context, info, fyr_record_get_id (record), &former, error)) {
  case FYR_STEP_ROW:
    return set_base (context, info, fyr_record_get_id (record), record, error) &&
           render (context, info, fyr_record_get_id (record), error);
  case FYR_STEP_DONE:
    return fyr_rows_put (context, record, error);
  case FYR_STEP_ERROR:
  default:
    return FALSE;
  }
}

/* Takes the server's word away from a row; own work on it stays. */
static gboolean
take_away (
    FyrStoreContext *context, const FyrRecordInfo *info, const char *id, const char *word, GError **error)
{
  g_autoptr (FyrRecord) former = NULL;

  switch (get_base (context, info, id, &former, error)) {
  case FYR_STEP_ROW:
    return set_word (context, info, id, word, error) && render (context, info, id, error);
  case FYR_STEP_DONE:
    return fyr_rows_delete (context, info, id, error);
  case FYR_STEP_ERROR:
  default:
    return FALSE;
  }
}

gboolean
fyr_overlay_server_delete (FyrStoreContext *context,
                           const FyrRecordInfo *info,
                           const char *id,
                           GError **error)
{
  return take_away (context, info, id, WORD_DELETED, error);
}

gboolean
fyr_overlay_server_forget (FyrStoreContext *context,
                           const FyrRecordInfo *info,
                           const char *id,
                           GError **error)
{
  return take_away (context, info, id, WORD_FORGOTTEN, error);
}

GPtrArray *
fyr_overlay_list_hidden (FyrStoreContext *context, const FyrRecordInfo *info, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT record FROM base b WHERE b.kind = ?1 AND record IS NOT NULL"
                                          " AND NOT EXISTS (SELECT 1 FROM \"%s\" k WHERE k.id = b.id)",
                                          info->kind);
  g_autoptr (FyrStatement) statement = fyr_store_query (context, error, sql, FYR_TEXT (info->kind));
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  while ((step = fyr_statement_step (statement, error)) == FYR_STEP_ROW) {
    g_autoptr (JsonNode) node = json_from_string (fyr_statement_get_text (statement, 0), NULL);
    FyrRecord *record = NULL;

    if (node != NULL && JSON_NODE_HOLDS_OBJECT (node)) {
      record = fyr_record_from_json (info, json_node_get_object (node), NULL);
    }
    if (record != NULL) {
      g_ptr_array_add (records, record);
    }
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&records) : NULL;
}

gboolean
fyr_overlay_show (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  return render (context, info, id, error);
}

int
fyr_overlay_count (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_store_query (context, error, "SELECT count(*) FROM effect WHERE kind = ?1 AND id = ?2",
                       FYR_TEXT (info->kind), FYR_ID (id));

  if (statement == NULL) {
    return -1;
  }
  return fyr_statement_step (statement, error) == FYR_STEP_ROW ? (int)fyr_statement_get_int (statement, 0)
                                                               : -1;
}

static gboolean
insert_effect (
    FyrStoreContext *context, const FyrRecordInfo *info, const char *id, gint64 key, GError **error)
{
  return fyr_store_execute (context, error, "INSERT OR IGNORE INTO effect VALUES (?1, ?2, ?3)",
                            FYR_TEXT (info->kind), FYR_ID (id), FYR_INT (key));
}

/* Keeps the server's word before the first piece of own work covers it. */
static gboolean
cover (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, gint64 key, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FyrRecord) record = NULL;
  FyrStep step = get_base (context, info, id, &record, error);

  if (step == FYR_STEP_ERROR) {
    return FALSE;
  }
  if (step == FYR_STEP_DONE) {
    record = fyr_record_table_get (context->connection, info, id, &local_error);
    if (local_error != NULL) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    if (!set_base (context, info, id, record, error)) {
      return FALSE;
    }
  }
  return insert_effect (context, info, id, key, error) && render (context, info, id, error);
}

/* Who writes the access log does not read it: it covers no row here. */
static gboolean
covers_rows (FyrMutation *mutation)
{
  return mutation->info != &fyr_audit_event_info;
}

gboolean
fyr_overlay_attach (FyrStoreContext *context, gint64 key, FyrMutation *mutation, GError **error)
{
  if (!covers_rows (mutation)) {
    return TRUE;
  }
  if (fyr_mutation_is_alert_command (mutation) &&
      !cover (context, &fyr_alert_event_info, fyr_mutation_get_event_id (mutation), key, error)) {
    return FALSE;
  }
  return cover (context, mutation->info, mutation->record_id, key, error);
}

static gboolean
drop_effects (FyrStoreContext *context, gint64 key, GError **error)
{
  return fyr_store_execute (context, error, "DELETE FROM effect WHERE key = ?1", FYR_INT (key));
}

/* The patient of an alert command's event, for making the event. */
static char *
find_patient (FyrStoreContext *context, gint64 key)
{
  g_autoptr (FyrStatement) statement =
      fyr_store_sql (context, "SELECT patient_id FROM outbox WHERE key = ?1", NULL);

  if (statement == NULL) {
    return NULL;
  }
  fyr_statement_bind_int (statement, 1, key);
  return fyr_statement_step (statement, NULL) == FYR_STEP_ROW ? g_strdup (fyr_statement_get_id (statement, 0))
                                                              : NULL;
}

/* Whether @patient_id is in no feed that is read here, though feeds with patients are: alerts come before them; or
 * though no feed is, for all were taken away. What somebody wrote about a patient who was moved away before the answer
 * came, or before her own access ended, would never be taken away by any feed. */
static gboolean
is_out_of_reach (FyrStoreContext *context, const FyrRecordInfo *info, const char *patient_id)
{
  g_autoptr (FyrStatement) select = NULL;

  if (info == &fyr_patient_info || info->scope_by != FYR_SCOPE_BY_PATIENT || patient_id == NULL) {
    return FALSE;
  }
  select = fyr_store_query (context, NULL,
                            "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM patient WHERE id = ?1)"
                            " AND (NOT EXISTS (SELECT 1 FROM cursor) OR EXISTS (SELECT 1 FROM cursor"
                            " WHERE scope GLOB '*/roster' OR scope GLOB 'patient:*'))",
                            FYR_ID (patient_id));
  return select != NULL && fyr_statement_step (select, NULL) == FYR_STEP_ROW;
}

/* The server applied it and the next pull will bring the record; until then the server's word is taken to be
 * the former one with this work. A word that is as new already is left alone, and so is one that the record is gone:
 * the answer is older. */
static gboolean
fold_into_base (FyrStoreContext *context,
                const FyrRecordInfo *info,
                const char *id,
                gint64 key,
                FyrMutation *mutation,
                gint64 version,
                GError **error)
{
  g_autoptr (FyrRecord) record = NULL;
  g_autofree char *patient_id = find_patient (context, key);
  FyrStep step = get_base (context, info, id, &record, error);
  gint64 before = record != NULL ? fyr_record_get_version (record) : 0;

  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE;
  }
  if ((info == mutation->info && before >= version) ||
      (record == NULL &&
       (is_word (context, info, id, WORD_DELETED) || is_word (context, info, id, WORD_FORGOTTEN) ||
        is_out_of_reach (context, info, patient_id)))) {
    return TRUE;
  }
  record = apply_on (mutation, info, g_steal_pointer (&record), patient_id);
  /* A version in between is another's change that the pull will bring: do not claim to have seen it. */
  if (record != NULL && info == mutation->info && before + 1 == version) {
    fyr_record_set_version (record, version);
  } else if (record != NULL && info != mutation->info && before == 0) {
    fyr_record_set_version (record, 1);
  }
  return set_base (context, info, id, record, error);
}

static gboolean
uncover (FyrStoreContext *context,
         const FyrRecordInfo *info,
         const char *id,
         gint64 key,
         FyrMutation *mutation,
         gint64 applied_version,
         GError **error)
{
  if (applied_version > 0 && !fold_into_base (context, info, id, key, mutation, applied_version, error)) {
    return FALSE;
  }
  return render (context, info, id, error);
}

gboolean
fyr_overlay_detach (
    FyrStoreContext *context, gint64 key, FyrMutation *mutation, gint64 applied_version, GError **error)
{
  if (!covers_rows (mutation)) {
    return TRUE;
  }
  if (!drop_effects (context, key, error)) {
    return FALSE;
  }
  if (fyr_mutation_is_alert_command (mutation) &&
      !uncover (context, &fyr_alert_event_info, fyr_mutation_get_event_id (mutation), key, mutation,
                applied_version, error)) {
    return FALSE;
  }
  return uncover (context, mutation->info, mutation->record_id, key, mutation, applied_version, error);
}
