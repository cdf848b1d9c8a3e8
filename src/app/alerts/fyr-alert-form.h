/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrAlertForm:
 *
 * Where a note is written or an alert is closed with a measure (tiltak), in place under the alert's
 * buttons. The
 * words stay until they are saved. Ctrl+Enter saves, Escape leaves.
 *
 * Signals: `save (FyrAlertOutcome outcome, const char *text)`: outcome is unset for a note; `leave`.
 */
#define FYR_TYPE_ALERT_FORM (fyr_alert_form_get_type ())
G_DECLARE_FINAL_TYPE (FyrAlertForm, fyr_alert_form, FYR, ALERT_FORM, GtkWidget)

/** fyr_alert_form_new: a form that is not shown. */
GtkWidget *
fyr_alert_form_new (void);

/** fyr_alert_form_start: shows the form, empty, and puts the keyboard in it; @closing: with the measure */
void
fyr_alert_form_start (FyrAlertForm *self, gboolean closing);

/** fyr_alert_form_finish: hides the form and forgets the words. */
void
fyr_alert_form_finish (FyrAlertForm *self);

/** fyr_alert_form_set_busy: while it is being saved nothing can be pressed twice. */
void
fyr_alert_form_set_busy (FyrAlertForm *self, gboolean busy);

/** fyr_alert_form_is_open: whether it is shown. */
gboolean
fyr_alert_form_is_open (FyrAlertForm *self);

/** fyr_alert_form_has_words: whether something was typed that leaving would lose. */
gboolean
fyr_alert_form_has_words (FyrAlertForm *self);

G_END_DECLS
