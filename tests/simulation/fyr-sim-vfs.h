/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fyr_sim_vfs_install:
 *
 * SQLite's files are on the simulated disks from here on; its chance comes from fyr_sim_vfs_seed(). Call it once,
 * before anything else touches SQLite.
 */
void
fyr_sim_vfs_install (void);

/** fyr_sim_vfs_seed: the same seed gives the same random numbers inside SQLite */
void
fyr_sim_vfs_seed (guint32 seed);

G_END_DECLS
