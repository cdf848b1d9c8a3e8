/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-await.h"
#include "fyr-sync-client.h"

#include <string.h>

/* A transport that gives one prepared answer, and remembers what it was asked. */
#define FYR_TYPE_STUB (fyr_stub_get_type ())
G_DECLARE_FINAL_TYPE (FyrStub, fyr_stub, FYR, STUB, GObject)

struct _FyrStub {
  GObject parent_instance;
  guint status; /* 0: no answer */
  char *body;
  gsize length;
  gint64 retry_after;
  char *asked_path;
  char *asked_body;
  char *asked_token;
  gboolean hang;
};

static void
stub_iface_init (FyrSyncTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FyrStub,
                               fyr_stub,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FYR_TYPE_SYNC_TRANSPORT, stub_iface_init))

static void
stub_exchange_async (FyrSyncTransport *transport,
                     const char *path,
                     GBytes *body,
                     const char *token,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  FyrStub *self = FYR_STUB (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : "";

  g_free (self->asked_path);
  self->asked_path = g_strdup (path);
  g_free (self->asked_body);
  self->asked_body = g_strndup (text, length);
  g_free (self->asked_token);
  self->asked_token = g_strdup (token);
  if (self->status == 0) {
    g_task_return_new_error (task, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK, "No answer");
  } else {
    g_autoptr (GBytes) bytes = g_bytes_new (self->body, self->length);

    g_task_return_pointer (task, fyr_sync_answer_new (self->status, bytes, self->retry_after),
                           (GDestroyNotify)fyr_sync_answer_free);
  }
}

static FyrSyncAnswer *
stub_exchange_finish (FyrSyncTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static const char *
stub_get_address (FyrSyncTransport *transport)
{
  return "stub:";
}

static void
stub_iface_init (FyrSyncTransportInterface *iface)
{
  iface->exchange_async = stub_exchange_async;
  iface->exchange_finish = stub_exchange_finish;
  iface->get_address = stub_get_address;
}

static void
fyr_stub_finalize (GObject *object)
{
  FyrStub *self = FYR_STUB (object);

  g_free (self->body);
  g_free (self->asked_path);
  g_free (self->asked_body);
  g_free (self->asked_token);
  G_OBJECT_CLASS (fyr_stub_parent_class)->finalize (object);
}

static void
fyr_stub_class_init (FyrStubClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fyr_stub_finalize;
}

static void
fyr_stub_init (FyrStub *self)
{
}

static FyrStub *
stub_new (guint status, const char *body)
{
  FyrStub *self = g_object_new (FYR_TYPE_STUB, NULL);

  self->status = status;
  self->body = g_strdup (body);
  self->length = body != NULL ? strlen (body) : 0;
  return self;
}

static FyrPullReply *
pull (FyrStub *stub, FyrSyncFault **fault, GError **error)
{
  g_autoptr (FyrPullRequest) request = fyr_pull_request_new ();
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  request->schema = FYR_WIRE_SCHEMA;
  request->epoch = g_strdup ("1-a");
  request->device = g_strdup ("01890000-0000-7000-8000-000000000001");
  fyr_sync_client_pull_async (FYR_SYNC_TRANSPORT (stub), "token", request, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  return fyr_sync_client_pull_finish (FYR_SYNC_TRANSPORT (stub), result, fault, error);
}

static void
test_refusals (void)
{
  static const struct {
    guint status;
    const char *body;
    FyrSyncErrorCode code;
  } cases[] = {
    { 400, "{\"error\":{\"code\":\"malformed\",\"text\":\"No\"}}", FYR_SYNC_ERROR_MALFORMED },
    { 401, "{\"error\":{\"code\":\"unauthenticated\",\"text\":\"No\"}}", FYR_SYNC_ERROR_UNAUTHENTICATED },
    { 401, "{\"error\":{\"code\":\"credentials\",\"text\":\"No\"}}", FYR_SYNC_ERROR_CREDENTIALS },
    { 403, "{\"error\":{\"code\":\"forbidden\",\"text\":\"No\"}}", FYR_SYNC_ERROR_FORBIDDEN },
    { 409, "{\"error\":{\"code\":\"gap\",\"text\":\"No\"},\"next\":17}", FYR_SYNC_ERROR_GAP },
    { 409, "{\"error\":{\"code\":\"fork\",\"text\":\"No\"}}", FYR_SYNC_ERROR_FORK },
    { 409, "{\"error\":{\"code\":\"epoch\",\"text\":\"No\"},\"epoch\":\"2-b\"}", FYR_SYNC_ERROR_EPOCH },
    { 409, "{\"error\":{\"code\":\"else\",\"text\":\"No\"}}", FYR_SYNC_ERROR_MALFORMED },
    { 413, "{\"error\":{\"code\":\"too-large\",\"text\":\"No\"}}", FYR_SYNC_ERROR_TOO_LARGE },
    { 426, "{\"error\":{\"code\":\"schema\",\"text\":\"No\"}}", FYR_SYNC_ERROR_SCHEMA },
    { 426, "{\"error\":{\"code\":\"schema\"},\"schema_min\":40,\"schema_max\":42}", FYR_SYNC_ERROR_SCHEMA },
    { 429, "{\"error\":{\"code\":\"locked-out\",\"text\":\"No\"}}", FYR_SYNC_ERROR_LOCKED_OUT },
    { 429, "{\"error\":{\"code\":\"busy\",\"text\":\"No\"}}", FYR_SYNC_ERROR_BUSY },
    { 503, "{\"error\":{\"code\":\"busy\",\"text\":\"No\"}}", FYR_SYNC_ERROR_BUSY },
    { 500, "", FYR_SYNC_ERROR_BUSY },
    { 502, "<html>Bad gateway</html>", FYR_SYNC_ERROR_NETWORK },
    { 504, "<html>Gateway time-out</html>", FYR_SYNC_ERROR_NETWORK },
    { 401, "<html>proxy</html>", FYR_SYNC_ERROR_UNAUTHENTICATED },
    { 301, "", FYR_SYNC_ERROR_MALFORMED },
    { 404, "Not found", FYR_SYNC_ERROR_MALFORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FyrStub) stub = stub_new (cases[i].status, cases[i].body);
    g_autoptr (FyrSyncFault) fault = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_null (pull (stub, &fault, &error));
    g_assert_error (error, FYR_SYNC_ERROR, (int)cases[i].code);
    g_assert_nonnull (fault);
  }
}

static void
test_fault_details (void)
{
  g_autoptr (FyrStub) gap = stub_new (409, "{\"error\":{\"code\":\"gap\",\"text\":\"No\"},\"next\":17}");
  g_autoptr (FyrStub) epoch =
      stub_new (409, "{\"error\":{\"code\":\"epoch\",\"text\":\"No\"},\"epoch\":\"2-b\"}");
  g_autoptr (FyrStub) busy = stub_new (503, "{\"error\":{\"code\":\"busy\",\"text\":\"No\"}}");
  g_autoptr (FyrSyncFault) first = NULL;
  g_autoptr (FyrSyncFault) second = NULL;
  g_autoptr (FyrSyncFault) third = NULL;

  g_assert_null (pull (gap, &first, NULL));
  g_assert_cmpint (first->next, ==, 17);
  g_assert_null (pull (epoch, &second, NULL));
  g_assert_cmpstr (second->epoch, ==, "2-b");
  busy->retry_after = 4000;
  g_assert_null (pull (busy, &third, NULL));
  g_assert_cmpint (third->retry_after, ==, 4000);
}

static void
test_no_answer (void)
{
  g_autoptr (FyrStub) stub = stub_new (0, NULL);
  g_autoptr (FyrSyncFault) fault = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (pull (stub, &fault, &error));
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_NETWORK);
  g_assert_null (fault);
}

#define GOOD_PULL                                                                                            \
  "{\"epoch\":\"1-a\",\"server_time\":5,\"granted\":[\"global/"                                              \
  "configuration\"],\"revoked\":[],\"complete\":true,"                                                       \
  "\"heads\":{\"global/configuration\":0},\"scopes\":{}}"

static void
test_good_pull (void)
{
  g_autoptr (FyrStub) stub = stub_new (200, GOOD_PULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FyrPullReply) reply = pull (stub, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (reply->epoch, ==, "1-a");
  g_assert_true (reply->complete);
  g_assert_cmpuint (reply->granted->len, ==, 1);
  g_assert_cmpstr (stub->asked_path, ==, "/sync/v1/pull");
  g_assert_cmpstr (stub->asked_token, ==, "token");
  g_assert_nonnull (strstr (stub->asked_body, "\"schema\":2"));
}

/* Whatever a broken or wicked server says, it ends in one error and nothing else. */
static void
test_mutilated_answers (void)
{
  guint32 seed = (guint32)g_test_rand_int ();
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  const gsize length = strlen (GOOD_PULL);

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 3000; i++) {
    g_autofree char *text = g_strdup (GOOD_PULL);
    g_autoptr (FyrStub) stub = stub_new (200, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FyrPullReply) reply = NULL;

    switch (g_rand_int_range (random, 0, 3)) {
    case 0: /* cut */
      stub->length = (gsize)g_rand_int_range (random, 0, (gint32)length);
      break;
    case 1: /* a byte turned */
      text[g_rand_int_range (random, 0, (gint32)length)] = (char)g_rand_int_range (random, 0, 256);
      stub->length = length;
      break;
    default: /* a byte gone */
      memmove (text + 40, text + 41, length - 41);
      stub->length = length - 1;
      text[g_rand_int_range (random, 0, (gint32)stub->length)] ^= 1;
    }
    stub->body = g_memdup2 (text, length);
    reply = pull (stub, NULL, &error);
    if (reply == NULL) {
      g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_MALFORMED);
    }
  }
}

/* Large enough to be taken apart on another thread. */
static void
test_large_pull (void)
{
  g_autoptr (GString) text =
      g_string_new ("{\"epoch\":\"1-a\",\"server_time\":5,\"granted\":[\"s\"],\"revoked\":[],"
                    "\"complete\":false,\"heads\":{\"s\":2000},\"scopes\":{\"s\":{\"from\":1,"
                    "\"to\":2000,\"entries\":[");
  g_autoptr (FyrStub) stub = NULL;
  g_autoptr (FyrPullReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i <= 2000; i++) {
    g_string_append_printf (
        text, "%s{\"seq\":%u,\"kind\":\"note\",\"id\":\"01890000-0000-7000-8000-%012u\",\"op\":\"delete\"}",
        i > 1 ? "," : "", i, i);
  }
  g_string_append (text, "]}}}");
  stub = stub_new (200, text->str);
  reply = pull (stub, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (reply->complete);
  g_assert_cmpuint (((FyrPullScope *)g_ptr_array_index (reply->scopes, 0))->entries->len, ==, 2000);
}

static void
test_sign_in (void)
{
  g_autoptr (FyrStub) stub = stub_new (401, "{\"error\":{\"code\":\"credentials\",\"text\":\"No\"}}");
  g_autoptr (FyrSignInRequest) request = fyr_sign_in_request_new ();
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  request->user_name = g_strdup ("kari");
  request->password = g_strdup ("hemmelig \"ord\"");
  request->device_id = g_strdup ("01890000-0000-7000-8000-000000000001");
  request->device_name = g_strdup ("pc");
  fyr_sync_client_sign_in_async (FYR_SYNC_TRANSPORT (stub), request, NULL, fyr_test_got, &slot);
  result = fyr_test_wait (&slot);
  g_assert_null (fyr_sync_client_sign_in_finish (FYR_SYNC_TRANSPORT (stub), result, NULL, &error));
  g_assert_error (error, FYR_SYNC_ERROR, FYR_SYNC_ERROR_CREDENTIALS);
  g_assert_cmpstr (stub->asked_path, ==, "/auth/v1/sign-in");
  g_assert_null (stub->asked_token);
  g_assert_nonnull (strstr (stub->asked_body, "hemmelig \\\"ord\\\""));
  /* What goes to a log names neither. */
  g_assert_null (strstr (error->message, "kari"));
  g_assert_null (strstr (error->message, "hemmelig"));
}

static void
test_sign_out_waits_for_nobody (void)
{
  g_autoptr (FyrStub) stub = stub_new (0, NULL);

  fyr_sync_client_sign_out (FYR_SYNC_TRANSPORT (stub), "token");
  g_assert_cmpstr (stub->asked_path, ==, "/auth/v1/sign-out");
  g_assert_cmpstr (stub->asked_token, ==, "token");
  while (g_main_context_iteration (NULL, FALSE)) {
  }
}

static void
test_codes (void)
{
  g_assert_cmpstr (fyr_sync_state_to_code (FYR_SYNC_STATE_UPGRADE_NEEDED), ==, "upgrade-needed");
  g_assert_cmpstr (fyr_sync_state_to_code (FYR_SYNC_STATE_SIGNED_OUT), ==, "signed-out");
  g_assert_cmpstr (fyr_sync_state_to_code ((FyrSyncState)99), ==, "unknown");
  for (int state = FYR_SYNC_STATE_SIGNED_OUT; state <= FYR_SYNC_STATE_UPGRADE_NEEDED; state++) {
    g_assert_true (fyr_sync_state_is_online (state) ==
                   (state == FYR_SYNC_STATE_LIVE || state == FYR_SYNC_STATE_POLLING));
  }
}

/* Which of the two is to be upgraded is told, and neither while there is a schema in common. */
static void
test_which_side_is_too_old (void)
{
  const FyrWireSchemas own = { 3, 5 };
  g_autoptr (GError) server = NULL;
  g_autoptr (GError) program = NULL;

  g_assert_cmpint (fyr_sync_client_check_schemas (own, (FyrWireSchemas){ 1, 2 }, &server), ==, 0);
  g_assert_error (server, FYR_SYNC_ERROR, FYR_SYNC_ERROR_SERVER_OLD);
  g_assert_cmpint (fyr_sync_client_check_schemas (own, (FyrWireSchemas){ 6, 8 }, &program), ==, 0);
  g_assert_error (program, FYR_SYNC_ERROR, FYR_SYNC_ERROR_SCHEMA);
  g_assert_cmpint (fyr_sync_client_check_schemas (own, (FyrWireSchemas){ 1, 3 }, NULL), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/client/each refusal of the protocol has its meaning", test_refusals);
  g_test_add_func ("/sync/client/a refusal tells what to do next", test_fault_details);
  g_test_add_func ("/sync/client/no answer is no refusal", test_no_answer);
  g_test_add_func ("/sync/client/a page is read", test_good_pull);
  g_test_add_func ("/sync/client/a large page is read beside the main loop", test_large_pull);
  g_test_add_func ("/sync/client/a mutilated answer is an error, never a crash", test_mutilated_answers);
  g_test_add_func ("/sync/client/sign-in sends the credentials in the body only", test_sign_in);
  g_test_add_func ("/sync/client/which side is too old is told", test_which_side_is_too_old);
  g_test_add_func ("/sync/client/signing out waits for nobody", test_sign_out_waits_for_nobody);
  g_test_add_func ("/sync/state/states have codes", test_codes);
  return g_test_run ();
}
