/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-place.h"

G_BEGIN_DECLS

/**
 * FyrAccessLogPlace:
 *
 * For the administrator: who saw what of which patient at the centre; searched by patient or person, over a span of
 * time, sorted by any column. Reading it changes nothing.
 */
#define FYR_TYPE_ACCESS_LOG_PLACE (fyr_access_log_place_get_type ())
G_DECLARE_FINAL_TYPE (FyrAccessLogPlace, fyr_access_log_place, FYR, ACCESS_LOG_PLACE, GtkWidget)

/** fyr_access_log_place_new: Returns: (transfer floating): the place */
GtkWidget *
fyr_access_log_place_new (FyrAppContext *context);

G_END_DECLS
