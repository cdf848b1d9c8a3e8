/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrPatientNotes:
 *
 * The tab of notes: what was written about the patient, newest first, and a field to write in. A note is a
 * fact: it is
 * corrected by a new one that points at it, never changed.
 */
#define FYR_TYPE_PATIENT_NOTES (fyr_patient_notes_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientNotes, fyr_patient_notes, FYR, PATIENT_NOTES, GtkWidget)

/** fyr_patient_notes_new: (transfer floating): a #FyrPatientTab */
GtkWidget *
fyr_patient_notes_new (FyrAppContext *context);

G_END_DECLS
