/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** A SHA-256 digest in lower-case hexadecimal and a NUL. */
#define FYR_HASH_TEXT_SIZE 65

/** The hash "before" the first mutation of an incarnation: 64 zeros. */
#define FYR_HASH_ZERO "0000000000000000000000000000000000000000000000000000000000000000"

/**
 * fyr_canonical_json_append:
 * @text: where to write
 * @node: (nullable): the value; %NULL is null
 * @leave_out: (nullable): a member of the outermost object that is not written
 *
 * The one text of a JSON value: members sorted by the bytes of their names, no white space, strings
 * escaped no more than they must be (`\b \f \n \r \t \" \\`, else `\u00xx`), a number that is whole and below
 * 2^53 without fraction or exponent, any other in the fewest digits that give the same double again.
 */
void
fyr_canonical_json_append (GString *text, JsonNode *node, const char *leave_out);

/** fyr_canonical_json_append_string: @value (UTF-8) as a canonical JSON string, quotes included. */
void
fyr_canonical_json_append_string (GString *text, const char *value);

/** fyr_canonical_json_append_real: @value as a canonical JSON number; `null` unless finite. */
void
fyr_canonical_json_append_real (GString *text, double value);

/**
 * fyr_canonical_json_hash:
 * @previous_hash: hash of the mutation before, %FYR_HASH_ZERO for number 1
 * @mutation: the mutation as it is sent; its member `hash` is left out
 * @hash: (out): SHA-256 over @previous_hash, a line feed and the canonical text (PROTOCOL.md, "Push")
 */
void
fyr_canonical_json_hash (const char *previous_hash, JsonObject *mutation, char hash[FYR_HASH_TEXT_SIZE]);

G_END_DECLS
