# SPDX-License-Identifier: GPL-3.0-or-later
# row: repeated, reordered, late delivery (simulated)
# figure: 0 double effects; replies identical
"""Requests are doubled and replies lost; old pushes arrive again much later, with the old session or with another."""
from simulated import histories, size, tell, verdict

total = histories("repeat", size(60, 20_000))
tell("delivery: old pushes replayed", total["faults"]["old push replayed"], "times")
verdict("delivery", total, ("requests doubled", total["faults"]["request doubled"]))
