/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-place.h"

G_BEGIN_DECLS

/**
 * FyrPatientsPage:
 *
 * The place "Patients" (a GP's "My list", a clerk's "Borrowers"): the list with its search, and the page of the
 * patient opened from it. A clerk sees names, telephones and addresses, and opens no patient.
 *
 * Accessibility: the search field, the table and each of its cells have names; the number of matches is a status.
 */
#define FYR_TYPE_PATIENTS_PAGE (fyr_patients_page_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientsPage, fyr_patients_page, FYR, PATIENTS_PAGE, GtkWidget)

/** fyr_patients_page_new: (transfer floating): the place for whoever is signed in */
GtkWidget *
fyr_patients_page_new (FyrAppContext *context);

G_END_DECLS
