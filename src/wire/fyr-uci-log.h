/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-measurement-kind.h"

G_BEGIN_DECLS

/**
 * FyrUciEntry:
 * @line: from 1
 * @day: days since 1970-01-01, local date
 * @minute: minutes after midnight as the clock showed
 * @code: the log's own code of what it is (58: glucose before breakfast …)
 * @kind: glucose or insulin
 * @has_value: %FALSE when the meter showed a word
 * @value: in the kind's own unit (mmol/L, units)
 * @reported: the value as it stands in the log (mg/dL, units) without leading zeros, or the meter's word
 * @reason: why there is no value
 * @note: (nullable): msgid of what the code says beside the kind ("Before breakfast"); static
 *
 * One usable row of a home glucose log.
 */
typedef struct {
  guint line;
  int day;
  int minute;
  int code;
  FyrMeasurementKind kind;
  gboolean has_value;
  double value;
  char reported[16];
  FyrAbsentReason reason;
  const char *note;
} FyrUciEntry;

/**
 * FyrUciProblem:
 * @line: from 1
 * @is_event: the row is sound but tells of a meal, exercise or the like
 * @reason: msgid; static
 */
typedef struct {
  guint line;
  gboolean is_event;
  const char *reason;
} FyrUciProblem;

/**
 * FyrUciLog:
 * @entries: (element-type FyrUciEntry): in the order of the file, duplicates and all
 * @problems: (element-type FyrUciProblem): each row that is no entry
 */
typedef struct {
  GArray *entries;
  GArray *problems;
} FyrUciLog;

/**
 * fyr_uci_log_parse:
 * @text: the file, any bytes
 * @length: how many
 *
 * Tab separated rows `MM-DD-YYYY H:MM code value` as in the "Diabetes" data set (AIM-94, M. Kahn, UCI
 * repository). Glucose is in mg/dL. A row that cannot be read is named, never guessed.
 *
 * Returns: (transfer full): the log; not %NULL
 */
FyrUciLog *
fyr_uci_log_parse (const char *text, gsize length);

void
fyr_uci_log_free (FyrUciLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrUciLog, fyr_uci_log_free)

G_END_DECLS
