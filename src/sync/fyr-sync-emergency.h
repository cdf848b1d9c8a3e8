/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-store-emergency.h"
#include "fyr-sync-engine.h"
#include "fyr-wire-emergency.h"

G_BEGIN_DECLS

/*
 * Emergency access (PROTOCOL.md) as the engine keeps it. The engine's signal `emergency-changed` says that the list is
 * another. An access ends here at its time, by the server's clock as last told and by a clock that nobody sets, also
 * offline and when nobody is signed in.
 */

/**
 * fyr_sync_engine_open_emergency_async:
 * @identity_number: digits
 * @text: why, at least 15 characters
 * @password: of who is signed in; copied, and wiped when it is not needed any more
 */
void
fyr_sync_engine_open_emergency_async (FyrSyncEngine *self,
                                      const char *identity_number,
                                      FyrEmergencyReason reason,
                                      const char *text,
                                      const char *password,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);

/**
 * fyr_sync_engine_open_emergency_finish:
 * @seconds: (out) (optional): with _LOCKED_OUT and _TOO_MANY how long to wait, 0 unknown
 *
 * Returns: (transfer full) (nullable): id of the patient, who is on this machine by now or any moment; %NULL with error
 * %FYR_SYNC_ERROR_CREDENTIALS (password or number is wrong), _NOT_NEEDED (open already), _LOCKED_OUT, _TOO_MANY,
 * _FORBIDDEN, _UNAUTHENTICATED (offline, too), _NETWORK, _BUSY or _MALFORMED
 */
char *
fyr_sync_engine_open_emergency_finish (FyrSyncEngine *self,
                                       GAsyncResult *result,
                                       guint *seconds,
                                       GError **error);

/** fyr_sync_engine_end_emergency_async: ends it here at once, and at the server as soon as it answers */
void
fyr_sync_engine_end_emergency_async (FyrSyncEngine *self,
                                     const char *access_id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);

/** fyr_sync_engine_end_emergency_finish: Returns: %TRUE when the server knows, too; %FALSE with error: nothing of the
 * patient is here, and at the server it lasts until its time */
gboolean
fyr_sync_engine_end_emergency_finish (FyrSyncEngine *self, GAsyncResult *result, GError **error);

/** fyr_sync_engine_find_emergency: Returns: (nullable) (transfer none): by which the patient is open, until the next
 * `emergency-changed` */
const FyrEmergency *
fyr_sync_engine_find_emergency (FyrSyncEngine *self, const char *patient_id);

/** fyr_sync_engine_get_emergency_seconds: Returns: seconds left of @access, 0 when it is over */
gint64
fyr_sync_engine_get_emergency_seconds (FyrSyncEngine *self, const FyrEmergency *access);

G_END_DECLS
