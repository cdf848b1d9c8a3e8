/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-connection.h"

G_BEGIN_DECLS

/** FYR_SERVER_SCHEMA_VERSION: version of the server's tables that this program writes */
#define FYR_SERVER_SCHEMA_VERSION 8

/**
 * fyr_server_schema_migrate:
 *
 * Brings the server's tables to this program's version: record tables by their declaration, and the
 * server's own. Returns: %TRUE, or %FALSE with an error of fyr_migrator_run()
 */
gboolean
fyr_server_schema_migrate (FyrConnection *connection, GError **error);

G_END_DECLS
