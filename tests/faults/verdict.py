# SPDX-License-Identifier: GPL-3.0-or-later
"""What is judged after every run of a fault row, once all is quiet: each acknowledged change is there exactly once,
every workstation holds the same as one that starts afresh, nothing waits for ever, feeds and chains have no hole."""
import collections
import contextlib
import glob
import json
import multiprocessing
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import types

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../bench"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))

from centre import environment, program
from headless import Headless, plain_copy
from postgres import Cluster, programs
from measure import Centre, at_least, figure  # noqa: F401 (for the rows)

FULL = "--full" in sys.argv
SEED = int(os.environ.get("FYRLYKT_SEED", random.randrange(2**32)))
KINDS = ["organization", "centre", "user", "membership", "gp", "patient", "related_person", "condition", "device",
         "limit", "measurement", "alert", "alert_event", "note"]


def size(quick, full):
    """How much a row does: in the continuous integration, or with --full."""
    return full if FULL else quick


class SqliteDatabase:
    """Centres whose server keeps its data in SQLite."""

    name = "SQLite"
    centre = staticmethod(Centre)

    @staticmethod
    def more_processes(_centre, _count):
        """Ports of further servers on the same data; SQLite has one process."""
        return []

    @staticmethod
    def other_process(centre, _ports):
        """The centre as another server process serves it: here the same process, begun anew."""
        centre.stop_server()
        centre.start_server()
        return centre

    @staticmethod
    def foreign_transaction(_seconds):
        """Another program's long transaction on the same database: there is none with SQLite."""
        return None

    @staticmethod
    def stop(centre):
        """End every server process of the centre."""
        centre.stop_server()

    @staticmethod
    def start(centre):
        """Start every server process of the centre."""
        centre.start_server()

    @staticmethod
    def backup(centre, folder):
        """Take a backup while all work."""
        centre.admin("backup", f"{folder}/backup.db")

    @staticmethod
    def restore(centre, folder):
        """Put the backup in place of the database, which is lost; no server process runs."""
        centre.admin("restore", f"{folder}/backup.db")


