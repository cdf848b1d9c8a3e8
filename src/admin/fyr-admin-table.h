/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** FyrAdminTable: rows of text to be printed aligned, or as JSON. */
typedef struct _FyrAdminTable FyrAdminTable;

/** fyr_admin_table_new: names of the columns, ended by %NULL: words as in JSON, e.g. "raised_time" */
FyrAdminTable *
fyr_admin_table_new (const char *first, ...) G_GNUC_NULL_TERMINATED;
void
fyr_admin_table_free (FyrAdminTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrAdminTable, fyr_admin_table_free)

/** fyr_admin_table_text: @text: (nullable): the next cell of the present row */
void
fyr_admin_table_text (FyrAdminTable *self, const char *text);

/** fyr_admin_table_int: the next cell, a number in JSON */
void
fyr_admin_table_int (FyrAdminTable *self, gint64 value);

/**
 * fyr_admin_table_time:
 *
 * the next cell; JSON has the milliseconds, people see the time in Norway; 0 is empty
 */
void
fyr_admin_table_time (FyrAdminTable *self, gint64 time);

/** fyr_admin_table_print: @json: an array of objects instead of a table */
void
fyr_admin_table_print (FyrAdminTable *self, gboolean json);

/** fyr_admin_table_print_csv: as RFC 4180 has it, names of the columns first, times as people see them */
void
fyr_admin_table_print_csv (FyrAdminTable *self);

G_END_DECLS
