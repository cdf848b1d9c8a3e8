# SPDX-License-Identifier: GPL-3.0-or-later
"""Every screen of the window, as each role: nb and en, light, dark, high contrast, large text, 1024×640. Leaves
PNG files; fails on a control without a name and on cut text."""
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

TARGET = os.environ.get("FYRLYKT_TOUR_DIR", "build/tour")
LOOKS = {
    "en-light": {},
    "nb-light": {"language": "nb"},
    "nb-dark": {"language": "nb", "scheme": "dark"},
    "nb-large": {"language": "nb", "text_scale": 1.5},
    "en-contrast": {"contrast": True},
}
# The other roles are visited in these.
ROLE_LOOKS = {"en-light", "nb-dark", "nb-large"}
LIVE = re.compile("^(Live|Direkte)")
FAULTS = []
# Inside of libadwaita's own rows and switchers nothing can be named from here.
FOREIGN = re.compile("AdwToastWidget|“GtkMenuButton” < push button “GtkMenuButton” < panel “GtkStackPage”|AdwView|combo box “|GtkSearchEntry|GtkShortcut|shortcut")


def look_at(app, name, look):
    """A picture, and the faults of what is shown."""
    subprocess.run(["xdotool", "mousemove", "1279", "899"], check=False)
    atspi.time.sleep(0.7)
    path = f"{TARGET}/{name}-{look}.png"
    atspi.screenshot(path)
    found = [fault for fault in atspi.nameless(app.root) + atspi.cut_texts(app.root) if not FOREIGN.search(fault)]
    FAULTS.extend(f"{name} {look}: {fault}" for fault in found)


def small(app):
    """The smallest screen it must work on."""
    window = subprocess.run(["xdotool", "getactivewindow"], capture_output=True, text=True, check=False).stdout.strip()
    if window:
        subprocess.run(["xdotool", "windowsize", window, "1024", "640", "windowmove", window, "20", "20"], check=False)
    atspi.time.sleep(0.4)


def visit_sign_in(centre, look, options):
    """The first thing anybody sees, and what it says when fields are empty."""
    with App(centre, **options) as app:
        app.find("push button", re.compile("Sign in|Logg inn"))
        look_at(app, "sign-in", look)
        app.find("push button", re.compile("Sign in|Logg inn")).click()
        look_at(app, "sign-in-faults", look)


def visit_nurse(centre, look, options):
    """Alerts: the list and what stands beside it, a note, closing, preferences, help, not delivered, offline."""
    name, password = centre.user("nurse")
    with App(centre, name, password, **options) as app:
        app.find(None, LIVE, wait=40)
        atspi.time.sleep(1)
        look_at(app, "alerts", look)
        small(app)
        look_at(app, "alerts-small", look)
        atspi.key("t")
        atspi.key("n")
        look_at(app, "alert-note", look)
        atspi.key("Escape")
        atspi.key("c")
        atspi.key("ctrl+Return")
        look_at(app, "alert-close", look)
        atspi.key("Escape")
        atspi.key("F10")
        look_at(app, "menu", look)
        atspi.key("Escape")
        for key, screen in (("ctrl+comma", "preferences"), ("ctrl+question", "shortcuts"), ("F1", "help")):
            atspi.key(key)
            look_at(app, screen, look)
            atspi.key("Escape")
        centre.stop_server()
        try:
            app.find(None, re.compile("^(Offline|Uten kontakt)"), wait=30)
            atspi.key("j", "n")
            atspi.time.sleep(0.5)
            atspi.type_text("Ringte, ingen svar")
            atspi.key("ctrl+Return")
            app.find("push button", re.compile("waiting|venter"))
            look_at(app, "offline", look)
            app.find("push button", re.compile("waiting|venter")).click()
            look_at(app, "not-delivered", look)
            atspi.key("Escape")
        finally:
            centre.start_server()
        app.find(None, LIVE, wait=60)
        atspi.key("ctrl+l")
        look_at(app, "locked", look)


def visit_administration(app, look):
    """Its tables, a search without an answer, and the forms they open."""
    atspi.key("ctrl+2")
    app.find("entry", re.compile("among users|blant brukere"), wait=15).wait_for_keyboard()
    look_at(app, "administration", look)
    atspi.type_text("zzzz")
    app.find(None, re.compile("^(Nothing found|Ingen treff)"), wait=10)
    look_at(app, "administration-nothing", look)
    atspi.key("ctrl+n")
    form(app, "New user|Ny bruker")
    look_at(app, "new-user", look)
    atspi.key("Escape")
    tab(app, "Centres|Sentre")
    look_at(app, "administration-centres", look)
    tab(app, "Organisations|Organisasjoner")
    look_at(app, "administration-organisations", look)
    atspi.key("ctrl+n")
    form(app, "New organisation|Ny organisasjon")
    atspi.key("ctrl+s")
    look_at(app, "new-organisation", look)
    atspi.key("Escape")


def form(app, title):
    """The form called so, with the keyboard in it."""
    pattern = re.compile(f"^({title})$")
    atspi.wait_for(lambda: any(pattern.match(window.name) and window.has_keyboard for window in app.root.children),
                   15, title)


def tab(app, title):
    """Goes to a tab of administration."""
    app.find(("page tab", "radio button", "toggle button"), re.compile(f"^({title})$")).click()


def visit_role(centre, role, look, options):
    """The first place of a role, and the windows it opens."""
    name, password = centre.user(role)
    with App(centre, name, password, **options) as app:
        app.find(None, LIVE, wait=40)
        atspi.time.sleep(1)
        look_at(app, role, look)
        if role == "administrator":
            visit_administration(app, look)
            atspi.key("ctrl+3")
            look_at(app, "access-log", look)


def main():
    """All looks, all roles."""
    folder = tempfile.mkdtemp(prefix="fyrlykt-tour-")
    centre = Centre(f"{folder}/server", patients=24, log=f"{folder}/server.log")
    try:
        centre.make()
        centre.start_server()
        roles = {user["role"] for user in centre.users} & {"manager", "administrator", "clerk", "gp"}
        for look, options in LOOKS.items():
            if os.environ.get("FYRLYKT_TOUR_LOOK", look) != look:
                continue
            visit_sign_in(centre, look, options)
            visit_nurse(centre, look, options)
            for role in sorted(roles) if look in ROLE_LOOKS else ():
                visit_role(centre, role, look, options)
    finally:
        centre.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for fault in FAULTS:
        print(fault)
    sys.exit(1 if FAULTS else 0)


if __name__ == "__main__":
    main()
