/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "fyr-sim-disk.h"

G_BEGIN_DECLS

/*
 * Time, chance and order of one simulation, all from its seed. The program is linked with --wrap, so that what the
 * product asks of the machine (clock, random bytes, timers, threads) is answered here, for the machine that is at work.
 * One simulation at a time, on one thread.
 */

typedef void (*FyrSimFunc) (gpointer data);

/** FyrSimReady: Returns: when there is something to do: now or earlier: at once; %G_MAXINT64: nothing */
typedef gint64 (*FyrSimReady) (gpointer data);

/**
 * FyrSimMachine: a workstation or the server.
 * @skew: what its clock is wrong by, ms
 * @frozen: (nullable) when its clock stands, where, ms since the epoch; 0: it goes
 */
typedef struct {
  char name[16];
  GRand *random;
  GMainContext *context;
  FyrSimDisk *disk;
  gint64 skew;
  gint64 frozen;
} FyrSimMachine;

/** fyr_sim_begin: a new simulation; @wall: true time at its begin, ms since the epoch */
void
fyr_sim_begin (guint32 seed, gint64 wall);

/** fyr_sim_end: Returns: the hash over everything that happened */
guint64
fyr_sim_end (void);

/** fyr_sim_machine_init: @folder: of its disk */
void
fyr_sim_machine_init (FyrSimMachine *self, const char *name, guint32 seed, const char *folder);
void
fyr_sim_machine_clear (FyrSimMachine *self);

/** fyr_sim_enter: what is called until fyr_sim_leave() runs on this machine. May be nested */
void
fyr_sim_enter (FyrSimMachine *machine);
void
fyr_sim_leave (void);

/** fyr_sim_now: Returns: true time since the begin, ms, never 0 */
gint64
fyr_sim_now (void);

/** fyr_sim_wall: Returns: true time, ms since the epoch */
gint64
fyr_sim_wall (void);

/** fyr_sim_after: calls @func with @data after @delay ms */
void
fyr_sim_after (gint64 delay, FyrSimFunc func, gpointer data);

/** fyr_sim_add_worker: something that @run goes on with whenever @ready says so */
void
fyr_sim_add_worker (FyrSimReady ready, FyrSimFunc run, gpointer data);

/** fyr_sim_step: one thing that can happen now happens; time goes on when none can. FALSE: nothing before @end */
gboolean
fyr_sim_step (gint64 end);

/** fyr_sim_run: steps until @milliseconds have passed */
void
fyr_sim_run (gint64 milliseconds);

/** fyr_sim_get_steps: Returns: steps so far */
guint64
fyr_sim_get_steps (void);

/** fyr_sim_draw: Returns: 0 … @n - 1 */
guint
fyr_sim_draw (guint n);

/** fyr_sim_chance: Returns: TRUE in @percent of the calls */
gboolean
fyr_sim_chance (guint percent);

/** fyr_sim_random: Returns: (transfer none): the chance of the simulation itself */
GRand *
fyr_sim_random (void);

/** fyr_sim_trace: enters something into the hash, and prints it when FYR_SIM_VERBOSE is set */
void
fyr_sim_trace (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
