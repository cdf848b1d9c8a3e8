# SPDX-License-Identifier: GPL-3.0-or-later
# row: access revoked, online and off
# figure: gone ≤5 s online; raw search of the workstation's files finds 0; each removal confirmed
"""A role ends while the workstation pulls, pushes, begins, waits, or is away for 13 hours, and at random moments of a bad
network; a nurse becomes an equipment clerk. Afterwards the bytes of database, log, shared memory and journal are searched
for markers, and the server has the workstation's word that they are gone (tests/sync/test-revocation.c: the real store,
engine and server in one process). What its user had not delivered lies in quarantine, sent by herself or by who signs in
there next, and she hears what was decided (tests/sync/test-left-behind.c). Both on SQLite and on PostgreSQL."""
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
sys.path[:0] = [os.path.join(ROOT, "bench"), os.path.join(ROOT, "tests/support")]

import postgres
from measure import at_least, at_most, build_folder, figure

ROUNDS = 300 if "--full" in sys.argv else 5
REVOCATION, LEFT_BEHIND = 12, 6


def told(name, on_postgres, rounds=ROUNDS):
    """What a test program says; of one that did not end well nothing counts."""
    around = [sys.executable, os.path.join(ROOT, "tests/support/postgres.py")] if on_postgres else []
    result = subprocess.run([*around, os.path.join(build_folder(), "tests/sync", name)], capture_output=True, text=True,
                            check=False, env={**os.environ, "FYRLYKT_ROUNDS": str(rounds), "G_MESSAGES_DEBUG": ""})
    print(result.stderr[-2000:], file=sys.stderr)
    return result.stdout if result.returncode == 0 else ""


def promises(name, where, text, wanted):
    """Every promise of the program is kept."""
    kept = len(re.findall(r"^ok ", text, re.M))
    figure(f"{name}: promises kept, {where}", kept, "", f"= {wanted}", kept == wanted)


def run(where, on_postgres, rounds):
    """The whole row on one database."""
    text = told("test-revocation", on_postgres, rounds)
    gone = re.search(r"gone after (\d+) ms", text)
    found = re.search(r"revocations (\d+) markers (\d+) feeds confirmed (\d+)", text)
    promises("revocation", where, text, REVOCATION)
    at_most(f"revocation: gone online after (the server closes within 2 s), {where}",
            2 + (int(gone[1]) if gone else 99000) / 1000, "s", 5)
    at_least(f"revocation: at random moments, {where}", int(found[1]) if found else 0, "", rounds)
    markers = int(found[2]) if found else -1
    figure(f"revocation: markers in files, {where}", markers, "", "= 0", markers == 0)
    at_least(f"revocation: feeds whose removal was confirmed, {where}", int(found[3]) if found else 0, "", rounds)
    promises("left behind", where, told("test-left-behind", on_postgres), LEFT_BEHIND)


def main():
    run("SQLite", False, ROUNDS)
    if postgres.programs() is not None:
        run("PostgreSQL", True, min(ROUNDS, 30))


if __name__ == "__main__":
    main()
