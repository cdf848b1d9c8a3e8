/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-offline-user.h"
#include "fyr-store-private.h"

G_BEGIN_DECLS

/* Shared by fyr-offline-user.c (who is known here) and fyr-offline-sign-in.c (whether it is she). */

/** FyrOfflineJob: what a call here needs through all its steps; the password is wiped when it is done */
typedef struct {
  char *user_name; /* folded */
  char *password;
  char *user_id;
  char *record;
  char *memberships;
  char *verifier;     /* (nullable): where this machine's share alone opens the database */
  gboolean shared;    /* whether it does not */
  gboolean has_share; /* whether the server said one: */
  guint8 share[FYR_SHARE_BYTES];
  FyrKeyAdmission admission;
  /* between the steps of a sign-in */
  FyrKeyTrial trial;
  gboolean known;
  FyrPageKey *main_key; /* (nullable) */
  FyrOfflineUser *found;
  gboolean locked;
  gboolean right;
  gboolean expired;
} FyrOfflineJob;

/** fyr_offline_job_new: Returns: (transfer full): @task with its data set; @job: (out): the data */
GTask *
fyr_offline_job_new (FyrStore *store,
                     FyrOfflineJob **job,
                     const char *user_name,
                     const char *password,
                     gpointer tag,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);

/**
 * fyr_offline_job_hash: runs @func with @outer's job on a worker: hashing takes a tenth of a second and 64 MiB; @next
 * gets @outer
 */
void
fyr_offline_job_hash (FyrStore *store, GTask *outer, GTaskThreadFunc func, GAsyncReadyCallback next);

/** fyr_offline_job_run: runs @func with @outer's job on the store's thread; @next gets @outer */
void
fyr_offline_job_run (
    FyrStore *store, GTask *outer, FyrStoreMode mode, FyrStoreFunc func, GAsyncReadyCallback next);

/** fyr_offline_job_ran: Returns: whether it could be done; else @outer has been answered */
gboolean
fyr_offline_job_ran (GObject *store, GTask *outer, GAsyncResult *result);

/** fyr_offline_job_done: the last step of what answers %TRUE; @outer: (transfer full): the task that is answered */
void
fyr_offline_job_done (GObject *store, GAsyncResult *result, gpointer outer);

/** fyr_offline_cost: what a password costs from here on */
FyrKeyCost
fyr_offline_cost (void);

/** fyr_offline_user_read: Returns: (transfer full) (nullable): what insert_user() kept as JSON */
FyrOfflineUser *
fyr_offline_user_read (const char *record, const char *memberships);

G_END_DECLS
