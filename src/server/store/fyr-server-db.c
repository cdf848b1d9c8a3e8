/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-server-db.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "fyr-apply-state.h"
#include "fyr-record.h"
#include "fyr-server-schema.h"
#include "fyr-uuid.h"

#define DATABASE_NAME "fyrlykt.db"
#define LOCK_NAME "fyrlykt.lock"
#define MAX_KINDS 64

struct _FyrServerDb {
  gatomicrefcount ref_count;
  char *directory;
  char *path;
  int lock_fd;
  FyrConnection *connection;
  char *epoch;
  const FyrRecordInfo *kinds[MAX_KINDS];
  FyrApplyState *state;
};

static char *
read_process_name (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/comm", pid);
  char *name = NULL;

  if (!g_file_get_contents (path, &name, NULL, NULL)) {
    return g_strdup ("unknown program");
  }
  return g_strstrip (name);
}

static int
read_pid (int fd)
{
  char text[16] = "";

  if (pread (fd, text, sizeof text - 1, 0) <= 0) {
    return 0;
  }
  return (int)g_ascii_strtoll (text, NULL, 10);
}

static gboolean
take_lock (FyrServerDb *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, LOCK_NAME, NULL);
  g_autofree char *text = g_strdup_printf ("%d\n", (int)getpid ());

  self->lock_fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0) {
    int code = errno;
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "Cannot open %s: %s", path, g_strerror (code));
    return FALSE;
  }
  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0) {
    int pid = read_pid (self->lock_fd);
    g_autofree char *name = read_process_name (pid);
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_LOCKED,
                 "The data folder %s is in use by process %d (%s)", self->directory, pid, name);
    return FALSE;
  }
  if (ftruncate (self->lock_fd, 0) != 0 || pwrite (self->lock_fd, text, strlen (text), 0) < 0) {
    g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "Cannot write %s", path);
    return FALSE;
  }
  return TRUE;
}

int
fyr_server_db_find_owner (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, LOCK_NAME, NULL);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  int owner;

  if (fd < 0) {
    return errno == ENOENT ? 0 : -1;
  }
  owner = flock (fd, LOCK_SH | LOCK_NB) == 0 ? 0 : read_pid (fd);
  close (fd);
  return owner;
}

static gboolean
prepare_directory (FyrServerDb *self, FyrServerDbFlags flags, GError **error)
{
  if (flags & FYR_SERVER_DB_CREATE) {
    if (g_mkdir_with_parents (self->directory, 0700) != 0) {
      g_set_error (error, FYR_DB_ERROR, FYR_DB_ERROR_IO, "Cannot make the folder %s", self->directory);
      return FALSE;
    }
    return TRUE;
  }
  if (!g_file_test (self->path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN,
                 "There is no database in %s: make one with fyrlykt-admin init", self->directory);
    return FALSE;
  }
  return TRUE;
}

static gboolean
load_kinds (FyrServerDb *self, GError **error)
{
  g_autoptr (FyrStatement) insert = NULL;
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  insert = fyr_connection_prepare (self->connection, "INSERT OR IGNORE INTO kind (name) VALUES (?1)", error);
  if (insert == NULL) {
    return FALSE;
  }
  for (guint i = 0; i < fyr_n_record_infos; i++) {
    fyr_statement_bind_text (insert, 1, fyr_record_infos[i]->kind);
    if (!fyr_statement_run (insert, error)) {
      return FALSE;
    }
  }
  select = fyr_connection_prepare (self->connection, "SELECT id, name FROM kind", error);
  if (select == NULL) {
    return FALSE;
  }
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    gint64 number = fyr_statement_get_int (select, 0);
    if (number > 0 && number < MAX_KINDS) {
      self->kinds[number] = fyr_record_info_lookup (fyr_statement_get_text (select, 1));
    }
  }
  return step == FYR_STEP_DONE;
}

