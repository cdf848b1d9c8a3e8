/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-patient-tab.h"

G_DEFINE_INTERFACE (FyrPatientTab, fyr_patient_tab, GTK_TYPE_WIDGET)

static void
fyr_patient_tab_default_init (FyrPatientTabInterface *iface)
{
}

void
fyr_patient_tab_show (FyrPatientTab *self, FyrPatientDetail *detail, FyrChangeSet *changes)
{
  g_return_if_fail (FYR_IS_PATIENT_TAB (self));
  FYR_PATIENT_TAB_GET_IFACE (self)->show (self, detail, changes);
}
