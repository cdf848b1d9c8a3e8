# SPDX-License-Identifier: GPL-3.0-or-later
# row: disk full, I/O error, failed fsync
# figure: nothing half-saved; user told ≤ 1 s; readable; resumes without restart
"""The Nth write or sync of a real workstation, then of the real server, fails: no space, input/output error, failed
sync; once and for good. Each save ends in "saved" or in a reason, at once; lists are read meanwhile; when the disk is
good again, work goes on in the same process; also when reads fail while a workstation looks its file through after a
failed sync. A server whose sync failed ends itself, as systemd then starts it again.
(Each single call of each operation: tests/store/test-faults, tests/simulation.) Then the disk under PostgreSQL, which
may end itself: the servers go on, say no while it is so, and take work again as soon as it is back."""
import http.client
import os
import shutil
import sys
import tempfile
import time

from verdict import (Centre, PostgresDatabase, acknowledged, alike, ask, clean, figure, percentile, programs, ready,
                     saved, size, sound, station, within)
from centre import build_folder
from gateway import Gateway, observation
from postgres import Cluster
from preload import FULL, IO, SYNC, SYNC_READ, Faults

MODES = {FULL: "no space", IO: "input/output error", SYNC: "failed sync"}
CALLS = size((0, 1, 2, 4, 7), tuple(range(40)))


class Client:
    """A workstation on a disk that fails."""

    def __init__(self, centre, folder):
        self.centre, self.serial, self.gateway = centre, 0, Gateway(centre)
        os.makedirs(f"{folder}/station")
        self.faults = Faults(f"{folder}/control", f"{folder}/station")
        self.one = station(centre, folder, "station", 0, **self.faults.environment)
        self.told, self.refused, self.unread, self.dead, self.reads = [], [], 0, 0, 0
        ready(self.one)

    def save(self):
        """Write a note; whether it was saved, and how long until the user knew."""
        self.serial += 1
        started = time.monotonic()
        mark = self.one.tell(f"write {self.centre.patients[0]['id']} disk-{self.serial}")
        told = self.one.expect(lambda event: event["event"] == "saved" or
                               event["event"] == "failed" and event["what"] == "save", 30, mark, "an answer")
        self.told.append(time.monotonic() - started)
        if told["event"] == "failed":
            self.refused.append(f"disk-{self.serial}")
        return told["event"] == "saved"

    def suffer(self, mode, after, once):
        """One fault, and whether all is well when it is over."""
        self.faults.arm(mode, after, once)
        self.gateway.post(observation(self.centre.patients[1], identifier=f"disk-{mode}-{after}-{once}"))
        for _try in range(3):
            self.save()
        try:
            read = bool(self.one.alerts())
        except AssertionError:
            read = False
        self.unread += not read and mode != SYNC_READ
        struck = self.faults.disarm()
        self.reads += struck if mode == SYNC_READ else 0
        self.dead += not self.save()

    def run(self):
        """Every fault after the other."""
        struck = 0
        for mode in (*MODES, SYNC_READ):
            for after in CALLS:
                for once in (True, False):
                    self.suffer(mode, after, once)
                    struck += 1
        self.one.tell("sync")
        return struck

    def judge(self, folder):
        """The figures of the workstation."""
        name = "disk, workstation"
        there = {text for text, in ask(self.centre, "SELECT text FROM note")}
        figure(f"{name}: reads refused", self.reads, "", "> 0", self.reads > 0)
        figure(f"{name}: saves refused", len(self.refused), "", "> 0", len(self.refused) > 0)
        within(f"{name}: user told, p99", percentile(self.told, 0.99), "s", 1)
        figure(f"{name}: lists not readable meanwhile", self.unread, "", "= 0", self.unread == 0)
        figure(f"{name}: saves that failed on a good disk", self.dead, "", "= 0", self.dead == 0)
        notes = saved(self.one)
        alike(name, self.centre, folder, [self.one])
        acknowledged(name, self.centre, notes)
        half = [text for text in self.refused if text in there]
        figure(f"{name}: refused and yet there", len(half), "", "= 0", not half)
        print(half, file=sys.stderr)


