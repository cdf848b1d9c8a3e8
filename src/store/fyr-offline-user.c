/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-offline-private.h"

#include <string.h>

#include "fyr-store-salvage.h"
#include "fyr-store-sql.h"

/* security.md: Argon2id, at least 64 MiB, three passes. */
static FyrKeyCost cost = { 3, 64 * 1024 * 1024 };

struct _FyrOfflineUser {
  GObject parent_instance;

  FyrUser *user;
  GPtrArray *memberships;
};

G_DEFINE_FINAL_TYPE (FyrOfflineUser, fyr_offline_user, G_TYPE_OBJECT)

static void
fyr_offline_user_finalize (GObject *object)
{
  FyrOfflineUser *self = FYR_OFFLINE_USER (object);

  g_clear_object (&self->user);
  g_ptr_array_unref (self->memberships);
  G_OBJECT_CLASS (fyr_offline_user_parent_class)->finalize (object);
}

static void
fyr_offline_user_class_init (FyrOfflineUserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_offline_user_finalize;
}

static void
fyr_offline_user_init (FyrOfflineUser *self)
{
  self->memberships = g_ptr_array_new_with_free_func (g_object_unref);
}

void
fyr_offline_user_make_cheap (void)
{
  cost = (FyrKeyCost){ crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN };
}

FyrKeyCost
fyr_offline_cost (void)
{
  return cost;
}

FyrUser *
fyr_offline_user_get_user (FyrOfflineUser *self)
{
  return self->user;
}

GPtrArray *
fyr_offline_user_get_memberships (FyrOfflineUser *self)
{
  return self->memberships;
}

static void
offline_job_free (FyrOfflineJob *job)
{
  if (job->password != NULL) {
    sodium_memzero (job->password, strlen (job->password));
  }
  g_clear_object (&job->found);
  g_clear_pointer (&job->main_key, fyr_page_key_unref);
  g_free (job->password);
  g_free (job->user_name);
  g_free (job->user_id);
  g_free (job->record);
  g_free (job->memberships);
  g_free (job->verifier);
  sodium_memzero (job, sizeof *job);
  g_free (job);
}

static char *
fold_user_name (const char *user_name)
{
  g_autofree char *stripped = g_strstrip (g_strdup (user_name != NULL ? user_name : ""));

  return g_utf8_validate (stripped, -1, NULL) ? g_utf8_casefold (stripped, -1) : g_strdup ("");
}

GTask *
fyr_offline_job_new (FyrStore *store,
                     FyrOfflineJob **job,
                     const char *user_name,
                     const char *password,
                     gpointer tag,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);

  *job = g_new0 (FyrOfflineJob, 1);
  (*job)->user_name = fold_user_name (user_name);
  (*job)->password = g_strdup (password != NULL ? password : "");
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, *job, (GDestroyNotify)offline_job_free);
  return task;
}

void
fyr_offline_job_hash (FyrStore *store, GTask *outer, GTaskThreadFunc func, GAsyncReadyCallback next)
{
  g_autoptr (GTask) task = g_task_new (store, NULL, next, g_object_ref (outer));

  g_task_set_task_data (task, g_task_get_task_data (outer), NULL);
  g_task_run_in_thread (task, func);
}

void
fyr_offline_job_run (
    FyrStore *store, GTask *outer, FyrStoreMode mode, FyrStoreFunc func, GAsyncReadyCallback next)
{
  const FyrStoreJob job = {
    mode, func, g_task_get_task_data (outer), NULL, NULL, g_task_get_source_tag (outer),
  };

  fyr_store_run_async (store, &job, NULL, next, g_object_ref (outer));
}

gboolean
fyr_offline_job_ran (GObject *store, GTask *outer, GAsyncResult *result)
{
  GError *error = NULL;

  if (fyr_store_run_finish (FYR_STORE (store), g_task_get_source_tag (outer), result, &error) != NULL) {
    return TRUE;
  }
  g_task_return_error (outer, error);
  return FALSE;
}

