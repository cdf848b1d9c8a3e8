/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-sync-client.h"

#include <string.h>

#define BIG_ENOUGH_FOR_A_THREAD (32 * 1024)

typedef gpointer (*ParseFunc) (const char *text, gsize length, GError **error);

typedef struct {
  FyrSyncTransport *transport;
  ParseFunc parse;
  GDestroyNotify free_reply;
  FyrSyncFault *fault;
  GBytes *body; /* of the answer, while it is taken apart */
} Call;

void
fyr_sync_fault_free (FyrSyncFault *self)
{
  if (self == NULL) {
    return;
  }
  g_free (self->epoch);
  g_free (self);
}

static void
call_free (Call *call)
{
  g_object_unref (call->transport);
  fyr_sync_fault_free (call->fault);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_free (call);
}

typedef struct {
  guint status;
  const char *code;
  FyrSyncErrorCode error;
} Refusal;

/* PROTOCOL.md's table; a code decides before a status does. */
static const Refusal refusals[] = {
  { 401, "credentials", FYR_SYNC_ERROR_CREDENTIALS },
  { 403, "refused", FYR_SYNC_ERROR_CREDENTIALS },
  { 403, "shut-out", FYR_SYNC_ERROR_SHUT_OUT },
  { 409, "not-needed", FYR_SYNC_ERROR_NOT_NEEDED },
  { 429, "too-many", FYR_SYNC_ERROR_TOO_MANY },
  { 429, "locked-out", FYR_SYNC_ERROR_LOCKED_OUT },
  { 409, "gap", FYR_SYNC_ERROR_GAP },
  { 409, "fork", FYR_SYNC_ERROR_FORK },
  { 409, "epoch", FYR_SYNC_ERROR_EPOCH },
  { 400, NULL, FYR_SYNC_ERROR_MALFORMED },
  { 401, NULL, FYR_SYNC_ERROR_UNAUTHENTICATED },
  { 403, NULL, FYR_SYNC_ERROR_FORBIDDEN },
  { 413, NULL, FYR_SYNC_ERROR_TOO_LARGE },
  { 426, NULL, FYR_SYNC_ERROR_SCHEMA },
  { 429, NULL, FYR_SYNC_ERROR_BUSY },
  { 502, NULL, FYR_SYNC_ERROR_NETWORK },
  { 503, NULL, FYR_SYNC_ERROR_BUSY },
  { 504, NULL, FYR_SYNC_ERROR_NETWORK },
};

static FyrSyncErrorCode
find_refusal (guint status, const char *code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++) {
    if (refusals[i].status == status && (refusals[i].code == NULL || strcmp (refusals[i].code, code) == 0)) {
      return refusals[i].error;
    }
  }
  return status >= 500 ? FYR_SYNC_ERROR_BUSY : FYR_SYNC_ERROR_MALFORMED;
}

int
fyr_sync_client_check_schemas (FyrWireSchemas own, FyrWireSchemas served, GError **error)
{
  int agreed = fyr_wire_schemas_agree (own, served);

  if (agreed == 0) {
    g_set_error (error, FYR_SYNC_ERROR,
                 fyr_wire_schemas_is_older (served, own) ? FYR_SYNC_ERROR_SERVER_OLD : FYR_SYNC_ERROR_SCHEMA,
                 "The server serves schemas %d to %d", served.min, served.max);
  }
  return agreed;
}

GError *
fyr_sync_client_judge (FyrSyncAnswer *answer, FyrSyncFault **fault)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (answer->body, &length);
  g_autoptr (FyrWireProblem) problem = fyr_wire_problem_parse (text != NULL ? text : "", length);
  FyrSyncFault *made = g_new0 (FyrSyncFault, 1);

  made->retry_after = answer->retry_after;
  made->next = problem->next;
  made->epoch = g_strdup (problem->epoch);
  made->schemas = problem->schemas;
  *fault = made;
  if (answer->status == 426 && fyr_wire_schemas_is_older (problem->schemas, fyr_wire_schemas_own ())) {
    return g_error_new_literal (FYR_SYNC_ERROR, FYR_SYNC_ERROR_SERVER_OLD, "The server is too old");
  }
  return g_error_new (FYR_SYNC_ERROR, (int)find_refusal (answer->status, problem->code),
                      "The server answered %u %s", answer->status, problem->code);
}

static void
take_apart (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  gsize length = 0;
  const char *text = g_bytes_get_data (call->body, &length);
  g_autoptr (GError) error = NULL;
  gpointer reply = call->parse (text != NULL ? text : "", length, &error);

  if (reply == NULL) {
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_MALFORMED, "%s",
                             error != NULL ? error->message : "The answer is none of the protocol's");
    return;
  }
  g_task_return_pointer (task, reply, call->free_reply);
}

