# SPDX-License-Identifier: GPL-3.0-or-later
"""Running the suites and adding up what the tests say in TAP."""
import json
import os
import re
import shutil
import subprocess
import sys
import time

from building import build
from say import fail, say

SUITES = ["lint", "unit", "server", "simulation", "fuzz", "e2e", "faults", "display"]
ON_REQUEST = ["slow"]
RESULT = re.compile(r"^(not )?ok\b(.*)$")
# Of what a test said before it failed: its end tells why.
LINES_OF_FAILURE = 15
WITH_DISPLAY = "tests/support/with-display.py"


class Count:
    """Passed, failed and skipped, and the names of what failed."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def add_tap(self, test, text):
        """Add one program's TAP; returns how many failures it named."""
        named = 0
        said = []
        for line in text.splitlines():
            match = RESULT.match(line)
            if not match:
                said.append(line)
                continue
            upper = match.group(2).upper()
            if "# SKIP" in upper:
                self.skipped += 1
            elif match.group(1) and "# TODO" not in upper:
                self.failed += 1
                named += 1
                self.failures.append("\n    ".join([f"{test}:{match.group(2)}", *said[-LINES_OF_FAILURE:]]))
            else:
                self.passed += 1
            said = []
        return named

    def add(self, entry):
        """Add one test of meson's log."""
        name, result = entry["name"], entry["result"]
        before = self.passed + self.failed + self.skipped
        named = self.add_tap(name, entry.get("stdout") or "")
        counted = self.passed + self.failed + self.skipped > before
        if result in ("OK", "EXPECTEDFAIL"):
            if not counted:
                self.passed += 1
        elif result == "SKIP":
            if not counted:
                self.skipped += 1
        elif not named:
            self.failed += 1
            self.failures.append(f"{name}: {result.lower()}")


def environment_for(suite, folder):
    """What the tests of a suite see: no display of the person's, no colours, sanitizers that stop."""
    environment = dict(os.environ)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"):
        environment.pop(name, None)
    environment["NO_COLOR"] = "1"
    # A test that waits for a window ends as soon as it comes; only one that fails waits longer on a busy machine.
    environment.setdefault("FYRLYKT_TEST_SLOW", "4")
    if folder == "build-asan":
        supp = os.path.abspath("tests/support/lsan.supp")
        # Whole stacks tell whose a leak is, and are what lsan.supp looks at; they make the simulation 13 times as slow.
        fast = int(suite in ("simulation", "faults"))
        # What strikes a process from before it (libfaketime, libfiu, our own) is loaded first.
        environment["ASAN_OPTIONS"] = (f"fast_unwind_on_malloc={fast}:detect_stack_use_after_return=1:"
                                       "abort_on_error=1:verify_asan_link_order=0")
        environment["LSAN_OPTIONS"] = f"suppressions={supp}:print_suppressions=0"
        environment["UBSAN_OPTIONS"] = "print_stacktrace=1:halt_on_error=1"
        environment["G_SLICE"] = "always-malloc"
    return environment


def _registered(folder, suite):
    answer = subprocess.run(["meson", "introspect", "--tests", folder], capture_output=True, text=True,
                            check=True)
    return [test for test in json.loads(answer.stdout)
            if any(name.split(":")[-1] == suite for name in test["suite"])]


def run_suite(suite, folder, count):
    """Run one suite with meson, in its environment, and add its results to `count`."""
    tests = _registered(folder, suite)
    if not tests:
        say(f"{suite}: no test registered")
        return
    started = time.monotonic()
    base = f"testlog-{suite}"
    command = ["meson", "test", "-C", folder, "--no-rebuild", "--suite", suite, "--logbase", base,
               "--print-errorlogs"]
    if suite == "display":
        wrapper = f"/usr/bin/python3 {os.path.abspath(WITH_DISPLAY)}"
        command += ["--wrapper", wrapper]
    if folder == "build-asan":
        command += ["--timeout-multiplier", "5"]
    suffix = "-" + re.sub(r"\W+", "_", wrapper.split()[0].split("/")[-1]) if suite == "display" else ""
    log = f"{folder}/meson-logs/{base}{suffix}.json"
    if os.path.exists(log):
        os.remove(log)
    say(f"{suite}: {len(tests)} test programs")
    result = subprocess.run(command, env=environment_for(suite, folder), stdin=subprocess.DEVNULL,
                            check=False, stdout=sys.stderr)
    before = (count.passed, count.failed, count.skipped)
    read = 0
    if os.path.exists(log):
        with open(log, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                read += 1
                count.add(json.loads(line))
    if result.returncode != 0 and count.failed == before[1]:
        count.failed += 1
        count.failures.append(f"{suite}: meson test ended with {result.returncode}")
    if read < len(tests):
        count.failed += len(tests) - read
        count.failures.append(f"{suite}: {len(tests) - read} programs left no result")
    say(f"{suite}: {count.passed - before[0]} passed, {count.failed - before[1]} failed, "
        f"{count.skipped - before[2]} skipped in {time.monotonic() - started:.0f} s")


def test(names, folder="build", default=None):
    """The verb: build, run the suites, print the totals; ends the process with the verdict."""
    known = SUITES + ON_REQUEST
    for name in names:
        if name not in known:
            fail(f"no suite “{name}”; there are: {' '.join(known)}", 2)
    build(folder)
    count = Count()
    for suite in names or default or SUITES:
        run_suite(suite, folder, count)
    for failure in count.failures:
        say(f"failed: {failure}")
    nothing = count.passed + count.failed == 0
    if nothing:
        say("no test ran")
    print(f"{count.passed} passed, {count.failed} failed, {count.skipped} skipped", flush=True)
    sys.exit(1 if count.failed or nothing else 0)


def asan(names):
    """The tests again, with the address and undefined-behaviour sanitizers."""
    if not shutil.which("gcc"):
        fail("the sanitizer build needs gcc")
    test(names, "build-asan", [suite for suite in SUITES if suite != "lint"])
