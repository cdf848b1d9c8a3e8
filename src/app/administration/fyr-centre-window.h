/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/** FyrCentreWindow: a centre's name, telephone, opening hours and deadline for red alerts. */
#define FYR_TYPE_CENTRE_WINDOW (fyr_centre_window_get_type ())
G_DECLARE_FINAL_TYPE (FyrCentreWindow, fyr_centre_window, FYR, CENTRE_WINDOW, AdwWindow)

/** fyr_centre_window_new: @centre: which one to change */
GtkWidget *
fyr_centre_window_new (GtkWindow *parent, FyrAppContext *context, FyrCentre *centre);

/**
 * fyr_opening_day_from_text:
 * @text: "08:00-15:30", "8-15.30"; empty: closed
 * @opens: (out): minutes after midnight
 * @closes: (out): the same; not above @opens: closed
 *
 * Returns: whether @text could be read
 */
gboolean
fyr_opening_day_from_text (const char *text, int *opens, int *closes);

/**
 * fyr_closed_days_from_text:
 * @text: dates with commas between; empty: none
 *
 * Returns: (transfer full) (nullable): a JSON array of `YYYY-MM-DD`; %NULL when one is no date
 */
char *
fyr_closed_days_from_text (const char *text);

G_END_DECLS
