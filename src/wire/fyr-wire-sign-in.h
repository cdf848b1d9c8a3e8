/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-json-writer.h"
#include "fyr-wire-schema.h"

G_BEGIN_DECLS

/** FyrSignInRequest: who signs in, on which device, and what its program reads. The password is overwritten when
 * freed. */
typedef struct {
  FyrWireSchemas schemas;
  char *user_name;
  char *password;
  char *device_id;
  char *device_name;
} FyrSignInRequest;

FyrSignInRequest *
fyr_sign_in_request_new (void);
void
fyr_sign_in_request_free (FyrSignInRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSignInRequest, fyr_sign_in_request_free)

/** fyr_sign_in_request_write: appends the request as JSON */
void
fyr_sign_in_request_write (FyrSignInRequest *self, GString *text);

/**
 * fyr_sign_in_request_parse:
 *
 * Bounds: user name 1–60 characters, password 1–1024 bytes, device id a UUID, device name 0–120 characters.
 *
 * Returns: (transfer full) (nullable): the request, or %NULL with an error of %FYR_WIRE_ERROR; _SCHEMA when the two
 * sides know no schema in common
 */
FyrSignInRequest *
fyr_sign_in_request_parse (const char *text, gsize length, GError **error);

/**
 * FyrSignInReply:
 * @token: bearer token; overwritten when freed
 * @expires: when it ends, milliseconds
 * @user: the user's record
 * @memberships: (element-type FyrRecord): roles
 * @centres: (element-type FyrRecord): centres of those roles
 * @share: (nullable): the server's share of the key of this device's database, 64 hex digits (PROTOCOL.md, "Shares");
 *   overwritten when freed
 * @schemas: what the server reads and writes
 */
typedef struct {
  FyrWireSchemas schemas;
  char *token;
  char *share;
  gint64 expires;
  char *epoch;
  gint64 server_time;
  FyrRecord *user;
  GPtrArray *memberships;
  GPtrArray *centres;
} FyrSignInReply;

FyrSignInReply *
fyr_sign_in_reply_new (void);
void
fyr_sign_in_reply_free (FyrSignInReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSignInReply, fyr_sign_in_reply_free)

/** fyr_sign_in_reply_write: appends the reply as JSON; the caller wipes @text after use */
void
fyr_sign_in_reply_write (FyrSignInReply *self, GString *text);

/** fyr_sign_in_reply_parse: (transfer full) (nullable): the reply, or %NULL with an error of %FYR_WIRE_ERROR. */
FyrSignInReply *
fyr_sign_in_reply_parse (const char *text, gsize length, GError **error);

/**
 * FyrWireProblem:
 * @code: the word of an error body, "" when the body is none
 * @text: (nullable): English, without patient data
 * @epoch: (nullable): with `epoch`
 * @next: with `gap`: the number the server waits for; else 0
 * @schemas: with `schema`: what is served; else 0 to 0
 */
typedef struct {
  FyrWireSchemas schemas;
  char *code;
  char *text;
  char *epoch;
  gint64 next;
} FyrWireProblem;

void
fyr_wire_problem_free (FyrWireProblem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrWireProblem, fyr_wire_problem_free)

/** fyr_wire_problem_write: appends `{"error": {"code", "text"}}`; @epoch nullable, @next 0 for none. With the code
 * `schema` it says what is served. */
void
fyr_wire_problem_write (const char *code, const char *message, const char *epoch, gint64 next, GString *text);

/** fyr_wire_problem_parse: (transfer full): never %NULL: whatever is no error body (a proxy's page) has code "". */
FyrWireProblem *
fyr_wire_problem_parse (const char *text, gsize length);

G_END_DECLS
