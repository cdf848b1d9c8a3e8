/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "fyr-records.h"

G_BEGIN_DECLS

/** FyrFigureLine: one colour's alerts; medians are minutes, negative when there are none */
typedef struct {
  FyrAlertCategory category;
  gint64 raised;
  gint64 closed;
  gint64 open;
  gint64 overdue;
  double minutes_to_take;
  double minutes_to_close;
} FyrFigureLine;

/**
 * FyrFigures:
 *
 * counts of a centre in a stretch of time, as PROTOCOL.md has them. Free with fyr_figures_free().
 */
typedef struct {
  char *centre;
  gint64 from;
  gint64 to;
  gint64 fetched; /* by this machine's clock; 0 when not known */
  gint64 patients[FYR_PATIENT_STATUS_LAST + 1];
  gint64 measurements;
  GArray *lines; /* of FyrFigureLine, in the order of the colours */
} FyrFigures;

/**
 * fyr_figures_parse:
 * @text: the server's answer
 *
 * Returns: (transfer full) (nullable): the figures, or %NULL with %G_IO_ERROR_INVALID_DATA when it is no
 * such answer
 */
FyrFigures *
fyr_figures_parse (const char *text, gsize length, GError **error);

/** fyr_figures_free: @self: (nullable) */
void
fyr_figures_free (FyrFigures *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrFigures, fyr_figures_free)

/**
 * fyr_figures_to_text:
 *
 * (transfer full): a table with tabs, for a spreadsheet; decimals as the reader writes them.
 */
char *
fyr_figures_to_text (FyrFigures *self);

/** fyr_figures_word_status: (transfer none): status of patients in words. */
const char *
fyr_figures_word_status (FyrPatientStatus status);

/** fyr_figures_word_line: (transfer full): one colour's counts in a sentence. */
char *
fyr_figures_word_line (const FyrFigureLine *line);

G_END_DECLS
