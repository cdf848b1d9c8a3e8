/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-apply-state.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/*
 * Inside of the store folder: who beside the patient's own centre gets the patient's records. A GP's
 * membership names an entry of the register of GPs; patients of that list at that centre are granted, and
 * each granted patient has a feed of its own. So has one with an emergency access that lasts.
 */

/**
 * fyr_care_grant_settle:
 *
 * Brings the patient's own feed in line with who may read it.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR; without error when there is no such patient
 */
gboolean
fyr_care_grant_settle (FyrWriteContext *context, const char *patient_id, GError **error);

/**
 * fyr_care_grant_get_state:
 *
 * Returns: (transfer none) (nullable): what decides the patient's feeds; %NULL without @error set when unknown
 */
FyrPatientState *
fyr_care_grant_get_state (FyrWriteContext *context, const char *patient_id, GError **error);

/**
 * fyr_care_grant_patient_changed:
 * @before: (nullable): %NULL when new
 * @after: (nullable): %NULL when deleted
 *
 * Opens or closes the patient's own feed, and moves all records when the centre changed.
 *
 * Returns: %TRUE or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_care_grant_patient_changed (FyrWriteContext *context,
                                FyrPatient *before,
                                FyrPatient *after,
                                GError **error);

/** fyr_care_grant_membership_changed: the same for all patients on the lists of a GP's memberships. Returns:
 * %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_care_grant_membership_changed (FyrWriteContext *context,
                                   FyrMembership *before,
                                   FyrMembership *after,
                                   GError **error);

G_END_DECLS
