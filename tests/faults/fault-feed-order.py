# SPDX-License-Identifier: GPL-3.0-or-later
# row: feed order
# figure: 64 writers, several processes, pauses, aborts, a 60 s foreign transaction: 0 skips, 0 gaps; p99 ≤ 250 ms; a naive cursor as the control that fails
"""Many write at once, some of them refused in the middle, the server is paused now and then, and a reader follows the
feeds. It must miss nothing and see no gap. The control: the same load on a plain table of PostgreSQL, followed by a
cursor over its sequence, which is what most would write; it must miss rows, or this row proves nothing."""
import http.client
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from verdict import SEED, acknowledged, each_database, figure, nurse, percentile, size, sound, within
from gateway import Gateway, observation
from postgres import Cluster, programs
from workstation import Workstation

WRITERS = size(24, 64)
SECONDS = size(6, 600)
FOREIGN = size(4, 60)

CONTROL = """
CREATE TABLE entry (id bigserial PRIMARY KEY, writer int);
CREATE TABLE state (ended boolean);
CREATE TABLE result (seen bigint);
INSERT INTO state VALUES (false);
"""
CONTROL_WRITER = """
DO $$ BEGIN
  FOR i IN 1..%(rounds)d LOOP
    INSERT INTO entry (writer) SELECT %(number)d FROM generate_series(1, 3);
    PERFORM pg_sleep(random() * 0.01);
    IF random() < 0.1 THEN ROLLBACK; ELSE COMMIT; END IF;
  END LOOP;
END $$;
"""
CONTROL_READER = """
DO $$ DECLARE
  at bigint := 0; seen bigint := 0; one bigint; over boolean := false;
BEGIN
  LOOP
    SELECT ended INTO over FROM state;
    FOR one IN SELECT id FROM entry WHERE id > at ORDER BY id LOOP
      seen := seen + 1; at := one;
    END LOOP;
    COMMIT;
    EXIT WHEN over;
    PERFORM pg_sleep(0.002);
    COMMIT;
  END LOOP;
  INSERT INTO result VALUES (seen);
END $$;
"""


class Writer(threading.Thread):
    """A gateway that reports; each fifth of its bundles is refused as a whole."""

    def __init__(self, centre, port, number):
        super().__init__(daemon=True)
        self.gateway, self.number, self.centre = Gateway(centre, port=port), number, centre
        self.acknowledged, self.ending = {}, threading.Event()
        self.chance = random.Random(SEED + number)

    def run(self):
        serial = 0
        while not self.ending.is_set():
            serial += 1
            identifier = f"order-{self.number}-{serial}"
            told = observation(self.chance.choice(self.centre.patients), value=self.chance.randrange(90, 99),
                               identifier=identifier)
            if serial % 5 == 0:
                told["valueQuantity"]["value"] = 4711  # no saturation: refused in the middle of the transaction
            try:
                status = self.gateway.post(told)[0]
            except (OSError, http.client.HTTPException):
                continue
            if status in (200, 201):
                self.acknowledged[identifier] = time.monotonic()
            time.sleep(self.chance.uniform(0, 0.1))
        self.gateway.close()


class Reader(threading.Thread):
    """A workstation of another program that follows the feeds and complains of every gap."""

    def __init__(self, centre, port):
        super().__init__(daemon=True)
        user = nurse(centre)
        self.machine = Workstation(centre, user["name"], user["password"])
        self.machine.port = port
        self.machine.sign_in()
        self.machine.pull()
        self.seen, self.gaps, self.ending = {}, 0, threading.Event()

    def run(self):
        while not self.ending.is_set():
            self.step()

    def step(self):
        """One pull, held by the server until there is something."""
        known = len(self.machine.records.get("measurement", {}))
        try:
            self.machine.pull_page(wait=1)
        except AssertionError as gap:
            self.gaps += 1
            print(gap, file=sys.stderr)
        except (OSError, http.client.HTTPException):
            return
        now = time.monotonic()
        records = self.machine.records.get("measurement", {})
        for record in list(records.values())[known:]:
            if record.get("external_id"):
                self.seen.setdefault(record["external_id"].split("|")[-1], now)


def run(turn):
    """One database's turn."""
    name, database, centre, folder, _seed = turn
    ports = [centre.port, *database.more_processes(centre, 3)]
    writers = [Writer(centre, ports[number % len(ports)], number) for number in range(WRITERS)]
    reader = Reader(centre, ports[-1])
    for thread in [reader, *writers]:
        thread.start()
    foreign = database.foreign_transaction(FOREIGN)
    time.sleep(SECONDS / 2)
    paused = pause(centre)
    time.sleep(SECONDS / 2)
    for writer in writers:
        writer.ending.set()
    for writer in writers:
        writer.join()
    if foreign is not None:
        foreign.wait()
    judge(name, centre, writers, reader, paused)


def pause(centre):
    """The server stands still in the middle; when, from and to."""
    begun = time.monotonic()
    centre.server.send_signal(signal.SIGSTOP)
    time.sleep(0.7)
    centre.server.send_signal(signal.SIGCONT)
    return begun, time.monotonic() + 0.5


def judge(name, centre, writers, reader, paused):
    """The figures of the row."""
    told = {key: at for writer in writers for key, at in writer.acknowledged.items()}
    end = time.monotonic() + 60
    while set(told) - set(reader.seen) and time.monotonic() < end:
        time.sleep(0.1)
    reader.ending.set()
    reader.join()
    skipped = set(told) - set(reader.seen)
    late = [max(0.0, reader.seen[key] - at) * 1000 for key, at in told.items()
            if key in reader.seen and not paused[0] - 1 < at < paused[1]]
    figure(f"{name}: writers", len(writers), "")
    figure(f"{name}: changes followed", len(told), "", "> 0", len(told) > 0)
    figure(f"{name}: skipped", len(skipped), "", "= 0", not skipped)
    figure(f"{name}: gaps", reader.gaps, "", "= 0", reader.gaps == 0)
    within(f"{name}: acknowledged to seen by the reader, p99", percentile(late, 0.99), "ms", 250)
    acknowledged(name, centre, reports=list(told))
    sound(name, centre)


def control(folder):
    """The naive cursor: how many of how many rows it missed."""
    with Cluster(durable=False, folder=folder) as cluster:
        cluster.database("control")
        cluster.sql(CONTROL, "control")
        psql = [os.path.join(cluster.bin, "psql"), "-qX", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", "postgres",
                "-d", "control", "-c"]
        reader = subprocess.Popen([*psql, CONTROL_READER], stdin=subprocess.DEVNULL)
        writers = [subprocess.Popen([*psql, CONTROL_WRITER % {"rounds": size(60, 2000), "number": number}],
                                    stdin=subprocess.DEVNULL) for number in range(size(16, 64))]
        for writer in writers:
            writer.wait()
        cluster.sql("UPDATE state SET ended = true", "control")
        reader.wait()
        return (int(cluster.sql("SELECT (SELECT count(*) FROM entry) - seen FROM result", "control")),
                int(cluster.sql("SELECT count(*) FROM entry", "control")))


def main():
    each_database("feed order", run, patients=20)
    if programs() is None:
        figure("feed order, control: PostgreSQL", "not installed", "", "there", False)
        return
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    try:
        missed, rows = control(folder)
        figure("feed order, control: rows a naive cursor missed", missed, f"of {rows}", "> 0: it must fail", missed > 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
