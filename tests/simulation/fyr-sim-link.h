/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fyr-sim-machine.h"

G_BEGIN_DECLS

/** fyr_sim_link_machine: Returns: (transfer none) (nullable): the machine at work */
FyrSimMachine *
fyr_sim_link_machine (void);

/** fyr_sim_link_install: random bytes of libsodium come from the machine at work too. Call it once */
void
fyr_sim_link_install (void);

/** fyr_sim_link_forget: timers of the simulation that ended are dropped */
void
fyr_sim_link_forget (void);

G_END_DECLS
