# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command of fyrlykt-admin, on a folder of its own and beside a running server."""
import contextlib
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

import tap
from centre import Centre, environment, program

folder = tempfile.mkdtemp(prefix="fyrlykt-admin-")
data = f"{folder}/data"
CENTRE = "Fyrvik oppfølgingssenter"
state = {}


def run(*words, expect=0):
    """Run the tool; its result. The exit status must be the expected one."""
    result = subprocess.run([program("fyrlykt-admin"), *words], capture_output=True, text=True, env=environment(),
                            check=False, stdin=subprocess.DEVNULL, cwd=folder)
    assert result.returncode == expect, (words, result.returncode, result.stdout, result.stderr)
    return result


def listed(*words):
    """What a list command says, as JSON."""
    return json.loads(run(*words, "--data", data, "--json").stdout)


def heads():
    """Head of each feed."""
    return {row["scope"]: row["head"] for row in listed("feeds")}


def before_all():
    made = json.loads(run("init", "--data", data, "--json").stdout)
    assert made["user"] == "admin" and len(made["password"]) > 12
    state["demo"] = json.loads(run("demo-data", "--data", data, "--patients", "12", "--json").stdout)


def after_all():
    if "server" in state and state["server"].poll() is None:
        state["server"].kill()
    shutil.rmtree(folder, ignore_errors=True)


def test_every_command_has_help():
    listing = run("--help").stdout
    names = [line.split()[0] for line in listing.splitlines() if line.startswith("  ")]
    assert len(names) >= 13, names
    for name in names:
        text = run(name, "--help").stdout
        assert "--data" in text and len(text) > 200, text


def test_wrong_use_ends_with_2_and_says_where_to_look():
    for words in (["nosuch"], ["user", "add", "--data", data], ["user", "dance", "--data", data], ["import", "--data", data],
                  ["alerts", "--status", "purple", "--data", data], ["centre", "add", "x", "--hours", "8", "--data", data],
                  ["patients", "--nosuch"]):
        result = run(*words, expect=2)
        assert "--help" in result.stderr, result.stderr


def test_no_database_is_said_so():
    result = run("alerts", "--data", f"{folder}/nothing", expect=1)
    assert "init" in result.stderr


def in_norwegian(*command):
    """All that fyrlykt-admin says to who reads Norwegian."""
    made = subprocess.run(["localedef", "-i", "nb_NO", "-f", "UTF-8", f"{folder}/nb_NO.UTF-8"], check=False,
                          capture_output=True)
    if not os.path.exists(f"{folder}/nb_NO.UTF-8"):
        raise tap.Skip(f"no Norwegian locale: {made.stderr.decode()}")
    words = environment(LOCPATH=folder, LANG="nb_NO.UTF-8", LC_ALL="nb_NO.UTF-8", LANGUAGE="nb")
    result = subprocess.run([program("fyrlykt-admin"), *command], capture_output=True, text=True, env=words,
                            check=False, stdin=subprocess.DEVNULL)
    return result.stdout + result.stderr


def test_it_speaks_norwegian_to_who_does():
    assert "Setter opp og passer på" in in_norwegian("--help")
    for command in ("init", "organization", "centre", "user", "role", "gateway", "import", "alerts", "patients",
                    "feeds", "quarantine", "revocations", "workstation", "backup", "restore", "verify", "demo-data"):
        assert "Serverens datamappe" in in_norwegian(command, "--help"), command
    assert "oppgi en tom mappe" in in_norwegian("init", "--data", data)


def test_init_does_not_touch_a_database():
    before = heads()
    assert "already" in run("init", "--data", data, expect=1).stderr
    assert heads() == before


