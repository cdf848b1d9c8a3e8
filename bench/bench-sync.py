# SPDX-License-Identifier: GPL-3.0-or-later
# packages: postgresql
"""Synchronisation: a save with the network cut, a fresh workstation with a million changes waiting, changes pushed a
second on both databases beside what each inserts bare, idle sockets, one alert to all of them, and gaps.

Full-sized by itself; FYRLYKT_BENCH_CHANGES, _COMMITS (on each database), _SECONDS (each push load), _SOCKETS and _SAMPLES
(saves) make it another size. What it is doing is told on standard error."""
import http.client
import json
import os
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from measure import Centre, alerting, at_most, figure, resident_mb

from gateway import Gateway, observation
from headless import Headless
from postgres import Cluster
from workstation import Live, Workstation

CHANGES = int(os.environ.get("FYRLYKT_BENCH_CHANGES", "1000000"))
COMMITS = int(os.environ.get("FYRLYKT_BENCH_COMMITS", "1000000"))
SECONDS = float(os.environ.get("FYRLYKT_BENCH_SECONDS", "8"))
SOCKETS = int(os.environ.get("FYRLYKT_BENCH_SOCKETS", "500"))
SAVES = int(os.environ.get("FYRLYKT_BENCH_SAMPLES", "1000"))
PUSHERS, BATCH = 8, 100
BEGAN = time.monotonic()


def say(what):
    """Tell how far it is."""
    print(f"bench sync: {time.monotonic() - BEGAN:5.0f} s: {what}", file=sys.stderr, flush=True)


def percentile(values, share):
    """The value that `share` of them do not exceed."""
    return sorted(values)[int(share * (len(values) - 1))]


def database(centre):
    """The server's SQLite database, to be read only."""
    return sqlite3.connect(f"file:{centre.data_dir}/fyrlykt.db?mode=ro", uri=True)


def first_sync(centre, folder):
    """A fresh workstation: until the worklist is there, and until everything is. It goes on running."""
    with database(centre) as wire:
        waiting = wire.execute("SELECT sum(head) FROM scope").fetchone()[0]
        opened = wire.execute("SELECT count(*) FROM alert WHERE status <> 3").fetchone()[0]
    figure("first sync, changes waiting", waiting, "")
    figure("first sync, open alerts", opened, "")
    name, password = centre.user("nurse")
    station = Headless(f"{folder}/store.db", centre.url, name, password)
    started = time.monotonic()
    station.start()
    station.signed_in()
    signed_in = time.monotonic() - started
    station.until(lambda alerts: sum(alert["status"] != "closed" for alert in alerts.values()) >= opened, 600,
                  "the worklist")
    worklist = time.monotonic() - started
    station.complete(1200)
    whole = time.monotonic() - started
    figure("first sync, signed in", signed_in, "s")
    at_most("first sync, usable worklist after the start", worklist, "s", 3)
    figure("first sync, whole", whole, "s")
    figure("first sync, changes", waiting / whole, "1/s")
    return station


def save_offline(station, patients):
    """Saves while nothing answers."""
    taken = []
    for number in range(SAVES):
        told = station.ask(f"write {patients[number % len(patients)]} Uten nett {number}", "saved")
        taken.append(told["took_us"] / 1000)
    figure("save with the network cut, p50", percentile(taken, 0.5), "ms")
    at_most("save with the network cut, p99", percentile(taken, 0.99), "ms", 20)


def prepared(port, name, password, patient, batches, epoch_of):
    """A workstation and push bodies that follow each other."""
    station = Workstation(epoch_of, name, password)
    station.port = port
    station.sign_in()
    bodies = []
    for _ in range(batches):
        made = []
        first, previous = station.number + 1, station.hash
        for _ in range(BATCH):
            mutation = station.note(patient, "Målt hjemme, alt bra")
            station.number, station.hash = mutation["number"], mutation["hash"]
            made.append(mutation)
        bodies.append(json.dumps({"epoch": station.epoch, "schema": 1, "device": station.device,
                                  "incarnation": station.incarnation, "first": first, "previous_hash": previous,
                                  "mutations": made}))
    return station, bodies


