# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev demo`: a demonstration centre, its server, simulated patients, and the application."""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.abspath("tests/support"))

import packages
from building import build
from centre import Centre, environment, program
from say import fail, say
from touring import tour

FOLDER = "build/demo"
LOOK_SECONDS = 2


def _arguments(words):
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--no-app", action="store_true", help="server and simulated patients only")
    parser.add_argument("--seconds", type=float, help="end after so long (with --no-app; else until closed)")
    parser.add_argument("--json", action="store_true", help="first line of output: one JSON object")
    parser.add_argument("--port", type=int, default=0, help="port of the server; a free one when not given")
    parser.add_argument("--patients", type=int, default=120, help="how many patients (120)")
    parser.add_argument("--no-sim", action="store_true", help="no simulated patients")
    return parser.parse_args(words)


def _has_display():
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _run_app(centre, seconds):
    name, password = centre.user("nurse")
    say(f"opening the application, signed in as {name}; close its window to stop everything")
    with open(f"{FOLDER}/app.log", "wb") as log:
        app = subprocess.Popen(
            [program("fyrlykt"), "--server", centre.url, "--data", f"{FOLDER}/workstation", "--user", name],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(FYRLYKT_PASSWORD=password))
    try:
        app.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        centre.end(app)
    if app.returncode not in (0, -signal.SIGTERM):
        fail(f"the application ended with {app.returncode}; see {FOLDER}/app.log")


def _follow(centre, is_over):
    """A patient who is registered in the application reports as well, from a few seconds later on."""
    while not is_over.wait(LOOK_SECONDS):
        try:
            centre.look_for_newcomers()
        except RuntimeError as error:
            # The server may be on its way down; what the look-out lacks, the demonstration goes on without.
            say(str(error).splitlines()[-1])


def _wait(centre, seconds):
    end = time.monotonic() + seconds if seconds is not None else None
    while end is None or time.monotonic() < end:
        if centre.server.poll() is not None:
            fail(f"the server ended with {centre.server.returncode}; see {centre.log}")
        time.sleep(0.2)


def demo(words):
    """The verb."""
    options = _arguments(words)
    packages.install_for("demo")
    if not options.no_app and not _has_display():
        say("there is no display here (neither DISPLAY nor WAYLAND_DISPLAY): playing the tour instead")
        packages.install_for("tour")
        tour([])
    build("build")
    # The workstation's database belongs to the centre that was: both are made anew.
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    centre = Centre(f"{FOLDER}/server", options.patients, options.port, f"{FOLDER}/server.log")
    signal.signal(signal.SIGTERM, lambda *_what: sys.exit(143))
    is_over = threading.Event()
    look_out = threading.Thread(target=_follow, args=(centre, is_over), daemon=True)
    try:
        say(f"making a centre with {options.patients} patients and six months of measurements under {FOLDER}/")
        centre.make()
        centre.start_server()
        say(f"server at {centre.url}")
        if options.json:
            print(json.dumps(centre.describe(), ensure_ascii=False), flush=True)
        else:
            for user in centre.users:
                say(f"sign in as {user['name']} ({user['role']}) with {user['password']}")
        if not options.no_sim:
            centre.start_sim()
            look_out.start()
            say("simulated patients report over the open interface; register one, set limits, and she alerts within a minute")
        if options.no_app:
            _wait(centre, options.seconds)
        else:
            _run_app(centre, options.seconds)
    except KeyboardInterrupt:
        say("stopped")
    except RuntimeError as error:
        fail(str(error))
    finally:
        is_over.set()
        if look_out.is_alive():
            look_out.join()
        centre.stop()
