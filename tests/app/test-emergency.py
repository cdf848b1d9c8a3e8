# SPDX-License-Identifier: GPL-3.0-or-later
"""Emergency access from outside: a nurse whom the patient bars opens the patient, with keyboard and accessibility bus
alone; the banner tells what is left; it ends when she says so and by itself, and then nothing of the patient is in her
machine's database. The manager is told, and reviews it."""
import contextlib
import os
import re
import sqlite3
import tempfile

import tap

if "DISPLAY" not in os.environ:
    print("1..0 # SKIP no display; run with tests/support/with-display.py")
    raise SystemExit(0)

import atspi
from app import App
from centre import Centre
from headless import PEOPLE, plain_copy
from workstation import Workstation

WHY = "Bevisstlos hjemme i dag"
# Long enough to be looked at, short enough to wait for.
LIMIT = 50
BANNER = "^Emergency access: .* left"
held = {}


def query(sql, *values):
    """Rows of the server's database."""
    with contextlib.closing(sqlite3.connect(f"file:{held['centre'].data_dir}/fyrlykt.db?mode=ro", uri=True)) as base:
        return base.execute(sql, values).fetchall()


def before_all():
    held["folder"] = tempfile.TemporaryDirectory(prefix="fyrlykt-emergency-")
    held["centre"] = centre = Centre(os.path.join(held["folder"].name, "server"), patients=6)
    centre.server_options = ["--emergency-limit", str(LIMIT)]
    centre.make()
    held["name"], held["password"] = centre.user("nurse")
    held["patient"] = centre.patients[0]
    patient_id = bytes.fromhex(held["patient"]["id"].replace("-", ""))
    with contextlib.closing(sqlite3.connect(f"{centre.data_dir}/fyrlykt.db")) as base:
        base.execute('INSERT INTO patient_block (patient, "user") SELECT ?, id FROM "user" WHERE user_name = ?',
                     (patient_id, held["name"]))
        held["family"], held["given"] = base.execute("SELECT family_name, given_name FROM patient WHERE id = ?",
                                                     (patient_id,)).fetchone()
        # A name that nobody else has, so that it can be looked for in the bytes of a database.
        held["family"] = "Nodtilgangsen"
        base.execute("UPDATE patient SET family_name = ? WHERE id = ?", (held["family"], patient_id))
        base.commit()
    centre.start_server()
    other = next(user for user in centre.users if user["role"] == "nurse" and user["name"] != held["name"])
    held["colleague"] = Workstation(centre, other["name"], other["password"])
    held["colleague"].sign_in()
    held["colleague"].pull()
    held["app"] = start(held["name"], held["password"])
    held["app"].find("list item", re.compile("^Patients"), wait=40)
    held["app"].find(None, re.compile("^Live"), wait=40)


def start(name, password):
    return App(held["centre"], name, password).start(40)


def after_all():
    for line in held["app"].output().splitlines():
        if "ALSA" not in line:
            print(f"# app: {line}")
    held["app"].stop()
    held["centre"].stop()
    held["folder"].cleanup()


def find(role, pattern, wait=10):
    return held["app"].find(role, re.compile(pattern), wait=wait)


def gone(pattern, wait=20):
    atspi.wait_for(lambda: not held["app"].has(None, re.compile(pattern)), wait, f"the end of {pattern}")


def press(pattern):
    found = find(("push button", "toggle button"), pattern)
    atspi.wait_for(lambda: found.sensitive, 10, f"the use of {found.name}")
    found.click()


def search():
    held["app"].search_patients()
    atspi.key("ctrl+a")
    atspi.type_text(held["patient"]["identity_number"])


def open_dialog():
    search()
    find(None, "^Nobody matches")
    atspi.key("alt+e")
    return atspi.wait_for(lambda: next((window for window in held["app"].root.children
                                        if window.name == "Emergency access" and window.has_keyboard), None),
                          12, "the dialog with the keyboard in it")


def choose(pattern, downs):
    """One of a drop-down's words, by the keyboard."""
    held["app"].find("combo box", re.compile(pattern), wait=5).focus()
    atspi.key("space")
    atspi.wait_for(lambda: atspi.focused(held["app"].root).role == "list item", 10, "the open list")
    for _step in range(downs):
        atspi.key("Down")
    atspi.key("Return")


