/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-import-row.h"
#include "fyr-connection.h"

G_BEGIN_DECLS

/** FyrImportCounts: what became of the good rows; @known: there already, or twice in the file */
typedef struct {
  guint imported;
  guint known;
  guint words;
  guint implausible;
  guint outside;
  guint alerts;
} FyrImportCounts;

/**
 * FyrImportJob:
 * @file: rows to import; rows whose patient is not known become faults
 * @patient: (nullable): of rows that name none
 * @source: (nullable): where the rows' ids are from
 * @alerts: whether alerts are raised
 * @now: ms since the epoch: when they came in
 * @records: (element-type FyrRecord): gets what is to be written, in order
 * @counts: (out)
 */
typedef struct {
  FyrImportFile *file;
  const char *patient;
  const char *source;
  gboolean alerts;
  gint64 now;
  GPtrArray *records;
  FyrImportCounts counts;
} FyrImportJob;

/**
 * fyr_import_run:
 * @connection: to look up patients, limits, history and what was imported before
 *
 * Judges the good rows and makes records of those that are new; nothing is written yet.
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_import_run (FyrImportJob *job, FyrConnection *connection, GError **error);

G_END_DECLS
