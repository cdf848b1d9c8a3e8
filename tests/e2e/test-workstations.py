# SPDX-License-Identifier: GPL-3.0-or-later
"""Two real workstations, store and sync engine without a window, and one real server: one closes an alert,
the other sees it; everything goes on with the server gone, and is sent when it returns."""
import os
import shutil
import tempfile

import tap
from centre import Centre, build_folder, program
from gateway import Gateway, observation, sound
from headless import Headless

folder = tempfile.mkdtemp(prefix="fyrlykt-e2e-")
state = {}


def station(name, user):
    """Start a workstation on its own database; it is signed in by the password."""
    made = Headless(f"{folder}/{name}/store.db", state["centre"].url, user["name"], user["password"])
    state[name] = made
    return made.start()


def before_all():
    if not os.path.exists(program("fyrlykt-server")):
        raise tap.Skip("fyrlykt-server is not built")
    if not os.path.exists(os.path.join(build_folder(), "tests/support/headless")):
        raise tap.Skip("the workstation without a window is not built")
    state["centre"] = centre = Centre(f"{folder}/server", patients=12, log=f"{folder}/server.log")
    centre.make()
    centre.start_server()
    nurses = [user for user in centre.users if user["role"] == "nurse"]
    state["users"] = {"first": nurses[0], "second": nurses[1]}
    for name, user in state["users"].items():
        assert station(name, user).signed_in() == "online"
    for name in state["users"]:
        state[name].complete()
    state["gateway"] = Gateway(centre)


def after_all():
    for name in ("first", "second"):
        if name in state:
            state[name].stop()
    if "centre" in state:
        state["centre"].stop()
    shutil.rmtree(folder, ignore_errors=True)


def red_alert(value):
    """Report a red value; the alert once both workstations hold it."""
    known = set(state["first"].alerts())
    for patient in state["centre"].patients:
        status, answer = state["gateway"].post(observation(patient, value=value))
        assert status in (200, 201), (status, answer)
        break

    def new(alerts):
        return [one for key, one in alerts.items() if key not in known]

    alerts = state["first"].until(new, what="the alert at the first workstation")
    alert = new(alerts)[0]
    state["second"].until(lambda there: alert["id"] in there, what="the alert at the second workstation")
    return alert


def status_at(name, alert, wanted, wait=20):
    """Wait until a workstation shows an alert in a state."""
    return state[name].until(lambda alerts: alerts[alert["id"]]["status"] == wanted, wait,
                             f"{wanted} at the {name} workstation")


def test_both_hold_the_same_alerts_after_the_first_sync():
    state["first"].until(lambda alerts: set(alerts) == set(state["second"].alerts()))


def test_what_one_closes_the_other_sees():
    alert = red_alert(62)
    state["first"].ask(f"take {alert['id']}", "saved")
    status_at("second", alert, "taken")
    state["first"].ask(f"close {alert['id']} Telephoned", "saved")
    status_at("second", alert, "closed")


def test_a_click_is_answered_at_once_with_the_server_gone():
    alert = red_alert(61)
    state["offline-alert"] = alert
    state["centre"].stop_server()
    first = state["first"]
    first.expect(lambda event: event["event"] == "state" and not event["online"], 30, len(first.events) - 1,
                 "the offline state")
    told = first.ask(f"take {alert['id']}", "saved")
    assert told["took_us"] < 1000000, told
    assert first.alerts()[alert["id"]]["status"] == "taken"
    assert first.ask("outbox", "outbox")["waiting"] == 1


def test_a_killed_workstation_comes_back_with_its_work_without_a_server():
    first = state["first"]
    first.kill()
    assert station("first", state["users"]["first"]).signed_in() == "offline"
    alert = state["offline-alert"]
    assert state["first"].alerts()[alert["id"]]["status"] == "taken"
    assert state["first"].ask("outbox", "outbox")["waiting"] == 1


def test_a_wrong_password_does_not_get_in_offline():
    user = dict(state["users"]["second"], password="wrong")
    intruder = Headless(f"{folder}/second/store-copy.db", state["centre"].url, user["name"], user["password"])
    state["second"].stop()
    shutil.copyfile(f"{folder}/second/store.db", f"{folder}/second/store-copy.db")
    intruder.start()
    told = intruder.expect(lambda event: event["event"] in ("signed-in", "failed"), 20)
    intruder.stop()
    assert told["event"] == "failed", told
    assert station("second", state["users"]["second"]).signed_in() == "offline"


def test_work_is_sent_when_the_server_returns_and_the_other_sees_it():
    state["centre"].start_server()
    for name in ("first", "second"):
        state[name].tell("sync")
    status_at("second", state["offline-alert"], "taken", 60)
    first = state["first"]
    first.expect(lambda event: event["event"] == "state" and event["waiting"] == 0, 30, 0, "the delivery")
    counts = first.ask("outbox", "outbox")
    assert (counts["waiting"], counts["conflict"], counts["refused"]) == (0, 0, 0), counts


def test_both_hold_the_same_alerts_at_the_end():
    first, second = state["first"].alerts(), state["second"].alerts()
    assert {key: one["status"] for key, one in first.items()} == {key: one["status"] for key, one in second.items()}
    assert sound(state["centre"]) == "ok"


if __name__ == "__main__":
    tap.main()
