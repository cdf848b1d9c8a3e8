# SPDX-License-Identifier: GPL-3.0-or-later
"""The application from outside, as a screen reader sees it, with a real server: sign-in, an alert that comes, is
taken, noted and closed, a colleague who was first, offline and back."""
import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))

import atspi
import tap
from app import App
from centre import Centre
from gateway import Gateway, observation
from headless import PEOPLE, plain_copy

CENTRE = FOLDER = None


def before_all():
    """One centre for all tests."""
    global CENTRE, FOLDER
    FOLDER = tempfile.mkdtemp(prefix="fyrlykt-app-test-")
    CENTRE = Centre(f"{FOLDER}/server", patients=8, log=f"{FOLDER}/server.log")
    CENTRE.make()
    CENTRE.start_server()


def after_all():
    """The centre ends."""
    if CENTRE:
        CENTRE.stop()
    shutil.rmtree(FOLDER, ignore_errors=True)


def nurse():
    """Name and password of a nurse."""
    PEOPLE.add(CENTRE.user("nurse"))
    return CENTRE.user("nurse")


def signed_in(**more):
    """The application, signed in as a nurse."""
    name, password = nurse()
    return App(CENTRE, name, password, **more)


def report(value):
    """All patients report an oxygen saturation: those who have limits for it alert red."""
    gateway = Gateway(CENTRE)
    for person in CENTRE.patients:
        status, answer = gateway.post(observation(person, value=value))
        assert status in (200, 201), answer
    gateway.close()


def workstations(user):
    """What the operator sees of this user's workstations."""
    return json.loads(CENTRE.admin("workstation", "list", "--user", user, "--json"))


def is_known(workstation):
    """Whether the verifier of a password has been written: the database itself is the application's alone, so its files
    are copied and the copy is read; one taken in the middle of a write tells nothing."""
    copy = f"{workstation}-copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(workstation, copy)
    try:
        with contextlib.closing(sqlite3.connect(plain_copy(f"{copy}/fyrlykt.db", stderr=subprocess.DEVNULL))) as wire:
            return wire.execute("SELECT count(*) FROM offline_user").fetchone()[0] > 0
    except (subprocess.CalledProcessError, sqlite3.Error):
        return False


def choose(app, value):
    """Choose a red alert of this value with J, as a nurse does; rows below the window have no place to click."""
    wanted = atspi.re.compile(f"Red alert.*{value}")
    app.find("list item", wanted, wait=15)
    alerts = app.find("list", "Alerts")
    for _row in range(60):
        before = selected(alerts)
        if before and wanted.search(before):
            return
        atspi.key("j")
        atspi.wait_for(lambda before=before: selected(alerts) != before, 3, None)
    raise AssertionError(f"J did not reach the alert of {value}")


def selected(alerts):
    """Name of the row that is chosen, or None."""
    return next((row.name for row in alerts.children if row.has_state(atspi.Atspi.StateType.SELECTED)), None)


def close_with_measure(app):
    """C opens the form; its first measure is chosen and it is saved, by keys."""
    atspi.key("c")
    app.find("combo box", atspi.re.compile("Measure")).wait_for_keyboard()
    atspi.key("space")
    atspi.key("Down")
    atspi.key("Return")
    atspi.key("ctrl+Return")


def entry(app, name):
    """A field by its label."""
    return app.find(("text", "entry", "password text"), name)


def test_a_wrong_password_is_told_at_the_field():
    """What is wrong and what to do stands at the password."""
    with App(CENTRE, nurse()[0]) as app:
        entry(app, "Password").set_text("not the password")
        app.find("push button", atspi.re.compile("Sign in")).click()
        app.find("label", "User name or password is wrong. Try again.")


def test_empty_fields_say_what_to_type():
    """Nothing is asked of the server before the fields are filled in."""
    with App() as app:
        app.find("push button", atspi.re.compile("Sign in")).click()
        app.find("label", "Type your password.")
        app.find("label", atspi.re.compile("Type the address"))


def test_no_server_at_the_address_is_told():
    """Without contact, and unknown on this machine: said at the address."""
    name, password = nurse()
    with App(None, name, None, arguments=["--server", "http://127.0.0.1:9"]) as app:
        entry(app, "Password").set_text(password)
        app.find("push button", atspi.re.compile("Sign in")).click()
        app.find("label", atspi.re.compile("No contact with the server"), wait=15)


def test_a_nurse_signs_in_and_sees_the_alerts():
    """By typing, as a person does."""
    name, password = nurse()
    with App(CENTRE) as app:
        entry(app, "User name").set_text(name)
        entry(app, "Password").set_text(password)
        app.find("push button", atspi.re.compile("Sign in")).click()
        app.find("list", "Alerts", wait=20)
        app.find(None, atspi.re.compile("^Live"), wait=20)
        app.find(None, "All sent")


