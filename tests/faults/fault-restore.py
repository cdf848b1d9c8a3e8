# SPDX-License-Identifier: GPL-3.0-or-later
# row: server restored from backup
# figure: load, restore an older copy, 10 clients ahead: 100 % of rows any client holds come back, 0 doubles
"""A backup is taken, everybody goes on working and a gateway goes on reporting, the server's disk is lost, the backup is
put in place. What any workstation holds comes back: own work from its author, the work of others and of gateways from
whoever saw it; once. What was deleted after the backup, on a machine that burnt with it, goes again."""
import random
import sqlite3
import sys
import time

from verdict import SEED, acknowledged, alike, ask, each_database, figure, level, ready, saved, size, sound, station
from gateway import Gateway, observation
from headless import plain_copy
from workstation import Workstation, new_id

STATIONS = size(4, 10)
SECONDS = size(3, 120)


def work(centre, stations, seconds, word):
    """Everybody writes and handles alerts, a gateway reports; what the gateway was told."""
    chance, gateway, serial, reports = random.Random(SEED), Gateway(centre), 0, []
    alerts = [key for key, alert in stations[0].alerts().items() if alert["status"] == "open"]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        serial += 1
        one, patient = chance.choice(stations), chance.choice(centre.patients)
        one.tell(f"write {patient['id']} {word}-{serial}")
        if alerts and serial % 4 == 0:
            one.tell(f"take {alerts.pop()} {word}-{serial}")
        if serial % 3 == 0:
            told = observation(patient, value=chance.choice((60, 97)), identifier=f"{word}-{serial}")
            if gateway.post(told)[0] in (200, 201):
                reports.append(f"{word}-{serial}")
        time.sleep(0.01)
    gateway.close()
    return reports


def diagnose(centre, many):
    """A machine that writes diagnoses; itself, and their ids."""
    machine = Workstation(centre, *centre.user("nurse"))
    machine.sign_in()
    machine.pull()
    made = [new_id() for _number in range(many)]
    for number, key in enumerate(made):
        patient = centre.patients[number % len(centre.patients)]
        assert machine.do("create", "condition", key, fields={
            "patient_id": patient["id"], "display": f"Diagnose {number}"})["outcome"] == "applied"
    return machine, made


def delete(machine, made):
    """Takes the diagnoses away again."""
    for key in made:
        assert machine.do("delete", "condition", key, base_version=1)["outcome"] == "applied"


def risen(centre, made):
    """How many of the deleted diagnoses the server has."""
    rows = {key.lower() for key, in ask(centre, "SELECT hex(id) FROM condition")}
    return len(rows & {key.replace("-", "") for key in made})


def server_rows(centre):
    """(kind, id) of all that the server holds."""
    return {(kind, key.lower()) for kind in ("note", "alert", "alert_event", "measurement")
            for key, in ask(centre, f"SELECT hex(id) FROM {kind}")}


def held_rows(paths):
    """(kind, id) of all that any workstation holds."""
    found = set()
    for path in paths:
        wire = sqlite3.connect(plain_copy(path))
        for kind in ("note", "alert", "alert_event", "measurement"):
            found |= {(kind, key.lower()) for key, in wire.execute(f"SELECT hex(id) FROM {kind}")}
        wire.close()
    return found


def main():
    each_database("restore", run)


def run(turn):
    """One database's turn."""
    name, database, centre, folder, _seed = turn
    stations = [station(centre, folder, f"station-{number}", number,
                        f"http://127.0.0.1:{centre.ports[number % len(centre.ports)]}") for number in range(STATIONS)]
    ready(*stations)
    reports = work(centre, stations, SECONDS, "before")
    machine, deleted = diagnose(centre, size(10, 200))
    level(centre, stations)
    database.backup(centre, folder)
    reports += work(centre, stations, SECONDS, "after")
    delete(machine, deleted)
    level(centre, stations)
    ahead = server_rows(centre)
    database.stop(centre)
    database.restore(centre, folder)
    lost = ahead - server_rows(centre)
    there = risen(centre, deleted)
    figure(f"{name}: deleted rows the backup has", there, "", "> 0", there > 0)
    started = time.monotonic()
    database.start(centre)
    for one in stations:
        one.tell("sync")
    judge(name, centre, folder, stations, (ahead, lost, reports), started)
    end = time.monotonic() + 180
    while risen(centre, deleted) and time.monotonic() < end:
        time.sleep(0.2)
    figure(f"{name}: deleted rows that rose", risen(centre, deleted), "", "= 0", risen(centre, deleted) == 0)


def judge(name, centre, folder, stations, before, started):
    """The figures of the row."""
    ahead, lost, reports = before
    figure(f"{name}: workstations ahead", len(stations), "")
    figure(f"{name}: rows the backup lacks", len(lost), "", "> 0", len(lost) > 0)
    end = time.monotonic() + 180
    while ahead - server_rows(centre) and time.monotonic() < end:
        time.sleep(0.2)
    missing = ahead - server_rows(centre)
    came = 100.0 * (len(lost) - len(missing)) / max(1, len(lost))
    figure(f"{name}: come back", came, "%", "= 100", not missing)
    figure(f"{name}: after", time.monotonic() - started, "s")
    kinds = {}
    for kind, _key in missing:
        kinds[kind] = kinds.get(kind, 0) + 1
    print(f"missing: {kinds}", file=sys.stderr)
    notes = {}
    for one in stations:
        notes.update({key: text for key, text in saved(one).items() if text.startswith(("before-", "after-"))})
    paths = [one.arguments[0] for one in stations]
    alike(name, centre, folder, stations)
    gone = held_rows(paths) - server_rows(centre)
    figure(f"{name}: held by a workstation and not by the server", len(gone), "", "= 0", not gone)
    acknowledged(name, centre, {key: text for key, text in notes.items()
                                if ("note", key.replace("-", "")) in ahead}, reports=reports)
    sound(name, centre)


if __name__ == "__main__":
    main()
