# SPDX-License-Identifier: GPL-3.0-or-later
# row: two people edit the same (simulated)
# figure: 0 silent overwrites; all replicas equal
"""Three workstations change the same few records over a bad network; each value replaced on the server was seen by who
replaced it, or is kept beside."""
from simulated import histories, size, verdict

total = histories("edit", size(80, 1_000_000))
verdict("edits", total, ("changes saved", total["saves"]))
