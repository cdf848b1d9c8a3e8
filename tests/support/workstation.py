# SPDX-License-Identifier: GPL-3.0-or-later
"""An independent workstation: src/wire/PROTOCOL.md written a second time, in Python, so that the server is
held to the page and not to our own client. Keeps everything in memory; no local database."""
import base64
import hashlib
import http.client
import json
import os
import secrets
import socket
import struct
import time
import uuid

import ed25519

SCHEMA = 1
IDLE_SECONDS = 60


class Refused(Exception):
    """The server answered with an error; `status` and `code` are the protocol's."""

    def __init__(self, status, code, text):
        super().__init__(f"{status} {code}: {text}")
        self.status, self.code = status, code


def new_id():
    """A UUIDv7 as lower-case text."""
    value = (int(time.time() * 1000) << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | (
        secrets.randbits(62))
    return str(uuid.UUID(int=value))


def canonical(mutation):
    """The text a mutation is hashed by: without its hash, members sorted, no white space."""
    return json.dumps({name: value for name, value in mutation.items() if name != "hash"}, sort_keys=True,
                      separators=(",", ":"), ensure_ascii=False)


class Workstation:
    """One enrolled machine with one user. `records[kind][id]` is what it holds."""

    def __init__(self, centre, user_name, password, device=None, bound=False):
        self.port = centre.port
        self.user_name, self.password = user_name, password
        self.device = device or new_id()
        self.incarnation = str(uuid.uuid4())
        self.token = self.epoch = self.user_id = None
        self.cursors, self.records, self.revoked = {}, {}, []
        self.number, self.hash = 0, "0" * 64
        self.wire, self.used = None, 0
        self.key = ed25519.Key() if bound else None
        self.nonce, self.proofs = None, 0

    def proof(self, method, path, text, token):
        """The header that shows this request to be ours; none before the server has said its nonce."""
        if not self.key or not self.nonce or not token:
            return {}
        self.proofs += 1
        signed = "\n".join(["fyrlykt-proof-1", method, path, self.nonce, str(self.proofs),
                            hashlib.sha256(token.encode()).hexdigest(), hashlib.sha256(text).hexdigest()])
        return {"Fyrlykt-Proof": f"{self.nonce} {self.proofs} {self.key.sign(signed.encode()).hex()}"}

    def request(self, method, path, body=None, token=None):
        """Parsed answer of one request, proved when the token is bound; raises Refused."""
        for _try in range(2):
            answer, text = self.send(method, path, body, token)
            if answer.status != 401 or not self.key or not answer.headers.get("Fyrlykt-Nonce"):
                break
            self.nonce, self.proofs = answer.headers["Fyrlykt-Nonce"], 0
        parsed = json.loads(text) if text else {}
        if answer.status >= 400:
            error = parsed.get("error", {})
            raise Refused(answer.status, error.get("code"), error.get("text"))
        return parsed

    def send(self, method, path, body=None, token=None):
        """One request and its answer as they are."""
        # The server ends a connection that is idle for long.
        if self.wire is not None and time.monotonic() - self.used > IDLE_SECONDS:
            self.wire.close()
            self.wire = None
        self.used = time.monotonic()
        if self.wire is None:
            self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        told = {"Content-Type": "application/json"}
        if token or self.token:
            told["Authorization"] = f"Bearer {token or self.token}"
        try:
            sent = json.dumps(body).encode() if body is not None else None
            if self.key and path == "/auth/v1/sign-in":
                told["Fyrlykt-Key"] = self.key.public.hex()
            told.update(self.proof(method, path, sent or b"", token or self.token))
            self.last = method, path, sent, told
            self.wire.request(method, path, sent, told)
            answer = self.wire.getresponse()
            return answer, answer.read()
        except (OSError, http.client.HTTPException):
            self.wire.close()
            self.wire = None
            raise

    def sign_in(self):
        """Open a session; the answer."""
        answer = self.request("POST", "/auth/v1/sign-in", {
            "user_name": self.user_name, "password": self.password,
            "device": {"id": self.device, "name": "test"}})
        self.token, self.epoch = answer["token"], answer["epoch"]
        self.user_id = answer["user"]["id"]
        return answer

    def pull_page(self, wait=0):
        """Ask for one page and apply it; the page."""
        page = self.request("POST", "/sync/v1/pull", {
            "epoch": self.epoch, "schema": SCHEMA, "device": self.device, "cursors": self.cursors,
            "max_bytes": 1048576, "wait": wait, "first": not self.cursors})
        for scope, part in page["scopes"].items():
            assert part["from"] == self.cursors.get(scope, 0) + 1, f"{scope}: {part['from']} is a gap"
            expected = part["from"]
            for entry in part["entries"]:
                assert entry["seq"] == expected, f"{scope}: entry {entry['seq']}, not {expected}"
                expected += 1
                self._apply(entry)
            self.cursors[scope] = part["to"]
        for scope in page["granted"]:
            self.cursors.setdefault(scope, 0)
        for scope in page["revoked"]:
            self.cursors.pop(scope, None)
            self.revoked.append(scope)
        return page

    def _apply(self, entry):
        kind = self.records.setdefault(entry["kind"], {})
        if entry["op"] == "put":
            kind[entry["id"]] = entry["record"]
        elif entry["op"] == "delete":
            kind.pop(entry["id"], None)

    def pull(self):
        """Pull until all is here; how many pages it took."""
        pages = 1
        while not self.pull_page()["complete"]:
            pages += 1
            assert pages < 100000, "the pull does not end"
        return pages

    def all(self, kind):
        """Records of a kind."""
        return list(self.records.get(kind, {}).values())

    def mutation(self, command, kind, record_id, base_version=0, fields=None, bases=None, depends_on=None):
        """The next mutation of this machine's chain."""
        made = {"number": self.number + 1, "command": command, "kind": kind, "id": record_id,
                "base_version": base_version, "time": int(time.time() * 1000), "fields": fields or {},
                "bases": bases or {}, "depends_on": depends_on}
        made["hash"] = hashlib.sha256(f"{self.hash}\n{canonical(made)}".encode()).hexdigest()
        return made

    def note(self, patient_id, text):
        """The mutation that writes a note about a patient."""
        made = new_id()
        return self.mutation("create", "note", made, fields={
            "id": made, "version": 0, "patient_id": patient_id, "author_id": self.user_id,
            "time": int(time.time() * 1000), "text": text})

    def envelope(self, mutations):
        """The push request for mutations that follow the last acknowledged one."""
        return {"epoch": self.epoch, "schema": SCHEMA, "device": self.device, "incarnation": self.incarnation,
                "first": mutations[0]["number"], "previous_hash": self.hash, "mutations": mutations}

    def push(self, *mutations):
        """Send mutations made one after the other; their outcomes. The chain goes on after them."""
        answer = self.request("POST", "/sync/v1/push", self.envelope(list(mutations)))
        self.number, self.hash = mutations[-1]["number"], mutations[-1]["hash"]
        return answer["outcomes"]

    def do(self, command, kind, record_id, **more):
        """Make one mutation and push it; its outcome."""
        return self.push(self.mutation(command, kind, record_id, **more))[0]

    def command(self, command, alert, **fields):
        """One command on an alert's state machine; its outcome."""
        return self.do(command, "alert", alert["id"], base_version=alert.get("version", 0),
                       fields={"event_id": new_id(), "based_on": alert["status"], **fields})

    def live(self):
        """Open the WebSocket; an object with `heads (seconds)`."""
        return Live(self.port, self.token, proof=self.proof("GET", "/sync/v1/live", b"", self.token))


class Live:
    """The live channel: a WebSocket client of some lines, enough to read text and close frames."""

    def __init__(self, port, token, protocol="fyrlykt.1", proof=None):
        self.wire = socket.create_connection(("127.0.0.1", port), 20)
        key = base64.b64encode(os.urandom(16)).decode()
        self.wire.sendall((f"GET /sync/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                           f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                           f"Sec-WebSocket-Protocol: {protocol}\r\nAuthorization: Bearer {token}\r\n"
                           + "".join(f"{name}: {value}\r\n" for name, value in (proof or {}).items())
                           + "\r\n").encode())
        self.rest = b""
        while b"\r\n\r\n" not in self.rest:
            more = self.wire.recv(4096)
            if not more:
                break
            self.rest += more
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        self.status = int(head.split()[1]) if head else 0
        self.closed = None

    def _exactly(self, count):
        while len(self.rest) < count:
            more = self.wire.recv(65536)
            if not more:
                raise ConnectionError("the live channel ended")
            self.rest += more
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def frame(self, seconds):
        """Operation and payload of the next frame within some seconds; TimeoutError when none came."""
        self.wire.settimeout(seconds)
        first, second = self._exactly(2)
        length = second & 127
        if length == 126:
            length = struct.unpack(">H", self._exactly(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._exactly(8))[0]
        return first & 15, self._exactly(length)

    def _send(self, operation, payload):
        mask = os.urandom(4)
        self.wire.sendall(bytes([0x80 | operation, 0x80 | len(payload)]) + mask + bytes(
            byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def heads(self, seconds=30):
        """The next `heads` object; pings are answered, a close raises ConnectionError with `closed` set."""
        end = time.monotonic() + seconds
        while True:
            operation, payload = self.frame(max(0.01, end - time.monotonic()))
            if operation == 1:
                return json.loads(payload)["heads"]
            if operation == 9:
                self._send(10, payload)
            elif operation == 8:
                self.closed = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                raise ConnectionError(f"closed with {self.closed}")

    def close(self):
        """End the channel."""
        self.wire.close()
