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

G_END_DECLS
