/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-admin-target.h"
#include "fyr-records.h"

G_BEGIN_DECLS

/* What `organization`, `centre`, `user`, `role` and `gateway` do alike: VERB [NAME] and options. */

/** FyrAdminEditFunc: @name: (nullable): the word after the verb. Returns: whether it went well */
typedef gboolean (*FyrAdminEditFunc) (FyrAdminTarget *target,
                                      const char *verb,
                                      const char *name,
                                      GError **error);

/** fyr_admin_run_edit: parses, opens the target, calls @func. Returns: the exit status */
int
fyr_admin_run_edit (const char *command,
                    const char *arguments,
                    const char *summary,
                    const GOptionEntry *entries,
                    int argc,
                    char **argv,
                    FyrAdminEditFunc func);

/**
 * fyr_admin_begin_edit:
 * @verb: "add": a new record with @name in @name_field; "change": the one that has it
 *
 * Returns: (transfer full) (nullable): the record to be changed; %NULL with %FYR_ADMIN_ERROR
 */
FyrRecord *
fyr_admin_begin_edit (FyrAdminTarget *target,
                      const FyrRecordInfo *info,
                      guint name_field,
                      const char *verb,
                      const char *name,
                      GError **error);

/**
 * fyr_admin_end_edit: validates, writes, prints the id. Returns: whether it went well
 * Errors: those of %FYR_ADMIN_ERROR, %FYR_RECORD_ERROR, %FYR_SERVER_ERROR and %FYR_DB_ERROR.
 */
gboolean
fyr_admin_end_edit (FyrAdminTarget *target, FyrRecord *record, GError **error);

/**
 * fyr_admin_set_enum: @code: (nullable): nothing is changed. Returns: %FALSE with the codes there are
 * Error: %FYR_ADMIN_ERROR_USAGE.
 */
gboolean
fyr_admin_set_enum (gpointer record, guint field, const char *code, GError **error);

/**
 * fyr_admin_set_reference: sets an id field to the record of @info called @word (nullable: not changed)
 * Error: %FYR_ADMIN_ERROR_UNKNOWN or _AMBIGUOUS.
 */
gboolean
fyr_admin_set_reference (FyrAdminTarget *target,
                         gpointer record,
                         guint field,
                         const FyrRecordInfo *info,
                         guint name_field,
                         const char *word,
                         GError **error);

/** fyr_admin_unknown_verb: sets %FYR_ADMIN_ERROR_USAGE. Returns: %FALSE */
gboolean
fyr_admin_unknown_verb (const char *verb, GError **error);

G_END_DECLS
