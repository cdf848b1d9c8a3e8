# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev debian13 [SUITE…]`: the same sources built and tested on Debian 13, in a folder under build/.

debootstrap makes the system once; the sources go in by bind mount (or a copy where mounting is not
allowed), the build folder stays inside, so a second call is quick.
"""
import os
import subprocess
import sys

import packages
from say import Progress, fail, say

ROOT = os.path.abspath("build/debian13")
MIRROR = os.environ.get("FYRLYKT_DEBIAN_MIRROR", "http://deb.debian.org/debian")
SUITES = ["unit", "server", "fuzz", "e2e", "faults", "display"]
INSIDE = "/srv/fyrlykt"


def _as_root(*command):
    return list(command) if os.geteuid() == 0 else ["sudo", *command]


def _logged(what, command, log_path="build/debian13.log"):
    """Run a long command; its lines go to a log, the last one is shown."""
    progress = Progress(what)
    tail = []
    with open(log_path, "a", encoding="utf-8") as log, subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace") as process:
        for line in process.stdout:
            log.write(line)
            tail = (tail + [line])[-20:]
            progress.step(line.strip())
    progress.done("done" if process.returncode == 0 else "failed")
    if process.returncode != 0:
        fail(f"{what} failed; the end of {log_path}:\n" + "".join(tail))


def _chroot(*command):
    return _as_root("chroot", ROOT, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
                    "LANG=C.UTF-8", "CI=true", "DEBIAN_FRONTEND=noninteractive", *command)


def _make_system():
    if not os.path.exists(f"{ROOT}/usr/bin/dpkg") or not os.path.exists(f"{ROOT}/etc/fyrlykt-made"):
        say("making a Debian 13 system in build/debian13 (about 400 MB)")
        os.makedirs("build", exist_ok=True)
        _logged("debootstrap", _as_root("debootstrap", "--variant=minbase", "trixie", ROOT, MIRROR))
        _logged("marking", _as_root("touch", f"{ROOT}/etc/fyrlykt-made"))
    for folder in ("proc", "dev", "dev/shm", "dev/pts"):
        _as_root_quiet("mkdir", "-p", f"{ROOT}/{folder}")
    _mount("proc", ["-t", "proc", "proc"])
    _mount("dev", ["--bind", "/dev"])
    _mount("dev/shm", ["-t", "tmpfs", "tmpfs"])
    wanted = [name for name in dict.fromkeys(packages.BUILD + packages.TEST)
              if name not in ("clang-format", "pkg-config")] + ["pkgconf"]
    stamp, words = f"{ROOT}/etc/fyrlykt-packages", " ".join(wanted)
    if not os.path.exists(stamp) or open(stamp, encoding="utf-8").read() != words:
        _logged("packages", _chroot("apt-get", "update", "-q"))
        _logged("packages", _chroot("apt-get", "install", "-qy", "--no-install-recommends", *wanted))
        subprocess.run(_as_root("tee", stamp), input=words, text=True, stdout=subprocess.DEVNULL, check=True)


def _as_root_quiet(*command):
    return subprocess.run(_as_root(*command), capture_output=True, check=False).returncode == 0


def _mount(folder, arguments):
    if not _as_root_quiet("mountpoint", "-q", f"{ROOT}/{folder}"):
        if not _as_root_quiet("mount", *arguments, f"{ROOT}/{folder}"):
            say(f"could not mount {folder}; going on without")


def _unmount():
    for folder in ("dev/shm", "dev", "proc"):
        _as_root_quiet("umount", "-l", f"{ROOT}/{folder}")


def _copy_sources():
    """The tree without what was built, into the system; times kept so that little is built again."""
    target = ROOT + INSIDE
    _as_root_quiet("mkdir", "-p", target)
    _logged("sources", _as_root(
        "sh", "-c", f"find {target} -mindepth 1 -maxdepth 1 ! -name 'build*' -exec rm -rf {{}} + && "
        f"tar --exclude=./build --exclude='./build-*' --exclude=./.git -cf - . | tar -C {target} -xf -"))


def debian13(names):
    """The verb."""
    _make_system()
    try:
        _copy_sources()
        say("building and testing on Debian 13")
        result = subprocess.run(_chroot("sh", "-c", f"cd {INSIDE} && ./dev test {' '.join(names or SUITES)}"),
                                stdin=subprocess.DEVNULL, check=False)
    finally:
        _unmount()
    sys.exit(result.returncode)
