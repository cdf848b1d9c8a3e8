/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-writer.h"

G_BEGIN_DECLS

/*
 * What an operator decided about one workstation, whoever works at it: shut out, let in again, or known to be wiped.
 * Who decided, why and when is kept in the table device_decision, and written to the log without the reason.
 */

/**
 * FyrDeviceAction:
 * @FYR_DEVICE_SHUT_OUT: nobody signs in from it any more; its sessions only serve to take away what lies on it
 * @FYR_DEVICE_LET_IN: it is as any other again
 * @FYR_DEVICE_WIPED: nothing is on it any more, though it could not say so itself
 */
typedef enum {
  FYR_DEVICE_SHUT_OUT,
  FYR_DEVICE_LET_IN,
  FYR_DEVICE_WIPED,
} FyrDeviceAction;

/** FYR_DEVICE_REASON_MAX: most characters of a reason */
#define FYR_DEVICE_REASON_MAX 1000

/** fyr_device_action_to_code: Returns: "shut-out", "let-in" or "wiped" */
const char *
fyr_device_action_to_code (FyrDeviceAction action);

/** fyr_device_action_from_code: Returns: whether @code is one of them */
gboolean
fyr_device_action_from_code (const char *code, FyrDeviceAction *action);

/**
 * FyrDeviceDecision:
 * @device: id of the workstation
 * @by: id of the user who decided
 * @reason: why; not empty
 * @at: of a wiped one, when it was wiped, in ms since the epoch: contact after that proves otherwise
 */
typedef struct {
  FyrDeviceAction action;
  const char *device;
  const char *by;
  const char *reason;
  gint64 at;
} FyrDeviceDecision;

/**
 * fyr_shut_out_decide:
 *
 * Returns: %TRUE, or %FALSE with %FYR_SERVER_ERROR_UNKNOWN (no such workstation, or one of which nothing waits to be
 * confirmed), _INVALID (no reason; @by is no administrator; it was in contact since it was wiped; it is shut out
 * already, or is not) or any %FYR_DB_ERROR
 */
gboolean
fyr_shut_out_decide (FyrWriteContext *context, const FyrDeviceDecision *decision, GError **error);

/** fyr_shut_out_find: Returns: 1 when the workstation is shut out, 0 when not, -1 with any %FYR_DB_ERROR */
int
fyr_shut_out_find (FyrConnection *connection, const char *device, GError **error);

/**
 * FyrDeviceEntry:
 * @name: what the workstation calls itself
 * @user_id: "" or who has a session there or read there last
 * @sessions: of that user that live
 * @contact: ms since the epoch: the last time it is known to have been in contact; 0 not known. A workstation with a
 * session may have read since
 */
typedef struct {
  char device[37];
  char *name;
  char user_id[37];
  gint64 sessions;
  gint64 contact;
  gboolean shut_out;
} FyrDeviceEntry;

/**
 * fyr_shut_out_list:
 * @now: ms since the epoch
 *
 * Returns: (transfer full) (element-type FyrDeviceEntry) (nullable): a line for each workstation and user there, newest
 * contact first; %NULL with any %FYR_DB_ERROR
 */
GPtrArray *
fyr_shut_out_list (FyrConnection *connection, gint64 now, GError **error);

G_END_DECLS
