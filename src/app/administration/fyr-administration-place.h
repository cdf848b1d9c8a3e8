/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-place.h"

G_BEGIN_DECLS

/**
 * FyrAdministrationPlace:
 *
 * Users with their roles, and the centres. What is changed is saved here and delivered like all other work.
 */
#define FYR_TYPE_ADMINISTRATION_PLACE (fyr_administration_place_get_type ())
G_DECLARE_FINAL_TYPE (FyrAdministrationPlace, fyr_administration_place, FYR, ADMINISTRATION_PLACE, GtkWidget)

/** fyr_administration_place_new: @context: kept */
GtkWidget *
fyr_administration_place_new (FyrAppContext *context);

G_END_DECLS
