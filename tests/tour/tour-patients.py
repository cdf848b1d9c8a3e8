#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens of patients, as each role that has them: list, search, empty answer, registration with its messages, and
a patient's trends, table, correction, limits, limit editor, notes, background and its forms."""
import os
import re
import sys
import tempfile
import time

import atspi
from app import App
from centre import Centre

TARGET = os.path.join(os.environ.get("FYRLYKT_TOUR_DIR", "build/tour"), "patients")
# Language, colours, size of text, size of the window.
LOOKS = [("en", "light", 1.0, None), ("nb", "dark", 1.0, (1024, 640)), ("nb", "light", 1.5, (1280, 860))]
TABS = {"en": ["Trends", "Limits", "Notes", "Background"],
        "nb": ["Trender", "Grenseverdier", "Notater", "Bakgrunn"]}
TABLE = r"(Table|Tabell)$"
EDIT_LIMIT = r"^(Edit limits|Rediger grenseverdier)"
ADD_DIAGNOSIS, ADD_RELATIVE = r"(Add diagnosis|Legg til diagnose)$", r"(Add relative|Legg til pårørende)$"
# Names and addresses of a list may be shortened where the column is narrow.
ALLOWED = [r"^[^ ]+, ", r"\d{4} "]


class Tour:
    """One application in one look; collects what is wrong."""

    def __init__(self, app, role, look):
        self.app, self.role, self.language = app, role, look[0]
        self.name = f"{role}-{look[0]}-{look[1]}" + ("-large" if look[2] > 1 else "")
        self.names_checked = look is LOOKS[0] or role != "nurse"
        self.faults, self.count = [], 0

    def stop(self, screen, wait=0.5):
        """A picture of the screen, and what is wrong in it."""
        time.sleep(wait)
        self.count += 1
        atspi.screenshot(f"{TARGET}/{self.name}-{self.count:02d}-{screen}.png")
        # Names are the same in every look; what is cut is not.
        found = atspi.cut_texts(self.app.root, ALLOWED)
        if self.names_checked:
            found += atspi.nameless(self.app.root)
        self.faults += [f"{self.name} {screen}: {fault}" for fault in found]
        print(f"tour: {self.name} {screen}", file=sys.stderr, flush=True)

    def press(self, pattern):
        """Press the button whose name matches."""
        pattern = re.compile(pattern)
        found = atspi.wait_for(lambda: next(
            (node for node in self.app.root.walk()
             if node.role in ("push button", "toggle button") and pattern.search(node.name)), None), 5,
            f"a button {pattern.pattern}")
        found.click()

    def tab(self, index):
        """Go to a tab of the patient's page."""
        found = self.app.find("page tab", TABS[self.language][index])
        found.click()
        atspi.wait_for(lambda: found.has_state(atspi.Atspi.StateType.SELECTED), 15, f"the tab {found.name}")

    def form(self, screen, pattern):
        """Open a form, save it empty for its messages, and leave it."""
        self.press(pattern)
        self.stop(screen, 0.8)
        atspi.key("ctrl+s")
        self.stop(f"{screen}-message")
        atspi.key("Escape")
        time.sleep(0.4)


def visit_list(tour):
    """The list, a search, and a search that finds nobody."""
    atspi.key("ctrl+2" if tour.role == "nurse" else "ctrl+1")
    tour.stop("list", 1)
    atspi.key("ctrl+f")
    atspi.type_text("zzzz")
    tour.app.find(None, re.compile("^(Nobody matches|Ingen passer)"), wait=15)
    tour.stop("nobody")
    atspi.key("Escape")
    tour.app.find(("table", "tree table"), wait=15)
    atspi.key("Down", "Down", "Return")


def visit_patient(tour):
    """Every tab of the first patient."""
    tour.stop("trends", 2)
    tour.press(TABLE)
    tour.stop("table", 1)
    tour.press(TABLE)  # Closed again: its cells would be looked at in every stop that follows.
    tour.tab(1)
    tour.stop("limits")
    if tour.role == "nurse":
        tour.press(EDIT_LIMIT)
        tour.stop("limit-editor", 1)
        atspi.key("Escape")
        time.sleep(0.4)
    tour.tab(2)
    tour.stop("notes")
    tour.tab(3)
    tour.stop("background")


def visit_forms(tour):
    """What only a nurse can do."""
    tour.form("diagnosis", ADD_DIAGNOSIS)
    tour.form("relative", ADD_RELATIVE)
    atspi.key("ctrl+n")
    tour.stop("registration", 1)
    atspi.key("ctrl+s")
    tour.stop("registration-message")
    atspi.key("Escape")


def play(centre, role, look, folder):
    """One role in one look; lines of what is wrong."""
    name, password = centre.user(role)
    language, scheme, scale, size = look
    with App(centre, name, password, language=language, scheme=scheme, text_scale=scale,
             workstation=f"{folder}/{role}") as app:
        time.sleep(3)
        if size:
            atspi.xdotool("getactivewindow", "windowsize", str(size[0]), str(size[1]), "windowmove", "0", "0")
            time.sleep(0.5)
        tour = Tour(app, role, look)
        visit_list(tour)
        if role != "clerk":
            visit_patient(tour)
        if role == "nurse":
            visit_forms(tour)
        return tour.faults


def main():
    """All roles in all looks."""
    faults = []
    with tempfile.TemporaryDirectory(prefix="fyrlykt-tour-") as folder:
        with Centre(f"{folder}/server", patients=20) as centre:
            for role in ("nurse", "gp", "clerk"):
                for look in LOOKS if role == "nurse" else LOOKS[1:2]:
                    faults += play(centre, role, look, folder)
    for fault in dict.fromkeys(faults):
        print(fault, file=sys.stderr)
    print(f"tour-patients: {len(set(faults))} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
