# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulated fault rows share: runs of tests/simulation/fyr-simulate, one process a core, added up."""
import json
import os
import random
import subprocess
import sys

FULL = "--full" in sys.argv
PROGRAM = os.path.join(os.environ.get("FYRLYKT_BUILDDIR", "build"), "tests/simulation/fyr-simulate")
# Full runs take other histories each time; in CI they are the same.
SEED = int(os.environ.get("FYRLYKT_SEED", random.randrange(1, 2**31) if FULL else 1))


def size(small, full):
    """The CI-sized or the full-sized number."""
    return full if FULL else small


def _add(total, figures):
    for name, value in figures.items():
        if isinstance(value, dict):
            _add(total.setdefault(name, {}), value)
        elif name == "alike_after":
            total[name] = max(total.get(name, 0), value)
        else:
            total[name] = total.get(name, 0) + value


def run(jobs):
    """Run the simulator with each list of words, as many at once as there are cores; returns the figures added up."""
    total, waiting, running = {}, list(jobs), []
    print(f"seeds from {SEED}", file=sys.stderr, flush=True)
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            words = [PROGRAM, "--keep-going", *(str(word) for word in waiting.pop(0))]
            # pylint: disable-next=consider-using-with
            running.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
        process = running.pop(0)
        text, _nothing = process.communicate()
        for line in text.splitlines():
            if line.startswith("BROKEN"):
                print(line, file=sys.stderr, flush=True)
        if process.returncode not in (0, 1):
            sys.exit(f"the simulator ended with {process.returncode}")
        _add(total, json.loads(text.strip().splitlines()[-1]))
    return total


def jobs_of(profile, count, each=50):
    """What run() is given for histories of one profile, in jobs of `each`."""
    return [["--profile", profile, "--from", SEED + first, "--count", min(each, count - first)]
            for first in range(0, count, each)]


def histories(profile, count, each=50):
    """Histories of one profile."""
    return run(jobs_of(profile, count, each))


def tell(name, value, unit, goal=None, fine=None):
    """One figure, in the form of ./dev faults."""
    print(json.dumps({"name": name, "value": value, "unit": unit, "goal": goal, "ok": fine}), flush=True)


def verdict(row, total, struck):
    """How often it struck, and how many histories broke a promise: none may."""
    tell(f"{row}: {struck[0]}", struck[1], "times")
    tell(f"{row}: histories that broke a promise", total["broken"], f"of {total['histories']}", 0,
         total["broken"] == 0)
    sys.exit(1 if total["broken"] else 0)
