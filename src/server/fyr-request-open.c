/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests whose body may come compressed: nothing of it is unpacked for who has no session. */
#include <string.h>

#include "fyr-request-private.h"
#include "fyr-server.h"
#include "fyr-session.h"
#include "fyr-wire-gzip.h"

/* What a body of the sync protocol may have, unpacked. */
#define MAX_UNPACKED (1024 * 1024)

typedef struct {
  FyrRequest *request;
  guint8 token[FYR_TOKEN_HASH_BYTES];
  GBytes *plain;
  FyrRequestOpenedFunc func;
  gpointer user_data;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_clear_pointer (&opening->plain, g_bytes_unref);
  g_free (opening);
}

static gboolean
run_unpack (FyrConnection *connection, gpointer data, GError **error)
{
  Opening *opening = data;
  FyrReply *reply = fyr_request_get_reply (opening->request);
  g_autoptr (GError) failure = NULL;
  FyrSession session;
  int found =
      fyr_session_find_leaving (connection, opening->token, g_get_real_time () / 1000, &session, error);

  if (found == 0) {
    fyr_reply_fail_unauthenticated (reply);
  }
  if (found <= 0) {
    return found == 0;
  }
  opening->plain = fyr_gzip_inflate (fyr_request_get_bytes (opening->request), MAX_UNPACKED, &failure);
  if (opening->plain == NULL) {
    fyr_reply_fail (reply, fyr_wire_error_to_status (failure), fyr_wire_error_to_code (failure),
                    failure->message);
  }
  return TRUE;
}

static void
on_unpacked (gpointer data, const GError *error)
{
  Opening *opening = data;
  FyrRequest *request = opening->request;

  if (error != NULL) {
    fyr_reply_fail_with (fyr_request_get_reply (request), error);
  }
  if (opening->plain == NULL) {
    fyr_request_finish (request);
    return;
  }
  fyr_request_set_bytes (request, opening->plain);
  opening->func (request, opening->token, opening->user_data);
}

void
fyr_request_open (FyrRequest *self, FyrRequestOpenedFunc func, gpointer user_data)
{
  guint8 token[FYR_TOKEN_HASH_BYTES];
  Opening *opening;

  if (!fyr_request_get_token (self, token)) {
    fyr_reply_fail_unauthenticated (fyr_request_get_reply (self));
    fyr_request_finish (self);
    return;
  }
  if (g_strcmp0 (fyr_request_get_header (self, "Content-Encoding"), "gzip") != 0) {
    func (self, token, user_data);
    return;
  }
  if (fyr_request_refuse_busy (self)) {
    return;
  }
  opening = g_new0 (Opening, 1);
  opening->request = self;
  memcpy (opening->token, token, sizeof token);
  opening->func = func;
  opening->user_data = user_data;
  fyr_reader_submit (fyr_server_get_reader (fyr_request_get_server (self)), run_unpack, opening, on_unpacked,
                     opening_free);
}
