# SPDX-License-Identifier: GPL-3.0-or-later
"""Real processes: one server, a gateway, two workstations that speak the protocol page. A measurement at
home becomes an alert at both; one closes it, the other sees it; the server stops and starts in between. With the word
postgresql the same on that database."""
import http.client
import os
import shutil
import sys
import tempfile
import time
import uuid

import tap
from centre import Centre, program
from gateway import Gateway, observation, sound, stored
from postgres import Cluster, programs
from workstation import Refused, Workstation, new_id

folder = tempfile.mkdtemp(prefix="fyrlykt-e2e-")
state = {}


def before_all():
    if not os.path.exists(program("fyrlykt-server")):
        raise tap.Skip("fyrlykt-server is not built")
    database = None
    if sys.argv[1:] == ["postgresql"]:
        if programs() is None:
            raise tap.Skip("PostgreSQL is not installed")
        state["cluster"] = Cluster().start()
        database = state["cluster"].database("centre")
    centre = Centre(f"{folder}/data", patients=12, log=f"{folder}/server.log", database=database)
    state["centre"] = centre
    centre.make()
    centre.start_server()
    nurses = [user for user in centre.users if user["role"] == "nurse"]
    for name, user in (("first", nurses[0]), ("second", nurses[1])):
        state[name] = station = Workstation(centre, user["name"], user["password"])
        station.sign_in()
        station.pull()
    state["gateway"] = Gateway(centre)


def after_all():
    if "centre" in state:
        state["centre"].stop()
    if "cluster" in state:
        state["cluster"].remove()
    shutil.rmtree(folder, ignore_errors=True)


def ids(station):
    """Ids of the alerts a workstation holds."""
    return set(station.records.get("alert", {}))


