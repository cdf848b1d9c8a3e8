/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-server-db.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "fyr-apply-state.h"
#include "fyr-migrator.h"
#include "fyr-record.h"
#include "fyr-row-security.h"
#include "fyr-server-schema.h"
#include "fyr-shared.h"
#include "fyr-uuid.h"

#define DATABASE_NAME "fyrlykt.db"
#define LOCK_NAME "fyrlykt.lock"
#define MAX_KINDS 64

struct _FyrServerDb {
  gatomicrefcount ref_count;
  char *directory;
  char *path;  /* file name or address, as it is opened */
  char *shown; /* the same, with no password in it */
  char *channel;
  gboolean shared;
  int lock_fd;
  FyrConnection *connection;
  guint life;        /* of the writing connection, when the epoch was last looked at */
  const char *epoch; /* (atomic): interned */
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
  if (self->shared) {
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

/* The highest number given, and the known kinds by their numbers. */
static gboolean
read_kinds (FyrServerDb *self, gint64 *highest, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  *highest = 0;
  select = fyr_connection_prepare (self->connection, "SELECT id, name FROM kind", error);
  if (select == NULL) {
    return FALSE;
  }
  while ((step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    gint64 number = fyr_statement_get_int (select, 0);

    *highest = MAX (*highest, number);
    if (number > 0 && number < MAX_KINDS) {
      self->kinds[number] = fyr_record_info_lookup (fyr_statement_get_text (select, 1));
    }
  }
  return step == FYR_STEP_DONE;
}

static gboolean
add_kinds (FyrServerDb *self, gint64 highest, GError **error)
{
  g_autoptr (FyrStatement) insert =
      fyr_connection_prepare (self->connection, "INSERT INTO kind (id, name) VALUES (?1, ?2)", error);

  for (guint i = 0; insert != NULL && i < fyr_n_record_infos; i++) {
    if (fyr_server_db_get_kind_number (self, fyr_record_infos[i]->kind) > 0) {
      continue;
    }
    fyr_statement_bind_int (insert, 1, ++highest);
    fyr_statement_bind_text (insert, 2, fyr_record_infos[i]->kind);
    if (!fyr_statement_run (insert, error)) {
      return FALSE;
    }
  }
  return insert != NULL;
}

static gboolean
load_kinds (FyrServerDb *self, GError **error)
{
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (self->connection, error);
  gint64 highest;

  return transaction != NULL && fyr_connection_lock_name (self->connection, "kinds", error) &&
         read_kinds (self, &highest, error) && add_kinds (self, highest, error) &&
         read_kinds (self, &highest, error) && fyr_transaction_commit (transaction, error);
}

/* (transfer full) (nullable): %NULL without error when there is no such line */
static char *
read_meta (FyrConnection *connection, const char *name, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection, "SELECT value FROM meta WHERE name = ?1", error);

  if (select == NULL) {
    return NULL;
  }
  fyr_statement_bind_text (select, 1, name);
  return fyr_statement_step (select, error) == FYR_STEP_ROW ? g_strdup (fyr_statement_get_text (select, 0))
                                                            : NULL;
}

static gboolean
write_meta (FyrConnection *connection, const char *name, const char *value, GError **error)
{
  g_autoptr (FyrStatement) put =
      fyr_connection_prepare (connection,
                              "INSERT INTO meta (name, value) VALUES (?1, ?2)"
                              " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                              error);

  if (put == NULL) {
    return FALSE;
  }
  fyr_statement_bind_text (put, 1, name);
  fyr_statement_bind_text (put, 2, value);
  return fyr_statement_run (put, error);
}

static void
set_epoch (FyrServerDb *self, const char *epoch)
{
  g_atomic_pointer_set (&self->epoch, g_intern_string (epoch));
}

static gboolean
write_epoch (FyrServerDb *self, FyrConnection *connection, const char *former, GError **error)
{
  gint64 counter = former != NULL ? g_ascii_strtoll (former, NULL, 10) + 1 : 1;
  char random[FYR_UUID_TEXT_SIZE];
  g_autofree char *epoch = NULL;

  fyr_uuid_v7_new (g_get_real_time () / 1000, random);
  epoch = g_strdup_printf ("%" G_GINT64_FORMAT "-%s", counter, random);
  if (!write_meta (connection, "epoch", epoch, error)) {
    return FALSE;
  }
  set_epoch (self, epoch);
  return TRUE;
}

/* Which history of which cluster this is: both change when a standby takes over or a copy is restored elsewhere. */
static char *
read_timeline (FyrConnection *connection, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection,
      "SELECT system_identifier || '/' || substr (pg_walfile_name (pg_current_wal_lsn ()), 1, 8)"
      " FROM pg_control_system ()",
      error);

  if (select == NULL || fyr_statement_step (select, error) != FYR_STEP_ROW) {
    return NULL;
  }
  return g_strdup (fyr_statement_get_text (select, 0));
}

/* As fyr_server_db_check_life(); (nullable) @timeline of a shared database. */
static gboolean
settle_epoch (
    FyrServerDb *self, FyrConnection *connection, const char *timeline, gboolean may_write, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *epoch = read_meta (connection, "epoch", &failure);
  g_autofree char *noted = failure == NULL ? read_meta (connection, "timeline", &failure) : NULL;
  gboolean same = timeline == NULL || g_strcmp0 (timeline, noted) == 0;

  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (epoch != NULL && same) {
    set_epoch (self, epoch);
    return TRUE;
  }
  if (!may_write) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY, "The database begins a new life");
    return FALSE;
  }
  return (timeline == NULL || write_meta (connection, "timeline", timeline, error)) &&
         write_epoch (self, connection, epoch, error);
}