def test_demo_data_are_what_was_promised():
    demo = state["demo"]
    assert len(demo["patients"]) == 12 and demo["gateway_token"]
    assert {user["role"] for user in demo["users"]} == {"nurse", "gp", "clerk", "manager", "administrator"}
    assert len(listed("centre", "list")) == 2 and len(listed("organization", "list")) == 2
    assert len(listed("patients")) == 12
    everything = listed("alerts", "--status", "all", "--limit", "100000")
    still = [one for one in everything if one["status"] != "closed"]
    assert len(everything) > 10 * len(still) > 0, (len(everything), len(still))
    # A handful waits on a morning, of several colours, and somebody has begun on one.
    assert 4 <= len(still) <= 14, len(still)
    assert len({one["category"] for one in still}) >= 2 and {one["status"] for one in still} == {"open", "taken"}
    assert all(one["assignee"] for one in everything if one["status"] == "closed")
    # 0.5 alerts a patient and day are published, 0.1 of them for a person.
    assert 0.02 < len(everything) / (12 * 182) < 0.6, len(everything)


def test_demonstration_limits_are_such_as_a_gp_could_set():
    with contextlib.closing(sqlite3.connect(f"file:{data}/fyrlykt.db?mode=ro", uri=True)) as database:
        glucose = database.execute('SELECT min(red_low), min(yellow_low) FROM "limit" WHERE kind = 6').fetchone()
        saturation = database.execute('SELECT min(red_low), max(yellow_low) FROM "limit" WHERE kind = 1').fetchone()
    assert glucose == (3.0, 3.9), glucose
    assert saturation[0] >= 80 and saturation[1] <= 100, saturation


def test_work_in_quarantine_is_settled_by_an_administrator():
    """One accepted, one discarded, each once, beside no server; the list tells who decided and why."""
    nurse, administrator = (next(user for user in state["demo"]["users"] if user["role"] == role)["name"]
                            for role in ("nurse", "administrator"))
    patient = listed("patients")[0]["id"]
    notes = [{"number": number, "hash": "0" * 64, "command": "create", "kind": "note", "base_version": 0,
              "id": f"01920000-0000-7000-8000-00000000000{number}", "time": 1, "bases": {}, "depends_on": None,
              "fields": {"patient_id": patient, "time": 1, "text": f"Nr {number}"}} for number in (1, 2)]
    with contextlib.closing(sqlite3.connect(f"{data}/fyrlykt.db")) as database:
        author, = database.execute('SELECT id FROM "user" WHERE user_name = ?', (nurse,)).fetchone()
        database.execute("UPDATE membership SET valid_from = NULL WHERE user_id = ?", (author,))
        for note in notes:
            database.execute("INSERT INTO quarantine (device, incarnation, author, number, reason, received, mutation)"
                             " VALUES (x'01920000000070008000000000000011', x'01920000000070008000000000000012',"
                             " ?, ?, 'forbidden', 2, ?)", (author, note["number"], json.dumps(note)))
        database.commit()
    first, second = (str(row["number"]) for row in listed("quarantine"))
    assert "--by" in run("quarantine", "accept", first, "--data", data, expect=2).stderr
    assert "--reason" in run("quarantine", "discard", first, "--by", administrator, "--data", data, expect=2).stderr
    assert "administrator" in run("quarantine", "accept", first, "--by", nurse, "--data", data, expect=1).stderr
    assert run("quarantine", "accept", first, "--by", administrator, "--data", data).stdout == "applied\n"
    run("quarantine", "discard", second, "--by", administrator, "--reason", "Står på papir", "--data", data)
    run("quarantine", "accept", second, "--by", administrator, "--data", data, expect=1)
    assert listed("quarantine") == []
    settled = {str(row["number"]): row for row in listed("quarantine", "--all")}
    assert settled[first]["decision"] == "accepted" and settled[first]["settler"] == administrator
    assert settled[second]["decision"] == "discarded" and settled[second]["remark"] == "Står på papir"
    with contextlib.closing(sqlite3.connect(f"file:{data}/fyrlykt.db?mode=ro", uri=True)) as database:
        assert database.execute("SELECT count(*) FROM note WHERE text LIKE 'Nr %' AND author_id = ?",
                                (author,)).fetchone() == (1,)
    assert listed("revocations") == []


