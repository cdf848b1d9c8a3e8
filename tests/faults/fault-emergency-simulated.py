# SPDX-License-Identifier: GPL-3.0-or-later
# row: access revoked, online and off (simulated, emergency access)
# figure: nothing outside a grant is left; every look is in the access log, by the emergency it rested on
"""Nurses and a GP at two workstations open patients who are on no list of theirs, write about them, end it or let the
time end it, offline too, while access changes, lines fail, machines and server are killed and sessions end."""
from simulated import histories, size, verdict

total = histories("emergency", size(40, 4000))
verdict("emergency", total, ("emergency accesses", total["faults"]["emergency access"]))
