/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/** FyrSeriesFlags: low three bits: FyrAlertCategory that triage found (0: within limits) */
#define FYR_SERIES_CATEGORY_MASK 0x07
#define FYR_SERIES_IMPLAUSIBLE 0x08

/**
 * FyrSeries:
 * @kind: of what
 * @n: number of values
 * @times: when taken, ms since the epoch, rising
 * @values: in the kind's own unit; systolic for a blood pressure
 * @values2: (nullable): diastolic, %NULL when no value has a second half; NaN where one lacks it
 * @flags: per value
 *
 * All numeric values of one kind of a patient in a stretch of time, ready for drawing. Sensor words and
 * corrected values are not in it.
 */
typedef struct {
  gatomicrefcount refs;
  FyrMeasurementKind kind;
  gsize n;
  gint64 *times;
  double *values;
  double *values2;
  guint8 *flags;
} FyrSeries;

/** FYR_TYPE_SERIES: boxed type */
#define FYR_TYPE_SERIES (fyr_series_get_type ())
GType
fyr_series_get_type (void);
FyrSeries *
fyr_series_ref (FyrSeries *series);
void
fyr_series_unref (FyrSeries *series);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSeries, fyr_series_unref)

G_END_DECLS
