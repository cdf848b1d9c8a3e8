/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-fhir-route.h"

#include <string.h>

#include "fyr-intake.h"
#include "fyr-session.h"

#define MISSING_SECONDS 60
/* How long a gateway found may be taken as still there: an ended one is out within this. */
#define REMEMBER_US (2 * G_USEC_PER_SEC)
#define MAX_REMEMBERED 256
#define MAX_PENDING_WRITES 1024

typedef struct {
  FyrServer *server;
  FyrIntake *intake;
  GSource *minute;
  /* Hash of a token → Known. */
  GHashTable *known;
} FhirRoute;

typedef struct {
  char centre_id[37];
  gint64 until;
} Known;

typedef struct {
  FhirRoute *route;
  FyrRequest *request;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  FyrGateway gateway;
  gboolean found;
} Call;

static guint
token_hash (gconstpointer key)
{
  guint value;

  memcpy (&value, key, sizeof value);
  return value;
}

static gboolean
token_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, FYR_TOKEN_HASH_BYTES) == 0;
}

static void
on_answered (const FyrIntakeReply *answer, gpointer data)
{
  FyrRequest *request = data;
  FyrReply *reply = fyr_request_get_reply (request);

  reply->status = answer->status;
  reply->content_type = "application/fhir+json";
  reply->location = g_strdup (answer->location);
  reply->retry_after = answer->status == 429 || answer->status == 503 ? 1 : 0;
  g_string_truncate (reply->body, 0);
  g_string_append_len (reply->body, answer->body, (gssize)answer->length);
  fyr_request_finish (request);
}

static void
refuse (FyrRequest *request, guint status, const char *code, const char *text)
{
  FyrReply *reply = fyr_request_get_reply (request);
  g_autofree char *body = fyr_intake_refusal (status, code, text);

  reply->status = status;
  reply->retry_after = 1;
  reply->content_type = "application/fhir+json";
  g_string_assign (reply->body, body);
  fyr_request_finish (request);
}

static void
handle (FhirRoute *self, FyrRequest *request, const char *centre_id)
{
  gsize length;
  const char *bytes = fyr_request_get_body (request, &length);
  g_autoptr (GBytes) body = g_bytes_new_static (bytes, length);
  FyrIntakeRequest call = {
    .method = fyr_request_get_method (request),
    .path = fyr_request_get_path (request),
    .content_type = fyr_request_get_header (request, "Content-Type"),
    .centre_id = centre_id,
    .body = body,
    .now = g_get_real_time () / 1000,
  };

  if (fyr_writer_get_pending (fyr_server_get_writer (self->server)) >= MAX_PENDING_WRITES) {
    refuse (request, 429, "throttled", "Too much at once; try again");
    return;
  }
  fyr_intake_handle (self->intake, &call, on_answered, request);
}

static gboolean
run_find (FyrConnection *connection, gpointer data, GError **error)
{
  Call *call = data;
  int found = fyr_gateway_find (connection, call->token, &call->gateway, error);

  call->found = found > 0;
  return found >= 0;
}

static void
remember (FhirRoute *self, const Call *call)
{
  Known *known = g_new0 (Known, 1);

  if (g_hash_table_size (self->known) >= MAX_REMEMBERED) {
    g_hash_table_remove_all (self->known);
  }
  g_strlcpy (known->centre_id, call->gateway.centre_id, sizeof known->centre_id);
  known->until = g_get_monotonic_time () + REMEMBER_US;
  g_hash_table_replace (self->known, g_memdup2 (call->token, FYR_TOKEN_HASH_BYTES), known);
}

static void
on_found (gpointer data, const GError *error)
{
  Call *call = data;

  if (error != NULL) {
    refuse (call->request, 503, "transient",
            "The server cannot look up the gateway now; send it again later");
  } else {
    if (call->found) {
      remember (call->route, call);
    }
    handle (call->route, call->request, call->found ? call->gateway.centre_id : NULL);
  }
}

static void
serve_fhir (FyrRequest *request, gpointer user_data)
{
  FhirRoute *self = user_data;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  Known *known;
  Call *call;

  /* What everybody may read is answered also while the database is gone. */
  if (fyr_intake_is_for_everybody (fyr_request_get_method (request), fyr_request_get_path (request)) ||
      !fyr_request_get_token (request, token)) {
    handle (self, request, NULL);
    return;
  }
  known = g_hash_table_lookup (self->known, token);
  if (known != NULL && known->until > g_get_monotonic_time ()) {
    handle (self, request, known->centre_id);
    return;
  }
  call = g_new0 (Call, 1);
  call->route = self;
  call->request = request;
  memcpy (call->token, token, sizeof token);
  fyr_reader_submit (fyr_server_get_reader (self->server), run_find, call, on_found, g_free);
}

static gboolean
on_minute (gpointer user_data)
{
  FhirRoute *self = user_data;

  fyr_intake_check_missing (self->intake, g_get_real_time () / 1000);
  return G_SOURCE_CONTINUE;
}

static void
stop_route (gpointer data)
{
  FhirRoute *self = data;

  g_source_destroy (self->minute);
}

static void
free_route (gpointer data)
{
  FhirRoute *self = data;

  g_source_unref (self->minute);
  fyr_intake_free (self->intake);
  g_hash_table_unref (self->known);
  g_free (self);
}

void
fyr_fhir_route_add (FyrServer *server)
{
  FhirRoute *self = g_new0 (FhirRoute, 1);

  self->server = server;
  self->intake = fyr_intake_new (fyr_server_get_db (server), fyr_server_get_writer (server));
  self->known = g_hash_table_new_full (token_hash, token_equal, g_free, g_free);
  self->minute = g_timeout_source_new_seconds (MISSING_SECONDS);
  g_source_set_callback (self->minute, on_minute, self, NULL);
  g_source_attach (self->minute, g_main_context_get_thread_default ());
  fyr_server_set_applied_func (server, fyr_intake_follow, self->intake);
  fyr_server_add_part (server, stop_route, free_route, self);
  fyr_server_add_prefix (server, "/fhir", serve_fhir, self);
  on_minute (self);
}
