# SPDX-License-Identifier: GPL-3.0-or-later
# row: log tampering
# figure: rows changed, deleted, inserted, moved, cut off as database owner: all noticed by the hourly check; no false alarm
"""Workstations show patients, some without the server; their entries arrive once each and the chain holds. Then copies
of the database are tampered with by its owner, who takes the guards away first, each in another way; the operator's
check, which a timer runs each hour, must say so of every one and of no other."""
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time

from verdict import SEED, PostgresDatabase, alike, ask, each_database, figure, level, ready, size, sound, station
from centre import environment, program

STATIONS = size(2, 10)
DISPLAYS = size(60, 5000)
TIMER_S = 3600  # data/systemd/fyrlykt-access-log.timer

FOURTH = "(SELECT id FROM access_chain WHERE number = 4)"
WAYS = {
    "another person": f"UPDATE audit_event SET agent_name = 'Noen Andre' WHERE id = {FOURTH}",
    "another time": f"UPDATE audit_event SET recorded_time = recorded_time + 1 WHERE id = {FOURTH}",
    "another patient": "UPDATE audit_event SET patient_id = (SELECT id FROM patient WHERE id <> audit_event.patient_id "
                       f"ORDER BY id LIMIT 1) WHERE id = {FOURTH}",
    "deleted": f"DELETE FROM audit_event WHERE id = {FOURTH}",
    "deleted with its link": f"DELETE FROM audit_event WHERE id = {FOURTH}; DELETE FROM access_chain WHERE number = 4",
    "deleted and closed up": f"DELETE FROM audit_event WHERE id = {FOURTH}; DELETE FROM access_chain WHERE number = 4; "
                             "UPDATE access_chain SET number = -number WHERE number > 4; "
                             "UPDATE access_chain SET number = -number - 1 WHERE number < 0",
    "inserted": "INSERT INTO audit_event (id, version, centre_id, patient_id, purpose, resource, channel, recorded_time) "
                f"SELECT {{id}}, 1, centre_id, patient_id, purpose, resource, channel, recorded_time FROM audit_event "
                f"WHERE id = {FOURTH}",
    "two moved": "UPDATE access_chain SET number = 0 WHERE number = 4; UPDATE access_chain SET number = 4 WHERE number = 5; "
                 "UPDATE access_chain SET number = 5 WHERE number = 0",
    "hash put in": f"UPDATE access_chain SET hash = '{'7' * 64}' WHERE number = 4",
    "end cut off": "DELETE FROM audit_event WHERE id IN (SELECT id FROM access_chain WHERE number > {last} - 3); "
                   "DELETE FROM access_chain WHERE number > {last} - 3",
    # Nothing in the database itself tells of this one: only what was signed does.
    "end cut off everywhere": "DELETE FROM audit_event WHERE id IN (SELECT id FROM access_chain WHERE number > {last} - 3); "
                              "DELETE FROM access_chain WHERE number > {last} - 3; "
                              "DELETE FROM feed WHERE scope = (SELECT id FROM scope WHERE name LIKE '%/audit') "
                              "AND seq > {last} - 3; "
                              "UPDATE scope SET head = {last} - 3 WHERE name LIKE '%/audit'",
    "all gone": "DELETE FROM audit_event; DELETE FROM access_chain",
}
GUARDS = ["DROP TRIGGER audit_event_no_update", "DROP TRIGGER audit_event_no_delete", "DROP TRIGGER access_chain_no_update",
          "DROP TRIGGER access_chain_no_delete"]


def show(centre, stations):
    """Everybody opens records, half of the time without the server."""
    chance = random.Random(SEED)
    for number in range(DISPLAYS):
        if number == DISPLAYS // 2:
            centre.stop_server()
        chance.choice(stations).tell(f"show {chance.choice(centre.patients)['id']}")
        time.sleep(0.005)
    for one in stations:
        one.ask("outbox", "outbox", 60)
    centre.start_server()
    for one in stations:
        one.tell("sync")


