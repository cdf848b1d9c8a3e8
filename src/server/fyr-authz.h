/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"
#include "fyr-emergency-grant.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/**
 * FyrAction:
 * @FYR_ACTION_READ: a record, or a field of it
 * @FYR_ACTION_CREATE: a new record, or a field of it
 * @FYR_ACTION_UPDATE: a record, or a field of it
 * @FYR_ACTION_DELETE: a record
 * @FYR_ACTION_COMMAND: a command on an alert
 * @FYR_ACTION_SUBSCRIBE: a feed: its heads and entries
 * @FYR_ACTION_COUNT: figures without persons
 */
typedef enum {
  FYR_ACTION_READ,
  FYR_ACTION_CREATE,
  FYR_ACTION_UPDATE,
  FYR_ACTION_DELETE,
  FYR_ACTION_COMMAND,
  FYR_ACTION_SUBSCRIBE,
  FYR_ACTION_COUNT,
} FyrAction;

/**
 * FyrPurpose:
 * @FYR_PURPOSE_WORK: the role's own work with the records it is granted
 * @FYR_PURPOSE_STATISTICS: counting
 */
typedef enum {
  FYR_PURPOSE_WORK,
  FYR_PURPOSE_STATISTICS,
} FyrPurpose;

/**
 * FyrSubjectRole:
 * @centre_id: where
 * @role: as what
 * @gp_id: for a GP: the list she sees; "" else
 */
typedef struct {
  char centre_id[37];
  FyrRole role;
  char gp_id[37];
} FyrSubjectRole;

/**
 * FyrSubject:
 * @user_id: who asks
 * @roles: (element-type FyrSubjectRole): what the user is now, by the memberships valid now
 * @blocked: (element-type utf8): patients who bar this user
 * @emergency: (nullable) (element-type FyrEmergencyGrant): emergency accesses that last: each lifts care relation and
 *   block for one patient, in roles that treat
 *
 * Loaded from the present tables in the transaction that asks.
 */
typedef struct {
  char user_id[37];
  GArray *roles;
  GHashTable *blocked;
  GArray *emergency;
} FyrSubject;

/**
 * FyrResource:
 * @info: (nullable): the record's kind; %NULL for a feed or figures
 * @scope: class of the feed; of a record, its kind's
 * @centre_id: (nullable): the centre it belongs to: its patient's, its own; %NULL for one common to all
 * @patient_id: (nullable): the patient it is about
 * @gp_id: (nullable): that patient's GP
 * @by_patient: of a feed: it is the patient's own
 */
typedef struct {
  const FyrRecordInfo *info;
  FyrScopeClass scope;
  const char *centre_id;
  const char *patient_id;
  const char *gp_id;
  gboolean by_patient;
} FyrResource;

/**
 * fyr_subject_narrow:
 *
 * On PostgreSQL: until the transaction ends, rows of the subject's centres are seen and no others (row-level security).
 *
 * Returns: %TRUE, or %FALSE with any %FYR_DB_ERROR
 */
gboolean
fyr_subject_narrow (const FyrSubject *self, FyrConnection *connection, GError **error);

/**
 * fyr_subject_load:
 * @user_id: who
 * @now: milliseconds since the epoch: memberships outside their time do not count
 *
 * Returns: (transfer full) (nullable): the subject, without roles when unknown or not active; %NULL with any
 * %FYR_DB_ERROR
 */
FyrSubject *
fyr_subject_load (FyrConnection *connection, const char *user_id, gint64 now, GError **error);

/**
 * fyr_subject_load_as_of:
 * @time: milliseconds since the epoch
 *
 * What the user was at @time by the memberships and emergency accesses that are kept, active now or not. For judging
 * what was done then.
 *
 * Returns: (transfer full) (nullable): the subject; %NULL with any %FYR_DB_ERROR
 */
FyrSubject *
fyr_subject_load_as_of (FyrConnection *connection, const char *user_id, gint64 time, GError **error);

/** fyr_subject_new: Returns: (transfer full): a subject without roles */
FyrSubject *
fyr_subject_new (const char *user_id);

/** fyr_subject_add_role: @gp_id: (nullable) */
void
fyr_subject_add_role (FyrSubject *self, FyrRole role, const char *centre_id, const char *gp_id);

void
fyr_subject_free (FyrSubject *self);

/** fyr_subject_find_emergency: @patient_id: (nullable). Returns: (nullable) (transfer none): the emergency access that
 * opens the patient */
const FyrEmergencyGrant *
fyr_subject_find_emergency (const FyrSubject *self, const char *patient_id);

/** fyr_subject_forget_emergency: as if the user had no emergency access */
void
fyr_subject_forget_emergency (FyrSubject *self);

/** fyr_subject_forget_roles: as if the user had no role and no emergency access */
void
fyr_subject_forget_roles (FyrSubject *self);

/** fyr_role_treats: Returns: whether the role treats patients, and so may open one in an emergency (domain.md) */
gboolean
fyr_role_treats (FyrRole role);

/** fyr_subject_has_role: Returns: whether the user is @role, at @centre_id (nullable: anywhere) */
gboolean
fyr_subject_has_role (const FyrSubject *self, FyrRole role, const char *centre_id);

/**
 * fyr_authz:
 * @subject: who asks
 * @action: to do what
 * @resource: with what
 * @field: (nullable): with which field of it; %NULL asks for the record as such
 * @purpose: what for
 *
 * The one access decision, asked by push, pull, live and figures. Denies unless for one of the subject's
 * roles every layer passes: purpose, tenant (the role's own centre), role (access.toml and the record's
 * declaration), care relation (a GP: patients of her own list), block (patients who bar the user), field
 * class. An emergency access lifts relation and block of one patient for roles that treat, and nothing else.
 *
 * Returns: whether it is allowed
 */
gboolean
fyr_authz (const FyrSubject *subject,
           FyrAction action,
           const FyrResource *resource,
           const FyrFieldInfo *field,
           FyrPurpose purpose);

/**
 * fyr_authz_read_mask:
 *
 * Returns: bits `1 << FYR_FIELD_CLASS_…` of the classes whose fields the subject may read in this record, as
 * fyr_authz() says for each; %G_MAXUINT for a role that reads every class (and so also fields this program
 * does not know); 0 when it may not have the record
 */
guint
fyr_authz_read_mask (const FyrSubject *subject, const FyrResource *resource, FyrPurpose purpose);

/**
 * fyr_authz_is_alone:
 * @patient: describes a patient's record
 *
 * Returns: whether no role that treats opens the patient to the subject without an emergency access
 */
gboolean
fyr_authz_is_alone (const FyrSubject *subject, const FyrResource *patient);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrSubject, fyr_subject_free)

G_END_DECLS