def test_a_lockout_is_lifted():
    name = next(user for user in state["demo"]["users"] if user["role"] == "nurse")["name"]
    assert "USER" in run("lift-lockout", "--help").stdout
    run("lift-lockout", "--data", data, expect=2)
    run("lift-lockout", "nobody at all", "--data", data, expect=1)
    with contextlib.closing(sqlite3.connect(f"{data}/fyrlykt.db")) as database:
        hashed = hashlib.sha256(name.encode()).digest()
        database.execute("INSERT INTO sign_in_failure VALUES (?, 6, 9999999999999, 9999999999999)", (hashed,))
        database.commit()
        run("lift-lockout", name, "--data", data)
        assert database.execute("SELECT count(*) FROM sign_in_failure").fetchone() == (0,)


def test_the_same_seed_gives_the_same_people():
    numbers = []
    for name in ("a", "b"):
        run("init", "--data", f"{folder}/{name}", "--empty")
        answer = json.loads(run("demo-data", "--data", f"{folder}/{name}", "--patients", "3", "--seed", "7",
                                "--json").stdout)
        numbers.append([one["identity_number"] for one in answer["patients"]])
    assert numbers[0] == numbers[1]


def test_demo_data_never_go_into_a_database_in_use():
    assert "in use" in run("demo-data", "--data", data, expect=2).stderr


def test_lists_name_no_patient_unless_asked():
    plain = run("patients", "--data", data).stdout
    named = run("patients", "--data", data, "--names").stdout
    number = state["demo"]["patients"][0]["identity_number"]
    assert number not in plain and number in named
    assert number not in run("alerts", "--data", data).stdout


def test_a_list_with_names_is_in_the_access_log_before_it_is_printed():
    before = len(listed("access-log", "list", "--limit", "0"))
    shown = listed("patients", "--names")
    entries = listed("access-log", "list", "--limit", "0")
    assert len(entries) == before + len(shown) > 0
    assert {row["patient"] for row in entries} >= {row["name"] for row in shown}
    assert entries[0]["channel"] == "export" and entries[0]["what"] == "list" and entries[0]["unit"] == CENTRE
    listed("patients")
    assert len(listed("access-log", "list", "--limit", "0")) == len(entries), "masked lists show nobody"


def test_an_extract_tells_a_patient_who_saw_what_and_no_number_of_an_employee():
    number = state["demo"]["patients"][0]["identity_number"]
    rows = listed("access-log", "extract", "--patient", number)
    assert rows and set(rows[0]) == {"time", "name", "role", "organization", "unit", "purpose", "what", "channel"}
    table = run("access-log", "extract", "--patient", number, "--csv", "--data", data).stdout
    assert table.startswith("time,name,role,organization,unit,purpose,what,channel")
    assert len(table.splitlines()) == len(rows) + 1
    assert number not in table
    run("access-log", "extract", "--data", data, expect=2)
    run("access-log", "extract", "--patient", "00000000000", "--data", data, expect=1)


def test_the_access_log_is_listed_by_day():
    everything = listed("access-log")
    assert listed("access-log", "--until", "2020-01-01") == []
    assert listed("access-log", "--from", "2020-01-01") == everything
    assert listed("access-log", "--centre", CENTRE) == everything
    run("access-log", "--from", "yesterday", "--data", data, expect=2)
    run("access-log", "burn", "--data", data, expect=2)


def test_the_access_log_verifies_and_says_when_it_does_not():
    assert json.loads(run("access-log", "verify", "--data", data, "--json").stdout)["faults"] == 0
    copy = f"{folder}/tampered"
    shutil.copytree(data, copy)
    with contextlib.closing(sqlite3.connect(f"{copy}/fyrlykt.db")) as wire:
        wire.executescript("DROP TRIGGER audit_event_no_delete; DELETE FROM audit_event WHERE id = "
                           "(SELECT id FROM access_chain WHERE number = 2)")
    told = run("access-log", "verify", "--data", copy, expect=1)
    assert "entry 2" in told.stdout and "breach" in told.stderr
    run("verify", "--data", copy, expect=1)


