# SPDX-License-Identifier: GPL-3.0-or-later
# row: pause of server and clients
# figure: 0 acknowledged lost, 0 double, 0 stuck; equal ≤ 5 s after going on
"""SIGSTOP and SIGCONT of a server process and of workstations at random, and one stopped and started as systemd does
it, while everybody works: what a suspended laptop, a frozen virtual machine and an update do."""
import random
import signal
import time

from verdict import acknowledged, alike, each_database, figure, level, ready, saved, size, sound, station, within

# In full 304 runs: 38 a centre, four centres side by side, on two databases.
CENTRES = size(1, 4)
RUNS = size(6, 38)
STATIONS = size(3, 10)


class Pauses:
    """The centre and its workstations, some of them asleep."""

    def __init__(self, turn):
        centre = self.centre = turn.centre
        self.chance, self.serial = random.Random(turn.seed), 0
        self.stations = [station(centre, turn.folder, f"station-{number}", number,
                                 f"http://127.0.0.1:{centre.ports[number % len(centre.ports)]}")
                         for number in range(STATIONS)]
        self.times, self.failing = [], 0
        ready(*self.stations)

    def work(self, seconds, asleep=()):
        """Who is awake writes."""
        end = time.monotonic() + seconds
        awake = [one for one in self.stations if one not in asleep]
        while time.monotonic() < end:
            self.serial += 1
            self.chance.choice(awake).tell(f"write {self.chance.choice(self.centre.patients)['id']} s{self.serial}")
            time.sleep(self.chance.uniform(0.005, 0.03))

    def run(self, number):
        """One pause; how long after it all are equal."""
        how = number % 3
        index = self.chance.randrange(len(self.centre.servers))
        for one in self.stations:  # in the middle of something
            one.tell(f"write {self.centre.patients[0]['id']} s-{number}-{self.stations.index(one)}")
        if how == 0:
            self.centre.servers[index].send_signal(signal.SIGSTOP)
            self.work(self.chance.uniform(0.5, size(2.5, 20)))
            self.centre.servers[index].send_signal(signal.SIGCONT)
        elif how == 1:
            asleep = self.chance.sample(self.stations, STATIONS - 1)
            for one in asleep:
                one.process.send_signal(signal.SIGSTOP)
            self.work(self.chance.uniform(0.5, size(2.5, 20)), asleep)
            for one in asleep:
                one.process.send_signal(signal.SIGCONT)
        else:
            self.centre.stop_server(index)
            self.work(self.chance.uniform(0.3, size(2.5, 20)))
            self.centre.start_server(index=index)
        took, apart = level(self.centre, self.stations, 60)
        self.failing += bool(apart)
        self.times.append(took)


def main():
    each_database("pause", run, centres=CENTRES)


def run(turn):
    """All pauses of one centre, and the figures."""
    name, centre, pauses = turn.name, turn.centre, Pauses(turn)
    for number in range(RUNS):
        pauses.run(number)
    figure(f"{name}: runs", RUNS, "")
    figure(f"{name}: failing runs", pauses.failing, "", "= 0", pauses.failing == 0)
    within(f"{name}: equal after going on, longest", max(pauses.times), "s", 5)
    notes = {}
    for one in pauses.stations:
        notes.update(saved(one))
    alike(name, centre, turn.folder, pauses.stations)
    acknowledged(name, centre, notes)
    sound(name, centre)


if __name__ == "__main__":
    main()
