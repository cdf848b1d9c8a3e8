# SPDX-License-Identifier: GPL-3.0-or-later
"""The harness itself: it drives a window from outside, and finds the faults it is there to find."""
import os
import subprocess
import tempfile

import tap

if "DISPLAY" not in os.environ:
    print("1..0 # SKIP no display; run with tests/support/with-display.py")
    raise SystemExit(0)

import atspi

children = []


def sample(*faults):
    """Start the sample window; its accessible application."""
    for child in children:
        child.terminate()
        child.wait()
    children.clear()
    atspi.wait_for(lambda: not any("sample" in node.name for node in atspi.applications()), 5, "the end")
    path = os.path.join(os.environ["FYRLYKT_BUILDDIR"], "tests/support/sample-window")
    children.append(subprocess.Popen([path, *faults], stdin=subprocess.DEVNULL))
    return atspi.application("sample-window")


def test_a_button_is_found_by_role_and_name_and_pressed():
    window = sample()
    window.find("push button", "Press").click()
    window.find("label", "Pressed")


def test_text_is_set_and_typed():
    window = sample()
    entry = window.find(("text", "entry"), "Name")
    entry.set_text("Kari")
    window.find("label", "Kari")
    entry.focus()
    atspi.key("ctrl+a")
    atspi.type_text("Ola Nordmann")
    window.find("label", "Ola Nordmann")


def test_a_check_box_is_pressed_with_the_pointer():
    window = sample()
    check = window.find("check box", "Choose")
    check.point_and_click()
    atspi.wait_for(lambda: check.has_state(atspi.Atspi.StateType.CHECKED), 5, "the mark")


def test_what_is_not_there_is_told_with_the_tree():
    window = sample()
    try:
        window.find("push button", "Nothing", wait=0.2)
    except atspi.NotFound as error:
        assert "push button “Press”" in str(error), error
    else:
        raise AssertionError("found what is not there")


def test_a_good_window_has_no_fault():
    window = sample()
    window.find("check box", "Choose")
    assert atspi.nameless(window) == [], atspi.nameless(window)
    assert atspi.cut_texts(window) == [], atspi.cut_texts(window)


def test_a_button_without_a_name_is_found():
    window = sample("faults")
    faults = atspi.wait_for(lambda: atspi.nameless(window), 5, "the fault")
    assert len(faults) == 1 and faults[0].startswith("push button without a name"), faults


def test_a_cut_text_is_found():
    window = sample("faults")
    faults = atspi.wait_for(lambda: atspi.cut_texts(window), 5, "the fault")
    assert any("This text is longer" in fault for fault in faults), faults


def test_a_picture_is_taken():
    sample()
    with tempfile.TemporaryDirectory() as folder:
        atspi.screenshot(f"{folder}/picture.png")
        assert os.path.getsize(f"{folder}/picture.png") > 1000


def after_all():
    for child in children:
        child.terminate()
        child.wait()


if __name__ == "__main__":
    tap.main()
