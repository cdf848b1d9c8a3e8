# SPDX-License-Identifier: GPL-3.0-or-later
"""The promises of src/wire/PROTOCOL.md, asked of a real server by an independent workstation."""
import os
import shutil
import tempfile
import threading
import time
import uuid

import tap
from centre import Centre, program
from gateway import Gateway, observation
from workstation import Live, Refused, Workstation, new_id

folder = tempfile.mkdtemp(prefix="fyrlykt-promises-")
state = {}


def before_all():
    if not os.path.exists(program("fyrlykt-server")):
        raise tap.Skip("fyrlykt-server is not built")
    state["centre"] = centre = Centre(f"{folder}/data", patients=6, log=f"{folder}/server.log")
    centre.make()
    centre.start_server()
    state["gateway"] = Gateway(centre)
    state["nurse"] = nurse()
    state["nurse"].pull()


def after_all():
    if "centre" in state:
        state["centre"].stop()
    shutil.rmtree(folder, ignore_errors=True)


def someone(role):
    """A signed-in workstation of a user with a role."""
    name, password = state["centre"].user(role)
    made = Workstation(state["centre"], name, password)
    made.sign_in()
    return made


def nurse():
    return someone("nurse")


def refusal(function, *arguments, **more):
    """The Refused that a call raises."""
    try:
        answer = function(*arguments, **more)
    except Refused as error:
        return error
    raise AssertionError(f"not refused: {answer}")


def note_fields(text):
    return {"patient_id": state["nurse"].all("patient")[0]["id"], "time": int(time.time() * 1000), "text": text}


def test_an_unknown_user_and_a_wrong_password_look_the_same():
    name, _password = state["centre"].user("nurse")
    wrong = refusal(Workstation(state["centre"], name, "wrong password").sign_in)
    unknown = refusal(Workstation(state["centre"], "nobody-of-this-name", "wrong password").sign_in)
    assert (wrong.status, wrong.code, str(wrong)) == (unknown.status, unknown.code, str(unknown))
    assert (wrong.status, wrong.code) == (401, "credentials")


def test_many_wrong_passwords_lock_out_for_a_while():
    name, password = state["centre"].user("clerk")
    last = None
    for _attempt in range(40):
        last = refusal(Workstation(state["centre"], name, "wrong password").sign_in)
        if last.status == 429:
            break
    assert (last.status, last.code) == (429, "locked-out"), last
    assert refusal(Workstation(state["centre"], name, password).sign_in).status == 429


def test_a_sign_in_tells_who_and_where():
    answer = Workstation(state["centre"], *state["centre"].user("nurse")).sign_in()
    assert {"token", "expires", "epoch", "server_time", "user", "memberships", "centres"} <= set(answer)
    assert answer["expires"] - answer["server_time"] <= 12 * 3600 * 1000
    assert "password" not in str(answer).lower()


def test_a_token_that_was_signed_out_is_dead():
    station = nurse()
    station.request("POST", "/auth/v1/sign-out", {})
    assert refusal(station.pull_page).status == 401


def test_no_token_and_a_made_up_token_are_refused():
    station = nurse()
    for token in (" ", "x", station.token[:-2] + "aa", "a" * 3000):
        station.token = token
        assert refusal(station.pull_page).status in (400, 401, 431)
        station.wire = None


def test_each_feed_is_dense_and_in_order():
    # Workstation.pull_page asserts that no sequence number is left out.
    station = nurse()
    station.pull()
    assert station.cursors and all(seq >= 0 for seq in station.cursors.values())
    assert station.pull_page()["complete"]


def test_the_worklist_comes_before_the_history():
    station, order = nurse(), []
    while True:
        page = station.pull_page()
        order += [entry["kind"] for part in page["scopes"].values() for entry in part["entries"]]
        if page["complete"]:
            break
    assert order.index("patient") < order.index("measurement"), order[:20]
    if "alert" in order:
        assert order.index("alert") < order.index("measurement")


def test_a_small_page_is_asked_for_and_given():
    station = nurse()
    station.cursors = {}
    page = station.request("POST", "/sync/v1/pull", {
        "epoch": station.epoch, "schema": 1, "device": station.device, "cursors": {}, "max_bytes": 20000, "wait": 0,
        "first": True})
    assert len(str(page)) < 200000, len(str(page))
    assert not page["complete"]


