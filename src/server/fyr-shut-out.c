/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-shut-out.h"

#include <string.h>

#include "fyr-holding.h"
#include "fyr-log.h"

static const char *const action_codes[] = { "shut-out", "let-in", "wiped" };

const char *
fyr_device_action_to_code (FyrDeviceAction action)
{
  return action_codes[action];
}

gboolean
fyr_device_action_from_code (const char *code, FyrDeviceAction *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (action_codes); i++) {
    if (g_strcmp0 (code, action_codes[i]) == 0) {
      *action = (FyrDeviceAction)i;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
fail (GError **error, FyrServerError code, const char *message)
{
  g_set_error_literal (error, FYR_SERVER_ERROR, (int)code, message);
  return FALSE;
}

static gboolean
check_decision (FyrWriteContext *context, const FyrDeviceDecision *self, GError **error)
{
  g_autoptr (FyrSubject) by = fyr_subject_load (fyr_write_context_get_connection (context), self->by,
                                                fyr_write_context_get_time (context), error);

  if (by == NULL) {
    return FALSE;
  }
  if (!fyr_subject_has_role (by, FYR_ROLE_ADMINISTRATOR, NULL)) {
    return fail (error, FYR_SERVER_ERROR_INVALID, "Only an administrator decides this");
  }
  if (self->reason == NULL || *self->reason == '\0' ||
      g_utf8_strlen (self->reason, -1) > FYR_DEVICE_REASON_MAX) {
    return fail (error, FYR_SERVER_ERROR_INVALID, "A reason of at most 1000 characters is needed");
  }
  return TRUE;
}

/* Runs @sql with ?1 device and, when it has it, ?2 @number. */
static gboolean
run_for (FyrWriteContext *context, const char *sql, const char *device, gint64 number, GError **error)
{
  g_autoptr (FyrStatement) statement =
      fyr_connection_prepare (fyr_write_context_get_connection (context), sql, error);

  if (statement == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (statement, 1, device);
  if (strstr (sql, "?2") != NULL) {
    fyr_statement_bind_int (statement, 2, number);
  }
  return fyr_statement_run (statement, error);
}

/* Number of the row the decision is kept in; -1 with @error. */
static gint64
keep_decision (FyrWriteContext *context, const FyrDeviceDecision *self, GError **error)
{
  g_autoptr (FyrStatement) insert = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "INSERT INTO device_decision (device, decision, reason, \"user\", time) VALUES (?1, ?2, ?3, ?4, ?5)"
      " RETURNING id",
      error);
  gint64 id;

  if (insert == NULL) {
    return -1;
  }
  fyr_statement_bind_id (insert, 1, self->device);
  fyr_statement_bind_text (insert, 2, fyr_device_action_to_code (self->action));
  fyr_statement_bind_text (insert, 3, self->reason);
  fyr_statement_bind_id (insert, 4, self->by);
  fyr_statement_bind_int (insert, 5, fyr_write_context_get_time (context));
  if (fyr_statement_step (insert, error) != FYR_STEP_ROW) {
    return -1;
  }
  id = fyr_statement_get_int (insert, 0);
  return fyr_statement_step (insert, error) == FYR_STEP_DONE ? id : -1;
}

int
fyr_shut_out_find (FyrConnection *connection, const char *device, GError **error)
{
  g_autoptr (FyrStatement) select =
      fyr_connection_prepare (connection, "SELECT 1 FROM shut_out WHERE device = ?1", error);
  FyrStep step;

  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_id (select, 1, device);
  step = fyr_statement_step (select, error);
  return step == FYR_STEP_ERROR ? -1 : step == FYR_STEP_ROW;
}

/* All there is to know about contact of a workstation; 0: nothing; -1 with @error. */
static gint64
find_contact (FyrConnection *connection, const char *device, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection,
      "SELECT coalesce (max (t), 0) FROM (SELECT created AS t FROM session WHERE device = ?1"
      " UNION ALL SELECT seen FROM holder WHERE device = ?1"
      " UNION ALL SELECT seen FROM workstation WHERE device = ?1) AS c",
      error);

  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_id (select, 1, device);
  return fyr_statement_step (select, error) == FYR_STEP_ROW ? fyr_statement_get_int (select, 0) : -1;
}

static gboolean
shut_out (FyrWriteContext *context, const FyrDeviceDecision *self, GError **error)
{
  FyrConnection *connection = fyr_write_context_get_connection (context);
  gint64 contact = find_contact (connection, self->device, error);
  int found = contact >= 0 ? fyr_shut_out_find (connection, self->device, error) : -1;

  if (found < 0) {
    return FALSE;
  }
  if (found > 0) {
    return fail (error, FYR_SERVER_ERROR_INVALID, "That workstation is shut out already");
  }
  if (contact == 0) {
    return fail (error, FYR_SERVER_ERROR_UNKNOWN, "There is no such workstation");
  }
  return run_for (context, "INSERT INTO shut_out (device, time) VALUES (?1, ?2)", self->device,
                  fyr_write_context_get_time (context), error) &&
         fyr_holding_leave (context, self->device, error) && keep_decision (context, self, error) >= 0;
}

/* Whoever works there signs in anew. */
static gboolean
let_in (FyrWriteContext *context, const FyrDeviceDecision *self, GError **error)
{
  int found = fyr_shut_out_find (fyr_write_context_get_connection (context), self->device, error);

  if (found == 0) {
    return fail (error, FYR_SERVER_ERROR_INVALID, "That workstation is not shut out");
  }
  return found > 0 && run_for (context, "DELETE FROM shut_out WHERE device = ?1", self->device, 0, error) &&
         run_for (context, "DELETE FROM session WHERE device = ?1", self->device, 0, error) &&
         keep_decision (context, self, error) >= 0;
}

static gboolean
waits (FyrWriteContext *context, const char *device, gboolean *any, GError **error)
{
  g_autoptr (GPtrArray) rows = fyr_holding_list (fyr_write_context_get_connection (context), FALSE,
                                                 fyr_write_context_get_time (context), error);

  *any = FALSE;
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    *any = *any || g_str_equal (((FyrRevocation *)g_ptr_array_index (rows, i))->device, device);
  }
  return rows != NULL;
}

