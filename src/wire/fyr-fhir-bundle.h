/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-fhir-outcome.h"
#include "fyr-json-document.h"

G_BEGIN_DECLS

#define FYR_FHIR_MAX_ENTRIES 1000

typedef enum {
  FYR_BUNDLE_TRANSACTION,
  FYR_BUNDLE_BATCH,
  FYR_BUNDLE_COLLECTION,
} FyrBundleType;

/**
 * FyrBundleEntry:
 * @index: place in `entry`
 * @full_url: (nullable): what the answer repeats
 * @resource: (nullable): the resource
 * @resource_type: (nullable): its `resourceType`; %NULL: the entry must be refused
 * @method: (nullable): `request.method` when there is one
 */
typedef struct {
  guint index;
  const char *full_url;
  const FyrJsonValue *resource;
  const char *resource_type;
  const char *method;
} FyrBundleEntry;

/**
 * FyrBundle:
 * @entries: (element-type FyrBundleEntry): the entries that are requests: Observations and what is not
 *   supported. Patient and Device entries only serve references; they are in @entries too
 */
typedef struct {
  FyrBundleType type;
  GArray *entries;
} FyrBundle;

void
fyr_fhir_bundle_free (FyrBundle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrBundle, fyr_fhir_bundle_free)

/**
 * fyr_fhir_bundle_read:
 * @root: a resource whose resourceType is Bundle
 * @outcome: receives an issue for each fault of the Bundle itself
 *
 * Returns: (transfer full) (nullable): the Bundle, or %NULL when it cannot be answered entry by entry (type
 *   unknown, no entry, too many)
 */
FyrBundle *
fyr_fhir_bundle_read (const FyrJsonValue *root, FyrFhirOutcome *outcome);

/**
 * FyrBundleReply:
 *
 * Writes the answering Bundle: begin, one fyr_bundle_reply_add() an entry, in order, end.
 */
typedef struct {
  FyrJsonWriter json;
} FyrBundleReply;

/** fyr_bundle_reply_begin: @text: where the Bundle is written; must live until the end */
void
fyr_bundle_reply_begin (FyrBundleReply *self, GString *text, FyrBundleType type);

/**
 * fyr_bundle_reply_add:
 * @full_url: (nullable): of the entry answered
 * @status: HTTP status of this entry
 * @id: (nullable): id of the Observation made or found
 * @outcome: (nullable): why it was refused
 */
void
fyr_bundle_reply_add (
    FyrBundleReply *self, const char *full_url, guint status, const char *id, FyrFhirOutcome *outcome);
void
fyr_bundle_reply_end (FyrBundleReply *self);

/**
 * fyr_fhir_capability_statement:
 * @version: the program's version
 * @date: when the server started, milliseconds
 *
 * Returns: (transfer full): the CapabilityStatement that `GET /fhir/metadata` answers
 */
char *
fyr_fhir_capability_statement (const char *version, gint64 date);

G_END_DECLS
