/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"
#include "fyr-store-query.h"

G_BEGIN_DECLS

/**
 * FyrPatientSearch:
 *
 * The patients that match what is asked, kept true while the local database changes. An answer that is overtaken by
 * a newer question is dropped.
 *
 * Properties, all read-only and notified: `loaded` (bool: there has been an answer), `failed` (bool: the last question
 * could not be answered), `current` (bool: the rows answer the last question), `total` (uint: how many match, shown
 * or not).
 */
#define FYR_TYPE_PATIENT_SEARCH (fyr_patient_search_get_type ())
G_DECLARE_FINAL_TYPE (FyrPatientSearch, fyr_patient_search, FYR, PATIENT_SEARCH, GObject)

/** FYR_PATIENT_SEARCH_ROWS: at most so many rows are shown; more are told by `total`. */
#define FYR_PATIENT_SEARCH_ROWS 1000

/** fyr_patient_search_new: asks as soon as the local database is open */
FyrPatientSearch *
fyr_patient_search_new (FyrAppContext *context);

/** fyr_patient_search_get_model: (transfer none): a list of #FyrPatientItem */
GListModel *
fyr_patient_search_get_model (FyrPatientSearch *self);

/** fyr_patient_search_set_text: @text: (nullable): beginnings of words of name, number, telephone, in any order */
void
fyr_patient_search_set_text (FyrPatientSearch *self, const char *text);

/** fyr_patient_search_get_text: (transfer none): "" for none */
const char *
fyr_patient_search_get_text (FyrPatientSearch *self);

/** fyr_patient_search_set_statuses: @statuses: mask of `1 << FYR_PATIENT_STATUS_…`; 0 for all */
void
fyr_patient_search_set_statuses (FyrPatientSearch *self, guint statuses);

/** fyr_patient_search_set_sort: another order of the same patients */
void
fyr_patient_search_set_sort (FyrPatientSearch *self, FyrPatientSort sort);

/** fyr_patient_search_get_loaded: whether there has been an answer */
gboolean
fyr_patient_search_get_loaded (FyrPatientSearch *self);

/** fyr_patient_search_get_failed: whether the last question could not be answered */
gboolean
fyr_patient_search_get_failed (FyrPatientSearch *self);

/** fyr_patient_search_get_current: whether the rows answer what was asked last, not something before it */
gboolean
fyr_patient_search_get_current (FyrPatientSearch *self);

/** fyr_patient_search_get_total: how many match */
guint
fyr_patient_search_get_total (FyrPatientSearch *self);

G_END_DECLS
