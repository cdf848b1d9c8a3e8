# SPDX-License-Identifier: GPL-3.0-or-later
"""What GTK says in the windows of its own that we show: no text of theirs is left English in Norwegian."""
import gettext
import itertools
import os
import shutil
import subprocess
import xml.etree.ElementTree

import tap

CATALOGUE = os.path.join(os.environ["FYRLYKT_LOCALEDIR"], "gtk40/nb/LC_MESSAGES/gtk40.mo")
# Print, page setup, file chooser, drop-down, emoji of a text's menu, about, questions.
WINDOWS = ("printunixdialog", "pagesetupunixdialog", "filechooserdialog", "filechooserwidget", "placesview", "placesviewrow",
           "sidebarrow", "dropdown", "emojichooser", "aboutdialog", "messagedialog", "dialog")
# Said by code and not by a description: the menu of a text, the list of printers, the file chooser.
SAID_BY_CODE = ("Cu_t", "_Copy", "_Paste", "_Delete", "Select _All", "Insert _Emoji", "_Undo", "_Redo", "_Cancel", "_Save",
                "_Open", "_Print", "_Apply", "_Close", "_OK", "Print to File", "Getting printer information…", "Portrait",
                "Landscape", "Reverse portrait", "Reverse landscape", "Manage Custom Sizes…", "Page Setup", "Print", "Home",
                "Recent", "Other Locations", "All Pages", "All sheets", "Even sheets", "Odd sheets", "Urgent", "High",
                "Medium", "Low", "sides\x04One Sided", "accessibility\x04Sidebar", "Filter by")


def of_gtk(variable):
    """A folder of the installed GTK."""
    return subprocess.run(["pkg-config", f"--variable={variable}", "gtk4"], capture_output=True, text=True,
                          check=True).stdout.strip()


def read(path):
    """What a catalogue holds: words by text, with its context before it."""
    if not os.path.exists(path):
        raise tap.Skip(f"no {path}")
    with open(path, "rb") as stream:
        # What gettext keeps has no public name.
        return gettext.GNUTranslations(stream)._catalog


def of_system(language):
    """The installed catalogue of GTK in a language."""
    return read(f"{of_gtk('prefix')}/share/locale/{language}/LC_MESSAGES/gtk40.mo")


def texts():
    """Every text of those windows, with its context before it as in a catalogue."""
    library = f"{of_gtk('libdir')}/libgtk-4.so.1"
    found = set()
    # Printing has a folder of its own since GTK 4.14.
    for window, folder in itertools.product(WINDOWS, ("ui", "print/ui")):
        told = subprocess.run(["gresource", "extract", library, f"/org/gtk/libgtk/{folder}/gtk{window}.ui"],
                              capture_output=True, check=False)
        if told.returncode == 0 and told.stdout:
            for node in xml.etree.ElementTree.fromstring(told.stdout).iter():
                if node.get("translatable") in ("yes", "true", "1") and node.text:
                    found.add((f"{node.get('context')}\x04" if node.get("context") else "") + node.text)
    return found


def test_no_text_of_the_toolkits_own_windows_is_left_english():
    if not shutil.which("gresource"):
        raise tap.Skip("no gresource")
    known, wanted = read(CATALOGUE), texts()
    assert len(wanted) > 60, wanted
    missing = sorted(text for text in wanted if not known.get(text))
    assert not missing, missing


def test_no_text_the_toolkit_says_by_code_is_left_english():
    # One that this GTK does not say, or no longer, needs no translation: the Swedish catalogue is whole.
    known, said = read(CATALOGUE), of_system("sv")
    missing = [text for text in SAID_BY_CODE if text in said and not known.get(text)]
    assert len([text for text in SAID_BY_CODE if text in said]) > 30
    assert not missing, missing


def test_what_the_system_has_is_kept():
    """The catalogue is the system's, and only its holes are ours."""
    known, system = read(CATALOGUE), of_system("nb")
    changed = [text for text, words in system.items() if text and known.get(text) != words]
    assert not changed, changed


if __name__ == "__main__":
    tap.main()
