# SPDX-License-Identifier: GPL-3.0-or-later
# display: yes
"""From the last byte of a POST to the painted row in the application: p50 and p99, and the memory then."""
import os
import shutil
import subprocess
import tempfile
import threading
import time

from measure import Centre, alerting, at_most, doing, environment, figure, helper, program, resident_mb, until_line

from gateway import Gateway, observation
from workstation import Workstation

PATIENTS = 500
SAMPLES = int(os.environ.get("FYRLYKT_BENCH_SAMPLES", "100"))


class Painted:
    """The application with its trace: which alert was painted when, in microseconds of the monotonic clock."""

    def __init__(self, centre, folder):
        name, password = centre.user("nurse")
        self.process = subprocess.Popen(
            [program("fyrlykt"), "--server", centre.url, "--data", folder, "--user", name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            env=environment(FYRLYKT_PASSWORD=password, FYRLYKT_TRACE="1"))
        self.rows, self.fetched = [], False
        self.news = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        """Follow the trace."""
        for line in self.process.stdout:
            words = line.split()
            if line.startswith("fetched "):
                with self.news:
                    self.fetched = True
                    self.news.notify_all()
            if line.startswith("painted alert "):
                with self.news:
                    self.rows.append((words[2], int(words[-1])))
                    self.news.notify_all()

    def next_row(self, known, wait=10):
        """Time of the next row painted for an alert that is not among those known."""
        end = time.monotonic() + wait
        with self.news:
            while True:
                for alert, when in self.rows:
                    if alert not in known:
                        return alert, when
                if not self.news.wait(max(0.01, end - time.monotonic())) and time.monotonic() > end:
                    raise RuntimeError("no row was painted")

    def has_fetched(self, wait=600):
        """Until the whole history is there: a workstation is a new one once, and then never again."""
        with self.news:
            if not self.news.wait_for(lambda: self.fetched, wait):
                raise RuntimeError("the history was not fetched")

    def quiet(self, seconds=1):
        """Until nothing has been painted for so long."""
        count = -1
        while count != len(self.rows):
            count = len(self.rows)
            time.sleep(seconds)


class Colleague:
    """A nurse at another machine who closes what comes, so that the list stays as short as on a good day and the
    newest red alert has a place on screen."""

    def __init__(self, centre):
        self.machine = Workstation(centre, *centre.user("nurse"))
        self.machine.sign_in()

    def close_all(self):
        """Take and close everything that is open."""
        self.machine.pull()
        for alert in self.machine.all("alert"):
            if alert["status"] == "open":
                self.machine.command("take", alert)
                alert = dict(alert, status="taken", version=alert["version"] + 1)
            if alert["status"] == "taken":
                self.machine.command("close", alert, outcome="contacted-patient", text="Telephoned")


def memory_of_empty_window():
    """MB of an empty libadwaita window on this machine."""
    _took, process = until_line([helper("peer-window")], "painted")
    memory = resident_mb(process.pid)
    process.terminate()
    process.wait(20)
    process.stdout.close()
    return memory


def main():
    folder = tempfile.mkdtemp(prefix="fyrlykt-bench-")
    app = None
    try:
        doing(f"making a centre with {PATIENTS} patients")
        with Centre(f"{folder}/data", patients=PATIENTS, log=f"{folder}/server.log") as centre:
            colleague = Colleague(centre)
            doing("a colleague closes what is open")
            colleague.close_all()
            doing("a new workstation fetches everything")
            app = Painted(centre, f"{folder}/workstation")
            app.has_fetched()
            app.quiet()
            doing(f"{SAMPLES} reports")
            gateway, taken, people = Gateway(centre), [], alerting(centre)
            # Nobody reads in the list, so a new alert goes to its place at once.
            for number in range(SAMPLES):
                known = {alert for alert, _when in app.rows}
                started = time.monotonic_ns() // 1000
                status, answer = gateway.post(observation(people[number % len(people)], value=50))
                if status not in (200, 201):
                    raise RuntimeError(f"POST answered {status}: {answer}")
                _alert, when = app.next_row(known, 10)
                taken.append((when - started) / 1000)
                colleague.close_all()
            taken.sort()
            figure("POST to the painted row, p50", taken[len(taken) // 2], "ms")
            at_most("POST to the painted row, p99", taken[int(0.99 * (len(taken) - 1))], "ms", 250)
            memory, empty = resident_mb(app.process.pid), memory_of_empty_window()
            figure("memory of the application meanwhile", memory, "MB")
            figure("peer: memory of an empty window", empty, "MB")
            at_most("memory meanwhile, ratio to the empty window", memory / empty, "ratio", 1.5)
    finally:
        if app:
            app.process.terminate()
            app.process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
