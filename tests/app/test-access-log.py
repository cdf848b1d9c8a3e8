# SPDX-License-Identifier: GPL-3.0-or-later
"""The access log from outside: a nurse looks at records, with and without the server, and an administrator reads who saw
whom."""
import json
import os
import re
import tempfile

import tap

if "DISPLAY" not in os.environ:
    print("1..0 # SKIP no display; run with tests/support/with-display.py")
    raise SystemExit(0)

import atspi
import preload
from app import App
from centre import Centre

held = {}
LIVE = re.compile("^Live")


def before_all():
    held["folder"] = tempfile.TemporaryDirectory(prefix="fyrlykt-access-log-")
    held["centre"] = Centre(os.path.join(held["folder"].name, "server"), patients=6)
    held["centre"].make()
    held["centre"].start_server()


def after_all():
    held["centre"].stop()
    held["folder"].cleanup()


def entries(**wanted):
    """Entries that the server has, of these values."""
    found = json.loads(held["centre"].admin("access-log", "list", "--limit", "0", "--json"))
    return [entry for entry in found if all(entry[name] == value for name, value in wanted.items())]


def search_patient(number):
    """Find the number-th patient by identity number; the patient."""
    app, patient = held["app"], held["centre"].patients[number]
    app.find("list item", re.compile("^Patients"), wait=30)
    app.search_patients()
    atspi.key("ctrl+a")
    atspi.type_text(patient["identity_number"])
    app.find(None, re.compile("^1 patient$"), wait=30)
    return patient


def open_patient(number):
    """Find the number-th patient and open the page; the patient's id."""
    patient = search_patient(number)
    atspi.key("Return")
    held["app"].find(("page tab", "toggle button", "radio button"), "Trends", wait=20)
    held["app"].find(None, re.compile("^Born "), wait=20)
    return patient["id"]


def test_a_record_that_is_opened_is_in_the_log_once():
    name, password = held["centre"].user("nurse")
    with App(held["centre"], name, password) as app:
        held["app"] = app
        app.find(None, LIVE, wait=60)
        patient = open_patient(0)
        atspi.wait_for(lambda: entries(what="patient", patient_id=patient), 30, "the entry")
        # Lists make one entry a patient, in whichever list the patient stood first.
        atspi.wait_for(lambda: {entry["patient_id"] for entry in entries(channel="screen")} >=
                       {one["id"] for one in held["centre"].patients}, 30, "the lists' entries")
        # News of the patient, and coming back to the list, are no new display of the page.
        atspi.key("alt+Left")
        atspi.time.sleep(1)
        found = entries(what="patient", patient_id=patient)
        assert len(found) == 1, found
        assert found[0]["role"] == "nurse" and found[0]["purpose"] == "treatment" and found[0]["name"]
        for one in held["centre"].patients:
            lists = [entry for entry in entries(patient_id=one["id"]) if entry["what"].endswith("-list")]
            assert len(lists) == 1, lists


def test_what_is_seen_without_the_server_arrives_when_it_is_back():
    name, password = held["centre"].user("nurse")
    with App(held["centre"], name, password) as app:
        held["app"] = app
        app.find(None, LIVE, wait=60)
        search_patient(1)
        held["centre"].stop_server()
        try:
            app.find(None, re.compile("^Offline"), wait=40)
            patient = open_patient(1)
            assert not app.has("push button", re.compile("waiting")), "a display is no work that waits"
        finally:
            held["centre"].start_server()
        atspi.wait_for(lambda: entries(what="patient", patient_id=patient), 60, "the entry")
        assert len(entries(what="patient", patient_id=patient)) == 1


def test_nothing_is_shown_that_cannot_be_logged():
    name, password = held["centre"].user("nurse")
    folder = os.path.join(held["folder"].name, "full")
    os.makedirs(folder)
    disk = preload.Faults(f"{folder}/control", f"{folder}/station")
    with App(held["centre"], name, password, workstation=f"{folder}/station", **disk.environment) as app:
        held["app"] = app
        app.find(None, LIVE, wait=60)
        patient = search_patient(2)
        before = len(entries(what="patient", patient_id=patient["id"]))
        disk.arm(preload.FULL)
        atspi.key("Return")
        app.find(None, "This patient is not shown", wait=20)
        app.find(None, re.compile("the disk is full"), wait=5)
        assert not app.has(None, re.compile("^Born "))
        assert disk.disarm() > 0
        open_patient(2)
        atspi.wait_for(lambda: len(entries(what="patient", patient_id=patient["id"])) == before + 1, 60, "one entry")


def test_an_administrator_reads_searches_and_chooses_the_time():
    name, password = held["centre"].user("administrator")
    with App(held["centre"], name, password) as app:
        app.find(None, LIVE, wait=60)
        app.find("list item", re.compile("^Access log"), wait=30)
        atspi.wait_for(lambda: atspi.key("ctrl+3") or atspi.wait_for(
            lambda: app.has(None, re.compile(r"^\d+ entries$")), 3, None), 60, "the access log")
        shown = {entry["patient"] for entry in entries(what="patient")}
        for patient in shown:
            app.find(None, patient, wait=20)
        faults = [fault for fault in atspi.nameless(app.root) if "combo box “" not in fault and "GtkSearchEntry" not in fault]
        assert not faults, "\n".join(faults)
        atspi.key("ctrl+f")
        atspi.type_text("Ingenheter")
        app.find(None, "No entry matches", wait=20)
        atspi.key("ctrl+a")
        atspi.type_text(sorted(shown)[0].split(",")[0])
        app.find(None, re.compile(r"^\d+ (entry|entries)$"), wait=20)


if __name__ == "__main__":
    tap.main()
