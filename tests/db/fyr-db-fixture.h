/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

/** fyr_test_folder_new: Returns: (transfer full): path of a new empty folder */
char *
fyr_test_folder_new (void);

/** fyr_test_folder_free: Removes a folder, the files in it, and frees the path */
void
fyr_test_folder_free (char *folder);

/**
 * fyr_test_database_new:
 *
 * Returns: (transfer full) (nullable): the address of a new empty place (a schema) in the PostgreSQL database that the
 * environment names in FYRLYKT_TEST_DATABASE; %NULL when the tests run on SQLite. It goes with the cluster.
 */
char *
fyr_test_database_new (void);

/** fyr_test_on_file: Returns: whether the tests run on SQLite: some are about its file */
gboolean
fyr_test_on_file (void);

/** fyr_test_open_new: Returns: (transfer full): an empty database of either kind; stops the test on an error */
FyrConnection *
fyr_test_open_new (void);

/** fyr_test_scalar: Returns: the whole number that a query answers; stops the test on an error */
gint64
fyr_test_scalar (FyrConnection *connection, const char *sql);

/** fyr_test_open: Returns: (transfer full): "test.db" in @folder, made when missing; stops the test on an error */
FyrConnection *
fyr_test_open (const char *folder, FyrConnectionFlags flags);

/** fyr_test_copy_as_killed: the files of the database @path as a killed program leaves them, under the full name @to */
void
fyr_test_copy_as_killed (const char *path, const char *to);

typedef char FyrTestFolder;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FyrTestFolder, fyr_test_folder_free)

G_END_DECLS
