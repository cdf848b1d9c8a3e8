/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-json-document.h"
#include "fyr-json-writer.h"
#include "fyr-wire-error.h"

G_BEGIN_DECLS

/** The schema of messages that PROTOCOL.md describes, and the oldest that is served: two back. */
#define FYR_WIRE_SCHEMA 2
#define FYR_WIRE_SCHEMA_MIN (FYR_WIRE_SCHEMA > 2 ? FYR_WIRE_SCHEMA - 2 : 1)

/** From this schema on a server takes compressed requests, and deletions and receipts back after a restore. */
#define FYR_WIRE_SCHEMA_RETURNS 2

/** FyrWireSchemas: what one side reads and writes: @min and @max, both included; 0 to 0: it was not told */
typedef struct {
  int min;
  int max;
} FyrWireSchemas;

/** fyr_wire_schemas_own: Returns: what this program reads and writes */
FyrWireSchemas
fyr_wire_schemas_own (void);

/** fyr_wire_schemas_agree: Returns: the highest schema that both know; 0 when there is none */
int
fyr_wire_schemas_agree (FyrWireSchemas ours, FyrWireSchemas theirs);

/** fyr_wire_schemas_is_older: Returns: whether @theirs ends before @ours begins: they are to be upgraded, not we */
gboolean
fyr_wire_schemas_is_older (FyrWireSchemas theirs, FyrWireSchemas ours);

/** fyr_wire_schemas_write: adds `schema_min` and `schema_max` of this program to the open object */
void
fyr_wire_schemas_write (FyrJsonWriter *json);

/**
 * fyr_wire_schemas_read:
 * @fallback: what a side means that does not state them, as those of schema 1 did not
 *
 * Returns: %TRUE, or %FALSE with %FYR_WIRE_ERROR_MALFORMED
 */
gboolean
fyr_wire_schemas_read (const FyrJsonValue *object, int fallback, FyrWireSchemas *schemas, GError **error);

/**
 * fyr_wire_schema_check:
 * @stated: what a request is written in
 *
 * Returns: %TRUE when it is served, or %FALSE with %FYR_WIRE_ERROR_SCHEMA
 */
gboolean
fyr_wire_schema_check (int stated, GError **error);

G_END_DECLS
