/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * fyr_alert_category_get_name:
 *
 * The handbook's colours (rødt, gult, grønt, blått, grått, teknisk varsel).
 *
 * Returns: (transfer none): msgid such as "Red alert"
 */
const char *
fyr_alert_category_get_name (FyrAlertCategory category);

/**
 * fyr_alert_category_get_rank:
 *
 * The order in the alert list: red, yellow, technical, blue, green, grey, unset.
 *
 * Returns: 0 for red and rising; lower is more urgent
 */
int
fyr_alert_category_get_rank (FyrAlertCategory category);

G_END_DECLS
