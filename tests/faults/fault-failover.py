# SPDX-License-Identifier: GPL-3.0-or-later
# row: database failover, lost LISTEN
# figure: switch-over each minute for an hour: 0 acknowledged lost; alert p99 ≤ 10 s
"""PostgreSQL with a synchronous standby, two server processes with both in their address. The primary is killed and
started again, its backends are ended (LISTEN with them), and it is lost for good while the standby is promoted; all
while workstations write and a gateway reports red values. What was acknowledged is there, on the promoted one too, and
each alert reaches every workstation in time."""
import bisect
import http.client
import os
import random
import sys
import tempfile
import threading
import time

from verdict import (SEED, Centre, PostgresDatabase, acknowledged, alike, clean, figure, percentile, programs, ready,
                     saved, size, sound, station, within)
from gateway import Gateway, observation
from postgres import Cluster

ROUNDS = size(1, 20)
PAUSE = size(2, 60)
# Seconds between two reports of a gateway and two notes of somebody. Workstations, servers and both databases share this
# machine, and each workstation fetches all anew after a promotion: in an hour that must not become a test of that alone.
REPORT = size(0.15, 0.5)
WRITE = size(0.05, 0.25)


class Pair(PostgresDatabase):
    """A primary and its standby, which change places."""

    def __init__(self):
        self.primary = self.cluster = Cluster(settings={"wal_level": "replica", "max_wal_senders": "4"})
        self.standby = None

    def begin(self):
        """Start the primary and a standby that each commit waits for; the address of both."""
        self.primary.start()
        url = self.primary.database("centre")
        self.follow()
        hosts = ",".join(f"127.0.0.1:{one.port}" for one in (self.primary, self.standby))
        return url.replace(f"127.0.0.1:{self.primary.port}", hosts) + "?target_session_attrs=read-write"

    def follow(self, port=0):
        """Make a standby of the present primary."""
        self.standby = Cluster(port=port)
        self.standby._run(f"{self.standby.bin}/pg_basebackup", "-D", self.standby.data, "-h", "127.0.0.1", "-p",
                          str(self.primary.port), "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "--no-sync")
        with open(os.path.join(self.standby.data, "postgresql.conf"), "a", encoding="utf-8") as config:
            config.write(f"port = {self.standby.port}\nunix_socket_directories = '{self.standby.folder}'\n")
        # It alone answers no one's commits when it has become the primary: nothing to wait for then.
        with open(os.path.join(self.standby.data, "postgresql.auto.conf"), "a", encoding="utf-8") as config:
            config.write("synchronous_standby_names = ''\n")
        self.standby.start()
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.sql("SELECT pg_reload_conf()")

    def fail_over(self):
        """The primary is lost for good; the standby takes over, and gets a standby of its own at the old place."""
        lost = self.primary
        lost.kill()
        self.primary = self.cluster = self.standby
        self.primary.sql("SELECT pg_promote()")
        lost.remove()
        self.follow(lost.port)

    def remove(self):
        """End both."""
        for one in (self.primary, self.standby):
            if one is not None:
                one.remove()


class Reporter(threading.Thread):
    """Reports red values, each until it is answered; when each answer came, by the measurement's id."""

    def __init__(self, centre, number):
        super().__init__(daemon=True)
        self.centre, self.number, self.ending = centre, number, threading.Event()
        self.patient = [one for one in centre.patients if one["profile"] == "copd"][number]
        self.acknowledged, self.repeats = {}, 0

    def run(self):
        gateway, serial = Gateway(self.centre, timeout=15, port=self.centre.ports[self.number % 2]), 0
        while not self.ending.is_set():
            serial += 1
            identifier = f"fail-{self.number}-{serial}"
            told = observation(self.patient, value=60 + serial % 9, identifier=identifier)
            while True:
                try:
                    status, answer = gateway.post(told)
                except (OSError, http.client.HTTPException):
                    status, answer = 0, None
                if status in (200, 201):
                    self.acknowledged[identifier] = (answer.get("id"), time.monotonic())
                    break
                self.repeats += 1
                time.sleep(0.1)
            time.sleep(REPORT)
        gateway.close()


def write(centre, stations, ending, chance):
    """Everybody writes."""
    serial = 0
    while not ending.wait(WRITE):
        serial += 1
        chance.choice(stations).tell(f"write {chance.choice(centre.patients)['id']} f{serial}")


def suffer(pair, number):
    """One misfortune of the database."""
    if number % 3 == 0:
        pair.primary.kill()
        pair.primary.start()
    elif number % 3 == 1:
        pair.primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'centre' "
                         "AND pid <> pg_backend_pid()")
    else:
        pair.fail_over()


