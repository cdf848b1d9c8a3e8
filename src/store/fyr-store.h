/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fyr-change-set.h"
#include "fyr-mutation.h"
#include "fyr-store-error.h"

G_BEGIN_DECLS

#define FYR_TYPE_STORE (fyr_store_get_type ())
G_DECLARE_FINAL_TYPE (FyrStore, fyr_store, FYR, STORE, GObject)

/**
 * FyrStore:
 *
 * The workstation's database. All of SQLite runs on a thread of its own; every call here returns at once
 * and answers on the main context it was called from. Saves go before queries, queries before sync.
 *
 * Signal `changed (FyrStore *store, FyrChangeSet *changes)`: after a commit, on the main context the store
 * was
 * opened on. Commits that follow each other before it could be told are told together.
 */

/**
 * fyr_store_open_async:
 * @path: the database file; made, with its folder, when it is not there
 * @cancellable: (nullable): a cancellable
 *
 * Opens the database alone for this process and brings its tables to this program's version. One that is sealed until
 * somebody signs in (fyr-offline-user.h) is opened then; until then calls fail with %FYR_STORE_ERROR_SEALED.
 */
void
fyr_store_open_async (const char *path,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);

/**
 * fyr_store_open_finish:
 *
 * Returns: (transfer full) (nullable): the store, or %NULL with error %FYR_STORE_ERROR_LOCKED_BY_OTHER,
 * _NEWER,
 * _CORRUPT, _FULL or _IO. On no error is the file changed or deleted
 */
FyrStore *
fyr_store_open_finish (GAsyncResult *result, GError **error);

/**
 * fyr_store_close_async:
 *
 * Finishes what was asked before, closes the file and ends the thread. Calls after this fail with
 * %FYR_STORE_ERROR_CLOSED. Dropping the last reference does the same without waiting.
 */
void
fyr_store_close_async (FyrStore *self, GAsyncReadyCallback callback, gpointer user_data);

/** fyr_store_close_finish: Returns: %TRUE; %FALSE with error when it was closed before */
gboolean
fyr_store_close_finish (FyrStore *self, GAsyncResult *result, GError **error);

#define FYR_TYPE_SAVE_RECEIPT (fyr_save_receipt_get_type ())
G_DECLARE_FINAL_TYPE (FyrSaveReceipt, fyr_save_receipt, FYR, SAVE_RECEIPT, GObject)

/**
 * fyr_save_receipt_get_keys:
 *
 * Returns: (transfer none) (element-type gint64): the outbox keys of what was saved, in order
 */
GArray *
fyr_save_receipt_get_keys (FyrSaveReceipt *self);

/**
 * fyr_save_receipt_get_undo:
 *
 * Returns: (transfer none) (element-type FyrMutation): mutations that take it back, in the order to save
 * them.
 * Empty when it cannot be taken back (a note, a measurement: facts are corrected, not undone)
 */
GPtrArray *
fyr_save_receipt_get_undo (FyrSaveReceipt *self);

/**
 * fyr_store_save_async:
 * @mutations: (element-type FyrMutation): what to do, in order; all or none
 *
 * Writes the changed rows and the outbox rows in one transaction with full sync. When this succeeds the
 * work survives a power cut, is visible in every query, and will be sent when there is a network.
 */
void
fyr_store_save_async (FyrStore *self,
                      GPtrArray *mutations,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);

/**
 * fyr_store_save_finish:
 *
 * Returns: (transfer full) (nullable): receipt, or %NULL with error %FYR_STORE_ERROR_FULL or _IO (nothing
 * was saved; keep the user's text on screen), _INVALID, _REFUSED or _UNKNOWN_RECORD
 */
FyrSaveReceipt *
fyr_store_save_finish (FyrStore *self, GAsyncResult *result, GError **error);

/** fyr_store_save_one_async: as fyr_store_save_async() for a single mutation; the same finish */
void
fyr_store_save_one_async (FyrStore *self,
                          FyrMutation *mutation,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/**
 * fyr_store_discard_async:
 * @key: of fyr_outbox_entry_get_key(); in state conflict, refused or held
 *
 * The author has seen it and gives it up: the record shows the server's state.
 */
void
fyr_store_discard_async (
    FyrStore *self, gint64 key, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/**
 * fyr_store_discard_finish:
 *
 * Returns: %TRUE, or %FALSE with error %FYR_STORE_ERROR_REFUSED in another state
 */
gboolean
fyr_store_discard_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_retry_async:
 * @key: of fyr_outbox_entry_get_key(); in state conflict, refused or held
 *
 * The author insists: the same is saved again as new work based on the record as it is now ("mine" in a
 * conflict), and the old entry is discarded.
 */
void
fyr_store_retry_async (
    FyrStore *self, gint64 key, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/** fyr_store_retry_finish: Returns: %TRUE, or %FALSE with error as fyr_store_save_finish() */
gboolean
fyr_store_retry_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_undiscard_async:
 * @key: of an entry given up by fyr_store_discard_async()
 *
 * Takes the giving up back: a conflict or refusal waits for a decision again, held work is saved again.
 */
void
fyr_store_undiscard_async (
    FyrStore *self, gint64 key, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/** fyr_store_undiscard_finish: Returns: %TRUE, or %FALSE with error %FYR_STORE_ERROR_REFUSED in another state */
gboolean
fyr_store_undiscard_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_decide_async:
 * @key: of an update in state conflict or refused
 * @values: field name → value, null for none; as in a mutation's `fields`. Kept; not to be changed any more
 *
 * The author decides field by field: what she wrote is saved again as new work based on the record as it is
 * now, with @values in place of what it holds for those fields; the old entry is discarded. Values that are
 * what the record has now change nothing.
 */
void
fyr_store_decide_async (FyrStore *self,
                        gint64 key,
                        JsonObject *values,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/** fyr_store_decide_finish: Returns: %TRUE, or %FALSE with error as fyr_store_save_finish(); nothing is done then */
gboolean
fyr_store_decide_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_backup_async:
 * @path: file to make
 *
 * Copies the database; keeps working meanwhile in every other call's eyes (they wait their turn).
 */
void
fyr_store_backup_async (FyrStore *self,
                        const char *path,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/** fyr_store_backup_finish: Returns: %TRUE, or %FALSE with error %FYR_STORE_ERROR_FULL or _IO */
gboolean
fyr_store_backup_finish (FyrStore *self, GAsyncResult *result, GError **error);

/**
 * fyr_store_verify_async:
 * @every: ms: not when it was done within this time
 *
 * Reads every page, when nothing else is to be done, so that one that rotted and that nobody asks for is found while
 * the server still has its rows. The call after one that finds damage sets the database aside and makes it anew.
 */
void
fyr_store_verify_async (FyrStore *self,
                        gint64 every,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);

/** fyr_store_verify_finish: Returns: %TRUE, or %FALSE with error %FYR_STORE_ERROR_CORRUPT */
gboolean
fyr_store_verify_finish (FyrStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
