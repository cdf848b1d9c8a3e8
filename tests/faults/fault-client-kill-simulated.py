# SPDX-License-Identifier: GPL-3.0-or-later
# row: client killed while saving (simulated)
# figure: 0 lost, 0 double, 0 stuck
"""Killed before and after every call that changes its disk while 40 deeds are done, then at random ones. Afterwards what
was told to be saved is there once, and all workstations show the same."""
from simulated import SEED, histories, run, size, tell, verdict

stride = size(12, 1)
every = run([["--every-call", "client-kill", "--from", SEED + n, "--stride", stride] for n in range(size(2, 4))])
tell("client killed: at chosen calls", every["histories"], "kills", 0, every["broken"] == 0)
total = histories("kill", size(40, 2500))
total["broken"] += every["broken"]
verdict("client killed", total, ("at random calls", total["faults"]["client killed"]))
