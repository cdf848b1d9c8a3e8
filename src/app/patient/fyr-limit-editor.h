/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrLimitEditor:
 *
 * The window in which a nurse sets the limits of one kind of measurement. While she types it says how many
 * alerts
 * they would have given on what was reported lately. Saving ends the former limits and begins the new ones.
 */
#define FYR_TYPE_LIMIT_EDITOR (fyr_limit_editor_get_type ())
G_DECLARE_FINAL_TYPE (FyrLimitEditor, fyr_limit_editor, FYR, LIMIT_EDITOR, AdwWindow)

/**
 * fyr_limit_editor_new:
 * @patient_id: whose
 * @kind: of which measurement
 * @limits: (element-type FyrLimit): all the patient ever had
 *
 * Returns: (transfer none): the window, to be presented
 */
GtkWidget *
fyr_limit_editor_new (GtkWindow *parent,
                      FyrAppContext *context,
                      const char *patient_id,
                      FyrMeasurementKind kind,
                      GPtrArray *limits);

G_END_DECLS
