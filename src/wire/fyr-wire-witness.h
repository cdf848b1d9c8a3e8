/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record.h"
#include "fyr-wire-schema.h"

G_BEGIN_DECLS

/** FYR_WITNESS_MAX_RECORDS: most records offered at once */
#define FYR_WITNESS_MAX_RECORDS 200
/** FYR_WITNESS_MAX_TAG: most characters of a tag */
#define FYR_WITNESS_MAX_TAG 64

/**
 * FyrWireOffer:
 * @kind: of the record
 * @tag: what the server once signed it with
 * @epoch: (nullable): the life of the server in which it did; %NULL: not stated
 * @record: (nullable): the record; %NULL when this program does not know the kind, and for a deletion
 * @deleted: version of a deletion's tombstone; 0 for a record
 * @id: with @deleted: of which record
 */
typedef struct {
  char *kind;
  char *tag;
  char *epoch;
  FyrRecord *record;
  gint64 deleted;
  char id[37];
} FyrWireOffer;

/** FyrWitnessRequest: records a restored server may have lost (PROTOCOL.md, "Witnesses"). @offers: of FyrWireOffer */
typedef struct {
  char *epoch;
  int schema;
  FyrWireSchemas schemas;
  char *device;
  GPtrArray *offers;
} FyrWitnessRequest;

FyrWitnessRequest *
fyr_witness_request_new (void);
void
fyr_witness_request_free (FyrWitnessRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrWitnessRequest, fyr_witness_request_free)

/** fyr_witness_request_add: @epoch: (nullable): when it was signed; @record: (transfer none) */
void
fyr_witness_request_add (FyrWitnessRequest *self, const char *tag, const char *epoch, FyrRecord *record);

/** fyr_witness_request_add_deletion: @version: of the tombstone */
void
fyr_witness_request_add_deletion (FyrWitnessRequest *self,
                                  const char *tag,
                                  const char *epoch,
                                  const char *kind,
                                  const char *id,
                                  gint64 version);

/** fyr_witness_request_write: appends the request as JSON */
void
fyr_witness_request_write (FyrWitnessRequest *self, GString *text);

/** fyr_witness_request_parse: (transfer full) (nullable): the request, or %NULL with an error of %FYR_WIRE_ERROR */
FyrWitnessRequest *
fyr_witness_request_parse (const char *text, gsize length, GError **error);

/**
 * FyrWitnessResult: what became of an offer
 * @FYR_WITNESS_ACCEPTED: the server had lost it and has it again
 * @FYR_WITNESS_KNOWN: it has this or something newer
 * @FYR_WITNESS_REFUSED: the tag is not of this record, or it is nothing to be offered by this user
 * @FYR_WITNESS_LATER: what it belongs to is not there yet
 */
typedef enum {
  FYR_WITNESS_ACCEPTED,
  FYR_WITNESS_KNOWN,
  FYR_WITNESS_REFUSED,
  FYR_WITNESS_LATER,
} FyrWitnessResult;

/** FyrWitnessReply: @results: (element-type FyrWitnessResult): in the order of the offers */
typedef struct {
  char *epoch;
  GArray *results;
} FyrWitnessReply;

FyrWitnessReply *
fyr_witness_reply_new (void);
void
fyr_witness_reply_free (FyrWitnessReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrWitnessReply, fyr_witness_reply_free)

/** fyr_witness_reply_write: appends the reply as JSON */
void
fyr_witness_reply_write (FyrWitnessReply *self, GString *text);

/** fyr_witness_reply_parse: (transfer full) (nullable): the reply, or %NULL with an error of %FYR_WIRE_ERROR */
FyrWitnessReply *
fyr_witness_reply_parse (const char *text, gsize length, GError **error);

G_END_DECLS
