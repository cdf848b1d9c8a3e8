/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrEmergencyCase:
 *
 * An emergency access with what became of it, as those who answer for the centre see it.
 */
#define FYR_TYPE_EMERGENCY_CASE (fyr_emergency_case_get_type ())
G_DECLARE_FINAL_TYPE (FyrEmergencyCase, fyr_emergency_case, FYR, EMERGENCY_CASE, GObject)

/** fyr_emergency_case_get_access: Returns: (transfer none) */
FyrEmergencyAccess *
fyr_emergency_case_get_access (FyrEmergencyCase *self);

/** fyr_emergency_case_get_review: Returns: (transfer none) (nullable): the last word of a review; %NULL: none yet */
FyrEmergencyEvent *
fyr_emergency_case_get_review (FyrEmergencyCase *self);

/** fyr_emergency_case_needs_review: Returns: whether nobody has said yet that it was justified or not */
gboolean
fyr_emergency_case_needs_review (FyrEmergencyCase *self);

/** fyr_emergency_case_dup_title: Returns: (transfer full): who, as what, when; no patient */
char *
fyr_emergency_case_dup_title (FyrEmergencyCase *self);

/** fyr_emergency_case_dup_words: Returns: (transfer full): why, how long, what the review said; with the patient's name
 * where it may be read */
char *
fyr_emergency_case_dup_words (FyrEmergencyCase *self);

/** fyr_emergency_case_word_state: Returns: (transfer none): translated: to be reviewed, seen, justified or not */
const char *
fyr_emergency_case_word_state (FyrEmergencyCase *self);

/**
 * fyr_emergency_cases_load_async:
 *
 * All that are here, those to be reviewed first, then the newest first.
 */
void
fyr_emergency_cases_load_async (FyrStore *store,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/** fyr_emergency_cases_load_finish: Returns: (transfer full) (element-type FyrEmergencyCase) (nullable): %NULL with an
 * error of the store */
GPtrArray *
fyr_emergency_cases_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
