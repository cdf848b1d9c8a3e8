/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-offline-user.h"

#include <sodium.h>
#include <string.h>

#include "fyr-store-private.h"
#include "fyr-store-sql.h"

/* security.md: Argon2id, at least 64 MiB, three passes. */
static gsize verifier_passes = 3;
static gsize verifier_bytes = 64 * 1024 * 1024;

#define MAX_FAILURES 5
#define LOCK_MS (G_GINT64_CONSTANT (15) * 60 * 1000)
#define OFFLINE_MS ((gint64)FYR_OFFLINE_HOURS * 3600 * 1000)

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
  verifier_passes = crypto_pwhash_OPSLIMIT_MIN;
  verifier_bytes = crypto_pwhash_MEMLIMIT_MIN;
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

/* What a job here needs; the password is wiped when it is done. */
typedef struct {
  char *user_name; /* folded */
  char *password;
  char *user_id;
  char *record;
  char *memberships;
  /* between the steps of a sign-in */
  char *verifier;
  FyrOfflineUser *found;
  gboolean locked;
  gboolean right;
  gboolean expired;
} SignIn;

static void
sign_in_free (SignIn *sign_in)
{
  if (sign_in->password != NULL) {
    sodium_memzero (sign_in->password, strlen (sign_in->password));
  }
  g_clear_object (&sign_in->found);
  g_free (sign_in->password);
  g_free (sign_in->user_name);
  g_free (sign_in->user_id);
  g_free (sign_in->record);
  g_free (sign_in->memberships);
  g_free (sign_in->verifier);
  g_free (sign_in);
}

static char *
fold_user_name (const char *user_name)
{
  g_autofree char *stripped = g_strstrip (g_strdup (user_name != NULL ? user_name : ""));

  return g_utf8_validate (stripped, -1, NULL) ? g_utf8_casefold (stripped, -1) : g_strdup ("");
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

static FyrOfflineUser *
read_offline_user (const char *record, const char *memberships)
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
insert_user (FyrStoreContext *context, const SignIn *sign_in, GError **error)
{
  g_autoptr (FyrStatement) drop =
      fyr_store_sql (context, "DELETE FROM offline_user WHERE user_id = ?1 OR user_name = ?2", error);
  g_autoptr (FyrStatement) insert =
      fyr_store_sql (context, "INSERT INTO offline_user VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)", error);

  if (drop == NULL || insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (drop, 1, sign_in->user_id);
  fyr_statement_bind_text (drop, 2, sign_in->user_name);
  fyr_statement_bind_id (insert, 1, sign_in->user_id);
  fyr_statement_bind_text (insert, 2, sign_in->user_name);
  fyr_statement_bind_text (insert, 3, sign_in->record);
  fyr_statement_bind_text (insert, 4, sign_in->memberships);
  fyr_statement_bind_text (insert, 5, sign_in->verifier);
  return fyr_statement_run (drop, error) && fyr_statement_run (insert, error);
}

static gpointer
remember_job (FyrStoreContext *context, gpointer data, GError **error)
{
  gint64 server_time = context->now + context->clock_offset;

  return insert_user (context, data, error) &&
                 fyr_meta_set_int (context->connection, "last_contact", server_time, error)
             ? FYR_STORE_DONE
             : NULL;
}

/* Hashing takes a tenth of a second and 64 MiB: on a worker, not on the store's thread. */
static void
hash_password (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SignIn *sign_in = data;

  sign_in->verifier = g_malloc0 (crypto_pwhash_STRBYTES);
  if (sodium_init () < 0 ||
      crypto_pwhash_str (sign_in->verifier, sign_in->password, strlen (sign_in->password), verifier_passes,
                         verifier_bytes) != 0) {
    g_task_return_new_error (task, FYR_STORE_ERROR, FYR_STORE_ERROR_FAILED,
                             "Not enough memory for the password");
    return;
  }
  g_task_return_boolean (task, TRUE);
}

/* Ends the outer task with what the inner call said. */
static void
pass_on (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  GError *error = NULL;

  if (fyr_store_run_finish (FYR_STORE (source), g_task_get_source_tag (outer), result, &error) == NULL) {
    g_task_return_error (outer, error);
  } else {
    g_task_return_boolean (outer, TRUE);
  }
}

static void
store_verifier (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  GError *error = NULL;
  const FyrStoreJob job = {
    FYR_STORE_SAVE, remember_job, g_task_get_task_data (outer), NULL, NULL, g_task_get_source_tag (outer),
  };

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_task_return_error (outer, error);
    return;
  }
  fyr_store_run_async (FYR_STORE (source), &job, NULL, pass_on, g_steal_pointer (&outer));
}

static GTask *
new_sign_in_task (FyrStore *self,
                  SignIn *sign_in,
                  gpointer tag,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, sign_in, (GDestroyNotify)sign_in_free);
  return task;
}

