/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record-form.h"

G_BEGIN_DECLS

/**
 * fyr_relative_form_new:
 * @relative: (nullable): whom to edit; %NULL for a new one
 *
 * Returns: (transfer none): a #FyrRecordForm over @parent, to be presented
 */
GtkWidget *
fyr_relative_form_new (GtkWindow *parent,
                       FyrAppContext *context,
                       const char *patient_id,
                       FyrRelatedPerson *relative);

/**
 * fyr_diagnosis_form_new:
 * @condition: (nullable): what to edit; %NULL for a new one
 *
 * Returns: (transfer none): a #FyrRecordForm over @parent, to be presented
 */
GtkWidget *
fyr_diagnosis_form_new (GtkWindow *parent,
                        FyrAppContext *context,
                        const char *patient_id,
                        FyrCondition *condition);

/** fyr_relationship_get_word: (transfer none): "Spouse", translated; "" when unset */
const char *
fyr_relationship_get_word (FyrRelationship relationship);

G_END_DECLS
