# SPDX-License-Identifier: GPL-3.0-or-later
# row: network partition
# figure: 0 failing runs; equal ≤ 5 s after healing; local save p99 ≤ 20 ms meanwhile
"""Workstations behind proxies that cut the line, hold one or both directions, lose and delay pieces, each at another
moment, while everybody works and a gateway reports. A run fails when anything acknowledged is lost or double, or when
the workstations are not equal after the line is good again. (Eight hours and thousands of runs with another clock:
tests/simulation.)"""
import random
import sys
import time

from verdict import (acknowledged, alike, each_database, figure, level, percentile, ready, saved, size, sound, station,
                     within)
from fault_proxy import FaultProxy
from gateway import Gateway, observation

# In full 1,000 runs: 125 a centre, four centres side by side, on two databases.
CENTRES = size(1, 4)
RUNS = size(7, 125)
STATIONS = size(3, 10)

FAULTS = {
    "cut": lambda proxy: proxy.cut(),
    "half-open": lambda proxy: proxy.hold(),
    "only to the server": lambda proxy: proxy.hold(False, True),
    "only from the server": lambda proxy: proxy.hold(True, False),
    "30 % loss": lambda proxy: proxy.lossy(0.3),
    "slow": lambda proxy: proxy.delay(0.4),
    "well": lambda proxy: None,
}


class Partition:
    """The centre, its workstations and their lines."""

    def __init__(self, turn):
        centre = self.centre = turn.centre
        self.chance, self.serial = random.Random(turn.seed), 0
        self.gateway = Gateway(centre)
        self.proxies = [FaultProxy(centre.ports[number % len(centre.ports)], turn.seed + number)
                        for number in range(STATIONS)]
        self.stations = [station(centre, turn.folder, f"station-{number}", number, proxy.url)
                         for number, proxy in enumerate(self.proxies)]
        self.reports, self.healed, self.failing = [], {}, 0
        ready(*self.stations)

    def work(self, seconds):
        """Everybody writes and handles alerts; a gateway reports."""
        end = time.monotonic() + seconds
        alerts = [key for key, alert in self.stations[0].alerts().items() if alert["status"] != "closed"]
        while time.monotonic() < end:
            self.serial += 1
            one = self.chance.choice(self.stations)
            patient = self.chance.choice(self.centre.patients)
            one.tell(f"write {patient['id']} p{self.serial}")
            if alerts and self.chance.random() < 0.3:
                verb = self.chance.choice(["take", "note", "close", "release"])
                one.tell(f"{verb} {self.chance.choice(alerts)} h{self.serial}")
            if self.chance.random() < 0.3:
                resource = observation(patient, value=self.chance.randrange(70, 99), identifier=f"part-{self.serial}")
                if self.gateway.post(resource)[0] in (200, 201):
                    self.reports.append(f"part-{self.serial}")
            time.sleep(self.chance.uniform(0.005, 0.04))

    def run(self, number):
        """One partition, its healing, and how long until all are equal."""
        names = list(FAULTS)
        chosen = [names[number % len(names)]] + self.chance.choices(names, k=STATIONS - 1)
        for proxy, name in zip(self.proxies, chosen):
            FAULTS[name](proxy)
        self.work(self.chance.uniform(0.5, size(3, 12)))
        for proxy in self.proxies:
            proxy.heal()
        took, apart = level(self.centre, self.stations, 60)
        if apart:
            self.failing += 1
            print(f"run {number} {chosen}: {[one.arguments[0] for one in apart]} not equal", file=sys.stderr)
        if took > 5:
            print(f"run {number} {chosen}: equal after {took:.1f} s", file=sys.stderr)
        self.healed.setdefault(chosen[0], []).append(took)

    def save_times(self):
        """Milliseconds each local save took."""
        return [event["took_us"] / 1000 for one in self.stations for event in one.events if event["event"] == "saved"]


def run(turn):
    """One centre's turn."""
    partition = Partition(turn)
    for number in range(RUNS):
        partition.run(number)
    judge(turn.name, turn.centre, turn.folder, partition)


def main():
    each_database("partition", run, centres=CENTRES)


def judge(name, centre, folder, partition):
    """The figures of the row."""
    times = [took for all_of in partition.healed.values() for took in all_of]
    figure(f"{name}: runs", RUNS, "")
    figure(f"{name}: failing runs", partition.failing, "", "= 0", partition.failing == 0)
    within(f"{name}: equal after healing, longest", max(times), "s", 5)
    within(f"{name}: local save meanwhile, p99", percentile(partition.save_times(), 0.99), "ms", 20)
    notes = {}
    for one in partition.stations:
        notes.update({key: text for key, text in saved(one).items() if text.startswith("p")})
    alike(name, centre, folder, partition.stations)
    acknowledged(name, centre, notes, reports=partition.reports)
    sound(name, centre)
    for proxy in partition.proxies:
        proxy.close()


if __name__ == "__main__":
    main()
