/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fyr-server-main.h"

#include "fyr-access-heads.h"
#include "fyr-admin-ops.h"
#include "fyr-fhir-route.h"
#include "fyr-emergency-grant.h"
#include "fyr-housekeeping.h"

#define EMERGENCY_LIMIT_MAX ((int)(FYR_EMERGENCY_LONGEST_MS / 1000))

void
fyr_server_options_clear (FyrServerOptions *self)
{
  g_clear_pointer (&self->data, g_free);
  g_clear_pointer (&self->listen, g_free);
  g_clear_pointer (&self->database, g_free);
}

gboolean
fyr_server_options_parse (FyrServerOptions *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "data", 'd', 0, G_OPTION_ARG_FILENAME, &self->data, "The data folder, made by fyrlykt-admin init",
      "DIR" },
    { "database", 0, 0, G_OPTION_ARG_STRING, &self->database,
      "PostgreSQL database that several servers share (FYRLYKT_DATABASE; default: a file in the data folder)",
      "postgresql://…" },
    { "port", 'p', 0, G_OPTION_ARG_INT, &self->port, "Port to listen on; 0 for any (default 8460)", "P" },
    { "listen", 'l', 0, G_OPTION_ARG_STRING, &self->listen, "IP address to listen on (default 127.0.0.1)",
      "ADDR" },
    { "behind-proxy", 0, 0, G_OPTION_ARG_NONE, &self->behind_proxy,
      "A proxy with TLS stands in front: other addresses than loopback are allowed", NULL },
    { "emergency-limit", 0, 0, G_OPTION_ARG_INT, &self->emergency_limit,
      "How long an emergency access lasts (default and most 14400, which is 4 hours)", "SECONDS" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  self->port = 8460;
  self->emergency_limit = EMERGENCY_LIMIT_MAX;
  g_option_context_set_summary (context, "The server of a follow-up centre.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error)) {
    return FALSE;
  }
  if (self->database == NULL) {
    self->database = g_strdup (g_getenv ("FYRLYKT_DATABASE"));
  }
  if (self->data == NULL || *argc > 1) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                         "--data DIR is needed, and nothing else");
    return FALSE;
  }
  if (self->port < 0 || self->port > 65535) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                         "--port is a number from 0 to 65535");
    return FALSE;
  }
  if (self->emergency_limit < 1 || self->emergency_limit > EMERGENCY_LIMIT_MAX) {
    g_set_error_literal (error, FYR_SERVER_ERROR, FYR_SERVER_ERROR_INVALID,
                         "--emergency-limit is a number of seconds from 1 to 14400");
    return FALSE;
  }
  return TRUE;
}

static void
free_signer (gpointer signer)
{
  fyr_access_signer_free (signer);
}

static void
sign_access_log (FyrServer *server, FyrAccessSigner *signer)
{
  fyr_server_add_part (server, NULL, free_signer, signer);
  fyr_schedule_add (fyr_server_get_schedule (server), "access-log", FYR_ACCESS_HEADS_SECONDS,
                    fyr_access_signer_run, signer);
}

FyrServer *
fyr_server_main_new (FyrServerDb *db, const FyrServerOptions *options, GError **error)
{
  FyrServerConfig config = { .admin_run = fyr_admin_ops_run };
  g_autoptr (FyrAccessSigner) signer = fyr_access_signer_new (fyr_server_db_get_directory (db), error);
  FyrServer *server;

  if (signer == NULL) {
    return NULL;
  }
  if (options != NULL) {
    config.address = options->listen;
    config.port = (guint)options->port;
    config.behind_proxy = options->behind_proxy;
    config.emergency_ms = (gint64)MAX (options->emergency_limit, 0) * 1000;
  }
  server = fyr_server_new (db, &config, error);
  if (server != NULL) {
    fyr_fhir_route_add (server);
    fyr_schedule_add (fyr_server_get_schedule (server), "housekeeping", 60 * 60, fyr_housekeeping_run, NULL);
    sign_access_log (server, g_steal_pointer (&signer));
  }
  return server;
}
