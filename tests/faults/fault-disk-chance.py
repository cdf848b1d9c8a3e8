# SPDX-License-Identifier: GPL-3.0-or-later
# row: disk full, I/O error, failed fsync
# figure: calls failing by chance (libfiu): nothing half-saved; 0 lost, 0 double, 0 stuck; resumes
"""Reads, writes, syncs and truncations of files and calls of sockets fail by chance, in a workstation and in the server
at the same time, while notes are written and values come in. When the calls are good again all goes on: a workstation
in the same process, a server in the same or, where its database could not be trusted, in the next one."""
import http.client
import random
import sys
import tempfile
import time

from verdict import Centre, acknowledged, alike, clean, figure, ready, saved, size, sound, station
from gateway import Gateway, observation
from libfiu import ECONNRESET, EIO, ENOSPC, Chance, is_installed

ROUNDS = size(1, 40)
SECONDS = size(3, 10)
TROUBLES = {
    "no space": [("posix/io/rw/pwrite", 0.1, ENOSPC)],
    "input/output error": [("posix/io/rw/pwrite", 0.03, EIO), ("posix/io/rw/pread", 0.03, EIO)],
    "failed sync": [("posix/io/sync/fsync", 0.1, EIO), ("posix/io/sync/fdatasync", 0.1, EIO)],
    "short writes": [("posix/io/rw/pwrite/reduce", 0.3, 0), ("posix/io/rw/ftruncate", 0.3, EIO)],
    "network": [("posix/io/net/send", 0.1, ECONNRESET), ("posix/io/net/recv", 0.1, ECONNRESET),
                ("posix/io/net/connect", 0.2, ECONNRESET)],
}


class Run:
    """A centre whose server and one workstation suffer."""

    def __init__(self, centre, folder):
        self.centre, self.folder, self.serial, self.ends = centre, folder, 0, 0
        self.reports, self.refused, self.dead = [], 0, 0
        self.of_server, self.of_station = Chance(f"{folder}/server"), Chance(f"{folder}/one")
        centre.server_environment.update(self.of_server.environment)
        self._renew_server()
        self.one = station(centre, folder, "one", 0, **self.of_station.environment)
        self.other = station(centre, folder, "other", 1)
        ready(self.one, self.other)

    def _renew_server(self):
        self.centre.stop_server()
        self.centre.start_server(60)
        self.gateway = Gateway(self.centre)

    def report(self):
        """A value from home; kept in mind when the server took it."""
        identifier = f"chance-{self.serial}"
        told = observation(random.choice(self.centre.patients), identifier=identifier)
        try:
            if self.gateway.post(told)[0] in (200, 201):
                self.reports.append(identifier)
        except (OSError, http.client.HTTPException):
            self.gateway.close()

    def write(self):
        """A note at each workstation; whether the suffering one said that it is saved."""
        self.serial += 1
        mark = self.one.tell(f"write {self.centre.patients[0]['id']} one-{self.serial}")
        self.other.tell(f"write {self.centre.patients[0]['id']} other-{self.serial}")
        told = self.one.expect(lambda event: event["event"] == "saved" or
                               event["event"] == "failed" and event["what"] in ("save", "find"), 60, mark, "an answer")
        return told["event"] == "saved"

    def suffer(self, failures):
        """One kind of trouble for a while, and whether all is well when it is over."""
        self.of_server.switch(self.centre.server, failures)
        self.of_station.switch(self.one.process, failures)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            self.refused += not self.write()
            self.report()
        self.of_station.switch(self.one.process)
        if self.centre.server.poll() is None:
            self.of_server.switch(self.centre.server)
        try:
            self.centre.server.wait(0.5)
        except Exception:  # it lives
            pass
        else:
            self.ends += 1
            self.centre.children.remove(self.centre.server)
            self.centre.start_server(60)
            self.gateway = Gateway(self.centre)
        self.dead += not self.write() and not self.write()
        self.report()

    def judge(self):
        """The figures."""
        name = "calls failing by chance"
        figure(f"{name}: saves refused", self.refused, "", "> 0", self.refused > 0)
        figure(f"{name}: server ended itself to begin anew", self.ends, "")
        figure(f"{name}: saves that failed on a good disk", self.dead, "", "= 0", self.dead == 0)
        notes = {**saved(self.one), **saved(self.other)}
        for one in (self.one, self.other):
            one.tell("sync")
        alike(name, self.centre, self.folder, [self.one, self.other])
        acknowledged(name, self.centre, notes, reports=self.reports)
        sound(name, self.centre)


def main():
    if not is_installed():
        print("libfiu is not installed (Debian: fiu-utils)", file=sys.stderr)
        sys.exit(1)
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    try:
        with Centre(f"{folder}/data", patients=10, log=f"{folder}/server.log") as centre:
            run = Run(centre, folder)
            for _round in range(ROUNDS):
                for failures in TROUBLES.values():
                    run.suffer(failures)
            run.judge()
    finally:
        clean(folder)


if __name__ == "__main__":
    main()
