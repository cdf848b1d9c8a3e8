# SPDX-License-Identifier: GPL-3.0-or-later
# row: two people edit the same (simulated)
# figure: 0 silent overwrites; all replicas equal
"""Three workstations change the same few records sixty times over a bad network, and, for the many, two of them eight
times; each value replaced on the server was seen by who replaced it, or is kept beside."""
from simulated import jobs_of, run, size, verdict

LONG = size(80, 20_000)
SHORT = size(160, 980_000)

total = run(jobs_of("edit", LONG) + jobs_of("edit-short", SHORT, each=500))
verdict("edits", total, ("changes saved", total["saves"]))
