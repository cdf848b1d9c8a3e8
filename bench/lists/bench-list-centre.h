/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"

G_BEGIN_DECLS

/** BenchCentre: a workstation's database with many patients, an open alert of each, and a nurse who is signed in */
typedef struct {
  char *folder;
  FyrStore *store;
  FyrAppContext *context;
  GPtrArray *patients; /* ids */
  GPtrArray *alerts;   /* ids */
  char centre[37];
  gint64 seq[FYR_SCOPE_CLASS_N];
  guint n_changes;
  guint source;
} BenchCentre;

BenchCentre *
bench_centre_new (guint n_patients);
void
bench_centre_free (BenchCentre *self);

/** bench_centre_begin_changes: from now on a measurement and what it does to its patient's alert arrive each @interval_ms,
 * as pulls bring them */
void
bench_centre_begin_changes (BenchCentre *self, guint interval_ms);
void
bench_centre_end_changes (BenchCentre *self);

G_END_DECLS
