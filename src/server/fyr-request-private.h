/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "fyr-request.h"

G_BEGIN_DECLS

/* Inside of the server room: how requests begin, and how a WebSocket takes one over. */

/** fyr_request_new: pauses @message until it is answered. Returns: (transfer full) */
FyrRequest *
fyr_request_new (FyrServer *server, SoupServerMessage *message, const char *path);

SoupServerMessage *
fyr_request_get_message (FyrRequest *self);

/** fyr_request_get_bytes: Returns: (transfer none): the body */
GBytes *
fyr_request_get_bytes (FyrRequest *self);

/** fyr_request_set_bytes: @body takes the place of the one that came */
void
fyr_request_set_bytes (FyrRequest *self, GBytes *body);

/** fyr_request_release: frees a request without answering it */
void
fyr_request_release (FyrRequest *self);

G_END_DECLS
