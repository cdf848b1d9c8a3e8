/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-store-save.h"

#include "fyr-outbox-private.h"
#include "fyr-store-rows.h"

struct _FyrSaveReceipt {
  GObject parent_instance;

  GArray *keys;
  GPtrArray *undo;
};

G_DEFINE_FINAL_TYPE (FyrSaveReceipt, fyr_save_receipt, G_TYPE_OBJECT)

static void
fyr_save_receipt_finalize (GObject *object)
{
  FyrSaveReceipt *self = FYR_SAVE_RECEIPT (object);

  g_array_unref (self->keys);
  g_ptr_array_unref (self->undo);
  G_OBJECT_CLASS (fyr_save_receipt_parent_class)->finalize (object);
}

static void
fyr_save_receipt_class_init (FyrSaveReceiptClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_save_receipt_finalize;
}

static void
fyr_save_receipt_init (FyrSaveReceipt *self)
{
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->undo = g_ptr_array_new_with_free_func (g_object_unref);
}

GArray *
fyr_save_receipt_get_keys (FyrSaveReceipt *self)
{
  return self->keys;
}

GPtrArray *
fyr_save_receipt_get_undo (FyrSaveReceipt *self)
{
  return self->undo;
}

static gboolean
refuse (GError **error, FyrStoreError code, const char *message)
{
  g_set_error_literal (error, FYR_STORE_ERROR, (int)code, message);
  return FALSE;
}

/* A record of another's writing may lack fields this program requires; only own changes are judged. */
static gboolean
check_changed_fields (FyrMutation *mutation, FyrRecord *record, GError **error)
{
  g_autoptr (GError) fault = NULL;

  for (guint i = 0; i < mutation->info->n_fields; i++) {
    if (json_object_has_member (mutation->fields, mutation->info->fields[i].name) &&
        !fyr_field_validate (record, i, &fault)) {
      return refuse (error, FYR_STORE_ERROR_INVALID, fault->message);
    }
  }
  return TRUE;
}

static gboolean
check_create (FyrMutation *mutation, FyrRecord *before, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (FyrRecord) created = NULL;

  if (before != NULL) {
    return refuse (error, FYR_STORE_ERROR_INVALID, "There is a record of this id already");
  }
  created = fyr_mutation_apply (mutation, NULL);
  if (created == NULL || !fyr_record_validate (created, NULL, &fault)) {
    return refuse (error, FYR_STORE_ERROR_INVALID, fault != NULL ? fault->message : "Not a record");
  }
  return TRUE;
}

/* 1: go on; -1: nothing to do; 0 with error. */
static int
check_command (FyrMutation *mutation, FyrRecord *before, GError **error)
{
  FyrAlertRefusal refusal = fyr_mutation_judge (mutation, FYR_ALERT (before));

  if (refusal == FYR_ALERT_REFUSAL_UNCHANGED) {
    return -1;
  }
  if (refusal != FYR_ALERT_REFUSAL_NONE) {
    return refuse (error, FYR_STORE_ERROR_REFUSED, fyr_alert_refusal_get_message (refusal));
  }
  return 1;
}

static int
check (FyrMutation *mutation, FyrRecord *before, GError **error)
{
  g_autoptr (FyrRecord) after = NULL;

  if (g_str_equal (mutation->command, "create")) {
    return check_create (mutation, before, error);
  }
  if (before == NULL) {
    return refuse (error, FYR_STORE_ERROR_UNKNOWN_RECORD, "There is no such record any more");
  }
  if (fyr_mutation_is_alert_command (mutation)) {
    return check_command (mutation, before, error);
  }
  if (g_str_equal (mutation->command, "delete")) {
    return mutation->info->merge == FYR_MERGE_REGISTER
               ? TRUE
               : refuse (error, FYR_STORE_ERROR_INVALID, "Records of this kind are never deleted");
  }
  after = fyr_mutation_apply (mutation, fyr_record_copy (before));
  return after != NULL ? check_changed_fields (mutation, after, error)
                       : refuse (error, FYR_STORE_ERROR_INVALID, "A field has a value of the wrong type");
}

