/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sim-person.h"

G_BEGIN_DECLS

#define FYR_SIM_ERROR (fyr_sim_error_quark ())
GQuark
fyr_sim_error_quark (void);

/**
 * FyrSimError:
 * @FYR_SIM_ERROR_PATIENTS: the list of patients cannot be read: correct it
 * @FYR_SIM_ERROR_LOG: the log to replay cannot be read: name another
 * @FYR_SIM_ERROR_USAGE: the command line makes no sense: show the help
 */
typedef enum {
  FYR_SIM_ERROR_PATIENTS,
  FYR_SIM_ERROR_LOG,
  FYR_SIM_ERROR_USAGE,
} FyrSimErrorCode;

/** FyrSimTarget: whom a simulated person reports as. */
typedef struct {
  char *system;
  char *number;
  FyrSimProfile profile;
  guint32 seed;
} FyrSimTarget;

/** fyr_sim_target_free: @self: (nullable) */
void
fyr_sim_target_free (FyrSimTarget *self);

/**
 * fyr_sim_targets_load:
 * @file: (nullable): JSON: an array of patients, or an object with the member `patients`; each has
 *   `identity_system`, `identity_number` and perhaps `profile`
 * @words: (nullable): `SYSTEM|NUMBER` each, ended by %NULL
 * @seed: of the simulation
 *
 * Returns: (transfer full) (element-type FyrSimTarget) (nullable): at least one; %NULL with
 *   %FYR_SIM_ERROR_PATIENTS, whose message names no patient
 */
GPtrArray *
fyr_sim_targets_load (const char *file, const char *const *words, guint32 seed, GError **error);

G_END_DECLS
