# SPDX-License-Identifier: GPL-3.0-or-later
"""FHIR intake, durable and triaged, per second, beside a bare C loop that inserts the same rows into the
same tables in the same run; and the server's memory before and after."""
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time

from measure import Centre, at_least, doing, figure, helper, resident_mb, thread_seconds

SECONDS = float(os.environ.get("FYRLYKT_BENCH_SECONDS", "8"))
PATIENTS = 500


def load(centre, people, bundle, connections):
    """Run the load helper; what it counted."""
    answer = subprocess.run(
        [helper("load"), "127.0.0.1", str(centre.port), centre.gateway_token, people, str(connections),
         str(SECONDS), str(bundle)], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise RuntimeError(f"load: {answer.stdout} {answer.stderr}")
    return json.loads(answer.stdout)


def bare_insert(database, rows):
    """Measurements a second of a bare C loop: the newest of a copy of the server's database, with their external ids
    and feed entries, written again into the same tables, in transactions of 100."""
    return float(subprocess.run([helper("bare-insert"), database, str(rows)], capture_output=True, text=True,
                                check=True).stdout)


def stored(data_dir):
    """Measurements in the server's database."""
    path = next(path for path in glob.glob(f"{data_dir}/*.db") + glob.glob(f"{data_dir}/*.sqlite*")
                if not path.endswith(("-wal", "-shm")))
    wire = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    return path, wire.execute("SELECT count(*) FROM measurement").fetchone()[0]


def main():
    folder = tempfile.mkdtemp(prefix="fyrlykt-bench-")
    try:
        doing(f"making a centre with {PATIENTS} patients")
        with Centre(f"{folder}/data", patients=PATIENTS, log=f"{folder}/server.log") as centre:
            people = f"{folder}/people"
            with open(people, "w", encoding="utf-8") as stream:
                stream.writelines(f"{one['identity_system']}\t{one['identity_number']}\n"
                                  for one in centre.patients)
            figure("server memory, idle", resident_mb(centre.server.pid), "MB")
            _path, before = stored(centre.data_dir)
            doing(f"single Observations for {SECONDS:g} s")
            single = load(centre, people, 0, 32)
            path, between = stored(centre.data_dir)
            at_least("intake, single Observations", single["answered"] / single["seconds"], "1/s", 5000)
            figure("intake, single, p50", single["p50_ms"], "ms")
            figure("intake, single, p99", single["p99_ms"], "ms")
            figure("intake, single, refused", single["refused"], "", "= 0", single["refused"] == 0)
            kept = between - before
            figure("intake, single, answered and stored", kept / max(1, single["answered"]), "ratio", "≥ 1",
                   kept >= single["answered"])
            doing(f"Bundles of 100 for {SECONDS:g} s")
            writer, whole = (thread_seconds(centre.server.pid, name) for name in ("fyr-writer", None))
            bundle = load(centre, people, 100, 8)
            each = 1e6 / (bundle["answered"] * 100)
            rate = bundle["answered"] * 100 / bundle["seconds"]
            at_least("intake, Bundles of 100, Observations", rate, "1/s", 20000)
            figure("intake, Bundles, processor time of the writing thread an Observation",
                   (thread_seconds(centre.server.pid, "fyr-writer") - writer) * each, "µs")
            figure("intake, Bundles, processor time of the server an Observation",
                   (thread_seconds(centre.server.pid, None) - whole) * each, "µs")
            figure("intake, Bundles, p99", bundle["p99_ms"], "ms")
            figure("intake, Bundles, refused", bundle["refused"], "", "= 0", bundle["refused"] == 0)
            figure("server memory, after load", resident_mb(centre.server.pid), "MB")
        copy = f"{folder}/bare.db"
        with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        doing("the bare loop")
        bare = bare_insert(copy, 100000)
        figure("peer: bare C loop, the same rows", bare, "1/s")
        figure("intake, Bundles, of the bare loop", rate / bare, "ratio", "≥ 0.333", rate >= bare / 3)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
