/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sim-sender.h"
#include "fyr-sim-target.h"

G_BEGIN_DECLS

/* The commands of fyrlykt-sim: each parses its own options and returns the exit status: 0, 1 when it failed,
   2 when the command line makes no sense. patients that report as they would at home */

int
fyr_sim_run (int argc, char **argv);

/** fyr_sim_replay: a real log sent as it would have come */
int
fyr_sim_replay (int argc, char **argv);

/** fyr_sim_load: as many reports as the server takes */
int
fyr_sim_load (int argc, char **argv);

/**
 * FyrSimOptions:
 *
 * What the commands have in common.
 */
typedef struct {
  char *url;
  char *token;
  char *patients;
  char **patient;
  gint64 seed;
  double speed;
  int duration;
  gboolean print;
} FyrSimOptions;

/**
 * fyr_sim_parse:
 * @entries: the command's own options
 *
 * Returns: whether the command line was right; otherwise what is wrong was printed
 */
gboolean
fyr_sim_parse (
    const char *summary, const GOptionEntry *entries, FyrSimOptions *options, int *argc, char ***argv);

/** fyr_sim_options_clear: frees what the options hold, not the structure */
void
fyr_sim_options_clear (FyrSimOptions *options);

/** fyr_sim_fail: prints the message to standard error. Returns: @status */
int
fyr_sim_fail (int status, const char *message);

/**
 * FyrSimDueFunc:
 *
 * Sends what is due. Returns: milliseconds until it shall be called again; -1 when there is nothing more
 */
typedef gint64 (*FyrSimDueFunc) (gpointer data);

/**
 * fyr_sim_loop:
 * @sender: who sends
 * @duration: seconds to run; 0: until there is nothing more
 * @due: called when time has come
 *
 * Runs until it is over or SIGINT or SIGTERM comes, tells each 10 seconds how far it is and at the end what
 * became of everything. Returns: the exit status
 */
int
fyr_sim_loop (FyrSimSender *sender, int duration, FyrSimDueFunc due, gpointer data);

G_END_DECLS
