/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-finding.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/** FyrControl: how a field of a record is shown and typed */
typedef enum {
  FYR_CONTROL_TEXT,
  FYR_CONTROL_IDENTITY_NUMBER,
  FYR_CONTROL_TELEPHONE,
  FYR_CONTROL_DATE,
  FYR_CONTROL_LONG_TEXT,
  FYR_CONTROL_WORDS,  /* an enum, or a string that is one of `codes` */
  FYR_CONTROL_RECORD, /* the id of another record: see fyr_record_fields_set_choices() */
  FYR_CONTROL_SWITCH,
  FYR_CONTROL_OFFER, /* a list of `codes`, told as `words`: choosing one types it into the control of the same field */
} FyrControl;

/**
 * FyrFieldSpec:
 * @field: index in the record
 * @label: msgid
 * @hint: (nullable): msgid: how to fill it in
 * @wide: takes the whole width
 * @required: an asterisk even where the declaration does not require it
 * @words: (array length=n_words) (nullable): msgids of what can be chosen, that of "not stated" first
 * @codes: (array length=n_words) (nullable): what a string field holds for each word; %NULL for an enum
 */
typedef struct {
  guint field;
  FyrControl control;
  const char *label;
  const char *hint;
  gboolean wide;
  gboolean required;
  const char *const *words;
  guint n_words;
  const char *const *codes;
} FyrFieldSpec;

/** FyrSectionSpec: @title: (nullable): msgid */
typedef struct {
  const char *title;
  const FyrFieldSpec *fields;
  guint n_fields;
} FyrSectionSpec;

/**
 * FyrRecordFieldsRules:
 * @check: (nullable): what is wrong with a field, as a msgid; without it the declaration's rules are told
 * @take: (nullable): takes typed text in place of the field itself; returns the mask of fields to show and
 * check again,
 *   0 when the field shall take the text as it is
 * @hint: (nullable): (transfer full): a hint, translated, in place of the field's; %NULL for the field's own
 */
typedef struct {
  FyrFinding (*check) (FyrRecord *record, guint field, gpointer data, const char **message);
  guint64 (*take) (FyrRecord *record, guint field, const char *text, gpointer data);
  char *(*hint) (FyrRecord *record, guint field, gpointer data);
} FyrRecordFieldsRules;

/**
 * FyrRecordFields:
 *
 * The controls of a form, in two columns, each tied to its field of a #FyrRecord: what is typed is in the
 * record at
 * once, and what is wrong with it stands under the control when it is left.
 *
 * Signal `edited (guint field)`: after the person changed the field.
 */
#define FYR_TYPE_RECORD_FIELDS (fyr_record_fields_get_type ())
G_DECLARE_FINAL_TYPE (FyrRecordFields, fyr_record_fields, FYR, RECORD_FIELDS, GtkWidget)

/**
 * fyr_record_fields_new:
 * @record: (transfer none): changed as the person types
 * @sections: (array length=n_sections): static
 * @rules: (nullable): static
 * @data: (transfer full) (nullable): for @rules
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer floating): the controls, showing what @record holds
 */
GtkWidget *
fyr_record_fields_new (FyrRecord *record,
                       const FyrSectionSpec *sections,
                       guint n_sections,
                       const FyrRecordFieldsRules *rules,
                       gpointer data,
                       GDestroyNotify destroy);

/**
 * fyr_record_fields_set_choices:
 * @records: (element-type FyrRecord): what a %FYR_CONTROL_RECORD field can be, sorted
 */
void
fyr_record_fields_set_choices (FyrRecordFields *self, guint field, GPtrArray *records);

/**
 * fyr_record_fields_show_findings:
 *
 * Checks all fields.
 *
 * Returns: %FALSE when saving must wait: the first field in error has the keyboard then
 */
gboolean
fyr_record_fields_show_findings (FyrRecordFields *self);

G_END_DECLS
