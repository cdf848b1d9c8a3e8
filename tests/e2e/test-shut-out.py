# SPDX-License-Identifier: GPL-3.0-or-later
"""A workstation is stolen: real workstations, a real server and the operator's command. What it has goes at its next
contact and nobody signs in there; found again, it is let in and works on with all that it had not delivered."""
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time

import tap
from centre import Centre, build_folder, program
from gateway import Gateway, observation
from headless import Headless, plain_copy

folder = tempfile.mkdtemp(prefix="fyrlykt-e2e-")
state = {}


def station(name):
    """Start the nurse's workstation of that name on its own database."""
    user = state["nurse"]
    made = Headless(f"{folder}/{name}/store.db", state["centre"].url, user["name"], user["password"])
    state[name] = made
    return made.start()


def before_all():
    if not os.path.exists(program("fyrlykt-server")):
        raise tap.Skip("fyrlykt-server is not built")
    if not os.path.exists(os.path.join(build_folder(), "tests/support/headless")):
        raise tap.Skip("the workstation without a window is not built")
    state["centre"] = centre = Centre(f"{folder}/server", patients=6, log=f"{folder}/server.log")
    centre.make()
    centre.start_server()
    state["nurse"] = next(user for user in centre.users if user["role"] == "nurse")
    state["administrator"] = centre.user("administrator")[0]
    station("desk").complete()
    state["desk-device"] = workstations()[0]["device"]
    station("laptop").complete()
    state["device"] = next(one["device"] for one in workstations() if one["device"] != state["desk-device"])


def after_all():
    for name in ("desk", "laptop"):
        if name in state:
            state[name].stop()
    if "centre" in state:
        state["centre"].stop()
    shutil.rmtree(folder, ignore_errors=True)


def workstations():
    """What the operator sees of the nurse's workstations."""
    return json.loads(state["centre"].admin("workstation", "list", "--user", state["nurse"]["name"], "--json"))


def decide(verb, reason):
    """The administrator shuts the laptop out, or lets it in."""
    state["centre"].admin("workstation", verb, state["device"], "--by", state["administrator"], "--reason", reason)


def patients_on_disk():
    """Identity numbers that the laptop's database holds, opened with her password; None: it does not open."""
    try:
        copy = plain_copy(f"{folder}/laptop/store.db", stderr=subprocess.DEVNULL)
    except subprocess.CalledProcessError:
        return None
    with open(copy, "rb") as stream:
        held = stream.read()
    return [one["identity_number"] for one in state["centre"].patients if one["identity_number"].encode() in held]


def reaches(wanted, since=0):
    """Wait until the laptop's line is so."""
    state["laptop"].expect(lambda event: event["event"] == "state" and event["state"] == f"FYR_SYNC_STATE_{wanted}", 60,
                           since, wanted)


def is_refused():
    """Whether the laptop, started anew, lets nobody in."""
    told = station("laptop").expect(lambda event: event["event"] in ("signed-in", "failed"), 30, what="the sign-in")
    state["laptop"].stop()
    return told["event"] == "failed"


def comes_back():
    """Let in again, it has what the desk has."""
    assert station("laptop").signed_in() == "online"
    state["laptop"].complete()
    wanted = set(state["desk"].alerts())
    state["laptop"].until(lambda alerts: set(alerts) == wanted, what="the alerts at the laptop")


def notes():
    """Texts of the notes that the server has."""
    with sqlite3.connect(f"file:{state['centre'].data_dir}/fyrlykt.db?mode=ro", uri=True) as wire:
        return [row[0] for row in wire.execute("SELECT text FROM note")]


def arrives(text):
    """Wait until the server has a note."""
    deadline = time.monotonic() + 30
    while text not in notes():
        assert time.monotonic() < deadline, f"the note “{text}” did not arrive"
        time.sleep(0.1)


def test_the_search_finds_patients_where_they_are():
    patient = state["centre"].patients[0]
    status, answer = Gateway(state["centre"]).post(observation(patient, value=61))
    assert status in (200, 201), (status, answer)
    state["patient"] = patient["id"]
    for name in ("desk", "laptop"):
        state[name].until(len, what=f"the alert at the {name}")
    state["laptop"].stop()
    assert len(patients_on_disk()) == len(state["centre"].patients), patients_on_disk()


def test_in_contact_all_it_has_goes_within_five_seconds():
    assert station("laptop").signed_in() == "online"
    reaches("LIVE")
    mark = len(state["laptop"].events)
    began = time.monotonic()
    decide("shut-out", "Stjålet fra bilen")
    state["laptop"].until(lambda alerts: not alerts, what="the empty list at the laptop")
    assert time.monotonic() - began < 5, time.monotonic() - began
    assert state["desk"].alerts(), "the desk lost its alerts"
    reaches("SIGNED_OUT", mark)
    state["laptop"].stop()
    assert is_refused()
    assert patients_on_disk() in (None, []), patients_on_disk()


def test_found_again_it_is_let_in_and_works_on():
    decide("let-in", "Funnet igjen")
    comes_back()
    state["laptop"].ask(f"write {state['patient']} Her igjen", "saved")
    arrives("Her igjen")
    state["laptop"].stop()


def test_without_contact_it_is_closed_when_it_asks_and_its_work_waits():
    state["centre"].stop_server()
    assert station("laptop").signed_in() == "offline"
    assert state["laptop"].alerts()
    state["laptop"].ask(f"write {state['patient']} Skrevet uten nett", "saved")
    decide("shut-out", "Stjålet fra bilen")
    state["centre"].start_server()
    reaches("SIGNED_OUT", state["laptop"].tell("sync"))
    state["laptop"].stop()
    assert is_refused()
    assert patients_on_disk() is None
    assert "Skrevet uten nett" not in notes()
    decide("let-in", "Funnet igjen")
    comes_back()
    arrives("Skrevet uten nett")


if __name__ == "__main__":
    tap.main()
