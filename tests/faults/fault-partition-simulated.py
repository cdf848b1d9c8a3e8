# SPDX-License-Identifier: GPL-3.0-or-later
# row: network partition (simulated)
# figure: 0 failing runs; equal ≤5 s after healing
"""Ten workstations for eight hours: cut one way, half-open, a third of everything lost. Then the network heals and each
machine hears of it."""
from simulated import histories, size, tell, verdict

total = histories("partition", size(8, 1000), each=4)
tell("partition: all alike after healing", total["alike_after"] / 1000, "s", 5, total["alike_after"] <= 5000)
verdict("partition", total, ("cuts", total["faults"]["cut one way"] + total["faults"]["half-open"]))
