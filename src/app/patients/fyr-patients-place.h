/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-place.h"

G_BEGIN_DECLS

/**
 * FyrPatientsPlace:
 *
 * The place "Patients" (a GP's "My list", a clerk's "Borrowers"): the list with its search, and the page
 * of the
 * patient opened from it. A clerk sees names, telephones and addresses, and opens no patient.
 *
 * Accessibility: the search field, the table and each of its cells have names; the number of matches is a
 * status.
 */
#define FYR_TYPE_PATIENTS_PLACE (fyr_patients_place_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientsPlace, fyr_patients_place, FYR, PATIENTS_PLACE, GtkWidget)

/** fyr_patients_place_new: (transfer floating): the place for whoever is signed in */
GtkWidget *
fyr_patients_place_new (FyrAppContext *context);

G_END_DECLS
