/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-mutate.h"

#include "fyr-alert-state.h"
#include "fyr-record-table.h"
#include "fyr-returned.h"
#include "fyr-uuid.h"

static const char *
text_member (JsonObject *fields, const char *name)
{
  JsonNode *node = fields != NULL ? json_object_get_member (fields, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                          : NULL;
}

static FyrAlertAction
action_from_command (const char *command)
{
  FyrAlertAction action = (FyrAlertAction)fyr_enum_from_code (&fyr_alert_action_info, command);

  /* The other two happen; nobody asks for them. */
  return action == FYR_ALERT_ACTION_RAISED || action == FYR_ALERT_ACTION_TRIED ? FYR_ALERT_ACTION_UNSET
                                                                               : action;
}

static gboolean
read_request (FyrMutate *self, FyrAlertRequest *request, GError **error)
{
  JsonObject *fields = self->mutation->fields;
  const char *event_id = text_member (fields, "event_id");
  const char *outcome = text_member (fields, "outcome");
  int exists;

  *request = (FyrAlertRequest){
    .action = action_from_command (self->mutation->command),
    .actor = self->subject->user_id,
    .based_on = (FyrAlertStatus)fyr_enum_from_code (&fyr_alert_status_info, text_member (fields, "based_on")),
    .outcome = (FyrAlertOutcome)fyr_enum_from_code (&fyr_alert_outcome_info, outcome),
    .note = text_member (fields, "text"),
  };
  if (request->action == FYR_ALERT_ACTION_UNSET) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                         "The server does not know this command");
    return FALSE;
  }
  if (outcome != NULL && *outcome != '\0' && request->outcome == FYR_ALERT_OUTCOME_UNSET) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                         "The server does not know this measure");
    return FALSE;
  }
  if (!fyr_uuid_is_valid (event_id)) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                         "A command needs the id of its event");
    return FALSE;
  }
  exists = fyr_record_table_exists (fyr_write_context_get_connection (self->context), &fyr_alert_event_info,
                                    event_id, error);
  if (exists > 0) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_DUPLICATE,
                         "There is an event with this id");
  }
  return exists == 0;
}

/* A workstation's clock may run ahead: nothing happened later than now. */
static gint64
event_time (FyrMutate *self)
{
  gint64 now = fyr_write_context_get_time (self->context);

  return self->mutation->time > 0 ? MIN (self->mutation->time, now) : now;
}

static gboolean
put_event (
    FyrMutate *self, FyrAlert *alert, const FyrAlertRequest *request, FyrAlertAction action, GError **error)
{
  g_autoptr (FyrAlertEvent) event = fyr_alert_event_new ();

  fyr_record_set_id (FYR_RECORD (event), text_member (self->mutation->fields, "event_id"));
  fyr_alert_event_set_alert_id (event, fyr_record_get_id (FYR_RECORD (alert)));
  fyr_alert_event_set_patient_id (event, fyr_alert_get_patient_id (alert));
  fyr_alert_event_set_action (event, action);
  fyr_alert_event_set_actor_id (event, self->subject->user_id);
  fyr_alert_event_set_time (event, event_time (self));
  fyr_alert_event_set_outcome (event, request->outcome);
  fyr_alert_event_set_text (event, request->note);
  return fyr_apply_insert (self->context, FYR_RECORD (event), error);
}

static void
move_alert (FyrMutate *self,
            FyrAlert *alert,
            FyrAlertStatus status,
            const char *assignee,
            const FyrAlertRequest *request)
{
  fyr_alert_set_status (alert, status);
  fyr_alert_set_assignee_id (alert, assignee);
  switch (request->action) {
  case FYR_ALERT_ACTION_TAKE:
    fyr_alert_set_taken_time (alert, event_time (self));
    break;
  case FYR_ALERT_ACTION_CLOSE:
    fyr_alert_set_closed_time (alert, event_time (self));
    fyr_alert_set_closed_by (alert, self->subject->user_id);
    fyr_alert_set_outcome (alert, request->outcome);
    break;
  case FYR_ALERT_ACTION_RELEASE:
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_TAKEN_TIME);
    break;
  case FYR_ALERT_ACTION_REOPEN:
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_TAKEN_TIME);
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_CLOSED_TIME);
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_CLOSED_BY);
    fyr_record_clear (FYR_RECORD (alert), FYR_ALERT_OUTCOME);
    break;
  default:
    break;
  }
}

