# SPDX-License-Identifier: GPL-3.0-or-later
"""Benchmarks and fault rows: programs that print one JSON object a line
{"name", "value", "unit", "goal", "ok"}; collected, shown as a table, judged."""
import glob
import json
import os
import re
import subprocess
import sys

import packages
from building import build, run_environment
from say import fail, say

WITH_DISPLAY = os.path.abspath("tests/support/with-display.py")


def header(path):
    """The `# key: value` lines at the top of a script: row, figure, packages, display."""
    found = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                break
            match = re.match(r"# ([a-z]+): (.+)$", line)
            if match:
                found[match.group(1)] = match.group(2).strip()
    return found


def _name(path):
    return re.sub(r"^(bench|fault)-", "", os.path.basename(path)).removesuffix(".py")


def _run(command, environment, emit):
    """Run one program; each JSON line it prints goes to `emit`. Returns its exit status."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                          env=environment) as process:
        for line in process.stdout:
            line = line.strip()
            if not line.startswith("{"):
                if line:
                    print(line, file=sys.stderr)
                continue
            emit(json.loads(line))
    return process.returncode


def _number(value):
    return f"{value:,.3g}" if isinstance(value, float) and abs(value) < 1000 else (
        f"{value:,.0f}" if isinstance(value, (int, float)) else str(value))


def _table(rows):
    if not rows:
        return
    wide = max(len(str(row.get("name", ""))) for row in rows)
    for row in rows:
        verdict = {True: "ok", False: "MISSED", None: ""}[row.get("ok")]
        goal = row.get("goal")
        print(f"{row.get('name', ''):<{wide}}  {_number(row.get('value')):>12} {row.get('unit', ''):<10}"
              f" {'goal ' + str(goal) if goal is not None else '':<24} {verdict}".rstrip())


def _fault_table(rows):
    """One line a row of the fault table: its goal, what was reached, the verdict; then each figure missed."""
    for path in dict.fromkeys(row["program"] for row in rows):
        mine = [row for row in rows if row["program"] == path]
        about, judged = header(path), [row for row in mine if row.get("ok") is not None]
        good = bool(judged) and all(row["ok"] for row in judged)
        print(f"{about.get('row', _name(path))}  [{_name(path)}]  {'ok' if good else 'MISSED'}")
        print(f"    goal     {about.get('figure', '')}")
        shown = [f"{row['name'].split(': ', 1)[-1]} {_number(row['value'])} {row['unit']}".rstrip() for row in mine]
        print("    reached  " + "; ".join(shown))
        for row in judged:
            if not row["ok"]:
                print(f"    MISSED   {row['name']}: {_number(row['value'])} {row['unit']}, goal {row['goal']}")


def _collect(programs, folder, as_json, extra=(), table=_table):
    rows, broken = [], []
    root = os.path.abspath(folder)
    environment = dict(run_environment(folder), FYRLYKT_BUILDDIR=root,
                       PYTHONPATH=os.path.abspath("tests/support"))

    def emit(row):
        rows.append(dict(row, program=path))
        if as_json:
            print(json.dumps(row, ensure_ascii=False), flush=True)

    for path in programs:
        say(f"running {_name(path)}")
        script = path.endswith(".py")
        about = header(path) if script else {}
        packages.install(about.get("packages", "").split())
        command = (["/usr/bin/python3", path] if script else [path]) + list(extra)
        if about.get("display") == "yes" or (not script and "-display-" in path):
            command = ["/usr/bin/python3", WITH_DISPLAY, *command]
        before = len(rows)
        code = _run(command, environment, emit)
        if code != 0:
            broken.append(f"{_name(path)} ended with {code}")
        elif len(rows) == before:
            broken.append(f"{_name(path)} printed no figure")
    if not as_json:
        table(rows)
    for text in broken:
        say(f"failed: {text}")
    missed = [row for row in rows if row.get("ok") is False]
    say(f"{len(rows)} figures, {len(missed)} missed, {len(broken)} programs failed")
    sys.exit(1 if missed or broken else 0)


def _programs(folder):
    scripts = glob.glob("bench/**/bench-*.py", recursive=True)
    built = [path for path in glob.glob(f"{folder}/bench/**/bench-*", recursive=True)
             if os.path.isfile(path) and os.access(path, os.X_OK)]
    return sorted(scripts + built, key=_name)


def _split(arguments, *options):
    """Names and options; a mistyped option must not begin an hour's work."""
    given = [word for word in arguments if word.startswith("-")]
    for word in given:
        if word not in options:
            fail(f"no option “{word}”; there are: {' '.join(options)}", 2)
    return [word for word in arguments if not word.startswith("-")], given


def bench(arguments):
    """Every benchmark, or those named, from a release build."""
    names, options = _split(arguments, "--json")
    build("build-release")
    programs = _programs("build-release")
    known = [_name(path) for path in programs]
    for name in names:
        if name not in known:
            fail(f"no benchmark “{name}”; there are: {' '.join(known)}", 2)
    programs = [path for path in programs if not names or _name(path) in names]
    if not programs:
        fail("no benchmark is registered under bench/")
    _collect(programs, "build-release", "--json" in options)


def faults(arguments):
    """The rows of the fault table, CI-sized or --full."""
    names, options = _split(arguments, "--full", "--json")
    full = "--full" in options
    programs = sorted(glob.glob("tests/faults/fault-*.py"))
    for path in programs:
        say(f"row {_name(path)}: {header(path).get('row', '')} — {header(path).get('figure', '')}")
    known = [_name(path) for path in programs]
    for name in names:
        if name not in known:
            fail(f"no fault row “{name}”; there are: {' '.join(known) or 'none yet'}", 2)
    if not programs:
        fail("no fault row is registered under tests/faults/")
    if full:
        packages.install(packages.FUZZER)
    build("build")
    programs = [path for path in programs if not names or _name(path) in names]
    _collect(programs, "build", "--json" in options, ["--full"] if full else [], _fault_table)
