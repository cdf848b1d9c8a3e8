/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "fyr-access-log-place.h"
#include "fyr-administration-place.h"
#include "fyr-alerts-place.h"
#include "fyr-emergency-place.h"
#include "fyr-figures-place.h"
#include "fyr-patients-place.h"
#include "fyr-place.h"

#define NURSE (1u << FYR_ROLE_NURSE)
#define GP (1u << FYR_ROLE_GP)
#define CLERK (1u << FYR_ROLE_CLERK)
#define MANAGER (1u << FYR_ROLE_MANAGER)
#define ADMINISTRATOR (1u << FYR_ROLE_ADMINISTRATOR)

/* A new place is one line here and its page. Who sees what is decided by the server; this is only where to go. */
static const FyrPlaceInfo places[] = {
  { "alerts", N_ ("Alerts"), "alarm-symbolic", "alerts", NURSE, fyr_alerts_place_new },
  { "patients", N_ ("Patients"), "system-users-symbolic", "patients", NURSE, fyr_patients_place_new },
  { "patients", N_ ("My list"), "system-users-symbolic", "patients", GP, fyr_patients_place_new },
  { "patients", N_ ("Borrowers"), "system-users-symbolic", "patients", CLERK, fyr_patients_place_new },
  { "figures", N_ ("Figures"), "accessories-calculator-symbolic", "figures", MANAGER | ADMINISTRATOR,
    fyr_figures_place_new },
  { "administration", N_ ("Administration"), "preferences-system-symbolic", "administration", ADMINISTRATOR,
    fyr_administration_place_new },
  { "access-log", N_ ("Access log"), "view-list-symbolic", "access-log", ADMINISTRATOR,
    fyr_access_log_place_new },
  { "emergency", N_ ("Emergency access"), "dialog-warning-symbolic", "emergency", MANAGER | ADMINISTRATOR,
    fyr_emergency_place_new },
};

const FyrPlaceInfo *
fyr_places_get (guint *n)
{
  *n = G_N_ELEMENTS (places);
  return places;
}

const FyrPlaceInfo *
fyr_places_lookup (const char *id, FyrRole role)
{
  for (guint i = 0; role != FYR_ROLE_UNSET && i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (places[i].id, id) == 0 && places[i].roles & 1u << role)
      return &places[i];
  return NULL;
}
