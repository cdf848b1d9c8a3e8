# SPDX-License-Identifier: GPL-3.0-or-later
# row: bit rot in database, WAL, backup
# figure: backups: 0 silent wrong, 0 silent loss
"""Bits flipped, pages swapped, ends cut in a backup: none of them is put in place. Two backups, so that one that rotted has
a sound one beside it."""
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../bench"))

from measure import Centre, at_least, environment, figure, program

ROUNDS = 10000 if "--full" in sys.argv else 60
SEED = int(os.environ.get("FYRLYKT_SEED", random.randrange(2**32)))
PAGE = 4096


def rot(chance, whole):
    """A copy with one thing wrong."""
    content = bytearray(whole)
    kind = chance.randrange(4)
    if kind < 2:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif kind == 2:
        pages = len(content) // PAGE
        one, other = chance.sample(range(pages), 2)
        first = content[one * PAGE:(one + 1) * PAGE]
        content[one * PAGE:(one + 1) * PAGE] = content[other * PAGE:(other + 1) * PAGE]
        content[other * PAGE:(other + 1) * PAGE] = first
    else:
        del content[chance.randrange(len(content)):]
    return bytes(content)


def taken(path):
    """Whether `verify --file`, which a restore asks first, finds a backup sound."""
    return subprocess.run([program("fyrlykt-admin"), "verify", "--file", path], capture_output=True, check=False,
                          env=environment()).returncode == 0


def main():
    print(f"seed {SEED}", file=sys.stderr)
    chance, folder, silent, tried = random.Random(SEED), tempfile.mkdtemp(prefix="fyrlykt-fault-"), 0, 0
    try:
        with Centre(f"{folder}/data", patients=5, log=f"{folder}/server.log") as centre:
            centre.admin("backup", f"{folder}/backup.db")
        with open(f"{folder}/backup.db", "rb") as stream:
            whole = stream.read()
        shutil.copyfile(f"{folder}/backup.db.sum", f"{folder}/rotten.db.sum")
        for _round in range(ROUNDS):
            content = rot(chance, whole)
            if content == whole:
                continue
            tried += 1
            with open(f"{folder}/rotten.db", "wb") as stream:
                stream.write(content)
            silent += taken(f"{folder}/rotten.db")
        sound = taken(f"{folder}/backup.db")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    at_least("backup rot: flips, swaps and cuts", tried, "", ROUNDS // 2)
    figure("backup rot: taken for sound", silent, "", "= 0", silent == 0)
    figure("backup rot: the sound one taken", int(sound), "", "= 1", sound)


if __name__ == "__main__":
    main()
