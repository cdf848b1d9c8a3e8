# SPDX-License-Identifier: GPL-3.0-or-later
# row: slow and flooding peers
# figure: others' p99 ≤ 200 ms; +64 MiB at most; cut ≤ 10 s; also without HAProxy
"""Hundreds of connections that send their headers a byte at a time, half bodies, 300 MB announced, and
Range bombs, while a gateway reports as always."""
import os
import resource
import shutil
import socket
import sys
import tempfile
import threading
import time


from verdict import Centre, figure, within
from gateway import Gateway, observation, raw
from measure import at_most, resident_mb

SLOW = 5000 if "--full" in sys.argv else 400
SECONDS = 12


def slow_headers(centre, ages, ending):
    """Hold SLOW connections that trickle; note how old each became before it was cut."""
    wires = {}
    for _number in range(SLOW):
        try:
            wire = socket.create_connection(("127.0.0.1", centre.port), 5)
            wire.sendall(b"POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            wire.setblocking(False)
            wires[wire] = time.monotonic()
        except OSError:
            ages.append(0.0)
    while wires and not ending.is_set():
        for wire, born in list(wires.items()):
            if cut(wire):
                ages.append(time.monotonic() - born)
                wire.close()
                del wires[wire]
        time.sleep(0.25)
    ages.extend(99.0 for _wire in wires)
    for wire in wires:
        wire.close()


def cut(wire):
    """Send one byte more; whether the server has ended the connection."""
    try:
        if wire.recv(4096) == b"":
            return True
    except BlockingIOError:
        pass
    except OSError:
        return True
    try:
        wire.send(b"a")
    except BlockingIOError:
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


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    try:
        with Centre(f"{folder}/data", patients=20, log=f"{folder}/server.log") as centre:
            ages, taken, failures, ending = [], [], [], threading.Event()
            before = resident_mb(centre.server.pid)
            threads = [threading.Thread(target=slow_headers, args=(centre, ages, ending)),
                       threading.Thread(target=report, args=(centre, taken, failures, ending))]
            for thread in threads:
                thread.start()
            time.sleep(0.5)
            answers = floods(centre)
            time.sleep(SECONDS)
            after = resident_mb(centre.server.pid)
            ending.set()
            for thread in threads:
                thread.join()
            judge(ages, taken, failures, answers, after - before)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def judge(ages, taken, failures, answers, grown):
    """The figures of the row."""
    taken.sort()
    figure("slow peers: connections", SLOW, "")
    within("slow peers: others' p99", taken[int(0.99 * (len(taken) - 1))], "ms", 200)
    figure("slow peers: others refused", len(failures), "", "= 0", not failures)
    at_most("slow peers: memory grown", grown, "MiB", 64)
    within("slow peers: cut after", max(ages), "s", 11)
    for name, answer in answers.items():
        status = answer.split(b" ", 2)[1:2]
        # A Range is left out, the rest refused: never a 206, never a 2xx for a smuggled body.
        good = status != [b"206"] and (name == "Range bomb" or not status or status[0][:1] in (b"4", b"5"))
        figure(f"slow peers: {name}", status[0].decode() if status else "closed", "", "refused", good)


if __name__ == "__main__":
    main()
