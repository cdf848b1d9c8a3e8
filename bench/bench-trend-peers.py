#!/usr/bin/env python3
# packages: chromium g++ pkg-config qtbase5-dev libqwt-qt5-dev
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trend drawing beside its peers, in the same run: uPlot, Chart.js and ECharts from npm in headless Chromium, Qwt from
Debian, Cairo's usual ways, the limit, and ours.

The pages are local files; nothing is fetched by them. Each case is a page load of its own, as the trend page of ours
draws its first frame once. All figures are wall time. The goal is uPlot's first frame over ours; a peer that is not to
be had is named, the others are measured, and the run fails at its end."""
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = pathlib.Path(os.environ.get("FYRLYKT_BUILDDIR", ROOT / "build-release"))
sys.path.insert(0, str(ROOT / "dev.d"))
import packages  # noqa: E402 - found only by the path above
from say import say  # noqa: E402

# Library: what npm installs, and the files of it that the page loads.
WEB = {"uplot": ("uplot@1.6.32", ["uplot/dist/uPlot.iife.min.js", "uplot/dist/uPlot.min.css"]),
       "chartjs": ("chart.js@4.5.0", ["chart.js/dist/chart.umd.js"]),
       "echarts": ("echarts@5.6.0", ["echarts/dist/echarts.min.js"])}
CASES = {"1kx1": (1000, 1), "10kx1": (10000, 1), "100kx1": (100000, 1), "1Mx1": (1000000, 1),
         "100kx6": (100000, 6), "1Mx6": (1000000, 6)}
RUNS = 3
GOAL = 10.0
MINUTES = 60


class Absent(Exception):
    """A peer cannot be measured here; says why and what helps."""


def run(command, seconds, what, **more):
    """The command's output; Absent, with the end of what it said, when it fails or takes longer."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds,
                              check=False, stdin=subprocess.DEVNULL, **more)
    except subprocess.TimeoutExpired as late:
        raise Absent(f"{what} took longer than {seconds} s") from late
    except OSError as error:
        raise Absent(f"{what}: {error.strerror}") from error
    if done.returncode != 0:
        raise Absent(f"{what} failed: {(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


def fetch_web():
    """The libraries' folder, installed once under build/. Raises Absent."""
    modules = ROOT / "build" / "bench-npm" / "node_modules"
    wanted = [name for name, files in WEB.values() if not all((modules / file).exists() for file in files)]
    if wanted:
        if shutil.which("npm") is None:
            packages.install(["npm"])
        modules.parent.mkdir(parents=True, exist_ok=True)
        say(f"trend-peers: npm fetches {' '.join(wanted)}")
        run(["npm", "install", "--no-audit", "--no-fund", "--prefix", modules.parent, *wanted], 10 * MINUTES,
            "npm (the libraries come from its registry, so a network is needed once)")
    return modules


def web_ms(folder, library, case):
    """Median milliseconds of a first frame, each in a fresh page. Raises Absent."""
    page = f"file://{folder}/peers.html#{library}:{CASES[case][0]}x{CASES[case][1]}"
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
               "--disable-background-networking", "--disable-component-update", "--disable-sync",
               f"--user-data-dir={folder}/profile", "--timeout=120000", "--dump-dom", page]
    found = []
    for _ in range(RUNS):
        output = run(command, 4 * MINUTES, "Chromium")
        match = re.search(r'\{"ms":([0-9.e+-]+)\}', output)
        if match is None:
            raise Absent(f"{library} drew no chart in Chromium: {output[-300:].strip()}")
        found.append(float(match.group(1)))
    return statistics.median(found)


def build_qwt(folder):
    """The program that draws with Qwt. Raises Absent."""
    flags = run(["pkg-config", "--cflags", "--libs", "Qt5Widgets"], MINUTES, "pkg-config Qt5Widgets").split()
    program = pathlib.Path(folder) / "qwt"
    run(["g++", "-O2", "-fPIC", "-o", program, HERE / "trend-peers" / "qwt.cpp", "-I/usr/include/qwt", *flags,
         "-lqwt-qt5"], 5 * MINUTES, "building the Qwt program")
    return program


def qwt_ms(program, case):
    """{"first", "pan"}: milliseconds. Raises Absent."""
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=str(program.parent))
    return json.loads(run([program, *CASES[case]], 20 * MINUTES, "Qwt", env=environment))


def emit(name, value, unit="ms", goal=None, good=None):
    row = {"name": f"trend/{name}", "value": round(value, 2), "unit": unit}
    print(json.dumps(row if goal is None else dict(row, goal=goal, ok=good)), flush=True)


def ours(case):
    """Our own figures, Cairo's and the limit of one case, by what they measure."""
    output = subprocess.run([BUILD / "bench" / "chart" / "bench-chart", case, "--wall"], capture_output=True,
                            text=True, check=True).stdout
    found = {}
    for line in output.splitlines():
        row = json.loads(line) if line.startswith("{") else {}
        match = re.fullmatch(rf"chart/(first-frame|pan)/{case}(?:/(.+))?", row.get("name", ""))
        if match and row["unit"] == "ms":
            found[match.group(1), match.group(2) or "ours"] = row["value"]
    return found


def measure(case, web, qwt, absent):
    """All rows of one case. A peer that fails is moved to @absent and not tried again."""
    own = ours(case)
    for (what, who), value in own.items():
        emit(f"{what}/{case}/{who}", value)
    first, pan = own["first-frame", "ours"], own["pan", "ours"]
    for library in [name for name in WEB if web is not None and name not in absent]:
        say(f"trend-peers: {case} with {library}, {RUNS} pages")
        try:
            theirs = web_ms(web, library, case)
        except Absent as why:
            absent[library] = str(why)
            continue
        emit(f"first-frame/{case}/{library}", theirs)
        goal = (f">= {GOAL:.0f}", theirs / first >= GOAL) if library == "uplot" else ()
        emit(f"first-frame/{case}/{library}-over-ours", theirs / first, "x", *goal)
    if qwt is not None and "qwt" not in absent:
        say(f"trend-peers: {case} with Qwt")
        try:
            theirs = qwt_ms(qwt, case)
        except Absent as why:
            absent["qwt"] = str(why)
            return
        for what, value, mine in (("first-frame", theirs["first"], first), ("pan", theirs["pan"], pan)):
            emit(f"{what}/{case}/qwt", value)
            emit(f"{what}/{case}/qwt-over-ours", value / mine, "x")


def main():
    absent, web, qwt = {}, None, None
    with tempfile.TemporaryDirectory() as folder:
        try:
            modules = fetch_web()
            for _name, files in WEB.values():
                for file in files:
                    shutil.copy(modules / file, folder)
            shutil.copy(HERE / "trend-peers" / "peers.html", folder)
            web = folder
        except Absent as why:
            absent.update(dict.fromkeys(WEB, str(why)))
        try:
            qwt = build_qwt(folder)
        except Absent as why:
            absent["qwt"] = str(why)
        for case in CASES:
            measure(case, web, qwt, absent)
    for name, why in absent.items():
        say(f"trend-peers: {name} was not measured: {why}")
    return 1 if absent else 0


sys.exit(main())
