# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact and delivery with a real server: offline with work that waits, two people who changed the same, work that a
colleague was before with, deciding field by field, and what was delivered. Leaves PNG files; fails on a control without
a name and on cut text."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))

import atspi
from app import App
from centre import Centre
from workstation import Workstation

TARGET = os.environ.get("FYRLYKT_TOUR_DIR", "build/tour")
LOOKS = {
    "en-light": {},
    "nb-dark": {"language": "nb", "scheme": "dark"},
    "nb-large": {"language": "nb", "text_scale": 1.5},
    "en-contrast": {"contrast": True},
}
LIVE = re.compile("^(Live|Direkte)$")
FAULTS = []
FOREIGN = re.compile("AdwToastWidget|“GtkMenuButton” < push button “GtkMenuButton” < panel “GtkStackPage”|AdwView|combo box “|GtkSearchEntry")
TELEPHONE = 40000000


def look_at(app, name, look):
    """A picture, and the faults of what is shown."""
    subprocess.run(["xdotool", "mousemove", "1279", "899"], check=False)
    atspi.time.sleep(0.7)
    atspi.screenshot(f"{TARGET}/{name}-{look}.png")
    found = [fault for fault in atspi.nameless(app.root) + atspi.cut_texts(app.root) if not FOREIGN.search(fault)]
    FAULTS.extend(f"{name} {look}: {fault}" for fault in found)


def button(app, pattern, wait=8):
    """The button whose name matches."""
    return app.find("push button", re.compile(pattern), wait=wait)


def work_offline(app, centre, look):
    """An alert taken, and a patient's telephone changed, with the server gone. The patient's name."""
    global TELEPHONE
    TELEPHONE += 1
    centre.stop_server()
    app.find("push button", re.compile("^(Offline|Uten kontakt)"), wait=30)
    atspi.key("j")
    atspi.key("t")
    button(app, "^1 (waiting|venter)")
    atspi.key("ctrl+2")
    atspi.key("ctrl+f")
    atspi.key("Escape")
    atspi.key("Down", "Down", "Return")
    app.find("page tab", re.compile("^Trend"), wait=8)
    name = app.find("heading", re.compile(r"\w+ \w+")).name
    button(app, "(Edit|Rediger)$").click()
    app.find(("text", "entry"), re.compile("^(Telephone|Telefon)")).set_text(str(TELEPHONE))
    atspi.key("ctrl+s")
    button(app, "^2 (waiting|venter)")
    look_at(app, "delivery-banner", look)
    atspi.key("ctrl+d")
    app.find("list", re.compile("^(Waits to be sent|Venter på)"))
    look_at(app, "delivery-offline", look)
    return name


def work_as_colleague(centre, name):
    """Another nurse was first with both."""
    users = [user for user in centre.users if user["role"] == "nurse"]
    other = Workstation(centre, users[1]["name"], users[1]["password"])
    other.sign_in()
    other.pull()
    patient = next(one for one in other.all("patient") if f"{one['given_name']} {one['family_name']}" == name)
    outcome = other.do("update", "patient", patient["id"], base_version=patient["version"],
                       fields={"telephone": "+4799999999"}, bases={"telephone": patient.get("telephone")})
    assert outcome["outcome"] in ("applied", "merged"), outcome
    for alert in other.all("alert"):
        if alert["status"] == "open":
            other.command("take", alert)


def visit(centre, look, options):
    """All states, one after the other."""
    user = centre.user("nurse")
    folder = tempfile.mkdtemp(prefix="fyrlykt-delivery-")
    workstation = f"{folder}/workstation"
    try:
        with App(centre, *user, workstation=workstation, **options) as app:
            app.find("push button", LIVE, wait=40)
            atspi.wait_for(lambda: app.has("list item", re.compile("alert|varsel")), 20, "the list")
            try:
                name = work_offline(app, centre, look)
            finally:
                app.stop(keep=True)
                centre.start_server()
        work_as_colleague(centre, name)
        with App(centre, *user, workstation=workstation, **options) as app:
            app.find("push button", LIVE, wait=40)
            button(app, "1 (in conflict|i konflikt)", 20)
            atspi.key("ctrl+d")
            app.find("list", re.compile("^(Needs your decision|Trenger din avgjørelse)"))
            look_at(app, "delivery-decide", look)
            button(app, "(Write another|Skriv noe annet)").click()
            button(app, "^(Use|Bruk)")
            look_at(app, "delivery-conflict", look)
            button(app, "^(Use|Bruk)").click()
            atspi.key("ctrl+s")
            app.find("list", re.compile("^(Delivered last|Sist levert)"), wait=10)
            button(app, "(Drop it|Gi det opp)").click()
            atspi.time.sleep(0.5)
            look_at(app, "delivery-dropped", look)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    """All looks."""
    folder = tempfile.mkdtemp(prefix="fyrlykt-tour-")
    centre = Centre(f"{folder}/server", patients=12, log=f"{folder}/server.log")
    try:
        for look, options in LOOKS.items():
            if os.environ.get("FYRLYKT_TOUR_LOOK", look) != look:
                continue
            centre.make()
            centre.start_server()
            visit(centre, look, options)
            centre.stop()
    finally:
        centre.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for fault in FAULTS:
        print(fault)
    sys.exit(1 if FAULTS else 0)


if __name__ == "__main__":
    main()