def pulled(station, condition, seconds=10):
    """Pull with a long poll until the condition holds; the seconds it took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "did not come"
        station.pull_page(wait=2)
    return time.monotonic() - started


def restart():
    """Stop and start the server; whoever was connected connects anew."""
    state["centre"].stop_server()
    state["centre"].start_server()
    state["gateway"].close()
    for name in ("first", "second"):
        if state[name].wire:
            state[name].wire.close()
            state[name].wire = None


def limited_patient():
    """A patient with limits on oxygen saturation, as the gateway names it."""
    station = state["first"]
    limited = {limit["patient_id"] for limit in station.all("limit")
               if limit.get("kind") == "oxygen-saturation" and limit.get("red_low") is not None
               and limit.get("valid_to") is None}
    return next(one for one in state["centre"].patients if one["id"] in limited)


def raise_alert(value=61):
    """Report a red value; the alert once the first workstation has it."""
    first = state["first"]
    before = ids(first)
    status, answer = state["gateway"].post(observation(limited_patient(), value=value))
    assert status == 201, (status, answer)
    pulled(first, lambda: any(first.records["alert"][one]["category"] == "red" for one in ids(first) - before))
    found = next(one for one in ids(first) - before if first.records["alert"][one]["category"] == "red")
    return first.records["alert"][found]


def test_both_workstations_hold_the_same_worklist():
    first, second = state["first"], state["second"]
    assert first.all("patient"), "no patient came"
    assert ids(first) == ids(second)
    assert len(first.all("patient")) == len(state["centre"].patients)


def test_a_red_measurement_becomes_an_alert_at_both_workstations():
    alert = raise_alert()
    pulled(state["second"], lambda: alert["id"] in ids(state["second"]))
    assert alert["status"] == "open"
    assert alert["observed"] == 61, alert
    assert alert["due_time"] >= alert["raised_time"]


def test_the_live_channel_tells_of_it_within_a_second():
    live = state["second"].live()
    try:
        assert live.status == 101, live.status
        first = live.heads(25)
        started = time.monotonic()
        status, _answer = state["gateway"].post(observation(limited_patient(), value=60))
        assert status == 201
        while live.heads(25) == first:
            pass
        assert time.monotonic() - started < 1, time.monotonic() - started
    finally:
        live.close()
    state["first"].pull()
    state["second"].pull()


def test_what_one_takes_the_other_cannot_take():
    alert = raise_alert(59)
    taken = state["first"].command("take", alert)
    assert taken["outcome"] in ("applied", "merged"), taken
    state["second"].pull()
    late = state["second"].command("take", {**alert, "status": "open"})
    if state["first"].user_name != state["second"].user_name:
        assert (late["outcome"], late["code"]) == ("refused", "already-taken"), late
    pulled(state["second"], lambda: state["second"].records["alert"][alert["id"]]["status"] == "taken")
    state["taken"] = alert["id"]


def test_what_one_closes_the_other_sees_closed():
    first, second = state["first"], state["second"]
    first.pull()
    alert = first.records["alert"][state["taken"]]
    closed = first.command("close", alert, outcome="contacted-patient", text="Telephoned")
    assert closed["outcome"] in ("applied", "merged"), closed
    pulled(second, lambda: second.records["alert"][alert["id"]]["status"] == "closed")
    events = [event for event in second.all("alert_event") if event["alert_id"] == alert["id"]]
    assert {"take", "close"} <= {event["action"] for event in events}, events
    assert any(event.get("text") == "Telephoned" for event in events)


def test_the_server_comes_back_where_it_was():
    first = state["first"]
    first.pull()
    cursors, epoch = dict(first.cursors), first.epoch
    state["centre"].stop_server()
    try:
        first.pull_page()
    except (OSError, http.client.HTTPException):
        pass
    else:
        raise AssertionError("a stopped server answered")
    state["centre"].start_server()
    restart()
    first.pull()
    assert first.epoch == epoch
    assert all(first.cursors[scope] >= seq for scope, seq in cursors.items())


def test_a_push_that_is_repeated_is_answered_as_before_and_has_no_second_effect():
    first = state["first"]
    patient = first.all("patient")[0]
    note = first.mutation("create", "note", new_id(), fields={
        "patient_id": patient["id"], "time": int(time.time() * 1000), "text": "Repeated once"})
    envelope = first.envelope([note])
    answers = []
    for stop in (True, False):
        answers.append(first.request("POST", "/sync/v1/push", envelope)["outcomes"])
        if stop:
            restart()
    first.number, first.hash = note["number"], note["hash"]
    assert answers[0] == answers[1], answers
    assert answers[0][0]["outcome"] == "applied", answers
    second = state["second"]
    pulled(second, lambda: note["id"] in second.records.get("note", {}))
    assert [one["text"] for one in second.all("note")].count("Repeated once") == 1


def test_another_mutation_under_a_known_number_is_a_fork():
    first = state["first"]
    note = first.mutation("create", "note", new_id(), fields={
        "patient_id": first.all("patient")[0]["id"], "time": 1, "text": "Cloned"})
    # A clone of this machine does not know that the number is used.
    clone = Workstation(state["centre"], first.user_name, first.password, first.device)
    clone.token, clone.epoch, clone.incarnation = first.token, first.epoch, first.incarnation
    made = clone.mutation("create", "note", new_id(), fields=note["fields"])
    try:
        clone.push(made)
    except Refused as error:
        assert (error.status, error.code) == (409, "fork"), error
    else:
        raise AssertionError("a fork was accepted")


def test_a_report_repeated_by_the_gateway_is_kept_once():
    identifier = f"twice-{uuid.uuid4()}"
    resource = observation(limited_patient(), value=95, identifier=identifier)
    first, _answer = state["gateway"].post(resource)
    restart()
    second, _answer = state["gateway"].post(resource)
    assert first == 201 and second in (200, 201), (first, second)
    assert list(stored(state["centre"], f"%{identifier}").values()) == [1]


def test_the_simulated_patients_report_and_alert():
    if not os.path.exists(program("fyrlykt-sim")):
        raise tap.Skip("fyrlykt-sim is not built")
    first = state["first"]
    first.pull()
    before = len(first.all("measurement"))
    sim = state["centre"].start_sim()
    try:
        pulled(first, lambda: len(first.all("measurement")) > before, 60)
    finally:
        state["centre"].end(sim)


def register(station, centre_id, now):
    """A patient and a limit on oxygen saturation, as a nurse enters them."""
    patient = new_id()
    made = station.do("create", "patient", patient, fields={
        "centre_id": centre_id, "identity_system": state["centre"].patients[0]["identity_system"],
        "identity_number": "03851598730", "birth_date": "2015-05-03", "sex": "female", "family_name": "Nykommer",
        "given_name": "Nora", "status": "active", "start_date": time.strftime("%Y-%m-%d")})
    assert made["outcome"] == "applied", made
    made = station.do("create", "limit", new_id(), fields={
        "patient_id": patient, "kind": "oxygen-saturation", "red_low": 88, "yellow_low": 91, "valid_from": now})
    assert made["outcome"] == "applied", made
    return patient


def test_a_patient_who_is_registered_now_reports_and_alerts_within_the_minute():
    if not os.path.exists(program("fyrlykt-sim")):
        raise tap.Skip("fyrlykt-sim is not built")
    first, centre = state["first"], state["centre"]
    first.pull()
    # As ./dev demo starts them.
    sim = centre.start_sim()
    try:
        started = time.monotonic()
        patient = register(first, first.all("patient")[0]["centre_id"], int(time.time() * 1000) - 1000)
        centre.look_for_newcomers()
        pulled(first, lambda: any(alert["patient_id"] == patient and alert["category"] == "red"
                                  for alert in first.all("alert")), 60)
        assert time.monotonic() - started < 60
    finally:
        centre.end(sim)


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
