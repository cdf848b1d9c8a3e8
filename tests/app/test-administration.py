# SPDX-License-Identifier: GPL-3.0-or-later
"""Administration from outside: users, centres and organisations are searched, sorted, made, changed and undone with the
keyboard and the accessibility bus, over a real server."""
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

held = {}


def before_all():
    held["folder"] = tempfile.TemporaryDirectory(prefix="fyrlykt-administration-")
    held["centre"] = Centre(os.path.join(held["folder"].name, "server"), patients=4)
    held["centre"].make()
    held["centre"].start_server()
    held["app"] = App(held["centre"], *held["centre"].user("administrator")).start(40)
    held["app"].find("list item", re.compile("^Administration"), wait=30)
    held["app"].find(None, re.compile("^Live"), wait=40)
    atspi.key("ctrl+2")
    says(r"^\d+ rows$", 20)


def after_all():
    held["app"].stop()
    held["centre"].stop()
    held["folder"].cleanup()


def says(pattern, wait=10):
    """Waits until a text on the screen matches; the text."""
    node = held["app"].find(None, re.compile(pattern), wait=wait)
    return node.name or node.text


def field(pattern):
    return held["app"].find(("text", "entry"), re.compile(pattern), wait=8)


def button(pattern, wait=8):
    return held["app"].find(("push button", "toggle button"), re.compile(pattern), wait=wait)


def search(words, among="users"):
    """Types into the search of the table that is shown."""
    atspi.key("ctrl+f")
    held["app"].find("entry", f"Search among {among}").wait_for_keyboard()
    atspi.key("ctrl+a")
    atspi.type_text(words) if words else atspi.key("BackSpace")


def form(title):
    """The form of that name, with the keyboard in it."""
    return atspi.wait_for(lambda: next((window for window in held["app"].root.children
                                        if window.name == title and window.has_keyboard), None), 12, title)


def gone(title):
    atspi.wait_for(lambda: title not in [window.name for window in held["app"].root.children], 10,
                   f"the end of {title}")


def at_server(kind):
    return json.loads(held["centre"].admin(kind, "list", "--json"))


def test_a_user_is_found_by_any_word_of_the_row():
    search("zzzz")
    says("^Nothing found$")
    search("nurse")
    says(r"^\d+ of \d+$")
    search("")
    says(r"^\d+ rows$")


def test_a_user_is_made_with_a_role_and_taken_back_with_undo():
    rows = says(r"^\d+ rows$")
    atspi.key("ctrl+n")
    form("New user")
    atspi.key("ctrl+s")
    says("^Type the full name")
    field("^Full name").set_text("Åse Prøvesen")
    field("^User name").set_text("ase.provesen")
    held["app"].find(None, "Manager").click()
    atspi.key("ctrl+s")
    gone("New user")
    search("ase.provesen")
    says("Åse Prøvesen")
    atspi.wait_for(lambda: any(one["user_name"] == "ase.provesen" for one in at_server("user")), 20,
                   "the user at the server")
    button("Undo$").click()
    search("")
    says(f"^{rows}$")


def test_an_organisation_is_told_of_a_wrong_number_before_it_is_saved():
    held["app"].find(("page tab", "radio button", "toggle button"), "Organisations").click()
    says(r"^\d+ rows$")
    atspi.key("ctrl+n")
    form("New organisation")
    field("^Name").set_text("Storvik kommune")
    number = field("^Organisation number")
    number.set_text("12345")
    atspi.key("ctrl+s")
    says("^An organisation number has nine digits")
    number.set_text("958 935 420")
    atspi.key("ctrl+s")
    gone("New organisation")
    says("Storvik kommune")
    atspi.wait_for(lambda: any(one["name"] == "Storvik kommune" for one in at_server("organization")), 20,
                   "the organisation at the server")


def test_what_was_typed_comes_back_after_escape():
    atspi.key("ctrl+n")
    form("New organisation")
    field("^Name").set_text("Halvveis sykehus")
    atspi.key("Escape")
    gone("New organisation")
    button("Undo$").click()
    form("New organisation")
    assert field("^Name").text == "Halvveis sykehus"
    field("^Name").set_text("")
    atspi.key("Escape")
    gone("New organisation")


def test_a_row_is_opened_with_the_keyboard_alone():
    search("storvik", "organisations")
    says(r"^1 of \d+$")
    atspi.key("Return")
    form("Edit organisation")
    assert field("^Organisation number").text.replace(" ", "") == "958935420"
    atspi.key("Escape")
    gone("Edit organisation")


def test_every_control_of_administration_has_a_name():
    faults = [fault for fault in atspi.nameless(held["app"].root) if "combo box “" not in fault
              and "GtkSearchEntry" not in fault]
    assert not faults, "\n".join(faults)


if __name__ == "__main__":
    tap.main()