/* The first wins; who came later is told, and that it was tried is kept. */
static gboolean
note_tried (
    FyrMutate *self, FyrAlert *alert, const FyrAlertRequest *request, FyrAlertRefusal refusal, GError **error)
{
  const char *word = fyr_alert_refusal_to_code (refusal);
  const char *message = fyr_alert_refusal_get_message (refusal);

  if (g_str_equal (word, "invalid")) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID, message);
    return FALSE;
  }
  if (!put_event (self, alert, request, FYR_ALERT_ACTION_TRIED, error)) {
    return FALSE;
  }
  self->outcome = fyr_wire_outcome_new (self->mutation->number, FYR_WIRE_OUTCOME_REFUSED,
                                        fyr_record_get_version (FYR_RECORD (alert)));
  self->outcome->code = g_strdup (word);
  self->outcome->text = g_strdup (message);
  return TRUE;
}

static gboolean
accept (FyrMutate *self,
        FyrAlert *alert,
        FyrAlertStatus status,
        const char *assignee,
        const FyrAlertRequest *request,
        GError **error)
{
  g_autoptr (FyrRecord) before = fyr_record_copy (FYR_RECORD (alert));

  move_alert (self, alert, status, assignee, request);
  if (!fyr_record_equal (before, FYR_RECORD (alert)) &&
      !fyr_apply_put (self->context, FYR_RECORD (alert), error)) {
    return FALSE;
  }
  return put_event (self, alert, request, request->action, error) &&
         fyr_mutate_applied (self, FYR_WIRE_OUTCOME_APPLIED, fyr_record_get_version (FYR_RECORD (alert)),
                             before, FYR_RECORD (alert), error);
}

/* 1 when a witness gave the event of this very command back after a restore: it was done in the life before. */
static int
was_returned (FyrMutate *self, GError **error)
{
  const char *event_id = text_member (self->mutation->fields, "event_id");

  return fyr_uuid_is_valid (event_id)
             ? fyr_witness_was_returned (self->context, &fyr_alert_event_info, event_id, error)
             : 0;
}

/* It is as she wants it, by work of hers from another machine: there is nothing to record. */
static gboolean
note_unchanged (FyrMutate *self, FyrRecord *alert, GError **error)
{
  if (!fyr_mutate_applied (self, FYR_WIRE_OUTCOME_APPLIED, fyr_record_get_version (alert), alert, alert,
                           error)) {
    return FALSE;
  }
  self->outcome->unchanged = TRUE;
  return TRUE;
}

gboolean
fyr_mutate_alert (FyrMutate *self, GError **error)
{
  g_autoptr (FyrRecord) record = fyr_mutate_load (self, &fyr_alert_info, error);
  int returned;
  FyrAlertRequest request;
  FyrAlertStatus status;
  FyrAlertRefusal refusal;
  g_autofree char *assignee = NULL;

  if (record == NULL || !fyr_mutate_may (self, FYR_ACTION_COMMAND, record, 0, error)) {
    return FALSE;
  }
  returned = was_returned (self, error);
  if (returned != 0) {
    return returned > 0 && fyr_mutate_applied (self, FYR_WIRE_OUTCOME_APPLIED,
                                               fyr_record_get_version (record), record, record, error);
  }
  if (!read_request (self, &request, error)) {
    return FALSE;
  }
  status = fyr_alert_get_status (FYR_ALERT (record));
  assignee = g_strdup (fyr_alert_get_assignee_id (FYR_ALERT (record)));
  refusal = fyr_alert_apply (&status, &assignee, &request);
  if (refusal == FYR_ALERT_REFUSAL_UNCHANGED) {
    return note_unchanged (self, record, error);
  }
  if (refusal != FYR_ALERT_REFUSAL_NONE) {
    return note_tried (self, FYR_ALERT (record), &request, refusal, error);
  }
  return accept (self, FYR_ALERT (record), status, assignee, &request, error);
}