def test_an_alert_comes_is_taken_and_closed():
    """A measurement at home becomes a row; T takes it, C closes it with a measure."""
    with signed_in() as app:
        app.find(None, atspi.re.compile("^Live"), wait=20)
        report(61)
        choose(app, 61)
        atspi.key("t")
        app.find("list item", atspi.re.compile("61.*You since"), wait=10)
        close_with_measure(app)
        atspi.wait_for(lambda: not app.has("list item", atspi.re.compile("61.*You since")), 15,
                       "the end of the closed alert")


def test_what_was_done_offline_is_sent_when_the_server_returns():
    """The server is gone: the banner says since when, work waits; it comes back: all is sent."""
    with signed_in() as app:
        app.find(None, atspi.re.compile("^Live"), wait=20)
        report(63)
        choose(app, 63)
        CENTRE.stop_server()
        try:
            app.find(None, atspi.re.compile("^Offline"), wait=30)
            app.find(None, atspi.re.compile("New alerts may be missing"))
            atspi.key("t")
            app.find("list item", atspi.re.compile("63.*You since"), wait=10)
            app.find(None, "1 waiting", wait=10)
        finally:
            CENTRE.start_server()
        app.find(None, "All sent", wait=45)
        app.find(None, atspi.re.compile("^Live"), wait=45)


def test_a_user_known_on_the_machine_signs_in_without_the_server():
    """The list is there with the server gone."""
    name, password = nurse()
    workstation = f"{FOLDER}/known"
    with App(CENTRE, name, password, workstation=workstation) as app:
        app.find(None, atspi.re.compile("^Live"), wait=20)
        app.find(None, "All sent")
        atspi.wait_for(lambda: app.has("list item", atspi.re.compile("alert")), 20, "the list")
        # The verifier of her password takes its time, so that guessing does.
        atspi.wait_for(lambda: is_known(workstation), 20, "the user to be known on this machine")
    CENTRE.stop_server()
    try:
        with App(CENTRE, name, password, workstation=workstation) as app:
            app.find("list", "Alerts", wait=20)
            app.find(None, atspi.re.compile("^Offline"), wait=20)
    finally:
        CENTRE.start_server()


def test_the_screen_is_locked_and_opened_with_the_password():
    """Ctrl+L hides everything; the password brings it back where it was."""
    _name, password = nurse()
    with signed_in() as app:
        app.find("list", "Alerts", wait=20)
        app.find(None, atspi.re.compile("^Live"), wait=20)
        atspi.key("ctrl+l")
        app.find("heading", "Locked")
        assert not app.has("list item", atspi.re.compile("alert"))
        entry(app, "Password").set_text(password)
        app.find("push button", atspi.re.compile("Unlock")).click()
        app.find("list", "Alerts", wait=20)


def test_what_was_not_saved_is_out_of_reach_while_the_screen_is_locked():
    """A form left with Escape can be taken back for a moment; never over a locked screen."""
    _name, password = nurse()
    with signed_in() as app:
        app.find("list", "Alerts", wait=20)
        app.find(None, re.compile("^Live"), wait=20)
        atspi.key("ctrl+2")
        atspi.key("ctrl+n")
        atspi.wait_for(lambda: any(window.name == "Register patient" and window.has_keyboard
                                   for window in app.root.children), 15, "the form with the keyboard in it")
        app.find(("text", "entry"), re.compile("^Given name")).set_text("Kari")
        atspi.key("Escape")
        app.find("push button", re.compile("Undo$"), wait=10)
        atspi.key("ctrl+l")
        app.find("heading", "Locked")
        assert not app.has("push button", re.compile("Undo$")), app.root.dump()
        assert not app.has(None, re.compile("not saved")), app.root.dump()
        entry(app, "Password").set_text(password)
        app.find("push button", re.compile("Unlock")).click()
        app.find("list item", re.compile("^Patients"), wait=20)


def test_a_workstation_that_is_shut_out_shows_nothing_any_more():
    """What is open closes by itself, and the password opens it no more; let in again, she goes on where she was."""
    name, password = nurse()
    administrator = CENTRE.user("administrator")[0]
    known = {one["device"] for one in workstations(name)}
    with signed_in() as app:
        app.find(None, re.compile("^Live"), wait=20)
        atspi.wait_for(lambda: app.has("list item", re.compile("alert")), 20, "the list")
        device = next(one["device"] for one in workstations(name) if one["device"] not in known)
        CENTRE.admin("workstation", "shut-out", device, "--by", administrator, "--reason", "Stjålet")
        app.find("heading", "Locked", wait=20)
        app.find(None, re.compile("wants you to sign in again"))
        assert not app.has("list item", re.compile("alert"))
        entry(app, "Password").set_text(password)
        app.find("push button", re.compile("Unlock")).click()
        app.find(None, re.compile("This workstation is shut out"), wait=20)
        CENTRE.admin("workstation", "let-in", device, "--by", administrator, "--reason", "Funnet igjen")
        entry(app, "Password").set_text(password)
        app.find("push button", re.compile("Unlock")).click()
        app.find(None, re.compile("^Live"), wait=30)
        atspi.wait_for(lambda: app.has("list item", re.compile("alert")), 30, "the list again")


