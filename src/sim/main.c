/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#include "fyr-config.h"
#include "fyr-sim.h"

static const struct {
  const char *name;
  int (*run) (int argc, char **argv);
  const char *summary;
} commands[] = {
  { "run", fyr_sim_run, N_ ("simulated patients report as their app would") },
  { "replay", fyr_sim_replay, N_ ("send a real glucose log as it would have come") },
  { "load", fyr_sim_load, N_ ("load for measuring a server") },
};

static int
show_help (int status)
{
  g_print (_ ("Usage: fyrlykt-sim COMMAND [OPTION…]\n\nCommands:\n"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-8s %s\n", commands[i].name, _ (commands[i].summary));
  g_print (_ ("\nfyrlykt-sim COMMAND --help tells of its options.\n"));
  return status;
}

int
main (int argc, char **argv)
{
  const char *folder = g_getenv ("FYRLYKT_LOCALEDIR");

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc < 2)
    return show_help (2);
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "help") == 0)
    return show_help (0);
  if (strcmp (argv[1], "--version") == 0) {
    g_print ("fyrlykt-sim %s\n", FYR_VERSION);
    return 0;
  }
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, argv[1]) == 0)
      return commands[i].run (argc - 1, argv + 1);
  g_printerr (_ ("fyrlykt-sim: there is no command “%s”\n"), argv[1]);
  return show_help (2);
}
