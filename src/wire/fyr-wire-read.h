/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-json-document.h"
#include "fyr-wire-schema.h"

G_BEGIN_DECLS

/*< private >*/
/* What the message readers share. Each sets FYR_WIRE_ERROR_MALFORMED naming the member, never its value. */

/** fyr_wire_malformed: sets error FYR_WIRE_ERROR_MALFORMED. */
gboolean
fyr_wire_malformed (GError **error, const char *name, const char *problem);

/* A document whose root is an object; *root is it. Sets error FYR_WIRE_ERROR_MALFORMED. */
FyrJsonDocument *
fyr_wire_read_document (
    const char *text, gsize length, const FyrJsonLimits *limits, const FyrJsonValue **root, GError **error);

/* A string of min to max bytes; *value is a copy. Sets error FYR_WIRE_ERROR_MALFORMED. */
gboolean
fyr_wire_read_string (
    const FyrJsonValue *object, const char *name, gsize min, gsize max, char **value, GError **error);

/* The same when the member may be absent or null: *value is then NULL. Sets error FYR_WIRE_ERROR_MALFORMED. */
gboolean
fyr_wire_read_text (const FyrJsonValue *object, const char *name, gsize max, char **value, GError **error);

/** fyr_wire_read_uuid: An id in text form. Sets error FYR_WIRE_ERROR_MALFORMED. */
gboolean
fyr_wire_read_uuid (const FyrJsonValue *object, const char *name, char **value, GError **error);

/* Not below min. Sets error FYR_WIRE_ERROR_MALFORMED. */
gboolean
fyr_wire_read_int (const FyrJsonValue *object, const char *name, gint64 min, gint64 *value, GError **error);

/* The same when the member may be absent or null: *value is then fallback. Sets error FYR_WIRE_ERROR_MALFORMED. */
gboolean
fyr_wire_read_optional_int (
    const FyrJsonValue *object, const char *name, gint64 min, gint64 fallback, gint64 *value, GError **error);

/** fyr_wire_read_bool: FALSE when absent or null. Sets error FYR_WIRE_ERROR_MALFORMED. */
gboolean
fyr_wire_read_bool (const FyrJsonValue *object, const char *name, gboolean *value, GError **error);

/* 64 lower-case hexadecimal digits. Sets error FYR_WIRE_ERROR_MALFORMED. */
gboolean
fyr_wire_read_hash (const FyrJsonValue *object, const char *name, char hash[65], GError **error);

/* What a request is written in, and what its writer reads. One that is not served: FYR_WIRE_ERROR_SCHEMA. */
gboolean
fyr_wire_read_schema (const FyrJsonValue *object, int *schema, FyrWireSchemas *schemas, GError **error);

/* A required array; *first may be NULL when it is empty. Sets error FYR_WIRE_ERROR_MALFORMED. */
gboolean
fyr_wire_read_array (const FyrJsonValue *object,
                     const char *name,
                     const FyrJsonValue **array,
                     GError **error);

G_END_DECLS