def test_every_control_has_a_name():
    """In the place of alerts, the preferences, the shortcuts and what is not delivered."""
    with signed_in() as app:
        app.find("list", "Alerts", wait=20)
        app.find(None, atspi.re.compile("^Live"), wait=20)
        faults = atspi.nameless(app.root)
        for keys in ("ctrl+comma",):
            atspi.key(keys)
            app.find("label", "Appearance")
            faults += atspi.nameless(app.root)
            atspi.key("Escape")
        # Inside of a libadwaita row's list and of its switcher nothing can be named from here.
        ours = [fault for fault in faults if "AdwView" not in fault and "combo box “" not in fault
                and "GtkSearchEntry" not in fault]
        assert not ours, "\n".join(ours)


def test_the_window_about_the_program_is_norwegian_throughout():
    """What libadwaita says in it too, whether or not the system has a catalogue for that."""
    with signed_in(language="nb") as app:
        app.find("list", "Varsler", wait=20)
        app.find(None, re.compile("^Direkte"), wait=20)
        about = re.compile("Om Fyrlykt")
        for _press in range(3):
            atspi.key("F10")
            if atspi.wait_for(lambda: app.has("menu item", about), 3, None):
                break
        app.find("menu item", about).click()
        # Ours, or those of a system that has a catalogue.
        for words in ("Detaljer|Informasjon", "Bidragsytere|Skapere", "Lisens|Juridisk"):
            app.find(None, re.compile(f"^_?({words})$"), wait=10)
        # A later libadwaita makes that page when it is opened.
        if app.has(None, re.compile("^_?Lisens$")):
            app.find(None, re.compile("^Programmet kommer helt uten garanti"))
        english = re.compile("^_?(Details|Credits|Legal|Code by|Back|Close|Version .*|This application .*)$")
        assert not app.has(None, english), app.root.dump()


def test_the_window_for_printing_is_norwegian_throughout():
    """What GTK says in it too, where the system's catalogue leaves part of it English."""
    with signed_in(language="nb") as app:
        app.find(None, re.compile("^Direkte"), wait=20)
        app.search_patients(re.compile("Søk i pasienter"))
        atspi.key("Return")
        app.find("page tab", "Grenseverdier", wait=15)
        atspi.key("ctrl+p")
        window = app.find("dialog", "Skriv ut", wait=15)
        for words in ("Generelt", "Alle sider", "Kopier", "Omvendt"):
            window.find(None, re.compile(f"^_?{words}:?$"), wait=10)
        english = re.compile("^_?(General|Range|All Pages|Current Page|Copies|Reverse|Collate|Paper|Job|Print|Cancel):?$")
        assert not window.has(None, english), window.dump()


def test_places_are_those_of_the_role():
    """A manager has figures, reviews emergency access and has no patient; an administrator has users; a clerk has borrowers."""
    for role, places in (("manager", {"Figures", "Emergency access"}),
                         ("administrator", {"Figures", "Administration", "Access log", "Emergency access"}),
                         ("clerk", {"Borrowers"}), ("gp", {"My list"})):
        try:
            name, password = CENTRE.user(role)
        except StopIteration:
            continue
        with App(CENTRE, name, password) as app:
            navigation = app.find("list", "Places", wait=20)
            atspi.wait_for(lambda: navigation.children, 10, f"the places of {role}")
            seen = {child.name.split(",")[0] for child in navigation.children}
            assert seen == places, f"{role}: {seen}"


def test_a_gp_sees_her_own_list_and_changes_nothing():
    """Every GP who signs in has patients; their trends are there, registering and limits are not hers."""
    for gp in [user for user in CENTRE.users if user["role"] == "gp"]:
        with App(CENTRE, gp["name"], gp["password"]) as app:
            app.find(None, re.compile("^Live"), wait=30)
            app.find(None, re.compile(r"^[1-9]\d* patients?$"), wait=30)
            assert not app.has("push button", re.compile("Register patient")), app.root.dump()
            atspi.key("ctrl+f")
            app.find("entry", "Search patients").wait_for_keyboard()
            atspi.key("Down", "Down", "Return")
            app.find("page tab", "Limits", wait=15).click()
            app.find(None, re.compile("set by|No limits"), wait=15)
            assert not app.has("push button", re.compile("^Edit")), app.root.dump()


if __name__ == "__main__":
    tap.main()
