/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-pull.h"
#include "fyr-resource.h"
#include "fyr-scopes.h"
#include "fyr-session.h"
#include "fyr-witness.h"

G_BEGIN_DECLS

/*< private >*/
/* One pull under way, shared by its files: -pull.c (entries), -pull-ahead.c, -pull-check.c. */
typedef struct {
  FyrConnection *connection;
  FyrPull *pull;
  FyrSession session;
  FyrSubject *subject;
  GPtrArray *scopes;
  GHashTable *places;
  FyrPullWriter writer;
  FyrWitnessKey key;
  gboolean complete;
  gboolean moved; /* whether the page tells of a feed */
} FyrPullRun;

/** fyr_pull_find_place: Returns: (nullable) (transfer none): where the patient belongs, looked up once a
 * page; %NULL with any %FYR_DB_ERROR */
const FyrPatientPlace *
fyr_pull_find_place (FyrPullRun *run, const char *patient_id, GError **error);

/**
 * fyr_pull_read_mask:
 * @mask: (out): as fyr_authz_read_mask(); 0 also for a record that no feed granted now carries
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_pull_read_mask (FyrPullRun *run, FyrRecord *record, guint *mask, GError **error);

/** fyr_pull_write_ahead: what a first pull needs first. Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_pull_write_ahead (FyrPullRun *run, GError **error);

/** fyr_pull_write_check: answers the question about what is held. Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_pull_write_check (FyrPullRun *run, GError **error);

/**
 * fyr_pull_load_settled:
 *
 * News of the caller's work in quarantine, from this workstation. Returns: (transfer full) (nullable): settlements;
 * %NULL with any %FYR_DB_ERROR
 */
GPtrArray *
fyr_pull_load_settled (FyrPullRun *run, GError **error);

/** fyr_pull_write_settled: @settled: as loaded */
void
fyr_pull_write_settled (FyrPullRun *run, GPtrArray *settled);

G_END_DECLS
