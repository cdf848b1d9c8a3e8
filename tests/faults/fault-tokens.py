# SPDX-License-Identifier: GPL-3.0-or-later
# row: stolen or replayed token
# figure: 100 % refused from another machine, after a restart, with changed method or address; revocation everywhere ≤5 s
"""A bound token in other hands: alone, with another machine's key, with proofs that were seen on the wire, played again, at
another address, in another way, with another body, after the server's restart. Then sessions are ended in every way there
is while the workstation pulls, waits and listens."""
import http.client
import json
import os
import shutil
import socket
import sqlite3
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../bench"))

from measure import Centre, at_least, at_most, figure
from workstation import Refused, Workstation

ROUNDS = 300 if "--full" in sys.argv else 20
ENDINGS = 20 if "--full" in sys.argv else 2
PATHS = [("POST", "/sync/v1/pull"), ("POST", "/sync/v1/push"), ("GET", "/auth/v1/sessions"),
         ("POST", "/auth/v1/sign-out"), ("POST", "/auth/v1/sessions/end"), ("GET", "/figures/v1/centre"),
         ("GET", "/sync/v1/live"), ("POST", "/fhir/Observation")]


def play(centre, method, path, body, headers):
    """Status of a request as a thief sends it."""
    wire = http.client.HTTPConnection("127.0.0.1", centre.port, timeout=30)
    try:
        told = {name: value for name, value in headers.items() if name != "Content-Length"}
        if path == "/sync/v1/live" and method == "GET":
            told.update({"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                         "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol": "fyrlykt.1"})
        wire.request(method, path, body, told)
        return wire.getresponse().status
    finally:
        wire.close()


class Count:
    """Tries of a thief and those that opened something."""

    def __init__(self):
        self.tries, self.opened = 0, []

    def expect_refused(self, what, status):
        """400 and 401 open nothing."""
        self.tries += 1
        if status not in (400, 401):
            self.opened.append(f"{what}: {status}")


def steal(centre, owner, count):
    """What a thief can do with all that went over the wire."""
    owner.pull_page()
    method, path, sent, told = owner.last
    count.expect_refused("the same again", play(centre, method, path, sent, told))
    for other_method, other_path in PATHS:
        if (other_method, other_path) != (method, path):
            body = sent if other_method == "POST" else None
            count.expect_refused(f"at {other_path}", play(centre, other_method, other_path, body, told))
    count.expect_refused("with another body", play(centre, method, path, sent.replace(b'"first": ', b'"first":  '), told))
    for missing in ("Fyrlykt-Proof", "Authorization"):
        count.expect_refused(f"without {missing}", play(centre, method, path, sent, {
            name: value for name, value in told.items() if name != missing}))
    bare = told["Authorization"].split(".")[0]
    count.expect_refused("without its key", play(centre, method, path, sent, {**told, "Authorization": bare}))
    thief = Workstation(centre, "", "", device=owner.device, bound=True)
    for token in (owner.token, f"{owner.token.split('.')[0]}.{thief.key.public.hex()}"):
        thief.token, thief.epoch, thief.nonce, thief.proofs = token, owner.epoch, owner.nonce, owner.proofs + 5
        try:
            thief.pull_page()
            count.expect_refused("with another machine's key", 200)
        except Refused as refused:
            count.expect_refused("with another machine's key", refused.status)


def replay_after_restart(centre, owner, count):
    """A proof that was never used, and those that were, at a server that began again."""
    owner.pull_page()
    method, path, sent, told = owner.last
    unused = {**told, **owner.proof(method, path, sent, owner.token)}
    centre.server.kill()
    centre.server.wait()
    centre.children.remove(centre.server)
    centre.start_server()
    owner.wire = None
    count.expect_refused("used, after a restart", play(centre, method, path, sent, told))
    count.expect_refused("unused, after a restart", play(centre, method, path, sent, unused))
    owner.pull_page()


def until_refused(owner, seconds=30):
    """Seconds until a pull is refused."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            owner.pull_page()
        except Refused as refused:
            assert refused.status == 401, refused
            return time.monotonic() - started
        time.sleep(0.02)
    return 99.0


def wait_long(owner, result):
    """A long poll that is held when the session ends."""
    try:
        owner.pull()
        owner.pull_page(wait=25)
        result.append((time.monotonic(), "granted"))
    except Refused as refused:
        result.append((time.monotonic(), refused.status))


def listen(live, result):
    """When the live channel is closed, and with what."""
    try:
        while True:
            live.heads(60)
    except (ConnectionError, TimeoutError):
        result.append((time.monotonic(), live.closed))


def revoke(centre, name, password, how):
    """Seconds until pull, a held pull and the live channel have ended."""
    owner, holder = (Workstation(centre, name, password, bound=True) for _number in range(2))
    for one in (owner, holder):
        one.sign_in()
        one.pull()
    live, heard, held = owner.live(), [], []
    live.heads(20)
    threads = [threading.Thread(target=listen, args=(live, heard)), threading.Thread(target=wait_long, args=(holder, held))]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    started = time.monotonic()
    how(centre, owner, holder)
    pulled = until_refused(owner)
    for thread in threads:
        thread.join()
    live.close()
    assert heard[0][1] in (4001, 4003), heard
    assert held[0][1] == 401, held
    return max(pulled, heard[0][0] - started, held[0][0] - started)


def by_operator(centre, owner, _holder):
    """The operators' command, said to the running server."""
    body = json.dumps({"argv": ["end-sessions", owner.user_id]}).encode()
    with socket.socket(socket.AF_UNIX) as wire:
        wire.connect(f"{centre.data_dir}/admin.sock")
        wire.sendall(b"POST /admin/v1/run HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        answer = b""
        while chunk := wire.recv(65536):
            answer += chunk
    assert b'"status":0' in answer, answer


def by_sign_out(centre, owner, holder):
    """Each signs out, over another connection."""
    for one in (owner, holder):
        other = Workstation(centre, "", "")
        other.key, other.nonce, other.proofs = one.key, one.nonce, one.proofs + 500
        other.request("POST", "/auth/v1/sign-out", {}, token=one.token)


def by_another_process(centre, owner, _holder):
    """Written to the database by somebody else, of which this process hears nothing."""
    wire = sqlite3.connect(f"{centre.data_dir}/fyrlykt.db", timeout=30)
    wire.execute("DELETE FROM session WHERE user = ?", (uuid.UUID(owner.user_id).bytes,))
    wire.commit()
    wire.close()


def main():
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    count, slowest = Count(), 0.0
    try:
        with Centre(f"{folder}/data", patients=5, log=f"{folder}/server.log") as centre:
            name, password = centre.user("nurse")
            owner = Workstation(centre, name, password, bound=True)
            owner.sign_in()
            owner.pull()
            for _round in range(ROUNDS):
                steal(centre, owner, count)
            for _round in range(3 if ROUNDS < 100 else 20):
                replay_after_restart(centre, owner, count)
            for _round in range(ENDINGS):
                for how in (by_operator, by_sign_out, by_another_process):
                    slowest = max(slowest, revoke(centre, name, password, how))
        with open(f"{folder}/server.log", encoding="utf-8", errors="replace") as log:
            told = owner.token.split(".")[0] in log.read()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for line in count.opened[:20]:
        print(line, file=sys.stderr)
    at_least("tokens: stolen and replayed, tries", count.tries, "", 200)
    figure("tokens: tries that opened something", len(count.opened), "", "= 0", not count.opened)
    at_most("tokens: revocation everywhere", slowest, "s", 5)
    figure("tokens: in the log", int(told), "", "= 0", not told)


if __name__ == "__main__":
    main()
