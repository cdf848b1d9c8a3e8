/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-server-db.h"
#include "fyr-witness-tag.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

/*
 * After a restore from a backup: what of the former life is here again. Records that witnesses gave back, up to which
 * version; and fields that their authors sent again, of which version each was.
 */

/** fyr_witness_was_returned: Returns: 1 when a witness gave the record back, 0 when not, -1 with any %FYR_DB_ERROR */
int
fyr_witness_was_returned (FyrWriteContext *context,
                          const FyrRecordInfo *info,
                          const char *id,
                          GError **error);

/**
 * fyr_returned_note:
 * @version: that was given back, of the record or its tombstone; 0: nothing was, but the record is settled
 * @epoch: (nullable): the life of the server that version is of
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_returned_note (FyrWriteContext *context,
                   const FyrRecordInfo *info,
                   const char *id,
                   gint64 version,
                   const char *epoch,
                   GError **error);

/** fyr_returned_forget: Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_returned_forget (FyrWriteContext *context, const FyrRecordInfo *info, const char *id, GError **error);

/**
 * fyr_returned_includes:
 *
 * Returns: 1 when what was given back had the change of @receipt in it already, 0 when not, -1 with any %FYR_DB_ERROR
 */
int
fyr_returned_includes (FyrWriteContext *context,
                       const FyrRecordInfo *info,
                       const char *id,
                       const FyrReceipt *receipt,
                       GError **error);

/**
 * fyr_returned_find_own:
 * @version: that a witness offers
 * @epoch: (nullable): the life of the server it is of
 * @own: (out): mask of the record's fields that were written in this life and that @version cannot have had, bit
 *   `1 << field`; what its author sent again of a version that @version includes is not among them
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_returned_find_own (FyrWriteContext *context,
                       const FyrRecordInfo *info,
                       const char *id,
                       gint64 version,
                       const char *epoch,
                       guint64 *own,
                       GError **error);

/** fyr_returned_has_own_events: Returns: 1 when something was done with an alert in this life, 0 when not, -1 with any
 * %FYR_DB_ERROR */
int
fyr_returned_has_own_events (FyrWriteContext *context, const char *alert_id, GError **error);

/**
 * fyr_resent_drop_older:
 * @changed: (inout): mask of the fields an update of @receipt changes; those go whose present value was sent again
 *   already and is of a later version
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_resent_drop_older (FyrWriteContext *context,
                       const FyrRecordInfo *info,
                       const char *id,
                       const FyrReceipt *receipt,
                       guint64 *changed,
                       GError **error);

/**
 * fyr_returned_is_of_another_life:
 * @field: name of one that an update of @receipt changes
 *
 * Who missed a restore between two sends again what was done in a life of which nothing here tells an order: what was
 * given back, or sent again, is of a life after it.
 *
 * Returns: 1 when the present value may be later than the update and may be older, 0 when not, -1 with any
 * %FYR_DB_ERROR
 */
int
fyr_returned_is_of_another_life (FyrWriteContext *context,
                                 const FyrRecordInfo *info,
                                 const char *id,
                                 const char *field,
                                 const FyrReceipt *receipt,
                                 GError **error);

/** fyr_resent_note: the fields of @changed are now as of that version. Returns: %TRUE, or %FALSE with any
 * %FYR_DB_ERROR */
gboolean
fyr_resent_note (FyrWriteContext *context,
                 const FyrRecordInfo *info,
                 const char *id,
                 const FyrReceipt *receipt,
                 guint64 changed,
                 GError **error);

G_END_DECLS
