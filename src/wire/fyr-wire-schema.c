/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-wire-schema.h"

#include "fyr-wire-read.h"

FyrWireSchemas
fyr_wire_schemas_own (void)
{
  return (FyrWireSchemas){ FYR_WIRE_SCHEMA_MIN, FYR_WIRE_SCHEMA };
}

int
fyr_wire_schemas_agree (FyrWireSchemas ours, FyrWireSchemas theirs)
{
  int highest = MIN (ours.max, theirs.max);

  return highest >= MAX (ours.min, theirs.min) ? highest : 0;
}

gboolean
fyr_wire_schemas_is_older (FyrWireSchemas theirs, FyrWireSchemas ours)
{
  return theirs.max > 0 && theirs.max < ours.min;
}

void
fyr_wire_schemas_write (FyrJsonWriter *json)
{
  fyr_json_writer_int (json, "schema_min", FYR_WIRE_SCHEMA_MIN);
  fyr_json_writer_int (json, "schema_max", FYR_WIRE_SCHEMA);
}

gboolean
fyr_wire_schemas_read (const FyrJsonValue *object, int fallback, FyrWireSchemas *schemas, GError **error)
{
  gint64 min = 0, max = 0;

  if (!fyr_wire_read_optional_int (object, "schema_min", 1, fallback, &min, error) ||
      !fyr_wire_read_optional_int (object, "schema_max", 1, MAX (fallback, min), &max, error))
    return FALSE;
  if (max < min || max > G_MAXINT)
    return fyr_wire_malformed (error, "schema_max", "is out of bounds");
  *schemas = (FyrWireSchemas){ (int)min, (int)max };
  return TRUE;
}

gboolean
fyr_wire_schema_check (int stated, GError **error)
{
  if (stated >= FYR_WIRE_SCHEMA_MIN && stated <= FYR_WIRE_SCHEMA)
    return TRUE;
  g_set_error (error, FYR_WIRE_ERROR, FYR_WIRE_ERROR_SCHEMA, "Schemas %d to %d are served",
               FYR_WIRE_SCHEMA_MIN, FYR_WIRE_SCHEMA);
  return FALSE;
}
