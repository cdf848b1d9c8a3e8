/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-canonical-json.h"
#include "fyr-json-document.h"
#include "fyr-json-writer.h"
#include "fyr-wire-schema.h"

G_BEGIN_DECLS

#define FYR_PUSH_MAX_MUTATIONS 500
#define FYR_PUSH_MAX_BYTES (1024 * 1024)
/** Most characters of a receipt */
#define FYR_PUSH_MAX_RECEIPT 200

/**
 * FyrWireMutation:
 * @number: dense from 1 within an incarnation
 * @hash: SHA-256 that chains it to the one before
 * @command: create, update, delete, take, release, note, close or reopen
 * @kind: a record kind
 * @id: the record
 * @base_version: the version the writer saw; 0 for create
 * @time: when the user did it, by the server's clock as well as the workstation could tell
 * @has_offset: whether @offset was stated
 * @offset: milliseconds that were added to the workstation's own clock for @time
 * @fields: (nullable): the record, the changed fields, or the command's arguments
 * @bases: (nullable): the values of those fields the writer saw
 * @depends_on: number of the mutation this one needs; 0 for none
 *
 * One command of a workstation. PROTOCOL.md, "Push".
 */
typedef struct {
  gint64 number;
  char hash[FYR_HASH_TEXT_SIZE];
  char *command;
  char *kind;
  char *id;
  gint64 base_version;
  gint64 time;
  gboolean has_offset;
  gint64 offset;
  JsonObject *fields;
  JsonObject *bases;
  gint64 depends_on;
} FyrWireMutation;

FyrWireMutation *
fyr_wire_mutation_new (void);
void
fyr_wire_mutation_free (FyrWireMutation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrWireMutation, fyr_wire_mutation_free)

/** fyr_wire_mutation_to_json: (transfer full): the object that is sent, with `hash` when it is set. */
JsonObject *
fyr_wire_mutation_to_json (FyrWireMutation *self);

/**
 * fyr_wire_mutation_parse:
 * @text: as fyr_wire_mutation_to_json() made it, in canonical or any other form
 *
 * Reads what was kept; the hash is not compared with a chain again.
 *
 * Returns: (transfer full) (nullable): the mutation, or %NULL with an error of %FYR_WIRE_ERROR
 */
FyrWireMutation *
fyr_wire_mutation_parse (const char *text, gsize length, GError **error);

/** fyr_wire_mutation_digest: what was done, by whatever number: of two mutations that differ in number and in what they
 * depend on alone it is the same */
void
fyr_wire_mutation_digest (FyrWireMutation *self, char digest[FYR_HASH_TEXT_SIZE]);

/** fyr_wire_mutation_seal: computes @self's hash after the mutation with @previous_hash (%FYR_HASH_ZERO for 1). */
void
fyr_wire_mutation_seal (FyrWireMutation *self, const char *previous_hash);

/**
 * FyrPushRequest:
 * @schema: what it is written in; served when between %FYR_WIRE_SCHEMA_MIN and %FYR_WIRE_SCHEMA
 * @schemas: what the writer reads
 * @author: (nullable): whose work it is, when another than the session's user: it is handed over for review
 * @first: number of the first mutation
 * @previous_hash: hash of number @first - 1
 * @mutations: (element-type FyrWireMutation): in order, dense from @first
 * @receipts: (element-type gint64 utf8): boxed number → the receipt of a mutation that is sent again after a restore
 */
typedef struct {
  char *epoch;
  int schema;
  FyrWireSchemas schemas;
  char *device;
  char *incarnation;
  char *author;
  gint64 first;
  char previous_hash[FYR_HASH_TEXT_SIZE];
  GPtrArray *mutations;
  GHashTable *receipts;
} FyrPushRequest;

FyrPushRequest *
fyr_push_request_new (void);
void
fyr_push_request_free (FyrPushRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrPushRequest, fyr_push_request_free)

/** fyr_push_request_write: appends the request's JSON to @text; every mutation must be sealed. */
void
fyr_push_request_write (FyrPushRequest *self, GString *text);

