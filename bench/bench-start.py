# SPDX-License-Identifier: GPL-3.0-or-later
# display: yes
"""From exec to the usable, signed-in alert list with 500 patients and 2 million measurements in the local
database, as a ratio to an empty libadwaita window on the same machine; and the memory of both."""
import os
import shutil
import subprocess
import sys
import tempfile
import time

from measure import Centre, at_most, doing, environment, figure, helper, median, program, resident_mb, until_line

RUNS = 5
# As the application starts where Cairo paints; GTK 4.16 and later read the second.
WITHOUT_GL = {"GDK_DEBUG": "gl-disable", "GDK_DISABLE": "gl,vulkan"}
MEASUREMENTS = int(os.environ.get("FYRLYKT_BENCH_MEASUREMENTS", "2000000"))


def start(command, word, **more):
    """Milliseconds to the word, and resident memory then; the program is ended."""
    took, process = until_line(command, word, 120, **more)
    memory = resident_mb(process.pid)
    process.terminate()
    process.wait(20)
    process.stdout.close()
    return took, memory


def wait_until_fetched(pid):
    """Until the application has done nothing for two seconds: the first fetch is over."""
    def used():
        with open(f"/proc/{pid}/stat", encoding="ascii") as stream:
            return sum(int(word) for word in stream.read().rsplit(")", 1)[1].split()[11:13])

    before = -100
    while used() - before > 5:
        before = used()
        time.sleep(2)


def main():
    folder = tempfile.mkdtemp(prefix="fyrlykt-bench-")
    try:
        doing("making a centre with 500 patients")
        with Centre(f"{folder}/data", patients=500, log=f"{folder}/server.log") as centre:
            name, password = centre.user("nurse")
            workstation = f"{folder}/workstation"
            command = [program("fyrlykt"), "--server", centre.url, "--data", workstation, "--user", name]
            words = {"FYRLYKT_PASSWORD": password, "FYRLYKT_BENCH": "1"}
            # The first start signs in and pulls; then the history is filled up to the full number. From then on
            # the server is stopped: it knows nothing of that history, and the list comes from this machine.
            doing("a first start, which fetches everything")
            took, first = until_line(command, "usable", 120, **words)
            figure("first start, with an empty database", took, "ms")
            wait_until_fetched(first.pid)
            first.terminate()
            first.wait(20)
            first.stdout.close()
            doing(f"filling up to {MEASUREMENTS:,} measurements")
            filler = helper("fill-workstation")
            if os.path.exists(filler):
                subprocess.run([filler, workstation, str(MEASUREMENTS), name], check=True, stdin=subprocess.DEVNULL,
                               env=environment(FYRLYKT_PASSWORD=password), stdout=sys.stderr)
            centre.stop_server()
            peers, light, apps = [], [], []
            for run in range(RUNS):
                doing(f"start {run + 1} of {RUNS}")
                peers.append(start([helper("peer-window")], "painted"))
                light.append(start([helper("peer-window")], "painted", **WITHOUT_GL))
                apps.append(start(command, "usable", **words))
        peer, app = median([one[0] for one in peers]), median([one[0] for one in apps])
        figure("peer: empty libadwaita window", peer, "ms")
        figure("peer: the same without OpenGL", median([one[0] for one in light]), "ms")
        figure("start to the usable alert list", app, "ms")
        at_most("start, ratio to the empty window", app / peer, "ratio", 2.0)
        figure("peer: memory of the empty window", peers[-1][1], "MB")
        figure("peer: memory of the same without OpenGL", light[-1][1], "MB")
        figure("memory of the application", apps[-1][1], "MB")
        at_most("memory, ratio to the empty window", apps[-1][1] / peers[-1][1], "ratio", 1.5)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
