/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-app-context.h"
#include "fyr-records.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FyrMeasurementTable:
 *
 * What a patient reported, newest first, in words: the text alternative of the trends, and where a nurse
 * corrects a
 * value. Sensor words and corrected values are in it too.
 */
#define FYR_TYPE_MEASUREMENT_TABLE (fyr_measurement_table_get_type ())
G_DECLARE_FINAL_TYPE (FyrMeasurementTable, fyr_measurement_table, FYR, MEASUREMENT_TABLE, GtkWidget)

/** fyr_measurement_table_new: (transfer floating): an empty table */
GtkWidget *
fyr_measurement_table_new (FyrAppContext *context);

/** fyr_measurement_table_show: reads the measurements of @patient, again if they are shown already */
void
fyr_measurement_table_show (FyrMeasurementTable *self, FyrPatient *patient);

/** fyr_measurement_table_select_time: selects the row taken at @time (ms since the epoch), if it is shown */
void
fyr_measurement_table_select_time (FyrMeasurementTable *self, gint64 time);

G_END_DECLS
