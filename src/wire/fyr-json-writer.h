/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record.h"

G_BEGIN_DECLS

/**
 * FyrJsonWriter:
 *
 * Writes JSON text straight into a #GString; commas come by themselves. The caller keeps begin and end
 * paired. Member functions take a @name, element functions %NULL for it.
 */
typedef struct {
  GString *text;
  gboolean comma;
} FyrJsonWriter;

#define FYR_JSON_WRITER_INIT(string)                                                                         \
  {                                                                                                          \
    (string), FALSE                                                                                          \
  }

/** fyr_json_writer_begin_object: opens an object; the following write its members */
void
fyr_json_writer_begin_object (FyrJsonWriter *self, const char *name);
void
fyr_json_writer_end_object (FyrJsonWriter *self);
void
fyr_json_writer_begin_array (FyrJsonWriter *self, const char *name);
void
fyr_json_writer_end_array (FyrJsonWriter *self);

/** fyr_json_writer_int: writes a number; @value of real: finite */
void
fyr_json_writer_int (FyrJsonWriter *self, const char *name, gint64 value);
void
fyr_json_writer_real (FyrJsonWriter *self, const char *name, double value);

/** fyr_json_writer_bool: writes true, false, or null */
void
fyr_json_writer_bool (FyrJsonWriter *self, const char *name, gboolean value);
void
fyr_json_writer_null (FyrJsonWriter *self, const char *name);

/** fyr_json_writer_string: @value: (nullable): UTF-8; %NULL is written as null. */
void
fyr_json_writer_string (FyrJsonWriter *self, const char *name, const char *value);

/** fyr_json_writer_text: @value: (nullable): as fyr_json_writer_string(), but a %NULL leaves the member out. */
void
fyr_json_writer_text (FyrJsonWriter *self, const char *name, const char *value);

/** fyr_json_writer_raw: @json: text that is JSON already. */
void
fyr_json_writer_raw (FyrJsonWriter *self, const char *name, const char *json);

/** fyr_json_writer_node: @node: (nullable): any json-glib value, in canonical text. */
void
fyr_json_writer_node (FyrJsonWriter *self, const char *name, JsonNode *node);

/** fyr_json_writer_object: @object: (nullable): likewise; %NULL leaves the member out. */
void
fyr_json_writer_object (FyrJsonWriter *self, const char *name, JsonObject *object);

/**
 * fyr_json_writer_record:
 * @class_mask: as for fyr_record_to_json(), whose result this is in text, some ten times as fast
 */
void
fyr_json_writer_record (FyrJsonWriter *self, const char *name, FyrRecord *record, guint class_mask);

G_END_DECLS
