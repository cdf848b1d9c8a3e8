# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input over the open interface, to a real server: a clear OperationOutcome, nothing stored half, nothing
logged that names a patient; and what a smuggling, slow or greedy peer gets."""
import datetime
import http.client
import json
import os
import random
import shutil
import socket
import tempfile
import time

import tap
from centre import Centre, program
from gateway import Gateway, observation, raw, sound, stored

SEED = int(os.environ.get("FYRLYKT_SEED", random.randrange(2**32)))
folder = tempfile.mkdtemp(prefix="fyrlykt-hostile-")
state = {}


def before_all():
    if not os.path.exists(program("fyrlykt-server")):
        raise tap.Skip("fyrlykt-server is not built")
    print(f"# seed {SEED}", flush=True)
    state["centre"] = centre = Centre(f"{folder}/data", patients=4, log=f"{folder}/server.log")
    centre.make()
    centre.start_server()
    state["gateway"] = Gateway(centre)
    state["patient"] = centre.patients[0]


def after_all():
    if "centre" in state:
        state["centre"].stop()
    shutil.rmtree(folder, ignore_errors=True)


def report(**changes):
    """An Observation with members replaced (None: left out), and its answer."""
    resource = observation(state["patient"])
    for name, value in changes.items():
        if value is None:
            resource.pop(name, None)
        else:
            resource[name] = value
    status, answer = state["gateway"].post(resource)
    return status, answer, resource["identifier"][0]["value"] if "identifier" in resource else None


def refused(status, answer, allowed=(400, 404, 422)):
    """The answer is a refusal with an OperationOutcome that says something."""
    assert status in allowed, (status, answer)
    assert answer["resourceType"] == "OperationOutcome", answer
    issue = answer["issue"][0]
    assert issue["severity"] in ("error", "fatal"), issue
    assert issue.get("diagnostics") or issue.get("details"), issue
    assert state["patient"]["identity_number"] not in json.dumps(answer), "the answer repeats an identity number"
    return issue


def nothing_stored(identifier):
    assert not stored(state["centre"], f"%{identifier}"), "something was stored"


def test_a_right_report_is_stored_once():
    status, answer, identifier = report()
    assert status == 201, (status, answer)
    assert list(stored(state["centre"], f"%{identifier}").values()) == [1]


def test_malformed_json_is_told_as_such():
    for text in ("", "{", "[]", "null", "{\"resourceType\":\"Observation\",}", "{" * 5000, "\x00", "[[[[" * 20000,
                 "{\"resourceType\":\"Observation\"", "{\"a\":1e999999}", "\"\\ud800\""):
        status, answer = state["gateway"].request("POST", "/fhir/Observation", text)
        refused(status, answer, (400, 413, 422))


def test_a_wrong_unit_is_refused_and_nothing_is_stored():
    for unit in ("kg", "mmHg", "", "percent of nothing"):
        status, answer, identifier = report(valueQuantity={
            "value": 95, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit})
        refused(status, answer)
        nothing_stored(identifier)


def test_an_unknown_kind_is_refused_and_nothing_is_stored():
    status, answer, identifier = report(code={"coding": [{"system": "http://loinc.org", "code": "99999-9"}]})
    issue = refused(status, answer)
    assert "code" in json.dumps(issue), issue
    nothing_stored(identifier)


def test_an_unknown_patient_is_refused_and_nothing_is_stored():
    subject = {"identifier": {"system": state["patient"]["identity_system"], "value": "01010100000"}}
    status, answer, identifier = report(subject=subject)
    refused(status, answer)
    assert "01010100000" not in json.dumps(answer), "the answer repeats an identity number"
    nothing_stored(identifier)


def test_a_time_in_the_future_is_refused():
    late = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)
    status, answer, identifier = report(effectiveDateTime=late.isoformat(timespec="seconds"))
    refused(status, answer)
    nothing_stored(identifier)


def test_a_time_a_century_ago_is_refused():
    for taken in ("1920-01-01T12:00:00Z", "0001-01-01T00:00:00Z", "2025-13-40T99:99:99Z", "yesterday", "", 7):
        status, answer, identifier = report(effectiveDateTime=taken)
        refused(status, answer)
        nothing_stored(identifier)


def test_a_report_without_what_it_must_have_is_refused():
    for name in ("status", "code", "subject", "effectiveDateTime", "valueQuantity"):
        status, answer, identifier = report(**{name: None})
        refused(status, answer)
        nothing_stored(identifier)


def test_values_of_the_wrong_type_are_refused():
    for value in ("95", True, [], {}, [95], 1e308, -5):
        status, answer, identifier = report(valueQuantity={
            "value": value, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"})
        if value in (1e308, -5) and value is not True and status == 201:
            continue  # a number, though an implausible one: kept, flagged
        refused(status, answer)
        nothing_stored(identifier)


def test_a_wrong_token_gets_in_nowhere():
    for token in ("wrong", "", "a" * 5000, state["centre"].gateway_token[:-1], state["centre"].gateway_token + "x"):
        stranger = Gateway(state["centre"], token or " ")
        resource = observation(state["patient"])
        status, answer = stranger.post(resource)
        assert status in (401, 431, 400), (status, answer)
        if status == 401:
            assert answer["resourceType"] == "OperationOutcome", answer
        nothing_stored(resource["identifier"][0]["value"])
        stranger.close()


def test_a_gateway_token_opens_no_workstation_route():
    for method, path in (("POST", "/sync/v1/pull"), ("POST", "/sync/v1/push"), ("GET", "/auth/v1/sessions"),
                         ("GET", "/figures/v1/centre")):
        status, _answer = state["gateway"].request(method, path, {} if method == "POST" else None,
                                                   {"Content-Type": "application/json"})
        assert status in (400, 401, 403), (path, status)
        assert status != 400 or path.startswith("/sync"), (path, status)


def test_a_body_of_50_mb_is_refused_and_costs_no_memory():
    def memory():
        with open(f"/proc/{state['centre'].server.pid}/status", encoding="ascii", errors="replace") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))

    before = memory()
    head = (f"POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {state['centre'].gateway_token}\r\n"
            "Content-Type: application/fhir+json\r\nContent-Length: 52428800\r\n\r\n").encode()
    answer = raw(state["centre"], head + b" " * 52428800)
    assert not answer or b" 413 " in answer.split(b"\r\n")[0], answer[:200]
    assert memory() - before < 65536, f"{(memory() - before) // 1024} MiB more"
    assert report()[0] == 201


def test_half_a_request_leaves_nothing_behind():
    body = json.dumps(observation(state["patient"], identifier="half-a-request")).encode()
    head = (f"POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {state['centre'].gateway_token}\r\n"
            f"Content-Type: application/fhir+json\r\nContent-Length: {len(body)}\r\n\r\n").encode()
    for cut in (1, 20, len(head) - 1, len(head), len(head) + len(body) // 2, len(head) + len(body) - 1):
        with socket.create_connection(("127.0.0.1", state["centre"].port), 5) as wire:
            wire.sendall((head + body)[:cut])
    time.sleep(0.3)
    nothing_stored("half-a-request")
    assert report()[0] == 201


def test_two_lengths_or_length_and_chunks_are_never_two_requests():
    token = state["centre"].gateway_token
    smuggled = b"GET /fhir/metadata HTTP/1.1\r\nHost: x\r\n\r\n"
    head = f"POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n".encode()
    for lines in (b"Content-Length: 2\r\nContent-Length: 40\r\n", b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                  b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding: xchunked\r\n",
                  b"Content-Length: +5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 0x10\r\n",
                  b"Content-Length : 5\r\n", b"Content-Length: 5, 5\r\n"):
        answer = raw(state["centre"], head + lines + b"\r\n0\r\n\r\n" + smuggled, 4)
        assert b" 200 " not in answer, (lines, answer[:300])
        assert answer.count(b"HTTP/1.1 ") <= 1, (lines, answer[:300])


def test_broken_request_lines_are_refused():
    for line in (b"\r\n\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /fhir/metadata HTTP/1.1\nHost: x\n\n",
                 b"GET " + b"/" * 70000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
                 b"GET /fhir/metadata HTTP/1.1\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
                 b"GET /fhir/\x00metadata HTTP/1.1\r\nHost: x\r\n\r\n"):
        answer = raw(state["centre"], line, 4)
        assert b" 200 " not in answer, (line[:60], answer[:300])
    assert report()[0] == 201


def test_a_range_is_never_served():
    answer = raw(state["centre"], b"GET /fhir/metadata HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                 b"Range: bytes=0-1,2-3,4-5\r\n\r\n", 4)
    assert b" 206 " not in answer.split(b"\r\n")[0], answer[:200]


def test_methods_and_paths_that_are_not_there_are_refused():
    for method, path in (("TRACE", "/fhir/metadata"), ("DELETE", "/fhir/Observation"), ("PUT", "/fhir/Observation"),
                         ("GET", "/fhir/Patient"), ("GET", "/"), ("GET", "/../../etc/passwd"), ("GET", "/fhir/..%2f"),
                         ("POST", "/fhir/Observation/1"), ("CONNECT", "/fhir")):
        wire = http.client.HTTPConnection("127.0.0.1", state["centre"].port, timeout=10)
        try:
            wire.request(method, path, headers={"Authorization": f"Bearer {state['centre'].gateway_token}"})
            status = wire.getresponse().status
        except (OSError, http.client.HTTPException):
            status = 400
        finally:
            wire.close()
        assert 400 <= status < 500, (method, path, status)


def test_a_bundle_tells_of_each_entry_and_keeps_the_good_ones():
    good, bad = observation(state["patient"]), observation(state["patient"])
    bad["valueQuantity"]["code"] = bad["valueQuantity"]["unit"] = "furlong"
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-00000000000{number}", "resource": one,
         "request": {"method": "POST", "url": "Observation"}} for number, one in enumerate((good, bad))]}
    status, answer = state["gateway"].post(bundle)
    assert status == 200 and answer["resourceType"] == "Bundle", (status, answer)
    codes = [entry["response"]["status"][:3] for entry in answer["entry"]]
    assert codes[0] == "201" and codes[1].startswith("4"), codes
    assert stored(state["centre"], f"%{good['identifier'][0]['value']}")
    nothing_stored(bad["identifier"][0]["value"])


def test_a_transaction_with_one_bad_entry_stores_nothing():
    good, bad = observation(state["patient"]), observation(state["patient"])
    bad["valueQuantity"]["code"] = bad["valueQuantity"]["unit"] = "furlong"
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [
        {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-00000000000{number}", "resource": one,
         "request": {"method": "POST", "url": "Observation"}} for number, one in enumerate((good, bad))]}
    status, answer = state["gateway"].post(bundle)
    refused(status, answer, (400, 409, 422))
    for one in (good, bad):
        nothing_stored(one["identifier"][0]["value"])


def test_random_changes_to_a_right_report_never_break_the_server():
    chance = random.Random(SEED)
    whole = json.dumps(observation(state["patient"])).encode()
    for _round in range(400):
        text = bytearray(whole)
        for _change in range(chance.randrange(1, 6)):
            place = chance.randrange(len(text))
            what = chance.randrange(3)
            if what == 0:
                text[place] = chance.randrange(256)
            elif what == 1:
                del text[place:place + chance.randrange(1, 20)]
            else:
                text[place:place] = bytes(chance.randrange(256) for _byte in range(chance.randrange(1, 20)))
        status, _answer = state["gateway"].request("POST", "/fhir/Observation", bytes(text))
        assert status in (200, 201, 400, 404, 409, 413, 415, 422), status
    assert state["centre"].server.poll() is None, "the server ended"
    assert report()[0] == 201


def test_the_database_is_sound_and_the_log_names_nobody():
    assert sound(state["centre"]) == "ok"
    with open(state["centre"].log, encoding="utf-8", errors="replace") as stream:
        log = stream.read()
    for patient in state["centre"].patients:
        assert patient["identity_number"] not in log, "the log holds an identity number"
    assert state["centre"].gateway_token not in log, "the log holds a token"


if __name__ == "__main__":
    tap.main()
