# SPDX-License-Identifier: GPL-3.0-or-later
# row: clocks
# figure: ±10 years, jumps, frozen, daylight saving nights: no effect on order or outcome; skew shown
"""Workstations whose clocks are ten years ahead and behind, frozen, jumping, and in the nights when summer time begins
and ends. They handle the same alerts one after the other; who comes first wins whatever her clock says, all are equal in
the end, and each is told how far her clock is off, also after it has jumped. The one ten years ahead gets in offline."""
import os
import random
import sys
import time

from verdict import SEED, acknowledged, alike, ask, each_database, figure, ready, saved, size, sound, station
from gateway import Gateway, observation

ROUNDS = size(2, 200)
YEARS = 3652 * 86400
LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


def clock(**more):
    """The environment of a process with another clock; timers run on as they are."""
    return dict(LD_PRELOAD=LIBRARY, FAKETIME_DONT_FAKE_MONOTONIC="1", TZ="Europe/Oslo", **more)


CLOCKS = {
    "true": {},
    "ten years ahead": clock(FAKETIME=f"+{YEARS}s"),
    "ten years behind": clock(FAKETIME=f"-{YEARS}s"),
    "frozen": clock(FAKETIME="2026-06-01 12:00:00"),
    "summer time begins": clock(FAKETIME="@2026-03-29 01:59:55"),
    "summer time ends": clock(FAKETIME="@2026-10-25 02:59:55"),
}


class Clocks:
    """The centre and its workstations, each in a time of its own."""

    def __init__(self, database, centre, folder):
        self.database = database
        self.centre, self.folder, self.chance = centre, folder, random.Random(SEED)
        self.jumps = f"{folder}/jumps"
        self.jump(0)
        environments = dict(CLOCKS, jumping=clock(FAKETIME_TIMESTAMP_FILE=self.jumps, FAKETIME_NO_CACHE="1"))
        self.stations = {name: station(centre, folder, name.replace(" ", "-"), number, **environment)
                         for number, (name, environment) in enumerate(environments.items())}
        ready(*self.stations.values())
        self.handled, self.serial = [], 0

    def jump(self, seconds):
        """Set the jumping clock."""
        with open(self.jumps + ".new", "w", encoding="ascii") as stream:
            stream.write(f"{seconds:+d}s\n")
        os.rename(self.jumps + ".new", self.jumps)

    def all_see(self, alert, status):
        """Wait until every workstation shows an alert so."""
        for one in self.stations.values():
            one.until(lambda alerts: alerts.get(alert, {}).get("status") == status, 60, f"{alert} {status}")

    def new_alert(self):
        """A red value; the alert once all hold it."""
        known = set(self.stations["true"].alerts())
        gateway = Gateway(self.centre)
        patient = next(one for one in self.centre.patients if one["profile"] == "copd")
        gateway.post(observation(patient, value=60 + self.serial % 9))
        gateway.close()
        alerts = self.stations["true"].until(lambda there: set(there) - known, 60, "the alert")
        alert = next(key for key in alerts if key not in known)
        self.all_see(alert, "open")
        return alert

    def round(self):
        """One takes, all see it, another closes, all see it: in this order, whatever the clocks say."""
        self.serial += 1
        self.jump(self.chance.choice((0, 3600, -3600, YEARS, -YEARS, 86400 * 40)))
        alert = self.new_alert()
        names = self.chance.sample(list(self.stations), 2)
        first, second = (self.stations[name] for name in names)
        first.ask(f"take {alert} first", "saved")
        self.all_see(alert, "taken")
        for name, one in self.stations.items():
            one.ask(f"write {self.centre.patients[0]['id']} clock-{self.serial}-{name.replace(' ', '-')}", "saved")
        second.ask(f"note {alert} seen", "saved")
        first.ask(f"close {alert} done", "saved")
        self.all_see(alert, "closed")
        self.handled.append(alert)

    def in_another_order(self):
        """Alerts of which a feed does not say: taken (2), then closed (5), once each."""
        rows = ask(self.centre, "SELECT hex(e.alert_id), f.scope, e.action FROM alert_event e JOIN feed f ON f.id = e.id "
                                "WHERE e.action IN (2, 5) ORDER BY f.seq")
        done = {}
        for alert, scope, action in rows:
            done.setdefault(alert.lower(), {}).setdefault(scope, []).append(action)
        feeds = [done.get(alert.replace("-", ""), {}) for alert in self.handled]
        return sum(not told or any(actions != [2, 5] for actions in told.values()) for told in feeds)

    def offset(self, name):
        """What a workstation shows of how far its clock is off, in seconds."""
        one = self.stations[name]
        one._drain(0)
        return [event["clock_offset"] for event in one.events if event["event"] == "state"][-1] / 1000

    def shown(self, name, expected, wait=30):
        """Whether it shows it, after some seconds at the latest."""
        end = time.monotonic() + wait
        while time.monotonic() < end:
            if abs(self.offset(name) - expected) < 10:
                return True
            self.stations[name].tell("sync")
            time.sleep(0.3)
        print(f"{name}: shows {self.offset(name)} s, not {expected}", file=sys.stderr)
        return False

    def skews(self):
        """How many do not show their skew; a clock that stands is off by more with each second."""
        now = time.time()
        off = {"true": 0, "ten years ahead": -YEARS, "ten years behind": YEARS}
        missing = sum(not self.shown(name, skew) for name, skew in off.items())
        missing += abs(self.offset("frozen") - (now - 1780308000)) > 600
        for seconds in (7200, -YEARS, 0):
            self.jump(seconds)
            missing += not self.shown("jumping", -seconds)
        return missing

    def gets_in_offline(self):
        """The one ten years ahead is started without the server."""
        one = self.stations["ten years ahead"]
        self.database.stop(self.centre)
        one.stop()
        again = station(self.centre, self.folder, "ten-years-ahead", list(self.stations).index("ten years ahead"),
                        **CLOCKS["ten years ahead"])
        how = again.signed_in(60)
        again.ask(f"write {self.centre.patients[0]['id']} clock-offline", "saved")
        again.events[:0] = one.events
        self.stations["ten years ahead"] = again
        self.database.start(self.centre)
        return how == "offline"


def main():
    each_database("clocks", lambda turn: judge(turn.name, Clocks(turn.database, turn.centre, turn.folder)))


def judge(name, clocks):
    """All rounds on one database, and the figures."""
    for _round in range(ROUNDS):
        clocks.round()
    figure(f"{name}: workstations, each in a time of its own", len(clocks.stations), "")
    other = clocks.in_another_order()
    figure(f"{name}: alerts handled in another order than done", other, "", "= 0", other == 0)
    missing = clocks.skews()
    figure(f"{name}: skews not shown", missing, "", "= 0", missing == 0)
    offline = clocks.gets_in_offline()
    figure(f"{name}: ten years ahead and offline", "in" if offline else "out", "", "in", offline)
    notes = {}
    for one in clocks.stations.values():
        notes.update({key: text for key, text in saved(one).items() if text.startswith("clock-")})
    alike(name, clocks.centre, clocks.folder, list(clocks.stations.values()))
    acknowledged(name, clocks.centre, notes)
    sound(name, clocks.centre)


if __name__ == "__main__":
    main()
