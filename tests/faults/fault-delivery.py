# SPDX-License-Identifier: GPL-3.0-or-later
# row: repeated, reordered, late delivery
# figure: 20 % doubled, 30 % replies dropped, a push replayed 7 days later and through another process: 0 double effects; replies identical
"""Lines that tell a push twice, later and in another order, and swallow answers. Then every push that was ever sent is
sent again, shuffled, at once and seven days later, after the session has ended and another has begun: the answers are
those that were given, and nothing moves."""
import gzip
import http.client
import json
import random
import time

from verdict import SEED, acknowledged, alike, ask, each_database, figure, level, ready, saved, size, sound, station
from fault_proxy import FaultProxy
from gateway import Gateway, observation
from workstation import Workstation

SECONDS = size(6, 3600)
STATIONS = size(3, 10)
LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


def effects(centre):
    """All that a double effect would move; alerts that the server raises by itself as days go by are no effect."""
    return [ask(centre, f"SELECT count(*) FROM {what}")[0][0] for what in
            ("note", "alert_event WHERE actor_id IS NOT NULL", "measurement", "mutation", "history")]


def work(centre, stations, proxies, seconds):
    """Everybody writes and handles alerts over bad lines; what a gateway was told."""
    chance, gateway, serial, reports = random.Random(SEED), Gateway(centre), 0, []
    alerts = [key for key, alert in stations[0].alerts().items() if alert["status"] != "closed"]
    end = time.monotonic() + seconds
    for proxy in proxies:
        proxy.duplicate(0.2)
        proxy.drop_replies(0.3)
    while time.monotonic() < end:
        serial += 1
        if serial % 60 == 0:
            chance.choice(proxies).switch()
        one = chance.choice(stations)
        patient = chance.choice(centre.patients)
        one.tell(f"write {patient['id']} d{serial}")
        if alerts and chance.random() < 0.4:
            one.tell(f"{chance.choice(['take', 'note', 'close', 'release'])} {chance.choice(alerts)} h{serial}")
        if chance.random() < 0.3:
            told = observation(patient, value=chance.randrange(70, 99), identifier=f"deliver-{serial}")
            for _twice in range(chance.choice((1, 1, 2))):
                if gateway.post(told)[0] in (200, 201):
                    reports.append(f"deliver-{serial}")
        time.sleep(chance.uniform(0.005, 0.03))
    for proxy in proxies:
        proxy.heal()
    return reports


def replay(centre, pushes, users):
    """Say every captured push again, shuffled, in new sessions of the same machines: the outcomes of each."""
    chance, machines, answers = random.Random(SEED + 1), {}, {}
    for index in chance.sample(range(len(pushes)), len(pushes)):
        body = json.loads(pushes[index])
        if body["device"] not in machines:
            user = users[body["device"]]
            machine = Workstation(centre, user[0], user[1], body["device"])
            machine.sign_in()
            machines[body["device"]] = machine
        for _attempt in range(3):
            try:
                answers[index] = machines[body["device"]].request("POST", "/sync/v1/push", body)["outcomes"]
                break
            except (OSError, http.client.HTTPException):
                continue
    return answers


def collect(stations, proxies):
    """Bodies of all pushes that were sent, and whose machine each was."""
    pushes, users = [], {}
    for one, proxy in zip(stations, proxies):
        for request in proxy.captured:
            head, body = request.split(b"\r\n\r\n", 1)
            if b"content-encoding: gzip" in head.lower():
                body = gzip.decompress(body)
            if json.loads(body)["mutations"]:
                pushes.append(body)
                users[json.loads(body)["device"]] = one.arguments[2:4]
    return pushes, users


def run(turn):
    """One database's turn."""
    name, database, centre, folder, _seed = turn
    ports = database.more_processes(centre, 1)
    proxies = [FaultProxy(centre.port, SEED + number, [centre.port, *ports]) for number in range(STATIONS)]
    for proxy in proxies:
        proxy.keep_captured = True
    stations = [station(centre, folder, f"station-{number}", number, proxy.url)
                for number, proxy in enumerate(proxies)]
    ready(*stations)
    reports = work(centre, stations, proxies, SECONDS)
    level(centre, stations)
    pushes, users = collect(stations, proxies)
    before = effects(centre)
    first = replay(centre, pushes, users)
    other = replay(database.other_process(centre, ports), pushes, users)
    notes = {}
    for one in stations:
        notes.update({key: text for key, text in saved(one).items() if text.startswith("d")})
    alike(name, centre, folder, stations)
    acknowledged(name, centre, notes, reports=sorted(set(reports)))
    database.stop(centre)
    centre.server_environment.update(LD_PRELOAD=LIBRARY, FAKETIME="+7d", FAKETIME_DONT_FAKE_MONOTONIC="1")
    centre.start_server()
    later = replay(centre, pushes, users)
    judge_replays(name, proxies, pushes, (first, other, later), before == effects(centre))
    sound(name, centre)
    for proxy in proxies:
        proxy.close()


def judge_replays(name, proxies, pushes, answers, unmoved):
    """What the replays showed."""
    first, other, later = answers
    did = {word: sum(proxy.did[word] for proxy in proxies) for word in ("sent twice", "dropped replies")}
    figure(f"{name}: sent twice on the way", did["sent twice"], "", "> 0", did["sent twice"] > 0)
    figure(f"{name}: replies dropped", did["dropped replies"], "", "> 0", did["dropped replies"] > 0)
    figure(f"{name}: pushes replayed three times more", len(pushes), "", "> 0", len(pushes) > 0)
    different = sum(1 for index in range(len(pushes))
                    if not first.get(index) or first.get(index) != other.get(index)
                    or first.get(index) != later.get(index))
    figure(f"{name}: replies not identical", different, "", "= 0", different == 0)
    figure(f"{name}: effects moved by replays", int(not unmoved), "", "= 0", unmoved)


def main():
    each_database("delivery", run)


if __name__ == "__main__":
    main()