def test_organizations_centres_users_and_roles_are_made_and_changed():
    run("organization", "add", "Bydel Odden", "--kind", "district", "--parent", "Fyrvik kommune", "--data", data)
    run("organization", "change", "Bydel Odden", "--rename", "Bydel Neset", "--data", data)
    run("centre", "add", "Neset senter", "--organization", "Bydel Neset", "--hours", "07:30-16:00", "--data", data)
    assert "already" in run("centre", "add", "Neset senter", "--data", data, expect=1).stderr
    made = json.loads(run("user", "add", "lise", "--name", "Lise Vik", "--centre", "Neset senter", "--role", "nurse",
                          "--json", "--data", data).stdout)
    assert made["name"] == "lise"
    run("role", "give", "lise", "--role", "manager", "--data", data)
    roles = [row for row in listed("role", "list") if row["user"] == "lise"]
    assert {row["role"] for row in roles} == {"nurse", "manager"}, roles
    assert "1 ended" in run("role", "end", "lise", "--role", "manager", "--data", data).stdout
    assert "none of" in run("role", "give", "lise", "--role", "king", "--data", data, expect=2).stderr
    assert any(row["name"] == "Bydel Neset" for row in listed("organization", "list"))
    assert any(row["opening_hours"].startswith("[[450,960]") for row in listed("centre", "list"))


def test_weak_passwords_are_refused():
    result = run("user", "password", "lise", "--password", "passord123", "--data", data, expect=1)
    assert "passord123" not in result.stderr


def test_gateway_tokens_are_shown_once_and_ended():
    made = json.loads(run("gateway", "add", "hub", "--centre", CENTRE, "--json", "--data", data).stdout)
    assert len(made["token"]) >= 40
    assert made["token"] not in json.dumps(listed("gateway", "list"))
    run("gateway", "end", made["id"], "--data", data)
    assert next(row for row in listed("gateway", "list") if row["id"] == made["id"])["ended"]
    assert "no gateway" in run("gateway", "end", made["id"][:-4] + "0000", "--data", data, expect=1).stderr


def csv_file(name, rows):
    path = f"{folder}/{name}"
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("Person;Dato;Verdi;Enhet\n" + "\n".join(rows) + "\n")
    return path


MAP = ("--map", "patient=Person,time=Dato,value=Verdi,unit=Enhet", "--kind", "glucose")


def test_import_takes_good_rows_names_bad_ones_and_knows_them_again():
    number = state["demo"]["patients"][0]["identity_number"]
    path = csv_file("a.csv", [f"{number};2026-01-02 08:00;7,1;mmol/L", f"{number};2026-01-02 09:00;x;mmol/L",
                              "12345678901;2026-01-02 08:00;7;mmol/L", f"{number};02.01.2026 12:00;126;mg/dL"])
    first = run("import", path, *MAP, "--data", data, "--json", expect=1)
    assert json.loads(first.stdout)["imported"] == 2
    assert "line 3:" in first.stderr and "line 4:" in first.stderr
    assert number not in first.stderr and "12345678901" not in first.stderr
    before = heads()
    again = run("import", path, *MAP, "--data", data, "--json", expect=1)
    assert json.loads(again.stdout)["imported"] == 0 and json.loads(again.stdout)["known"] == 2
    assert heads() == before


def test_old_measurements_alert_only_when_asked():
    number = state["demo"]["patients"][0]["identity_number"]
    before = len(listed("alerts", "--status", "all", "--limit", "100000"))
    path = csv_file("old.csv", [f"{number};2026-01-0{day} 07:00;99;%" for day in range(1, 4)])
    words = ["--map", "patient=Person,time=Dato,value=Verdi,unit=Enhet", "--kind", "oxygen-saturation", "--data", data]
    said = run("import", path, *words).stdout
    assert "no alerts" in said, said
    assert len(listed("alerts", "--status", "all", "--limit", "100000")) == before
    path = csv_file("low.csv", [f"{number};2026-11-01 07:00;60;%"])
    assert "1 alerts were raised" in run("import", path, *words, "--alerts").stdout
    assert len(listed("alerts", "--status", "all", "--limit", "100000")) == before + 1


