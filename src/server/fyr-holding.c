/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-holding.h"

#include <string.h>

#include "fyr-scopes.h"
#include "fyr-shared.h"

/* How often contact of a workstation that owes a confirmation is noted, ms. */
#define CONTACT_EACH (10 * 60 * 1000)

struct _FyrHoldingNote {
  char device[37];
  char user_id[37];
  char session_id[37];
  char *digest;
  GPtrArray *granted;
  GPtrArray *removed;
};

void
fyr_holding_note_free (FyrHoldingNote *self)
{
  g_ptr_array_unref (self->granted);
  g_ptr_array_unref (self->removed);
  g_free (self->digest);
  g_free (self);
}

static GPtrArray *
copy_names (GPtrArray *names)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < names->len; i++) {
    g_ptr_array_add (copy, g_strdup (names->pdata[i]));
  }
  return copy;
}

/* Of all that is granted: it is compared with each pull, the names only when it differs. */
static char *
digest_names (GPtrArray *names)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);

    g_checksum_update (sum, (const guchar *)name, (gssize)strlen (name) + 1);
  }
  return g_strdup (g_checksum_get_string (sum));
}

/* 1 when the workstation's line says the same, 0 when not, -1 with error. While it owes a confirmation its contact is
 * noted now and then, too. */
static int
is_known (FyrConnection *connection, const FyrSession *session, const char *digest, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection,
      "SELECT 1 FROM holder h WHERE device = ?1 AND \"user\" = ?2 AND digest = ?3 AND (seen > ?4 OR NOT "
      "EXISTS"
      " (SELECT 1 FROM revocation v WHERE v.device = h.device AND v.confirmed IS NULL))",
      error);
  FyrStep step;

  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_id (select, 1, session->device_id);
  fyr_statement_bind_id (select, 2, session->user_id);
  fyr_statement_bind_text (select, 3, digest);
  fyr_statement_bind_int (select, 4, g_get_real_time () / 1000 - CONTACT_EACH);
  step = fyr_statement_step (select, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

gboolean
fyr_holding_check (FyrConnection *connection,
                   const FyrSession *session,
                   GPtrArray *granted,
                   GPtrArray *removed,
                   FyrHoldingNote **note,
                   GError **error)
{
  g_autofree char *digest = digest_names (granted);
  int known = is_known (connection, session, digest, error);

  *note = NULL;
  if (known < 0) {
    return FALSE;
  }
  if (known == 0 || removed->len > 0) {
    *note = g_new0 (FyrHoldingNote, 1);
    g_strlcpy ((*note)->device, session->device_id, sizeof (*note)->device);
    g_strlcpy ((*note)->user_id, session->user_id, sizeof (*note)->user_id);
    g_strlcpy ((*note)->session_id, session->id, sizeof (*note)->session_id);
    (*note)->digest = g_steal_pointer (&digest);
    (*note)->granted = copy_names (granted);
    (*note)->removed = copy_names (removed);
  }
  return TRUE;
}

static GHashTable *
load_held (FyrConnection *connection, const char *device, GError **error)
{
  g_autoptr (GHashTable) held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection, "SELECT scope FROM holding WHERE device = ?1", error);
  FyrStep step = FYR_STEP_ERROR;

  if (select != NULL) {
    fyr_statement_bind_id (select, 1, device);
  }
  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_hash_table_add (held, g_strdup (fyr_statement_get_text (select, 0)));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&held) : NULL;
}

/* Runs @sql with ?1 device, ?2 scope, ?3 time. */
static gboolean
run_for (FyrWriteContext *context, const char *sql, const char *device, const char *scope, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_connection_prepare (fyr_write_context_get_connection (context), sql, error);

  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (statement, 1, device);
  fyr_statement_bind_text (statement, 2, scope);
  if (strstr (sql, "?3") != NULL) {
    fyr_statement_bind_int (statement, 3, fyr_write_context_get_time (context));
  }
  return fyr_statement_run (statement, error);
}

