/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrLimitFields:
 *
 * The controls of one limit: four bounds in a row, then repetition, change over time and how often a
 * report is
 * expected, each tied to its field of a #FyrLimit: what is typed is in the record at once.
 *
 * Signal `edited`: after the person changed something.
 */
#define FYR_TYPE_LIMIT_FIELDS (fyr_limit_fields_get_type ())
G_DECLARE_FINAL_TYPE (FyrLimitFields, fyr_limit_fields, FYR, LIMIT_FIELDS, GtkWidget)

/** fyr_limit_fields_new: @limit: (transfer none): changed as the person types */
GtkWidget *
fyr_limit_fields_new (FyrLimit *limit);

/**
 * fyr_limit_fields_check:
 *
 * Shows at the fields what is wrong.
 *
 * Returns: %FALSE when saving must wait; the first field in error then has the keyboard
 */
gboolean
fyr_limit_fields_check (FyrLimitFields *self);

G_END_DECLS
