# SPDX-License-Identifier: GPL-3.0-or-later
"""Random histories of workstations and a server in one process, each from a seed, held against a model.

    test-simulation.py PART OF    this part of the seeds; the first part also replays, the last breaks the product

FYRLYKT_SEEDS=n runs other numbers of histories than the 2,000 of an ordinary run.
"""
import json
import os
import re
import subprocess
import sys

import tap

PART, PARTS = (int(word) for word in sys.argv[1:3])
SEEDS = int(os.environ.get("FYRLYKT_SEEDS", "2000"))
PROGRAM = os.path.join(os.environ.get("FYRLYKT_BUILDDIR", "build"), "tests/simulation/fyr-simulate")
KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seeds.txt")


def simulate(*words):
    """Run the simulator; returns whether it found nothing, and what it printed."""
    done = subprocess.run([PROGRAM, *(str(word) for word in words)], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.returncode == 0, done.stdout


def kept_seeds():
    """Seeds that ever failed, one a line, with what they found; with the profile before it when it has one."""
    with open(KEPT, encoding="utf-8") as lines:
        return [line.split()[0].rpartition(":") for line in lines if line.strip() and not line.startswith("#")]


def say_figures(text):
    """The last line's figures as comments: how fast, and how often each fault struck."""
    figures = json.loads(text.strip().splitlines()[-1])
    print(f"# {figures['histories']} histories, {figures['histories'] / figures['seconds']:.1f} a second, "
          f"{figures['saves']} saves, {figures['pushes']} pushes, {figures['pulls']} pulls, {figures['steps']} steps")
    print("# " + ", ".join(f"{name} {count}" for name, count in figures["faults"].items()), flush=True)
    return figures


def seed_hash(seed):
    """The hash over everything that happened in one history."""
    _fine, text = simulate("--seed", seed)
    return next(line.split()[1] for line in text.splitlines() if line.startswith("hash "))


def histories_of_this_part_break_no_promise():
    each = SEEDS // PARTS
    first = 1 + (PART - 1) * each
    print(f"# seeds {first} to {first + each - 1}; again with: {PROGRAM} --seed N", flush=True)
    fine, text = simulate("--from", first, "--count", each, "--keep-going")
    figures = say_figures(text)
    assert fine, text
    assert figures["histories"] == each, text


def seeds_that_once_failed_hold():
    for profile, _colon, seed in kept_seeds():
        fine, text = simulate("--seed", seed, *(["--profile", profile] if profile else []))
        assert fine, text


def a_seed_replays_exactly():
    for seed in (1, 7, 42, 20261122):
        assert seed_hash(seed) == seed_hash(seed), f"seed {seed} went another way the second time"
    assert seed_hash(1) != seed_hash(2), "the hash tells nothing"


def catches(defect, verdict):
    """A test that a product broken on purpose is found out, and by the part of the verdict that is there for it: a
    defect that only made everything stop would prove nothing."""
    def check():
        fine, text = simulate("--defect", defect, "--count", 150)
        assert not fine, f"150 histories with the defect {defect} and nothing was seen"
        broken = next(line for line in text.splitlines() if line.startswith("BROKEN"))
        assert re.search(verdict, broken), broken
        print(f"# {broken}", flush=True)
    return check


DEFECTS = [("what the writer saw is not compared", "blind-write", "lost update"),
           ("syncs do nothing", "lying-disk", "does not open|is nowhere|is not there|does not tell of it"),
           ("a page that does not follow is taken", "skipped-entry", "is version|is missing|is not on the server"),
           ("revoked scopes are not heard of", "deaf", "is outside of every grant"),
           ("outcomes are not kept", "forgetful", "was answered .* and asked again"),
           ("the access log loses what it has", "unlogged", "the access log does not tell of it")]

if __name__ == "__main__":
    tests = [("histories of this part break no promise", histories_of_this_part_break_no_promise)]
    if PART == 1:
        tests = [("a seed replays exactly", a_seed_replays_exactly),
                 ("seeds that once failed hold", seeds_that_once_failed_hold)] + tests
    if PART == PARTS:
        tests += [(f"it is found out when {name}", catches(code, verdict)) for name, code, verdict in DEFECTS]
    tap.main(tests)