static gboolean
write_epoch (FyrServerDb *self, gint64 counter, GError **error)
{
  char random[FYR_UUID_TEXT_SIZE];
  g_autofree char *epoch = NULL;
  g_autoptr (FyrStatement) put = NULL;

  fyr_uuid_v7_new (g_get_real_time () / 1000, random);
  epoch = g_strdup_printf ("%" G_GINT64_FORMAT "-%s", counter, random);
  put = fyr_connection_prepare (self->connection,
                                "INSERT INTO meta (name, value) VALUES ('epoch', ?1)"
                                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                                error);
  if (put == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (put, 1, epoch);
  if (!fyr_statement_run (put, error)) {
    return FALSE;
  }
  g_free (self->epoch);
  self->epoch = g_steal_pointer (&epoch);
  return TRUE;
}

static gboolean
load_epoch (FyrServerDb *self, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  select = fyr_connection_prepare (self->connection, "SELECT value FROM meta WHERE name = 'epoch'", error);
  if (select == NULL) {
    return FALSE;
  }
  step = fyr_statement_step (select, error);
  if (step == FYR_STEP_ERROR) {
    return FALSE;
  }
  if (step == FYR_STEP_ROW) {
    self->epoch = g_strdup (fyr_statement_get_text (select, 0));
  }
  g_clear_pointer (&select, fyr_statement_free);
  return self->epoch != NULL || write_epoch (self, 1, error);
}

gboolean
fyr_server_db_renew_epoch (FyrServerDb *self, GError **error)
{
  return write_epoch (self, g_ascii_strtoll (self->epoch, NULL, 10) + 1, error);
}

FyrServerDb *
fyr_server_db_open (const char *directory, FyrServerDbFlags flags, GError **error)
{
  g_autoptr (FyrServerDb) self = g_new0 (FyrServerDb, 1);
  FyrConnectionFlags how = flags & FYR_SERVER_DB_CREATE ? FYR_CONNECTION_CREATE : FYR_CONNECTION_NONE;

  g_atomic_ref_count_init (&self->ref_count);
  self->lock_fd = -1;
  self->directory = g_strdup (directory);
  self->path = g_build_filename (directory, DATABASE_NAME, NULL);
  self->state = fyr_apply_state_new ();
  if (!prepare_directory (self, flags, error) || !take_lock (self, error)) {
    return NULL;
  }
  self->connection = fyr_connection_open (self->path, how, error);
  /* A cache of 32 MiB keeps the upper pages of all indexes in memory. */
  if (self->connection == NULL || !fyr_server_schema_migrate (self->connection, error) ||
      !fyr_connection_exec (self->connection, "PRAGMA cache_size = -32768", error) ||
      !load_kinds (self, error) || !load_epoch (self, error)) {
    return NULL;
  }
  return g_steal_pointer (&self);
}

FyrServerDb *
fyr_server_db_ref (FyrServerDb *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
fyr_server_db_unref (FyrServerDb *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count)) {
    return;
  }
  g_clear_pointer (&self->connection, fyr_connection_unref);
  g_clear_pointer (&self->state, fyr_apply_state_free);
  if (self->lock_fd >= 0) {
    close (self->lock_fd);
  }
  g_free (self->directory);
  g_free (self->path);
  g_free (self->epoch);
  g_free (self);
}

const char *
fyr_server_db_get_directory (FyrServerDb *self)
{
  return self->directory;
}

const char *
fyr_server_db_get_path (FyrServerDb *self)
{
  return self->path;
}

FyrConnection *
fyr_server_db_get_connection (FyrServerDb *self)
{
  return self->connection;
}

FyrApplyState *
fyr_server_db_get_apply_state (FyrServerDb *self)
{
  return self->state;
}

FyrConnection *
fyr_server_db_open_reader (FyrServerDb *self, GError **error)
{
  return fyr_connection_open (self->path, FYR_CONNECTION_READ_ONLY, error);
}

const char *
fyr_server_db_get_epoch (FyrServerDb *self)
{
  return self->epoch;
}

gint
fyr_server_db_get_kind_number (FyrServerDb *self, const char *kind)
{
  for (gint i = 1; i < MAX_KINDS; i++) {
    if (self->kinds[i] != NULL && g_str_equal (self->kinds[i]->kind, kind)) {
      return i;
    }
  }
  return 0;
}

const char *
fyr_server_db_get_kind_name (FyrServerDb *self, gint number)
{
  if (number < 1 || number >= MAX_KINDS || self->kinds[number] == NULL) {
    return NULL;
  }
  return self->kinds[number]->kind;
}
