/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/**
 * FyrEmergencyDialog:
 *
 * Asks whom to open in an emergency, why, and for the password again; says before that what is written down and who is
 * told. Closes once the server said yes.
 *
 * Signal `opened` (const char *patient_id): the patient is on this machine.
 */
#define FYR_TYPE_EMERGENCY_DIALOG (fyr_emergency_dialog_get_type ())
G_DECLARE_FINAL_TYPE (FyrEmergencyDialog, fyr_emergency_dialog, FYR, EMERGENCY_DIALOG, AdwWindow)

/** fyr_emergency_dialog_new: @number: (nullable): what was searched for, when it is digits */
GtkWidget *
fyr_emergency_dialog_new (GtkWindow *parent, FyrAppContext *context, const char *number);

/** fyr_emergency_dialog_check_number: Returns: (transfer full) (nullable): the digits of what was typed; %NULL when it
 * is no identity number, with @message (out) (transfer none), translated */
char *
fyr_emergency_dialog_check_number (const char *text, gboolean test_centre, const char **message);

/** fyr_emergency_word_reason: Returns: (transfer none): translated; "" for unset */
const char *
fyr_emergency_word_reason (FyrEmergencyReason reason);

G_END_DECLS