/* What it was told, and what it was not told yet, is not asked for any more; contact brings it back on the list. */
static gboolean
note_wiped (FyrWriteContext *context, const FyrDeviceDecision *self, GError **error)
{
  gint64 contact = find_contact (fyr_write_context_get_connection (context), self->device, error);
  gint64 number;
  gboolean any;

  if (contact < 0 || !waits (context, self->device, &any, error)) {
    return FALSE;
  }
  if (!any) {
    return fail (error, FYR_SERVER_ERROR_UNKNOWN, "Nothing waits to be confirmed by such a workstation");
  }
  if (self->at <= 0 || self->at > fyr_write_context_get_time (context)) {
    return fail (error, FYR_SERVER_ERROR_INVALID, "When it was wiped is needed, and that is not to come");
  }
  if (contact > self->at) {
    return fail (error, FYR_SERVER_ERROR_INVALID, "That workstation has been in contact since");
  }
  number = keep_decision (context, self, error);
  return number >= 0 &&
         run_for (
             context,
             "UPDATE revocation SET wiped = ?2 WHERE device = ?1 AND confirmed IS NULL AND wiped IS NULL",
             self->device, number, error) &&
         run_for (
             context,
             "INSERT INTO revocation (device, scope, \"user\", told, wiped) SELECT h.device, h.scope,"
             " r.\"user\", 0, ?2 FROM holding h JOIN holder r ON r.device = h.device WHERE h.device = ?1",
             self->device, number, error) &&
         run_for (context, "DELETE FROM holding WHERE device = ?1", self->device, 0, error) &&
         run_for (context, "UPDATE holder SET digest = '' WHERE device = ?1", self->device, 0, error) &&
         run_for (context, "DELETE FROM session WHERE device = ?1", self->device, 0, error);
}

gboolean
fyr_shut_out_decide (FyrWriteContext *context, const FyrDeviceDecision *decision, GError **error)
{
  gboolean (*const decide[]) (FyrWriteContext *, const FyrDeviceDecision *, GError **) = { shut_out, let_in,
                                                                                           note_wiped };
  g_autofree char *event = g_strconcat ("device-", fyr_device_action_to_code (decision->action), NULL);

  if (!check_decision (context, decision, error) || !decide[decision->action](context, decision, error)) {
    return FALSE;
  }
  fyr_log (event, "device", decision->device, "by", decision->by, NULL);
  return TRUE;
}

static void
entry_free (gpointer data)
{
  FyrDeviceEntry *self = data;

  g_free (self->name);
  g_free (self);
}

static FyrDeviceEntry *
read_entry (FyrStatement *row)
{
  FyrDeviceEntry *self = g_new0 (FyrDeviceEntry, 1);

  g_strlcpy (self->device, fyr_statement_get_id (row, 0), sizeof self->device);
  self->name = g_strdup (fyr_statement_get_text (row, 1));
  g_strlcpy (self->user_id, fyr_statement_get_id (row, 2), sizeof self->user_id);
  self->sessions = fyr_statement_get_int (row, 3);
  self->contact = fyr_statement_get_int (row, 4);
  self->shut_out = fyr_statement_get_int (row, 5) > 0;
  return self;
}

GPtrArray *
fyr_shut_out_list (FyrConnection *connection, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      connection,
      "SELECT d.device, max (d.name), d.\"user\", sum (d.lives), max (d.contact),"
      " (SELECT count (*) FROM shut_out o WHERE o.device = d.device) FROM"
      " (SELECT device, \"user\", device_name AS name, CASE WHEN expires > ?1 THEN 1 ELSE 0 END AS lives,"
      " created AS contact FROM session"
      " UNION ALL SELECT device, \"user\", name, 0, seen FROM holder"
      " UNION ALL SELECT device, \"user\", '', 0, seen FROM workstation) AS d"
      " GROUP BY d.device, d.\"user\" ORDER BY max (d.contact) DESC, d.device, d.\"user\"",
      error);
  FyrStep step = FYR_STEP_ERROR;

  if (select != NULL) {
    fyr_statement_bind_int (select, 1, now);
  }
  while (select != NULL && (step = fyr_statement_step (select, error)) == FYR_STEP_ROW) {
    g_ptr_array_add (list, read_entry (select));
  }
  return step == FYR_STEP_DONE ? g_steal_pointer (&list) : NULL;
}
