# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev soak: simulated histories from fresh seeds, hour after hour, one process a core."""
import json
import os
import random
import subprocess
import time

from building import build
from say import fail, say

PROGRAM = "build/tests/simulation/fyr-simulate"
FAILING = "build/soak-seeds.txt"
BATCH = 100


def _start():
    first = random.randrange(10**6, 2**31 - BATCH)
    return subprocess.Popen([PROGRAM, "--keep-going", "--from", str(first), "--count", str(BATCH)],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def _take_in(process, total):
    """Add one batch; keep its failing seeds in the file."""
    text, _nothing = process.communicate()
    for line in text.splitlines():
        if line.startswith("BROKEN seed "):
            seed = line.split()[2].rstrip(":,")
            say(line)
            say(f"again with: {PROGRAM} --seed {seed}")
            with open(FAILING, "a", encoding="utf-8") as stream:
                stream.write(f"{seed} {line.split(': ', 1)[-1]}\n")
    if process.returncode not in (0, 1):
        fail(f"the simulator ended with {process.returncode}")
    figures = json.loads(text.strip().splitlines()[-1])
    total["histories"] += figures["histories"]
    total["broken"] += figures["broken"]
    total["faults"] += sum(figures["faults"].values())


def soak(words):
    """Run until the hours are over; ends with 1 when a history broke a promise."""
    hours = float(words[words.index("--hours") + 1]) if "--hours" in words[:-1] else 1.0
    build("build")
    begin, told = time.monotonic(), 0.0
    total = {"histories": 0, "broken": 0, "faults": 0}
    running = [_start() for _core in range(os.cpu_count() or 1)]
    while running:
        _take_in(running.pop(0), total)
        past = time.monotonic() - begin
        if past < hours * 3600:
            running.append(_start())
        if past - told >= 60 or not running:
            told = past
            say(f"{past / 3600:.2f} of {hours:g} hours: {total['histories']} histories, "
                f"{total['histories'] / past:.1f} a second, {total['faults']} faults, {total['broken']} broken")
    print(json.dumps(total))
    if total["broken"]:
        fail(f"{total['broken']} histories broke a promise; their seeds are in {FAILING}")
