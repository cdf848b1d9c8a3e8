/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-alert-state.h"

#include <glib/gi18n.h>

static gboolean
is_blank (const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p = g_utf8_next_char (p)) {
    if (!g_unichar_isspace (g_utf8_get_char_validated (p, -1))) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_mine (const char *assignee, const char *actor)
{
  return assignee != NULL && g_str_equal (assignee, actor);
}

static FyrAlertRefusal
judge_take (FyrAlertStatus status, const char *assignee, const FyrAlertRequest *request)
{
  switch (status) {
  case FYR_ALERT_STATUS_OPEN:
    return FYR_ALERT_REFUSAL_NONE;
  case FYR_ALERT_STATUS_TAKEN:
    if (is_mine (assignee, request->actor)) {
      return FYR_ALERT_REFUSAL_UNCHANGED;
    }
    /* Only who saw a colleague's name beside the alert can have meant to take it from her. */
    return request->based_on == FYR_ALERT_STATUS_TAKEN ? FYR_ALERT_REFUSAL_NONE
                                                       : FYR_ALERT_REFUSAL_ALREADY_TAKEN;
  case FYR_ALERT_STATUS_CLOSED:
    return FYR_ALERT_REFUSAL_ALREADY_CLOSED;
  case FYR_ALERT_STATUS_UNSET:
  default:
    return FYR_ALERT_REFUSAL_UNKNOWN_COMMAND;
  }
}

/* What release and close share: the alert must be the actor's. */
static FyrAlertRefusal
judge_owned (FyrAlertStatus status, const char *assignee, const char *actor)
{
  switch (status) {
  case FYR_ALERT_STATUS_OPEN:
    return FYR_ALERT_REFUSAL_NOT_TAKEN;
  case FYR_ALERT_STATUS_TAKEN:
    return is_mine (assignee, actor) ? FYR_ALERT_REFUSAL_NONE : FYR_ALERT_REFUSAL_ALREADY_TAKEN;
  case FYR_ALERT_STATUS_CLOSED:
    return FYR_ALERT_REFUSAL_ALREADY_CLOSED;
  case FYR_ALERT_STATUS_UNSET:
  default:
    return FYR_ALERT_REFUSAL_UNKNOWN_COMMAND;
  }
}

static FyrAlertRefusal
judge_close (FyrAlertStatus status, const char *assignee, const FyrAlertRequest *request)
{
  FyrAlertRefusal refusal = judge_owned (status, assignee, request->actor);

  if (refusal != FYR_ALERT_REFUSAL_NONE) {
    return refusal;
  }
  if (request->outcome <= FYR_ALERT_OUTCOME_UNSET || request->outcome > FYR_ALERT_OUTCOME_LAST) {
    return FYR_ALERT_REFUSAL_OUTCOME_REQUIRED;
  }
  if (request->outcome == FYR_ALERT_OUTCOME_OTHER && is_blank (request->note)) {
    return FYR_ALERT_REFUSAL_NOTE_REQUIRED;
  }
  return FYR_ALERT_REFUSAL_NONE;
}

static FyrAlertRefusal
judge (FyrAlertStatus status, const char *assignee, const FyrAlertRequest *request)
{
  if (request->actor == NULL || *request->actor == '\0') {
    return FYR_ALERT_REFUSAL_ACTOR_REQUIRED;
  }
  switch (request->action) {
  case FYR_ALERT_ACTION_TAKE:
    return judge_take (status, assignee, request);
  case FYR_ALERT_ACTION_RELEASE:
    return judge_owned (status, assignee, request->actor);
  case FYR_ALERT_ACTION_NOTE:
    return is_blank (request->note) ? FYR_ALERT_REFUSAL_NOTE_REQUIRED : FYR_ALERT_REFUSAL_NONE;
  case FYR_ALERT_ACTION_CLOSE:
    return judge_close (status, assignee, request);
  case FYR_ALERT_ACTION_REOPEN:
    return status == FYR_ALERT_STATUS_CLOSED ? FYR_ALERT_REFUSAL_NONE : FYR_ALERT_REFUSAL_NOT_CLOSED;
  case FYR_ALERT_ACTION_UNSET:
  case FYR_ALERT_ACTION_RAISED:
  case FYR_ALERT_ACTION_TRIED:
  default:
    return FYR_ALERT_REFUSAL_UNKNOWN_COMMAND;
  }
}

FyrAlertRefusal
fyr_alert_apply (FyrAlertStatus *status, char **assignee, const FyrAlertRequest *request)
{
  FyrAlertRefusal refusal = judge (*status, *assignee, request);

  if (refusal != FYR_ALERT_REFUSAL_NONE) {
    return refusal;
  }
  switch (request->action) {
  case FYR_ALERT_ACTION_TAKE:
    *status = FYR_ALERT_STATUS_TAKEN;
    g_free (*assignee);
    *assignee = g_strdup (request->actor);
    break;
  case FYR_ALERT_ACTION_RELEASE:
  case FYR_ALERT_ACTION_REOPEN:
    *status = FYR_ALERT_STATUS_OPEN;
    g_clear_pointer (assignee, g_free);
    break;
  case FYR_ALERT_ACTION_CLOSE:
    *status = FYR_ALERT_STATUS_CLOSED;
    break;
  case FYR_ALERT_ACTION_NOTE:
  case FYR_ALERT_ACTION_UNSET:
  case FYR_ALERT_ACTION_RAISED:
  case FYR_ALERT_ACTION_TRIED:
  default:
    break;
  }
  return FYR_ALERT_REFUSAL_NONE;
}

gboolean
fyr_alert_command_is_possible (FyrAlertStatus status,
                               const char *assignee,
                               FyrAlertAction action,
                               const char *actor)
{
  FyrAlertRequest request = {
    .action = action,
    .actor = actor,
    .based_on = FYR_ALERT_STATUS_UNSET,
    .outcome = FYR_ALERT_OUTCOME_NO_ACTION,
    .note = "-",
  };

  return judge (status, assignee, &request) == FYR_ALERT_REFUSAL_NONE;
}

static const char *const status_names[] = { "", N_ ("Open"), N_ ("Taken"), N_ ("Closed") };
G_STATIC_ASSERT (G_N_ELEMENTS (status_names) == FYR_ALERT_STATUS_LAST + 1);

const char *
fyr_alert_status_get_name (FyrAlertStatus status)
{
  return (guint)status < G_N_ELEMENTS (status_names) ? status_names[status] : "";
}

static const char *const action_names[] = {
  "",          N_ ("Raised"), N_ ("Taken"),    N_ ("Released"),
  N_ ("Note"), N_ ("Closed"), N_ ("Reopened"), N_ ("Tried too late"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (action_names) == FYR_ALERT_ACTION_LAST + 1);

const char *
fyr_alert_action_get_name (FyrAlertAction action)
{
  return (guint)action < G_N_ELEMENTS (action_names) ? action_names[action] : "";
}

static const char *const outcome_names[] = {
  NULL,
  N_ ("Patient contacted"),
  N_ ("Advice by the self-treatment plan"),
  N_ ("Measured again"),
  N_ ("GP contacted"),
  N_ ("Emergency help called"),
  N_ ("Fault in equipment"),
  N_ ("No action needed"),
  N_ ("Other (see the note)"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (outcome_names) == FYR_ALERT_OUTCOME_LAST + 1);

const char *
fyr_alert_outcome_get_name (FyrAlertOutcome outcome)
{
  return (guint)outcome < G_N_ELEMENTS (outcome_names) ? outcome_names[outcome] : NULL;
}

static const struct {
  const char *code;
  const char *message;
} refusals[FYR_N_ALERT_REFUSALS] = {
  [FYR_ALERT_REFUSAL_NONE] = { "", NULL },
  [FYR_ALERT_REFUSAL_UNCHANGED] = { "", NULL },
  [FYR_ALERT_REFUSAL_ALREADY_TAKEN] = { "already-taken", N_ ("A colleague has taken this alert.") },
  [FYR_ALERT_REFUSAL_ALREADY_CLOSED] = { "already-closed", N_ ("This alert is closed already.") },
  [FYR_ALERT_REFUSAL_NOT_TAKEN] = { "not-taken", N_ ("Take the alert first.") },
  [FYR_ALERT_REFUSAL_NOT_CLOSED] = { "stale", N_ ("This alert is not closed.") },
  [FYR_ALERT_REFUSAL_OUTCOME_REQUIRED] = { "invalid", N_ ("Choose which measure was taken.") },
  [FYR_ALERT_REFUSAL_NOTE_REQUIRED] = { "invalid", N_ ("Write what was seen or done.") },
  [FYR_ALERT_REFUSAL_ACTOR_REQUIRED] = { "invalid", N_ ("Nobody is signed in.") },
  [FYR_ALERT_REFUSAL_UNKNOWN_COMMAND] = { "invalid", N_ ("This cannot be done with an alert.") },
};

const char *
fyr_alert_refusal_to_code (FyrAlertRefusal refusal)
{
  return (guint)refusal < FYR_N_ALERT_REFUSALS ? refusals[refusal].code : "invalid";
}

const char *
fyr_alert_refusal_get_message (FyrAlertRefusal refusal)
{
  return (guint)refusal < FYR_N_ALERT_REFUSALS ? refusals[refusal].message : NULL;
}
