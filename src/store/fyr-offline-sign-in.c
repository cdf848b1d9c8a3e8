/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether it is she, without the server's word; and the opening of the database by whoever has signed in.
 */
#include <string.h>

#include "fyr-offline-private.h"
#include "fyr-store-sql.h"

#define MAX_FAILURES 5
#define LOCK_MS (G_GINT64_CONSTANT (15) * 60 * 1000)

/* Where the database is shared, her password is right when it opens the wrap of the main key. */
static gpointer
find_key_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrOfflineJob *job = data;

  job->shared = fyr_store_keys_is_shared (context->keys);
  job->expired = job->shared && !fyr_store_keys_has_lease (context->keys);
  job->known = fyr_store_keys_find (context->keys, job->user_name, &job->trial);
  job->locked = job->trial.locked_until > context->now;
  if (!job->known) {
    job->trial.cost = fyr_offline_cost ();
  }
  return FYR_STORE_DONE;
}

static gpointer
find_row_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrOfflineJob *job = data;
  gint64 last_contact = fyr_meta_get_int (context->connection, "last_contact");
  g_autoptr (FyrStatement) statement = fyr_store_sql (
      context,
      "SELECT user_id, record, memberships, verifier, locked_until FROM offline_user WHERE user_name = ?1",
      error);
  FyrStep step;

  if (statement == NULL) {
    return NULL;
  }
  fyr_statement_bind_text (statement, 1, job->user_name);
  step = fyr_statement_step (statement, error);
  if (step == FYR_STEP_ROW) {
    job->user_id = g_strdup (fyr_statement_get_id (statement, 0));
    job->found =
        fyr_offline_user_read (fyr_statement_get_text (statement, 1), fyr_statement_get_text (statement, 2));
  }
  if (step == FYR_STEP_ROW && !job->shared) {
    job->verifier = g_strdup (fyr_statement_get_text (statement, 3));
    job->locked = fyr_statement_get_int (statement, 4) > context->now;
  }
  if (!job->shared) {
    job->expired = context->now + context->clock_offset - last_contact > FYR_OFFLINE_MS;
  }
  return step != FYR_STEP_ERROR ? FYR_STORE_DONE : NULL;
}

static void
verify_row (FyrOfflineJob *job)
{
  char verifier[crypto_pwhash_STRBYTES] = { 0 };
  FyrKeyCost cost = fyr_offline_cost ();

  if (job->verifier == NULL) {
    /* As much work as for a known name, so that time does not tell who is known. */
    job->right = crypto_pwhash_str (verifier, job->password, strlen (job->password), cost.passes,
                                    (gsize)cost.memory) == 2; /* never */
    return;
  }
  g_strlcpy (verifier, job->verifier, sizeof verifier);
  job->right = crypto_pwhash_str_verify (verifier, job->password, strlen (job->password)) == 0;
}

static void
verify_password (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FyrOfflineJob *job = data;

  if (sodium_init () < 0) {
    g_task_return_new_error (task, FYR_STORE_ERROR, FYR_STORE_ERROR_FAILED, "No cryptography");
    return;
  }
  if (job->shared) {
    job->main_key = fyr_key_trial_run (&job->trial, job->password);
    job->right = job->main_key != NULL;
  } else {
    verify_row (job);
  }
  job->right = job->right && !job->locked;
  g_task_return_boolean (task, TRUE);
}

static gpointer
note_row_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrOfflineJob *job = data;
  g_autoptr (FyrStatement) statement = fyr_store_query (
      context, error, /* Trying on while locked does not prolong it. */
      "UPDATE offline_user SET failures = CASE WHEN ?2 THEN 0 ELSE (failures + 1) % ?3 END,"
      " locked_until = CASE WHEN ?2 THEN 0 WHEN failures + 1 >= ?3 THEN ?4 ELSE locked_until END"
      " WHERE user_id = ?1 AND locked_until <= ?5",
      FYR_ID (job->user_id), FYR_INT (job->right), FYR_INT (MAX_FAILURES), FYR_INT (context->now + LOCK_MS),
      FYR_INT (context->now));

  if (statement == NULL) {
    return NULL;
  }
  return fyr_statement_run (statement, error) ? FYR_STORE_DONE : NULL;
}

static gpointer
note_key_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrOfflineJob *job = data;

  return fyr_store_keys_note_attempt (context->keys, job->user_name, job->right, context->now, error) &&
                 (!job->right || fyr_store_keys_unlock (context->keys, job->main_key, error))
             ? FYR_STORE_DONE
             : NULL;
}

static void
answer_expired (GTask *outer)
{
  g_task_return_new_error (outer, FYR_STORE_ERROR, FYR_STORE_ERROR_EXPIRED,
                           "No contact with the server for long");
}

