/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"

G_BEGIN_DECLS

/* What every window with a form does: closing loses nothing that was typed, and saving closes only when it is saved. */

/** FyrFormChangedFunc: Returns: whether the form holds something that closing would lose */
typedef gboolean (*FyrFormChangedFunc) (GtkWindow *form);

/**
 * fyr_form_window_keep_unsaved:
 * @form: filled with what is known, and with a window behind it
 * @changed: (nullable): without it the form's controls are compared with what they show now
 *
 * From now on closing @form with something typed asks nothing: the window behind offers to take it back, and then the
 * form is there again as it was. gtk_window_destroy() closes for good. To be called again when more has been filled in.
 */
void
fyr_form_window_keep_unsaved (GtkWindow *form, FyrFormChangedFunc changed);

/**
 * fyr_form_window_save:
 * @mutations: (element-type FyrMutation): saved all or none
 * @done: translated: what the toast in the window behind says, with undo
 *
 * Saves, and closes @form once that is done. When it fails the form stays with a notice at its top that says why; a
 * second call meanwhile does nothing.
 */
void
fyr_form_window_save (GtkWindow *form, FyrAppContext *context, GPtrArray *mutations, const char *done);

/** fyr_form_window_tell: @text: (nullable): translated: a notice at the top of @form; %NULL takes it away */
void
fyr_form_window_tell (GtkWindow *form, const char *text);

G_END_DECLS
