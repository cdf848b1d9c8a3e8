# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator does to a centre at work: the server killed in the middle, a backup while everybody works, an
import beside it, a restore to an older copy. Two real workstations lose nothing and see nothing twice."""
import json
import os
import shutil
import signal
import sqlite3
import tempfile
import time

import tap
from centre import Centre, build_folder, program
from gateway import Gateway, observation
from headless import Headless

folder = tempfile.mkdtemp(prefix="fyrlykt-operator-")
state = {"count": 0}


def before_all():
    if not os.path.exists(os.path.join(build_folder(), "tests/support/headless")):
        raise tap.Skip("the workstation without a window is not built")
    state["centre"] = centre = Centre(f"{folder}/server", patients=12, log=f"{folder}/server.log")
    centre.make()
    centre.start_server()
    nurses = [user for user in centre.users if user["role"] == "nurse"]
    for name, user in (("first", nurses[0]), ("second", nurses[1])):
        state[name] = Headless(f"{folder}/{name}/store.db", centre.url, user["name"], user["password"]).start()
        assert state[name].signed_in() == "online"
    for name in ("first", "second"):
        state[name].complete()


def after_all():
    for name in ("first", "second"):
        if name in state:
            state[name].stop()
    if "centre" in state:
        state["centre"].stop()
    shutil.rmtree(folder, ignore_errors=True)


def ask_server(sql, *values):
    """One figure from the server's database."""
    with sqlite3.connect(f"file:{state['centre'].data_dir}/fyrlykt.db?mode=ro", uri=True) as wire:
        return wire.execute(sql, values).fetchone()[0]


def new_alert():
    """A red value from home; the alert once both workstations hold it."""
    known = set(state["first"].alerts())
    state["count"] += 1
    gateway = Gateway(state["centre"])
    patient = next(one for one in state["centre"].patients if one["profile"] == "copd")
    status, answer = gateway.post(observation(patient, value=60 + state["count"]))
    gateway.close()
    assert status in (200, 201), (status, answer)
    alerts = state["first"].until(lambda there: set(there) - known, what="the alert")
    identity = (set(alerts) - known).pop()
    state["second"].until(lambda there: identity in there, what="the alert at the other")
    return identity


def both_show(identity, status, wait=60):
    """Wait until both workstations show the alert so."""
    for name in ("first", "second"):
        state[name].until(lambda alerts: alerts.get(identity, {}).get("status") == status, wait,
                          f"{status} at the {name}")


def nothing_waits():
    """Wait until both have delivered everything."""
    for name in ("first", "second"):
        deadline = time.monotonic() + 60
        while state[name].ask("outbox", "outbox")["waiting"]:
            assert time.monotonic() < deadline, f"the {name} does not deliver"
            time.sleep(0.1)


def reconnect():
    """The server is there again; nobody waits for the next try by itself."""
    for name in ("first", "second"):
        state[name].tell("sync")


def test_a_server_killed_in_the_middle_loses_nothing():
    alerts = [new_alert() for _number in range(3)]
    for identity in alerts:
        state["first"].ask(f"take {identity}", "saved")
    state["centre"].server.send_signal(signal.SIGKILL)
    state["centre"].server.wait()
    for identity in alerts:
        state["first"].ask(f"note {identity} Ringte mens serveren var nede", "saved")
        state["first"].ask(f"close {identity} Ferdig", "saved")
    state["centre"].start_server()
    reconnect()
    for identity in alerts:
        both_show(identity, "closed")
    nothing_waits()
    for identity in alerts:
        events = ask_server("SELECT count(*) FROM alert_event WHERE alert_id = ?", bytes.fromhex(identity.replace("-", "")))
        assert events == 4, events  # raised, take, note, close: each once


def test_a_server_told_to_stop_ends_in_order():
    """As for an update: no crash, status 0, and the workstations go on with the next one."""
    server = state["centre"].servers[0]
    state["centre"].stop_server()
    assert server.returncode == 0, server.returncode
    state["centre"].start_server()
    reconnect()
    both_show(new_alert(), "open")


def test_a_backup_is_taken_while_everybody_works():
    identity = new_alert()
    state["kept"] = identity
    state["first"].ask(f"take {identity}", "saved")
    both_show(identity, "taken")
    state["centre"].admin("backup", f"{folder}/backup.db")
    state["first"].ask(f"note {identity} Etter kopien", "saved")
    nothing_waits()
    report = json.loads(state["centre"].admin("verify", "--file", f"{folder}/backup.db", "--json"))
    assert report["faults"] == 0 and report["checks"] > 40, report


def test_an_import_beside_the_server_reaches_the_workstations_once():
    patient = state["centre"].patients[0]
    path = f"{folder}/rows.csv"
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("time,value\n" + "".join(f"2026-01-{day:02} 08:00,9{day % 10}\n" for day in range(1, 21)))
    before = ask_server("SELECT count(*) FROM measurement")
    words = ("import", path, "--patient", patient["identity_number"], "--kind", "oxygen-saturation", "--unit", "%",
             "--json")
    first = json.loads(state["centre"].admin(*words))
    again = json.loads(state["centre"].admin(*words))
    assert (first["imported"], first["bad"]) == (20, 0), first
    assert (again["imported"], again["known"]) == (0, 20), again
    assert ask_server("SELECT count(*) FROM measurement") == before + 20


def test_after_a_restore_the_workstations_bring_back_what_was_lost():
    identity = state["kept"]
    state["first"].ask(f"close {identity} Ferdig etter kopien", "saved")
    both_show(identity, "closed")
    nothing_waits()
    state["centre"].stop_server()
    said = state["centre"].admin("restore", f"{folder}/backup.db")
    assert "epoch" in said, said
    assert ask_server("SELECT status FROM alert WHERE id = ?", bytes.fromhex(identity.replace("-", ""))) == 2
    state["centre"].start_server()
    reconnect()
    both_show(identity, "closed", 90)
    nothing_waits()
    key = bytes.fromhex(identity.replace("-", ""))
    actions = ask_server("SELECT group_concat(action) FROM (SELECT action FROM alert_event WHERE alert_id = ?"
                         " ORDER BY time, action)", key)
    # raised 1, take 2, note 4, close 5, in the schema's numbers: each once
    assert sorted(actions.split(",")) == ["1", "2", "4", "5"], actions


def shown(name):
    """What a workstation shows of every alert."""
    return {key: alert["status"] for key, alert in state[name].alerts().items()}


def test_at_the_end_all_is_sound_and_alike():
    # After a restore what one brought back reaches the other a pull later.
    deadline = time.monotonic() + 60
    while shown("first") != shown("second"):
        assert time.monotonic() < deadline, set(shown("first").items()) ^ set(shown("second").items())
        time.sleep(0.1)
    nothing_waits()
    for name in ("first", "second"):
        counts = state[name].ask("outbox", "outbox")
        assert (counts["waiting"], counts["conflict"], counts["refused"]) == (0, 0, 0), counts
    assert json.loads(state["centre"].admin("verify", "--json"))["faults"] == 0
    assert os.path.exists(program("fyrlykt-admin"))


if __name__ == "__main__":
    tap.main()
