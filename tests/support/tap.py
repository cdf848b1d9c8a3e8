# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP for tests written in Python: functions named test_…, run in the order of the file.

    import tap

    def test_a_closed_alert_leaves_the_list(): …

    if __name__ == "__main__":
        tap.main()

A test fails by raising; it is skipped by raising tap.Skip. The name is the function's, read as words.
`setUp`-like work: functions `before_all` and `after_all`, if there.
"""
import sys
import traceback


class Skip(Exception):
    """Raised by a test that cannot run here; its text says why."""


def _comment(text):
    for line in text.rstrip().splitlines():
        print(f"# {line}", flush=True)


def _run(number, name, function):
    words = name.removeprefix("test_").replace("_", " ")
    try:
        function()
    except Skip as reason:
        print(f"ok {number} {words} # SKIP {reason}", flush=True)
        return True
    except Exception:  # any exception is a failed test
        _comment(traceback.format_exc())
        print(f"not ok {number} {words}", flush=True)
        return False
    print(f"ok {number} {words}", flush=True)
    return True


def main(tests=None):
    """Run the tests of the calling program (or a list of (name, function)) and end the process."""
    module = sys.modules["__main__"]
    if tests is None:
        tests = [(name, value) for name, value in vars(module).items()
                 if name.startswith("test_") and callable(value)]
    print(f"1..{len(tests)}", flush=True)
    good = True
    try:
        getattr(module, "before_all", lambda: None)()
        for number, (name, function) in enumerate(tests, 1):
            good = _run(number, name, function) and good
    except Skip as reason:
        for number, (name, _function) in enumerate(tests, 1):
            print(f"ok {number} {name} # SKIP {reason}", flush=True)
    except Exception:
        _comment(traceback.format_exc())
        print("Bail out! before_all failed", flush=True)
        good = False
    finally:
        getattr(module, "after_all", lambda: None)()
    sys.exit(0 if good else 1)
