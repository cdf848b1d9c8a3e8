# SPDX-License-Identifier: GPL-3.0-or-later
"""Two server processes on one PostgreSQL database behind HAProxy with the example we ship: workstations at
different processes see each other's work; PostgreSQL stops and starts, a server dies, and nothing is lost. Before
that a centre moves there from SQLite."""
import http.client
import json
import os
import shutil
import tempfile
import threading
import time

import tap
from centre import Centre, program
from gateway import Gateway, observation, sound, stored
from haproxy import FarWorkstation, Proxy
from postgres import Cluster, programs
from workstation import Refused, Workstation, new_id

folder = tempfile.mkdtemp(prefix="fyrlykt-two-")
os.chmod(folder, 0o755)
state = {}
LISTS = [("patients",), ("feeds",), ("alerts",), ("gateway", "list"), ("user", "list"), ("role", "list"),
         ("centre", "list"), ("organization", "list")]
PATIENCE = 30 * float(os.environ.get("FYRLYKT_TEST_SLOW", "1"))


def before_all():
    if not os.path.exists(program("fyrlykt-server")):
        raise tap.Skip("fyrlykt-server is not built")
    if programs() is None or Proxy.missing():
        raise tap.Skip("PostgreSQL or HAProxy is not installed")
    state["cluster"] = cluster = Cluster().start()
    centre = Centre(f"{folder}/data", patients=8, log=f"{folder}/server.log", servers=2)
    state["centre"] = centre
    centre.make()
    state["former"] = {call: json.loads(centre.admin(*call, "--json")) for call in LISTS}
    url = cluster.database("centre")
    cluster.sql("CREATE ROLE fyrlykt_server LOGIN")
    state["moved"] = centre.admin("migrate-database", "--to", url, "--server-role", "fyrlykt_server")
    state["owner"] = url
    # Servers connect as a role that owns no table.
    centre.database = cluster.url("centre", role="fyrlykt_server")


def start():
    """Both servers, the proxy, a workstation at each server and one behind the proxy; once."""
    if "proxy" in state:
        return
    centre = state["centre"]
    for index in range(2):
        centre.start_server(index=index)
    state["proxy"] = Proxy(folder, centre.ports)
    state["proxy"].wait()
    nurses = [user for user in centre.users if user["role"] == "nurse"]
    for name, user, port in (("first", nurses[0], centre.ports[0]), ("second", nurses[1], centre.ports[1])):
        state[name] = station = Workstation(centre, user["name"], user["password"])
        station.port = port
        station.sign_in()
        station.pull()
    state["far"] = FarWorkstation(state["proxy"], centre, nurses[0]["name"], nurses[0]["password"])
    state["far"].sign_in()
    state["far"].pull()
    state["gateways"] = [Gateway(centre, port=port) for port in centre.ports]


def after_all():
    if "proxy" in state:
        state["proxy"].stop()
    if "centre" in state:
        state["centre"].stop()
    if "cluster" in state:
        state["cluster"].remove()
    shutil.rmtree(folder, ignore_errors=True)


