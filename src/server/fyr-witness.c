/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-witness.h"

#include <sodium.h>
#include <string.h>

#include "fyr-apply-state.h"
#include "fyr-apply.h"
#include "fyr-mutate.h"
#include "fyr-record-table.h"
#include "fyr-request.h"
#include "fyr-resource.h"
#include "fyr-returned.h"
#include "fyr-session.h"
#include "fyr-wire-sign-in.h"

gboolean
fyr_witness_is_whole (FyrRecord *record, guint mask)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);

  if (mask == G_MAXUINT) {
    return TRUE;
  }
  for (guint i = 0; i < info->n_fields; i++) {
    if (fyr_record_is_set (record, i) && (mask & (1u << info->fields[i].field_class)) == 0) {
      return FALSE;
    }
  }
  return fyr_record_get_extra (record) == NULL;
}

/* Grants and roles are the server's alone: nobody gets one back by having seen it. */
gboolean
fyr_witness_may_return (const FyrRecordInfo *info)
{
  return info != &fyr_user_info && info != &fyr_membership_info;
}

typedef struct {
  FyrWriteContext *context;
  FyrSubject *subject;
  FyrWitnessKey key;
  FyrWireOffer *offer;
  FyrWitnessResult result;
} Taking;

static gboolean
has_tag (Taking *taking)
{
  FyrWireOffer *offer = taking->offer;
  char tag[FYR_WITNESS_TAG_SIZE];

  if (offer->deleted > 0) {
    fyr_witness_sign_deletion (&taking->key, offer->kind, offer->id, offer->deleted, tag);
  } else {
    fyr_witness_sign (&taking->key, offer->record, tag);
  }
  return strlen (taking->offer->tag) == strlen (tag) &&
         sodium_memcmp (tag, taking->offer->tag, strlen (tag)) == 0;
}

/* Whether the server has the record as new, deleted it, or has an alert with which somebody did something since the
 * restore; -1 with @error. */
static int
is_known (Taking *taking, GError **error)
{
  FyrRecord *record = taking->offer->record;
  const FyrRecordInfo *info = fyr_record_get_info (record);
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) present = fyr_apply_get (taking->context, info, fyr_record_get_id (record), &failure);
  gint64 version = present != NULL ? fyr_record_get_version (present) : 0;

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return -1;
  }
  if (present == NULL) {
    version = fyr_apply_get_tombstone (taking->context, info, fyr_record_get_id (record), error);
  }
  if (present != NULL && info == &fyr_alert_info && version < fyr_record_get_version (record)) {
    return fyr_returned_has_own_events (taking->context, fyr_record_get_id (record), error);
  }
  return version < 0 ? -1 : version >= fyr_record_get_version (record);
}

/* Whether a record was settled here and is not there: a report came in again by itself under another id. -1 with
 * @error. */
static int
was_replaced (Taking *taking, const FyrRecordInfo *info, const char *id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (FyrRecord) present = id != NULL ? fyr_apply_get (taking->context, info, id, &failure) : NULL;

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return -1;
  }
  return id == NULL || present != NULL ? 0 : fyr_witness_was_returned (taking->context, info, id, error);
}

/* The report that came in again has raised its own alert: the one of the former must not stand beside it. */
static int
belongs_to_replaced (Taking *taking, GError **error)
{
  FyrRecord *record = taking->offer->record;
  const FyrRecordInfo *info = fyr_record_get_info (record);

  if (info == &fyr_alert_info) {
    return was_replaced (taking, &fyr_measurement_info, fyr_alert_get_measurement_id (FYR_ALERT (record)),
                         error);
  }
  if (info == &fyr_alert_event_info) {
    return was_replaced (taking, &fyr_alert_info, fyr_alert_event_get_alert_id (FYR_ALERT_EVENT (record)),
                         error);
  }
  return 0;
}

/* What was done to an alert comes back before it; when the alert does not, it goes again. */
static gboolean
remove_events (FyrWriteContext *context, const char *alert_id, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_record_table_select (
      fyr_write_context_get_connection (context), &fyr_alert_event_info, "WHERE alert_id = ?1", error);
  g_autoptr (GPtrArray) events = NULL;

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (select, 1, alert_id);
  events = fyr_record_table_collect (select, &fyr_alert_event_info, error);
  for (guint i = 0; events != NULL && i < events->len; i++) {
    const char *id = fyr_record_get_id (events->pdata[i]);

    if (!fyr_apply_delete (context, &fyr_alert_event_info, id, error) ||
        !fyr_returned_forget (context, &fyr_alert_event_info, id, error)) {
      return FALSE;
    }
  }
  return events != NULL;
}

static gboolean
is_readable (Taking *taking, FyrRecordResource *resource)
{
  return fyr_authz (taking->subject, FYR_ACTION_READ, &resource->resource, NULL, FYR_PURPOSE_WORK);
}

