# SPDX-License-Identifier: GPL-3.0-or-later
"""The command at the root counts honestly and is quick when there is nothing to do."""
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
sys.path.insert(0, os.path.join(ROOT, "dev.d"))

import measuring
import packages
import tap
import testing


def counted(*entries):
    count = testing.Count()
    for entry in entries:
        count.add({"name": "test", **entry})
    return count.passed, count.failed, count.skipped


def test_each_tap_line_counts_once():
    told = "TAP version 13\n# random seed\n1..3\nok 1 /a\nnot ok 2 /b\nok 3 /c # SKIP no display\n"
    assert counted({"result": "FAIL", "stdout": told}) == (1, 1, 1)


def test_a_test_that_fails_without_a_word_fails():
    assert counted({"result": "TIMEOUT", "stdout": ""}) == (0, 1, 0)
    assert counted({"result": "ERROR", "stdout": "ok 1 /a\n"}) == (1, 1, 0)


def test_why_a_test_failed_is_told_with_it():
    count = testing.Count()
    count.add_tap("unit", "# of the first\nok 1 /a\n# AssertionError: 3 rows\nnot ok 2 /b\n")
    assert count.failures == ["unit: 2 /b\n    # AssertionError: 3 rows"], count.failures


def test_a_program_without_tap_counts_as_one():
    assert counted({"result": "OK", "stdout": "hello"}) == (1, 0, 0)
    assert counted({"result": "SKIP"}) == (0, 0, 1)


def test_a_known_fault_is_not_a_failure():
    assert counted({"result": "OK", "stdout": "not ok 1 /a # TODO later\n"}) == (1, 0, 0)


def test_words_that_only_begin_with_ok_are_no_result():
    assert counted({"result": "OK", "stdout": "okay 1\nok 1 /a\n"}) == (1, 0, 0)


def test_a_missing_package_is_named_and_a_present_one_is_not():
    if not os.path.exists("/usr/bin/dpkg-query"):
        raise tap.Skip("not a Debian")
    assert packages.missing(["base-files", "no-such-package-of-ours"]) == ["no-such-package-of-ours"]


def test_looking_at_the_packages_takes_less_than_a_third_of_a_second():
    if not os.path.exists("/usr/bin/dpkg-query"):
        raise tap.Skip("not a Debian")
    started = time.monotonic()
    packages.missing(packages.SETS["test"])
    assert time.monotonic() - started < 0.3


def dev(*words):
    return subprocess.run([os.path.join(ROOT, "dev"), *words], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL, timeout=60)


def test_an_unknown_verb_suite_or_option_ends_with_an_error():
    for words in (["nonsense"], ["test", "nonsense"], ["bench", "--nonsense"], ["faults", "--nonsense"]):
        result = dev(*words)
        assert result.returncode == 2, result
        assert "nonsense" in result.stderr


def test_who_asks_a_verb_for_help_gets_it_and_nothing_else():
    for verb in ("bench", "faults", "soak", "test", "tour"):
        result = dev(verb, "--help")
        assert result.returncode == 0, result
        assert "./dev VERB" in result.stdout


def test_the_first_lines_of_a_row_are_read():
    with tempfile.NamedTemporaryFile("w", suffix=".py") as stream:
        stream.write("# SPDX-License-Identifier: GPL\n# row: server killed\n# figure: 0 lost\nimport os\n# row: no\n")
        stream.flush()
        assert measuring.header(stream.name) == {"row": "server killed", "figure": "0 lost"}


if __name__ == "__main__":
    tap.main()
