/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * fyr_alert_text_set:
 * @label: with the accessible role alert
 * @text: translated
 *
 * Sets what is seen and what is announced: such a label is not named by its text.
 */
void
fyr_alert_text_set (GtkLabel *label, const char *text);

/**
 * fyr_alert_text_follow:
 * @label: with the accessible role status
 *
 * Its accessible name is what is written in it, now and later. Up to GTK 4.16 that goes without saying; then a label is
 * named by its text only while it has a label's role, and a screen reader would say nothing of this one.
 */
void
fyr_alert_text_follow (GtkLabel *label);

G_END_DECLS
