/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrFormField:
 *
 * A labelled control with room for a message under it. The control is named by the label, described by the
 * hint, and marked invalid while there is a message, so that a screen reader says what the eye sees. Where it stands in
 * something that scrolls, the whole of it comes into view with the keyboard.
 *
 * Properties: `label` (string), `hint` (string: how to fill it in), `message` (string: what is wrong and
 * what to do), `warning` (bool: the message does not stop saving), `required` (bool: an asterisk and the
 * required property), `child` (the control; in .ui the only <child>).
 */
#define FYR_TYPE_FORM_FIELD (fyr_form_field_get_type ())
G_DECLARE_FINAL_TYPE (FyrFormField, fyr_form_field, FYR, FORM_FIELD, GtkWidget)

/**
 * fyr_form_field_new:
 * @label: translated
 * @child: (transfer floating): the control
 */
GtkWidget *
fyr_form_field_new (const char *label, GtkWidget *child);

/** fyr_form_field_set_message: @message: (nullable): translated; %NULL or "" when all is well */
void
fyr_form_field_set_message (FyrFormField *self, const char *message);

/** fyr_form_field_set_warning_message: as above, for what is doubtful but may be saved. */
void
fyr_form_field_set_warning_message (FyrFormField *self, const char *message);

/** fyr_form_field_get_message: (transfer none): "" when all is well. */
const char *
fyr_form_field_get_message (FyrFormField *self);

/** fyr_form_field_set_hint: @hint: (nullable): translated */
void
fyr_form_field_set_hint (FyrFormField *self, const char *hint);

/** fyr_form_field_get_child: (transfer none) (nullable): the control. */
GtkWidget *
fyr_form_field_get_child (FyrFormField *self);

/** fyr_form_field_is_in_error: whether there is a message that stops saving. */
gboolean
fyr_form_field_is_in_error (FyrFormField *self);

G_END_DECLS
