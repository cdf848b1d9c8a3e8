# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one fault row, CI-sized, and say its figures in TAP: one test a figure that has a goal."""
import json
import os
import subprocess
import sys

SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support")


def main(path):
    """The whole of it."""
    environment = dict(os.environ, PYTHONPATH=SUPPORT, PYTHONDONTWRITEBYTECODE="1")
    judged = missed = 0
    with subprocess.Popen([sys.executable, path], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                          env=environment) as process:
        for line in process.stdout:
            if not line.startswith("{"):
                print(f"# {line.rstrip()}", flush=True)
                continue
            row = json.loads(line)
            words = f"{row['name']}: {row['value']} {row['unit']}".rstrip()
            if row["ok"] is None:
                print(f"# {words}", flush=True)
                continue
            judged += 1
            missed += not row["ok"]
            print(f"{'ok' if row['ok'] else 'not ok'} {judged} {words} (goal {row['goal']})", flush=True)
    if process.returncode != 0 or not judged:
        print(f"not ok {judged + 1} the row ended with {process.returncode}", flush=True)
        judged, missed = judged + 1, missed + 1
    print(f"1..{judged}", flush=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main(sys.argv[1])
