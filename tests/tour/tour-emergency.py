# SPDX-License-Identifier: GPL-3.0-or-later
"""Emergency access in nb and en: the dialog, empty and with what is wrong at its fields, the banner over the patient,
and the queue of reviews with its form."""
import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))

import atspi
from app import App
from centre import Centre

TARGET = os.environ.get("FYRLYKT_TOUR_DIR", "build/tour")
LOOKS = {"en-light": {}, "nb-dark": {"language": "nb", "scheme": "dark"}, "nb-large": {"language": "nb", "text_scale": 1.5}}
LIVE = re.compile("^(Live|Direkte)")
# Inside of libadwaita's own rows and the toolkit's own popovers nothing can be named from here; the alerts, where another
# tour looks, lie behind as they were last shown.
FOREIGN = re.compile("AdwToastWidget|GtkMenuButton|GtkStackPage|AdwView|combo box “|GtkSearchEntry|GtkShortcut|AdwActionRow|"
                     "FyrAlertReport")
# The place that is not shown any longer lies where it lay before the side bar grew by its count; nothing tells it apart.
LEFT = {name: re.compile("“(Review|Gjennomgå) ?…” reaches out") for name in ("emergency-queue", "emergency-review")}
FAULTS = []


def look_at(app, name, look):
    """A picture, and the faults of what is shown."""
    subprocess.run(["xdotool", "mousemove", "1279", "899"], check=False)
    atspi.time.sleep(0.7)
    atspi.screenshot(f"{TARGET}/{name}-{look}.png")
    found = [fault for fault in atspi.nameless(app.root) + atspi.cut_texts(app.root) if not FOREIGN.search(fault)]
    if name in LEFT:
        found = [fault for fault in found if not LEFT[name].search(fault)]
    FAULTS.extend(f"{name} {look}: {fault}" for fault in found)


def visit_nurse(centre, patient, look, options):
    """She opens the patient, and ends it."""
    name, password = centre.user("nurse")
    with App(centre, name, password, **options) as app:
        app.find(None, LIVE, wait=40)
        # Keys pressed before the list has the keyboard are lost.
        app.find("list", re.compile("^(Alerts|Varsler)$"), wait=20).wait_for_keyboard()
        atspi.key("ctrl+2")
        atspi.key("ctrl+f")
        app.find("entry", re.compile("Search patients|Søk i pasienter"), wait=15).wait_for_keyboard()
        atspi.type_text(patient["identity_number"])
        app.find(None, re.compile("^(Nobody matches|Ingen)"), wait=10)
        app.find("push button", re.compile("Emergency access|Nødtilgang")).click()
        app.find("push button", re.compile("^_?(Open patient|Åpne _?pasienten)"), wait=10)
        look_at(app, "emergency-dialog", look)
        atspi.key("ctrl+Return")
        look_at(app, "emergency-dialog-faults", look)
        app.find("combo box", re.compile("^(Reason|Begrunnelse)"), wait=5).focus()
        atspi.key("space")
        atspi.key("Down")
        atspi.key("Return")
        app.find(("text", "entry"), re.compile("^(What has happened|Hva som har skjedd)")).focus()
        atspi.type_text("Bevisstlos hjemme i dag")
        field = app.find(("text", "password text", "entry"), re.compile("^(Your password|Passordet ditt)"))
        # By the keyboard: with large text it lies below what is seen, out of the pointer's reach.
        atspi.key("Tab")
        field.wait_for_keyboard()
        atspi.type_text(password)
        atspi.key("ctrl+Return")
        app.find(None, re.compile("^(Emergency access|Nødtilgang): "), wait=25)
        look_at(app, "emergency-banner", look)
        app.find("push button", re.compile("^(End emergency access|Avslutt nødtilgang)")).click()
        app.find(None, re.compile("^(This patient cannot be shown|Denne pasienten kan ikke vises)"), wait=15)


def visit_manager(centre, look, options):
    """Told in the first place; the queue; one review."""
    with App(centre, *centre.user("manager"), **options) as app:
        app.find(None, LIVE, wait=40)
        review = app.find("push button", re.compile("^_?(Review|Gjennomgå)"), wait=20)
        look_at(app, "emergency-notice", look)
        review.click()
        app.find(None, re.compile("Bevisstlos"), wait=15)
        app.find("list item", re.compile(", ([Nn]urse|[Ss]ykepleier), ")).focus()
        look_at(app, "emergency-queue", look)
        atspi.key("Return")
        app.find("combo box", re.compile("^(What you found|Hva du fant)"), wait=15)
        look_at(app, "emergency-review", look)
        atspi.key("Escape")


def main():
    """All looks."""
    folder = tempfile.mkdtemp(prefix="fyrlykt-tour-")
    centre = Centre(f"{folder}/server", patients=6, log=f"{folder}/server.log")
    try:
        centre.make()
        patient = centre.patients[0]
        with contextlib.closing(sqlite3.connect(f"{centre.data_dir}/fyrlykt.db")) as base:
            base.execute('INSERT INTO patient_block (patient, "user") SELECT ?, id FROM "user" WHERE user_name = ?',
                         (bytes.fromhex(patient["id"].replace("-", "")), centre.user("nurse")[0]))
            base.commit()
        centre.start_server()
        for look, options in LOOKS.items():
            if os.environ.get("FYRLYKT_TOUR_LOOK", look) == look:
                visit_nurse(centre, patient, look, options)
                visit_manager(centre, look, options)
    finally:
        centre.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for fault in FAULTS:
        print(fault)
    sys.exit(1 if FAULTS else 0)


if __name__ == "__main__":
    main()
