/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-admin-socket.h"
#include "fyr-row-security.h"
#include "fyr-transaction.h"

struct _FyrAdminHost {
  FyrServerDb *db;
  FyrWriter *writer;
  FyrAppliedFunc applied;
  gpointer applied_data;
};

FyrAdminHost *
fyr_admin_host_new (FyrServerDb *db, FyrWriter *writer)
{
  FyrAdminHost *self = g_new0 (FyrAdminHost, 1);

  self->db = fyr_server_db_ref (db);
  self->writer = writer;
  return self;
}

void
fyr_admin_host_set_applied (FyrAdminHost *self, FyrAppliedFunc func, gpointer user_data)
{
  self->applied = func;
  self->applied_data = user_data;
}

FyrAppliedFunc
fyr_admin_host_get_applied (FyrAdminHost *self, gpointer *user_data)
{
  *user_data = self->applied_data;
  return self->applied;
}

void
fyr_admin_host_free (FyrAdminHost *self)
{
  fyr_server_db_unref (self->db);
  g_free (self);
}

FyrServerDb *
fyr_admin_host_get_db (FyrAdminHost *self)
{
  return self->db;
}

gboolean
fyr_admin_host_is_server (FyrAdminHost *self)
{
  return self->writer != NULL;
}

gboolean
fyr_admin_host_write (FyrAdminHost *self, FyrWriteFunc func, gpointer data, GError **error)
{
  if (self->writer != NULL) {
    return fyr_writer_run (self->writer, func, data, error);
  }
  return fyr_server_db_write (self->db, func, data, error);
}

gboolean
fyr_admin_host_read (FyrAdminHost *self, FyrReadFunc func, gpointer data, GError **error)
{
  g_autoptr (FyrConnection) connection = fyr_server_db_open_reader (self->db, error);
  g_autoptr (FyrTransaction) transaction =
      connection != NULL ? fyr_transaction_begin_read (connection, error) : NULL;

  return transaction != NULL && fyr_row_security_begin (connection, FYR_ROW_SECURITY_ALL, error) &&
         func (connection, data, error);
}
