/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrBadge:
 *
 * A zone or an alert's category as shape, letter, word and colour, so that no one of them stands alone.
 *
 * Properties: `category` (a #FyrAlertCategory, 0 for none), `zone` (a #FyrZone; setting one unsets the
 * other),
 * `compact` (bool: the word is left out of sight, but not for a screen reader), `count` (uint: shown
 * instead of the letter when above 0).
 *
 * CSS: node `badge` with class `red`, `yellow`, `green`, `blue`, `grey`, `technical` or `none`.
 */
#define FYR_TYPE_BADGE (fyr_badge_get_type ())
G_DECLARE_FINAL_TYPE (FyrBadge, fyr_badge, FYR, BADGE, GtkWidget)

/** fyr_badge_new: an empty badge, not shown until it has a category or zone. */
GtkWidget *
fyr_badge_new (void);

/** fyr_badge_set_category: @category: 0 hides the badge */
void
fyr_badge_set_category (FyrBadge *self, FyrAlertCategory category);

/** fyr_badge_set_zone: @zone: unset is shown as "No zone" */
void
fyr_badge_set_zone (FyrBadge *self, FyrZone zone);

/** fyr_badge_set_compact: whether only shape and letter are shown. */
void
fyr_badge_set_compact (FyrBadge *self, gboolean compact);

/** fyr_badge_set_count: a number in place of the letter; 0 shows the letter again. */
void
fyr_badge_set_count (FyrBadge *self, guint count);

/** fyr_category_get_word: (transfer none): "Red alert", translated. */
const char *
fyr_category_get_word (FyrAlertCategory category);

/** fyr_zone_get_word: (transfer none): "Green zone", translated; "No zone" when unset. */
const char *
fyr_zone_get_word (FyrZone zone);

/** fyr_category_get_style: (transfer none): the CSS class: "red" and so on, "none" when unset. */
const char *
fyr_category_get_style (FyrAlertCategory category);

G_END_DECLS
