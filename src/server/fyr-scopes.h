/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-authz.h"

G_BEGIN_DECLS

/**
 * FyrScope:
 * @name: as in PROTOCOL.md
 * @scope_class: data class of a centre's or the common feed
 * @centre_id: of a centre's feed, else ""
 * @patient_id: of a patient's own feed, else ""
 * @number: row of the feed, 0 while it is empty
 * @head: the last seq given
 * @settled: once fyr_scope_load_settled() was called: the last seq that is older than workstations remember tags
 */
typedef struct {
  char *name;
  FyrScopeClass scope_class;
  char centre_id[37];
  char patient_id[37];
  gint64 number;
  gint64 head;
  gint64 settled;
} FyrScope;

/** FYR_WITNESS_DAYS: how long workstations remember what they could give back after a restore */
#define FYR_WITNESS_DAYS 45

/**
 * fyr_scopes_load:
 *
 * All feeds the subject is granted now, with their heads, in the order of a first pull: configuration,
 * roster,
 * alert, plan, note, equipment, the patients' own, measurement last.
 *
 * Returns: (transfer full) (element-type FyrScope) (nullable): the feeds, or %NULL with any %FYR_DB_ERROR
 */
GPtrArray *
fyr_scopes_load (FyrConnection *connection, const FyrSubject *subject, GError **error);

/** fyr_scopes_has_patient: Returns: whether the patient's own feed is among them */
gboolean
fyr_scopes_has_patient (GPtrArray *scopes, const char *patient_id);

/** fyr_scope_load_settled: Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR */
gboolean
fyr_scope_load_settled (FyrScope *self, FyrConnection *connection, GError **error);

/**
 * fyr_scopes_to_classes:
 *
 * Which classes of fields the subject reads in each feed of a centre or a patient. When it is another than before, a
 * workstation has to begin the feed anew: it holds fields it may not have any more, or lacks some.
 *
 * Returns: (transfer full): name → boxed mask
 */
GHashTable *
fyr_scopes_to_classes (GPtrArray *scopes, const FyrSubject *subject);

/** fyr_scopes_to_heads: Returns: (transfer full): name → boxed head, of feeds that have entries */
GHashTable *
fyr_scopes_to_heads (GPtrArray *scopes);

G_END_DECLS
