# SPDX-License-Identifier: GPL-3.0-or-later
# row: stolen disk of a workstation
# figure: 0 copies open without a password, 0 of any 13 h after the last contact; 100 % of undelivered work is sent then
"""A workstation works on without the server and is killed. Its files are copied, and tried with nothing, with another's
password, and with its user's. Thirteen hours later (libfaketime) it is begun without the server, and its files are tried
again. Then the server is there: what waited is sent. Both on SQLite and on PostgreSQL."""
import hashlib
import os
import shutil
import subprocess
import time

from verdict import acknowledged, alike, ask, each_database, figure, nurse, ready, saved, size, sound, station
import headless
from headless import Headless, plain_copy

LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
LATER = {"LD_PRELOAD": LIBRARY, "FAKETIME": "+13h", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
ROUNDS = size(1, 20)
MARK = "merke-4711-som-ingen-skal-finne"
WORDS_AT = 48  # of a slot of the key file: sequence, length, authentication


def keyed(key, said):
    """A keyed hash of the protocol's page."""
    return hashlib.blake2b(said, key=key, digest_size=32).digest()


def lease(centre, folder):
    """What the workstation's disk may hold for twelve hours, made of the server's secret and the device's id."""
    with open(f"{folder}/store.db-key", "rb") as stream:
        device = stream.read(WORDS_AT + 20)[-16:].hex()
    name = "-".join([device[:8], device[8:12], device[12:16], device[16:20], device[20:]])
    secret = bytes.fromhex(ask(centre, "SELECT value FROM meta WHERE name = 'witness_key'")[0][0])
    return keyed(keyed(secret, b"fyrlykt-device-share-1\n" + name.encode()), b"fyrlykt-lease-1")


def found(folder, words):
    """In how many of a workstation's files these bytes stand."""
    count = 0
    for name in os.listdir(folder):
        with open(f"{folder}/{name}", "rb") as stream:
            count += words in stream.read()
    return count


def copied(folder, name):
    """The workstation's files, as a thief has them."""
    target = f"{os.path.dirname(folder)}/{name}"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target)
    return target


def opens(folder, *people):
    """Whether the copied database opens with what these know."""
    known, headless.PEOPLE = headless.PEOPLE, set(people)
    try:
        os.unlink(plain_copy(f"{folder}/store.db", stderr=subprocess.DEVNULL))
        return True
    except subprocess.CalledProcessError:
        return False
    finally:
        headless.PEOPLE = known


def known(folder, *people):
    """Wait until who signed in can do so without the server: her wrap is written."""
    deadline = time.monotonic() + 30
    while not opens(copied(folder, "try"), *people) or opens(copied(folder, "try")):
        assert time.monotonic() < deadline, "the password does not open the database"
        time.sleep(0.1)


class Theft:
    """What was tried and what opened."""

    def __init__(self):
        self.tries, self.opened, self.own, self.found, self.notes = 0, 0, 0, 0, {}

    def try_all(self, folder, *people):
        """A thief's tries; nothing may open."""
        for person in [(), *[(one,) for one in people]]:
            self.tries += 1
            self.opened += opens(folder, *person)

    def round(self, centre, folder, number):
        """One workstation's story."""
        user, other = nurse(centre, number), nurse(centre, number + 1)
        own, others = (user["name"], user["password"]), (user["name"], other["password"] + "x")
        place = f"{folder}/station-{number}"
        one = station(centre, folder, f"station-{number}", number)
        ready(one)
        known(place, own)
        for index in range(len(centre.servers)):
            centre.stop_server(index)
        one.ask(f"write {centre.patients[0]['id']} {MARK}-{number}", "saved")
        one.kill()
        self.notes.update(saved(one))
        words = lease(centre, place)
        before = copied(place, "within")
        self.try_all(before, others, (other["name"], other["password"]))
        self.own += opens(before, own) and found(before, words) > 0
        late = Headless(*one.arguments, **LATER).start()
        late.process.wait(60)
        late.expect(lambda event: event["event"] == "failed" and event["what"] == "sign-in", what="the refusal")
        after = copied(place, "after")
        self.try_all(after, own, others)
        self.found += found(after, words) + found(after, MARK.encode()) + found(before, MARK.encode())
        for index in range(len(centre.servers)):
            centre.start_server(index=index)
        one = Headless(*one.arguments).start()
        ready(one)
        return one


def run(turn):
    """One database's turn."""
    theft = Theft()
    stations = [theft.round(turn.centre, turn.folder, number) for number in range(ROUNDS)]
    judge(turn.name, turn.centre, turn.folder, theft, stations)


def main():
    each_database("stolen disk", run, patients=5)


def judge(name, centre, folder, theft, stations):
    """The figures of the row."""
    figure(f"{name}: tries of a thief", theft.tries, "")
    figure(f"{name}: opened", theft.opened, "", "= 0", theft.opened == 0)
    figure(f"{name}: opened by its user within 12 h", theft.own, "", f"= {ROUNDS}", theft.own == ROUNDS)
    figure(f"{name}: files with a lease after 13 h, or with a text", theft.found, "", "= 0", theft.found == 0)
    alike(name, centre, folder, stations)
    acknowledged(name, centre, theft.notes)
    sound(name, centre)


if __name__ == "__main__":
    main()
