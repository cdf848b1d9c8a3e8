/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store-private.h"

G_BEGIN_DECLS

/** FyrSqlValue: a value for a parameter; made with FYR_INT(), FYR_TEXT() and FYR_ID(), which keep its type */
typedef struct {
  FyrColumnType type; /* INT, TEXT, or BLOB for an id */
  gint64 integer;
  const char *text; /* (nullable) */
} FyrSqlValue;

#define FYR_INT(value) ((FyrSqlValue){ FYR_COLUMN_INT, (value), NULL })
#define FYR_TEXT(value) ((FyrSqlValue){ FYR_COLUMN_TEXT, 0, (value) })
#define FYR_ID(value) ((FyrSqlValue){ FYR_COLUMN_BLOB, 0, (value) })

/**
 * fyr_store_query:
 * @sql: program text with parameters ?1, ?2 …
 * @...: their values in order: FYR_ID (patient_id), FYR_INT (kind)
 *
 * Returns: (transfer full) (nullable): a statement ready for its first step; %NULL with error
 */
#define fyr_store_query(context, error, sql, ...)                                                            \
  fyr_store_query_values (context, error, sql, (const FyrSqlValue[]){ __VA_ARGS__ },                         \
                          sizeof ((const FyrSqlValue[]){ __VA_ARGS__ }) / sizeof (FyrSqlValue))

/** fyr_store_execute: as fyr_store_query(), run to its end. Returns: TRUE or FALSE with error */
#define fyr_store_execute(context, error, sql, ...)                                                          \
  fyr_store_execute_values (context, error, sql, (const FyrSqlValue[]){ __VA_ARGS__ },                       \
                            sizeof ((const FyrSqlValue[]){ __VA_ARGS__ }) / sizeof (FyrSqlValue))

/** fyr_store_query_values: behind fyr_store_query(). Returns: (transfer full) (nullable): NULL with error */
FyrStatement *
fyr_store_query_values (
    FyrStoreContext *context, GError **error, const char *sql, const FyrSqlValue *values, gsize n_values);

/** fyr_store_execute_values: behind fyr_store_execute(). Returns: TRUE or FALSE with error */
gboolean
fyr_store_execute_values (
    FyrStoreContext *context, GError **error, const char *sql, const FyrSqlValue *values, gsize n_values);

G_END_DECLS