def arrivals(one):
    """When a workstation told that an alert is new or another: moments by alert, and under None those that named none
    because there were too many."""
    came = {}
    for event in one.events:
        if event["event"] == "changed":
            for alert in [None] if event["many"] else event["alerts"]:
                came.setdefault(alert, []).append(event["us"] / 1e6)
    return came


def late(stations, reporters):
    """Seconds from each acknowledgement until each workstation had its alert."""
    told = {identity: at for one in reporters for identity, at in one.acknowledged.values()}
    found = []
    for one in stations:
        by_measurement = {alert.get("measurement_id"): key for key, alert in one.alerts(120).items()}
        came = arrivals(one)
        for measurement, at in told.items():
            alert = by_measurement.get(measurement)
            moments = [came[key][bisect.bisect_left(came[key], at - 5):][:1] for key in (alert, None) if key in came]
            first = min(sum(moments, []), default=None)
            found.append(99.0 if alert is None or first is None else max(0.0, first - at))
    return found


def run(pair, folder):
    """The whole row."""
    chance = random.Random(SEED)
    url = pair.begin()
    centre = Centre(f"{folder}/data", 12, log=f"{folder}/server.log", database=url, servers=2)
    centre.ask = pair._ask
    with centre:
        stations = [station(centre, folder, f"station-{number}", number, centre.urls[number % 2])
                    for number in range(size(2, 8))]
        ready(*stations)
        reporters, ending = [Reporter(centre, number) for number in range(2)], threading.Event()
        writer = threading.Thread(target=write, args=(centre, stations, ending, chance))
        for thread in [*reporters, writer]:
            thread.start()
        for number in range(3 * ROUNDS):
            time.sleep(chance.uniform(0.5, 1) * PAUSE)
            suffer(pair, number)
        time.sleep(PAUSE)
        for one in reporters:
            one.ending.set()
        ending.set()
        for thread in [*reporters, writer]:
            thread.join(60)
        judge(centre, folder, stations, reporters)


def judge(centre, folder, stations, reporters):
    """The figures of the row."""
    name = "failover"
    reports = {key: at for one in reporters for key, at in one.acknowledged.items()}
    figure(f"{name}: crashes, lost LISTENs and switch-overs", 3 * ROUNDS, "")
    figure(f"{name}: repeated after no answer", sum(one.repeats for one in reporters), "")
    end = time.monotonic() + 60
    while 99.0 in late(stations, reporters) and time.monotonic() < end:
        time.sleep(0.5)
    within(f"{name}: alert at the workstation, p99", percentile(late(stations, reporters), 0.99), "s", 10)
    notes = {}
    for one in stations:
        notes.update(saved(one))
    alike(name, centre, folder, stations)
    acknowledged(name, centre, notes, reports=list(reports))
    sound(name, centre)


def main():
    print(f"seed {SEED}", file=sys.stderr)
    if programs() is None:
        figure("failover: PostgreSQL", "not installed", "", "there", False)
        return
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    pair = Pair()
    try:
        run(pair, folder)
    finally:
        pair.remove()
        clean(folder)


if __name__ == "__main__":
    main()
