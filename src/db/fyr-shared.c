/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-shared.h"

#include "fyr-db-driver.h"

gboolean
fyr_connection_is_shared_location (const char *location)
{
  return g_str_has_prefix (location, "postgresql:") || g_str_has_prefix (location, "postgres:");
}

gboolean
fyr_connection_is_shared (FyrConnection *connection)
{
  return fyr_connection_get_driver (connection)->is_shared;
}

const char *
fyr_connection_get_row_lock (FyrConnection *connection)
{
  return fyr_connection_get_driver (connection)->lock_row_sql;
}

static FyrStatement *
prepare_with_text (FyrConnection *connection, const char *sql, const char *text, GError **error)
{
  FyrStatement *statement = fyr_connection_prepare (connection, sql, error);

  if (statement != NULL) {
    fyr_statement_bind_text (statement, 1, text);
  }
  return statement;
}

gboolean
fyr_connection_lock_name (FyrConnection *connection, const char *name, GError **error)
{
  g_autoptr (FyrStatement) lock = NULL;

  if (!fyr_connection_is_shared (connection)) {
    return TRUE;
  }
  lock = prepare_with_text (connection, "SELECT pg_advisory_xact_lock (hashtextextended (?1, 7020604))", name,
                            error);
  return lock != NULL && fyr_statement_run (lock, error);
}

int
fyr_connection_try_name (FyrConnection *connection, const char *name, GError **error)
{
  g_autoptr (FyrStatement) lock = NULL;

  if (!fyr_connection_is_shared (connection)) {
    return 1;
  }
  lock = prepare_with_text (connection, "SELECT pg_try_advisory_xact_lock (hashtextextended (?1, 7020604))",
                            name, error);
  if (lock == NULL || fyr_statement_step (lock, error) != FYR_STEP_ROW) {
    return -1;
  }
  return fyr_statement_get_bool (lock, 0);
}

gboolean
fyr_connection_set_for_transaction (FyrConnection *connection,
                                    const char *name,
                                    const char *value,
                                    GError **error)
{
  g_autoptr (FyrStatement) set = NULL;

  if (!fyr_connection_is_shared (connection)) {
    return TRUE;
  }
  set = prepare_with_text (connection, "SELECT set_config (?1, ?2, true)", name, error);
  if (set == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (set, 2, value);
  return fyr_statement_run (set, error);
}

gboolean
fyr_connection_set_patience (FyrConnection *connection, guint milliseconds, GError **error)
{
  char value[16];

  g_snprintf (value, sizeof value, "%ums", MAX (milliseconds, 1));
  return fyr_connection_set_for_transaction (connection, "lock_timeout", value, error);
}

void
fyr_connection_set_deferring (FyrConnection *connection, gboolean deferring)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);

  if (driver->set_deferring != NULL) {
    driver->set_deferring (fyr_connection_get_handle (connection), deferring);
  }
}

gboolean
fyr_connection_is_deferring (FyrConnection *connection)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);

  return driver->is_deferring != NULL && driver->is_deferring (fyr_connection_get_handle (connection));
}

gboolean
fyr_connection_settle (FyrConnection *connection, GError **error)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);

  return driver->settle == NULL || driver->settle (fyr_connection_get_handle (connection), error);
}

guint64
fyr_connection_count_writes (FyrConnection *connection)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);

  return driver->count_writes != NULL ? driver->count_writes (fyr_connection_get_handle (connection)) : 0;
}

guint
fyr_connection_get_life (FyrConnection *connection)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);

  return driver->get_life != NULL ? driver->get_life (fyr_connection_get_handle (connection)) : 1;
}

gboolean
fyr_connection_listen (FyrConnection *connection, const char *channel, GError **error)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);

  return driver->listen == NULL || driver->listen (fyr_connection_get_handle (connection), channel, error);
}

gboolean
fyr_connection_notify (FyrConnection *connection, const char *channel, const char *text, GError **error)
{
  g_autoptr (FyrStatement) notify = NULL;

  if (!fyr_connection_is_shared (connection)) {
    return TRUE;
  }
  notify = prepare_with_text (connection, "SELECT pg_notify (?1, ?2)", channel, error);
  if (notify == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (notify, 2, text);
  return fyr_statement_run (notify, error);
}

int
fyr_connection_get_socket (FyrConnection *connection)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);

  return driver->get_socket != NULL ? driver->get_socket (fyr_connection_get_handle (connection)) : -1;
}

gboolean
fyr_connection_take_notice (FyrConnection *connection, char **text, GError **error)
{
  const FyrDbDriver *driver = fyr_connection_get_driver (connection);

  *text = NULL;
  return driver->take_notice == NULL ||
         driver->take_notice (fyr_connection_get_handle (connection), text, error);
}
