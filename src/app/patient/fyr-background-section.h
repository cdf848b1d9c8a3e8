/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FyrBackgroundSection:
 *
 * A heading, a button beside it where something can be added, and a boxed list of rows under it.
 *
 * Accessibility: the list is named by the heading.
 */
#define FYR_TYPE_BACKGROUND_SECTION (fyr_background_section_get_type ())
G_DECLARE_FINAL_TYPE (FyrBackgroundSection, fyr_background_section, FYR, BACKGROUND_SECTION, GtkWidget)

/**
 * fyr_background_section_new:
 * @title: translated
 * @add_label: (nullable): translated; %NULL without a button
 * @add_action: (nullable): what the button does
 */
GtkWidget *
fyr_background_section_new (const char *title, const char *add_label, const char *add_action);

/** fyr_background_section_clear: takes all rows away */
void
fyr_background_section_clear (FyrBackgroundSection *self);

/**
 * fyr_background_section_add:
 * @title: (nullable): %NULL or "" for a dash
 * @subtitle: (nullable): under it
 *
 * Returns: (transfer none): the row, at the end
 */
AdwActionRow *
fyr_background_section_add (FyrBackgroundSection *self, const char *title, const char *subtitle);

/**
 * fyr_background_section_add_fact:
 *
 * a row whose small line says what it is, and the large one its @value (nullable)
 */
AdwActionRow *
fyr_background_section_add_fact (FyrBackgroundSection *self, const char *what, const char *value);

/**
 * fyr_background_row_add_button:
 *
 * @label: translated: name and tooltip; @target: (nullable): a string for the action
 */
GtkWidget *
fyr_background_row_add_button (
    AdwActionRow *row, const char *icon_name, const char *label, const char *action, const char *target);

G_END_DECLS
