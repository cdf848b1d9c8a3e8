/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-record-list.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrAdministrationFacts:
 * @memberships: (element-type FyrMembership): of all users, those that have ended too
 * @organizations: (element-type FyrOrganization)
 *
 * What the columns need beside the record itself: their `data`. Neither is ever %NULL.
 */
typedef struct {
  GPtrArray *memberships;
  GPtrArray *organizations;
} FyrAdministrationFacts;

/** fyr_user_columns: of users; @n: (out) */
const FyrRecordColumn *
fyr_user_columns (guint *n);

/** fyr_centre_columns: of centres; @n: (out) */
const FyrRecordColumn *
fyr_centre_columns (guint *n);

/** fyr_organization_columns: of organisations; @n: (out) */
const FyrRecordColumn *
fyr_organization_columns (guint *n);

G_END_DECLS