def test_a_cursor_beyond_the_head_gets_no_invented_entries():
    station = nurse()
    station.pull()
    scope = next(iter(station.cursors))
    station.cursors[scope] += 1000000
    try:
        page = station.request("POST", "/sync/v1/pull", {
            "epoch": station.epoch, "schema": 1, "device": station.device, "cursors": station.cursors,
            "max_bytes": 1048576, "wait": 0, "first": False})
    except Refused as error:
        assert 400 <= error.status < 500
    else:
        assert not page["scopes"].get(scope, {}).get("entries")


def test_another_epoch_is_told():
    station = nurse()
    station.epoch = "another"
    error = refusal(station.pull_page)
    assert (error.status, error.code) == (409, "epoch"), error


def test_another_schema_is_told():
    station = nurse()
    error = refusal(station.request, "POST", "/sync/v1/pull", {
        "epoch": station.epoch, "schema": 999, "device": station.device, "cursors": {}, "max_bytes": 1048576,
        "wait": 0, "first": True})
    assert (error.status, error.code) == (426, "schema"), error


def test_malformed_requests_are_told_and_change_nothing():
    station = nurse()
    for body in ({}, [], "x", {"epoch": 1}, {"epoch": station.epoch, "schema": 1, "device": "no-uuid"},
                 {"epoch": station.epoch, "schema": 1, "device": station.device, "cursors": {"x": "y"}}):
        for path in ("/sync/v1/pull", "/sync/v1/push"):
            error = refusal(station.request, "POST", path, body)
            assert (error.status, error.code) == (400, "malformed"), (path, body, error)


def test_a_number_beyond_the_next_is_a_gap_and_the_next_is_told():
    station = nurse()
    station.number = 5
    error = refusal(station.push, station.mutation("create", "note", new_id(), fields=note_fields("Gap")))
    assert (error.status, error.code) == (409, "gap"), error


def test_a_wrong_hash_is_refused():
    station = nurse()
    made = station.mutation("create", "note", new_id(), fields=note_fields("Wrong hash"))
    made["hash"] = "0" * 64
    assert 400 <= refusal(station.push, made).status < 500


def test_a_repeated_push_gets_the_stored_outcome():
    station = nurse()
    made = station.mutation("create", "note", new_id(), fields=note_fields("Once"))
    envelope = station.envelope([made])
    answers = [station.request("POST", "/sync/v1/push", envelope)["outcomes"] for _time in range(3)]
    assert answers[0] == answers[1] == answers[2]
    station.pull()
    assert [one["text"] for one in station.all("note")].count("Once") == 1


def test_pushes_of_many_at_once_each_take_effect_once():
    stations, failures = [nurse() for _number in range(6)], []

    def work(station, number):
        try:
            for serial in range(15):
                outcome = station.do("create", "note", new_id(), fields=note_fields(f"Many {number}-{serial}"))
                assert outcome["outcome"] == "applied", outcome
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(station, number)) for number, station in enumerate(stations)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    state["nurse"].pull()
    texts = [one["text"] for one in state["nurse"].all("note") if one["text"].startswith("Many ")]
    assert len(texts) == 90 and len(set(texts)) == 90


def test_others_change_of_another_field_is_merged_and_of_the_same_is_a_conflict():
    first, second = nurse(), nurse()
    first.pull()
    second.pull()
    patient = first.all("patient")[0]
    seen = patient.get("version", 1)
    one = first.do("update", "patient", patient["id"], base_version=seen, fields={"telephone": "90000001"},
                   bases={"telephone": patient.get("telephone")})
    assert one["outcome"] == "applied", one
    other = second.do("update", "patient", patient["id"], base_version=seen, fields={"what_matters": "To garden"},
                      bases={"what_matters": patient.get("what_matters")})
    assert other["outcome"] == "merged", other
    family = second.do("update", "patient", patient["id"], base_version=seen, fields={"family_name": "Andersen"},
                       bases={"family_name": patient.get("family_name")})
    assert family["outcome"] in ("applied", "merged"), family
    clash = first.do("update", "patient", patient["id"], base_version=seen, fields={"family_name": "Bakken"},
                     bases={"family_name": patient.get("family_name")})
    assert clash["outcome"] == "conflict", clash
    assert clash["conflict"]["fields"]["family_name"]["theirs"] == "Andersen", clash
    first.pull()
    assert first.records["patient"][patient["id"]]["family_name"] == "Andersen"
    assert first.records["patient"][patient["id"]]["telephone"] == "90000001"


