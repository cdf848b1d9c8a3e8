/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-measurement-kind.h"

G_BEGIN_DECLS

/**
 * FyrImportRow:
 * @line: in the file, from 1
 * @patient: (nullable): identity number or id as it stands in the row
 * @kind: what was measured
 * @time: when, ms since the epoch
 * @has_offset: whether the row told the offset from UTC; else Norway's clock was assumed
 * @offset: that offset in minutes
 * @has_value: %FALSE for a sensor word
 * @value: in the kind's own unit
 * @has_value2: whether there is a second value
 * @value2: diastolic
 * @reason: why there is no value
 * @reported: (nullable): what stood there, when it is not the value as kept
 * @unit: (nullable): its unit
 * @note: (nullable): remark
 * @id: (nullable): the sender's own identifier
 *
 * A good row of an imported file.
 */
typedef struct {
  guint line;
  char *patient;
  FyrMeasurementKind kind;
  gint64 time;
  gboolean has_offset;
  int offset;
  gboolean has_value;
  double value;
  gboolean has_value2;
  double value2;
  FyrAbsentReason reason;
  char *reported;
  char *unit;
  char *note;
  char *id;
} FyrImportRow;

void
fyr_import_row_free (FyrImportRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrImportRow, fyr_import_row_free)

/** FyrImportFault: a row that is not imported. @passed_over: it is sound, but no measurement */
typedef struct {
  guint line;
  gboolean passed_over;
  char *reason;
} FyrImportFault;

/** FyrImportFile: @rows: (element-type FyrImportRow); @faults: (element-type FyrImportFault), by line */
typedef struct {
  GPtrArray *rows;
  GPtrArray *faults;
} FyrImportFile;

FyrImportFile *
fyr_import_file_new (void);
void
fyr_import_file_free (FyrImportFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrImportFile, fyr_import_file_free)

/** fyr_import_file_add_fault: @reason: copied; names the rule, never a value that could be a person's */
void
fyr_import_file_add_fault (FyrImportFile *self, guint line, gboolean passed_over, const char *reason);

/**
 * FyrImportOptions:
 * @map: (nullable): `field=Column name` separated by commas; fields: patient, time, kind, value, value_2,
 * unit,
 *   note, id. Without, columns are called as the fields
 * @delimiter: 0: the one of comma, semicolon and tabulator that the first line has most of
 * @patient: (nullable): of rows without
 * @kind: (nullable): code of rows without
 * @unit: (nullable): of rows without
 */
typedef struct {
  const char *map;
  char delimiter;
  const char *patient;
  const char *kind;
  const char *unit;
} FyrImportOptions;

/**
 * fyr_import_csv:
 * @text: UTF-8, first row the names of the columns; RFC 4180 quotes; lines may end in CR LF
 *
 * Values may have a decimal comma; times are RFC 3339, `YYYY-MM-DD HH:MM[:SS]` or `DD.MM.YYYY HH:MM`
 * (Norway's
 * clock). Kinds are codes of ours or LOINC codes.
 *
 * Returns: (transfer full) (nullable): rows and faults; %NULL with %FYR_ADMIN_ERROR_USAGE when the columns
 * make no
 * sense
 */
FyrImportFile *
fyr_import_csv (const char *text, const FyrImportOptions *options, GError **error);

/**
 * fyr_import_uci:
 *
 * home glucose logs of the UCI "Diabetes" data set. Returns: (transfer full): rows and faults
 */
FyrImportFile *
fyr_import_uci (const char *text);

/**
 * fyr_import_parse_time:
 * @time: (out): ms since the epoch
 * @has_offset: (out): whether the text told its offset
 * @offset: (out): in minutes
 *
 * Returns: whether @text is one of the forms fyr_import_csv() knows, between 1900 and 2200
 */
gboolean
fyr_import_parse_time (const char *text, gint64 *time, gboolean *has_offset, int *offset);

G_END_DECLS