static void
run_hash (FyrStore *self, GTask *outer, GTaskThreadFunc func, GAsyncReadyCallback next)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, next, g_object_ref (outer));

  g_task_set_task_data (task, g_task_get_task_data (outer), NULL);
  g_task_run_in_thread (task, func);
}

void
fyr_store_remember_user_async (FyrStore *self,
                               FyrUser *user,
                               GPtrArray *memberships,
                               const char *password,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  SignIn *sign_in = g_new0 (SignIn, 1);
  g_autoptr (GTask) task =
      new_sign_in_task (self, sign_in, fyr_store_remember_user_async, cancellable, callback, user_data);

  sign_in->user_name = fold_user_name (fyr_user_get_user_name (user));
  sign_in->user_id = g_strdup (fyr_record_get_id (FYR_RECORD (user)));
  sign_in->record = record_to_text (FYR_RECORD (user));
  sign_in->memberships = memberships_to_text (memberships);
  sign_in->password = g_strdup (password);
  run_hash (self, task, hash_password, store_verifier);
}

gboolean
fyr_store_remember_user_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
find_user_job (FyrStoreContext *context, gpointer data, GError **error)
{
  SignIn *sign_in = data;
  gint64 last_contact = fyr_meta_get_int (context->connection, "last_contact");
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context,
      "SELECT user_id, record, memberships, verifier, locked_until FROM offline_user WHERE user_name = ?1",
      error);
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  sign_in->expired = context->now + context->clock_offset - last_contact > OFFLINE_MS;
  fyr_statement_bind_text (statement, 1, sign_in->user_name);
  step = fyr_statement_step (statement, error);
  if (step == FYR_STEP_ROW) {
    sign_in->user_id = g_strdup (fyr_statement_get_id (statement, 0));
    sign_in->found =
        read_offline_user (fyr_statement_get_text (statement, 1), fyr_statement_get_text (statement, 2));
    sign_in->verifier = g_strdup (fyr_statement_get_text (statement, 3));
    sign_in->locked = fyr_statement_get_int (statement, 4) > context->now;
  }
  return step != FYR_STEP_ERROR ? FYR_STORE_DONE : NULL;
}

static void
verify_password (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  SignIn *sign_in = data;
  char verifier[crypto_pwhash_STRBYTES] = { 0 };

  if (sodium_init () < 0) {
    g_task_return_new_error (task, FYR_STORE_ERROR, FYR_STORE_ERROR_FAILED, "No cryptography");
    return;
  }
  if (sign_in->verifier == NULL) {
    /* As much work as for a known name, so that time does not tell who is known. */
    sign_in->right = crypto_pwhash_str (verifier, sign_in->password, strlen (sign_in->password),
                                        verifier_passes, verifier_bytes) == 2; /* never */
  } else {
    g_strlcpy (verifier, sign_in->verifier, sizeof verifier);
    sign_in->right =
        crypto_pwhash_str_verify (verifier, sign_in->password, strlen (sign_in->password)) == 0 &&
        !sign_in->locked;
  }
  g_task_return_boolean (task, TRUE);
}

