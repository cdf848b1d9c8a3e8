/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-intake-cache.h"

#include "fyr-apply.h"
#include "fyr-identity-number.h"
#include "fyr-limit-set.h"
#include "fyr-record-table.h"

/* More are seldom reporting at the same time; then it begins anew. */
#define MAX_PATIENTS 20000
#define MAX_RECENT 400

struct _FyrIntakeCache {
  FyrServerDb *db;
  GHashTable *identities;
  GHashTable *patients;
  GHashTable *centres;
  gboolean own;
};

static void
patient_free (gpointer data)
{
  FyrIntakePatient *patient = data;

  g_array_unref (patient->limits);
  g_ptr_array_unref (patient->limit_ids);
  for (guint i = 0; i < G_N_ELEMENTS (patient->recent); i++)
    g_clear_pointer (&patient->recent[i], g_array_unref);
  g_free (patient);
}

static void
centre_free (gpointer data)
{
  FyrIntakeCentre *centre = data;

  fyr_opening_hours_clear (&centre->hours);
  g_free (centre);
}

static void
forget_all (FyrIntakeCache *self)
{
  g_hash_table_remove_all (self->identities);
  g_hash_table_remove_all (self->patients);
  g_hash_table_remove_all (self->centres);
}

static void
forget_patient_of (FyrIntakeCache *self, FyrRecord *record)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  if (info == &fyr_patient_info) {
    g_hash_table_remove_all (self->identities);
    g_hash_table_remove (self->patients, fyr_record_get_id (record));
  } else if (info->patient_field >= 0) {
    const char *id = fyr_record_get_string (record, (guint)info->patient_field);

    if (id != NULL)
      g_hash_table_remove (self->patients, id);
  } else if (info == &fyr_centre_info) {
    g_hash_table_remove (self->centres, fyr_record_get_id (record));
  }
}

static void
watch (FyrRecord *before, FyrRecord *after, gpointer data)
{
  FyrIntakeCache *self = data;

  if (before == NULL && after == NULL) {
    forget_all (self);
    return;
  }
  if (self->own)
    return;
  if (before != NULL)
    forget_patient_of (self, before);
  if (after != NULL)
    forget_patient_of (self, after);
}

FyrIntakeCache *
fyr_intake_cache_new (FyrServerDb *db)
{
  FyrIntakeCache *self = g_new0 (FyrIntakeCache, 1);

  self->db = fyr_server_db_ref (db);
  self->identities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->patients = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, patient_free);
  self->centres = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, centre_free);
  fyr_apply_watch (db, watch, self);
  return self;
}

void
fyr_intake_cache_free (FyrIntakeCache *self)
{
  fyr_apply_watch (self->db, NULL, NULL);
  fyr_server_db_unref (self->db);
  g_hash_table_unref (self->identities);
  g_hash_table_unref (self->patients);
  g_hash_table_unref (self->centres);
  g_free (self);
}

void
fyr_intake_cache_begin_own (FyrIntakeCache *self)
{
  self->own = TRUE;
}

void
fyr_intake_cache_end_own (FyrIntakeCache *self)
{
  self->own = FALSE;
}

static gboolean
load_limits (FyrIntakePatient *patient, FyrWriteContext *context, GError **error)
{
  g_autoptr (GPtrArray) records =
      fyr_record_table_list (fyr_write_context_get_connection (context), &fyr_limit_info,
                             FYR_LIMIT_PATIENT_ID, patient->id, NULL, error);

  if (records == NULL)
    return FALSE;
  g_array_unref (patient->limits);
  patient->limits = fyr_limit_rules_from_records (records);
  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (patient->limit_ids, g_strdup (fyr_record_get_id (records->pdata[i])));
  return TRUE;
}

