/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** FyrFaultKind: what happens to the counted call */
typedef enum {
  FYR_FAULT_NONE,
  FYR_FAULT_ONCE,    /* that call fails, later ones work */
  FYR_FAULT_FOREVER, /* that call and all later ones fail */
  FYR_FAULT_FULL,    /* as FOREVER, but writes say that the disk is full and syncs work */
  FYR_FAULT_SYNC,    /* that sync (only syncs are counted) fails once */
  FYR_FAULT_KILL,    /* the process ends there as if by SIGKILL */
} FyrFaultKind;

/**
 * fyr_fault_install:
 *
 * Puts a counting layer under SQLite's file calls and memory allocation. Call it once, before
 * anything else touches SQLite.
 */
void
fyr_fault_install (void);

/** fyr_fault_arm_io: the @countdown-th changing file call from now (1 = the next) is struck by @kind */
void
fyr_fault_arm_io (FyrFaultKind kind, int countdown);

/** fyr_fault_arm_reads: the @countdown-th read from now and, when @forever, all later ones fail as on a bad disk */
void
fyr_fault_arm_reads (int countdown, gboolean forever);

/** fyr_fault_disarm_reads: leaves what else is armed. Returns: whether a read was struck since arming */
gboolean
fyr_fault_disarm_reads (void);

/** fyr_fault_arm_memory: the @countdown-th allocation from now and, when @forever, all later ones fail */
void
fyr_fault_arm_memory (int countdown, gboolean forever);

/** fyr_fault_disarm: Returns: whether anything was struck since arming */
gboolean
fyr_fault_disarm (void);

G_END_DECLS
