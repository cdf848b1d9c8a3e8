# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that fails under a running process (tests/support/preload-faults.c), switched from the test."""
import mmap
import os
import struct

from centre import build_folder

NONE, FULL, IO, SYNC, KILL_SYNC, KILL_REPLY, KILL_WRITE, READ, SYNC_READ = range(9)


class Faults:
    """What one process suffers. Give `environment` to it when it starts."""

    def __init__(self, path, folder):
        with open(path, "wb") as control:
            control.write(bytes(16))
        with open(path, "r+b") as control:
            self.memory = mmap.mmap(control.fileno(), 16)
        library = os.path.join(build_folder(), "tests/support/libpreload-faults.so")
        self.environment = {"LD_PRELOAD": library, "FYR_PRELOAD_CONTROL": os.path.abspath(path),
                            "FYR_PRELOAD_FOLDER": os.path.realpath(folder)}

    def arm(self, mode, after=0, once=False):
        """Strike calls of a mode, after some that are let through; one only, or all that follow."""
        self.memory[0:4] = bytes(4)
        self.memory[4:16] = struct.pack("<iii", after, int(once), 0)
        self.memory[0:4] = struct.pack("<i", mode)

    def disarm(self):
        """The disk is good again; how many calls were struck."""
        self.memory[0:4] = bytes(4)
        return self.struck()

    def struck(self):
        """How many calls were struck since `arm`."""
        return struct.unpack("<i", self.memory[12:16])[0]
