/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-request.h"

G_BEGIN_DECLS

/**
 * fyr_figures_serve:
 *
 * the route GET /figures/v1/centre: counts of the last 30 days, for roles without patients
 */
void
fyr_figures_serve (FyrRequest *request, gpointer user_data);

/**
 * fyr_figures_write:
 * @centre_id: whose
 * @from: milliseconds, inclusive
 * @to: milliseconds, exclusive
 *
 * Writes the figures of PROTOCOL.md: numbers, no persons.
 *
 * Returns: %TRUE or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_figures_write (
    FyrConnection *connection, const char *centre_id, gint64 from, gint64 to, GString *text, GError **error);

G_END_DECLS
