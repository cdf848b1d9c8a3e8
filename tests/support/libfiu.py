# SPDX-License-Identifier: GPL-3.0-or-later
"""Chance failures of system calls by libfiu (Debian's fiu-utils) under a running process, switched from the test."""
import os
import subprocess

from centre import has_sanitizers

LIBRARIES = [f"/usr/lib/fiu/fiu_{part}_preload.so" for part in ("run", "posix")]
EIO, ENOSPC, ECONNRESET = 5, 28, 104


def is_installed():
    """Whether libfiu is there."""
    return all(os.path.exists(path) for path in LIBRARIES)


def _preloaded():
    """What stands before a program: with the sanitizers theirs first, as libfiu calls before they are set up."""
    if not has_sanitizers():
        return LIBRARIES
    path = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True).stdout
    return [os.path.realpath(path.strip()), *LIBRARIES]


class Chance:
    """What one process suffers. Give `environment` to it when it starts; after that `switch` names its failures."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.environment = {"LD_PRELOAD": ":".join(_preloaded()), "FIU_CTRL_FIFO": prefix}
        self.names = []

    def switch(self, process, failures=()):
        """From now on calls fail so: (name of libfiu, probability 0..1, errno); those before do no more."""
        pipe = f"{self.prefix}-{process.pid}"
        orders = [f"disable name={name}" for name in self.names]
        orders += [f"enable_random name={name},probability={share},failinfo={number}"
                   for name, share, number in failures]
        self.names = [name for name, _share, _number in failures]
        words = [word for order in orders for word in ("-c", order)]
        subprocess.run(["fiu-ctrl", *words, pipe], check=False, timeout=10, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
