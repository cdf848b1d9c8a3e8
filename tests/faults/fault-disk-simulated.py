# SPDX-License-Identifier: GPL-3.0-or-later
# row: disk full, I/O error, failed fsync (simulated)
# figure: nothing half-saved; resumes without restart
"""Each call that changes a disk fails once, and for good, for want of room, and as a sync that loses what it was to write;
each that reads it, once and for good; at the workstation and at the server. Then random ones."""
from simulated import SEED, histories, run, size, tell, verdict

stride = size(25, 1)
every = run([["--every-call", how, "--from", SEED, "--stride", stride]
             for how in ("client-disk", "server-disk", "client-read", "server-read")])
tell("disk: failures at chosen calls", every["histories"], "failures", 0, every["broken"] == 0)
total = histories("disk", size(40, 2000))
total["broken"] += every["broken"]
failed = total["faults"]["client disk failed"] + total["faults"]["server disk failed"]
verdict("disk", total, ("failures at random calls", failed))
