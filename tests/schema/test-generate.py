#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A declaration with a mistake is refused by name, not turned into broken C."""
import pathlib
import subprocess
import sys
import tempfile

source = pathlib.Path(sys.argv[1])
GOOD = ["access.toml", "configuration.toml", "patient.toml", "measurement.toml", "alert.toml"]
RECORD = '''
[record.extra]
doc = "x"
scope = "note"
scope_by = "patient"
merge = "fact"
read = ["nurse"]
write = ["nurse"]
'''
CASES = [
    ("an unknown type", RECORD + 'fields = [{ name = "a", type = "money", doc = "x" }]', "extra.a"),
    ("an unknown enum", RECORD + 'fields = [{ name = "a", type = "enum", enum = "no", doc = "x" }]', "extra.a"),
    ("an unknown class", RECORD + 'fields = [{ name = "a", type = "int", class = "no", doc = "x" }]', "extra.a"),
    ("a missing doc", RECORD + 'fields = [{ name = "a", type = "int" }]', "extra.a"),
    ("an unknown key", RECORD + 'fields = [{ name = "a", type = "int", doc = "x", colour = 1 }]', "colour"),
    ("a name that is no name", RECORD + 'fields = [{ name = "A-b", type = "int", doc = "x" }]', "lower case"),
    ("a field twice", RECORD + 'fields = [{ name = "a", type = "int", doc = "x" }, { name = "a", type = "int", doc = "x" }]', "twice"),
    ("an index on nothing", RECORD + 'fields = [{ name = "a", type = "int", doc = "x" }]\nindexes = [["b"]]', "unknown field b"),
    ("an unknown role", RECORD.replace('write = ["nurse"]', 'write = ["king"]') + 'fields = [{ name = "a", type = "int", doc = "x" }]', "king"),
    ("an unknown scope", RECORD.replace('"note"', '"gossip"') + 'fields = [{ name = "a", type = "int", doc = "x" }]', "scope"),
]


def generate(folder, files):
    return subprocess.run([sys.executable, source / "generate.py", "--outdir", folder, *files], capture_output=True, text=True)


def main():
    print(f"1..{len(CASES) + 2}")
    files = [source / name for name in GOOD]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, text, expected) in enumerate(CASES, 1):
            bad = pathlib.Path(folder) / "bad.toml"
            bad.write_text(text)
            result = generate(folder, [*files, bad])
            good = result.returncode != 0 and expected in result.stderr and "Traceback" not in result.stderr
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {name} is refused by name")
        one_more = pathlib.Path(folder) / "more.toml"
        one_more.write_text(RECORD + 'fields = [{ name = "a", type = "int", doc = "x" }]')
        result = generate(folder, [*files, one_more])
        header = (pathlib.Path(folder) / "fyr-records.h").read_text()
        good = result.returncode == 0 and "fyr_extra_get_a" in header and "FYR_TYPE_EXTRA" in header
        failed += not good
        print(f"{'ok' if good else 'not ok'} {len(CASES) + 1} - one line makes a field")
        first = header
        generate(folder, [*files, one_more])
        good = first == (pathlib.Path(folder) / "fyr-records.h").read_text()
        failed += not good
        print(f"{'ok' if good else 'not ok'} {len(CASES) + 2} - the same declarations make the same code")
    sys.exit(1 if failed else 0)


main()