def test_a_glucose_log_needs_a_patient():
    log = f"{folder}/log"
    with open(log, "w", encoding="utf-8") as stream:
        stream.write("04-21-1991\t9:09\t58\t100\n04-21-1991\t9:09\t33\t009\nrubbish\n")
    assert "--patient" in run("import", log, "--format", "uci-diabetes", "--data", data, expect=2).stderr
    patient = state["demo"]["patients"][1]["id"]
    first = run("import", log, "--format", "uci-diabetes", "--patient", patient, "--data", data, expect=1)
    assert "2 imported" in first.stdout and "line 3" in first.stderr


def test_the_reasons_of_bad_rows_are_norwegian_too():
    patient = state["demo"]["patients"][1]["id"]
    log = f"{folder}/bad-log"
    with open(log, "w", encoding="utf-8") as stream:
        stream.write("04-21-1991\t9:09\t99\t100\nrubbish\n04-21-1991\t9:09\t58\tx\n")
    said = in_norwegian("import", log, "--format", "uci-diabetes", "--patient", patient, "--data", data)
    assert "linje 1: Koden er ukjent" in said and "linje 2: Raden har ikke fire kolonner" in said, said
    path = csv_file("bad.csv", [";2026-01-02 08:00;x;mmol/L", ";x;7;mmol/L"])
    said = in_norwegian("import", path, *MAP, "--patient", patient, "--data", data)
    assert "linje 2: verdien er ikke et tall" in said and "linje 3: tidspunktet kan ikke leses" in said, said


def test_backup_verify_restore():
    backup = f"{folder}/backup.db"
    run("backup", backup, "--data", data)
    assert os.stat(backup).st_mode & 0o077 == 0
    assert "exists" in run("backup", backup, "--data", data, expect=2).stderr
    before = heads()
    run("user", "add", "etter", "--name", "Etter Kopien", "--centre", CENTRE, "--data", data)
    assert "epoch" in run("restore", backup, "--data", data).stdout
    assert heads() == before
    assert not any(row["user_name"] == "etter" for row in listed("user", "list"))
    assert json.loads(run("verify", "--data", data, "--json").stdout)["faults"] == 0


