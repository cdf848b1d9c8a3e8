/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-record.h"

G_BEGIN_DECLS

/**
 * FyrRecordColumn:
 * @title: msgid
 * @text: Returns: (transfer full) (nullable): what the cell says of @record
 * @expand: takes the room that is left, and may be shortened
 * @number: digits of one width, sorted by what they count
 */
typedef struct {
  const char *title;
  char *(*text) (FyrRecord *record, gpointer data);
  gboolean expand;
  gboolean number;
} FyrRecordColumn;

/**
 * FyrRecordList:
 *
 * Records as a table that is searched in all its words and sorted by any column: by the heading, and for the keyboard
 * by the list above it. An empty table says what to do.
 *
 * Signal `opened (FyrRecord *record)`: Enter or a double click on a row.
 */
#define FYR_TYPE_RECORD_LIST (fyr_record_list_get_type ())
G_DECLARE_FINAL_TYPE (FyrRecordList, fyr_record_list, FYR, RECORD_LIST, GtkWidget)

/**
 * fyr_record_list_new:
 * @name: translated: what stands in the table, for those who hear it
 * @search: translated: name of the search
 * @columns: (array length=n_columns): static; sorted by the first to begin with
 * @data: (nullable): for the columns; lives as long as the table
 * @empty: (transfer floating): shown when there is no record at all
 */
GtkWidget *
fyr_record_list_new (const char *name,
                     const char *search,
                     const FyrRecordColumn *columns,
                     guint n_columns,
                     gpointer data,
                     GtkWidget *empty);

/**
 * fyr_record_list_show:
 * @records: (element-type FyrRecord): all of them; a row whose record is still there stays chosen
 *
 * To be called too when what the columns say of the same records has changed.
 */
void
fyr_record_list_show (FyrRecordList *self, GPtrArray *records);

/** fyr_record_list_add_button: @label: translated, with a mnemonic; @action: what it does. Beside the search. */
void
fyr_record_list_add_button (FyrRecordList *self, const char *label, const char *action);

/** fyr_record_list_start_search: puts the keyboard in the search. */
gboolean
fyr_record_list_start_search (FyrRecordList *self);

G_END_DECLS