class Server:
    """The server on a disk that fails."""

    def __init__(self, centre, folder):
        self.centre, self.serial = centre, 0
        self.faults = Faults(f"{folder}/control-server", centre.data_dir)
        centre.server_environment.update(self.faults.environment)
        centre.stop_server()
        centre.start_server()
        self.gateway = Gateway(centre)
        self.reports, self.told, self.ends, self.unread, self.dead = [], [], 0, 0, 0

    def report(self, identifier):
        """Tell a value; whether it was taken. No answer and a refusal are both known at once."""
        started = time.monotonic()
        try:
            status, _answer = self.gateway.post(observation(self.centre.patients[2], identifier=identifier))
        except (OSError, http.client.HTTPException):
            status = 0
        self.told.append(time.monotonic() - started)
        if status in (200, 201):
            self.reports.append(identifier)
        return status in (200, 201)

    def is_ended(self):
        """A server that gave up its database is started again, as systemd does."""
        try:
            self.centre.server.wait(0.3)
        except Exception:  # it lives
            return False
        return True

    def suffer(self, mode, after, once):
        """One fault."""
        self.faults.arm(mode, after, once)
        for _try in range(3):
            self.serial += 1
            self.report(f"server-{self.serial}")
        ended = mode != FULL and self.is_ended()
        if not ended:
            try:
                self.unread += self.gateway.request("GET", "/fhir/metadata")[0] != 200
            except (OSError, http.client.HTTPException):
                ended = self.is_ended()
                self.unread += not ended
        self.faults.disarm()
        if ended:
            self.ends += 1
            self.gateway.close()
            self.centre.children.remove(self.centre.server)
            self.centre.start_server()
        self.serial += 1
        self.dead += not self.report(f"server-{self.serial}") and not self.report(f"server-{self.serial}")

    def run(self):
        """Every fault after the other."""
        for mode in MODES:
            for after in CALLS[:size(3, 40)]:
                for once in (True, False):
                    self.suffer(mode, after, once)

    def judge(self):
        """The figures of the server."""
        name = "disk, server"
        within(f"{name}: sender told, p99", percentile(self.told, 0.99), "s", 1)
        figure(f"{name}: not answering meanwhile", self.unread, "", "= 0", self.unread == 0)
        figure(f"{name}: ended itself to begin anew", self.ends, "")
        figure(f"{name}: reports that failed on a good disk", self.dead, "", "= 0", self.dead == 0)
        acknowledged(name, self.centre, reports=self.reports)
        sound(name, self.centre)


class FailingDatabase(PostgresDatabase):
    """PostgreSQL on a disk that fails."""

    faults = None

    def new_cluster(self):
        cluster = Cluster(durable=True)
        # Where the cluster's own user can read it.
        library = shutil.copy(f"{build_folder()}/tests/support/libpreload-faults.so", f"{cluster.folder}/faults.so")
        os.chmod(library, 0o755)
        self.faults = Faults(f"{cluster.folder}/control", cluster.data)
        os.chmod(f"{cluster.folder}/control", 0o666)
        cluster.surroundings = dict(self.faults.environment, LD_PRELOAD=library)
        return cluster

    def begin_anew(self):
        """A cluster that gave up is started again, as systemd does; whether it was so."""
        try:
            self.cluster.process.wait(0.3)
        except Exception:  # it lives, or recovers by itself
            return False
        for _attempt in range(20):
            try:
                self.cluster.start()
                return True
            except RuntimeError:  # what is left of the former one ends first
                time.sleep(0.3)
        return True


class Postgres(Server):
    """The servers on a database whose disk fails."""

    def __init__(self, database, centre):
        self.database, self.centre, self.serial, self.faults = database, centre, 0, database.faults
        self.gateway = Gateway(centre)
        self.reports, self.told, self.ends, self.unread, self.dead, self.resumed = [], [], 0, 0, 0, []
        self.struck = 0

    def suffer(self, mode, after, once):
        """One fault, and how long after it work is taken again."""
        self.faults.arm(mode, after, once)
        for _try in range(3):
            self.serial += 1
            self.report(f"postgres-{self.serial}")
        try:
            self.unread += self.gateway.request("GET", "/fhir/metadata")[0] != 200
        except (OSError, http.client.HTTPException):
            self.unread += 1
        self.struck += self.faults.disarm()
        self.ends += self.database.begin_anew()
        good, self.serial = time.monotonic(), self.serial + 1
        while not self.report(f"postgres-{self.serial}"):
            if time.monotonic() > good + 60:
                self.dead += 1
                break
            time.sleep(0.05)
        self.resumed.append(time.monotonic() - good)

    def judge(self):
        """The figures of the database."""
        name = "disk, PostgreSQL"
        figure(f"{name}: calls that failed", self.struck, "", "> 0", self.struck > 0)
        within(f"{name}: sender told, p99", percentile(self.told, 0.99), "s", 1)
        figure(f"{name}: servers not answering meanwhile", self.unread, "", "= 0", self.unread == 0)
        figure(f"{name}: PostgreSQL ended itself", self.ends, "")
        figure(f"{name}: work not taken again on a good disk", self.dead, "", "= 0", self.dead == 0)
        within(f"{name}: work taken again, longest", max(self.resumed), "s", 5)
        ended = sum(one.poll() is not None for one in self.centre.servers)
        figure(f"{name}: server processes that ended", ended, "", "= 0", ended == 0)
        acknowledged(name, self.centre, reports=self.reports)
        sound(name, self.centre)


def under_postgres():
    """The turn of PostgreSQL's disk."""
    folder, database = tempfile.mkdtemp(prefix="fyrlykt-fault-"), FailingDatabase()
    try:
        with database.centre(f"{folder}/data", patients=10, log=f"{folder}/server.log") as centre:
            server = Postgres(database, centre)
            server.run()
            server.judge()
    finally:
        clean(folder)


def main():
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    try:
        with Centre(f"{folder}/data", patients=10, log=f"{folder}/server.log") as centre:
            client = Client(centre, folder)
            figure("disk: faults suffered by the workstation", client.run(), "")
            client.judge(folder)
            server = Server(centre, folder)
            server.run()
            server.judge()
    finally:
        clean(folder)
    if programs() is not None:
        under_postgres()


if __name__ == "__main__":
    main()
