/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * fyr_limit_describe:
 *
 * Returns: (transfer full): the limits in words, "Red below 88, yellow below 92 %; red after 3 outside in
 * 72 h";
 *   "Does not alert" when nothing is set
 */
char *
fyr_limit_describe (FyrLimit *limit);

/** fyr_limit_get_title: (transfer full): what it judges: "Blood pressure, systolic" */
char *
fyr_limit_get_title (FyrLimit *limit);

G_END_DECLS
