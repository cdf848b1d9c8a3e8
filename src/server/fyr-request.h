/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-reader.h"
#include "fyr-reply.h"
#include "fyr-token.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

typedef struct _FyrServer FyrServer;

/** FyrRequest: one request on its way through a route: answered exactly once, now or later */
typedef struct _FyrRequest FyrRequest;

/**
 * FyrRouteFunc:
 *
 * Answers @request: sets fyr_request_get_reply() and calls fyr_request_finish(), or hands it to
 * fyr_request_write() or fyr_request_read(), which finish it.
 */
typedef void (*FyrRouteFunc) (FyrRequest *request, gpointer user_data);

/**
 * FyrRequestWriteFunc:
 * @reply: what to answer
 *
 * As #FyrWriteFunc: %FALSE undoes what it wrote and answers 503 or 500 by @error. To refuse and still keep or write
 * nothing, set @reply and return %TRUE.
 */
typedef gboolean (*FyrRequestWriteFunc) (FyrWriteContext *context,
                                         FyrReply *reply,
                                         gpointer data,
                                         GError **error);

/** FyrRequestReadFunc: as #FyrReadFunc */
typedef gboolean (*FyrRequestReadFunc) (FyrConnection *connection,
                                        FyrReply *reply,
                                        gpointer data,
                                        GError **error);

/** fyr_request_get_server: Returns: (transfer none): the server that got it */
FyrServer *
fyr_request_get_server (FyrRequest *self);

/** fyr_request_get_method: Returns: "GET" or "POST" */
const char *
fyr_request_get_method (FyrRequest *self);

/** fyr_request_get_path: Returns: the path, decoded, without query */
const char *
fyr_request_get_path (FyrRequest *self);

/** fyr_request_get_body: Returns: (transfer none): the bytes, not ended by NUL; lives as long as the request */
const char *
fyr_request_get_body (FyrRequest *self, gsize *length);

/** fyr_request_get_token: Returns: whether it carries a bearer token; @hash is then its hash */
gboolean
fyr_request_get_token (FyrRequest *self, guint8 hash[FYR_TOKEN_HASH_BYTES]);

/**
 * FyrRequestOpenedFunc:
 * @token: hash of its bearer token
 *
 * As #FyrRouteFunc. That the session lives was seen only where the body came compressed: whoever goes on looks it up in
 * a transaction of its own.
 */
typedef void (*FyrRequestOpenedFunc) (FyrRequest *request,
                                      const guint8 token[FYR_TOKEN_HASH_BYTES],
                                      gpointer user_data);

/**
 * fyr_request_open:
 * @func: called at once, or later on the same thread, with a body that is plain
 *
 * For a route whose body may come compressed: of one that does it makes the plain one, of at most 1 MiB, once its
 * session was found. Answers itself, and does not call @func: 401 without a session, 413 when it is too large, 400 when
 * it is no gzip, 503 when too many readings wait.
 */
void
fyr_request_open (FyrRequest *self, FyrRequestOpenedFunc func, gpointer user_data);

/** fyr_request_get_header: Returns: (nullable) (transfer none): a header's value */
const char *
fyr_request_get_header (FyrRequest *self, const char *name);

/** fyr_request_get_reply: Returns: (transfer none): what will be answered */
FyrReply *
fyr_request_get_reply (FyrRequest *self);

/** fyr_request_is_gone: Returns: whether the peer is gone, so that nobody waits for the answer */
gboolean
fyr_request_is_gone (FyrRequest *self);

/** fyr_request_finish: sends the reply and frees the request */
void
fyr_request_finish (FyrRequest *self);

/**
 * fyr_request_write:
 * @func: runs on the writer's thread; its changes are durable before the answer goes out
 * @free_data: (nullable)
 *
 * Answers 503 with Retry-After at once when too many writes wait.
 */
void
fyr_request_write (FyrRequest *self, FyrRequestWriteFunc func, gpointer data, GDestroyNotify free_data);

/** fyr_request_refuse_busy: Returns: whether too many readings wait: then it is answered 503 with Retry-After */
gboolean
fyr_request_refuse_busy (FyrRequest *self);

/** fyr_request_read: @func runs on a reader's thread */
void
fyr_request_read (FyrRequest *self, FyrRequestReadFunc func, gpointer data, GDestroyNotify free_data);

G_END_DECLS
