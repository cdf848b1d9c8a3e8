/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

typedef enum { FYR_ALERT_OPEN, FYR_ALERT_TAKEN, FYR_ALERT_CLOSED } FyrAlertState;

/**
 * FyrAlertCommand:
 * @FYR_ALERT_COMMAND_TAKE: I see to it; with take-over also from a colleague
 * @FYR_ALERT_COMMAND_RELEASE: somebody else must
 * @FYR_ALERT_COMMAND_NOTE: what was seen or done; in every state
 * @FYR_ALERT_COMMAND_CLOSE: done, with the measure (tiltak)
 * @FYR_ALERT_COMMAND_REOPEN: it was not done after all
 */
typedef enum {
  FYR_ALERT_COMMAND_TAKE,
  FYR_ALERT_COMMAND_RELEASE,
  FYR_ALERT_COMMAND_NOTE,
  FYR_ALERT_COMMAND_CLOSE,
  FYR_ALERT_COMMAND_REOPEN,
  FYR_N_ALERT_COMMANDS
} FyrAlertCommand;

/**
 * FyrAlertOutcome:
 *
 * The measure (tiltak) an alert is closed with.
 */
#define FYR_OUTCOME_NONE FYR_ALERT_OUTCOME_UNSET
#define FYR_OUTCOME_CONTACTED_PATIENT FYR_ALERT_OUTCOME_CONTACTED_PATIENT
#define FYR_OUTCOME_ADVICE_BY_PLAN FYR_ALERT_OUTCOME_ADVICE_BY_PLAN
#define FYR_OUTCOME_MEASURED_AGAIN FYR_ALERT_OUTCOME_MEASURED_AGAIN
#define FYR_OUTCOME_GP_CONTACTED FYR_ALERT_OUTCOME_GP_CONTACTED
#define FYR_OUTCOME_EMERGENCY FYR_ALERT_OUTCOME_EMERGENCY
#define FYR_OUTCOME_DEVICE_FAULT FYR_ALERT_OUTCOME_DEVICE_FAULT
#define FYR_OUTCOME_NO_ACTION FYR_ALERT_OUTCOME_NO_ACTION
#define FYR_OUTCOME_OTHER FYR_ALERT_OUTCOME_OTHER /* needs a note */
#define FYR_N_OUTCOMES (FYR_ALERT_OUTCOME_LAST + 1)

/**
 * FyrAlertRefusal:
 *
 * Why a command was refused; all but @FYR_ALERT_ACCEPTED leave the alert as it is.
 */
typedef enum {
  FYR_ALERT_ACCEPTED,
  FYR_ALERT_UNCHANGED,        /* taken already by the same person: accepted, nothing to record */
  FYR_ALERT_ALREADY_TAKEN_BY, /* a colleague is on it: show who; offer to take over */
  FYR_ALERT_ALREADY_CLOSED,   /* a colleague closed it: show the outcome */
  FYR_ALERT_NOT_TAKEN,        /* take it first */
  FYR_ALERT_NOT_CLOSED,       /* nothing to reopen */
  FYR_ALERT_OUTCOME_REQUIRED, /* choose a measure */
  FYR_ALERT_NOTE_REQUIRED,    /* write what was done */
  FYR_ALERT_ACTOR_REQUIRED,   /* nobody is signed in */
  FYR_ALERT_UNKNOWN_COMMAND,
  FYR_N_ALERT_REFUSALS
} FyrAlertRefusal;

/**
 * FyrAlertRequest:
 * @command: what to do
 * @actor: user id, required
 * @take_over: with take: also from a colleague (who is told)
 * @outcome: with close
 * @note: (nullable): free text; required for note and for the outcome "other"
 */
typedef struct {
  FyrAlertCommand command;
  const char *actor;
  gboolean take_over;
  FyrAlertOutcome outcome;
  const char *note;
} FyrAlertRequest;

