# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev tour`: every screen as each role, in nb and en, light, dark and large text, under a virtual
display; leaves pictures, fails on a missing accessible name or a cut text."""
import glob
import os
import subprocess
import sys
import time

from building import build, run_environment
from say import fail, say


def tour(words):
    """The verb: run each tests/tour/tour-*.py in a display of its own; `words` may name the folder."""
    target = os.path.abspath(words[0] if words else "build/tour")
    scripts = sorted(glob.glob("tests/tour/tour-*.py"))
    if not scripts:
        fail("no tour is registered under tests/tour/")
    build("build")
    # Pictures of a former tour would pass for this one's.
    for picture in glob.glob(f"{target}/**/*.png", recursive=True):
        os.remove(picture)
    os.makedirs(target, exist_ok=True)
    environment = dict(run_environment(), FYRLYKT_BUILDDIR=os.path.abspath("build"),
                       FYRLYKT_TOUR_DIR=target, PYTHONPATH=os.path.abspath("tests/support"))
    # A busy machine is slow, not wrong: only what never comes fails.
    environment.setdefault("FYRLYKT_TEST_SLOW", "6")
    failed = []
    for script in scripts:
        say(f"playing {os.path.basename(script)}")
        started = time.monotonic()
        result = subprocess.run(
            ["/usr/bin/python3", os.path.abspath("tests/support/with-display.py"), "/usr/bin/python3", script],
            env=environment, stdin=subprocess.DEVNULL, check=False)
        verdict = "ended well" if result.returncode == 0 else f"failed ({result.returncode})"
        say(f"{os.path.basename(script)} {verdict} after {time.monotonic() - started:.0f} s")
        if result.returncode != 0:
            failed.append(script)
    pictures = glob.glob(f"{target}/**/*.png", recursive=True)
    say(f"{len(pictures)} pictures in {target}")
    if not pictures:
        fail("the tour left no picture")
    sys.exit(1 if failed else 0)
