# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev VERB: the only command a newcomer needs.

  demo [--no-app --seconds N --json --port P --patients N --no-sim]
                     a demonstration centre, simulated patients, and the application
  test [SUITE…]      every test, or suites of: lint unit server simulation fuzz e2e faults display slow
  tour [DIR]         pictures of every screen, checked for names and cut text
  bench [NAME…] [--json]          figures beside their goals
  faults [ROW…] [--full] [--json] the faults the product must survive
  soak [--hours H]   simulated histories from fresh seeds; failing seeds go to build/soak-seeds.txt
  asan [SUITE…]      the tests with address and undefined-behaviour sanitizers
  build              build into build/
  format             format the C sources with clang-format
  lint               the project's own lint
  po [--tidy]        translations in step with the sources; says what lacks its Norwegian
  debian13 [SUITE…]  build and test in a Debian 13 folder under build/
"""
import glob
import os
import subprocess
import sys

sys.dont_write_bytecode = True

import packages
from building import build
from say import fail, say


def format_sources():
    """clang-format on every C file of ours."""
    packages.install_for("format")
    files = [path for pattern in ("src/**/*.[ch]", "tests/**/*.[ch]", "bench/**/*.[ch]")
             for path in glob.glob(pattern, recursive=True) if "/samples/" not in path]
    if files:
        subprocess.run(["clang-format", "-i", *files], check=True)
    say(f"formatted {len(files)} files")


def main(words):
    """Hand over to the verb."""
    verb, rest = (words[0], words[1:]) if words else ("help", [])
    if verb in ("help", "-h", "--help") or verb != "demo" and {"-h", "--help"} & set(rest):
        print(__doc__.strip())
    elif verb == "demo":
        from demo import demo
        demo(rest)
    elif verb == "test":
        from testing import test
        packages.install_for("test")
        test(rest)
    elif verb == "asan":
        from testing import asan
        packages.install_for("test")
        asan(rest)
    elif verb == "tour":
        from touring import tour
        packages.install_for("tour")
        tour(rest)
    elif verb == "bench":
        from measuring import bench
        packages.install_for("bench")
        bench(rest)
    elif verb == "faults":
        from measuring import faults
        packages.install_for("faults")
        faults(rest)
    elif verb == "soak":
        from soaking import soak
        packages.install_for("build")
        soak(rest)
    elif verb == "build":
        packages.install_for("build")
        build("build")
    elif verb == "format":
        format_sources()
    elif verb == "lint":
        packages.install_for("lint")
        build("build")
        sys.exit(subprocess.run(["/usr/bin/python3", "tests/lint/lint.py"], check=False).returncode)
    elif verb == "po":
        from translating import po
        packages.install_for("build")
        po(rest)
    elif verb == "debian13":
        from debian13 import debian13
        packages.install_for("debian13")
        debian13(rest)
    else:
        fail(f"no verb “{verb}”\n{__doc__}", 2)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