static gboolean
revoke_others (FyrWriteContext *context, FyrHoldingNote *note, GHashTable *held, GError **error)
{
  g_autoptr (GHashTable) granted = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer scope;

  for (guint i = 0; i < note->granted->len; i++) {
    g_hash_table_add (granted, note->granted->pdata[i]);
  }
  g_hash_table_iter_init (&iter, held);
  while (g_hash_table_iter_next (&iter, &scope, NULL)) {
    if (!g_hash_table_contains (granted, scope) &&
        (!run_for (context,
                   "INSERT INTO revocation (device, scope, \"user\", told) SELECT device, ?2, \"user\", ?3"
                   " FROM holder WHERE device = ?1",
                   note->device, scope, error) ||
         !run_for (context, "DELETE FROM holding WHERE device = ?1 AND scope = ?2", note->device, scope,
                   error))) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Access that came back before the workstation removed anything needs no confirmation any more. */
static gboolean
hold_granted (FyrWriteContext *context, FyrHoldingNote *note, GHashTable *held, GError **error)
{
  for (guint i = 0; i < note->granted->len; i++) {
    const char *scope = g_ptr_array_index (note->granted, i);

    if (!g_hash_table_contains (held, scope) &&
        (!run_for (context, "INSERT INTO holding (device, scope, since) VALUES (?1, ?2, ?3)", note->device,
                   scope, error) ||
         !run_for (context, "DELETE FROM revocation WHERE device = ?1 AND scope = ?2 AND confirmed IS NULL",
                   note->device, scope, error))) {
      return FALSE;
    }
  }
  return TRUE;
}

/* What was said to be wiped has just asked: it is on the list again. */
static gboolean
doubt_wiped (FyrWriteContext *context, const char *device, GError **error)
{
  g_autoptr (FyrStatement) doubt =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "UPDATE revocation SET wiped = NULL, told = ?2"
                              " WHERE device = ?1 AND confirmed IS NULL AND wiped IS NOT NULL",
                              error);

  if (doubt == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (doubt, 1, device);
  fyr_statement_bind_int (doubt, 2, fyr_write_context_get_time (context));
  return fyr_statement_run (doubt, error);
}

static gboolean
put_holder (FyrWriteContext *context, FyrHoldingNote *note, GError **error)
{
  g_autoptr (FyrStatement) put = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "INSERT INTO holder (device, \"user\", digest, name, seen) VALUES (?1, ?2, ?3,"
      " coalesce ((SELECT device_name FROM session WHERE id = ?4), ''), ?5) ON CONFLICT (device) DO UPDATE "
      "SET"
      " \"user\" = excluded.\"user\", digest = excluded.digest, name = excluded.name, seen = excluded.seen",
      error);

  if (put == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (put, 1, note->device);
  fyr_statement_bind_id (put, 2, note->user_id);
  fyr_statement_bind_text (put, 3, note->digest);
  fyr_statement_bind_id (put, 4, note->session_id);
  fyr_statement_bind_int (put, 5, fyr_write_context_get_time (context));
  return fyr_statement_run (put, error);
}

gboolean
fyr_holding_write (FyrWriteContext *context, FyrHoldingNote *note, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  g_autofree char *name = g_strdup_printf ("holder %s", note->device);
  g_autoptr (GHashTable) held = NULL;

  if (!fyr_connection_lock_name (connection, name, error)) {
    return FALSE;
  }
  held = doubt_wiped (context, note->device, error) ? load_held (connection, note->device, error) : NULL;
  /* In this order: what a workstation removed by itself is a revocation first, and what it removed before access came
   * back was removed. */
  if (held == NULL || !revoke_others (context, note, held, error)) {
    return FALSE;
  }
  for (guint i = 0; i < note->removed->len; i++) {
    if (!run_for (
            context,
            "UPDATE revocation SET confirmed = ?3 WHERE device = ?1 AND scope = ?2 AND confirmed IS NULL",
            note->device, note->removed->pdata[i], error)) {
      return FALSE;
    }
  }
  return hold_granted (context, note, held, error) && put_holder (context, note, error) &&
         fyr_holding_leave (context, note->device, error);
}

gboolean
fyr_holding_leave (FyrWriteContext *context, const char *device, GError **error)
{
  g_autoptr (FyrStatement) leave = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "DELETE FROM session WHERE device = ?1 AND EXISTS (SELECT 1 FROM shut_out o WHERE o.device = ?1)"
      " AND NOT EXISTS (SELECT 1 FROM holding h WHERE h.device = ?1)"
      " AND NOT EXISTS (SELECT 1 FROM revocation v WHERE v.device = ?1 AND v.confirmed IS NULL)",
      error);

  if (leave == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (leave, 1, device);
  return fyr_statement_run (leave, error);
}

static void
revocation_free (gpointer data)
{
  FyrRevocation *self = data;

  g_free (self->name);
  g_free (self->scope);
  g_free (self);
}

/* Columns: device, name, user, scope, told, confirmed, wiped, shut out. */
static FyrRevocation *
read_row (FyrStatement *row)
{
  FyrRevocation *self = g_new0 (FyrRevocation, 1);

  g_strlcpy (self->device, fyr_statement_get_id (row, 0), sizeof self->device);
  self->name = g_strdup (fyr_statement_get_text (row, 1));
  g_strlcpy (self->user_id, fyr_statement_get_id (row, 2), sizeof self->user_id);
  self->scope = g_strdup (fyr_statement_get_text (row, 3));
  self->told = fyr_statement_get_int (row, 4);
  self->confirmed = fyr_statement_get_int (row, 5);
  self->wiped = fyr_statement_get_int (row, 6) > 0;
  self->shut_out = fyr_statement_get_int (row, 7) > 0;
  return self;
}

static GPtrArray *
read_rows (FyrConnection *connection, const char *sql, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (revocation_free);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (connection, sql, error);
  FyrStep step = FYR_STEP_ERROR;

  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (rows, read_row (select));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&rows) : NULL;
}

/* Names of the feeds a user is granted now; NULL with error. */
static GHashTable *
load_granted (FyrConnection *connection, const char *user_id, gint64 now, GError **error)
{
  g_autoptr (FyrSubject) subject = fyr_subject_load (connection, user_id, now, error);
  g_autoptr (GPtrArray) scopes = subject != NULL ? fyr_scopes_load (connection, subject, error) : NULL;
  GHashTable *names;

  if (scopes == NULL) {
    return NULL;
  }
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < scopes->len; i++) {
    g_hash_table_add (names, g_strdup (((FyrScope *)g_ptr_array_index (scopes, i))->name));
  }
  return names;
}

