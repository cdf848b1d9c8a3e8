# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev po`: bring po/POTFILES and po/nb.po in step with the sources, and say what lacks its Norwegian."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.abspath("tests/lint"))

import rules_project
from findings import Tree
from say import fail, say

HEADER = "# Every file with text a person reads, one a line, sorted. The lint names a file that is missing here.\n"


def _run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        fail(f"{' '.join(command)}:\n{result.stderr}")
    return result.stdout


def _list_files():
    tree = Tree(".")
    there = {path for path in rules_project._potfiles(tree) if tree.has(path)}
    there |= {finding.path for finding in rules_project.potfiles(tree) if "has text" in finding.text}
    with open("po/POTFILES", "w", encoding="utf-8") as stream:
        stream.write(HEADER + "".join(f"{path}\n" for path in sorted(there)))
    return sorted(there)


def po():
    """The verb."""
    files = _list_files()
    with tempfile.TemporaryDirectory() as folder:
        template, merged = f"{folder}/fyrlykt.pot", f"{folder}/nb.po"
        _run("xgettext", "--from-code=UTF-8", "--no-location", *rules_project.KEYWORDS, "-o", template, *files)
        _run("msguniq", "--use-first", "--no-wrap", "-o", merged, "po/nb.po")
        _run("msgmerge", "--quiet", "--update", "--backup=none", "--no-fuzzy-matching", "--no-wrap", "--no-location",
             merged, template)
        _run("msgattrib", "--no-obsolete", "--no-wrap", "--no-location", "-o", "po/nb.po", merged)
    lacking = _run("msgattrib", "--untranslated", "--no-wrap", "--no-location", "po/nb.po")
    missing = [line for line in lacking.split("\n\n")[1:] if line.strip()]
    for entry in missing:
        print(entry + "\n")
    say(f"{len(files)} files, {len(missing)} messages without Norwegian")
    sys.exit(1 if missing else 0)
