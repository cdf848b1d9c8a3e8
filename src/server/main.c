/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <sys/resource.h>

#include "fyr-log.h"
#include "fyr-server-main.h"

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* Each connection is a file descriptor; the usual soft limit of 1024 is for programs that use select(). */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
  }
}

static int
serve (FyrServerOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (FyrServerDb) db = NULL;
  g_autoptr (FyrServer) server = NULL;
  g_autoptr (GError) error = NULL;

  db = fyr_server_db_open_at (options->data, options->database, FYR_SERVER_DB_NONE, &error);
  server = db != NULL ? fyr_server_main_new (db, options, &error) : NULL;
  if (server == NULL || !fyr_server_start (server, &error)) {
    g_printerr ("fyrlykt-server: %s\n", error->message);
    return 1;
  }
  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  printf ("listening on %s\n", fyr_server_get_url (server));
  fflush (stdout);
  fyr_log ("started", NULL);
  g_main_loop_run (loop);
  fyr_log ("stopping", NULL);
  g_clear_pointer (&server, fyr_server_free);
  fyr_log ("stopped", NULL);
  return 0;
}

int
main (int argc, char **argv)
{
  g_auto (FyrServerOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  raise_file_limit ();
  if (!fyr_server_options_parse (&options, &argc, &argv, &error)) {
    g_printerr ("fyrlykt-server: %s\n", error->message);
    return 2;
  }
  return serve (&options);
}
