# SPDX-License-Identifier: GPL-3.0-or-later
# row: clocks (simulated)
# figure: no effect on order or outcome
"""Clocks of workstations and server jump by minutes, hours and ten years, stand still, and pass the nights on which
Norway turns them; the server is restored meanwhile."""
from simulated import histories, size, verdict

total = histories("clock", size(40, 2000))
verdict("clocks", total, ("moved or stopped", total["faults"]["clock moved"]))
