/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FyrReply:
 * @status: HTTP status
 * @body: JSON text
 * @retry_after: seconds for the header Retry-After, 0 for none
 * @content_type: static; "application/json" unless set
 * @location: (nullable): value of a Location header; owned
 * @compressed: (nullable): @body compressed with gzip, when that was asked for and worth it
 *
 * What a route answers.
 */
typedef struct {
  guint status;
  GString *body;
  guint retry_after;
  const char *content_type;
  char *location;
  GBytes *compressed;
} FyrReply;

/** fyr_reply_new: Returns: (transfer full): an empty answer with status 200 */
FyrReply *
fyr_reply_new (void);

void
fyr_reply_free (FyrReply *self);

/** fyr_reply_reset: makes it as new, for a job that is run once more */
void
fyr_reply_reset (FyrReply *self);

/**
 * fyr_reply_fail:
 *
 * makes it `{"error": {"code", "text"}}`; @code: a word of PROTOCOL.md; @text: no patient data
 */
void
fyr_reply_fail (FyrReply *self, guint status, const char *code, const char *text);

/** fyr_reply_fail_unauthenticated: 401, the same for no token, a wrong one, and one that ended */
void
fyr_reply_fail_unauthenticated (FyrReply *self);

/** fyr_reply_fail_with: 503 or 500 for a failure of the server itself; tells nothing of @error, which stays as it is */
void
fyr_reply_fail_with (FyrReply *self, const GError *error);

/** fyr_reply_compress: fills @compressed when the body is large enough to gain */
void
fyr_reply_compress (FyrReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrReply, fyr_reply_free)

G_END_DECLS