gboolean
fyr_server_db_note_timeline (FyrConnection *connection, GError **error)
{
  g_autofree char *timeline = read_timeline (connection, error);

  return timeline != NULL && write_meta (connection, "timeline", timeline, error);
}

gboolean
fyr_server_db_check_life (FyrServerDb *self, FyrConnection *connection, gboolean may_write, GError **error)
{
  g_autofree char *timeline = NULL;

  if (self->shared) {
    timeline = read_timeline (connection, error);
    if (timeline == NULL) {
      return FALSE;
    }
  }
  return (!may_write || fyr_connection_lock_name (connection, "epoch", error)) &&
         settle_epoch (self, connection, timeline, may_write, error);
}

/* On a connection made anew, in a transaction of its own: what it finds out must not be rolled back with a job. */
static gboolean
look_at_life (FyrServerDb *self, guint *life, GError **error)
{
  g_autoptr (FyrTransaction) transaction = fyr_transaction_begin (self->connection, error);

  *life = fyr_connection_get_life (self->connection);
  return transaction != NULL && fyr_server_db_check_life (self, self->connection, TRUE, error) &&
         fyr_transaction_commit (transaction, error);
}

FyrTransaction *
fyr_server_db_begin_write (FyrServerDb *self, GError **error)
{
  g_autoptr (FyrTransaction) transaction = NULL;

  if (fyr_connection_get_life (self->connection) != self->life && !look_at_life (self, &self->life, error)) {
    self->life = 0;
    return NULL;
  }
  transaction = fyr_transaction_begin (self->connection, error);
  if (transaction == NULL) {
    return NULL;
  }
  if (fyr_connection_get_life (self->connection) != self->life) {
    g_set_error_literal (error, FYR_DB_ERROR, FYR_DB_ERROR_BUSY, "The connection was made anew");
    return NULL;
  }
  if (!fyr_row_security_begin (self->connection, FYR_ROW_SECURITY_ALL, error)) {
    return NULL;
  }
  fyr_apply_state_begin (self->state, self->connection);
  return g_steal_pointer (&transaction);
}

gboolean
fyr_server_db_tell_all (FyrServerDb *self, GError **error)
{
  return fyr_connection_notify (self->connection, self->channel, "*", error);
}

static gboolean
load_epoch (FyrServerDb *self, GError **error)
{
  g_autoptr (FyrTransaction) transaction = fyr_server_db_begin_write (self, error);

  return transaction != NULL && fyr_transaction_commit (transaction, error);
}

gboolean
fyr_server_db_renew_epoch (FyrServerDb *self, GError **error)
{
  g_autoptr (FyrTransaction) transaction = fyr_server_db_begin_write (self, error);

  return transaction != NULL && write_epoch (self, self->connection, fyr_server_db_get_epoch (self), error) &&
         fyr_transaction_commit (transaction, error);
}

/* Schemas of one database are databases to us: each has a channel of its own. */
static gboolean
find_channel (FyrServerDb *self, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;

  if (!self->shared) {
    return TRUE;
  }
  select = fyr_connection_prepare (self->connection, "SELECT 'fyrlykt.' || current_schema ()", error);
  if (select == NULL || fyr_statement_step (select, error) != FYR_STEP_ROW) {
    return FALSE;
  }
  self->channel = g_strdup (fyr_statement_get_text (select, 0));
  return TRUE;
}