/* Of what workstations hold, what their last reader may not have any more; ordered by reader. */
static gboolean
add_untold (FyrConnection *connection, GPtrArray *list, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) held =
      read_rows (connection,
                 "SELECT h.device, r.name, r.\"user\", h.scope, 0, 0, 0,"
                 " (SELECT count (*) FROM shut_out o WHERE o.device = h.device) FROM holding h"
                 " JOIN holder r ON r.device = h.device ORDER BY r.\"user\", h.device, h.scope",
                 error);
  g_autoptr (GHashTable) granted = NULL;
  const char *user_id = NULL;

  for (guint i = 0; held != NULL && i < held->len; i++) {
    FyrRevocation *row = g_ptr_array_index (held, i);

    if (g_strcmp0 (user_id, row->user_id) != 0) {
      g_clear_pointer (&granted, g_hash_table_unref);
      granted = load_granted (connection, row->user_id, now, error);
      user_id = row->user_id;
    }
    if (granted == NULL) {
      return FALSE;
    }
    if (row->shut_out || !g_hash_table_contains (granted, row->scope)) {
      FyrRevocation *untold = g_memdup2 (row, sizeof *row);

      untold->name = g_strdup (row->name);
      untold->scope = g_strdup (row->scope);
      g_ptr_array_add (list, untold);
    }
  }
  return held != NULL;
}

GPtrArray *
fyr_holding_list (FyrConnection *connection, gboolean all, gint64 now, GError **error)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT v.device, coalesce (r.name, ''), v.\"user\", v.scope, v.told,"
                       " coalesce (v.confirmed, 0), coalesce (v.wiped, 0),"
                       " (SELECT count (*) FROM shut_out o WHERE o.device = v.device)"
                       " FROM revocation v LEFT JOIN holder r ON r.device = v.device%s ORDER BY v.told, v.id",
                       all ? "" : " WHERE v.confirmed IS NULL AND v.wiped IS NULL");
  g_autoptr (GPtrArray) list = read_rows (connection, sql, error);

  return list != NULL && add_untold (connection, list, now, error) ? g_steal_pointer (&list) : NULL;
}
