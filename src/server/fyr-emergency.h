/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-authz.h"
#include "fyr-reply.h"
#include "fyr-session.h"
#include "fyr-wire-emergency.h"

G_BEGIN_DECLS

/*
 * Emergency access (nødtilgang, blålys; security.md 4): a nurse or a GP opens one patient for a while, without a care
 * relation or past the patient's block, and answers for it. What is written here is neither changed nor deleted.
 */

/**
 * FyrEmergencyOpening:
 * @session: who asks, on which workstation
 * @user_name: hers, by which wrong passwords are counted
 * @asked: whom, and why
 * @right: whether the password was hers
 * @lasts: milliseconds it is to last; %FYR_EMERGENCY_LONGEST_MS at most
 */
typedef struct {
  FyrSession session;
  const char *user_name;
  const FyrEmergencyRequest *asked;
  gboolean right;
  gint64 lasts;
} FyrEmergencyOpening;

/**
 * fyr_emergency_check_limits:
 * @within: (out): whether she may try now; else @reply says how long to wait
 *
 * Wrong passwords here and at sign-in are counted together, tries of any kind by themselves.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_emergency_check_limits (FyrConnection *connection,
                            const char *user_id,
                            const char *user_name,
                            gint64 now,
                            FyrReply *reply,
                            gboolean *within,
                            GError **error);

/**
 * fyr_emergency_open:
 *
 * Counts the try, decides, and answers by PROTOCOL.md, "Emergency access". A wrong password, an unknown number and one
 * of another centre take the same steps and get the same answer.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_emergency_open (FyrWriteContext *context,
                    const FyrEmergencyOpening *opening,
                    FyrReply *reply,
                    GError **error);

/** fyr_emergency_end: ends one of the user's own. Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_emergency_end (
    FyrWriteContext *context, const char *user_id, const char *access_id, FyrReply *reply, GError **error);

/**
 * fyr_emergency_check_review:
 * @subject: (nullable): who reviews; %NULL for an operator of the server
 * @event: of a push, or of an operator's tool; the author's id and name are filled in
 *
 * Returns: %TRUE, or %FALSE with %FYR_SERVER_ERROR_INVALID (no review), _UNKNOWN (no such access at that centre),
 * _FORBIDDEN (her own access, or in another's name), or any %FYR_DB_ERROR
 */
gboolean
fyr_emergency_check_review (FyrConnection *connection,
                            const FyrSubject *subject,
                            FyrEmergencyEvent *event,
                            GError **error);

G_END_DECLS
