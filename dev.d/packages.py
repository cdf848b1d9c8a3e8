# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian packages each verb needs, and their quiet installation."""
import os
import shutil
import subprocess

from say import Progress, fail, say

BUILD = """gcc libc6-dev meson ninja-build pkg-config gettext python3 ccache
libglib2.0-dev libglib2.0-dev-bin libgtk-4-dev libadwaita-1-dev libgsound-dev libjson-glib-dev libsqlite3-dev
libpq-dev libsodium-dev libsoup-3.0-dev libcairo2-dev libpango1.0-dev desktop-file-utils appstream itstool
libxml2-utils""".split()

# What the application shows itself with: icons, a font, settings of the desktop.
SHOW = """adwaita-icon-theme librsvg2-common fonts-dejavu-core fonts-cantarell gsettings-desktop-schemas
dbus""".split()

DISPLAY = SHOW + """xvfb at-spi2-core python3-pyatspi gir1.2-atspi-2.0 python3-gi xdotool imagemagick
x11-apps x11-utils openbox poppler-utils locales""".split()

TEST = DISPLAY + """clang-format haproxy openssl postgresql systemd sqlite3 git procps faketime fiu-utils""".split()

# Only for `./dev faults --full`: the fuzzer that is guided by coverage.
FUZZER = ["clang"]

SETS = {
    "build": BUILD,
    "demo": BUILD + SHOW,
    "test": BUILD + TEST,
    "tour": BUILD + DISPLAY,
    "bench": BUILD + DISPLAY + ["postgresql"],
    "lint": BUILD + ["clang-format", "systemd", "git"],
    "format": ["clang-format"],
    "faults": BUILD + TEST,
    "debian13": ["debootstrap"],
}


def missing(names):
    """Those of the packages that dpkg does not have installed; one call, some hundredths of a second."""
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names],
        capture_output=True, text=True, check=False)
    there = {line.split()[0] for line in answer.stdout.splitlines() if line.endswith(" installed")}
    # pkg-config is a name that pkgconf answers to on later Debians.
    if "pkgconf" in there or os.path.exists("/usr/bin/pkg-config"):
        there.add("pkg-config")
    return [name for name in dict.fromkeys(names) if name not in there]


def _apt(arguments, log, progress):
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=600", *arguments]
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    if os.geteuid() != 0:
        command = ["sudo", "--preserve-env=DEBIAN_FRONTEND", *command]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env=environment) as process:
        for line in process.stdout:
            log.write(line)
            if line.startswith(("Get:", "Unpacking", "Setting up", "Processing")):
                progress.step(line.strip())
    return process.returncode


def install(names):
    """Install what is missing of `names`, asking nothing; says nothing when all is there."""
    lacking = missing(names)
    if not lacking:
        return
    if not shutil.which("apt-get") or (os.geteuid() != 0 and not shutil.which("sudo")):
        fail(f"cannot install here (no apt-get, or neither root nor sudo); needed: {' '.join(lacking)}")
    os.makedirs("build", exist_ok=True)
    path = "build/apt.log"
    say(f"installing {len(lacking)} Debian packages: {' '.join(lacking)}")
    progress = Progress("apt")
    with open(path, "a", encoding="utf-8") as log:
        code = _apt(["install", "-y", "--no-install-recommends", *lacking], log, progress)
        if code != 0:
            progress.done("refreshing the package lists")
            _apt(["update"], log, progress)
            code = _apt(["install", "-y", "--no-install-recommends", *lacking], log, progress)
    progress.done("installed" if code == 0 else None)
    if code != 0:
        with open(path, encoding="utf-8") as log:
            tail = log.readlines()[-15:]
        fail("apt-get could not install the packages; the end of " + path + ":\n" + "".join(tail))


def install_for(verb):
    """Install what a verb of ./dev needs."""
    install(SETS[verb])
