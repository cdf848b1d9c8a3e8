/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-settle.h"

#include <string.h>

#include "fyr-shared.h"

#define MAX_REASON 500

/* One row of the table quarantine. */
typedef struct {
  char device[37];
  char incarnation[37];
  char author[37];
  gint64 received;
  FyrWireMutation *mutation;
} Kept;

static void
kept_clear (Kept *kept)
{
  g_clear_pointer (&kept->mutation, fyr_wire_mutation_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Kept, kept_clear)

static gboolean
fail (GError **error, FyrServerError code, const char *message)
{
  g_set_error_literal (error, FYR_SERVER_ERROR, (int)code, message);
  return FALSE;
}

static gboolean
load_kept (FyrWriteContext *context, gint64 id, Kept *kept, GError **error)
{
  g_autoptr (FyrStatement) select = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "SELECT device, incarnation, author, received, mutation, settled FROM quarantine WHERE id = ?1", error);
  const char *text;
  FyrStep step;

  if (select == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (select, 1, id);
  step = fyr_statement_step (select, error);
  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE && fail (error, FYR_SERVER_ERROR_UNKNOWN, "There is no such work");
  }
  if (!fyr_statement_is_null (select, 5)) {
    return fail (error, FYR_SERVER_ERROR_DUPLICATE, "It was settled before");
  }
  g_strlcpy (kept->device, fyr_statement_get_id (select, 0), sizeof kept->device);
  g_strlcpy (kept->incarnation, fyr_statement_get_id (select, 1), sizeof kept->incarnation);
  g_strlcpy (kept->author, fyr_statement_get_id (select, 2), sizeof kept->author);
  kept->received = fyr_statement_get_int (select, 3);
  text = fyr_statement_get_text (select, 4);
  kept->mutation = fyr_wire_mutation_parse (text, strlen (text), error);
  return kept->mutation != NULL;
}

static gboolean
check_settler (FyrWriteContext *context, const FyrSettle *self, GError **error)
{
  g_autoptr (FyrSubject) settler = fyr_subject_load (
      fyr_write_context_get_connection (context), self->settler, fyr_write_context_get_time (context), error);

  if (settler == NULL) {
    return FALSE;
  }
  if (!fyr_subject_has_role (settler, FYR_ROLE_ADMINISTRATOR, NULL)) {
    return fail (error, FYR_SERVER_ERROR_FORBIDDEN, "Only an administrator settles this");
  }
  if (!self->accept &&
      (self->reason == NULL || *self->reason == '\0' || g_utf8_strlen (self->reason, -1) > MAX_REASON)) {
    return fail (error, FYR_SERVER_ERROR_INVALID, "A reason of at most 500 characters is needed");
  }
  return TRUE;
}

/* 1 when what it depends on is applied (or nothing), 0 when not, -1 with @error. */
static int
is_ground_applied (FyrWriteContext *context, const Kept *kept, GError **error)
{
  g_autoptr (FyrStatement) select = NULL;
  FyrStep step;

  if (kept->mutation->depends_on == 0) {
    return 1;
  }
  select = fyr_connection_prepare (fyr_write_context_get_connection (context),
                                   "SELECT m.kind FROM mutation m JOIN workstation w ON w.id = m.workstation"
                                   " WHERE w.device = ?1 AND w.incarnation = ?2 AND m.number = ?3",
                                   error);
  if (select == NULL) {
    return -1;
  }
  fyr_statement_bind_id (select, 1, kept->device);
  fyr_statement_bind_id (select, 2, kept->incarnation);
  fyr_statement_bind_int (select, 3, kept->mutation->depends_on);
  step = fyr_statement_step (select, error);
  if (step != FYR_STEP_ROW) {
    return step == FYR_STEP_DONE ? 0 : -1;
  }
  return fyr_statement_get_int (select, 0) == FYR_WIRE_OUTCOME_APPLIED ||
         fyr_statement_get_int (select, 0) == FYR_WIRE_OUTCOME_MERGED;
}

static FyrWireOutcome *
accept_kept (FyrWriteContext *context, FyrSettle *self, const Kept *kept, GError **error)
{
  /* The author's clock may be ahead; she cannot have done it after it came. */
  gint64 done = MIN (kept->mutation->time, kept->received);
  g_autoptr (FyrSubject) author = NULL;
  FyrMutate mutate = { .context = context,
                       .applied = self->applied,
                       .applied_data = self->applied_data,
                       .mutation = kept->mutation };
  int ground = is_ground_applied (context, kept, error);
  FyrWireOutcome *outcome;

  if (ground < 0) {
    return NULL;
  }
  if (ground == 0) {
    outcome = fyr_wire_outcome_new (kept->mutation->number, FYR_WIRE_OUTCOME_LATER, 0);
    outcome->text = g_strdup_printf ("It depends on change %" G_GINT64_FORMAT
                                     " of the same workstation: settle that first",
                                     kept->mutation->depends_on);
    return outcome;
  }
  author = fyr_subject_load_as_of (fyr_write_context_get_connection (context), kept->author, done, error);
  if (author == NULL) {
    return NULL;
  }
  mutate.subject = author;
  return fyr_mutate (&mutate, error);
}

