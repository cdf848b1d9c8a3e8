# SPDX-License-Identifier: GPL-3.0-or-later
# row: server killed in a request
# figure: 0 acknowledged lost, 0 double effects, both databases, also between commit and reply
"""The server is killed at random moments, and half of the times exactly between its commit and its answer, while
gateways report and workstations push. Who got no answer says the same again. Afterwards each change that was
answered is there exactly once, and an answer given twice is the same answer."""
import http.client
import random
import threading
import time

from verdict import acknowledged, each_database, figure, nurse, size, sound
from gateway import Gateway, observation
from preload import KILL_REPLY, KILL_SYNC, Faults
from workstation import Refused, Workstation

KILLS = size(14, 1000)


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
        while True:
            try:
                status, _answer = gateway.post(resource)
            except (OSError, http.client.HTTPException):
                self.repeats += 1
                if self.ending.is_set():
                    return
                time.sleep(0.02)
                continue
            if status == 503:
                time.sleep(0.05)
                continue
            (self.acknowledged if status in (200, 201) else self.refused).append(identifier)
            return


class Pusher(threading.Thread):
    """A workstation that pushes notes, three at a time, and the same three until they are answered; then it asks
    once more and wants the same answer."""

    def __init__(self, centre, number):
        super().__init__()
        user = nurse(centre, number)
        self.centre, self.number = centre, number
        self.machine = Workstation(centre, user["name"], user["password"])
        self.machine.sign_in()
        self.notes, self.refused, self.other_answers, self.repeats = {}, [], 0, 0
        self.ending = threading.Event()

    def run(self):
        serial = 0
        while not self.ending.is_set():
            made, at = [], (self.machine.number, self.machine.hash)
            for _one in range(3):
                serial += 1
                made.append(self.machine.note(self.centre.patients[serial % len(self.centre.patients)]["id"],
                                              f"push-{self.number}-{serial}"))
                self.machine.number, self.machine.hash = made[-1]["number"], made[-1]["hash"]
            self.machine.number, self.machine.hash = at
            outcomes = self.until_answered(made)
            if outcomes is None:
                return
            self.note_outcomes(made, outcomes)
            self.machine.number, self.machine.hash = at
            again = self.until_answered(made)
            self.other_answers += again is not None and again != outcomes

    def note_outcomes(self, made, outcomes):
        for mutation, outcome in zip(made, outcomes):
            if outcome["outcome"] == "applied":
                self.notes[mutation["id"]] = mutation["fields"]["text"]
            else:
                self.refused.append(outcome)

    def until_answered(self, made):
        while True:
            try:
                return self.machine.push(*made)
            except (OSError, http.client.HTTPException):
                self.repeats += 1
                if self.ending.is_set():
                    return None
                time.sleep(0.02)
            except Refused as error:
                if error.status != 503:
                    raise
                time.sleep(0.05)


def kill(centre, faults, chance, mode):
    """One death: just after a commit, or anywhere; then it is started again."""
    armed = chance.random() < 0.5
    if armed:
        faults.arm(mode, after=chance.randrange(3), once=True)
        centre.server.wait(60)
    else:
        centre.server.kill()
        centre.server.wait()
    after_commit = faults.disarm()
    centre.children.remove(centre.server)
    centre.start_server()
    return after_commit if armed else 0


def run(turn):
    """One database's turn."""
    name, database, centre, folder, seed = turn
    chance, mode = random.Random(seed), KILL_SYNC if database.name == "SQLite" else KILL_REPLY
    faults = Faults(f"{folder}/control", centre.data_dir)
    centre.server_environment.update(faults.environment)
    centre.stop_server()
    centre.start_server()
    workers = [Reporter(centre, number) for number in range(3)] + [Pusher(centre, number) for number in range(2)]
    for worker in workers:
        worker.start()
    after_commit = 0
    for _kill in range(KILLS):
        time.sleep(chance.uniform(0.02, 0.4))
        after_commit += kill(centre, faults, chance, mode)
    time.sleep(1)
    for worker in workers:
        worker.ending.set()
    for worker in workers:
        worker.join()
    judge(name, centre, workers, after_commit)


def judge(name, centre, workers, after_commit):
    """The figures of the row."""
    figure(f"{name}: kills", KILLS, "")
    figure(f"{name}: of them between commit and reply", after_commit, "", "> 0", after_commit > 0)
    figure(f"{name}: repeated after no answer", sum(worker.repeats for worker in workers), "")
    refused = sum(len(worker.refused) for worker in workers)
    figure(f"{name}: refused", refused, "", "= 0", refused == 0)
    others = sum(getattr(worker, "other_answers", 0) for worker in workers)
    figure(f"{name}: other answers when asked again", others, "", "= 0", others == 0)
    notes = {key: text for worker in workers for key, text in getattr(worker, "notes", {}).items()}
    acknowledged(name, centre, notes, reports=[one for worker in workers for one in getattr(worker, "acknowledged", [])])
    sound(name, centre)


def main():
    each_database("server killed", run, patients=20)


if __name__ == "__main__":
    main()