class PostgresDatabase:
    """Centres on PostgreSQL, in a cluster of their own, with several server processes."""

    name = "PostgreSQL"
    servers = size(2, 4)

    def new_cluster(self):
        """The cluster, not started yet."""
        return Cluster(durable=True)

    @contextlib.contextmanager
    def centre(self, data_dir, patients=10, log=None, standby=False):
        """A centre with all its servers."""
        with self.new_cluster() as cluster:
            self.cluster = cluster
            made = Centre(data_dir, patients, log=log, database=cluster.database("centre"), servers=self.servers)
            made.ask = self._ask
            with made:
                yield made

    def _ask(self, sql):
        """Rows of the server's database, as `ask` gives them."""
        sql = re.sub(r"hex\(([a-z_.]+)\)", r"encode(\1, 'hex')", sql)
        answer = self.cluster.sql(f"SELECT coalesce(json_agg(row_of), '[]') FROM ({sql}) row_of", "centre")
        return json.loads(answer, object_pairs_hook=lambda pairs: tuple(value for _name, value in pairs))

    @staticmethod
    def more_processes(centre, _count):
        """Ports of the further servers."""
        return centre.ports[1:]

    @staticmethod
    def other_process(_centre, ports):
        """The centre as another server process serves it."""
        return types.SimpleNamespace(port=ports[0])

    def foreign_transaction(self, seconds):
        """Another program's long transaction that has written something."""
        return subprocess.Popen([os.path.join(self.cluster.bin, "psql"), "-qAtX", "-h", "127.0.0.1", "-p",
                                 str(self.cluster.port), "-U", "fyrlykt", "-d", "centre", "-c",
                                 f"BEGIN; CREATE TABLE foreign_one (n int); SELECT txid_current(), pg_sleep({seconds}); "
                                 "ROLLBACK"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    @staticmethod
    def stop(centre):
        """End every server process of the centre."""
        for index in range(len(centre.servers)):
            centre.stop_server(index)

    @staticmethod
    def start(centre):
        """Start every server process of the centre."""
        for index in range(len(centre.servers)):
            centre.start_server(index=index)

    def backup(self, _centre, _folder):
        """Take a base backup while all work."""
        self.cluster.backup()

    def restore(self, _centre, _folder):
        """Put the base backup in place of the cluster, which is lost."""
        self.cluster.restore()


def databases():
    """The databases a row is to be tried on."""
    if programs() is None:
        print("PostgreSQL is not installed: only SQLite is tried", file=sys.stderr)
        return [SqliteDatabase()]
    return [SqliteDatabase(), PostgresDatabase()]


# What a row works on: its name for the figures, the database, a centre on it, a folder for files, the seed of chance.
Turn = collections.namedtuple("Turn", "name database centre folder seed")


def _turn(title, run, database, patients, seed):
    """Let `run` work on one new centre."""
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    try:
        with database.centre(f"{folder}/data", patients=patients, log=f"{folder}/server.log") as centre:
            run(Turn(f"{title}, {database.name}", database, centre, folder, seed))
    finally:
        clean(folder)


def _side_by_side(title, run, database, patients, centres):
    """Let `run` work on several new centres at once; each tells its own figures."""
    fork = multiprocessing.get_context("fork")
    turns = [fork.Process(target=_turn, args=(f"{title} {number + 1}", run, database, patients, SEED + 1000 * number))
             for number in range(centres)]
    for turn in turns:
        turn.start()
    for turn in turns:
        turn.join()
    return all(turn.exitcode == 0 for turn in turns)


def each_database(title, run, patients=10, centres=1):
    """Call `run` with a Turn on each database the row is to be tried on. With more than one centre as many work side
    by side, in a process each: for rows that mostly wait, so that a thousand runs do not take all day."""
    print(f"seed {SEED}", file=sys.stderr)
    fine = True
    for database in databases():
        if centres == 1:
            _turn(title, run, database, patients, SEED)
        else:
            fine = _side_by_side(title, run, database, patients, centres) and fine
    if not fine:
        sys.exit(1)


def within(name, value, unit, limit):
    """A figure of time that shall not be over a limit; in `./dev test` the machine may be busy with other tests."""
    slow = float(os.environ.get("FYRLYKT_TEST_SLOW", "1"))
    figure(name, value, unit, f"≤ {limit:g}", value <= limit * slow)


def ask(centre, sql):
    """Rows of the server's database, ids as hexadecimal text where the statement asks for hex()."""
    if hasattr(centre, "ask"):
        return centre.ask(sql)
    wire = sqlite3.connect(f"file:{os.path.join(centre.data_dir, 'fyrlykt.db')}?mode=ro", uri=True, timeout=20)
    try:
        return wire.execute(sql).fetchall()
    finally:
        wire.close()


def heads(centre):
    """Head of every feed at the server."""
    return dict(ask(centre, "SELECT name, head FROM scope"))


def nurse(centre, number=0):
    """The number-th nurse of the first centre, round and round; they are all granted the same."""
    nurses = [user for user in centre.users if user["role"] == "nurse" and user["name"] != "marit"]
    return nurses[number % len(nurses)]


def station(centre, folder, name, number=0, url=None, **more):
    """A workstation of the number-th nurse on a database of its own, started."""
    user = nurse(centre, number)
    made = Headless(f"{folder}/{name}/store.db", url or centre.url, user["name"], user["password"], **more)
    return made.start()


def ready(*stations):
    """Wait until workstations are signed in at the server and hold everything. On a machine that is very busy the
    server's answer may come too late for a workstation that does not know its user yet: it is started again."""
    for one in stations:
        for _attempt in range(5):
            try:
                if one.signed_in(90) == "online":
                    break
            except AssertionError:
                pass
            one.stop()
            one.events.clear()
            one.start()
    for one in stations:
        one.complete(120)


def is_level(centre, one, now=None):
    """Whether a workstation has sent all it had and holds all that the server has for it."""
    outbox = one.ask("outbox", "outbox", 60)
    if outbox["waiting"] + outbox["displays"] > outbox["held"]:  # held work waits for its author, not for the server
        return False
    cursors = one.ask("cursors", "cursors", 60)["cursors"]
    now = now or heads(centre)
    return bool(cursors) and all(now.get(scope, 0) == seq for scope, seq in cursors.items())


def level(centre, stations, wait=120):
    """Wait until all is quiet: seconds it took, and those that were not level in the end."""
    started = time.monotonic()
    left = list(stations)
    while left and time.monotonic() - started < wait:
        left = [one for one in left if not is_level(centre, one)]
        if not left:
            # A later one may have sent what an earlier one had not seen yet.
            now = heads(centre)
            left = [one for one in stations if not is_level(centre, one, now)]
        if left:
            time.sleep(0.05)
    return time.monotonic() - started, left


def _rows(wire, schema, kind):
    columns = [row[1] for row in wire.execute(f"PRAGMA {schema}.table_info('{kind}')")]
    return ", ".join(f'"{name}"' for name in sorted(columns))


def differences(path, reference):
    """How many records of one workstation's database differ from another's, in any field, or lack there; what it
    shows of own work that its author must decide about yet is left out."""
    wire = sqlite3.connect(plain_copy(path))
    count = 0
    try:
        wire.execute("ATTACH ? AS other", (plain_copy(reference),))
        for kind in KINDS:
            names = _rows(wire, "main", kind)
            for left, right in (("main", "other"), ("other", "main")):
                found = wire.execute(f'SELECT count(*) FROM (SELECT {names} FROM {left}."{kind}" '
                                     f'EXCEPT SELECT {names} FROM {right}."{kind}") '
                                     f"WHERE id NOT IN (SELECT id FROM main.effect WHERE kind = '{kind}')").fetchone()[0]
                if found:
                    print(f"{path}: {kind}: {found} in {left} only", file=sys.stderr)
                count += found
    finally:
        wire.close()
    return count


def forgotten(path):
    """Work held for something that has been decided: nobody would ever send it."""
    wire = sqlite3.connect(plain_copy(path))
    try:
        return wire.execute(
            "SELECT count(*) FROM outbox o WHERE state IN (1, 2) OR state = 3 AND NOT EXISTS (SELECT 1 FROM outbox g "
            "WHERE g.stream = o.stream AND g.number = o.depends_on AND g.open = 1)").fetchone()[0]
    finally:
        wire.close()


def holes(centre):
    """Feeds whose entries are not 1, 2, 3 … head, and chains of mutations that are not 1, 2, 3 … last."""
    feeds = ask(centre, "SELECT name, head, (SELECT count(*) FROM feed WHERE feed.scope = scope.id), "
                        "(SELECT coalesce(min(seq), 1) FROM feed WHERE feed.scope = scope.id), "
                        "(SELECT coalesce(max(seq), 0) FROM feed WHERE feed.scope = scope.id) FROM scope")
    bad = [row[0] for row in feeds if not (row[1] == row[2] == row[4] and row[3] == 1)]
    chains = ask(centre, "SELECT id, number, (SELECT count(*) FROM mutation WHERE workstation = workstation.id), "
                         "(SELECT coalesce(max(number), 0) FROM mutation WHERE workstation = workstation.id) "
                         "FROM workstation")
    return bad + [f"chain {row[0]}" for row in chains if not row[1] == row[2] == row[3]]


def saved(one):
    """What a workstation has told its user was saved: {id of the note or event: text}."""
    one._drain(0)
    return {event["id"]: event["text"] for event in one.events if event["event"] == "saved"}


def _count(rows):
    found = {}
    for key, in rows:
        found[key] = found.get(key, 0) + 1
    return found


def acknowledged(name, centre, notes=None, events=(), reports=()):
    """Each change that a user or a gateway was told of is at the server, once."""
    notes = notes or {}
    lost, double = [], []
    if notes:
        there = {row[0].lower(): row[1] for row in ask(centre, "SELECT hex(id), text FROM note")}
        texts = _count([(text,) for text in there.values()])
        lost += [key for key, text in notes.items() if there.get(key.replace("-", "")) != text]
        double += [text for text in set(notes.values()) if texts.get(text, 0) > 1]
    if events:
        there = {row[0].lower() for row in ask(centre, "SELECT hex(id) FROM alert_event")}
        lost += [key for key in events if key.replace("-", "") not in there]
    if reports:
        there = {key.split("|")[-1]: count for key, count in _count(
            ask(centre, "SELECT external_id FROM measurement WHERE external_id IS NOT NULL")).items()}
        lost += [key for key in reports if key not in there]
        double += [key for key in reports if there.get(key, 0) > 1]
    total = len(notes) + len(events) + len(reports)
    figure(f"{name}: acknowledged changes", total, "", "> 0", total > 0)
    figure(f"{name}: acknowledged lost", len(lost), "", "= 0", not lost)
    figure(f"{name}: double", len(double), "", "= 0", not double)
    if lost:
        print(f"lost: {lost[:5]}", file=sys.stderr)


def alike(name, centre, folder, stations, wait=120):
    """All quiet: nothing stuck, every workstation equal to one that starts afresh. Ends the workstations."""
    _took, stuck = level(centre, stations, wait)
    figure(f"{name}: stuck workstations", len(stuck), "", "= 0", not stuck)
    for one in stuck:
        print(f"stuck: {one.arguments[0]} {one.ask('outbox', 'outbox')} {one.events[-3:]}", file=sys.stderr)
    fresh = station(centre, folder, "afresh")
    ready(fresh)
    level(centre, [fresh], wait)
    apart = 0
    for one in [*stations, fresh]:
        one.stop()
    held = 0
    for one in stations:
        apart += differences(one.arguments[0], fresh.arguments[0])
        held += forgotten(one.arguments[0])
    figure(f"{name}: changes stuck in an outbox", held, "", "= 0", held == 0)
    figure(f"{name}: records apart", apart, "", "= 0", apart == 0)
    logged(name, centre, stations)


def sound(name, centre):
    """The server's own database: no hole in a feed or a chain, and its own judgement of itself."""
    bad = holes(centre)
    figure(f"{name}: feeds or chains with holes", len(bad), "", "= 0", not bad)
    if bad:
        print(f"holes: {bad[:5]}", file=sys.stderr)
    _judged(name, centre, "faults found by verify", "verify")
    _judged(name, centre, "faults in the access log", "access-log", "verify")


def _admin(centre, *words):
    """What the operator's tool answers in JSON beside the centre's servers, and the call to be repeated for people."""
    database = ["--database", centre.database] if getattr(centre, "database", None) else []
    told = subprocess.run([program("fyrlykt-admin"), *words, "--data", centre.data_dir, *database, "--json"],
                          capture_output=True, text=True, env=environment(), check=False, stdin=subprocess.DEVNULL)
    return json.loads(told.stdout) if told.stdout.startswith("{") else None, told.args[:-1]


def _judged(name, centre, what, *words):
    """A check of the operator's tool that shall find nothing."""
    answer, call = _admin(centre, *words)
    count = answer["faults"] if answer else 99
    figure(f"{name}: {what}", count, "", "= 0", count == 0)
    if count:
        said = subprocess.run(call, capture_output=True, text=True, env=environment(), check=False,
                              stdin=subprocess.DEVNULL)
        print(said.stdout[-3000:], said.stderr, file=sys.stderr)


def shown(one):
    """Ids of the entries of the access log that a workstation made before it showed a record."""
    one._drain(0)
    return [event["id"] for event in one.events if event["event"] == "shown"]


def logged(name, centre, stations):
    """The access log is complete: each display of a workstation is in it, once."""
    displays = [key for one in stations for key in shown(one)]
    there = _count((key.lower(),) for key, in ask(centre, "SELECT hex(id) FROM audit_event"))
    missing = [key for key in displays if there.get(key.replace("-", "")) != 1]
    figure(f"{name}: displays", len(displays), "", None, None)
    figure(f"{name}: displays not in the access log once", len(missing), "", "= 0", not missing)
    if missing:
        print(f"not logged: {missing[:5]}", file=sys.stderr)


def clean(folder):
    """Remove what a row made, unless FYRLYKT_KEEP is set."""
    if os.environ.get("FYRLYKT_KEEP"):
        print(f"kept: {folder} {glob.glob(folder + '/*')}", file=sys.stderr)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def percentile(values, part):
    """The value below which `part` (0..1) of them lie."""
    values = sorted(values)
    return values[int(part * (len(values) - 1))] if values else 0.0
