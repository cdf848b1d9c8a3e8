# SPDX-License-Identifier: GPL-3.0-or-later
# row: server killed in a request
# figure: 0 acknowledged lost, 0 double effects
"""SIGKILL at random moments while gateways report. A gateway that got no answer asks again with the same
identifier, as a patient app does. Afterwards each acknowledged report is there exactly once."""
import http.client
import os
import random
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../bench"))

from gateway import Gateway, observation, sound, stored
from measure import Centre, figure

KILLS = 1000 if "--full" in sys.argv else 20
SEED = int(os.environ.get("FYRLYKT_SEED", random.randrange(2**32)))


class Reporter(threading.Thread):
    """Reports one Observation after the other until told to stop; repeats what was not answered."""

    def __init__(self, centre, number):
        super().__init__()
        self.centre, self.number = centre, number
        self.acknowledged, self.refused, self.repeats = [], [], 0
        self.ending = threading.Event()

    def run(self):
        gateway, serial = Gateway(self.centre, timeout=10), 0
        patient = self.centre.patients[self.number % len(self.centre.patients)]
        while not self.ending.is_set():
            serial += 1
            self.report(gateway, observation(patient, value=90 + serial % 9, identifier=f"kill-{self.number}-{serial}"))
        gateway.close()

    def report(self, gateway, resource):
        identifier = resource["identifier"][0]["value"]
        while not self.ending.is_set():
            try:
                status, _answer = gateway.post(resource)
            except (OSError, http.client.HTTPException):
                self.repeats += 1
                time.sleep(0.02)
                continue
            if status == 503:
                time.sleep(0.05)
                continue
            (self.acknowledged if status in (200, 201) else self.refused).append(identifier)
            return


def main():
    chance = random.Random(SEED)
    print(f"seed {SEED}", file=sys.stderr)
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    try:
        with Centre(f"{folder}/data", patients=20, log=f"{folder}/server.log") as centre:
            reporters = [Reporter(centre, number) for number in range(4)]
            for reporter in reporters:
                reporter.start()
            for _kill in range(KILLS):
                time.sleep(chance.uniform(0.02, 0.4))
                centre.server.kill()
                centre.server.wait()
                centre.children.remove(centre.server)
                centre.start_server()
            time.sleep(1)
            for reporter in reporters:
                reporter.ending.set()
            for reporter in reporters:
                reporter.join()
            judge(centre, reporters)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def judge(centre, reporters):
    """The figures of the row."""
    there = {text.split("|")[-1]: count for text, count in stored(centre, "%kill-%").items()}
    acknowledged = [one for reporter in reporters for one in reporter.acknowledged]
    lost = [one for one in acknowledged if one not in there]
    double = [one for one, count in there.items() if count > 1]
    figure("server killed: kills", KILLS, "")
    figure("server killed: acknowledged reports", len(acknowledged), "", "> 0", len(acknowledged) > 0)
    figure("server killed: repeated after no answer", sum(reporter.repeats for reporter in reporters), "")
    figure("server killed: acknowledged lost", len(lost), "", "= 0", not lost)
    figure("server killed: double", len(double), "", "= 0", not double)
    refused = sum(len(reporter.refused) for reporter in reporters)
    figure("server killed: refused", refused, "", "= 0", refused == 0)
    figure("server killed: database sound", sound(centre), "", "ok", sound(centre) == "ok")


if __name__ == "__main__":
    main()
