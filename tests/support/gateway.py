# SPDX-License-Identifier: GPL-3.0-or-later
"""A measurement gateway in a few lines: Observations over the open FHIR interface, and raw requests."""
import datetime
import http.client
import json
import os
import socket
import sqlite3
import subprocess
import uuid

SYSTEM = "urn:fyrlykt:test"


def observation(patient, code="59408-5", value=95, unit="%", identifier=None, taken=None):
    """A FHIR Observation of one number; a new identifier and the present time when none are given."""
    taken = taken or datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    return {
        "resourceType": "Observation", "status": "final",
        "identifier": [{"system": SYSTEM, "value": identifier or str(uuid.uuid4())}],
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                  "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"identifier": {"system": patient["identity_system"], "value": patient["identity_number"]}},
        "effectiveDateTime": taken,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }


class Gateway:
    """One keep-alive connection of a gateway to a centre's server."""

    def __init__(self, centre, token=None, timeout=20, port=None):
        self.centre = centre
        self.port = port
        self.token = token or centre.gateway_token
        self.timeout = timeout
        self.wire = None

    def request(self, method, path, body=None, headers=None):
        """Status and parsed body of one request; raises OSError or HTTPException when the line is lost."""
        if self.wire is None:
            self.wire = http.client.HTTPConnection("127.0.0.1", self.port or self.centre.port, timeout=self.timeout)
        told = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if body is not None:
            told.setdefault("Content-Type", "application/fhir+json")
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        try:
            self.wire.request(method, path, body, told)
            answer = self.wire.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return answer.status, json.loads(text) if text.strip().startswith((b"{", b"[")) else text

    def post(self, resource):
        """Report one Observation (or a Bundle); status and answer."""
        path = "/fhir" if resource.get("resourceType") == "Bundle" else f"/fhir/{resource['resourceType']}"
        return self.request("POST", path, resource)

    def close(self):
        """Drop the connection; the next request opens a new one."""
        if self.wire:
            self.wire.close()
        self.wire = None


def raw(centre, data, wait=12.0):
    """Send bytes as they are; what came back until the server closed or `wait` s went by."""
    with socket.create_connection(("127.0.0.1", centre.port), wait) as wire:
        try:
            wire.sendall(data)
            answer = b""
            while chunk := wire.recv(65536):
                answer += chunk
        except OSError:
            pass
        return answer


def _rows(centre, query, pattern):
    """Two columns from the server's database, on either product."""
    if getattr(centre, "database", None):
        text = subprocess.run(["psql", "-qAtX", "-F", "\t", "-d", centre.database, "-v", f"pattern={pattern}"],
                              input="SET fyrlykt.centres = '*';" + query.replace("?", ":'pattern'"), text=True,
                              capture_output=True, check=True).stdout
        return [(name, int(count)) for name, count in (line.split("\t") for line in text.splitlines())]
    wire = sqlite3.connect(f"file:{os.path.join(centre.data_dir, 'fyrlykt.db')}?mode=ro", uri=True)
    try:
        return wire.execute(query, (pattern,)).fetchall()
    finally:
        wire.close()


def stored(centre, pattern):
    """How often each external identifier that matches an SQL pattern lies in the server's database."""
    return dict(_rows(centre, "SELECT external_id, count(*) FROM measurement WHERE external_id LIKE ? "
                              "GROUP BY external_id", pattern))


def sound(centre):
    """The judgement of the server's database: "ok", or what is wrong."""
    if getattr(centre, "database", None):
        text = centre.admin("verify")
        return "ok" if " 0 faults" in text else text
    wire = sqlite3.connect(f"file:{os.path.join(centre.data_dir, 'fyrlykt.db')}?mode=ro", uri=True)
    try:
        return wire.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        wire.close()
