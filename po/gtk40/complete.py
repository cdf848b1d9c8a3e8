#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""complete.py SYSTEM.mo OURS.po OUTPUT.mo: the system's catalogue with its holes filled from ours."""
import subprocess
import sys
import tempfile


def main():
    system, ours, output = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["msgunfmt", system, "-o", f"{folder}/system.po"], check=True)
        subprocess.run(["msgcat", "--use-first", f"{folder}/system.po", ours, "-o", f"{folder}/whole.po"], check=True)
        subprocess.run(["msgfmt", f"{folder}/whole.po", "-o", output], check=True)


if __name__ == "__main__":
    main()