def test_what_a_role_may_not_write_is_refused_and_stays_refused():
    gp = someone("gp")
    gp.pull()
    patient = state["nurse"].all("patient")[0]
    outcome = gp.do("update", "patient", patient["id"], base_version=1, fields={"zone": "red"}, bases={"zone": None})
    assert outcome["outcome"] == "refused" and outcome["code"] in ("forbidden", "unknown-record"), outcome


def test_roles_without_patients_get_none():
    for role in ("manager", "administrator"):
        station = someone(role)
        station.pull()
        for kind in ("patient", "measurement", "alert", "note", "limit", "condition"):
            assert not station.all(kind), (role, kind, len(station.all(kind)))


def test_a_missing_and_a_forbidden_record_look_the_same():
    manager = someone("manager")
    manager.pull()
    there = state["nurse"].all("patient")[0]["id"]
    seen = manager.do("update", "patient", there, base_version=1, fields={"telephone": "1"}, bases={"telephone": None})
    unknown = manager.do("update", "patient", new_id(), base_version=1, fields={"telephone": "1"},
                         bases={"telephone": None})
    assert (seen["outcome"], seen["code"], seen.get("text")) == (unknown["outcome"], unknown["code"],
                                                                 unknown.get("text")), (seen, unknown)


def test_the_long_poll_answers_when_something_comes():
    station = nurse()
    station.pull()
    known, told = set(station.records.get("measurement", {})), {}

    def wait():
        started = time.monotonic()
        station.pull_page(wait=20)
        told["after"] = time.monotonic() - started

    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.7)
    status, _answer = state["gateway"].post(observation(state["centre"].patients[0], value=96))
    assert status == 201
    waiter.join(25)
    assert 0.5 < told["after"] < 5, told
    assert set(station.records["measurement"]) - known


def test_the_long_poll_answers_empty_after_its_time():
    station = nurse()
    station.pull()
    started = time.monotonic()
    page = station.pull_page(wait=1)
    assert 0.8 < time.monotonic() - started < 6
    assert page["complete"]


def test_the_live_channel_says_heads_and_never_data():
    station = nurse()
    station.pull()
    live = station.live()
    try:
        assert live.status == 101, live.status
        state["gateway"].post(observation(state["centre"].patients[1], value=97))
        heads = live.heads(25)
        assert heads and all(isinstance(head, int) for head in heads.values()), heads
        assert set(heads) <= set(station.cursors), heads
    finally:
        live.close()


def test_the_live_channel_wants_a_session():
    live = Live(state["centre"].port, "made-up")
    live.close()
    assert live.status == 401, live.status


def test_the_live_channel_closes_with_4001_when_the_session_ends():
    station = nurse()
    live = station.live()
    station.request("POST", "/auth/v1/sign-out", {})
    try:
        while True:
            live.heads(10)
    except (ConnectionError, TimeoutError):
        pass
    finally:
        live.close()
    assert live.closed == 4001, live.closed


def test_sessions_are_listed_and_ended():
    first, second = nurse(), nurse()
    answer = first.request("GET", "/auth/v1/sessions")
    sessions = answer.get("sessions", answer)
    assert len(sessions) >= 2, answer
    assert first.token not in str(answer) and second.token not in str(answer), "tokens are told"


def test_figures_are_counts_for_a_manager_and_closed_to_a_nurse():
    figures = someone("manager").request("GET", "/figures/v1/centre")
    assert {"centre", "patients", "alerts", "measurements"} <= set(figures), figures
    text = str(figures)
    for patient in state["nurse"].all("patient"):
        assert patient["id"] not in text and patient["family_name"] not in text
    assert refusal(nurse().request, "GET", "/figures/v1/centre").status == 403


def test_a_device_of_another_user_is_another_incarnation():
    station = nurse()
    assert station.do("create", "note", new_id(), fields=note_fields("Mine"))["outcome"] == "applied"
    station.incarnation, station.number, station.hash = str(uuid.uuid4()), 0, "0" * 64
    assert station.do("create", "note", new_id(), fields=note_fields("Again"))["outcome"] == "applied"


if __name__ == "__main__":
    tap.main()
