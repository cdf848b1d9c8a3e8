/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/* msgids in the order of the codes, that of "not stated" first: FYR_SEX_LAST + 1 of them, and so on. */
extern const char *const fyr_sex_words[];
extern const char *const fyr_patient_status_words[];
extern const char *const fyr_relationship_words[];

/** fyr_field_word_label: (transfer none): what people call the field, translated: "Second telephone". */
const char *
fyr_field_word_label (const FyrRecordInfo *info, guint field);

/**
 * fyr_field_word_choices:
 * @info: of a field that holds one of a few codes
 * @n: (out): how many, that of "not stated" first
 *
 * Returns: (transfer none) (array length=n) (nullable): msgids, in the order of the codes; %NULL when nobody chooses
 *   among them
 */
const char *const *
fyr_field_word_choices (const FyrEnumInfo *info, guint *n);

/** FyrNameOfFunc: Returns: (transfer none) (nullable): name of the record @id */
typedef const char *(*FyrNameOfFunc) (const char *id, gpointer data);

/**
 * fyr_field_word_value:
 * @record: holds the value
 * @name_of: (nullable): knows what a reference points at
 *
 * Returns: (transfer full): the value as the reader writes it: "Yellow zone", "21 Nov 1952", "+47 22 22 22 22"; "not
 *   stated" when unset
 */
char *
fyr_field_word_value (FyrRecord *record, guint field, FyrNameOfFunc name_of, gpointer data);

G_END_DECLS
