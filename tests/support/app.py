# SPDX-License-Identifier: GPL-3.0-or-later
"""The application, started from the build folder in a language, colours, text size and window size of the
test's choice, with settings and a local database of its own."""
import os
import shutil
import subprocess
import tempfile

import atspi
from centre import build_folder, environment, has_sanitizers, program

if has_sanitizers():
    # Whole stacks make a window 20 times as slow, and only they tell the libraries' own leaks from ours: leaks are looked
    # for in the display tests in C. The last word of an option counts.
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":fast_unwind_on_malloc=1:detect_leaks=0"


def locale_environment(language):
    """What makes programs speak "nb" or "en", whatever locales the machine has."""
    if language != "nb":
        return {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
    made = os.path.join(build_folder(), "locale")
    if not os.path.exists(f"{made}/nb_NO.UTF-8") and shutil.which("localedef"):
        os.makedirs(made, exist_ok=True)
        subprocess.run(["localedef", "-i", "nb_NO", "-f", "UTF-8", f"{made}/nb_NO.UTF-8"], check=False,
                       capture_output=True)
    if os.path.exists(f"{made}/nb_NO.UTF-8"):
        return {"LOCPATH": made, "LANG": "nb_NO.UTF-8", "LC_ALL": "nb_NO.UTF-8", "LANGUAGE": "nb"}
    return {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "LANGUAGE": "nb"}


class App:
    """One running application. `root` is its accessible tree. Use as a context manager.

    `scheme`: "light" or "dark"; `text_scale`: 1.0 or more; `contrast`: high contrast; `user` and `password`:
    signed in without the form when given; `arguments` are added to the command line.
    """

    def __init__(self, centre=None, user=None, password=None, language="en", scheme="light", text_scale=1.0,
                 contrast=False, workstation=None, arguments=(), **more):
        self.folder = tempfile.mkdtemp(prefix="fyrlykt-app-")
        self.workstation = workstation or f"{self.folder}/workstation"
        self.log = f"{self.folder}/app.log"
        self.command = [program("fyrlykt"), "--data", self.workstation, *arguments]
        if centre:
            self.command += ["--server", centre.url]
        if user:
            self.command += ["--user", user]
        os.makedirs(f"{self.folder}/config/gtk-4.0")
        with open(f"{self.folder}/config/gtk-4.0/settings.ini", "w", encoding="utf-8") as stream:
            stream.write("[Settings]\ngtk-enable-animations=0\n")
        self.environment = environment(
            XDG_CONFIG_HOME=f"{self.folder}/config", **locale_environment(language),
            ADW_DEBUG_COLOR_SCHEME="prefer-dark" if scheme == "dark" else "prefer-light",
            ADW_DEBUG_HIGH_CONTRAST="1" if contrast else "0", **more)
        if password:
            self.environment["FYRLYKT_PASSWORD"] = password
        os.environ["FYRLYKT_TEST_TEXT_SCALE"] = str(text_scale)
        self.text_scale = text_scale
        self.process = self.root = None

    def start(self, wait=20):
        """Start it and wait until it is on the accessibility bus."""
        # On X11 the size of text is the X server's own word, before any file.
        subprocess.run(["xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER",
                        f"Xft.dpi:\t{round(96 * self.text_scale)}\n"], check=False, capture_output=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.environment)

        def here():
            if self.process.poll() is not None:
                raise AssertionError(f"the application ended with {self.process.returncode}:\n{self.output()}")
            return next((node for node in atspi.applications()
                         if atspi.process_id(node) == self.process.pid and node.children), None)

        self.root = atspi.wait_for(here, wait, "the application")
        return self

    def output(self):
        """What it wrote to standard output and error."""
        with open(self.log, encoding="utf-8", errors="replace") as stream:
            return stream.read()

    def window(self):
        """Its first window."""
        return self.root.children[0]

    def find(self, *arguments, **more):
        """As atspi.Node.find, in the whole application."""
        return self.root.find(*arguments, **more)

    def has(self, *arguments, **more):
        """As atspi.Node.has, in the whole application."""
        return self.root.has(*arguments, **more)

    def search_patients(self, name="Search patients", wait=40):
        """The field in which patients are looked for, with the keyboard in it. On a busy machine a key that comes while the
        window is still being made goes nowhere: as a person would, it is pressed again."""
        def here():
            atspi.key("ctrl+2")
            atspi.key("ctrl+f")
            return atspi.wait_for(lambda: self.has("entry", name) and self.find("entry", name).has_keyboard, 3, None)

        atspi.wait_for(here, wait, "the keyboard in the search")
        return self.find("entry", name)

    def stop(self, keep=False):
        """End it; its folder goes too unless `keep`."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_what):
        self.stop()
