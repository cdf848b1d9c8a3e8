#!/usr/bin/env python3
# packages: chromium
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trend drawing beside uPlot, the fastest of the charts for the web, in the same run.

uPlot comes from npm and draws in headless Chromium from local files; nothing is fetched by the page. Each case is a
page load of its own, as the trend page of ours draws its first frame once. The figure is uPlot's time over ours."""
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
UPLOT = "uplot@1.6.32"
CASES = {"1kx1": "1000x1", "10kx1": "10000x1", "100kx1": "100000x1", "1Mx1": "1000000x1",
         "100kx6": "100000x6", "1Mx6": "1000000x6"}
RUNS = 3
GOAL = 10.0


def fetch_uplot():
    """uPlot's files, installed once under build/."""
    folder = ROOT / "build" / "bench-npm"
    dist = folder / "node_modules" / "uplot" / "dist"
    if not dist.exists():
        if shutil.which("npm") is None:
            sys.path.insert(0, str(ROOT / "dev.d"))
            import packages
            packages.install(["npm"])
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), UPLOT],
                       check=True, stdin=subprocess.DEVNULL)
    return dist


def uplot_ms(folder, case):
    """Median milliseconds of a first frame of uPlot, each in a fresh page."""
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
               "--disable-background-networking", "--disable-component-update", "--disable-sync",
               f"--user-data-dir={folder}/profile", "--timeout=60000", "--dump-dom", f"file://{folder}/uplot.html#{case}"]
    found = []
    for _ in range(RUNS):
        page = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
        match = re.search(r'\{"ms":([0-9.e+-]+)\}', page)
        if match is None:
            sys.exit("Chromium drew no chart: " + page[-400:])
        found.append(float(match.group(1)))
    return statistics.median(found)


def our_ms():
    """First frame of each case from our own benchmark, by case name."""
    build = pathlib.Path(os.environ.get("FYRLYKT_BUILDDIR", ROOT / "build-release"))
    program = build / "bench" / "chart" / "bench-chart"
    output = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    found = {}
    for line in output.splitlines():
        row = json.loads(line) if line.startswith("{") else {}
        match = re.fullmatch(r"chart/first-frame/(\w+)", row.get("name", ""))
        if match:
            found[match.group(1)] = row["value"]
    return found


def main():
    dist = fetch_uplot()
    ours = our_ms()
    if set(CASES) - set(ours):
        sys.exit(f"bench-chart printed no first frame for {sorted(set(CASES) - set(ours))}")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("uPlot.iife.min.js", "uPlot.min.css"):
            shutil.copy(dist / name, folder)
        shutil.copy(HERE / "trend-peers" / "uplot.html", folder)
        for name, case in CASES.items():
            theirs = uplot_ms(folder, case)
            ratio = theirs / ours[name]
            print(json.dumps({"name": f"trend/first-frame/{name}/uplot", "value": round(theirs, 2), "unit": "ms"}))
            print(json.dumps({"name": f"trend/first-frame/{name}/uplot-over-ours", "value": round(ratio, 1), "unit": "x",
                              "goal": f">= {GOAL:.0f}", "ok": ratio >= GOAL}), flush=True)


main()
