/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * fyr_patient_columns_add:
 * @view: a column view whose model holds #FyrPatientItem
 * @role: who looks; a clerk gets no column with health data
 */
void
fyr_patient_columns_add (GtkColumnView *view, FyrRole role);

G_END_DECLS
