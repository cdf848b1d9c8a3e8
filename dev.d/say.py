# SPDX-License-Identifier: GPL-3.0-or-later
"""What a verb tells the person: short lines on standard error, so that standard output stays data."""
import sys
import time

START = time.monotonic()


def say(text):
    """One line about what is being done now."""
    print(f"dev: {text}", file=sys.stderr, flush=True)


def fail(text, code=1):
    """Say why and stop."""
    say(text)
    sys.exit(code)


class Progress:
    """A counter that stands still on one line of a terminal, and speaks each 10 s elsewhere."""

    def __init__(self, what):
        self.what = what
        self.terminal = sys.stderr.isatty()
        self.last = 0.0

    def step(self, text):
        now = time.monotonic()
        if self.terminal:
            print(f"\r\033[Kdev: {self.what}: {text}"[:118], end="", file=sys.stderr, flush=True)
        elif now - self.last >= 10:
            self.last = now
            say(f"{self.what}: {text}")

    def done(self, text=None):
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        if text:
            say(f"{self.what}: {text}")
