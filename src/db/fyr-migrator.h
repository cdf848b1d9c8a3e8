/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

/**
 * FyrMigration:
 * @version: the version of the tables after this step; steps are sorted, from 1 upwards without gaps
 * @sql: (nullable): statements to run
 * @apply: (nullable): run after @sql, inside the same transaction
 * @user_data: for @apply
 */
typedef struct {
  int version;
  const char *sql;
  gboolean (*apply) (FyrConnection *connection, gpointer user_data, GError **error);
  gpointer user_data;
} FyrMigration;

/**
 * fyr_migrator_run:
 * @connection: a connection without an open transaction
 * @steps: (array length=n_steps): all steps that ever were
 * @n_steps: how many
 * @error: return location
 *
 * Brings the tables to the last step's version. Each step and its version number commit together: killed
 * or failed at any point, the database is whole at the version before. Nothing is ever deleted on failure.
 *
 * Returns: %TRUE, or %FALSE with %FYR_DB_ERROR_NEWER_SCHEMA when a later program wrote it, or what a step
 * said
 */
gboolean
fyr_migrator_run (FyrConnection *connection, const FyrMigration *steps, gsize n_steps, GError **error);

/**
 * fyr_migrator_get_version:
 *
 * Returns: the version of the tables, 0 for a new database, -1 with @error set
 */
gint64
fyr_migrator_get_version (FyrConnection *connection, GError **error);

G_END_DECLS