/* A new version of limits is never deleted; it is made to have held at no time. */
static FyrMutation *
undo_version (FyrRecord *record, const char *author_id)
{
  const FyrRecordInfo *info = fyr_record_get_info (record);
  int from = fyr_record_info_find_field (info, "valid_from");
  int to = fyr_record_info_find_field (info, "valid_to");
  g_autoptr (FyrRecord) ended = NULL;

  if (from < 0 || to < 0) {
    return NULL;
  }
  ended = fyr_record_copy (record);
  fyr_record_set_int (ended, (guint)to, fyr_record_get_int (record, (guint)from));
  return fyr_mutation_new_update (record, ended, author_id);
}

static FyrMutation *
undo_create (FyrMutation *mutation)
{
  g_autoptr (FyrRecord) created = fyr_mutation_apply (mutation, NULL);

  switch (mutation->info->merge) {
  case FYR_MERGE_REGISTER:
    return fyr_mutation_new_delete (created, mutation->author_id);
  case FYR_MERGE_VERSION:
    return undo_version (created, mutation->author_id);
  case FYR_MERGE_FACT:
  case FYR_MERGE_COMMAND:
  default:
    return NULL;
  }
}

/* The id of a deleted record is not used again. */
static FyrMutation *
undo_delete (FyrMutation *mutation, FyrRecord *before)
{
  g_autoptr (FyrRecord) again = fyr_record_new (mutation->info);

  for (guint i = 0; i < mutation->info->n_fields; i++) {
    fyr_record_copy_field (again, before, i);
  }
  fyr_record_set_extra (again, fyr_record_get_extra (before));
  return fyr_mutation_new_create (again, mutation->author_id);
}

static FyrMutation *
undo_command (FyrMutation *mutation, FyrRecord *before, FyrRecord *after)
{
  FyrAlertAction action = fyr_enum_from_code (&fyr_alert_action_info, mutation->command);
  FyrAlertAction opposite;

  switch (action) {
  case FYR_ALERT_ACTION_TAKE:
    opposite = FYR_ALERT_ACTION_RELEASE;
    break;
  case FYR_ALERT_ACTION_RELEASE:
    opposite = FYR_ALERT_ACTION_TAKE;
    break;
  case FYR_ALERT_ACTION_CLOSE:
    opposite = FYR_ALERT_ACTION_REOPEN;
    break;
  case FYR_ALERT_ACTION_UNSET:
  case FYR_ALERT_ACTION_RAISED:
  case FYR_ALERT_ACTION_NOTE:
  case FYR_ALERT_ACTION_REOPEN: /* closing again needs a measure and a word: not an undo */
  case FYR_ALERT_ACTION_TRIED:
  default:
    return NULL;
  }
  return fyr_mutation_new_alert_command (FYR_ALERT (after), opposite, FYR_ALERT_OUTCOME_UNSET, NULL,
                                         mutation->author_id);
}

static FyrMutation *
make_undo (FyrMutation *mutation, FyrRecord *before)
{
  g_autoptr (FyrRecord) after = NULL;

  if (g_str_equal (mutation->command, "create")) {
    return undo_create (mutation);
  }
  if (g_str_equal (mutation->command, "delete")) {
    return undo_delete (mutation, before);
  }
  after = fyr_mutation_apply (mutation, fyr_record_copy (before));
  if (fyr_mutation_is_alert_command (mutation)) {
    return undo_command (mutation, before, after);
  }
  return fyr_mutation_new_update (after, before, mutation->author_id);
}

/* Back to open is not enough for who closed it: an undone close is hers again. */
static void
add_undo (GPtrArray *undo, FyrMutation *mutation, FyrRecord *before)
{
  g_autoptr (FyrMutation) taken_back = make_undo (mutation, before);
  gboolean closed = g_str_equal (mutation->command, "close");

  if (taken_back == NULL) {
    return;
  }
  if (closed) {
    g_autoptr (FyrRecord) closed_record = fyr_mutation_apply (mutation, fyr_record_copy (before));
    g_autoptr (FyrRecord) reopened = fyr_mutation_apply (taken_back, g_steal_pointer (&closed_record));

    /* The list is turned round at the end: what is done last stands first. */
    g_ptr_array_add (undo,
                     fyr_mutation_new_alert_command (FYR_ALERT (reopened), FYR_ALERT_ACTION_TAKE,
                                                     FYR_ALERT_OUTCOME_UNSET, NULL, mutation->author_id));
  }
  g_ptr_array_add (undo, g_steal_pointer (&taken_back));
}