def verify(folder, database=None):
    """Faults the operator's check tells of; None when it could not check."""
    more = ["--database", database] if database else []
    told = subprocess.run([program("fyrlykt-admin"), "access-log", "verify", "--data", folder, *more, "--json"],
                          capture_output=True, text=True, env=environment(), check=False, stdin=subprocess.DEVNULL)
    if not told.stdout.startswith("{"):
        print(told.stdout, told.stderr, file=sys.stderr)
        return None
    found = json.loads(told.stdout)
    assert (told.returncode == 0) == (found["faults"] == 0), told
    return found["faults"]


class SqliteCopies:
    """Copies of a centre's data folder, server stopped."""

    new_id = "x'00112233445566778899aabbccddeeff'"

    def __init__(self, database, centre, folder):
        self.folder, self.centre = folder, centre

    def tampered(self, name, sql):
        """Faults found in a copy after the owner ran some SQL; None: nothing was run."""
        copy = f"{self.folder}/copy-{name.replace(' ', '-')}"
        shutil.copytree(self.centre.data_dir, copy)
        wire = sqlite3.connect(f"{copy}/fyrlykt.db")
        wire.executescript(";".join([*(GUARDS if sql else []), sql or "SELECT 1"]))
        wire.close()
        return verify(copy)


class PostgresCopies:
    """Copies of a centre's database in the same cluster, servers stopped."""

    new_id = "decode('00112233445566778899aabbccddeeff', 'hex')"

    def __init__(self, database, centre, folder):
        self.cluster, self.centre, self.count = database.cluster, centre, 0

    def tampered(self, name, sql):
        """The same."""
        self.count += 1
        copy = f"copy_{self.count}"
        self.cluster.sql(f"CREATE DATABASE {copy} TEMPLATE centre OWNER fyrlykt")
        if sql:
            self.cluster.sql("SET session_replication_role = replica; " + sql, copy)
        return verify(self.centre.data_dir, self.cluster.url(copy))


def tamper(name, database, centre, folder):
    """Every way, on a copy each."""
    kind = PostgresCopies if isinstance(database, PostgresDatabase) else SqliteCopies
    copies = kind(database, centre, folder)
    last = ask(centre, "SELECT max(number) FROM access_chain")[0][0]
    figure(f"{name}: faults in an untouched copy", copies.tampered("untouched", None), "", "= 0",
           copies.tampered("untouched-again", None) == 0)
    slowest, unnoticed = 0.0, []
    for way, sql in WAYS.items():
        started = time.monotonic()
        if not copies.tampered(way, sql.replace("{id}", kind.new_id).replace("{last}", str(last))):
            unnoticed.append(way)
        slowest = max(slowest, time.monotonic() - started)
    figure(f"{name}: ways tried", len(WAYS), "")
    figure(f"{name}: not noticed", len(unnoticed), "", "= 0", not unnoticed)
    figure(f"{name}: noticed within", TIMER_S + slowest, "s", "≤ 1 h and the check itself", slowest < 60)
    if unnoticed:
        print(f"not noticed: {unnoticed}", file=sys.stderr)


def run(turn):
    """One database's turn."""
    name, database, centre, folder, _seed = turn
    stations = [station(centre, folder, f"station-{number}", number) for number in range(STATIONS)]
    ready(*stations)
    show(centre, stations)
    level(centre, stations)
    # A server signs what there is when it starts, and then each ten minutes.
    centre.stop_server()
    centre.start_server()
    wait_for_head(centre)
    alike(name, centre, folder, stations)
    sound(name, centre)
    database.stop(centre)
    tamper(name, database, centre, folder)


def wait_for_head(centre, wait=60):
    """Until the end of the log as it is has been signed."""
    last = str(ask(centre, "SELECT max(number) FROM access_chain")[0][0])
    end = time.monotonic() + wait
    while time.monotonic() < end:
        try:
            with open(os.path.join(centre.data_dir, "access-log-heads"), encoding="ascii") as stream:
                if stream.read().splitlines()[-1].split()[3] == last:
                    return
        except (OSError, IndexError):
            pass
        time.sleep(0.05)
    raise AssertionError("the head was not signed")


def main():
    each_database("log tampering", run, patients=6)


if __name__ == "__main__":
    main()
