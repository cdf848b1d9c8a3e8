/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-apply-state.h"

G_BEGIN_DECLS

/*
 * Emergency accesses that last, as the access decision needs them: ids and times, in a table of its own beside the
 * records that say why (emergency.toml), which stay for ever. And how often each user tried.
 */

/** FYR_EMERGENCY_TRIES_MAX: tries of one user within %FYR_EMERGENCY_TRIES_MS */
#define FYR_EMERGENCY_TRIES_MAX 10
#define FYR_EMERGENCY_TRIES_MS (G_GINT64_CONSTANT (60) * 60 * 1000)

/** FYR_EMERGENCY_LONGEST_MS: how long one lasts at most (security.md) */
#define FYR_EMERGENCY_LONGEST_MS (G_GINT64_CONSTANT (4) * 60 * 60 * 1000)

/** FyrEmergencyGrant: @access_id: of the record emergency_access; times in ms since the epoch */
typedef struct {
  char access_id[37];
  char patient_id[37];
  char user_id[37];
  gint64 begin;
  gint64 until;
} FyrEmergencyGrant;

/** fyr_emergency_grant_migrate: part of a migration. Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_emergency_grant_migrate (FyrConnection *connection, GError **error);

/** fyr_emergency_grant_load: Returns: (transfer full) (element-type FyrEmergencyGrant) (nullable): those of the user
 * that last at @time; %NULL with any %FYR_DB_ERROR */
GArray *
fyr_emergency_grant_load (FyrConnection *connection, const char *user_id, gint64 time, GError **error);

/**
 * fyr_emergency_grant_load_as_of:
 *
 * As fyr_emergency_grant_load(), also of those that are over by now, by what was written down when they were opened and
 * ended; a workstation's clock may be five minutes off.
 */
GArray *
fyr_emergency_grant_load_as_of (FyrConnection *connection, const char *user_id, gint64 time, GError **error);

/** fyr_emergency_grant_begin: and opens the patient's own feed. Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_emergency_grant_begin (FyrWriteContext *context, const FyrEmergencyGrant *grant, GError **error);

/** fyr_emergency_grant_end: and closes the patient's own feed when nobody else reads it. Returns: %TRUE, also when it
 * was over, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_emergency_grant_end (FyrWriteContext *context, const FyrEmergencyGrant *grant, GError **error);

/** fyr_emergency_grant_forget: ends what is over at @now, and forgets tries that count no more. Returns: %TRUE, or
 * %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_emergency_grant_forget (FyrWriteContext *context, gint64 now, GError **error);

/**
 * fyr_emergency_tries_check:
 * @seconds: (out): how long to wait before the next try; 0: not at all
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_emergency_tries_check (
    FyrConnection *connection, const char *user_id, gint64 now, guint *seconds, GError **error);

/** fyr_emergency_tries_note: Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_emergency_tries_note (FyrWriteContext *context, const char *user_id, GError **error);

/**
 * fyr_emergency_find_decision:
 * @claimed: (nullable): id of the access a display is said to rest on
 * @time: when it was shown, ms since the epoch
 * @decision_id: (out): the access of that user and patient it rested on; "" for none
 *
 * A claim stands when that access lasted about then; without one it is the access that lasted at @time.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_emergency_find_decision (FyrConnection *connection,
                             const char *user_id,
                             const char *patient_id,
                             const char *claimed,
                             gint64 time,
                             char decision_id[37],
                             GError **error);

G_END_DECLS
