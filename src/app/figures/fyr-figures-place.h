/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-place.h"

G_BEGIN_DECLS

/**
 * FyrFiguresPlace:
 *
 * Counts of the centre for who may not see a patient. Fetched from the server; without contact the last
 * ones with
 * their date.
 */
#define FYR_TYPE_FIGURES_PLACE (fyr_figures_place_get_type ())
G_DECLARE_FINAL_TYPE (FyrFiguresPlace, fyr_figures_place, FYR, FIGURES_PLACE, GtkWidget)

/** fyr_figures_place_new: @context: kept */
GtkWidget *
fyr_figures_place_new (FyrAppContext *context);

G_END_DECLS
