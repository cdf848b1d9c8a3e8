# SPDX-License-Identifier: GPL-3.0-or-later
"""Registration, limits, trends and notes, from outside: the application with its server, driven by keyboard and the
accessibility bus."""
import json
import os
import re
import tempfile

import tap

if "DISPLAY" not in os.environ:
    print("1..0 # SKIP no display; run with tests/support/with-display.py")
    raise SystemExit(0)

import atspi
from app import App
from centre import Centre

# The tax administration's published example of a synthetic number.
NUMBER = "03851598730"
held = {}


def before_all():
    held["folder"] = tempfile.TemporaryDirectory(prefix="fyrlykt-patients-")
    held["centre"] = Centre(os.path.join(held["folder"].name, "server"), patients=8)
    held["centre"].make()
    held["centre"].start_server()
    name, password = held["centre"].user("nurse")
    held["app"] = App(held["centre"], name, password).start(40)
    held["app"].find("list item", re.compile("^Patients"), wait=30)
    held["app"].find("list item", re.compile("^Patients")).point_and_click()
    says(r"^\d+ patients$", 20)


def after_all():
    for line in held["app"].output().splitlines():
        if "ALSA" not in line:
            print(f"# app: {line}")
    held["app"].stop()
    held["centre"].stop()
    held["folder"].cleanup()


def button(pattern, wait=5):
    """The button whose name matches; GTK tells a mnemonic's label twice."""
    pattern = re.compile(pattern)
    return atspi.wait_for(lambda: next((node for node in held["app"].root.walk()
                                        if node.role in ("push button", "toggle button")
                                        and pattern.search(node.name)), None), wait, f"button {pattern.pattern}")


def field(pattern):
    return held["app"].find(("text", "entry"), re.compile(pattern), wait=5)


def says(pattern, wait=8):
    """Waits until a text on the screen matches; the text."""
    pattern = re.compile(pattern)
    return atspi.wait_for(lambda: next((node.text or node.name for node in held["app"].root.walk()
                                        if pattern.search(node.text or node.name)), None), wait,
                          f"the text {pattern.pattern}")


def open_first_patient():
    atspi.key("ctrl+2")
    atspi.key("ctrl+f")
    atspi.key("Escape")
    atspi.key("Down", "Down", "Return")
    held["app"].find("page tab", "Trends", wait=8)


def test_a_registered_patient_reaches_the_server():
    atspi.key("ctrl+n")
    field("^Identity number").set_text("038515 98730")
    field("^Given name").set_text("Kari")
    field("^Family name").set_text("Prøvesen")
    field("^Telephone").set_text("99 88 77 66")
    assert field("^Date of birth").text, "the number's birth date was not taken"
    atspi.key("ctrl+s")
    held["app"].find("heading", "Kari Prøvesen", wait=10)

    def arrived():
        # The list masks identity numbers; the demonstration's patients have another birth date.
        listed = json.loads(held["centre"].admin("patients", "--json"))
        return any(NUMBER[:6] in (one["identity_number"] or "") for one in listed)

    atspi.wait_for(arrived, 20, "the patient at the server")


def test_the_same_number_is_pointed_out_before_a_double_is_made():
    atspi.key("ctrl+n")
    field("^Identity number").set_text(NUMBER)
    says("^This person may be registered already")
    button("^Open Prøvesen, Kari").click()
    held["app"].find("heading", "Kari Prøvesen", wait=8)


def test_a_form_that_is_not_filled_in_says_so_at_the_field():
    atspi.key("ctrl+n")
    field("^Given name")
    atspi.key("ctrl+s")
    says("^This must be filled in")
    atspi.key("Escape")


def test_enter_opens_what_was_typed_and_escape_goes_back():
    atspi.key("ctrl+2")
    atspi.key("ctrl+f")
    atspi.key("ctrl+a")
    atspi.type_text("prøve")
    atspi.key("Return")
    held["app"].find("heading", "Kari Prøvesen", wait=8)
    atspi.key("Escape")
    says("^1 patient$")


def test_limits_say_what_they_would_have_given_while_they_are_typed():
    open_first_patient()
    held["app"].find("page tab", "Limits").click()
    # Raised above every value: it stays below the bounds that lie above it.
    button("^Edit limits: Oxygen saturation").click()
    before = says(r"^(These limits would have given|Nothing was reported)")
    lowest = field("^Yellow below") if held["app"].has(("text", "entry"), re.compile("^Yellow below")) else None
    assert lowest, "no field for the yellow limit"
    held["former"] = lowest.text
    lowest.set_text("99.5" if "." in lowest.text else "99")
    atspi.wait_for(lambda: not held["app"].has(None, re.compile(re.escape(before))), 8, "another count")
    held["typed"] = lowest.text


def test_saved_limits_hold_and_undo_takes_them_back():
    atspi.key("ctrl+s")
    says(rf"yellow below {re.escape(held['typed'])}")
    button("Undo$").click()
    says(rf"yellow below {re.escape(held['former'])}" if held["former"] else "red below")


def test_trends_have_their_table_beside_them():
    open_first_patient()
    button("Table$").click()
    held["app"].find(("table", "tree table"), "Measurements", wait=8)
    button("Table$").click()
    button("1 year$").click()
    button("1 month$").click()


def test_a_note_is_written_and_shown():
    held["app"].find("page tab", "Notes").click()
    note = held["app"].find(("text", "entry"), re.compile("^New note"), wait=5)
    note.set_text("Ringt pasienten. Måler på nytt i kveld.")
    button("Save note$").click()
    says("^Ringt pasienten. Måler på nytt i kveld.")


if __name__ == "__main__":
    tap.main()
