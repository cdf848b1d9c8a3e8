/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store-private.h"

G_BEGIN_DECLS

/*
 * What this database can give back to a server that was restored from a backup: rows of others that the server signed
 * in the last 45 days.
 */

/** fyr_witness_note: the server signed a row. @tag: (nullable): it did not. Returns: TRUE or FALSE with error */
gboolean
fyr_witness_note (FyrStoreContext *context, FyrRecord *record, const char *tag, gint64 time, GError **error);

/** fyr_witness_note_deletion: the server signed a deletion. @version: of the tombstone; @tag: (nullable): it did not.
 * Returns: TRUE or FALSE with error */
gboolean
fyr_witness_note_deletion (FyrStoreContext *context,
                           const FyrRecordInfo *info,
                           const char *id,
                           gint64 version,
                           const char *tag,
                           GError **error);

/** fyr_witness_forget: a row is gone. Returns: TRUE or FALSE with error */
gboolean
fyr_witness_forget (FyrStoreContext *context, const FyrRecordInfo *info, const char *id, GError **error);

/** fyr_witness_forget_kind: (nullable) @patient_id: of all patients. Also what waits to be given back: the user may not
 * have it any more. Returns: TRUE or FALSE with error */
gboolean
fyr_witness_forget_kind (FyrStoreContext *context,
                         const FyrRecordInfo *info,
                         const char *patient_id,
                         GError **error);

/** fyr_witness_expire: forgets what is older than 45 days; looks once a day. Returns: TRUE or FALSE with error */
gboolean
fyr_witness_expire (FyrStoreContext *context, GError **error);

/** fyr_witness_set_aside: before rows of a former life of the server go: they may be all that is left. @epoch: that
 * life. Returns: TRUE or FALSE with error */
gboolean
fyr_witness_set_aside (FyrStoreContext *context, const char *epoch, GError **error);

G_END_DECLS
