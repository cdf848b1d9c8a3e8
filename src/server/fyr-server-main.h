/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-server.h"

G_BEGIN_DECLS

/**
 * FyrServerOptions:
 * @data: the data folder, of this process alone
 * @database: (nullable): address of a PostgreSQL database that several processes share
 * @listen: IP address
 * @port: 0 for any
 * @behind_proxy: a proxy with TLS stands in front
 * @emergency_limit: seconds an emergency access lasts
 *
 * What the command line of fyrlykt-server says.
 */
typedef struct {
  char *data;
  char *database;
  char *listen;
  int port;
  gboolean behind_proxy;
  int emergency_limit;
} FyrServerOptions;

/** fyr_server_options_clear: frees what the options hold, not @self */
void
fyr_server_options_clear (FyrServerOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FyrServerOptions, fyr_server_options_clear)

/** fyr_server_options_parse: Returns: %TRUE, or %FALSE with %FYR_SERVER_ERROR_INVALID or a %G_OPTION_ERROR */
gboolean
fyr_server_options_parse (FyrServerOptions *self, int *argc, char ***argv, GError **error);

/**
 * fyr_server_main_new:
 * @options: (nullable): %NULL for loopback on any port
 *
 * The server as the program runs it: with FHIR intake, schedules and the admin socket.
 *
 * Returns: (transfer full) (nullable): a server to start, or %NULL with an error as
 *   fyr_server_new() sets it
 */
FyrServer *
fyr_server_main_new (FyrServerDb *db, const FyrServerOptions *options, GError **error);

G_END_DECLS
