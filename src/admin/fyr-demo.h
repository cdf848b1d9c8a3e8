/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-calendar.h"
#include "fyr-limit-template.h"
#include "fyr-sim-person.h"
#include "fyr-writer.h"

G_BEGIN_DECLS

#define FYR_DEMO_N_GPS 8
/* The first of them are users too. */
#define FYR_DEMO_N_GPS_SIGNING_IN 2

/** FyrDemoUser: somebody who signs in; @role is a code */
typedef struct {
  char id[37];
  char user_name[32];
  FyrRole role;
} FyrDemoUser;

/**
 * FyrDemo:
 *
 * Makes a demonstration centre: everything but time and passwords comes from the seed.
 */
typedef struct {
  GRand *random;
  gint64 now;
  int days; /* of history */
  guint32 seed;

  FyrWriteContext *context;
  FyrOpeningHours hours;
  char adopted_organization[37]; /* made by `init`, in use by nobody: taken over, "" else */
  char adopted_centre[37];
  char owner_id[37];  /* district that owns the patients' records */
  char centre_id[37]; /* where the patients are followed up */
  char other_centre_id[37];
  char gp_ids[FYR_DEMO_N_GPS][37];
  GArray *users;        /* FyrDemoUser */
  GPtrArray *templates; /* FyrLimitTemplate: copd, heart-failure, diabetes */
  GHashTable *numbers;  /* identity numbers given */
  guint n_patients;     /* made so far */
  guint n_measurements;
  guint n_alerts;
  guint n_open;
  guint open[FYR_ALERT_CATEGORY_LAST + 1]; /* of each colour */
} FyrDemo;

/**
 * FyrDemoPatient: what the history needs to know of a person
 * @seed: of the simulated person, from the identity number: a simulation goes on where the history ends
 * @start: of the follow-up
 * @index: 0 for the first patient
 * @limits: (element-type FyrLimit)
 * @usual: who says what is usual for this person
 */
typedef struct {
  char id[37];
  char identity_number[12];
  guint32 seed;
  FyrSimProfile profile;
  gint64 start;
  guint index;
  GPtrArray *limits;
  FyrSimPerson *usual;
} FyrDemoPatient;

/**
 * fyr_demo_new:
 *
 * Returns: (transfer full) (nullable): with its templates; %NULL with %FYR_ADMIN_ERROR when one cannot be read
 */
FyrDemo *
fyr_demo_new (guint32 seed, gint64 now, GError **error);
void
fyr_demo_free (FyrDemo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrDemo, fyr_demo_free)

/** fyr_demo_id: sets a new id made at @time from the seed */
void
fyr_demo_id (FyrDemo *self, gint64 time, gpointer record);

/** fyr_demo_take: writes @record (transfer full). Returns: whether it went well. Error: any %FYR_DB_ERROR. */
gboolean
fyr_demo_take (FyrDemo *self, gpointer record, GError **error);

/** fyr_demo_user: Returns: a user of @role at the first centre, another for each @index */
const FyrDemoUser *
fyr_demo_user (FyrDemo *self, FyrRole role, guint index);

/**
 * fyr_demo_adopt: takes over the organization and centre of a database `init` has just made
 * Error: any %FYR_DB_ERROR.
 */
gboolean
fyr_demo_adopt (FyrDemo *self, GError **error);

/**
 * fyr_demo_make_centre: organizations, centres, GPs, users with roles
 * Error: any %FYR_DB_ERROR or %FYR_SERVER_ERROR; nothing can be done but to start anew.
 */
gboolean
fyr_demo_make_centre (FyrDemo *self, GError **error);

/**
 * fyr_demo_make_patient: a person with relatives, diagnoses, limits and devices. Returns: (transfer full) (nullable)
 * Error: any %FYR_DB_ERROR or %FYR_SERVER_ERROR; nothing can be done but to start anew.
 */
FyrDemoPatient *
fyr_demo_make_patient (FyrDemo *self, GError **error);
void
fyr_demo_patient_free (FyrDemoPatient *patient);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrDemoPatient, fyr_demo_patient_free)

/**
 * fyr_demo_make_limits: template limits for the first two weeks, the patient's own after that
 * Error: any %FYR_DB_ERROR or %FYR_SERVER_ERROR; nothing can be done but to start anew.
 */
gboolean
fyr_demo_make_limits (FyrDemo *self, FyrDemoPatient *patient, GError **error);

/**
 * fyr_demo_make_history: measurements, judged; alerts with what was done about them; notes
 * Error: any %FYR_DB_ERROR or %FYR_SERVER_ERROR; nothing can be done but to start anew.
 */
gboolean
fyr_demo_make_history (FyrDemo *self, FyrDemoPatient *patient, GError **error);

/**
 * fyr_demo_make_store: equipment that is not lent
 * Error: any %FYR_DB_ERROR or %FYR_SERVER_ERROR; nothing can be done but to start anew.
 */
gboolean
fyr_demo_make_store (FyrDemo *self, GError **error);

/** fyr_demo_device: a piece of equipment, @patient_id (nullable) has it */
FyrDevice *
fyr_demo_device (FyrDemo *self, FyrDeviceKind kind, const char *patient_id);

/** FYR_DEMO_REPORTS_A_DAY: about how many an average simulated person sends */
#define FYR_DEMO_REPORTS_A_DAY 3.42

G_END_DECLS