/**
 * fyr_push_request_parse:
 * @text: the request's body, @length bytes
 *
 * Checks types, ids, that numbers are dense from `first`, and each hash against the chain (unknown members
 * of a mutation are hashed too). Commands and kinds are not judged: that is the server's.
 *
 * Returns: (transfer full) (nullable): the request, or %NULL with an error of %FYR_WIRE_ERROR
 */
FyrPushRequest *
fyr_push_request_parse (const char *text, gsize length, GError **error);

/**
 * FyrWireOutcomeKind:
 *
 * What became of a mutation: PROTOCOL.md, "Push".
 */
typedef enum {
  FYR_WIRE_OUTCOME_APPLIED,
  FYR_WIRE_OUTCOME_MERGED,
  FYR_WIRE_OUTCOME_CONFLICT,
  FYR_WIRE_OUTCOME_REFUSED,
  FYR_WIRE_OUTCOME_LATER,
} FyrWireOutcomeKind;

/** fyr_wire_outcome_kind_to_code: Returns: (transfer none): the word of the protocol, `applied` … */
const char *
fyr_wire_outcome_kind_to_code (FyrWireOutcomeKind kind);

/**
 * FyrWireOutcome:
 * @version: the record's version now, 0 when nothing was applied
 * @code: (nullable): why it was refused, a word
 * @text: (nullable): the same in English
 * @conflict: (nullable): `{"fields": {…}, "version"}`
 * @deleted: it had been applied in a former life of the server, and the record was deleted since
 * @unchanged: all was so already, so nothing was made of it: neither a version nor the event of a command
 * @receipt: (nullable): what the server wants to see when the mutation is sent again after a restore
 */
typedef struct {
  gint64 number;
  FyrWireOutcomeKind kind;
  gint64 version;
  char *code;
  char *text;
  JsonObject *conflict;
  gboolean deleted;
  gboolean unchanged;
  char *receipt;
} FyrWireOutcome;

/** fyr_wire_outcome_new: Returns: (transfer full): an outcome without code, text or conflict */
FyrWireOutcome *
fyr_wire_outcome_new (gint64 number, FyrWireOutcomeKind kind, gint64 version);
void
fyr_wire_outcome_free (FyrWireOutcome *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrWireOutcome, fyr_wire_outcome_free)

/** fyr_wire_outcome_read: Returns: (transfer full) (nullable): it, or %NULL with an error of %FYR_WIRE_ERROR */
FyrWireOutcome *
fyr_wire_outcome_read (const FyrJsonValue *value, GError **error);

/** fyr_wire_outcome_write: appends one outcome as a JSON object, the form a server stores and repeats. */
void
fyr_wire_outcome_write (FyrWireOutcome *self, GString *text);

/** FyrPushReply: @outcomes: (element-type FyrWireOutcome): one a mutation, in their order. @schemas: the server's */
typedef struct {
  char *epoch;
  FyrWireSchemas schemas;
  gint64 server_time;
  GPtrArray *outcomes;
} FyrPushReply;

FyrPushReply *
fyr_push_reply_new (void);
void
fyr_push_reply_free (FyrPushReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrPushReply, fyr_push_reply_free)

/** fyr_push_reply_write: appends the reply as JSON */
void
fyr_push_reply_write (FyrPushReply *self, GString *text);

/**
 * fyr_push_reply_write_stored:
 * @outcomes: (array length=n_outcomes): outcomes as fyr_wire_outcome_write() made them
 *
 * Appends a reply made of stored outcomes.
 */
void
fyr_push_reply_write_stored (
    const char *epoch, gint64 server_time, const char *const *outcomes, gsize n_outcomes, GString *text);

/** fyr_push_reply_parse: (transfer full) (nullable): the reply, or %NULL with an error of %FYR_WIRE_ERROR. */
FyrPushReply *
fyr_push_reply_parse (const char *text, gsize length, GError **error);

G_END_DECLS