FyrIntakePatient *
fyr_intake_cache_get_patient (FyrIntakeCache *self, FyrWriteContext *context, const char *id, GError **error)
{
  FyrIntakePatient *patient = g_hash_table_lookup (self->patients, id);
  g_autoptr (FyrRecord) record = NULL;
  const char *centre_id;

  if (patient != NULL)
    return patient;
  /* Held until the end of the transaction: what is kept of the patient stays true so long. */
  record = fyr_apply_get (context, &fyr_patient_info, id, error);
  if (record == NULL)
    return NULL;
  if (g_hash_table_size (self->patients) >= MAX_PATIENTS)
    forget_all (self);
  centre_id = fyr_patient_get_centre_id (FYR_PATIENT (record));
  patient = g_new0 (FyrIntakePatient, 1);
  g_strlcpy (patient->id, id, sizeof patient->id);
  g_strlcpy (patient->centre_id, centre_id != NULL ? centre_id : "", sizeof patient->centre_id);
  patient->status = fyr_patient_get_status (FYR_PATIENT (record));
  patient->limits = g_array_new (FALSE, FALSE, sizeof (FyrLimitRule));
  patient->limit_ids = g_ptr_array_new_with_free_func (g_free);
  if (!load_limits (patient, context, error)) {
    patient_free (patient);
    return NULL;
  }
  g_hash_table_insert (self->patients, patient->id, patient);
  return patient;
}

static gboolean
is_national_family (const char *system)
{
  FyrIdentityKind kind = fyr_identity_kind_from_system (system);

  return kind == FYR_IDENTITY_KIND_NATIONAL || kind == FYR_IDENTITY_KIND_D_NUMBER;
}

static gboolean
same_system (const char *a, const char *b)
{
  return g_strcmp0 (a, b) == 0 || (is_national_family (a) && (b == NULL || is_national_family (b)));
}

/* Of several with the number (it happens after a move), one who is followed up before one who is not. */
static char *
query_identity (FyrWriteContext *context, const char *centre_id, const FyrObservation *o, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;
  char *id = NULL;

  select = fyr_connection_prepare (fyr_write_context_get_connection (context),
                                   "SELECT id, identity_system FROM patient WHERE identity_number = ?1"
                                   " AND centre_id = ?2 ORDER BY coalesce (status, 0) > 3,"
                                   " coalesce (status, 0) = 3, id",
                                   error);
  if (select == NULL)
    return NULL;
  fyr_statement_bind_text (select, 1, o->subject_value);
  fyr_statement_bind_id (select, 2, centre_id);
  while (id == NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW)
    if (same_system (o->subject_system, fyr_statement_get_text (select, 1)))
      id = g_strdup (fyr_statement_get_id (select, 0));
  return id;
}

static FyrIntakePatient *
find_by_identity (FyrIntakeCache *self,
                  FyrWriteContext *context,
                  const char *centre_id,
                  const FyrObservation *o,
                  GError **error)
{
  g_autofree char *key = g_strjoin ("\n", centre_id, o->subject_system, o->subject_value, NULL);
  const char *known = g_hash_table_lookup (self->identities, key);
  g_autofree char *id = known != NULL ? g_strdup (known) : query_identity (context, centre_id, o, error);
  FyrIntakePatient *patient;

  if (id == NULL)
    return NULL;
  patient = fyr_intake_cache_get_patient (self, context, id, error);
  if (known == NULL && patient != NULL) {
    if (g_hash_table_size (self->identities) >= MAX_PATIENTS)
      g_hash_table_remove_all (self->identities);
    g_hash_table_replace (self->identities, g_steal_pointer (&key), g_steal_pointer (&id));
  }
  return patient;
}

FyrIntakePatient *
fyr_intake_cache_find_patient (FyrIntakeCache *self,
                               FyrWriteContext *context,
                               const char *centre_id,
                               const FyrObservation *observation,
                               GError **error)
{
  FyrIntakePatient *patient;

  if (observation->subject_value != NULL)
    return find_by_identity (self, context, centre_id, observation, error);
  patient = fyr_intake_cache_get_patient (self, context, observation->subject_id, error);
  return patient != NULL && g_str_equal (patient->centre_id, centre_id) ? patient : NULL;
}

const FyrIntakeCentre *
fyr_intake_cache_get_centre (FyrIntakeCache *self, FyrWriteContext *context, const char *id, GError **error)
{
  FyrIntakeCentre *centre = g_hash_table_lookup (self->centres, id);
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) record = NULL;

  if (centre != NULL)
    return centre;
  record = fyr_record_table_get (fyr_write_context_get_connection (context), &fyr_centre_info, id, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  centre = g_new0 (FyrIntakeCentre, 1);
  fyr_centre_get_hours ((FyrCentre *)record, &centre->hours);
  if (record != NULL)
    centre->red_minutes = (int)fyr_centre_get_red_minutes (FYR_CENTRE (record));
  g_hash_table_insert (self->centres, g_strdup (id), centre);
  return centre;
}

