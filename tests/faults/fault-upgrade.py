# SPDX-License-Identifier: GPL-3.0-or-later
# row: upgrade, rollback, mixed versions
# figure: 100 % of databases of every released schema, killed at every step; unknown fields survive
"""Databases of older releases are upgraded, killed at each file call, with each call failing and on a full disk
(tests/db/fyr-upgrade.c for workstation and server). Then workstations of an older and of a later release work at one real
server."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../bench"))

from measure import Centre, at_least, build_folder, figure

import workstation
from workstation import Refused, Workstation, new_id

TESTS = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
ROUNDS = 20 if "--full" in sys.argv else 1


def upgrade(room):
    """How many steps a room's databases were killed at, and what failed."""
    result = subprocess.run([os.path.join(build_folder(), f"tests/{room}/test-{room}-upgrade")], capture_output=True,
                            text=True, check=False, env={**os.environ, "G_TEST_SRCDIR": TESTS, "G_MESSAGES_DEBUG": ""})
    killed = sum(int(number) for number in re.findall(r"^# killed (\d+)", result.stdout, re.M))
    good = len(re.findall(r"^ok ", result.stdout, re.M))
    return killed, 6 - good


def is_refused_by_schema(station, schema):
    """Whether a program of another schema is asked to upgrade, at push and at pull."""
    kept, workstation.SCHEMA = workstation.SCHEMA, schema
    refused = 0
    try:
        for ask in (station.pull_page, lambda: station.do("create", "note", new_id(), fields={})):
            try:
                ask()
            except Refused as answer:
                refused += answer.status == 426
    finally:
        workstation.SCHEMA = kept
    return refused == 2


def mixed(centre):
    """Promises kept between programs of different releases: (kept, all)."""
    name, password = centre.user("nurse")
    later, older = Workstation(centre, name, password), Workstation(centre, name, password)
    for one in (later, older):
        one.sign_in()
        one.pull()
    patient = later.all("patient")[0]
    note = new_id()
    made = later.do("create", "note", note, fields={"patient_id": patient["id"], "time": 1790000000000, "text": "Ny",
                                                    "of_a_later_release": {"kept": [1, 2, 3]}})
    changed = later.do("update", "patient", patient["id"], base_version=patient["version"],
                       fields={"of_a_later_release": "kept"})
    older.pull()
    # The older program changes what it knows, and sends back nothing of what it does not.
    again = older.do("update", "patient", patient["id"], base_version=older.records["patient"][patient["id"]]["version"],
                     fields={"city": "Oslo"})
    later.pull()
    unknown = later.do("create", "kind_of_a_later_release", new_id(), fields={"x": 1})
    after = later.do("create", "note", new_id(), fields={"patient_id": patient["id"], "time": 1790000000000, "text": "Mer"})
    promises = [
        made["outcome"] == "applied", changed["outcome"] == "applied", again["outcome"] in ("applied", "merged"),
        later.records["note"][note].get("of_a_later_release") == {"kept": [1, 2, 3]},
        later.records["patient"][patient["id"]].get("of_a_later_release") == "kept",
        later.records["patient"][patient["id"]].get("city") == "Oslo",
        unknown["outcome"] == "refused", after["outcome"] == "applied",
        is_refused_by_schema(later, 99), is_refused_by_schema(older, 0),
    ]
    return sum(promises), len(promises)


def main():
    killed = failed = 0
    for _round in range(ROUNDS):
        for room in ("store", "server"):
            steps, bad = upgrade(room)
            killed, failed = killed + steps, failed + bad
    at_least("upgrade: steps killed at", killed, "", 20)
    figure("upgrade: promises of an upgrade broken", failed, "", "= 0", failed == 0)
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    try:
        with Centre(f"{folder}/data", patients=3, log=f"{folder}/server.log") as centre:
            kept, every = mixed(centre)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figure("upgrade: promises between releases kept", kept, "", f"= {every}", kept == every)


if __name__ == "__main__":
    main()