void
fyr_offline_job_done (GObject *store, GAsyncResult *result, gpointer outer)
{
  g_autoptr (GTask) task = outer;

  if (fyr_offline_job_ran (store, task, result)) {
    g_task_return_boolean (task, TRUE);
  }
}

static char *
record_to_text (FyrRecord *record)
{
  g_autoptr (JsonNode) node = json_node_alloc ();

  json_node_init (node, JSON_NODE_OBJECT);
  json_node_take_object (node, fyr_record_to_json (record, G_MAXUINT));
  return json_to_string (node, FALSE);
}

static char *
memberships_to_text (GPtrArray *memberships)
{
  g_autoptr (JsonNode) node = json_node_alloc ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < memberships->len; i++) {
    json_array_add_object_element (array, fyr_record_to_json (memberships->pdata[i], G_MAXUINT));
  }
  json_node_init (node, JSON_NODE_ARRAY);
  json_node_take_array (node, array);
  return json_to_string (node, FALSE);
}

FyrOfflineUser *
fyr_offline_user_read (const char *record, const char *memberships)
{
  g_autoptr (FyrOfflineUser) self = g_object_new (FYR_TYPE_OFFLINE_USER, NULL);
  g_autoptr (JsonNode) user = record != NULL ? json_from_string (record, NULL) : NULL;
  g_autoptr (JsonNode) list = memberships != NULL ? json_from_string (memberships, NULL) : NULL;
  FyrRecord *found;

  if (user == NULL || !JSON_NODE_HOLDS_OBJECT (user) || list == NULL || !JSON_NODE_HOLDS_ARRAY (list)) {
    return NULL;
  }
  found = fyr_record_from_json (&fyr_user_info, json_node_get_object (user), NULL);
  self->user = found != NULL ? FYR_USER (found) : NULL;
  for (guint i = 0; i < json_array_get_length (json_node_get_array (list)); i++) {
    JsonNode *element = json_array_get_element (json_node_get_array (list), i);

    found = JSON_NODE_HOLDS_OBJECT (element)
                ? fyr_record_from_json (&fyr_membership_info, json_node_get_object (element), NULL)
                : NULL;
    if (found != NULL) {
      g_ptr_array_add (self->memberships, found);
    }
  }
  return self->user != NULL ? g_steal_pointer (&self) : NULL;
}

static gboolean
insert_user (FyrStoreContext *context, const FyrOfflineJob *job, GError **error)
{
  g_autoptr (FyrStatement) drop =
      fyr_store_sql (context, "DELETE FROM offline_user WHERE user_id = ?1 OR user_name = ?2", error);
  g_autoptr (FyrStatement) insert =
      fyr_store_sql (context, "INSERT INTO offline_user VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)", error);

  if (drop == NULL || insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (drop, 1, job->user_id);
  fyr_statement_bind_text (drop, 2, job->user_name);
  fyr_statement_bind_id (insert, 1, job->user_id);
  fyr_statement_bind_text (insert, 2, job->user_name);
  fyr_statement_bind_text (insert, 3, job->record);
  fyr_statement_bind_text (insert, 4, job->memberships);
  fyr_statement_bind_text (insert, 5, job->verifier != NULL ? job->verifier : "");
  return fyr_statement_run (drop, error) && fyr_statement_run (insert, error);
}

static gboolean
admit (FyrStoreContext *context, FyrOfflineJob *job, GError **error)
{
  g_autofree char *device = fyr_meta_get (context->connection, "device", error);

  if (device == NULL) {
    if (error != NULL && *error == NULL) {
      g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_SEALED, "Nobody has signed in yet");
    }
    return FALSE;
  }
  job->admission.device = device;
  job->admission.user_id = job->user_id;
  job->admission.user_name = job->user_name;
  job->admission.server_time = context->now + context->clock_offset;
  job->admission.clock_offset = context->clock_offset;
  if (!fyr_store_keys_admit (context->keys, &job->admission, error)) {
    return FALSE;
  }
  fyr_store_share_damaged (fyr_store_keys_get_path (context->keys), &job->admission);
  return TRUE;
}

