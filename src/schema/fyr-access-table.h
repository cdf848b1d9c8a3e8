/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-records.h"

G_BEGIN_DECLS

/** FyrRoleAccess: masks of `1 << FYR_FIELD_CLASS_…` and `1 << FYR_SCOPE_CLASS_…`, from access.toml. */
typedef struct {
  guint read_classes;
  guint write_classes;
  guint scopes;
} FyrRoleAccess;

extern const FyrRoleAccess fyr_role_access[];
extern const guint fyr_n_role_access;

/** fyr_role_may_read: whether @role may have records of the kind at all; fields are masked by class besides. */
gboolean
fyr_role_may_read (FyrRole role, const FyrRecordInfo *info);

/** fyr_role_may_write: whether @role may write records of the kind; fields are checked by class besides. */
gboolean
fyr_role_may_write (FyrRole role, const FyrRecordInfo *info);

/** fyr_role_read_classes: mask of field classes @role may read; 0 for an unknown role. */
guint
fyr_role_read_classes (FyrRole role);

/** fyr_role_write_classes: mask of field classes @role may write; 0 for an unknown role. */
guint
fyr_role_write_classes (FyrRole role);

/** fyr_role_has_scope: whether @role is granted centre feeds of @scope. */
gboolean
fyr_role_has_scope (FyrRole role, FyrScopeClass scope);

/** fyr_scope_class_to_string: (nullable): the word used in scope names, e.g. "roster". */
const char *
fyr_scope_class_to_string (FyrScopeClass scope);

/** fyr_scope_class_from_string: %FYR_SCOPE_CLASS_N when @text is no scope class. */
FyrScopeClass
fyr_scope_class_from_string (const char *text);

G_END_DECLS
