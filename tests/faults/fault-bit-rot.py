# SPDX-License-Identifier: GPL-3.0-or-later
# row: bit rot in database, WAL, backup
# figure: workstation: 0 silent wrong, 0 silent loss; heals from the server
"""Bits flipped, pages swapped, ends cut in the files of a workstation that was killed while it worked: whatever is read is
what was written, or an error. Some of them are then opened by the real workstation, which makes its database anew, sends
what it had not delivered, and holds what one that starts afresh holds. (Each flip of each byte of a page and a frame:
tests/db. Backups: fault-backup-rot.)"""
import glob
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from verdict import (SEED, Centre, ask, at_least, clean, differences, figure, forgotten, level, ready, saved, size,
                     sound, station)
from headless import Headless, plain_copy

ROUNDS = size(40, 10000)
HEALED = size(3, 40)
UNITS = {"": (0, 4096), "-wal": (32, 4120)}  # header, and what is swapped: pages, frames
WRITTEN = 6


def rot(chance, path):
    """One thing wrong in one of the files; what it was."""
    suffix = chance.choice([name for name, (header, unit) in UNITS.items()
                            if os.path.getsize(path + name) >= header + 2 * unit])
    with open(path + suffix, "rb") as stream:
        content = bytearray(stream.read())
    header, unit = UNITS[suffix]
    kind = chance.choice(["flip", "flip", "swap", "zeroes", "cut"])
    count = (len(content) - header) // unit
    one, other = (header + place * unit for place in chance.sample(range(count), 2))
    if kind == "flip":
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif kind == "swap":
        content[one:one + unit], content[other:other + unit] = content[other:other + unit], content[one:one + unit]
    elif kind == "zeroes":
        content[one:one + unit] = bytes(unit)
    else:
        del content[chance.randrange(len(content)):]
    with open(path + suffix, "wb") as stream:
        stream.write(content)
    return f"{kind} in database{suffix}"


def contents(path):
    """All rows of all tables, or None when the database says that it is damaged."""
    try:
        wire = sqlite3.connect(plain_copy(path, stderr=subprocess.DEVNULL))
    except subprocess.CalledProcessError:
        return None
    try:
        return "\n".join(wire.iterdump())
    finally:
        wire.close()


def copy(kept, folder):
    """The files of the killed workstation, put into a folder of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder)
    return f"{folder}/store.db"


def silent(chance, kept, folder):
    """Rots of all kinds: how many were tried, and how many were neither found nor harmless."""
    whole = contents(copy(kept, folder))
    found = wrong = 0
    for _round in range(ROUNDS):
        path = copy(kept, folder)
        what = rot(chance, path)
        now = contents(path)
        found += now is None
        if now is not None and now != whole:
            wrong += 1
            print(f"silent: {what}", file=sys.stderr)
    return found, wrong


def heal(chance, centre, kept, folder, user):
    """One rotten workstation is started again: (rotten file told of or not, it)."""
    path = copy(kept, folder)
    what = rot(chance, path)
    one = Headless(path, centre.url, user["name"], user["password"]).start()
    ready(one)
    one.ask("verify", "verified", 60)  # what nobody has asked for until now
    _took, stuck = level(centre, [one], 90)
    told = one.ask("cursors", "cursors", 60)
    print(f"{what}: made anew {told['damaged_at'] > 0}, kept {told['damaged_kept']}", file=sys.stderr)
    one.stop()
    return path, bool(stuck), told["damaged_lost"] > 0


def at_server(centre, notes):
    """How often each note is at the server."""
    rows = [key.lower() for key, in ask(centre, "SELECT hex(id) FROM note")]
    return {key: rows.count(key.replace("-", "")) for key in notes}


def main():
    print(f"seed {SEED}", file=sys.stderr)
    chance, folder = random.Random(SEED), tempfile.mkdtemp(prefix="fyrlykt-fault-")
    stuck = lost = double = apart = anew = 0
    try:
        with Centre(f"{folder}/data", patients=8, log=f"{folder}/server.log") as centre:
            first = station(centre, folder, "station")
            ready(first)
            level(centre, [first])
            # Stopped and started once, so that the database holds what came, and the log what is done now.
            first.stop()
            first.start()
            ready(first)
            centre.stop_server(0)
            for number in range(WRITTEN):
                first.ask(f"write {chance.choice(centre.patients)['id']} rot-{number}", "saved")
            first.kill()
            first.reader.join(10)
            notes = saved(first)
            kept = f"{folder}/station"
            found, wrong = silent(chance, kept, f"{folder}/rotten")
            at_least("bit rot: found", found, "", 1)
            figure("bit rot: silently wrong or lost", wrong, "", "= 0", wrong == 0)
            centre.start_server()
            user = {"name": first.arguments[2], "password": first.arguments[3]}
            fresh = station(centre, folder, "fresh")
            for number in range(HEALED):
                path, is_stuck, told = heal(chance, centre, kept, f"{folder}/healed-{number}", user)
                there = at_server(centre, notes)
                stuck += is_stuck + forgotten(path)
                # One that has nothing to say of losses has brought all; what another brought before counts as well.
                lost += 0 if told else sum(count == 0 for count in there.values())
                double += sum(count > 1 for count in there.values())
                anew += bool(glob.glob(path + ".damaged-*"))
                ready(fresh)
                level(centre, [fresh], 90)
                fresh.stop()
                apart += differences(path, fresh.arguments[0])
                fresh.start()
            fresh.stop()
            figure("bit rot: made anew", anew, f"of {HEALED}")
            figure("bit rot: stuck after healing", stuck, "", "= 0", stuck == 0)
            figure("bit rot: lost without a word", lost, "", "= 0", lost == 0)
            figure("bit rot: double", double, "", "= 0", double == 0)
            figure("bit rot: records apart after healing", apart, "", "= 0", apart == 0)
            sound("bit rot", centre)
    finally:
        clean(folder)


if __name__ == "__main__":
    main()
