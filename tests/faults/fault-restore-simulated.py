# SPDX-License-Identifier: GPL-3.0-or-later
# row: server restored from backup (simulated)
# figure: 100 % of what was acknowledged comes back, looks in the access log too; 0 doubles
"""The server is put back to older copies again and again, while workstations are copied, set back themselves and killed
over a bad network: what each of them had delivered in whichever life, and under whichever incarnation, is there."""
from simulated import histories, size, verdict

total = histories("restore", size(60, 10_000))
verdict("restore", total, ("restores", total["faults"]["server restored"]))
