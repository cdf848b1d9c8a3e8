# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev po`: bring po/POTFILES and po/nb.po in step with the sources, and say what lacks its Norwegian."""
import os
import re
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


def _message(block):
    """What names an entry of a catalogue: its context and message; None for a comment alone."""
    parts = [re.search(rf'^{word} ((?:".*"(?:\n|$))+)', block, re.MULTILINE) for word in ("msgctxt", "msgid")]
    if not parts[1]:
        return None
    return tuple("".join(line[1:-1] for line in part.group(1).strip().splitlines()) if part else None
                 for part in parts)


def _blocks(text):
    # Two sides of a merge may have left an entry without the empty line before it.
    text = re.sub(r'^(msgstr.*\n(?:".*"\n)*)(?=msgid |msgctxt |#)', r"\1\n", text, flags=re.MULTILINE)
    return [block.strip("\n") for block in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n"))]


def _add_missing(template):
    """Each message once, the first with a translation kept, new ones at the end. The order stays: several
    changes at a time add to this file, and a new order could not be merged."""
    with open("po/nb.po", encoding="utf-8") as stream:
        blocks = _blocks(stream.read())
    kept = {}
    for block in blocks:
        message = _message(block) or block
        if message not in kept or ('msgstr ""' in kept[message] and 'msgstr ""' not in block):
            kept[message] = block
    for block in _blocks(_run("msgcat", "--no-wrap", "--no-location", template)):
        message = _message(block)
        if message and message[1]:
            kept.setdefault(message, block)
    with open("po/nb.po", "w", encoding="utf-8") as stream:
        stream.write("\n\n".join(kept.values()) + "\n")


def po(words):
    """The verb; `--tidy` also leaves out what no file says any more, and sorts by file."""
    files = _list_files()
    with tempfile.TemporaryDirectory() as folder:
        template, merged = f"{folder}/fyrlykt.pot", f"{folder}/nb.po"
        _run("xgettext", "--from-code=UTF-8", "--no-location", *rules_project.KEYWORDS, "-o", template, *files)
        _add_missing(template)
        if "--tidy" in words:
            _run("msgmerge", "--quiet", "--no-fuzzy-matching", "--no-wrap", "--no-location", "-o", merged, "po/nb.po",
                 template)
            _run("msgattrib", "--no-obsolete", "--no-wrap", "--no-location", "-o", "po/nb.po", merged)
    lacking = _run("msgattrib", "--untranslated", "--no-wrap", "--no-location", "po/nb.po")
    missing = [block for block in lacking.split("\n\n")[1:] if block.strip()]
    for entry in missing:
        print(entry + "\n")
    say(f"{len(files)} files, {len(missing)} messages without Norwegian")
    sys.exit(1 if missing else 0)