def test_a_damaged_backup_is_not_put_in_place():
    whole = open(f"{folder}/backup.db", "rb").read()
    damaged = f"{folder}/damaged.db"
    for name, content in (("cut", whole[: len(whole) // 2]), ("overwritten", whole[:8192] + b"\xff" * 65536 + whole[73728:]),
                          ("no database", b"hello" * 1000)):
        with open(damaged, "wb") as stream:
            stream.write(content)
        before = heads()
        run("restore", damaged, "--data", data, expect=1)
        assert heads() == before, name


def test_a_backup_in_which_one_bit_rotted_is_not_put_in_place():
    import random
    chance = random.Random(20261122)
    rotten = f"{folder}/rotten.db"
    whole = open(f"{folder}/backup.db", "rb").read()
    shutil.copyfile(f"{folder}/backup.db.sum", f"{rotten}.sum")
    before = heads()
    for _round in range(15):
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        with open(rotten, "wb") as stream:
            stream.write(content)
        assert "rotted" in run("verify", "--file", rotten, expect=1).stderr
        run("restore", rotten, "--data", data, expect=1)
    for content in (whole[:-4096], whole + b"\0" * 4096, whole[4096:8192] + whole[:4096] + whole[8192:]):
        with open(rotten, "wb") as stream:
            stream.write(content)
        run("verify", "--file", rotten, expect=1)
    with open(f"{rotten}.sum", "w", encoding="ascii") as stream:
        stream.write("no sum")
    shutil.copyfile(f"{folder}/backup.db", rotten)
    run("verify", "--file", rotten, expect=1)
    shutil.copyfile(f"{folder}/backup.db.sum", f"{rotten}.sum")
    run("verify", "--file", rotten)
    assert heads() == before


def test_verify_finds_what_is_wrong():
    import sqlite3
    broken = f"{folder}/broken.db"
    cases = ["DELETE FROM feed WHERE seq = 2", "UPDATE scope SET head = head + 1",
             "DELETE FROM patient WHERE id IN (SELECT id FROM patient LIMIT 1)",
             "DELETE FROM alert_event WHERE alert_id IN (SELECT id FROM alert LIMIT 1)"]
    for sql in cases:
        shutil.copyfile(f"{folder}/backup.db", broken)
        wire = sqlite3.connect(broken)
        wire.execute(sql)
        wire.commit()
        wire.close()
        result = run("verify", "--file", broken, expect=1)
        assert "×" in result.stdout and "not sound" in result.stderr, (sql, result.stdout)


def start_server():
    centre = Centre(data, log=f"{folder}/server.log")
    centre.start_server()
    state["server"], state["centre"] = centre.server, centre


def test_beside_a_running_server():
    start_server()
    made = json.loads(run("user", "add", "nina", "--name", "Nina Ny", "--centre", CENTRE, "--role", "nurse", "--json",
                          "--data", data).stdout)
    from workstation import Workstation
    station = Workstation(state["centre"], made["name"], made["password"])
    station.sign_in()
    station.pull()
    assert station.all("patient")
    number = state["demo"]["patients"][2]["identity_number"]
    path = csv_file("beside.csv", [f"{number};2026-01-05 08:00;6,{n};mmol/L" for n in range(5)])
    assert "5 imported" in run("import", path, *MAP, "--data", data).stdout
    assert "5 there already" in run("import", path, *MAP, "--data", data).stdout
    known = len(station.records.get("measurement", {}))
    station.pull()
    assert len(station.records["measurement"]) == known + 5
    run("gateway", "add", "hub 2", "--centre", CENTRE, "--data", data)
    run("backup", "beside.db", "--data", data)
    assert json.loads(run("verify", "--file", f"{folder}/beside.db", "--json").stdout)["faults"] == 0
    run("verify", "--data", data)
    assert "stop" in run("restore", f"{folder}/beside.db", "--data", data, expect=1).stderr
    run("user", "disable", "nina", "--data", data)


def test_emergency_access_is_listed_and_reviewed_by_who_answers_for_the_centre():
    """Opened at the running server by a nurse whom the patient bars."""
    users = {user["role"]: user["name"] for user in reversed(state["demo"]["users"])}
    nurse = next(user for user in state["demo"]["users"] if user["name"] == users["nurse"])
    patient = state["demo"]["patients"][1]
    with contextlib.closing(sqlite3.connect(f"{data}/fyrlykt.db", timeout=10)) as database:
        name, = database.execute('SELECT name FROM "user" WHERE user_name = ?', (nurse["name"],)).fetchone()
        database.execute('INSERT INTO patient_block (patient, "user") SELECT ?, id FROM "user" WHERE user_name = ?',
                         (bytes.fromhex(patient["id"].replace("-", "")), nurse["name"]))
        database.commit()
    from workstation import Workstation
    station = Workstation(state["centre"], nurse["name"], nurse["password"])
    station.sign_in()
    answer = station.request("POST", "/emergency/v1/open",
                             {"device": station.device, "identity_number": patient["identity_number"],
                              "reason": "danger", "text": "Bevisstløs hjemme i dag", "password": nurse["password"]})
    access = answer["access"]["id"]
    row, = listed("emergency")
    assert row["id"] == access and row["user"] == name and row["reason"] == "danger" and row["role"] == "nurse", row
    assert row["text"] == "Bevisstløs hjemme i dag" and not row["review"], row
    assert row["patient_id"] == patient["id"] and "patient_name" not in row
    assert "--by" in run("emergency", "review", access, "--data", data, expect=2).stderr
    by = ("--by", users["manager"], "--data", data)
    assert "--verdict" in run("emergency", "review", access, *by, expect=2).stderr
    assert "--verdict" in run("emergency", "review", access, "--verdict", "ended", *by, expect=2).stderr
    run("emergency", "review", "01920000-0000-7000-8000-0000000000e2", "--verdict", "seen", *by, expect=1)
    assert "manager" in run("emergency", "review", access, "--verdict", "justified", "--by", users["nurse"], "--data",
                            data, expect=1).stderr
    run("emergency", "review", access, "--verdict", "seen", *by)
    assert listed("emergency")[0]["review"] == "seen"
    run("emergency", "review", access, "--verdict", "unjustified", "--note", "Ingen fare", *by)
    assert listed("emergency") == []
    row, = listed("emergency", "--all")
    assert row["review"] == "unjustified" and row["note"] == "Ingen fare" and row["reviewer"], row
    run("verify", "--data", data)


def test_a_stolen_workstation_is_shut_out_and_a_wiped_one_leaves_the_list():
    """At the running server: its pull is given nothing, its sign-in is refused; each decision has a name and a reason."""
    users = {user["role"]: user for user in reversed(state["demo"]["users"])}
    nurse, by = users["nurse"], ("--by", users["administrator"]["name"], "--data", data)
    from workstation import Workstation
    station = Workstation(state["centre"], nurse["name"], nurse["password"])
    station.sign_in()
    station.pull()
    device = station.device

    def state_of():
        row, = [row for row in listed("workstation", "--user", nurse["name"]) if row["device"] == device]
        return row["state"], row["sessions"]

    assert state_of() == ("open", 1)
    assert device in [row["device"] for row in listed("workstation", "--centre", CENTRE)]
    run("workstation", "list", "--centre", CENTRE, "--user", nurse["name"], "--data", data, expect=2)
    assert "--by" in run("workstation", "shut-out", device, "--data", data, expect=2).stderr
    assert "--reason" in run("workstation", "shut-out", device, *by, expect=2).stderr
    run("workstation", "shut-out", "01920000-0000-7000-8000-0000000000e2", "--reason", "Ukjent", *by, expect=1)
    run("workstation", "wiped", device, "--reason", "Et annet sted", *by, expect=2)
    run("workstation", "shut-out", device, "--reason", "Stjålet fra en bil", *by)
    assert state_of()[0] == "shut-out"
    waiting = {row["scope"] for row in listed("revocations") if row["device"] == device}
    assert len(waiting) > 4, waiting
    page = station.pull_page()
    assert page["granted"] == [] and set(page["revoked"]) <= waiting, page
    early = time.strftime("%Y-%m-%d %H:%M", time.localtime(time.time() - 86400 * 2))
    wiped = ("revocations", "wiped", device, "--reason", "Slettet av IKT")
    assert "--at" in run(*wiped, *by, expect=2).stderr
    assert "--at" in run(*wiped, "--at", "i går", *by, expect=2).stderr
    assert "since" in run(*wiped, "--at", early, *by, expect=1).stderr
    with contextlib.closing(sqlite3.connect(f"{data}/fyrlykt.db", timeout=10)) as database:
        for table, column in (("session", "created"), ("holder", "seen"), ("workstation", "seen")):
            database.execute(f"UPDATE {table} SET {column} = {column} - 120000")
        database.commit()
    now = subprocess.run(["date", "+%Y-%m-%d %H:%M"], env={**os.environ, "TZ": "Europe/Oslo"}, check=True,
                         capture_output=True, text=True).stdout.strip()
    run(*wiped, "--at", now, *by)
    assert device not in [row["device"] for row in listed("revocations")]
    assert {row["state"] for row in listed("revocations", "--all") if row["device"] == device} == {"wiped"}
    run("workstation", "let-in", device, "--reason", "Funnet", *by)
    assert [(row["decision"], row["by"], row["reason"]) for row in listed("workstation", "decisions")] == [
        (decision, users["administrator"]["name"], reason)
        for decision, reason in (("shut-out", "Stjålet fra en bil"), ("wiped", "Slettet av IKT"), ("let-in", "Funnet"))]
    station.sign_in()
    with open(f"{folder}/server.log", encoding="utf-8") as log:
        text = log.read()
    assert f"device-shut-out device={device}" in text and "Stjålet" not in text
    run("verify", "--data", data)


def test_a_killed_server_leaves_a_sound_database():
    state["server"].send_signal(signal.SIGKILL)
    state["server"].wait()
    time.sleep(0.1)
    assert json.loads(run("verify", "--data", data, "--json").stdout)["faults"] == 0
    run("organization", "list", "--data", data)


if __name__ == "__main__":
    tap.main()