static void
read_reading (FyrStatement *row, FyrMeasurementKind kind, FyrReading *reading)
{
  *reading = (FyrReading){
    .kind = kind,
    .effective_time = fyr_statement_get_int (row, 0),
    .has_value = !fyr_statement_is_null (row, 1),
    .value = fyr_statement_get_real (row, 1),
    .has_value2 = !fyr_statement_is_null (row, 2),
    .value2 = fyr_statement_get_real (row, 2),
    .implausible = fyr_statement_get_bool (row, 3),
  };
}

static GArray *
query_recent (FyrIntakePatient *patient,
              FyrWriteContext *context,
              FyrMeasurementKind kind,
              gint64 since,
              GError **error)
{
  g_autoptr (GArray) readings = g_array_new (FALSE, FALSE, sizeof (FyrReading));
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "SELECT m.effective_time, m.value, m.value_2, m.implausible FROM measurement m"
      " WHERE m.patient_id = ?1 AND m.kind = ?2 AND m.effective_time >= ?3 AND m.value IS NOT NULL"
      " AND NOT EXISTS (SELECT 1 FROM voided v WHERE v.measurement = m.id) ORDER BY m.effective_time",
      error);
  if (select == NULL)
    return NULL;
  fyr_statement_bind_id (select, 1, patient->id);
  fyr_statement_bind_int (select, 2, kind);
  fyr_statement_bind_int (select, 3, since);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    FyrReading reading;

    read_reading (select, kind, &reading);
    g_array_append_val (readings, reading);
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&readings) : NULL;
}

GArray *
fyr_intake_cache_get_recent (FyrIntakePatient *patient,
                             FyrWriteContext *context,
                             FyrMeasurementKind kind,
                             gint64 since,
                             GError **error)
{
  if (patient->recent[kind] != NULL && patient->recent_since[kind] <= since)
    return patient->recent[kind];
  fyr_intake_cache_drop_recent (patient, kind);
  patient->recent[kind] = query_recent (patient, context, kind, since, error);
  patient->recent_since[kind] = since;
  return patient->recent[kind];
}

void
fyr_intake_cache_add_recent (FyrIntakePatient *patient, const FyrReading *reading)
{
  GArray *recent = patient->recent[reading->kind];

  if (recent == NULL || reading->effective_time < patient->recent_since[reading->kind])
    return;
  if (recent->len >= MAX_RECENT)
    fyr_intake_cache_drop_recent (patient, reading->kind);
  else
    g_array_append_vals (recent, reading, 1);
}

void
fyr_intake_cache_drop_recent (FyrIntakePatient *patient, FyrMeasurementKind kind)
{
  g_clear_pointer (&patient->recent[kind], g_array_unref);
}

gboolean
fyr_intake_cache_load_grey (FyrIntakePatient *patient, FyrWriteContext *context, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  if (patient->grey_loaded)
    return TRUE;
  select = fyr_connection_prepare (fyr_write_context_get_connection (context),
                                   "SELECT kind, status, raised_time, closed_time FROM alert"
                                   " WHERE patient_id = ?1 AND rule = ?2",
                                   error);
  if (select == NULL)
    return FALSE;
  fyr_statement_bind_id (select, 1, patient->id);
  fyr_statement_bind_int (select, 2, FYR_ALERT_RULE_NO_LIMITS);
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    gint64 kind = fyr_statement_get_int (select, 0);
    gint64 told = MAX (fyr_statement_get_int (select, 2), fyr_statement_get_int (select, 3));

    if (kind > 0 && kind <= FYR_MEASUREMENT_KIND_LAST)
      patient->grey_told[kind] = MAX (patient->grey_told[kind], told);
    if (fyr_statement_get_int (select, 1) != FYR_ALERT_STATUS_CLOSED)
      patient->grey_open = TRUE;
  }
  patient->grey_loaded = step == FYR_STEP_DONE;
  return patient->grey_loaded;
}