static void
take_apart_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  take_apart (task);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (FyrSyncAnswer) answer = NULL;
  GError *error = NULL;

  answer = fyr_sync_transport_exchange_finish (FYR_SYNC_TRANSPORT (source), result, &error);
  if (answer == NULL) {
    g_task_return_error (task, error);
    return;
  }
  if (answer->status != 200) {
    g_task_return_error (task, fyr_sync_client_judge (answer, &call->fault));
    return;
  }
  call->body = g_bytes_ref (answer->body);
  if (g_bytes_get_size (call->body) < BIG_ENOUGH_FOR_A_THREAD) {
    take_apart (task);
  } else {
    g_task_run_in_thread (task, take_apart_in_thread);
  }
}

static void
start_call (FyrSyncTransport *transport,
            const char *path,
            GBytes *body,
            const char *token,
            ParseFunc parse,
            GDestroyNotify free_reply,
            GTask *task)
{
  Call *call = g_new0 (Call, 1);

  call->transport = g_object_ref (transport);
  call->parse = parse;
  call->free_reply = free_reply;
  g_task_set_task_data (task, call, (GDestroyNotify)call_free);
  fyr_sync_transport_exchange_async (transport, path, body, token, g_task_get_cancellable (task), on_answer,
                                     task);
}

static gpointer
finish_call (FyrSyncTransport *transport, GAsyncResult *result, FyrSyncFault **fault, GError **error)
{
  Call *call = g_task_get_task_data (G_TASK (result));

  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);
  if (fault != NULL) {
    *fault = g_steal_pointer (&call->fault);
  }
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
fyr_sync_client_sign_in_async (FyrSyncTransport *transport,
                               FyrSignInRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GBytes) body = NULL;

  fyr_sign_in_request_write (request, text);
  body = g_string_free_to_bytes (text);
  start_call (transport, "/auth/v1/sign-in", body, NULL, (ParseFunc)fyr_sign_in_reply_parse,
              (GDestroyNotify)fyr_sign_in_reply_free,
              g_task_new (transport, cancellable, callback, user_data));
}

FyrSignInReply *
fyr_sync_client_sign_in_finish (FyrSyncTransport *transport,
                                GAsyncResult *result,
                                FyrSyncFault **fault,
                                GError **error)
{
  return finish_call (transport, result, fault, error);
}

static void
on_signed_out (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (FyrSyncAnswer) answer =
      fyr_sync_transport_exchange_finish (FYR_SYNC_TRANSPORT (source), result, NULL);

  g_debug ("signing out was %s", answer != NULL ? "answered" : "not answered");
}

void
fyr_sync_client_sign_out (FyrSyncTransport *transport, const char *token)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);

  fyr_sync_transport_exchange_async (transport, "/auth/v1/sign-out", body, token, NULL, on_signed_out, NULL);
}

void
fyr_sync_client_push_async (FyrSyncTransport *transport,
                            const char *token,
                            GBytes *body,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  start_call (transport, "/sync/v1/push", body, token, (ParseFunc)fyr_push_reply_parse,
              (GDestroyNotify)fyr_push_reply_free, g_task_new (transport, cancellable, callback, user_data));
}

FyrPushReply *
fyr_sync_client_push_finish (FyrSyncTransport *transport,
                             GAsyncResult *result,
                             FyrSyncFault **fault,
                             GError **error)
{
  return finish_call (transport, result, fault, error);
}

void
fyr_sync_client_pull_async (FyrSyncTransport *transport,
                            const char *token,
                            FyrPullRequest *request,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GBytes) body = NULL;

  fyr_pull_request_write (request, text);
  body = g_string_free_to_bytes (text);
  start_call (transport, "/sync/v1/pull", body, token, (ParseFunc)fyr_pull_reply_parse,
              (GDestroyNotify)fyr_pull_reply_free, g_task_new (transport, cancellable, callback, user_data));
}

FyrPullReply *
fyr_sync_client_pull_finish (FyrSyncTransport *transport,
                             GAsyncResult *result,
                             FyrSyncFault **fault,
                             GError **error)
{
  return finish_call (transport, result, fault, error);
}

void
fyr_sync_client_witness_async (FyrSyncTransport *transport,
                               const char *token,
                               FyrWitnessRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GBytes) body = NULL;

  fyr_witness_request_write (request, text);
  body = g_string_free_to_bytes (text);
  start_call (transport, "/sync/v1/witness", body, token, (ParseFunc)fyr_witness_reply_parse,
              (GDestroyNotify)fyr_witness_reply_free,
              g_task_new (transport, cancellable, callback, user_data));
}

FyrWitnessReply *
fyr_sync_client_witness_finish (FyrSyncTransport *transport,
                                GAsyncResult *result,
                                FyrSyncFault **fault,
                                GError **error)
{
  return finish_call (transport, result, fault, error);
}
