# SPDX-License-Identifier: GPL-3.0-or-later
"""From the last byte of a POST to the alert in the store of a connected workstation: p50 and p99 at 500
patients and 10 workstations, quiet and while a gateway loads the server."""
import json
import os
import shutil
import subprocess
import tempfile
import time

from measure import Centre, alerting, at_most, figure, helper, resident_mb

from gateway import Gateway, observation
from headless import Headless

PATIENTS, STATIONS = 500, 10
SAMPLES = int(os.environ.get("FYRLYKT_BENCH_SAMPLES", "200"))


def sample(centre, stations, count, pause):
    """Milliseconds from each POST's last byte to each station's change notice."""
    gateway, taken = Gateway(centre), []
    people = alerting(centre)
    for number in range(count):
        marks = [len(station.events) for station in stations]
        started = time.monotonic_ns() // 1000
        status, answer = gateway.post(observation(people[number % len(people)], value=60 + number % 8))
        if status not in (200, 201):
            raise RuntimeError(f"POST answered {status}: {answer}")
        for station, mark in zip(stations, marks):
            told = station.expect(lambda event: event["event"] == "changed" and event["us"] >= started, 10, mark,
                                  "the alert")
            taken.append((told["us"] - started) / 1000)
        time.sleep(pause)
    gateway.close()
    return sorted(taken)


def print_percentiles(name, taken, limit):
    """p50, and p99 beside its limit."""
    figure(f"{name}, p50", taken[len(taken) // 2], "ms")
    at_most(f"{name}, p99", taken[int(0.99 * (len(taken) - 1))], "ms", limit)


def main():
    folder = tempfile.mkdtemp(prefix="fyrlykt-bench-")
    stations = []
    try:
        with Centre(f"{folder}/data", patients=PATIENTS, log=f"{folder}/server.log") as centre:
            name, password = centre.user("nurse")
            # The first sync once; the other workstations begin with a copy of what it fetched.
            first = Headless(f"{folder}/station-0/store.db", centre.url, name, password).start()
            first.signed_in()
            first.complete(300)
            first.stop()
            for number in range(STATIONS):
                if number > 0:
                    shutil.copytree(f"{folder}/station-0", f"{folder}/station-{number}")
            for number in range(STATIONS):
                station = Headless(f"{folder}/station-{number}/store.db", centre.url, name, password)
                stations.append(station.start())
                station.signed_in()
                station.complete(60)
            time.sleep(1)
            print_percentiles("POST to the alert in a store", sample(centre, stations, SAMPLES, 0.01), 100)
            people = f"{folder}/people"
            with open(people, "w", encoding="utf-8") as stream:
                stream.writelines(f"{one['identity_system']}\t{one['identity_number']}\n"
                                  for one in centre.patients)
            flood = subprocess.Popen([helper("load"), "127.0.0.1", str(centre.port), centre.gateway_token, people,
                                      "4", "8", "0"], stdout=subprocess.PIPE, text=True)
            time.sleep(1)
            taken = sample(centre, stations, max(10, SAMPLES // 10), 0.05)
            answer = json.loads(flood.communicate()[0])
            figure("load meanwhile", answer["answered"] / answer["seconds"], "1/s")
            print_percentiles("POST to the alert in a store, under load", taken, 100)
            figure("memory of a workstation without window",
                   resident_mb(stations[0].process.pid), "MB")
    finally:
        for station in stations:
            station.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