static FyrWireOutcome *
discard_kept (const FyrSettle *self, const Kept *kept)
{
  FyrWireOutcome *outcome = fyr_wire_outcome_new (kept->mutation->number, FYR_WIRE_OUTCOME_REFUSED, 0);

  outcome->code = g_strdup ("discarded");
  outcome->text = g_strdup (self->reason);
  return outcome;
}

static gboolean
mark_settled (FyrWriteContext *context, const FyrSettle *self, GError **error)
{
  g_autoptr (FyrStatement) update = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "UPDATE quarantine SET settled = ?2, settler = ?3, decision = ?4, remark = ?5 WHERE id = ?1", error);

  if (update == NULL) {
    return FALSE;
  }
  fyr_statement_bind_int (update, 1, self->id);
  fyr_statement_bind_int (update, 2, fyr_write_context_get_time (context));
  fyr_statement_bind_id (update, 3, self->settler);
  fyr_statement_bind_text (update, 4, self->accept ? "accepted" : "discarded");
  fyr_statement_bind_text (update, 5, self->reason);
  return fyr_statement_run (update, error);
}

/* A push of the same number is answered with this from now on. */
static gboolean
change_outcome (
    FyrWriteContext *context, const FyrSettle *self, const Kept *kept, const char *text, GError **error)
{
  g_autoptr (FyrStatement) update = fyr_connection_prepare (
      fyr_write_context_get_connection (context),
      "UPDATE mutation SET kind = ?4, outcome = ?5 WHERE number = ?3 AND workstation ="
      " (SELECT id FROM workstation WHERE device = ?1 AND incarnation = ?2)",
      error);

  if (update == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (update, 1, kept->device);
  fyr_statement_bind_id (update, 2, kept->incarnation);
  fyr_statement_bind_int (update, 3, kept->mutation->number);
  fyr_statement_bind_int (update, 4, self->outcome->kind);
  fyr_statement_bind_text (update, 5, text);
  return fyr_statement_run (update, error);
}

static gboolean
tell_author (FyrWriteContext *context, const Kept *kept, const char *text, GError **error)
{
  g_autoptr (FyrStatement) insert =
      fyr_connection_prepare (fyr_write_context_get_connection (context),
                              "INSERT INTO settlement (device, incarnation, author, number, time, outcome)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                              error);

  if (insert == NULL) {
    return FALSE;
  }
  fyr_statement_bind_id (insert, 1, kept->device);
  fyr_statement_bind_id (insert, 2, kept->incarnation);
  fyr_statement_bind_id (insert, 3, kept->author);
  fyr_statement_bind_int (insert, 4, kept->mutation->number);
  fyr_statement_bind_int (insert, 5, fyr_write_context_get_time (context));
  fyr_statement_bind_text (insert, 6, text);
  return fyr_statement_run (insert, error);
}

static gboolean
write_down (FyrWriteContext *context, const FyrSettle *self, const Kept *kept, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  fyr_wire_outcome_write (self->outcome, text);
  return mark_settled (context, self, error) && change_outcome (context, self, kept, text->str, error) &&
         tell_author (context, kept, text->str, error);
}

gboolean
fyr_settle_run (FyrWriteContext *context, FyrSettle *self, GError **error)
{
  g_auto (Kept) kept = { .mutation = NULL };

  self->settled = FALSE;
  g_clear_pointer (&self->outcome, fyr_wire_outcome_free);
  /* One at a time: settled once, and told in the order of their numbers. */
  if (!fyr_connection_lock_name (fyr_write_context_get_connection (context), "settlement", error) ||
      !check_settler (context, self, error) || !load_kept (context, self->id, &kept, error)) {
    return FALSE;
  }
  self->outcome = self->accept ? accept_kept (context, self, &kept, error) : discard_kept (self, &kept);
  if (self->outcome == NULL) {
    return FALSE;
  }
  self->settled = !self->accept || self->outcome->kind == FYR_WIRE_OUTCOME_APPLIED ||
                  self->outcome->kind == FYR_WIRE_OUTCOME_MERGED;
  return !self->settled || write_down (context, self, &kept, error);
}

void
fyr_settle_write (const FyrSettle *self, FyrJsonWriter *json)
{
  fyr_json_writer_begin_object (json, NULL);
  fyr_json_writer_bool (json, "settled", self->settled);
  fyr_json_writer_string (json, "outcome", fyr_wire_outcome_kind_to_code (self->outcome->kind));
  fyr_json_writer_text (json, "code", self->outcome->code);
  fyr_json_writer_text (json, "text", self->outcome->text);
  fyr_json_writer_end_object (json);
}
