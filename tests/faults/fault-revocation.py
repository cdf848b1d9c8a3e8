# SPDX-License-Identifier: GPL-3.0-or-later
# row: access revoked, online and off
# figure: gone ≤5 s online; raw search of the workstation's files finds 0
"""A role ends while the workstation pulls, pushes, begins, waits, or is away for 13 hours, and at random moments of a bad
network; a nurse becomes an equipment clerk. Afterwards the bytes of database, log, shared memory and journal are searched
for markers (tests/sync/test-revocation.c: the real store, engine and server in one process)."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../bench"))

from measure import at_least, at_most, build_folder, figure

ROUNDS = 300 if "--full" in sys.argv else 5
PROMISES = 10


def main():
    result = subprocess.run([os.path.join(build_folder(), "tests/sync/test-revocation")], capture_output=True, text=True,
                            check=False, env={**os.environ, "FYRLYKT_ROUNDS": str(ROUNDS), "G_MESSAGES_DEBUG": ""})
    text = result.stdout
    print(result.stderr[-2000:], file=sys.stderr)
    kept = len(re.findall(r"^ok ", text, re.M))
    gone = re.search(r"gone after (\d+) ms", text)
    found = re.search(r"revocations (\d+) markers (\d+)", text)
    figure("revocation: promises kept", kept, "", f"= {PROMISES}", kept == PROMISES)
    at_most("revocation: gone online after (the server closes within 2 s)", 2 + (int(gone[1]) if gone else 99000) / 1000,
            "s", 5)
    at_least("revocation: at random moments", int(found[1]) if found else 0, "", ROUNDS)
    markers = int(found[2]) if found else -1
    figure("revocation: markers in files", markers, "", "= 0", markers == 0)


if __name__ == "__main__":
    main()
