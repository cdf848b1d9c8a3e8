/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * fyr_access_log_columns_add:
 * @view: a column view whose model holds #FyrAuditEvent
 *
 * Time, person, role, patient, what was shown, how and what for, legal entity; each sorts by a click on its title.
 */
void
fyr_access_log_columns_add (GtkColumnView *view);

G_END_DECLS
