# SPDX-License-Identifier: GPL-3.0-or-later
# row: slow and flooding peers
# figure: others' p99 ≤ 200 ms; +64 MiB at most; cut ≤ 10 s; also without HAProxy
"""1,500 connections (--full: 5,000) that send their headers or bodies a byte at a time or never read an answer;
300 MB announced, chunks without end, Range bombs; while a gateway reports as always. Once at the server's own door and
once at HAProxy's, with the shipped example in front."""
import json
import os
import re
import resource
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

from verdict import Centre, figure, nurse, size, within
from centre import free_port, has_sanitizers
from gateway import Gateway, observation, raw
from measure import at_most, resident_mb
from workstation import Workstation

SLOW = size(1500, 5000)
READERS = 60
PATIENCE = 20  # seconds after the last was opened; then one that is not cut counts as never cut
EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/haproxy/haproxy.cfg.example")


class Door:
    """The server's own port."""

    name, slow = "slow peers", SLOW

    def __init__(self, centre):
        self.port = centre.port

    def open(self):
        """A connection."""
        wire = socket.socket()
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        wire.settimeout(10)
        wire.connect(("127.0.0.1", self.port))
        return wire

    def close(self):
        """Nothing of ours."""


class ProxyDoor(Door):
    """HAProxy with the shipped example in front of the server."""

    name, slow = "slow peers, HAProxy", SLOW // 3

    def __init__(self, centre, folder):
        super().__init__(centre)
        self.port = free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"],
                       capture_output=True, check=True)
        with open(f"{folder}/both.pem", "w", encoding="ascii") as stream:
            for part in ("cert.pem", "key.pem"):
                with open(f"{folder}/{part}", encoding="ascii") as source:
                    stream.write(source.read())
        with open(EXAMPLE, encoding="utf-8") as stream:
            text = stream.read()
        text = text.replace("/etc/haproxy/fyrlykt.pem", f"{folder}/both.pem")
        text = text.replace("bind :443", f"bind 127.0.0.1:{self.port}")
        text = text.replace("127.0.0.1:8460", f"127.0.0.1:{centre.port}")
        text = re.sub(r"^    (user|group).*$", "", text, flags=re.MULTILINE).replace("maxconn 20000", "maxconn 8000")
        with open(f"{folder}/haproxy.cfg", "w", encoding="utf-8") as stream:
            stream.write(text)
        with open(f"{folder}/haproxy.log", "wb") as log:
            self.process = subprocess.Popen(["haproxy", "-db", "-q", "-f", f"{folder}/haproxy.cfg"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def open(self):
        return self.context.wrap_socket(super().open())

    def close(self):
        self.process.terminate()
        self.process.wait()


BEGINNINGS = {
    "headers": b"POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "body": b"POST /auth/v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 60000\r\n\r\n{",
}


def reader_beginning(centre):
    """More large answers than any buffer between us holds: pulls of all there is, one after the other."""
    user = nurse(centre)
    machine = Workstation(centre, user["name"], user["password"])
    machine.sign_in()
    body = json.dumps({"epoch": machine.epoch, "schema": 1, "device": machine.device, "cursors": {},
                       "max_bytes": 1048576, "wait": 0, "first": True}).encode()
    return (b"POST /sync/v1/pull HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + machine.token.encode() +
            b"\r\nContent-Type: application/json\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body) * 12


def slow_peers(door, beginnings, ages, ending):
    """Hold SLOW connections of each kind of slowness; note how old each became before it was cut."""
    wires = {}
    for number in range(door.slow + READERS):
        kind = ("headers", "body")[number % 2] if number >= READERS else "reader"
        try:
            wire = door.open()
            wire.setblocking(False)
            try:
                wire.send(beginnings[kind])
            except (BlockingIOError, ssl.SSLWantWriteError):
                pass
            wires[wire] = (kind, time.monotonic())
        except OSError:
            ages[kind].append(0.0)
    end = time.monotonic() + PATIENCE
    while wires and time.monotonic() < end:
        for wire, (kind, born) in list(wires.items()):
            if cut(wire, kind, time.monotonic() - born):
                ages[kind].append(time.monotonic() - born)
                wire.close()
                del wires[wire]
        time.sleep(0.25)
    for wire, (kind, _born) in wires.items():
        ages[kind].append(99.0)
        wire.close()
    ending.set()


def cut(wire, kind, age):
    """Send one byte more; whether the server has ended the connection. A slow reader neither looks nor sends until it
    should have been cut: its next bytes then find nobody."""
    if kind == "reader" and age < 8:
        return False
    waits = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
    try:
        if kind != "reader" and wire.recv(4096) == b"":
            return True
    except waits:
        pass
    except OSError:
        return True
    try:
        wire.send(b"a")
    except waits:
        return False
    except OSError:
        return True
    return False


def report(centre, taken, failures, ending):
    """A gateway's day: one Observation each 10 ms."""
    gateway, serial = Gateway(centre), 0
    while not ending.is_set():
        serial += 1
        started = time.monotonic()
        status, _answer = gateway.post(observation(centre.patients[serial % len(centre.patients)]))
        taken.append((time.monotonic() - started) * 1000)
        if status not in (200, 201):
            failures.append(status)
        time.sleep(0.01)
    gateway.close()


def floods(centre):
    """What a flooding peer sends; each answered with a refusal or a closed line."""
    token = centre.gateway_token.encode()
    head = b"POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + b"\r\n"
    ranges = ",".join(f"{number}-{number}" for number in range(1500)).encode()
    return {
        "300 MB announced": raw(centre, head + b"Content-Length: 314572800\r\n\r\n" + b"x" * 65536),
        "chunks without end": raw(centre, head + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"x" * 9000000),
        "Range bomb": raw(centre, b"GET /fhir/metadata HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: bytes="
                          + ranges + b"\r\n\r\n"),
        "two lengths": raw(centre, head + b"Content-Length: 2\r\nContent-Length: 7\r\n\r\n{}"),
        "length and chunks": raw(centre, head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    }


def run(centre, door, with_floods):
    """One door's turn."""
    beginnings = dict(BEGINNINGS, reader=reader_beginning(centre))
    ages, taken, failures, ending = {kind: [] for kind in beginnings}, [], [], threading.Event()
    before = resident_mb(centre.server.pid)
    threads = [threading.Thread(target=slow_peers, args=(door, beginnings, ages, ending)),
               threading.Thread(target=report, args=(centre, taken, failures, ending))]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    answers = floods(centre) if with_floods else {}
    most = before
    while not ending.wait(0.25):
        most = max(most, resident_mb(centre.server.pid))
    for thread in threads:
        thread.join()
    judge(door, (ages, taken, failures), answers, most - before)


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    try:
        with Centre(f"{folder}/data", patients=40, log=f"{folder}/server.log") as centre:
            run(centre, Door(centre), True)
            door = ProxyDoor(centre, folder)
            try:
                run(centre, door, False)
            finally:
                door.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def judge(door, seen, answers, grown):
    """The figures of the row."""
    name = door.name
    ages, taken, failures = seen
    taken.sort()
    figure(f"{name}: connections", door.slow + READERS, "")
    within(f"{name}: others' p99", taken[int(0.99 * (len(taken) - 1))], "ms", 200)
    figure(f"{name}: others refused", len(failures), "", "= 0", not failures)
    if has_sanitizers():
        # The sanitizers hold on to what is given back, to see who uses it after.
        figure(f"{name}: memory grown, with the sanitizers' own", grown, "MiB")
    else:
        at_most(f"{name}: memory grown", grown, "MiB", 64)
    for kind, cut_after in ages.items():
        within(f"{name}: slow {kind} cut after", max(cut_after, default=0.0), "s", 10)
    for kind, answer in answers.items():
        status = answer.split(b" ", 2)[1:2]
        # A Range is left out, the rest refused: never a 206, never a 2xx for a smuggled body.
        good = status != [b"206"] and (kind == "Range bomb" or not status or status[0][:1] in (b"4", b"5"))
        figure(f"{name}: {kind}", status[0].decode() if status else "closed", "", "refused", good)


if __name__ == "__main__":
    main()
