# SPDX-License-Identifier: GPL-3.0-or-later
# row: access revoked, online and off (simulated)
# figure: 0 lost, 0 double, 0 stuck, nothing outside a grant
"""Workstations are shut out and let in again while their users work and save, in bad weather, killed, without power, with a
server that is killed. What was not delivered is there when the workstation is found again."""
from simulated import histories, size, verdict

total = histories("shut-out", size(60, 4000))
verdict("shut out", total, ("workstations shut out or let in", total["faults"]["shut out or let in"]))
