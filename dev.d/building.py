# SPDX-License-Identifier: GPL-3.0-or-later
"""Setting up and building a build folder."""
import os
import re
import shutil
import subprocess

from say import Progress, fail, say

OPTIONS = {
    "build": [],
    "build-asan": ["-Db_sanitize=address,undefined", "-Db_lundef=false"],
    "build-release": ["-Dbuildtype=release", "-Dtests=false"],
}


def _environment():
    environment = dict(os.environ)
    if "CC" not in environment:
        environment["CC"] = "ccache gcc" if shutil.which("ccache") else "gcc"
    return environment


def _set_up(folder):
    say(f"setting up {folder}")
    os.makedirs(folder, exist_ok=True)
    command = ["meson", "setup", folder, *OPTIONS.get(folder, [])]
    result = subprocess.run(command, capture_output=True, text=True, env=_environment(), check=False,
                            stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        fail(f"meson could not set up {folder}:\n{result.stdout[-4000:]}{result.stderr[-2000:]}")


def build(folder="build", targets=()):
    """Build `folder` (made when missing); on failure shows the compiler's words and stops."""
    if not os.path.exists(f"{folder}/build.ninja"):
        _set_up(folder)
    environment = dict(_environment(), NINJA_STATUS="[%f/%t] ")
    progress = Progress(f"building {folder}")
    output = []
    with subprocess.Popen(["ninja", "-C", folder, *targets], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                          errors="replace", env=environment) as process:
        for line in process.stdout:
            output.append(line)
            if re.match(r"\[\d+/\d+\]", line):
                progress.step(line.strip())
    if process.returncode != 0:
        progress.done("failed")
        first = next((i for i, line in enumerate(output) if line.startswith("FAILED")), 0)
        fail("the build failed:\n" + "".join(output[first:first + 120]))
    worked = not any("no work to do" in line for line in output)
    progress.done("done" if worked else None)


def run_environment(folder="build"):
    """The environment in which a program of a build folder finds its catalogues and settings schema."""
    root = os.path.abspath(folder)
    return dict(os.environ, FYRLYKT_LOCALEDIR=f"{root}/po", GSETTINGS_SCHEMA_DIR=f"{root}/data")
