/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"

G_BEGIN_DECLS

/*
 * The one place where the application writes the access log (innsynslogg). Whatever shows patients asks here:
 * - a record that a person opens (a patient's page, an alert's pane, a conflict, a print) is shown after its entry is
 *   on the disk, and not at all when that fails;
 * - a list (alerts, patients, hits of a search, the delivery list) makes one entry a patient the first time the patient
 *   stands in any list that day, of this user; the list does not wait for it, and stays when the disk is full, for
 *   nobody must miss an alert: its entries are then written as soon as there is room.
 */

/**
 * fyr_display_log_open_async:
 * @resource: what is opened
 * @channel: screen, print or export
 * @patient_id: whose
 *
 * Writes an entry before a record is shown.
 */
void
fyr_display_log_open_async (FyrAppContext *context,
                            FyrAuditResource resource,
                            FyrAuditChannel channel,
                            const char *patient_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/**
 * fyr_display_log_open_finish:
 *
 * Returns: %TRUE: show it. %FALSE with an error of the store or %G_IO_ERROR_CANCELLED: do not, and say why
 * (fyr_display_log_error_get_words())
 */
gboolean
fyr_display_log_open_finish (FyrAppContext *context, GAsyncResult *result, GError **error);

/** fyr_display_log_error_get_words: (transfer none): why it is not shown, and what to do */
const char *
fyr_display_log_error_get_words (const GError *error);

/**
 * fyr_display_log_note_listed:
 * @patient_id: (nullable): who stands in a list
 *
 * Writes an entry when nothing else is to be done, unless there is one of today.
 */
void
fyr_display_log_note_listed (FyrAppContext *context, FyrAuditResource resource, const char *patient_id);

G_END_DECLS
