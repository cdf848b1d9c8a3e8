# SPDX-License-Identifier: GPL-3.0-or-later
# row: client killed while saving
# figure: 0 lost, 0 double, 0 stuck; worklist back in ≤ 2 s
"""Real workstations are killed at random moments while they save, and started again on the same database, with and
without the server. What had been told to be saved is delivered once. (Kills before and after every single file
operation: tests/simulation and tests/store/test-faults.)"""
import random
import sys
import threading
import time

from verdict import (SEED, acknowledged, alike, each_database, figure, nurse, percentile, ready, saved, size, sound,
                     within)
from headless import Headless

KILLS = size(24, 5000)  # a database: 10,000 in all
STATIONS = 3


class Worker(threading.Thread):
    """One workstation that is killed again and again."""

    def __init__(self, centre, folder, number):
        super().__init__()
        user = nurse(centre, number)
        self.centre, self.number = centre, number
        self.chance = random.Random(SEED + number)
        url = f"http://127.0.0.1:{centre.ports[number % len(centre.ports)]}"
        self.make = lambda: Headless(f"{folder}/{number}/store.db", url, user["name"], user["password"])
        self.notes, self.back, self.serial, self.error = {}, [], 0, None
        self.one = None

    def run(self):
        try:
            self.one = self.make().start()
            ready(self.one)
            for _kill in range(KILLS // STATIONS):
                self.life()
        except (AssertionError, OSError) as error:
            self.error = error

    def write(self):
        """A note about somebody; where in what the workstation says its answer begins."""
        self.serial += 1
        patient = self.chance.choice(self.centre.patients)["id"]
        return self.one.tell(f"write {patient} k{self.number}-{self.serial}")

    def life(self):
        """Save as fast as it goes until the knife falls; then time until the worklist is shown again."""
        # Every other life has saved something first, however slow the machine is.
        if self.chance.random() < 0.5:
            mark = self.write()
            self.one.expect(lambda event: event["event"] == "saved", 60, mark, "the first note")
        end = time.monotonic() + self.chance.uniform(0.0, 0.25)
        while time.monotonic() < end:
            self.write()
            time.sleep(self.chance.uniform(0, 0.006))
        self.one.kill()
        self.one.reader.join(10)
        self.notes.update(saved(self.one))
        started = time.monotonic()
        self.one = self.make().start()
        self.one.signed_in(60)
        self.one.alerts()
        self.back.append(time.monotonic() - started)


def run(turn):
    """One database's turn."""
    workers = [Worker(turn.centre, turn.folder, number) for number in range(STATIONS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    judge(turn.name, turn.centre, turn.folder, workers)


def main():
    each_database("client killed", run)


def judge(name, centre, folder, workers):
    """The figures of the row."""
    back = [took for worker in workers for took in worker.back]
    broken = [worker.error for worker in workers if worker.error]
    for error in broken:
        print(error, file=sys.stderr)
    figure(f"{name}: kills", len(back), "")
    figure(f"{name}: workstations that did not come back", len(broken), "", "= 0", not broken)
    within(f"{name}: worklist back, p99", percentile(back, 0.99), "s", 2)
    notes = {key: text for worker in workers for key, text in worker.notes.items()}
    alike(name, centre, folder, [worker.one for worker in workers])
    acknowledged(name, centre, notes)
    sound(name, centre)


if __name__ == "__main__":
    main()
