/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the commands of fyrlykt-admin share. One file a command; each defines a function listed below. */

#define FYR_ADMIN_OK 0
#define FYR_ADMIN_FAILED 1
#define FYR_ADMIN_USAGE 2

#define FYR_ADMIN_ERROR (fyr_admin_error_quark ())
GQuark
fyr_admin_error_quark (void);

/**
 * FyrAdminError:
 * @FYR_ADMIN_ERROR_USAGE: the command line makes no sense: show the help
 * @FYR_ADMIN_ERROR_UNKNOWN: what was named does not exist: list what there is
 * @FYR_ADMIN_ERROR_AMBIGUOUS: several have the name: name it by id
 * @FYR_ADMIN_ERROR_RUNNING: cannot be done while the server runs: stop it first
 * @FYR_ADMIN_ERROR_BAD_ROW: a row of an imported file is not good; the message says why
 * @FYR_ADMIN_ERROR_DAMAGED: verification found faults
 * @FYR_ADMIN_ERROR_REFUSED: the rules do not allow it; the message says which
 */
typedef enum {
  FYR_ADMIN_ERROR_USAGE,
  FYR_ADMIN_ERROR_UNKNOWN,
  FYR_ADMIN_ERROR_AMBIGUOUS,
  FYR_ADMIN_ERROR_RUNNING,
  FYR_ADMIN_ERROR_BAD_ROW,
  FYR_ADMIN_ERROR_DAMAGED,
  FYR_ADMIN_ERROR_REFUSED,
} FyrAdminErrorCode;

/**
 * FyrAdminCommand:
 * @name: the verb
 * @summary: one line for the list of commands
 * @run: parses the rest of the command line and does it; Returns: the exit status
 */
typedef struct {
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} FyrAdminCommand;

/** fyr_admin_commands: all commands, in the order of the help, ended by a name of %NULL */
extern const FyrAdminCommand fyr_admin_commands[];

/** fyr_admin_run: @argv as main() has it. Returns: the exit status */
int
fyr_admin_run (int argc, char **argv);

/** fyr_admin_get_database: Returns: (transfer none) (nullable): address of the PostgreSQL database that the command
 * line or FYRLYKT_DATABASE names; %NULL for the file in the data folder. After fyr_admin_parse() */
const char *
fyr_admin_get_database (void);

/**
 * fyr_admin_parse:
 * @name: the verb
 * @arguments: (nullable): what follows the options in the usage line
 * @summary: what the command does, some sentences
 * @entries: (nullable): its options; --data and --help are added
 * @argc: (inout): what is left after the options
 * @data: (out): the data folder; freed at exit
 *
 * Returns: whether to go on; %FALSE after the message has been printed
 */
gboolean
fyr_admin_parse (const char *name,
                 const char *arguments,
                 const char *summary,
                 const GOptionEntry *entries,
                 int *argc,
                 char ***argv,
                 const char **data);

/** fyr_admin_fail: prints @error for people and frees it. Returns: the exit status for it */
int
fyr_admin_fail (const char *name, GError *error);

/** fyr_admin_now: Returns: ms since the epoch */
gint64
fyr_admin_now (void);

/**
 * fyr_admin_new_password:
 *
 * Returns: (transfer full): 16 letters and figures that are not mistaken for each other
 */
char *
fyr_admin_new_password (void);

/** fyr_admin_init: the commands: each parses its own options, prints, and returns the exit status */
int
fyr_admin_init (int argc, char **argv);
int
fyr_admin_organization (int argc, char **argv);
int
fyr_admin_centre (int argc, char **argv);
int
fyr_admin_user (int argc, char **argv);
int
fyr_admin_role (int argc, char **argv);
int
fyr_admin_gateway (int argc, char **argv);
int
fyr_admin_demo_data (int argc, char **argv);
int
fyr_admin_import (int argc, char **argv);
int
fyr_admin_alerts (int argc, char **argv);
int
fyr_admin_patients (int argc, char **argv);
int
fyr_admin_feeds (int argc, char **argv);

/** fyr_admin_access_log: lists, extracts and verifies the access log */
int
fyr_admin_access_log (int argc, char **argv);

/** fyr_admin_revocations: lists what was taken away from workstations and not confirmed to be gone; takes one that is
 * known to be wiped off the list */
int
fyr_admin_revocations (int argc, char **argv);

/** fyr_admin_workstation: lists workstations, shuts one out, lets it in again */
int
fyr_admin_workstation (int argc, char **argv);

/** fyr_admin_emergency: lists and reviews emergency accesses */
int
fyr_admin_emergency (int argc, char **argv);

/** fyr_admin_lift_lockout: forgets a user's wrong passwords */
int
fyr_admin_lift_lockout (int argc, char **argv);

/** fyr_admin_quarantine: lists what was kept of users who had lost every role */
int
fyr_admin_quarantine (int argc, char **argv);
int
fyr_admin_backup (int argc, char **argv);
int
fyr_admin_restore (int argc, char **argv);
int
fyr_admin_migrate (int argc, char **argv);
int
fyr_admin_verify (int argc, char **argv);

G_END_DECLS