def pour(port, token, bodies, counts, index, until):
    """Send bodies over one connection until they or the time end."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for body in bodies:
        if time.monotonic() > until:
            break
        wire.request("POST", "/sync/v1/push", body, {"Content-Type": "application/json",
                                                     "Authorization": f"Bearer {token}"})
        answer = wire.getresponse()
        text = answer.read()
        if answer.status == 503:
            time.sleep(float(answer.headers.get("Retry-After", "1")))
            continue
        if answer.status != 200 or text.count(b'"applied"') != BATCH:
            raise RuntimeError(f"push answered {answer.status}: {text[:300]}")
        counts[index] += BATCH
    wire.close()


def push_load(centre, commits, seconds):
    """Changes a second through push from several workstations, spread over the centre's servers."""
    name, password = centre.user("nurse")
    # A share of what must come: made beforehand, so that only the server is measured.
    batches = max(2, min(commits // PUSHERS // BATCH, int(seconds * 6000 / PUSHERS / BATCH)))
    made = [prepared(centre.ports[index % len(centre.ports)], name, password,
                     centre.patients[index % len(centre.patients)]["id"], batches, centre)
            for index in range(PUSHERS)]
    counts = [0] * PUSHERS
    started = time.monotonic()
    until = started + seconds
    threads = [threading.Thread(target=pour, args=(station.port, station.token, bodies, counts, index, until))
               for index, (station, bodies) in enumerate(made)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.monotonic() - started


def bare_sqlite(path, rows=60000):
    """Rows a second of a bare loop that inserts the same notes in transactions of a push's size."""
    wire = sqlite3.connect(path, isolation_level=None)
    wire.execute("PRAGMA journal_mode=WAL")
    wire.execute("PRAGMA synchronous=FULL")
    columns = [row[1] for row in wire.execute("PRAGMA table_info(note)")]
    sample = wire.execute(f"SELECT * FROM note LIMIT {rows}").fetchall()
    wire.execute("DELETE FROM note")
    insert = f"INSERT INTO note VALUES ({','.join('?' * len(columns))})"
    started = time.monotonic()
    for start in range(0, len(sample), BATCH):
        wire.execute("BEGIN IMMEDIATE")
        wire.executemany(insert, sample[start:start + BATCH])
        wire.execute("COMMIT")
    return len(sample) / (time.monotonic() - started)


def bare_postgres(cluster, url, seconds):
    """Rows a second of psql's own client at the same batch size, on a table of the same shape."""
    script = "CREATE TABLE bare_note (LIKE note INCLUDING ALL);"
    subprocess.run([f"{cluster.bin}/psql", url, "-qc", script], check=True, capture_output=True)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as work:
        work.write("INSERT INTO bare_note (id, version, patient_id, author_id, time, text) SELECT"
                   " decode(md5(random()::text), 'hex'), 1, decode(md5('p'), 'hex'), decode(md5('a'), 'hex'),"
                   f" 1790000000000, 'Målt hjemme, alt bra' FROM generate_series(1, {BATCH});\n")
        work.flush()
        told = subprocess.run([f"{cluster.bin}/pgbench", "-n", "-c", str(PUSHERS), "-j", "2", "-T", str(int(seconds)),
                               "-f", work.name, url], check=True, capture_output=True, text=True).stdout
    return next(float(line.split("=")[1].split()[0]) for line in told.splitlines() if line.startswith("tps")) * BATCH


def gaps_of(rows):
    """How many numbers are missing in feeds given as (head, lowest, highest, count)."""
    return sum(abs(head - count) + (low or 1) - 1 + abs(head - (high or 0)) for head, low, high, count in rows)


FEEDS = ("SELECT s.head, min(f.seq), max(f.seq), count(f.seq) FROM scope s LEFT JOIN feed f ON f.scope = s.id"
         " GROUP BY s.id, s.head")


def follow(centre, stop, found):
    """Pull all the while, on the last server, and count what follows without a gap."""
    name, password = centre.user("nurse")
    station = Workstation(centre, name, password)
    station.port = centre.ports[-1]
    station.sign_in()
    while True:
        last = stop.is_set()
        station.pull()
        found["notes"] = len(station.records.get("note", {}))
        if last:
            return
        time.sleep(0.05)


def commits_followed(centre, commits):
    """Concurrent commits while a workstation follows; what it missed."""
    stop, found, done = threading.Event(), {}, 0
    follower = threading.Thread(target=follow, args=(centre, stop, found))
    follower.start()
    while "notes" not in found:
        time.sleep(0.1)
    before = found["notes"]
    while done < commits:
        added, _took = push_load(centre, commits - done, 30)
        done += added
        say(f"{done} of {commits} changes committed and followed")
    stop.set()
    follower.join()
    return done, done - (found["notes"] - before)


def sockets(centre):
    """Memory of idle sockets, and how long one alert takes to all of them."""
    name, password = centre.user("nurse")
    station = Workstation(centre, name, password)
    station.sign_in()
    Live(centre.port, station.token).wire.close()
    time.sleep(0.5)
    before = resident_mb(centre.server.pid)
    lives = [Live(centre.port, station.token) for _ in range(SOCKETS)]
    if any(live.status != 101 for live in lives):
        raise RuntimeError("a socket was refused")
    time.sleep(2)
    at_most(f"memory of an idle socket, of {SOCKETS}", (resident_mb(centre.server.pid) - before) * 1024 / SOCKETS, "KB",
            10)
    gateway, taken, people = Gateway(centre), [], alerting(centre)
    poller = select.epoll()
    for live in lives:
        live.wire.setblocking(False)
        poller.register(live.wire.fileno(), select.EPOLLIN)
    by_number = {live.wire.fileno(): live.wire for live in lives}
    for number in range(20):
        for wire in lives:
            try:
                wire.wire.recv(65536)
            except BlockingIOError:
                pass
        status, answer = gateway.post(observation(people[number], value=60))
        posted = time.monotonic()
        if status not in (200, 201):
            raise RuntimeError(f"POST answered {status}: {answer}")
        told = set()
        while len(told) < SOCKETS and time.monotonic() < posted + 10:
            for handle, _event in poller.poll(0.1):
                by_number[handle].recv(65536)
                if handle not in told:
                    told.add(handle)
                    taken.append((time.monotonic() - posted) * 1000)
        if len(told) < SOCKETS:
            raise RuntimeError(f"only {len(told)} sockets were told")
        time.sleep(0.3)
    figure(f"one alert to {SOCKETS} sockets, p50 after its answer", percentile(taken, 0.5), "ms")
    figure(f"one alert to {SOCKETS} sockets, p99 after its answer", percentile(taken, 0.99), "ms")


def on_sqlite(folder):
    """Everything that one process on SQLite does."""
    with Centre(f"{folder}/small", patients=100, log=f"{folder}/server.log") as centre:
        say(f"{SOCKETS} idle workstations")
        sockets(centre)
        say("push on SQLite")
        added, took = push_load(centre, 10 ** 9, SECONDS)
        rate = added / took
        path = f"{folder}/bare.db"
        with database(centre) as source, sqlite3.connect(path) as target:
            source.backup(target)
        bare = bare_sqlite(path)
        figure("push on SQLite", rate, "1/s")
        figure("peer: bare insert on SQLite", bare, "1/s")
        figure("push on SQLite, of the bare insert", rate / bare, "ratio")
        done, missed = commits_followed(centre, COMMITS)
        with database(centre) as wire:
            gaps = gaps_of(wire.execute(FEEDS).fetchall())
        figure("SQLite, concurrent changes followed", done, "")
        figure("SQLite, entries skipped", missed, "", "= 0", missed == 0)
        figure("SQLite, gaps in feeds", gaps, "", "= 0", gaps == 0)


def on_postgres(folder):
    """Two processes on one PostgreSQL."""
    with Cluster() as cluster:
        url = cluster.database("bench")
        with Centre(f"{folder}/shared", patients=100, log=f"{folder}/shared.log", database=url, servers=2) as centre:
            say("push on PostgreSQL, two processes")
            added, took = push_load(centre, 10 ** 9, SECONDS)
            rate = added / took
            bare = bare_postgres(cluster, url, SECONDS)
            figure("push on PostgreSQL, 2 processes", rate, "1/s")
            figure("peer: bare insert on PostgreSQL", bare, "1/s")
            figure("push on PostgreSQL, of the bare insert", rate / bare, "ratio")
            done, missed = commits_followed(centre, COMMITS)
            told = subprocess.run([f"{cluster.bin}/psql", url, "-qAtc", FEEDS], check=True, capture_output=True,
                                  text=True).stdout
            gaps = gaps_of([[int(cell or 0) for cell in line.split("|")] for line in told.splitlines()])
            figure("PostgreSQL, concurrent changes followed", done, "")
            figure("PostgreSQL, entries skipped", missed, "", "= 0", missed == 0)
            figure("PostgreSQL, gaps in feeds", gaps, "", "= 0", gaps == 0)


class Filled(Centre):
    """A centre with a long history."""

    def make(self):
        shutil.rmtree(self.data_dir, ignore_errors=True)
        os.makedirs(self.data_dir, mode=0o700)
        self.admin("init")
        answer = json.loads(self.admin("demo-data", "--patients", "500", "--measurements", str(CHANGES), "--json"))
        self.gateway_token, self.users, self.patients = answer["gateway_token"], answer["users"], answer["patients"]


def main():
    folder = tempfile.mkdtemp(prefix="fyrlykt-bench-")
    try:
        say(f"a centre with {CHANGES} measurements")
        with Filled(f"{folder}/full", log=f"{folder}/full.log") as centre:
            say("a fresh workstation fetches all of it")
            station = first_sync(centre, folder)
            centre.stop_server()
            say(f"{SAVES} saves without a network")
            save_offline(station, [patient["id"] for patient in centre.patients])
            station.stop()
        shutil.rmtree(f"{folder}/full", ignore_errors=True)
        on_sqlite(folder)
        on_postgres(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