/* That it was long without contact is told to who has the right password. */
static void
answer_attempt (GTask *outer)
{
  FyrOfflineJob *job = g_task_get_task_data (outer);

  if (job->locked) {
    g_task_return_new_error (outer, FYR_STORE_ERROR, FYR_STORE_ERROR_LOCKED_OUT, "Too many wrong passwords");
  } else if (!job->right || job->found == NULL) {
    g_task_return_new_error (outer, FYR_STORE_ERROR, FYR_STORE_ERROR_CREDENTIALS,
                             "Wrong user name or password");
  } else if (job->expired) {
    answer_expired (outer);
  } else {
    g_task_return_pointer (outer, g_steal_pointer (&job->found), g_object_unref);
  }
}

static void
after_all (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;

  if (fyr_offline_job_ran (source, outer, result)) {
    answer_attempt (outer);
  }
}

static void
after_offline_opening (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;

  if (fyr_offline_job_ran (source, outer, result)) {
    fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_QUERY, find_row_job, after_all);
  }
}

static void
after_key_noted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  FyrOfflineJob *job = g_task_get_task_data (outer);

  if (!fyr_offline_job_ran (source, outer, result)) {
    return;
  }
  if (job->right) {
    fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_SAVE, fyr_store_take_in_parked,
                         after_offline_opening);
  } else {
    answer_attempt (outer);
  }
}

static void
after_verify (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  FyrOfflineJob *job = g_task_get_task_data (outer);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_task_return_error (outer, error);
  } else if (job->shared) {
    fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_KEYS, note_key_job, after_key_noted);
  } else {
    fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_SAVE, note_row_job, after_all);
  }
}

static void
after_row (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;

  if (fyr_offline_job_ran (source, outer, result)) {
    fyr_offline_job_hash (FYR_STORE (source), outer, verify_password, after_verify);
  }
}

static void
after_key (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  FyrOfflineJob *job = g_task_get_task_data (outer);

  if (!fyr_offline_job_ran (source, outer, result)) {
    return;
  }
  if (job->shared && job->expired) {
    /* Without a lease no password can be tried. */
    answer_expired (outer);
  } else if (job->shared) {
    fyr_offline_job_hash (FYR_STORE (source), outer, verify_password, after_verify);
  } else {
    fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_QUERY, find_row_job, after_row);
  }
}

void
fyr_store_check_user_async (FyrStore *self,
                            const char *user_name,
                            const char *password,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  FyrOfflineJob *job;
  g_autoptr (GTask) task = fyr_offline_job_new (self, &job, user_name, password, fyr_store_check_user_async,
                                                cancellable, callback, user_data);

  fyr_offline_job_run (self, task, FYR_STORE_KEYS, find_key_job, after_key);
}

FyrOfflineUser *
fyr_store_check_user_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The server has let her in. */

static gpointer
recover_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrOfflineJob *job = data;

  job->right = fyr_store_keys_get_key (context->keys) != NULL;
  if (!job->right && job->has_share) {
    job->main_key = fyr_store_keys_recover (context->keys, job->share);
  }
  if (job->main_key != NULL) {
    job->right = fyr_store_keys_unlock (context->keys, job->main_key, error);
    return job->right ? FYR_STORE_DONE : NULL;
  }
  return find_key_job (context, data, error);
}

static gpointer
unlock_job (FyrStoreContext *context, gpointer data, GError **error)
{
  FyrOfflineJob *job = data;

  if (!job->right) {
    g_set_error_literal (error, FYR_STORE_ERROR, FYR_STORE_ERROR_FOREIGN,
                         "The server has no share of this database");
    return NULL;
  }
  return fyr_store_keys_unlock (context->keys, job->main_key, error) ? FYR_STORE_DONE : NULL;
}

static void
after_unlock (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;

  if (fyr_offline_job_ran (source, outer, result)) {
    fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_SAVE, fyr_store_take_in_parked,
                         fyr_offline_job_done);
  }
}

static void
after_trial (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)) {
    g_task_return_error (outer, error);
    return;
  }
  fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_KEYS, unlock_job, after_unlock);
}

/* Another server, or one that has no share to give: while the lease lasts, her password opens it. */
static void
after_recovery (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;
  FyrOfflineJob *job = g_task_get_task_data (outer);

  if (!fyr_offline_job_ran (source, outer, result)) {
    return;
  }
  if (job->right) {
    fyr_offline_job_run (FYR_STORE (source), outer, FYR_STORE_SAVE, fyr_store_take_in_parked,
                         fyr_offline_job_done);
  } else {
    job->locked = FALSE;
    fyr_offline_job_hash (FYR_STORE (source), outer, verify_password, after_trial);
  }
}

void
fyr_store_unlock_async (FyrStore *self,
                        const char *share,
                        const char *user_name,
                        const char *password,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  FyrOfflineJob *job;
  g_autoptr (GTask) task = fyr_offline_job_new (self, &job, user_name, password, fyr_store_unlock_async,
                                                cancellable, callback, user_data);

  job->has_share = fyr_key_share_read (share, job->share);
  fyr_offline_job_run (self, task, FYR_STORE_KEYS, recover_job, after_recovery);
}

gboolean
fyr_store_unlock_finish (FyrStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