static gpointer
note_attempt_job (FyrStoreContext *context, gpointer data, GError **error)
{
  SignIn *sign_in = data;
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error, /* Trying on while locked does not prolong it. */
      "UPDATE offline_user SET failures = CASE WHEN ?2 THEN 0 ELSE (failures + 1) % ?3 END,"
      " locked_until = CASE WHEN ?2 THEN 0 WHEN failures + 1 >= ?3 THEN ?4 ELSE locked_until END"
      " WHERE user_id = ?1 AND locked_until <= ?5",
      FYR_ID (sign_in->user_id), FYR_INT (sign_in->right), FYR_INT (MAX_FAILURES),
      FYR_INT (context->now + LOCK_MS), FYR_INT (context->now));

  if (statement == NULL) {
    return NULL;
  }
  return fyr_statement_run (statement, error) ? FYR_STORE_DONE : NULL;
}

static void
answer_attempt (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  SignIn *sign_in = g_task_get_task_data (outer);
  GError *error = NULL;

  if (fyr_store_run_finish (FYR_STORE (source), g_task_get_source_tag (outer), result, &error) == NULL) {
    g_task_return_error (outer, error);
  } else if (sign_in->locked) {
    g_task_return_new_error (outer, FYR_STORE_ERROR, FYR_STORE_ERROR_LOCKED_OUT, "Too many wrong passwords");
  } else if (!sign_in->right || sign_in->found == NULL) {
    g_task_return_new_error (outer, FYR_STORE_ERROR, FYR_STORE_ERROR_CREDENTIALS,
                             "Wrong user name or password");
  } else if (sign_in->expired) {
    g_task_return_new_error (outer, FYR_STORE_ERROR, FYR_STORE_ERROR_EXPIRED,
                             "No contact with the server for long");
  } else {
    g_task_return_pointer (outer, g_steal_pointer (&sign_in->found), g_object_unref);
  }
}

static void
after_verify (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  SignIn *sign_in = g_task_get_task_data (outer);
  GError *error = NULL;
  const FyrStoreJob job = { FYR_STORE_SAVE, note_attempt_job,
                            sign_in,        NULL,
                            NULL,           g_task_get_source_tag (outer) };

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_task_return_error (outer, error);
    return;
  }
  fyr_store_run_async (FYR_STORE (source), &job, NULL, answer_attempt, g_steal_pointer (&outer));
}

static void
after_find (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  GError *error = NULL;

  if (fyr_store_run_finish (FYR_STORE (source), g_task_get_source_tag (outer), result, &error) == NULL) {
    g_task_return_error (outer, error);
    return;
  }
  run_hash (FYR_STORE (source), outer, verify_password, after_verify);
}

void
fyr_store_check_user_async (FyrStore *self,
                            const char *user_name,
                            const char *password,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  SignIn *sign_in = g_new0 (SignIn, 1);
  g_autoptr (GTask) task =
      new_sign_in_task (self, sign_in, fyr_store_check_user_async, cancellable, callback, user_data);
  const FyrStoreJob job = { FYR_STORE_QUERY, find_user_job, sign_in, NULL, NULL, fyr_store_check_user_async };

  sign_in->user_name = fold_user_name (user_name);
  sign_in->password = g_strdup (password != NULL ? password : "");
  fyr_store_run_async (self, &job, NULL, after_find, g_steal_pointer (&task));
}

FyrOfflineUser *
fyr_store_check_user_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
forget_job (FyrStoreContext *context, gpointer data, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_store_query (context, error, "DELETE FROM offline_user WHERE user_id = ?1", FYR_ID (data));

  if (statement == NULL) {
    return NULL;
  }
  return fyr_statement_run (statement, error) ? FYR_STORE_DONE : NULL;
}

void
fyr_store_forget_user_async (FyrStore *self,
                             const char *user_id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  const FyrStoreJob job = {
    FYR_STORE_SAVE, forget_job, g_strdup (user_id), g_free, NULL, fyr_store_forget_user_async,
  };

  fyr_store_run_async (self, &job, cancellable, callback, user_data);
}

gboolean
fyr_store_forget_user_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  return fyr_store_run_finish (self, fyr_store_forget_user_async, result, error) != NULL;
}