/* Whether the deletion is to be done: 1; 0 with the result set; -1 with @error. @present: (nullable) */
static int
may_delete (Taking *taking, const FyrRecordInfo *info, FyrRecord *present, GError **error)
{
  FyrRecordResource resource;
  gboolean kept = FALSE;
  int found;

  if (present == NULL) {
    return 1;
  }
  if (fyr_record_get_version (present) >= taking->offer->deleted) {
    taking->result = FYR_WITNESS_KNOWN;
    return 0;
  }
  found = fyr_record_resource_load (&resource, fyr_write_context_get_connection (taking->context), present,
                                    error);
  if (found <= 0 || !is_readable (taking, &resource)) {
    return MIN (found, 0);
  }
  if (info == &fyr_patient_info &&
      !fyr_patient_has_records (taking->context, taking->offer->id, &kept, error)) {
    return -1;
  }
  /* Somebody has written about the patient since: that is not to hang in the air. */
  taking->result = kept ? FYR_WITNESS_KNOWN : taking->result;
  return !kept;
}

static gboolean
take_deletion (FyrWriteContext *context, gpointer data, GError **error)
{
  Taking *taking = data;
  FyrWireOffer *offer = taking->offer;
  const FyrRecordInfo *info = fyr_record_info_lookup (offer->kind);
  g_autoptr (FyrRecord) present = NULL;
  g_autoptr (GError) failure = NULL;
  gint64 tombstone;
  int may;

  taking->result = info == NULL ? FYR_WITNESS_LATER : FYR_WITNESS_REFUSED;
  if (info == NULL || !fyr_witness_may_return (info) || !has_tag (taking)) {
    return TRUE;
  }
  tombstone = fyr_apply_get_tombstone (context, info, offer->id, error);
  if (tombstone != 0) {
    taking->result = FYR_WITNESS_KNOWN;
    return tombstone > 0;
  }
  present = fyr_apply_get (context, info, offer->id, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  may = may_delete (taking, info, present, error);
  if (may <= 0) {
    return may == 0;
  }
  taking->result = FYR_WITNESS_ACCEPTED;
  return fyr_apply_return_deletion (context, info, offer->id, offer->deleted, error) &&
         fyr_returned_note (context, info, offer->id, offer->deleted, offer->epoch, error);
}

/* (transfer full) (nullable): the offered record, and over it, as one version more, what was written in this life. */
static FyrRecord *
with_own_fields (Taking *taking, GError **error)
{
  FyrRecord *offered = taking->offer->record;
  const FyrRecordInfo *info = fyr_record_get_info (offered);
  const char *id = fyr_record_get_id (offered);
  gint64 version = fyr_record_get_version (offered);
  g_autoptr (FyrRecord) record = fyr_record_copy (offered);
  g_autoptr (FyrRecord) present = NULL;
  g_autoptr (GError) failure = NULL;
  guint64 own;

  if (!fyr_returned_find_own (taking->context, info, id, version, taking->offer->epoch, &own, error)) {
    return NULL;
  }
  present = own != 0 ? fyr_apply_get (taking->context, info, id, &failure) : NULL;
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  for (guint i = 0; present != NULL && i < info->n_fields; i++) {
    if ((own & (G_GUINT64_CONSTANT (1) << i)) != 0) {
      fyr_record_set_version (record, version + 1);
      fyr_record_copy_field (record, present, i);
    }
  }
  return g_steal_pointer (&record);
}

static gboolean
take_record (Taking *taking, GError **error)
{
  FyrRecord *offered = taking->offer->record;
  g_autoptr (FyrRecord) record = with_own_fields (taking, error);

  taking->result = FYR_WITNESS_ACCEPTED;
  return record != NULL && fyr_apply_return (taking->context, record, error) &&
         fyr_returned_note (taking->context, fyr_record_get_info (offered), fyr_record_get_id (offered),
                            fyr_record_get_version (offered), taking->offer->epoch, error);
}

static gboolean
take (FyrWriteContext *context, gpointer data, GError **error)
{
  Taking *taking = data;
  FyrRecord *record = taking->offer->record;
  FyrRecordResource resource;
  int found, known, replaced;

  if (taking->offer->deleted > 0) {
    return take_deletion (context, data, error);
  }
  if (record == NULL) {
    taking->result = FYR_WITNESS_LATER;
    return TRUE;
  }
  taking->result = FYR_WITNESS_REFUSED;
  if (!fyr_witness_may_return (fyr_record_get_info (record)) || fyr_record_get_version (record) < 1 ||
      !has_tag (taking)) {
    return TRUE;
  }
  replaced = belongs_to_replaced (taking, error);
  if (replaced != 0) {
    taking->result = FYR_WITNESS_KNOWN;
    return replaced > 0 && (fyr_record_get_info (record) != &fyr_alert_info ||
                            (fyr_returned_note (context, fyr_record_get_info (record),
                                                fyr_record_get_id (record), 0, NULL, error) &&
                             remove_events (context, fyr_record_get_id (record), error)));
  }
  found = fyr_record_resource_load (&resource, fyr_write_context_get_connection (context), record, error);
  if (found <= 0) {
    taking->result = FYR_WITNESS_LATER;
    return found == 0;
  }
  if (!is_readable (taking, &resource)) {
    return TRUE;
  }
  known = is_known (taking, error);
  if (known != 0) {
    taking->result = FYR_WITNESS_KNOWN;
    return known > 0;
  }
  return take_record (taking, error);
}

/* A report that came in again by itself under another id is the same one; nothing else stands in the way of a record
 * that was valid once. */
static gboolean
is_there_already (const GError *error)
{
  return g_error_matches (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_DUPLICATE) ||
         g_error_matches (error, FYR_DB_ERROR, FYR_DB_ERROR_CONSTRAINT);
}

static gboolean
note_replaced (FyrWriteContext *context, gpointer data, GError **error)
{
  return fyr_returned_note (context, fyr_record_get_info (data), fyr_record_get_id (data), 0, NULL, error);
}

static gboolean
take_one (Taking *taking, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (fyr_write_context_run_job (taking->context, take, taking, &failure)) {
    return TRUE;
  }
  if (taking->offer->record != NULL && is_there_already (failure)) {
    taking->result = FYR_WITNESS_KNOWN;
    return fyr_record_get_info (taking->offer->record) != &fyr_measurement_info ||
           fyr_write_context_run_job (taking->context, note_replaced, taking->offer->record, error);
  } else if (failure != NULL && failure->domain == FYR_RECORD_ERROR) {
    taking->result = FYR_WITNESS_REFUSED;
  } else {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return TRUE;
}

/* 1: go on; 0: the reply says why not; -1: @error. */
static int
check_caller (FyrWriteContext *context, FyrWitness *witness, FyrSession *session, GError **error)
{
  const char *epoch = fyr_server_db_get_epoch (fyr_write_context_get_db (context));
  int found = fyr_session_find (fyr_write_context_get_connection (context), witness->token,
                                fyr_write_context_get_time (context), session, error);

  if (found == 0) {
    fyr_reply_fail_unauthenticated (witness->reply);
  }
  if (found <= 0) {
    return found;
  }
  if (g_strcmp0 (session->device_id, witness->request->device) != 0) {
    fyr_reply_fail (witness->reply, 403, "forbidden", "The session belongs to another workstation");
    return 0;
  }
  if (g_strcmp0 (witness->request->epoch, epoch) != 0) {
    witness->reply->status = 409;
    fyr_wire_problem_write ("epoch", "The server's database began a new life", epoch, 0,
                            witness->reply->body);
    return 0;
  }
  return 1;
}

static gboolean
take_all (FyrWriteContext *context, FyrWitness *witness, Taking *taking, GError **error)
{
  g_autoptr (FyrWitnessReply) reply = fyr_witness_reply_new ();

  for (guint i = 0; i < witness->request->offers->len; i++) {
    taking->offer = witness->request->offers->pdata[i];
    if (!take_one (taking, error)) {
      return FALSE;
    }
    g_array_append_val (reply->results, taking->result);
  }
  reply->epoch = g_strdup (fyr_server_db_get_epoch (fyr_write_context_get_db (context)));
  fyr_witness_reply_write (reply, witness->reply->body);
  return TRUE;
}

gboolean
fyr_witness_run (FyrWriteContext *context, FyrWitness *witness, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  g_autoptr (FyrSubject) subject = NULL;
  FyrSession session;
  Taking taking = { .context = context };
  int caller = check_caller (context, witness, &session, error);

  if (caller <= 0) {
    return caller == 0;
  }
  if (!fyr_witness_key_load (&taking.key, connection, error)) {
    return FALSE;
  }
  subject = fyr_subject_load (connection, session.user_id, fyr_write_context_get_time (context), error);
  taking.subject = subject;
  return subject != NULL && take_all (context, witness, &taking, error);
}

static void
witness_free (gpointer data)
{
  FyrWitness *witness = data;

  fyr_witness_request_free (witness->request);
  g_free (witness);
}

static gboolean
run (FyrWriteContext *context, FyrReply *reply, gpointer data, GError **error)
{
  ((FyrWitness *)data)->reply = reply;
  return fyr_witness_run (context, data, error);
}

static void
opened (FyrRequest *request, const guint8 token[FYR_TOKEN_HASH_BYTES], gpointer server)
{
  FyrReply *reply = fyr_request_get_reply (request);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *body = fyr_request_get_body (request, &length);
  FyrWitnessRequest *offered;
  FyrWitness *witness;

  offered = fyr_witness_request_parse (body, length, &error);
  if (offered == NULL) {
    fyr_reply_fail (reply, fyr_wire_error_to_status (error), fyr_wire_error_to_code (error), error->message);
    fyr_request_finish (request);
    return;
  }
  witness = g_new0 (FyrWitness, 1);
  witness->request = offered;
  memcpy (witness->token, token, sizeof witness->token);
  fyr_request_write (request, run, witness, witness_free);
}

void
fyr_witness_serve (FyrRequest *request, gpointer server)
{
  fyr_request_open (request, opened, server);
}
