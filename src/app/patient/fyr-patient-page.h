/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrPatientPage:
 *
 * One patient: who it is, zone, telephone and GP always in sight; below them the tabs Trends, Limits,
 * Notes and
 * Background. Kept true while the local database changes.
 */
#define FYR_TYPE_PATIENT_PAGE (fyr_patient_page_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientPage, fyr_patient_page, FYR, PATIENT_PAGE, GtkWidget)

/**
 * fyr_patient_page_new:
 * @patient_id: whom to show
 *
 * Returns: (transfer floating): the page, filled as soon as the local database answers
 */
GtkWidget *
fyr_patient_page_new (FyrAppContext *context, const char *patient_id);

/** fyr_patient_page_show_tab: @name: `trends`, `limits`, `notes` or `background` */
void
fyr_patient_page_show_tab (FyrPatientPage *self, const char *name);

G_END_DECLS
