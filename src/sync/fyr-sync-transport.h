/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fyr-sync-state.h"

G_BEGIN_DECLS

/**
 * FyrSyncAnswer:
 * @status: HTTP status
 * @body: what was sent with it; never %NULL
 * @retry_after: milliseconds of a Retry-After header, 0 when there was none
 *
 * What the server said, whatever it said. No answer at all is an error, not an answer.
 */
typedef struct {
  guint status;
  GBytes *body;
  gint64 retry_after;
} FyrSyncAnswer;

/**
 * fyr_sync_answer_new:
 *
 * Returns: (transfer full): an answer that takes a reference on @body (nullable: empty)
 */
FyrSyncAnswer *
fyr_sync_answer_new (guint status, GBytes *body, gint64 retry_after);
void
fyr_sync_answer_free (FyrSyncAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSyncAnswer, fyr_sync_answer_free)

#define FYR_TYPE_SYNC_LIVE (fyr_sync_live_get_type ())
G_DECLARE_DERIVABLE_TYPE (FyrSyncLive, fyr_sync_live, FYR, SYNC_LIVE, GObject)

/**
 * FyrSyncLive:
 *
 * An open live channel. Signal "frame" (const char *text): a text frame came. Signal "closed" (guint code):
 * it is over, once; code is the WebSocket close code, 0 when the connection broke.
 */
struct _FyrSyncLiveClass {
  GObjectClass parent_class;
  void (*close) (FyrSyncLive *self);
};

/** fyr_sync_live_close: ends the channel; no signal comes after */
void
fyr_sync_live_close (FyrSyncLive *self);

/** fyr_sync_live_emit_frame: for implementations: a text frame came */
void
fyr_sync_live_emit_frame (FyrSyncLive *self, const char *text);

/** fyr_sync_live_emit_closed: for implementations: the channel ended; only the first call is passed on */
void
fyr_sync_live_emit_closed (FyrSyncLive *self, guint code);

#define FYR_TYPE_SYNC_TRANSPORT (fyr_sync_transport_get_type ())
G_DECLARE_INTERFACE (FyrSyncTransport, fyr_sync_transport, FYR, SYNC_TRANSPORT, GObject)

/**
 * FyrSyncTransportInterface:
 *
 * Carries bytes between a workstation and its server and knows nothing of their meaning; fyr-sync-client.h
 * has sign-in, push and pull on top. Implementations: #FyrSoupTransport, and a simulated network in the
 * tests.
 */
struct _FyrSyncTransportInterface {
  GTypeInterface parent_iface;
  void (*exchange_async) (FyrSyncTransport *self,
                          const char *path,
                          GBytes *body,
                          const char *token,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
  FyrSyncAnswer *(*exchange_finish) (FyrSyncTransport *self, GAsyncResult *result, GError **error);
  void (*open_live_async) (FyrSyncTransport *self,
                           const char *token,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  FyrSyncLive *(*open_live_finish) (FyrSyncTransport *self, GAsyncResult *result, GError **error);
  const char *(*get_address) (FyrSyncTransport *self);
  void (*set_packs) (FyrSyncTransport *self, gboolean packs);
};

/**
 * fyr_sync_transport_exchange_async:
 * @path: begins with "/"
 * @body: (nullable): JSON to be posted; %NULL for GET
 * @token: (nullable): bearer token
 *
 * One request and its answer.
 */
void
fyr_sync_transport_exchange_async (FyrSyncTransport *self,
                                   const char *path,
                                   GBytes *body,
                                   const char *token,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);

/**
 * fyr_sync_transport_exchange_finish:
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with %FYR_SYNC_ERROR_NETWORK,
 * %FYR_SYNC_ERROR_TOO_LARGE (an answer beyond all bounds) or %G_IO_ERROR_CANCELLED
 */
FyrSyncAnswer *
fyr_sync_transport_exchange_finish (FyrSyncTransport *self, GAsyncResult *result, GError **error);

/** fyr_sync_transport_open_live_async: @token: bearer token; opens the live channel of the session */
void
fyr_sync_transport_open_live_async (FyrSyncTransport *self,
                                    const char *token,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);

/**
 * fyr_sync_transport_open_live_finish:
 *
 * Returns: (transfer full) (nullable): the open channel, or %NULL with %FYR_SYNC_ERROR_NETWORK,
 * %FYR_SYNC_ERROR_UNAUTHENTICATED or %G_IO_ERROR_CANCELLED
 */
FyrSyncLive *
fyr_sync_transport_open_live_finish (FyrSyncTransport *self, GAsyncResult *result, GError **error);

/** fyr_sync_transport_set_packs: @packs: whether the server takes large pushes and offers compressed */
void
fyr_sync_transport_set_packs (FyrSyncTransport *self, gboolean packs);

/** fyr_sync_transport_get_address: Returns: (transfer none): the server's address, to be shown to the user */
const char *
fyr_sync_transport_get_address (FyrSyncTransport *self);

G_END_DECLS
