/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-json-writer.h"
#include "fyr-wire-check.h"
#include "fyr-wire-emergency.h"
#include "fyr-wire-error.h"
#include "fyr-wire-push.h"
#include "fyr-wire-schema.h"

G_BEGIN_DECLS

#define FYR_PULL_MAX_WAIT 25
#define FYR_PULL_DEFAULT_BYTES (1024 * 1024)
#define FYR_PULL_MAX_BYTES (8 * 1024 * 1024)
#define FYR_PULL_MAX_SCOPES 20000

/**
 * FyrPullRequest:
 * @cursors: (element-type utf8 gint64): scope → last sequence number applied; boxed gint64 values
 * @max_bytes: about how large the reply may be; bounded to 16 KiB … %FYR_PULL_MAX_BYTES
 * @wait: seconds to hold the reply until something comes; bounded to 0 … %FYR_PULL_MAX_WAIT
 * @first: the caller has nothing yet
 * @removed: (element-type utf8): scopes that were revoked and of which nothing is left on the workstation
 * @settled: the last settlement this workstation knows of the caller's work in quarantine; 0 none
 * @emergency: the caller ends emergency access by its clock, and may be given it
 * @check: (nullable): a question about what is held
 */
typedef struct {
  char *epoch;
  int schema;
  FyrWireSchemas schemas;
  char *device;
  GHashTable *cursors;
  gint64 max_bytes;
  int wait;
  gboolean first;
  GPtrArray *removed;
  gint64 settled;
  gboolean emergency;
  FyrWireCheck *check;
} FyrPullRequest;

FyrPullRequest *
fyr_pull_request_new (void);
void
fyr_pull_request_free (FyrPullRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrPullRequest, fyr_pull_request_free)

/** fyr_pull_request_set_cursor: @seq: the last entry of @scope that is held, 0 for none */
void
fyr_pull_request_set_cursor (FyrPullRequest *self, const char *scope, gint64 seq);

/** fyr_pull_request_get_cursor: 0 for a scope that is not in the request. */
gint64
fyr_pull_request_get_cursor (FyrPullRequest *self, const char *scope);

/** fyr_pull_request_write: appends the request as JSON */
void
fyr_pull_request_write (FyrPullRequest *self, GString *text);

/** fyr_pull_request_parse: (transfer full) (nullable): the request, or an error of %FYR_WIRE_ERROR. */
FyrPullRequest *
fyr_pull_request_parse (const char *text, gsize length, GError **error);

typedef enum { FYR_PULL_OP_PUT, FYR_PULL_OP_DELETE, FYR_PULL_OP_SKIP } FyrPullOp;

/**
 * FyrPullEntry:
 * @op: put carries a record, delete is a tombstone, skip was overtaken within the page
 * @record: (nullable): of a put of a known kind
 * @parked: (nullable): JSON text of the record of a kind this program does not know, to be kept
 * @tag: (nullable): with what the record, or the deletion, can be given back to a restored server
 * @version: of a deletion with a tag: the tombstone's
 */
typedef struct {
  gint64 seq;
  FyrPullOp op;
  char *kind;
  char id[37];
  FyrRecord *record;
  char *parked;
  char *tag;
  gint64 version;
} FyrPullEntry;

/** FyrPullScope: entries from @from to @to, dense; @entries: (element-type FyrPullEntry). */
typedef struct {
  char *scope;
  gint64 from;
  gint64 to;
  GPtrArray *entries;
} FyrPullScope;

/** FyrPullSettlement: what became of the caller's work in quarantine. @seq: dense in time, of all workstations */
typedef struct {
  gint64 seq;
  char incarnation[37];
  FyrWireOutcome *outcome;
} FyrPullSettlement;

/**
 * FyrPullReply:
 * @granted: (element-type utf8): scopes granted now
 * @revoked: (element-type utf8): scopes asked for and not granted: remove what no other grant covers
 * @complete: %FALSE: ask again at once
 * @heads: (element-type utf8 gint64): scope → head
 * @classes: (element-type utf8 gint64): scope → which classes of fields the caller reads there
 * @scopes: (element-type FyrPullScope): the page
 * @ahead: (element-type FyrPullEntry): records that are needed first, told once more in their place; seq 0
 * @settled: (element-type FyrPullSettlement): news of the caller's work in quarantine, by seq
 * @emergency: (element-type FyrWireEmergency): the caller's emergency accesses that last now
 * @check: (nullable): the answer to the request's question, when the page is complete
 * @schemas: what the server reads and writes
 */
typedef struct {
  char *epoch;
  FyrWireSchemas schemas;
  gint64 server_time;
  GPtrArray *granted;
  GPtrArray *revoked;
  gboolean complete;
  GHashTable *heads;
  GHashTable *classes;
  GPtrArray *scopes;
  GPtrArray *ahead;
  GPtrArray *settled;
  GArray *emergency;
  FyrWireCheckReply *check;
} FyrPullReply;

void
fyr_pull_reply_free (FyrPullReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrPullReply, fyr_pull_reply_free)