/* The version the server will have when this comes to its turn, if nobody else writes in between: what is shown
 * here and own work before this. When the user saw something else, her version stands and the server judges. */
static gboolean
claim_version (FyrStoreContext *context, FyrMutation *mutation, FyrRecord *before, GError **error)
{
  int n_work;

  if (before == NULL || !fyr_mutation_saw (mutation, before)) {
    return TRUE;
  }
  n_work = fyr_overlay_count (context, mutation->info, mutation->record_id, error);
  mutation->base_version = fyr_record_get_version (before) + MAX (n_work, 0);
  return n_work >= 0;
}

gint64
fyr_save_mutation (FyrStoreContext *context, FyrMutation *original, GPtrArray *undo, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FyrMutation) mutation = fyr_mutation_copy (original);
  g_autoptr (FyrRecord) before =
      fyr_record_table_get (context->connection, mutation->info, mutation->record_id, &local_error);
  g_autoptr (FyrRecord) created = NULL;
  const char *patient_id;
  gint64 key;
  int go_on;

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return 0;
  }
  /* Facts say when it happened by the server's clock, as well as this machine can tell, and what that guess was. */
  mutation->time += context->clock_offset;
  mutation->has_offset = TRUE;
  mutation->offset = context->clock_offset;
  if (!claim_version (context, mutation, before, error)) {
    return 0;
  }
  go_on = check (mutation, before, error);
  if (go_on != 1) {
    return go_on;
  }
  created = before == NULL ? fyr_mutation_apply (mutation, NULL) : NULL;
  patient_id = fyr_rows_get_patient_id (before != NULL ? before : created);
  key = fyr_outbox_append (context, mutation, patient_id, error);
  if (key == 0 || !fyr_overlay_attach (context, key, mutation, error)) {
    return 0;
  }
  if (undo != NULL) {
    add_undo (undo, mutation, before);
  }
  return key;
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++) {
    gpointer kept = array->pdata[i];

    array->pdata[i] = array->pdata[array->len - 1 - i];
    array->pdata[array->len - 1 - i] = kept;
  }
}

static gpointer
save_job (FyrStoreContext *context, gpointer data, GError **error)
{
  GPtrArray *mutations = data;
  g_autoptr (FyrSaveReceipt) receipt = g_object_new (FYR_TYPE_SAVE_RECEIPT, NULL);

  for (guint i = 0; i < mutations->len; i++) {
    gint64 key = fyr_save_mutation (context, mutations->pdata[i], receipt->undo, error);

    if (key == 0) {
      return NULL;
    }
    if (key > 0) {
      g_array_append_val (receipt->keys, key);
    }
  }
  reverse (receipt->undo);
  return g_steal_pointer (&receipt);
}

static gpointer
ref_mutation (gconstpointer mutation, gpointer data)
{
  return g_object_ref ((gpointer)mutation);
}

void
fyr_store_save_async (FyrStore *self,
                      GPtrArray *mutations,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GPtrArray *copy = g_ptr_array_copy (mutations, ref_mutation, NULL);
  const FyrStoreJob job = {
    FYR_STORE_SAVE, save_job, copy, (GDestroyNotify)g_ptr_array_unref, g_object_unref, fyr_store_save_async,
  };

  g_ptr_array_set_free_func (copy, g_object_unref);
  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

FyrSaveReceipt *
fyr_store_save_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_save_async, result, error);
}

void
fyr_store_save_one_async (FyrStore *self,
                          FyrMutation *mutation,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GPtrArray) mutations = g_ptr_array_new ();

  g_ptr_array_add (mutations, mutation);
  fyr_store_save_async (self, mutations, cancellable, callback, user_data);
}
