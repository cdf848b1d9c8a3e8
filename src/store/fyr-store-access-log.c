/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-access-log.h"

#include "fyr-record-table.h"
#include "fyr-store-emergency-private.h"
#include "fyr-store-save.h"

typedef struct {
  FyrDisplay display;
  char *data_classes;
  char *decision_id;
  char *centre_id;
  char *author_id;
  char **patient_ids;
} Logging;

static void
logging_free (Logging *logging)
{
  g_free (logging->data_classes);
  g_free (logging->decision_id);
  g_free (logging->centre_id);
  g_free (logging->author_id);
  g_strfreev (logging->patient_ids);
  g_free (logging);
}

/* (transfer full) */
static char *
find_centre (FyrStoreContext *context, const char *patient_id, const char *otherwise)
{
  g_autoptr (FyrRecord) patient =
      fyr_record_table_get (context->connection, &fyr_patient_info, patient_id, NULL);

  return g_strdup (patient != NULL ? fyr_patient_get_centre_id (FYR_PATIENT (patient)) : otherwise);
}

static FyrAuditEvent *
make_event (FyrStoreContext *context, const Logging *logging, const char *patient_id, const char *device)
{
  FyrAuditEvent *event = fyr_audit_event_new ();
  g_autofree char *centre_id = find_centre (context, patient_id, logging->centre_id);

  fyr_audit_event_set_centre_id (event, centre_id);
  fyr_audit_event_set_patient_id (event, patient_id);
  fyr_audit_event_set_agent_id (event, logging->author_id);
  fyr_audit_event_set_purpose (event, logging->display.purpose);
  fyr_audit_event_set_decision_id (event, logging->decision_id);
  fyr_audit_event_set_resource (event, logging->display.resource);
  fyr_audit_event_set_data_classes (event, logging->data_classes);
  fyr_audit_event_set_channel (event, logging->display.channel);
  fyr_audit_event_set_workstation_id (event, device);
  fyr_audit_event_set_recorded_time (event, context->now + context->clock_offset);
  return event;
}

/* A patient who is here for an emergency alone is shown for nothing else. */
static gboolean
settle_decision (FyrStoreContext *context, FyrAuditEvent *event, GError **error)
{
  FyrEmergency access;

  if (!fyr_emergency_find (context, fyr_audit_event_get_patient_id (event), &access, error)) {
    return FALSE;
  }
  if (access.access_id[0] != '\0') {
    fyr_audit_event_set_decision_id (event, access.access_id);
    fyr_audit_event_set_purpose (event, FYR_AUDIT_PURPOSE_EMERGENCY);
  }
  return TRUE;
}

static gpointer
log_job (FyrStoreContext *context, gpointer data, GError **error)
{
  const Logging *logging = data;
  g_autofree char *device = fyr_meta_get (context->connection, "device", error);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  if (device == NULL) {
    return NULL;
  }
  for (guint i = 0; logging->patient_ids[i] != NULL; i++) {
    g_autoptr (FyrAuditEvent) event = make_event (context, logging, logging->patient_ids[i], device);
    g_autoptr (FyrMutation) mutation = NULL;

    if (!settle_decision (context, event, error)) {
      return NULL;
    }
    mutation = fyr_mutation_new_create (FYR_RECORD (event), logging->author_id);
    if (fyr_save_mutation (context, mutation, NULL, error) <= 0) {
      return NULL;
    }
    g_strv_builder_add (ids, fyr_mutation_get_record_id (mutation));
  }
  return g_strv_builder_end (ids);
}

void
fyr_store_log_display_async (FyrStore *self,
                             const FyrDisplay *display,
                             const char *const *patient_ids,
                             const char *author_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Logging *logging = g_new0 (Logging, 1);
  const FyrStoreJob job = {
    .mode = FYR_STORE_SAVE,
    .func = log_job,
    .data = logging,
    .data_free = (GDestroyNotify)logging_free,
    .result_free = (GDestroyNotify)g_strfreev,
    .tag = fyr_store_log_display_async,
  };

  logging->display = *display;
  logging->data_classes = g_strdup (display->data_classes);
  logging->decision_id = g_strdup (display->decision_id);
  logging->centre_id = g_strdup (display->centre_id);
  logging->author_id = g_strdup (author_id);
  logging->patient_ids = g_strdupv ((char **)patient_ids);
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

char **
fyr_store_log_display_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_log_display_async, result, error);
}