/**
 * fyr_alert_apply:
 * @state: (inout): the alert's state
 * @assignee: (inout) (transfer full) (nullable): user id of who has it; %NULL for nobody
 * @request: the command
 *
 * The one state machine of alerts, for server (decides) and workstation (shows at once what will
 * happen). take: open → taken. release: taken by me → open. note: everywhere. close: taken by me →
 * closed, the
 * assignee stays as who handled it. reopen: closed → open, nobody's.
 *
 * Returns: %FYR_ALERT_ACCEPTED and @state, @assignee changed; or why not, and nothing changed
 */
FyrAlertRefusal
fyr_alert_apply (FyrAlertState *state, char **assignee, const FyrAlertRequest *request);

/**
 * fyr_alert_command_is_possible:
 * @assignee: (nullable): user id of who has it
 * @actor: user id
 *
 * For enabling buttons: as fyr_alert_apply(), supposing that note and outcome will be given and
 * without take-over.
 *
 * Returns: whether the command would change something
 */
gboolean
fyr_alert_command_is_possible (FyrAlertState state,
                               const char *assignee,
                               FyrAlertCommand command,
                               const char *actor);

/**
 * fyr_alert_state_to_code:
 *
 * Returns: (transfer none): `open`, `taken` or `closed`
 */
const char *
fyr_alert_state_to_code (FyrAlertState state);

/**
 * fyr_alert_state_from_code:
 * @code: (nullable): a text as fyr_alert_state_to_code() gives it
 * @state: (out): the state
 *
 * Returns: whether @code is known
 */
gboolean
fyr_alert_state_from_code (const char *code, FyrAlertState *state);

/**
 * fyr_alert_state_get_name:
 *
 * Returns: (transfer none): msgid of the state
 */
const char *
fyr_alert_state_get_name (FyrAlertState state);

/**
 * fyr_alert_command_to_code:
 *
 * Returns: (transfer none): `take`, `release`, `note`, `close` or `reopen`; "" out of bounds
 */
const char *
fyr_alert_command_to_code (FyrAlertCommand command);

/**
 * fyr_alert_command_from_code:
 * @code: (nullable): a text as fyr_alert_command_to_code() gives it
 *
 * Returns: the command; %FYR_N_ALERT_COMMANDS when unknown, which fyr_alert_apply() refuses
 */
FyrAlertCommand
fyr_alert_command_from_code (const char *code);

/**
 * fyr_alert_command_get_name:
 *
 * Returns: (transfer none): msgid of what was done, as history shows it ("Taken")
 */
const char *
fyr_alert_command_get_name (FyrAlertCommand command);

/**
 * fyr_alert_outcome_to_code:
 *
 * Returns: (transfer none): `contacted-patient` and so on; "" for none
 */
const char *
fyr_alert_outcome_to_code (FyrAlertOutcome outcome);

/**
 * fyr_alert_outcome_from_code:
 * @code: (nullable): a text as fyr_alert_outcome_to_code() gives it
 *
 * Returns: the outcome, %FYR_OUTCOME_NONE for everything else
 */
FyrAlertOutcome
fyr_alert_outcome_from_code (const char *code);

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
 * Returns: (transfer none): `already-taken-by`, `already-closed`, `not-taken` and so on; "accepted"
 */
const char *
fyr_alert_refusal_to_code (FyrAlertRefusal refusal);

/**
 * fyr_alert_refusal_from_code:
 * @code: (nullable): a text as fyr_alert_refusal_to_code() gives it
 *
 * Returns: the refusal; %FYR_N_ALERT_REFUSALS when unknown
 */
FyrAlertRefusal
fyr_alert_refusal_from_code (const char *code);

/**
 * fyr_alert_refusal_get_message:
 *
 * Returns: (transfer none) (nullable): msgid to tell the user; %NULL when accepted
 */
const char *
fyr_alert_refusal_get_message (FyrAlertRefusal refusal);

G_END_DECLS
