/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-session.h"

G_BEGIN_DECLS

/*
 * Which feeds each workstation was given, and whether it has said that it holds nothing more of those taken away. What
 * is given is noted before it leaves the server, so that nothing lies on a machine that nobody knows of.
 */

/** FyrHoldingNote: what a pull has to have noted before it is answered. Free with fyr_holding_note_free(). */
typedef struct _FyrHoldingNote FyrHoldingNote;

void
fyr_holding_note_free (FyrHoldingNote *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrHoldingNote, fyr_holding_note_free)

/**
 * fyr_holding_check:
 * @session: who pulls, from which workstation
 * @granted: (element-type utf8): names of the feeds granted now
 * @removed: (element-type utf8): what the workstation says it has removed
 * @note: (out) (nullable): what is new; %NULL as a rule
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_holding_check (FyrConnection *connection,
                   const FyrSession *session,
                   GPtrArray *granted,
                   GPtrArray *removed,
                   FyrHoldingNote **note,
                   GError **error);

/**
 * fyr_holding_write:
 *
 * Feeds that are granted no more become revocations; those the workstation removed are confirmed; those granted are
 * held. Noting the same twice changes nothing.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_holding_write (FyrWriteContext *context, FyrHoldingNote *note, GError **error);

/**
 * fyr_holding_leave:
 *
 * Ends the sessions of a workstation that is shut out and holds nothing any more; of any other it ends none.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_holding_leave (FyrWriteContext *context, const char *device, GError **error);

/**
 * FyrRevocation:
 * @device: id of the workstation, @name what it calls itself
 * @user_id: who read the feed there last
 * @scope: the feed
 * @told: ms since the epoch when the workstation was told; 0 when it has not asked since access ended
 * @confirmed: when it said that nothing is left; 0 not yet
 * @wiped: an administrator knows that nothing is left
 * @shut_out: the workstation is shut out
 */
typedef struct {
  char device[37];
  char *name;
  char user_id[37];
  char *scope;
  gint64 told;
  gint64 confirmed;
  gboolean wiped;
  gboolean shut_out;
} FyrRevocation;

/**
 * fyr_holding_list:
 * @all: also those that are confirmed, or of workstations known to be wiped
 * @now: ms since the epoch
 *
 * What was taken away from workstations and is not known to be gone: told and not confirmed, oldest first, then what
 * the reader may not have any more, or nobody there, while the workstation has not asked since.
 *
 * Returns: (transfer full) (element-type FyrRevocation) (nullable): %NULL with any %FYR_DB_ERROR
 */
GPtrArray *
fyr_holding_list (FyrConnection *connection, gboolean all, gint64 now, GError **error);

G_END_DECLS
