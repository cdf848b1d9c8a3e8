# SPDX-License-Identifier: GPL-3.0-or-later
# row: hostile input, to server and to client
# figure: every parser fuzzed with sanitizers, guided by coverage: 0 crashes; ≥ 90 % of parser branches
"""Every fuzz target on its corpus and on changed copies of it, and which branches of the parsers that reaches. With
--full clang's fuzzer goes on from there, guided by coverage, with the address and undefined-behaviour sanitizers;
what it finds is kept beside the corpus. (Without clang the sanitizers are those of `./dev asan fuzz`.)"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

from verdict import at_least, figure, size

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
COVERAGE, FUZZER = f"{ROOT}/build-coverage", f"{ROOT}/build-fuzz"
ROUNDS = size(20000, 3000000)
SECONDS = int(os.environ.get("FYRLYKT_FUZZ_SECONDS", "600"))

# What reads a stranger's bytes. Writers, tables of names and the texts of errors are no parsers.
PARSERS = ["wire/fyr-json-document.c", "wire/fyr-wire-read.c", "wire/fyr-wire-push.c", "wire/fyr-wire-pull.c",
           "wire/fyr-wire-check.c", "wire/fyr-wire-sign-in.c", "wire/fyr-wire-record.c", "wire/fyr-fhir-bundle.c",
           "wire/fyr-fhir-observation.c", "wire/fyr-fhir-subject.c", "wire/fyr-fhir-time.c",
           "wire/fyr-fhir-values.c", "wire/fyr-uci-log.c", "server/fyr-guard-head.c", "server/fyr-guard-chunks.c",
           "server/fyr-token.c", "admin/fyr-import-csv.c"]


def targets():
    """Names of the fuzz targets."""
    return sorted(os.path.basename(path)[5:-2] for path in glob.glob(f"{ROOT}/tests/fuzz/fuzz-*.c"))


def build(folder, environment, *options):
    """Set up a build folder and build the fuzz targets in it."""
    more = dict(os.environ, **environment)
    if not os.path.exists(f"{folder}/build.ninja"):
        subprocess.run(["meson", "setup", folder, *options], cwd=ROOT, env=more, check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", folder, *(f"tests/fuzz/fuzz-{name}" for name in targets())], cwd=ROOT, env=more,
                   check=True, stdout=subprocess.DEVNULL)


def run_targets():
    """Every target for a fixed count; how many crashed."""
    crashed = 0
    for name in targets():
        result = subprocess.run([f"{COVERAGE}/tests/fuzz/fuzz-{name}", f"{ROOT}/tests/fuzz/corpus/{name}"],
                                env=dict(os.environ, FYR_FUZZ_ROUNDS=str(ROUNDS)), capture_output=True, text=True,
                                check=False)
        if result.returncode != 0:
            crashed += 1
            print(f"{name}: {result.stdout[-400:]}{result.stderr[-2000:]}", file=sys.stderr)
    return crashed


def branches(parser):
    """Taken and all branches of one parser, and the lines of those not taken; what guards a programmer's mistake
    (g_return_if_fail, g_assert) is not counted."""
    room, name = os.path.split(parser)
    notes = glob.glob(f"{COVERAGE}/src/{room}/*.p/*{name}.gcno")
    answer = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *notes], cwd=COVERAGE,
                            capture_output=True, text=True, check=True)
    with open(f"{ROOT}/src/{parser}", encoding="utf-8") as stream:
        source = stream.read().split("\n")
    taken = total = 0
    missed = []
    for line in answer.stdout.splitlines():
        for unit in json.loads(line)["files"]:
            if not unit["file"].endswith(parser):
                continue
            for row in unit["lines"]:
                if any(word in source[row["line_number"] - 1] for word in ("g_return_", "g_assert", "g_auto")):
                    continue
                counts = [branch["count"] for branch in row["branches"]]
                total += len(counts)
                taken += sum(count > 0 for count in counts)
                if 0 in counts:
                    missed.append(row["line_number"])
    return taken, total, missed


def judge_coverage():
    """Branches reached, in all and where most lack."""
    taken = total = 0
    for parser in PARSERS:
        mine, all_of, missed = branches(parser)
        print(f"{parser}: {mine} of {all_of} branches; not: {missed}", file=sys.stderr)
        taken, total = taken + mine, total + all_of
    figure("hostile input: branches of the parsers", total, "", "> 500", total > 500)
    at_least("hostile input: of them reached", 100.0 * taken / max(1, total), "%", 90)


def guided():
    """clang's fuzzer on every target; how many crashed."""
    build(FUZZER, {"CC": "clang"}, "-Dfuzzer=true", "-Db_sanitize=address,undefined", "-Db_lundef=false",
          "-Dwerror=false", "-Dbench=false")
    crashed = 0
    for name in targets():
        found = f"{FUZZER}/corpus-{name}"
        os.makedirs(found, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            result = subprocess.run([f"{FUZZER}/tests/fuzz/fuzz-{name}", found, f"{ROOT}/tests/fuzz/corpus/{name}",
                                     f"-max_total_time={SECONDS}", "-max_len=65536", "-rss_limit_mb=4096",
                                     f"-artifact_prefix={FUZZER}/crash-{name}-"],
                                    cwd=scratch, capture_output=True, text=True, check=False)
        runs = [line for line in result.stderr.splitlines() if line.startswith("Done ")]
        print(f"{name}: {runs[-1] if runs else result.stderr[-3000:]}", file=sys.stderr)
        crashed += result.returncode != 0
    figure("hostile input: crashes under clang's fuzzer", crashed, "", "= 0", crashed == 0)


def main():
    build(COVERAGE, {}, "-Db_coverage=true", "-Dbuildtype=debug", "-Dbench=false", "-Db_lundef=false")
    for path in glob.glob(f"{COVERAGE}/src/*/*.p/*.gcda"):
        os.remove(path)
    crashed = run_targets()
    figure("hostile input: targets", len(targets()), "")
    figure("hostile input: inputs a target", ROUNDS, "")
    figure("hostile input: crashes", crashed, "", "= 0", crashed == 0)
    judge_coverage()
    if size(False, True):
        if shutil.which("clang"):
            guided()
        else:
            print("clang is not installed", file=sys.stderr)


if __name__ == "__main__":
    main()