def fill_in(password):
    choose("^Reason", 1)
    find(("text", "entry"), "^What has happened").focus()
    atspi.key("ctrl+a")
    atspi.type_text(WHY)
    atspi.key("Tab")
    find(("text", "password text", "entry"), "^Your password").wait_for_keyboard()
    atspi.type_text(password)
    atspi.key("ctrl+Return")


def open_patient():
    open_dialog()
    fill_in(held["password"])
    find("heading", held["family"], wait=25)


def test_1_nothing_is_sent_until_every_field_is_filled_in():
    open_dialog()
    atspi.key("ctrl+Return")
    find(None, "^Choose the reason")
    find(None, "^Write what has happened")
    find(None, "^Type your password")
    assert query("SELECT count(*) FROM emergency_try") == [(0,)]
    faults = atspi.nameless(held["app"].root) + atspi.cut_texts(held["app"].root)
    faults = [fault for fault in faults if "“Emergency access”" in fault and "Gtk" not in fault]
    assert not faults, faults


def test_2_a_wrong_password_opens_nobody_and_says_no_more():
    fill_in("feil passord")
    find(None, "^Nobody was opened")
    assert query("SELECT count(*) FROM emergency_access") == [(0,)]
    atspi.key("Escape")
    gone("^Your password")


def test_3_the_patient_is_open_under_a_banner():
    open_patient()
    words = find(None, BANNER)
    assert "logged" in (words.name or words.text)
    find(None, "^E$")
    find("push button", "^End emergency access")


def test_4_she_ends_it_and_the_patient_is_gone():
    press("^End emergency access")
    gone(BANNER)
    find(None, "^This patient cannot be shown")
    atspi.wait_for(lambda: query("SELECT count(*) FROM emergency_event WHERE action = 1") == [(1,)], 15, "the end")


def test_5_it_ends_by_itself():
    open_patient()
    find(None, BANNER)
    gone(BANNER, LIMIT + 15)
    find(None, "^This patient cannot be shown")


def test_6_every_display_was_logged_under_an_access():
    atspi.wait_for(lambda: query("SELECT count(DISTINCT decision_id) FROM audit_event WHERE purpose = 3") == [(2,)],
                   30, "entries of both accesses")
    wrong = query("SELECT count(*) FROM audit_event e WHERE e.purpose = 3 AND NOT EXISTS (SELECT 1 FROM"
                  " emergency_access a WHERE a.id = e.decision_id AND a.patient_id = e.patient_id"
                  " AND a.user_id = e.agent_id)")
    assert wrong == [(0,)], wrong


def test_7_nothing_of_the_patient_is_in_the_machines_database():
    app = held["app"]
    app.stop(keep=True)
    PEOPLE.add((held["name"], held["password"]))
    with open(plain_copy(f"{app.workstation}/fyrlykt.db"), "rb") as stream:
        assert held["family"].encode() not in stream.read()
    # The line it had lay still for too long and was cut.
    held["colleague"].wire = None
    held["colleague"].pull()
    known = [one["family_name"] for one in held["colleague"].all("patient")]
    assert held["family"] in known, known


def test_8_the_manager_is_told_and_reviews():
    held["app"] = start(*held["centre"].user("manager"))
    find(None, "^2 emergency accesses wait for your review", wait=40)
    assert not held["app"].has(None, re.compile(held["family"]))
    press("^_?Review…")
    find(None, WHY)
    row = find("list item", ", Nurse, ")
    row.focus()
    atspi.key("Return")
    find(None, "^Review emergency access")
    # Where the work is, not at Cancel.
    find("combo box", "^What you found").wait_for_keyboard()
    choose("^What you found", 2)
    press("^_?Save")
    find(None, "^Justified$")
    atspi.wait_for(lambda: query("SELECT count(*) FROM emergency_event WHERE action IN (3, 4)") == [(1,)], 20,
                   "the review at the server")


if __name__ == "__main__":
    tap.main()
