/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "fyr-app-context.h"
#include "fyr-record-fields.h"

G_BEGIN_DECLS

/**
 * FyrRecordForm:
 *
 * A window in which one record is made or edited. Checks stand at their fields. Nothing typed is lost:
 * closing with
 * unsaved work asks nothing but can be undone from the toast in the window behind, and so can saving.
 *
 * Signal `saved (const char *id)`: after the local database has it.
 */
#define FYR_TYPE_RECORD_FORM (fyr_record_form_get_type ())
G_DECLARE_DERIVABLE_TYPE (FyrRecordForm, fyr_record_form, FYR, RECORD_FORM, AdwWindow)

struct _FyrRecordFormClass {
  AdwWindowClass parent_class;
};

/**
 * fyr_record_form_set_up:
 * @record: (transfer none): what @fields edits, as it is before; with an id
 * @registered: whether it exists already; %FALSE makes a new one
 * @fields: (transfer floating): the controls
 * @done: translated: what the toast says after saving
 *
 * To be called once, right after construction.
 */
void
fyr_record_form_set_up (FyrRecordForm *self,
                        FyrAppContext *context,
                        FyrRecord *record,
                        gboolean registered,
                        FyrRecordFields *fields,
                        const char *done);

/**
 * fyr_record_form_new:
 *
 * Returns: (transfer none): a window over @parent, set up as by fyr_record_form_set_up(), to be presented;
 * it destroys
 *   itself when closed
 */
GtkWidget *
fyr_record_form_new (GtkWindow *parent,
                     FyrAppContext *context,
                     const char *title,
                     FyrRecord *record,
                     gboolean registered,
                     FyrRecordFields *fields,
                     const char *done);

/** fyr_record_form_show_notice: @text: (nullable): translated, above the fields; %NULL hides it */
void
fyr_record_form_show_notice (FyrRecordForm *self, const char *text);

/** fyr_record_form_get_notice_box: (transfer none): a box for buttons under the notice's text */
GtkBox *
fyr_record_form_get_notice_box (FyrRecordForm *self);

G_END_DECLS
