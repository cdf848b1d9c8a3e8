/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "fyr-store-query.h"

G_BEGIN_DECLS

/**
 * FyrPatientTab:
 *
 * One part of a patient's page: trends, limits, notes, background.
 */
#define FYR_TYPE_PATIENT_TAB (fyr_patient_tab_get_type ())
G_DECLARE_INTERFACE (FyrPatientTab, fyr_patient_tab, FYR, PATIENT_TAB, GtkWidget)

/**
 * FyrPatientTabInterface:
 * @show: shows @detail, and keeps a reference to it; called again with a newer one whenever the patient's data changed.
 *   @changes (nullable) tells what changed since the former call
 */
struct _FyrPatientTabInterface {
  GTypeInterface parent_interface;
  void (*show) (FyrPatientTab *self, FyrPatientDetail *detail, FyrChangeSet *changes);
};

/** fyr_patient_tab_show: see #FyrPatientTabInterface */
void
fyr_patient_tab_show (FyrPatientTab *self, FyrPatientDetail *detail, FyrChangeSet *changes);

G_END_DECLS