/**
 * fyr_pull_reply_parse:
 *
 * Checks that each scope's entries are dense from `from` to `to` and that a put has a record whose id and
 * kind are the entry's.
 *
 * Returns: (transfer full) (nullable): the reply, or %NULL with an error of %FYR_WIRE_ERROR
 */
FyrPullReply *
fyr_pull_reply_parse (const char *text, gsize length, GError **error);

/**
 * FyrPullWriter:
 *
 * Writes a reply as the server reads its feeds: begin, then for each scope with entries begin_scope, put,
 * delete or skip …, end_scope; then end.
 */
typedef struct {
  FyrJsonWriter json;
} FyrPullWriter;

/** fyr_pull_writer_begin: @text receives the reply; "complete" and "heads" come with fyr_pull_writer_end(). */
void
fyr_pull_writer_begin (FyrPullWriter *self,
                       GString *text,
                       const char *epoch,
                       gint64 server_time,
                       GPtrArray *granted,
                       GPtrArray *revoked);
void
fyr_pull_writer_begin_scope (FyrPullWriter *self, const char *scope, gint64 from, gint64 to);

/** fyr_pull_writer_put: @class_mask: bits `1 << FYR_FIELD_CLASS_…` the reader may see. */
void
fyr_pull_writer_put (FyrPullWriter *self, gint64 seq, FyrRecord *record, guint class_mask);
/** fyr_pull_writer_put_signed: @tag: what the server signs the record with */
void
fyr_pull_writer_put_signed (
    FyrPullWriter *self, gint64 seq, FyrRecord *record, guint class_mask, const char *tag);
void
fyr_pull_writer_delete (FyrPullWriter *self, gint64 seq, const char *kind, const char *id);
/** fyr_pull_writer_delete_signed: @version: of the tombstone; @tag: what the server signs the deletion with */
void
fyr_pull_writer_delete_signed (
    FyrPullWriter *self, gint64 seq, const char *kind, const char *id, gint64 version, const char *tag);
void
fyr_pull_writer_skip (FyrPullWriter *self, gint64 seq, const char *kind, const char *id);
void
fyr_pull_writer_end_scope (FyrPullWriter *self);

/** fyr_pull_writer_begin_ahead: before the first scope; then puts with seq 0, then fyr_pull_writer_end_ahead() */
void
fyr_pull_writer_begin_ahead (FyrPullWriter *self);
void
fyr_pull_writer_end_ahead (FyrPullWriter *self);

/** fyr_pull_writer_begin_settled: before the scopes; then fyr_pull_writer_settled() …, fyr_pull_writer_end_settled() */
void
fyr_pull_writer_begin_settled (FyrPullWriter *self);
/** fyr_pull_writer_settled: @outcome: as fyr_wire_outcome_write() made it */
void
fyr_pull_writer_settled (FyrPullWriter *self, gint64 seq, const char *incarnation, const char *outcome);
void
fyr_pull_writer_end_settled (FyrPullWriter *self);

/** fyr_pull_writer_begin_scopes: after what goes ahead, before the first scope */
void
fyr_pull_writer_begin_scopes (FyrPullWriter *self);

/** fyr_pull_writer_end_scopes: after the last scope */
void
fyr_pull_writer_end_scopes (FyrPullWriter *self);

/** fyr_pull_writer_check: after the scopes, before the end. @masks: as fyr_wire_check_reply_write() */
void
fyr_pull_writer_check (FyrPullWriter *self, FyrWireCheckReply *reply, GArray *masks);

/** fyr_pull_writer_emergency: @accesses: (element-type FyrWireEmergency). Before the end. */
void
fyr_pull_writer_emergency (FyrPullWriter *self, GArray *accesses);

/** fyr_pull_writer_classes: @classes: (element-type utf8 gint64): boxed, as in #FyrPullReply. Before the end. */
void
fyr_pull_writer_classes (FyrPullWriter *self, GHashTable *classes);

/** fyr_pull_writer_end: @heads: (element-type utf8 gint64): boxed, as in #FyrPullReply. */
void
fyr_pull_writer_end (FyrPullWriter *self, GHashTable *heads, gboolean complete);

/** fyr_wire_heads_new: (transfer full): an empty map of scope → boxed gint64. */
GHashTable *
fyr_wire_heads_new (void);
void
fyr_wire_heads_set (GHashTable *heads, const char *scope, gint64 head);

/** fyr_wire_heads_get: 0 when absent. */
gint64
fyr_wire_heads_get (GHashTable *heads, const char *scope);

/** fyr_wire_heads_raise: takes over each head of @news that is higher. */
void
fyr_wire_heads_raise (GHashTable *heads, GHashTable *news);
/** fyr_wire_heads_write: appends the live frame `{"heads": {scope: head}}`. */
void
fyr_wire_heads_write (GHashTable *heads, GString *text);

/** fyr_wire_heads_parse: (transfer full) (nullable): a live frame, or %NULL with an error of %FYR_WIRE_ERROR. */
GHashTable *
fyr_wire_heads_parse (const char *text, gsize length, GError **error);

G_END_DECLS
