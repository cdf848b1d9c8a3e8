/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrAlertCategory:
 * @FYR_ALERT_NONE: nothing to tell
 * @FYR_ALERT_RED: far outside
 * @FYR_ALERT_YELLOW: moderately outside
 * @FYR_ALERT_GREEN: a task not done
 * @FYR_ALERT_BLUE: a message from the patient
 * @FYR_ALERT_GREY: limits or tasks not set
 * @FYR_ALERT_TECHNICAL: a device or transfer fault
 *
 * The handbook's colours (rødt, gult, grønt, blått, grått, teknisk varsel).
 */
#define FYR_ALERT_NONE FYR_ALERT_CATEGORY_UNSET
#define FYR_ALERT_RED FYR_ALERT_CATEGORY_RED
#define FYR_ALERT_YELLOW FYR_ALERT_CATEGORY_YELLOW
#define FYR_ALERT_GREEN FYR_ALERT_CATEGORY_GREEN
#define FYR_ALERT_BLUE FYR_ALERT_CATEGORY_BLUE
#define FYR_ALERT_GREY FYR_ALERT_CATEGORY_GREY
#define FYR_ALERT_TECHNICAL FYR_ALERT_CATEGORY_TECHNICAL
#define FYR_N_ALERT_CATEGORIES (FYR_ALERT_CATEGORY_LAST + 1)

/**
 * fyr_alert_category_to_code:
 *
 * Returns: (transfer none): `red`, `yellow` …; "none" for none and out of bounds
 */
const char *
fyr_alert_category_to_code (FyrAlertCategory category);

/**
 * fyr_alert_category_from_code:
 * @code: (nullable): a text as fyr_alert_category_to_code() gives it
 *
 * Returns: the category; %FYR_ALERT_NONE for everything else
 */
FyrAlertCategory
fyr_alert_category_from_code (const char *code);

/**
 * fyr_alert_category_get_name:
 *
 * Returns: (transfer none): msgid such as "Red alert"
 */
const char *
fyr_alert_category_get_name (FyrAlertCategory category);

/**
 * fyr_alert_category_get_rank:
 *
 * The order in the alert list: red, yellow, technical, blue, green, grey, none.
 *
 * Returns: 0 for red and rising; lower is more urgent
 */
int
fyr_alert_category_get_rank (FyrAlertCategory category);

G_END_DECLS