/* What may be shown: postgresql://user:password@host/name without the password. */
static char *
without_password (const char *location)
{
  const char *name = strstr (location, "://");
  const char *at = name != NULL ? strchr (name + 3, '@') : NULL;
  const char *colon = name != NULL ? strchr (name + 3, ':') : NULL;
  const char *end = location + strcspn (location, "?");

  if (at == NULL || colon == NULL || colon > at || at > end) {
    return g_strndup (location, (gsize)(end - location));
  }
  return g_strdup_printf ("%.*s%.*s", (int)(colon - location), location, (int)(end - at), at);
}

/* Whether the tables are there; only who asked for them makes them. */
static gboolean
has_tables (FyrServerDb *self, FyrServerDbFlags flags, GError **error)
{
  gint64 version;

  if (!self->shared || (flags & FYR_SERVER_DB_CREATE) != 0) {
    return TRUE;
  }
  version = fyr_migrator_get_version (self->connection, error);
  if (version == 0) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_UNKNOWN,
                 "There are no tables in %s: make them with fyrlykt-admin init", self->shown);
  }
  return version > 0;
}

static gboolean
open_connection (FyrServerDb *self, FyrServerDbFlags flags, GError **error)
{
  FyrConnectionFlags how = flags & FYR_SERVER_DB_CREATE ? FYR_CONNECTION_CREATE : FYR_CONNECTION_NONE;

  self->connection = fyr_connection_open (self->path, how, error);
  /* A cache of 32 MiB keeps the upper pages of all indexes in memory. */
  return self->connection != NULL && has_tables (self, flags, error) &&
         fyr_server_schema_migrate (self->connection, error) &&
         (self->shared || fyr_connection_exec (self->connection, "PRAGMA cache_size = -32768", error)) &&
         find_channel (self, error) && load_kinds (self, error) && load_epoch (self, error) &&
         (self->directory != NULL || fyr_row_security_open_all (self->connection, error));
}

FyrServerDb *
fyr_server_db_open_at (const char *directory, const char *location, FyrServerDbFlags flags, GError **error)
{
  g_autoptr (FyrServerDb) self = g_new0 (FyrServerDb, 1);

  fyr_postgres_enable ();
  g_atomic_ref_count_init (&self->ref_count);
  self->lock_fd = -1;
  self->directory = g_strdup (directory);
  self->shared = location != NULL && fyr_connection_is_shared_location (location);
  if (directory == NULL && !self->shared) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, "A data folder is needed");
    return NULL;
  }
  self->path = self->shared ? g_strdup (location) : g_build_filename (directory, DATABASE_NAME, NULL);
  self->shown = self->shared ? without_password (location) : g_strdup (self->path);
  self->state = fyr_apply_state_new ();
  if (location != NULL && !self->shared) {
    g_set_error (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                 "%s is no address of a PostgreSQL database (postgresql://USER@HOST:PORT/NAME)", location);
    return NULL;
  }
  if (directory != NULL && (!prepare_directory (self, flags, error) || !take_lock (self, error))) {
    return NULL;
  }
  if (!open_connection (self, flags, error)) {
    return NULL;
  }
  return g_steal_pointer (&self);
}

FyrServerDb *
fyr_server_db_open (const char *directory, FyrServerDbFlags flags, GError **error)
{
  return fyr_server_db_open_at (directory, NULL, flags, error);
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
  g_free (self->shown);
  g_free (self->channel);
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
  return self->shown;
}

gboolean
fyr_server_db_is_shared (FyrServerDb *self)
{
  return self->shared;
}

const char *
fyr_server_db_get_channel (FyrServerDb *self)
{
  return self->channel;
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

FyrConnection *
fyr_server_db_open_another (FyrServerDb *self, GError **error)
{
  return fyr_connection_open (self->path, FYR_CONNECTION_NONE, error);
}

const char *
fyr_server_db_get_epoch (FyrServerDb *self)
{
  return g_atomic_pointer_get (&self->epoch);
}

/* An epoch is a counter and an id, which begins with its time. */
gint64
fyr_server_db_get_restored_at (FyrServerDb *self)
{
  const char *epoch = fyr_server_db_get_epoch (self);
  const char *id = strchr (epoch, '-');
  guint8 bytes[FYR_UUID_BYTES];
  gint64 time = 0;

  if (g_ascii_strtoll (epoch, NULL, 10) < 2 || id == NULL || !fyr_uuid_to_bytes (id + 1, bytes)) {
    return 0;
  }
  for (guint i = 0; i < 6; i++) {
    time = time << 8 | bytes[i];
  }
  return time;
}

gint
fyr_server_db_get_kind_number (FyrServerDb *self, const char *kind)
{
  /* Nearly always the declaration's own text. */
  for (gint i = 1; i < MAX_KINDS; i++) {
    if (self->kinds[i] != NULL && self->kinds[i]->kind == kind) {
      return i;
    }
  }
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
