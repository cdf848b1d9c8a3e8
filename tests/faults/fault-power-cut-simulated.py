# SPDX-License-Identifier: GPL-3.0-or-later
# row: power cut, torn write (simulated)
# figure: 0 acknowledged lost; the database always opens
"""Power goes at workstations and the server; of what was not synced some is dropped, some arrives in another order, some
in part. Every database opens again, and holds all that was acknowledged."""
from simulated import histories, size, verdict

total = histories("power", size(60, 4000))
cuts = total["faults"]["client power cut"] + total["faults"]["server power cut"]
verdict("power cut", total, ("cuts", cuts))