/* Her key first: who has a row can sign in. Both in one job: who quits in between would have a key and be unknown. */
static gpointer
remember_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrOfflineJob *job = data;
  gint64 server_time = context->now + context->clock_offset;

  return (!job->has_share || admit (context, job, error)) && insert_user (context, job, error) &&
                 fyr_meta_set_int (context->connection, "last_contact", server_time, error)
             ? FYR_STORE_DONE
             : NULL;
}

static gboolean
make_verifier (FyrOfflineJob *job)
{
  job->verifier = g_malloc0 (crypto_pwhash_STRBYTES);
  return crypto_pwhash_str (job->verifier, job->password, strlen (job->password), cost.passes,
                            (gsize)cost.memory) == 0;
}

static gboolean
make_admission (FyrOfflineJob *job)
{
  randombytes_buf (job->admission.salt, sizeof job->admission.salt);
  memcpy (job->admission.share, job->share, sizeof job->share);
  job->admission.cost = cost;
  return fyr_key_from_password (job->password, job->admission.salt, cost, job->admission.password);
}

static void
hash_password (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FyrOfflineJob *job = data;

  if (sodium_init () < 0 || !(job->has_share ? make_admission (job) : make_verifier (job))) {
    g_task_return_new_error (task, FYR_STORE_ERROR, FYR_STORE_ERROR_FAILED,
                             "Not enough memory for the password");
    return;
  }
  g_task_return_boolean (task, TRUE);
}

static void
after_hash (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_task_return_error (outer, error);
  } else {
    fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_SAVE, remember_job, fyr_offline_job_done);
  }
}

void
fyr_store_remember_user_async (FyrStore *self,
                               FyrUser *user,
                               GPtrArray *memberships,
                               const char *password,
                               const char *share,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  FyrOfflineJob *job;
  g_autoptr (GTask) task =
      fyr_offline_job_new (self, &job, fyr_user_get_user_name (user), password, fyr_store_remember_user_async,
                           cancellable, callback, user_data);

  job->user_id = g_strdup (fyr_record_get_id (FYR_RECORD (user)));
  job->record = record_to_text (FYR_RECORD (user));
  job->memberships = memberships_to_text (memberships);
  job->has_share = fyr_key_share_read (share, job->share);
  fyr_offline_job_hash (self, task, hash_password, after_hash);
}

gboolean
fyr_store_remember_user_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
forget_key_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrOfflineJob *job = data;

  return fyr_store_keys_forget (context->keys, job->user_id, error) ? FYR_STORE_DONE : NULL;
}

static gpointer
forget_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrOfflineJob *job = data;
  g_autoptr (FyrStatement) statement =
      fyr_store_query (context, error, "DELETE FROM offline_user WHERE user_id = ?1", FYR_ID (job->user_id));

  if (statement == NULL) {
    return NULL;
  }
  return fyr_statement_run (statement, error) ? FYR_STORE_DONE : NULL;
}

static void
after_key_forgotten (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;

  if (fyr_offline_job_ran (source, outer, result)) {
    fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_SAVE, forget_job, fyr_offline_job_done);
  }
}

void
fyr_store_forget_user_async (FyrStore *self,
                             const char *user_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  FyrOfflineJob *job;
  g_autoptr (GTask) task = fyr_offline_job_new (self, &job, NULL, NULL, fyr_store_forget_user_async,
                                                cancellable, callback, user_data);

  job->user_id = g_strdup (user_id);
  fyr_offline_job_run (self, task, FYR_STORE_KEYS, forget_key_job,
                       user_id != NULL ? after_key_forgotten : fyr_offline_job_done);
}

gboolean
fyr_store_forget_user_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
