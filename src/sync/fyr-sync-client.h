/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sync-transport.h"
#include "fyr-wire-pull.h"
#include "fyr-wire-push.h"
#include "fyr-wire-sign-in.h"
#include "fyr-wire-witness.h"

G_BEGIN_DECLS

/**
 * FyrSyncFault:
 * @retry_after: milliseconds the server asks to wait, 0 unknown
 * @next: with %FYR_SYNC_ERROR_GAP: the number the server waits for
 * @epoch: (nullable): with %FYR_SYNC_ERROR_EPOCH: the epoch the server is in
 * @schemas: with %FYR_SYNC_ERROR_SCHEMA: what the server serves; 0 to 0 when it does not say
 *
 * What a refusal says besides its kind.
 */
typedef struct {
  gint64 retry_after;
  gint64 next;
  char *epoch;
  FyrWireSchemas schemas;
} FyrSyncFault;

void
fyr_sync_fault_free (FyrSyncFault *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSyncFault, fyr_sync_fault_free)

/**
 * fyr_sync_client_sign_in_async:
 * @request: who; needed until the call returns only
 *
 * The messages of PROTOCOL.md over a transport. The finish functions give the reply, or %NULL with an error
 * of %FYR_SYNC_ERROR (see there what each asks of the caller) or %G_IO_ERROR_CANCELLED; @fault (out)
 * (optional) (nullable) (transfer full) is set when the server refused.
 */
void
fyr_sync_client_sign_in_async (FyrSyncTransport *transport,
                               FyrSignInRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
FyrSignInReply *
fyr_sync_client_sign_in_finish (FyrSyncTransport *transport,
                                GAsyncResult *result,
                                FyrSyncFault **fault,
                                GError **error);

/**
 * fyr_sync_client_sign_out:
 *
 * tells the server, without waiting for its answer; the session is over in any case
 */
void
fyr_sync_client_sign_out (FyrSyncTransport *transport, const char *token);

/** fyr_sync_client_push_async: @body: a push request, see fyr_sync_write_push() */
void
fyr_sync_client_push_async (FyrSyncTransport *transport,
                            const char *token,
                            GBytes *body,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
FyrPushReply *
fyr_sync_client_push_finish (FyrSyncTransport *transport,
                             GAsyncResult *result,
                             FyrSyncFault **fault,
                             GError **error);

/** fyr_sync_client_pull_async: a page is taken apart on another thread, so that the interface stays quick */
void
fyr_sync_client_pull_async (FyrSyncTransport *transport,
                            const char *token,
                            FyrPullRequest *request,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
FyrPullReply *
fyr_sync_client_pull_finish (FyrSyncTransport *transport,
                             GAsyncResult *result,
                             FyrSyncFault **fault,
                             GError **error);

/** fyr_sync_client_witness_async: offers records to a server that was restored */
void
fyr_sync_client_witness_async (FyrSyncTransport *transport,
                               const char *token,
                               FyrWitnessRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
FyrWitnessReply *
fyr_sync_client_witness_finish (FyrSyncTransport *transport,
                                GAsyncResult *result,
                                FyrSyncFault **fault,
                                GError **error);

/**
 * fyr_sync_client_check_schemas:
 * @own: what this program reads and writes, fyr_wire_schemas_own()
 * @served: what a server does
 *
 * Returns: the highest schema in common, or 0 with %FYR_SYNC_ERROR_SCHEMA or _SERVER_OLD
 */
int
fyr_sync_client_check_schemas (FyrWireSchemas own, FyrWireSchemas served, GError **error);

/** fyr_sync_client_judge: the error a refusal of @status with @body stands for, and what it says besides */
GError *
fyr_sync_client_judge (FyrSyncAnswer *answer, FyrSyncFault **fault);

G_END_DECLS