def pulled(station, condition, seconds=PATIENCE):
    """Pull with a long poll until the condition holds; the seconds it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "did not come"
        station.pull_page(wait=2)
    return time.monotonic() - started


def patiently(ask):
    """The answer of `ask` once the server has one; until then it says 503 with Retry-After, or the line is down."""
    deadline = time.monotonic() + 3 * PATIENCE
    while True:
        try:
            return ask()
        except Refused as error:
            assert error.status in (503, 504, 502), error
        except (OSError, http.client.HTTPException):
            pass
        assert time.monotonic() < deadline, "no answer"
        time.sleep(0.1)


def limited_patient():
    """A patient with limits on oxygen saturation, as the gateway names it."""
    limited = {limit["patient_id"] for limit in state["first"].all("limit")
               if limit.get("kind") == "oxygen-saturation" and limit.get("red_low") is not None
               and limit.get("valid_to") is None}
    return next(one for one in state["centre"].patients if one["id"] in limited)


def raise_alert(index, value):
    """A red value through one process; the alert as the workstation at the other gets it."""
    station = state["second" if index == 0 else "first"]
    station.pull()
    before = set(station.records.get("alert", {}))

    def fresh():
        return [alert for alert in station.all("alert") if alert["id"] not in before and alert["category"] == "red"]

    status, answer = state["gateways"][index].post(observation(limited_patient(), value=value))
    assert status == 201, (status, answer)
    pulled(station, fresh)
    return fresh()[0]


def test_a_centre_moves_from_sqlite_with_every_row_counted_and_summed():
    assert "patient " in state["moved"] and " 0 faults" in state["moved"], state["moved"]
    centre = state["centre"]
    owner, centre.database = centre.database, state["owner"]
    for call, former in state["former"].items():
        assert json.loads(centre.admin(*call, "--json")) == former, call
    centre.database = owner
    assert not os.path.exists(f"{folder}/data/fyrlykt.db"), "the former database is still in its place"
    assert any(".moved-" in name for name in os.listdir(f"{folder}/data"))


def test_nothing_is_moved_onto_a_centre_that_is_there():
    other = Centre(f"{folder}/other", patients=1, log=f"{folder}/other.log")
    other.make()
    try:
        other.admin("migrate-database", "--to", state["owner"])
    except RuntimeError as error:
        assert "already" in str(error), error
    else:
        raise AssertionError("a centre was overwritten")
    assert os.path.exists(f"{folder}/other/fyrlykt.db")


def test_servers_need_no_right_to_change_tables():
    start()
    try:
        state["cluster"].sql("DROP TABLE note", "centre", "fyrlykt_server")
    except RuntimeError as error:
        assert "must be owner" in str(error), error
    else:
        raise AssertionError("the server's role dropped a table")


def test_a_query_without_the_right_setting_sees_nothing():
    cluster = state["cluster"]
    for role in ("fyrlykt_server", "fyrlykt"):
        assert cluster.sql("SELECT count (*) FROM patient", "centre", role) == "0", role
    assert cluster.sql("SET fyrlykt.centres = '*'; SELECT count (*) FROM patient", "centre", "fyrlykt_server") == "8"


def test_all_hold_the_same_worklist():
    first, second, far = state["first"], state["second"], state["far"]
    assert len(first.all("patient")) == 8
    assert set(first.records["alert"]) == set(second.records["alert"]) == set(far.records["alert"])


def test_a_measurement_at_one_process_alerts_at_the_other():
    alert = raise_alert(0, 61)
    assert alert["status"] == "open" and alert["observed"] == 61, alert
    pulled(state["far"], lambda: alert["id"] in state["far"].records["alert"])
    raise_alert(1, 60)


def test_the_live_channel_at_the_other_process_tells_of_it():
    live = state["second"].live()
    try:
        assert live.status == 101, live.status
        before = live.heads(25)
        started = time.monotonic()
        status, _answer = state["gateways"][0].post(observation(limited_patient(), value=59))
        assert status == 201
        while live.heads(25) == before:
            pass
        assert time.monotonic() - started < 2 * float(os.environ.get("FYRLYKT_TEST_SLOW", "1"))
    finally:
        live.close()


def test_what_one_takes_at_one_process_the_other_cannot_take_at_the_other():
    alert = raise_alert(0, 58)
    first, second = state["first"], state["second"]
    first.pull()
    taken = first.command("take", first.records["alert"][alert["id"]])
    assert taken["outcome"] == "applied", taken
    late = second.command("take", {**alert, "status": "open"})
    assert (late["outcome"], late["code"]) == ("refused", "already-taken"), late
    first.pull()
    closed = first.command("close", first.records["alert"][alert["id"]], outcome="contacted-patient", text="Ringt")
    assert closed["outcome"] == "applied", closed
    pulled(second, lambda: second.records["alert"].get(alert["id"], alert)["status"] == "closed")
    pulled(state["far"], lambda: state["far"].records["alert"].get(alert["id"], alert)["status"] == "closed")


def test_a_push_repeated_through_the_other_process_is_answered_as_before():
    first = state["first"]
    note = first.mutation("create", "note", new_id(), fields={
        "patient_id": first.all("patient")[0]["id"], "time": int(time.time() * 1000), "text": "Bare en gang"})
    envelope = first.envelope([note])
    answers = [first.request("POST", "/sync/v1/push", envelope)["outcomes"]]
    port, first.port = first.port, state["centre"].ports[1]
    first.wire.close()
    first.wire = None
    answers.append(first.request("POST", "/sync/v1/push", envelope)["outcomes"])
    first.wire.close()
    first.port, first.wire = port, None
    first.number, first.hash = note["number"], note["hash"]
    assert answers[0] == answers[1] and answers[0][0]["outcome"] == "applied", answers
    second = state["second"]
    pulled(second, lambda: note["id"] in second.records.get("note", {}))
    assert [one["text"] for one in second.all("note")].count("Bare en gang") == 1


def test_a_sign_out_at_one_process_ends_the_session_at_the_other():
    centre = state["centre"]
    station = Workstation(centre, *centre.user("nurse"))
    station.port = centre.ports[0]
    station.sign_in()
    station.request("POST", "/auth/v1/sign-out", {})
    station.port = centre.ports[1]
    station.wire.close()
    station.wire = None
    try:
        station.pull_page()
    except Refused as error:
        assert error.status == 401, error
    else:
        raise AssertionError("an ended session was served")


def write_notes(station, texts, stop):
    """Notes one after the other while the world breaks; each is pushed until it is acknowledged."""
    patient = station.all("patient")[0]["id"]
    while not stop.is_set():
        text = f"{station.device} {station.number + 1}"
        note = station.mutation("create", "note", new_id(), fields={
            "patient_id": patient, "time": int(time.time() * 1000), "text": text})
        envelope = station.envelope([note])
        outcome = patiently(lambda sent=envelope: station.request("POST", "/sync/v1/push", sent))["outcomes"][0]
        assert outcome["outcome"] == "applied", outcome
        station.number, station.hash = note["number"], note["hash"]
        texts.append(text)


def under_work(break_something):
    """Both workstations write while something breaks and heals; afterwards all hold each note exactly once."""
    stop, texts, threads = threading.Event(), [], []
    for name in ("first", "second"):
        threads.append(threading.Thread(target=write_notes, args=(state[name], texts, stop)))
        threads[-1].start()
    while len(texts) < 6:
        assert any(thread.is_alive() for thread in threads), "nobody writes"
        time.sleep(0.02)
    break_something()
    seen = len(texts)
    deadline = time.monotonic() + 3 * PATIENCE
    while len(texts) < seen + 6:
        assert time.monotonic() < deadline and any(thread.is_alive() for thread in threads), "nobody writes any more"
        time.sleep(0.02)
    stop.set()
    for thread in threads:
        thread.join()
    for name in ("first", "second", "far"):
        station = state[name]
        patiently(station.pull)
        held = [note["text"] for note in station.all("note")]
        for text in texts:
            assert held.count(text) == 1, (name, text, held.count(text))


def test_postgresql_restarts_and_nothing_is_lost():
    epoch = state["first"].epoch
    under_work(state["cluster"].restart)
    assert state["first"].epoch == epoch


def test_postgresql_is_killed_and_nothing_is_lost():
    def kill():
        state["cluster"].kill()
        state["cluster"].start()
    under_work(kill)


def test_without_postgresql_the_answer_is_503_with_retry_after():
    state["cluster"].stop()
    try:
        for port in state["centre"].ports:
            wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            wire.request("POST", "/sync/v1/pull", json.dumps({
                "epoch": state["first"].epoch, "schema": 1, "device": state["first"].device, "cursors": {},
                "max_bytes": 65536, "wait": 0}), {"Authorization": f"Bearer {state['first'].token}",
                                                 "Content-Type": "application/json"})
            answer = wire.getresponse()
            answer.read()
            wire.close()
            assert answer.status == 503 and answer.headers["Retry-After"], (answer.status, dict(answer.headers))
    finally:
        state["cluster"].start()
    for station in (state["first"], state["second"]):
        patiently(station.pull)


def test_a_server_dies_and_the_proxy_goes_on_with_the_other():
    centre = state["centre"]
    server = centre.servers[1]
    server.kill()
    server.wait()
    centre.children.remove(server)
    patiently(state["far"].pull)
    status, _answer = state["gateways"][0].post(observation(limited_patient(), value=57))
    assert status == 201
    centre.start_server(index=1)
    patiently(state["second"].pull)


def test_a_report_repeated_through_the_other_process_is_kept_once():
    identifier = f"twice-{new_id()}"
    resource = observation(limited_patient(), value=95, identifier=identifier)
    for gateway in state["gateways"]:
        gateway.close()
        status, _answer = gateway.post(resource)
        assert status in (200, 201), status
    assert list(stored(state["centre"], f"%{identifier}").values()) == [1]


def test_the_database_is_sound_afterwards():
    assert sound(state["centre"]) == "ok"


def test_nothing_in_the_servers_log_names_a_patient():
    with open(state["centre"].log, encoding="utf-8", errors="replace") as stream:
        log = stream.read()
    for patient in state["first"].all("patient"):
        for field in ("family_name", "identity_number", "telephone"):
            value = patient.get(field)
            assert not value or len(value) < 4 or value not in log, f"the log holds a {field}"


if __name__ == "__main__":
    tap.main()
