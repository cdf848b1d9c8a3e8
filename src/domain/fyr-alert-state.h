/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrAlertRefusal:
 *
 * Why a command was refused; all but @FYR_ALERT_REFUSAL_NONE leave the alert as it is.
 */
typedef enum {
  FYR_ALERT_REFUSAL_NONE,
  FYR_ALERT_REFUSAL_UNCHANGED,        /* taken already by the same person: accepted, nothing to record */
  FYR_ALERT_REFUSAL_ALREADY_TAKEN,    /* a colleague is on it: show who; offer to take over */
  FYR_ALERT_REFUSAL_ALREADY_CLOSED,   /* a colleague closed it: show the outcome */
  FYR_ALERT_REFUSAL_NOT_TAKEN,        /* take it first */
  FYR_ALERT_REFUSAL_NOT_CLOSED,       /* nothing to reopen */
  FYR_ALERT_REFUSAL_OUTCOME_REQUIRED, /* choose a measure */
  FYR_ALERT_REFUSAL_NOTE_REQUIRED,    /* write what was done */
  FYR_ALERT_REFUSAL_ACTOR_REQUIRED,   /* nobody is signed in */
  FYR_ALERT_REFUSAL_UNKNOWN_COMMAND,
  FYR_N_ALERT_REFUSALS
} FyrAlertRefusal;

/**
 * FyrAlertRequest:
 * @action: take, release, note, close or reopen
 * @actor: user id, required
 * @based_on: the status the actor saw; unset when not known. A take by somebody who saw "taken" takes over
 *   from the colleague; everybody else finds that the first one won
 * @outcome: with close
 * @note: (nullable): free text; required for note and for the outcome "other", which says nothing by itself
 */
typedef struct {
  FyrAlertAction action;
  const char *actor;
  FyrAlertStatus based_on;
  FyrAlertOutcome outcome;
  const char *note;
} FyrAlertRequest;

/**
 * fyr_alert_apply:
 * @status: (inout): the alert's state
 * @assignee: (inout) (transfer full) (nullable): user id of who has it; %NULL for nobody
 * @request: the command
 *
 * The one state machine of alerts, for server (decides) and workstation (shows at once what will happen).
 * take: open → taken. release: taken by me → open. note: everywhere. close: taken by me → closed, the
 * assignee stays as who handled it. reopen: closed → open, nobody's.
 *
 * Returns: %FYR_ALERT_REFUSAL_NONE and @status, @assignee changed; or why not, and nothing changed
 */
FyrAlertRefusal
fyr_alert_apply (FyrAlertStatus *status, char **assignee, const FyrAlertRequest *request);

/**
 * fyr_alert_command_is_possible:
 * @assignee: (nullable): user id of who has it
 * @actor: user id
 *
 * For enabling buttons: as fyr_alert_apply(), supposing that note and outcome will be given and without
 * taking over.
 *
 * Returns: whether the command would change something
 */
gboolean
fyr_alert_command_is_possible (FyrAlertStatus status,
                               const char *assignee,
                               FyrAlertAction action,
                               const char *actor);

/**
 * fyr_alert_status_get_name:
 *
 * Returns: (transfer none): msgid of the state
 */
const char *
fyr_alert_status_get_name (FyrAlertStatus status);

/**
 * fyr_alert_action_get_name:
 *
 * Returns: (transfer none): msgid of what was done, as history shows it ("Taken")
 */
const char *
fyr_alert_action_get_name (FyrAlertAction action);

/**
 * fyr_alert_outcome_get_name:
 *
 * Returns: (transfer none) (nullable): msgid of the measure; %NULL for none
 */
const char *
fyr_alert_outcome_get_name (FyrAlertOutcome outcome);

/**
 * fyr_alert_refusal_to_code:
 *
 * Returns: (transfer none): the sync protocol's word: `already-taken`, `already-closed`, `not-taken`,
 *   `stale` (not closed), `invalid` (the rest); "" when accepted
 */
const char *
fyr_alert_refusal_to_code (FyrAlertRefusal refusal);

/**
 * fyr_alert_refusal_get_message:
 *
 * Returns: (transfer none) (nullable): msgid to tell the user; %NULL when accepted
 */
const char *
fyr_alert_refusal_get_message (FyrAlertRefusal refusal);

G_END_DECLS
