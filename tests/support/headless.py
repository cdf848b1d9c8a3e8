# SPDX-License-Identifier: GPL-3.0-or-later
"""The real workstation without a window (tests/support/headless.c), driven from Python."""
import json
import os
import queue
import subprocess
import threading
import time

from centre import build_folder, environment


PEOPLE = set()  # whoever was to sign in at any workstation here: name and password


def plain_copy(database, **more):
    """Path of a copy of a workstation's database, which is sealed, for reading with sqlite3; nobody may have it open. It is
    opened with the password of one of PEOPLE who signed in there."""
    copy = database + "-plain"
    people = "".join(f"{name}\t{password}\n" for name, password in sorted(PEOPLE))
    subprocess.run([os.path.join(build_folder(), "tests/support/plain-copy"), database, copy], check=True,
                   input=people, text=True, **more)
    return copy


class Headless:
    """One running workstation. `events` holds everything it told; `expect` waits for what is to come."""

    def __init__(self, database, address, user, password, **more):
        self.arguments = [database, address, user, password]
        PEOPLE.add((user, password))
        self.more = more
        self.process = self.reader = None
        self.events = []
        self._queue = queue.Queue()

    def start(self):
        """Start it; returns itself."""
        os.makedirs(os.path.dirname(self.arguments[0]), exist_ok=True)
        command = [os.path.join(build_folder(), "tests/support/headless"), *self.arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment(**self.more))
        self.reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self.reader.start()
        return self

    def _read(self, process):
        for line in process.stdout:
            if line.endswith("\n"):  # a killed one may end in the middle of a line
                self._queue.put(json.loads(line))

    def _drain(self, wait):
        try:
            self.events.append(self._queue.get(timeout=max(wait, 0.001)))
            while True:
                self.events.append(self._queue.get_nowait())
        except queue.Empty:
            pass

    def tell(self, line):
        """Send a command; what comes after it is looked for by `expect (since=…)`."""
        self._drain(0)
        mark = len(self.events)
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return mark

    def expect(self, condition, wait=20, since=0, what="the event"):
        """The first event from position `since` on for which `condition (event)` is true."""
        deadline = time.monotonic() + wait
        seen = since
        while True:
            while seen < len(self.events):
                if condition(self.events[seen]):
                    return self.events[seen]
                seen += 1
            left = deadline - time.monotonic()
            ended = self.process.poll() is not None
            if ended:
                self.reader.join(5)  # its last words are read first
            if left <= 0 or (ended and self._queue.empty()):
                raise AssertionError(f"{what} did not come; the last told: {self.events[-5:]}")
            self._drain(min(left, 0.2))

    def ask(self, line, answer, wait=20):
        """Send a command and return its answer, an event of that name; a failure raises."""
        mark = self.tell(line)
        failures = ("save", "find") if answer == "saved" else (answer,)
        told = self.expect(lambda event: event["event"] == answer or
                           event["event"] == "failed" and event["what"] in failures, wait, mark,
                           f"the answer to {line}")
        assert told["event"] == answer, told
        return told

    def signed_in(self, wait=30):
        """Wait for the sign-in; "online" or "offline"."""
        told = self.expect(lambda event: event["event"] in ("signed-in", "failed"), wait, what="the sign-in")
        assert told["event"] == "signed-in", told
        return told["how"]

    def complete(self, wait=60):
        """Wait until everything granted has been fetched."""
        return self.expect(lambda event: event["event"] == "state" and event["complete"], wait, what="the first sync")

    def alerts(self, wait=20):
        """Every alert it holds, by id."""
        return {alert["id"]: alert for alert in self.ask("alerts", "alerts", wait)["alerts"]}

    def until(self, condition, wait=20, what="the alerts"):
        """Ask for the alerts until the condition holds; they."""
        deadline = time.monotonic() + wait
        while True:
            alerts = self.alerts()
            if condition(alerts):
                return alerts
            assert time.monotonic() < deadline, f"{what} did not come"
            time.sleep(0.05)

    def kill(self):
        """SIGKILL, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """End it politely."""
        if self.process and self.process.poll() is None:
            try:
                self.tell("quit")
                self.process.wait(10)
            except (OSError, subprocess.TimeoutExpired):
                self.kill()
