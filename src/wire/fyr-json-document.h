/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "fyr-wire-error.h"

G_BEGIN_DECLS

/**
 * FyrJsonType:
 *
 * What a JSON value is.
 */
typedef enum {
  FYR_JSON_NULL,
  FYR_JSON_FALSE,
  FYR_JSON_TRUE,
  FYR_JSON_NUMBER,
  FYR_JSON_STRING,
  FYR_JSON_ARRAY,
  FYR_JSON_OBJECT,
} FyrJsonType;

/**
 * FyrJsonValue:
 * @name: (nullable): the member's name; %NULL in an array and at the root
 * @text: of a string the characters (no NUL among them), of a number its digits as sent; else %NULL
 * @first: (nullable): first element or member of a container
 * @next: (nullable): next element or member of the container this value is in
 * @length: bytes of @text, or the number of elements or members
 * @name_length: bytes of @name
 * @type: what it is
 *
 * A value of a #FyrJsonDocument; lives as long as the document.
 */
typedef struct _FyrJsonValue FyrJsonValue;
struct _FyrJsonValue {
  const char *name;
  const char *text;
  const FyrJsonValue *first;
  const FyrJsonValue *next;
  guint length;
  guint name_length;
  FyrJsonType type;
};

/**
 * FyrJsonLimits:
 * @max_bytes: most bytes of the text
 * @max_depth: most containers within each other; never above 64
 * @max_values: most values in all, containers included
 *
 * What is refused before anything is believed.
 */
typedef struct {
  gsize max_bytes;
  guint max_depth;
  guint max_values;
} FyrJsonLimits;

/** Limits of one message of the sync protocol: 1 MiB and what wraps it, depth 32. */
extern const FyrJsonLimits fyr_json_limits_message;

/** Limits of a reply to a pull: 16 MiB. */
extern const FyrJsonLimits fyr_json_limits_page;

/** Limits of a FHIR resource or Bundle: 8 MiB. */
extern const FyrJsonLimits fyr_json_limits_fhir;

typedef struct _FyrJsonDocument FyrJsonDocument;

/**
 * fyr_json_document_parse:
 * @text: UTF-8, no byte order mark; need not end with NUL; copied
 * @length: bytes in @text
 * @limits: what is refused
 *
 * A strict reader of RFC 8259 that does not recurse: no comments, no trailing commas, no NaN, no name twice
 * in an object, no NUL and no lone surrogate in a string. About 1 µs a kilobyte.
 *
 * Returns: (transfer full) (nullable): the document, or %NULL with %FYR_WIRE_ERROR_EMPTY,
 *   %FYR_WIRE_ERROR_TOO_LARGE or %FYR_WIRE_ERROR_MALFORMED (the message gives the byte)
 */
FyrJsonDocument *
fyr_json_document_parse (const char *text, gsize length, const FyrJsonLimits *limits, GError **error);

void
fyr_json_document_free (FyrJsonDocument *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrJsonDocument, fyr_json_document_free)

/** fyr_json_document_get_root: (transfer none): never %NULL. */
const FyrJsonValue *
fyr_json_document_get_root (FyrJsonDocument *self);

/** fyr_json_document_concat: (transfer none): the texts (first never %NULL) joined, kept by the document. */
const char *
fyr_json_document_concat (FyrJsonDocument *self, const char *first, ...) G_GNUC_NULL_TERMINATED;

/** fyr_json_value_get: (nullable): member @name of @self; %NULL also when @self is %NULL or no object. */
const FyrJsonValue *
fyr_json_value_get (const FyrJsonValue *self, const char *name);

/** fyr_json_value_get_string: (nullable): the text of string member @name; %NULL when absent or no string. */
const char *
fyr_json_value_get_string (const FyrJsonValue *self, const char *name);

/** fyr_json_value_get_array: (nullable): first element of array member @name; %NULL when absent or empty. */
const FyrJsonValue *
fyr_json_value_get_array (const FyrJsonValue *self, const char *name);

/** fyr_json_value_is: whether @self (nullable) is of @type. */
gboolean
fyr_json_value_is (const FyrJsonValue *self, FyrJsonType type);

/** fyr_json_value_to_int: whether @self (nullable) is a whole number of 64 bits without fraction or exponent. */
gboolean
fyr_json_value_to_int (const FyrJsonValue *self, gint64 *value);

/** fyr_json_value_to_double: whether @self (nullable) is a number that a double can hold. */
gboolean
fyr_json_value_to_double (const FyrJsonValue *self, double *value);

/** fyr_json_value_to_node: (transfer full): the same in json-glib's types; null for a number no double can hold. */
JsonNode *
fyr_json_value_to_node (const FyrJsonValue *self);

/** fyr_json_value_to_object: (transfer full) (nullable): likewise; %NULL unless @self is an object. */
JsonObject *
fyr_json_value_to_object (const FyrJsonValue *self);

G_END_DECLS
