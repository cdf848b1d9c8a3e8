/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-migrator.h"

#include "fyr-db-driver.h"
#include "fyr-transaction.h"

gint64
fyr_migrator_get_version (FyrConnection *connection, GError **error)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);
  gint64 version = 0;

  if (!driver->get_schema_version (fyr_connection_get_handle (connection), &version, error)) {
    return -1;
  }
  return version;
}

static gboolean
apply_step (FyrConnection *connection, const FyrMigration *step, GError **error)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (connection, error);
  gint64 version;

  if (transaction == NULL || (driver->lock_schema_sql != NULL &&
                              !fyr_connection_exec (connection, driver->lock_schema_sql, error))) {
    return FALSE;
  }
  /* Asked again under the write lock: another process may have been first. */
  version = fyr_migrator_get_version (connection, error);
  if (version < 0) {
    return FALSE;
  }
  if (version >= step->version) {
    return TRUE;
  }
  if (version != step->version - 1) {
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_FAILED,
                 "Migration %d does not follow version %" G_GINT64_FORMAT, step->version, version);
    return FALSE;
  }
  if (step->sql != NULL && !fyr_connection_exec (connection, step->sql, error)) {
    return FALSE;
  }
  if (step->apply != NULL && !step->apply (connection, step->user_data, error)) {
    return FALSE;
  }
  return driver->set_schema_version (fyr_connection_get_handle (connection), step->version, error) &&
         fyr_transaction_commit (transaction, error);
}

gboolean
fyr_migrator_run (FyrConnection *connection, const FyrMigration *steps, gsize n_steps, GError **error)
{
  gint64 last = n_steps > 0 ? steps[n_steps - 1].version : 0;
  gint64 version = fyr_migrator_get_version (connection, error);

  if (version < 0) {
    return FALSE;
  }
  if (version > last) {
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_NEWER_SCHEMA,
                 "The database has version %" G_GINT64_FORMAT ", this program knows up to %" G_GINT64_FORMAT,
                 version, last);
    return FALSE;
  }
  for (gsize i = 0; i < n_steps; i++) {
    if (steps[i].version > version && !apply_step (connection, &steps[i], error)) {
      g_prefix_error (error, "Migration %d: ", steps[i].version);
      return FALSE;
    }
  }
  return TRUE;
}
