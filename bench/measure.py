# SPDX-License-Identifier: GPL-3.0-or-later
"""What every benchmark in Python shares: figures as JSON lines, processes and their memory."""
import glob
import json
import os
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tests/support"))

from centre import Centre, build_folder, environment, program  # noqa: F401 (for the benchmarks)


def figure(name, value, unit, goal=None, ok=None):
    """Print one figure. `goal` is words ("≤ 100"); `ok` whether it was reached, None when it has no goal."""
    print(json.dumps({"name": name, "value": round(value, 4) if isinstance(value, float) else value,
                      "unit": unit, "goal": goal, "ok": ok}, ensure_ascii=False), flush=True)


def at_most(name, value, unit, limit):
    """A figure that shall not be over a limit."""
    figure(name, value, unit, f"≤ {limit:g}", value <= limit)


def at_least(name, value, unit, limit):
    """A figure that shall not be under a limit."""
    figure(name, value, unit, f"≥ {limit:g}", value >= limit)


def doing(what):
    """Say on standard error what takes the time now: a preparation may take minutes."""
    print(f"bench: {what}", file=sys.stderr, flush=True)


def alerting(centre, kind=1):
    """The patients of a centre on SQLite whom a bad value of a kind (1: SpO2) alerts for each time: who has no limits
    yet gets one grey alert, and no more."""
    path = next(glob.iglob(f"{centre.data_dir}/*.db"))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as wire:
        limited = {row[0] for row in wire.execute('SELECT lower(hex(patient_id)) FROM "limit" WHERE kind = ?', (kind,))}
    return [patient for patient in centre.patients if patient["id"].replace("-", "") in limited]


def resident_mb(pid):
    """Memory a process holds now, in MB (VmRSS)."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def thread_seconds(pid, name):
    """Processor time, in seconds, of the threads of a process that bear a name; of all when it is None."""
    total = 0
    for task in glob.glob(f"/proc/{pid}/task/*"):
        with open(f"{task}/schedstat", encoding="ascii") as stat, open(f"{task}/comm", encoding="utf-8") as comm:
            if name in (None, comm.read().strip()):
                total += int(stat.read().split()[0])
    return total / 1e9


def median(values):
    """The middle one."""
    return sorted(values)[len(values) // 2]


def helper(name):
    """Path of a helper program built in bench/."""
    return os.path.join(build_folder(), "bench", name)


def until_line(command, word, seconds=60, **more):
    """Start a program; milliseconds until it prints a line that begins with `word`, and the process."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                               env=environment(**more))
    for line in process.stdout:
        if line.startswith(word):
            return (time.monotonic() - started) * 1000, process
        if time.monotonic() - started > seconds:
            break
    process.kill()
    raise RuntimeError(f"{command[0]} ended without “{word}”")
