# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about C sources: arrows, sizes, calls, documentation."""
import re

import csource
from findings import Finding

# Which rooms a room may include; the build keeps the same arrows with include directories.
ARROWS = {
    "app": {"sync", "store", "wire", "chart", "domain", "schema"},
    "sync": {"store", "wire", "domain", "schema"},
    "server": {"wire", "db", "domain", "schema"},
    "admin": {"server", "sim", "wire", "db", "domain", "schema"},
    "sim": {"server", "wire", "db", "domain", "schema"},
    "store": {"db", "domain", "schema"},
    "wire": {"domain", "schema"},
    "db": {"schema"},
    "domain": {"schema"},
    "schema": set(),
    "chart": set(),
}

# Libraries that only some rooms may see.
LIBRARIES = {
    re.compile(r"gtk/|gdk/|adwaita\.h"): {"app", "chart"},
    re.compile(r"libsoup/"): {"sync", "server", "admin", "sim"},
    re.compile(r"sqlite3\.h|libpq"): {"db"},
    re.compile(r"gio/"): {"app", "sync", "server", "admin", "sim", "store", "db", "wire", "chart"},
}

FILE_LINES, FUNCTION_LINES, FUNCTION_P99, NESTING, UI_LINES = 1000, 120, 90, 4, 300

FORBIDDEN = {
    r"\bgoto\b": "no goto: split the function, or g_autoptr",
    r"\b(sprintf|vsprintf|strcpy|strcat|gets|strtok|alloca)\s*\(": "unbounded; use g_strdup_printf, GString",
    r"\b(system|popen)\s*\(": "no shell from the product; use GSubprocess with an argument vector",
    r"\b(sleep|usleep|g_usleep|nanosleep)\s*\(": "nothing waits by the clock; use the main loop or a condition",
    r"\b(atoi|atol|atof)\s*\(": "no error told; use g_ascii_string_to_signed or g_ascii_strtod with a check",
    r"\bgtk_(dialog|message_dialog|info_bar|combo_box\w*|tree_view\w*|cell_\w+|list_store|entry_completion)_\w+\s*\(":
        "old toolkit class; see the table in HACKING.md",
    r"\bGtk(TreeView|CellRenderer\w*|ListStore|Dialog|MessageDialog|ComboBoxText|InfoBar|EntryCompletion)\b":
        "old toolkit class; see the table in HACKING.md",
    r"\bgtk_(show_uri|render_)\w*\s*\(": "use g_app_info_launch_default_for_uri_async; draw with Cairo",
    r"\badw_(leaflet|flap)_\w+\s*\(|\bAdw(Leaflet|Flap)\b": "deprecated in libadwaita 1.4",
}

DOMAIN_IMPURE = re.compile(
    r"\b(g_get_real_time|g_get_monotonic_time|g_date_time_new_now\w*|time|clock_gettime|gettimeofday|"
    r"fopen|open|g_file_\w+|g_getenv|getenv|g_random_\w+|rand|g_message|g_warning|g_print|printf)\s*\(")
PRINTS = re.compile(r"\b(g_print|g_printerr|printf|puts|putchar|perror)\s*\(|\bfprintf\s*\(\s*std")
PRINTING_ROOMS = {"admin", "sim"}
VERSION_IF = re.compile(r"^[ \t]*#[ \t]*(?:el)?if.*\b(GTK_CHECK_VERSION|ADW_CHECK_VERSION|GTK_M\w+_VERSION|"
                        r"ADW_M\w+_VERSION)", re.MULTILINE)
LOGGING = re.compile(r"\b(g_message|g_debug|g_info|g_warning|g_critical|g_error|g_log\w*|g_printerr)\s*\(")
PERSONAL = re.compile(r"family_name|given_name|identity_number|full_name|telephone|birth_date|address_line|password")


def arrows(tree):
    """A room includes only the rooms its arrows point to, and only the libraries it may see."""
    rooms = {}
    for header in tree.files("src/**/*.h"):
        if header.name in rooms and rooms[header.name] != header.room:
            yield Finding(header.path, 0, f"a header of this name is in room {rooms[header.name]} too")
        rooms[header.name] = header.room
    rooms.setdefault("fyr-records.h", "schema")
    pattern = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)[>\"]", re.MULTILINE)
    for source in tree.c_files():
        code = csource.code_only(source.text, keep_strings=True)
        for line, match in source.find(pattern, code):
            yield from _included(source, line, match.group(1), match.group(2), rooms)


def _included(source, line, quote, name, rooms):
    if source.room not in ARROWS:
        yield Finding(source.path, line, f"no room “{source.room}” in the map of arrows")
    elif quote == '"':
        room = rooms.get(name.split("/")[-1])
        if "/" in name:
            yield Finding(source.path, line, f"includes are flat: “{name}”")
        if room and room != source.room and room not in ARROWS[source.room]:
            yield Finding(source.path, line, f"{source.room} may not include {name} of {room}")
    else:
        for library, allowed in LIBRARIES.items():
            if library.match(name) and source.room not in allowed:
                yield Finding(source.path, line, f"{source.room} may not include <{name}>")


def file_sizes(tree):
    """No file has more than 1000 lines, no interface file more than 300."""
    for source in tree.files("src/**/*.[ch]", "tests/**/*.[ch]", "bench/**/*.[ch]", "**/*.py", "src/**/*.toml"):
        if len(source.lines) > FILE_LINES:
            yield Finding(source.path, 0, f"{len(source.lines)} lines; at most {FILE_LINES}")
    for source in tree.files("src/**/*.ui"):
        if len(source.lines) > UI_LINES:
            yield Finding(source.path, 0, f"{len(source.lines)} lines; at most {UI_LINES}")


def function_sizes(tree):
    """No function has more than 120 lines, and 99 of 100 have at most 90."""
    long = every = 0
    for source in tree.all_c_files():
        for function in source.functions:
            every += 1
            long += function.lines > FUNCTION_P99
            if function.lines > FUNCTION_LINES:
                yield Finding(source.path, function.first, f"{function.name} has {function.lines} lines; "
                              f"at most {FUNCTION_LINES}")
    if long > max(1, every // 100):
        yield Finding("src", 0, f"{long} of {every} functions have more than {FUNCTION_P99} lines; at most 1 %")


def nesting(tree):
    """No block lies deeper than four levels inside a function."""
    for source in tree.all_c_files():
        for function in source.functions:
            if function.nesting > NESTING:
                yield Finding(source.path, function.first, f"{function.name} nests {function.nesting} deep; "
                              f"at most {NESTING}")


def forbidden_calls(tree):
    """Calls that are unsafe, old, or wait by the clock are not in the product."""
    compiled = [(re.compile(pattern), why) for pattern, why in FORBIDDEN.items()]
    for source in tree.c_files():
        compat = source.path.startswith("src/app/compat/")
        for pattern, why in compiled:
            if compat and "toolkit" in why:
                continue
            for line, match in source.find(pattern):
                yield Finding(source.path, line, f"{match.group(0).strip()}: {why}")


def domain_is_pure(tree):
    """The domain reads no clock, no file, no environment, no chance, and prints nothing."""
    for source in tree.files("src/domain/**/*.[ch]"):
        for line, match in source.find(DOMAIN_IMPURE):
            yield Finding(source.path, line, f"{match.group(1)}: pass the value in")


def library_prints(tree):
    """Library rooms return errors and log codes; only command programs print."""
    for source in tree.c_files():
        if source.room in PRINTING_ROOMS or source.name in ("main.c", "fyr-server-main.c"):
            continue
        for line, match in source.find(PRINTS):
            yield Finding(source.path, line, f"{match.group(0).strip()}: a library room does not print")


def sqlite_in_db_only(tree):
    """SQLite's C interface is called in src/db only."""
    pattern = re.compile(r"\bsqlite3_\w+\s*\(|\bPQ[a-z]\w+\s*\(")
    for source in tree.c_files():
        if source.room != "db":
            for line, match in source.find(pattern):
                yield Finding(source.path, line, f"{match.group(0).strip()}: only src/db calls the database")


def version_branches(tree):
    """Branches on the toolkit's version stand in src/app/compat only."""
    for source in tree.c_files():
        if not source.path.startswith("src/app/compat/"):
            for line, match in source.find(VERSION_IF):
                yield Finding(source.path, line, f"{match.group(1)}: belongs in src/app/compat/")


def logged_names(tree):
    """No log line is given a name, number or telephone of a person, or a password."""
    for source in tree.c_files():
        code = csource.code_only(source.text, keep_strings=True)
        for line, match in source.find(LOGGING, code):
            end = code.find(";", match.end())
            arguments = code[match.end():end]
            personal = PERSONAL.search(arguments)
            if personal:
                yield Finding(source.path, line, f"logs {personal.group(0)}: log ids and codes only")


def _told_elsewhere(source, prototype):
    """Whether the type's own comment tells of it: a getter of a property named there, or a plain new."""
    name = re.search(r"_(?:get|set|is)_(\w+)$", prototype.name)
    if name:
        words = name.group(1)
        return any(f"`{word}`" in source.text for word in (words, words.replace("_", "-")))
    return prototype.name.endswith("_new") and "(void)" in prototype.text


def public_documentation(tree):
    """Every public function has a comment in its header, which names its errors when it can fail."""
    for source in tree.files("src/**/*.h"):
        if source.name.endswith("-private.h") or "/*< private >*/" in source.text:
            continue
        end, told = 0, False
        prototypes = csource.prototypes(source.text)
        first = prototypes[0].line if prototypes else 0
        # What the head of the file says of errors holds for all below.
        general = "error" in re.sub(r"#include[^\n]*", "", "\n".join(source.lines[:max(0, first - 12)])).lower()
        for prototype in prototypes:
            # A line directly below, with no empty line between, shares the comment above.
            told = bool(prototype.comment) or (told and prototype.line == end + 1)
            end = prototype.line + prototype.text.count("\n")
            if prototype.name.endswith(("_get_type", "_error_quark", "_free", "_ref", "_unref")):
                continue
            if not told and not _told_elsewhere(source, prototype):
                yield Finding(source.path, prototype.line, f"{prototype.name} has no comment")
            elif "GError **" in prototype.text and prototype.comment and not general and (
                    not re.search(r"error|\bas (?:there|\w+ ?\(\))|what fyr_\w+ ?\(\)", prototype.comment.lower())):
                yield Finding(source.path, prototype.line, f"{prototype.name} does not say which errors it sets")


def headers(tree):
    """A header says `#pragma once`, is named fyr-…, and has a source of the same name beside it."""
    for source in tree.files("src/**/*.h"):
        if "#pragma once" not in source.text:
            yield Finding(source.path, 1, "no #pragma once")
    for source in tree.c_files():
        if not source.name.startswith("fyr-") and source.name != "main.c":
            yield Finding(source.path, 0, "sources are named fyr-thing.c and fyr-thing.h")


def licence_lines(tree):
    """The first lines of every source name the licence."""
    patterns = ("src/**/*.[ch]", "tests/**/*.[ch]", "bench/**/*.[ch]", "src/**/*.py", "tests/**/*.py",
                "dev.d/*.py", "bench/**/*.py", "dev", ".ci/run")
    for source in tree.files(*patterns):
        if not any("SPDX-License-Identifier: GPL-3.0-or-later" in line for line in source.lines[:3]):
            yield Finding(source.path, 1, "no SPDX-License-Identifier: GPL-3.0-or-later in the first lines")


def stolen_arguments(tree):
    """No call both reads a variable and steals it in its arguments: C leaves the order open."""
    steal = re.compile(r"g_steal_pointer \(&(\w+)\)")
    for source in tree.all_c_files():
        start = 0
        for statement in re.split(r"[;{}]", source.code):
            for match in steal.finditer(statement):
                rest = statement[:match.start()] + statement[match.end():]
                read = re.search(rf"\w \([^?&|=]*(?<![\w>.&])(?<!->){match.group(1)}\b(?!\s*=[^=])", rest)
                if read and "?" not in statement and "&&" not in statement and not re.match(
                        rf"\s*{match.group(1)}\s*=", rest):
                    yield Finding(source.path, csource.line_of(source.code, start + match.start()),
                                  f"{match.group(1)} is read and stolen in one call")
            start += len(statement) + 1


def unfinished(tree):
    """Nothing is left for later in the sources: finish it, or write an issue."""
    pattern = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    for source in tree.files("src/**/*.[ch]", "src/**/*.ui", "src/**/*.py", "tests/**/*.[ch]", "src/**/*.md"):
        for line, match in source.find(pattern, source.text):
            yield Finding(source.path, line, f"{match.group(1)} left in the sources")


# Rooms where a wrong line costs most: as many lines of tests as of code.
TESTED = {"domain": 1.0, "wire": 1.0, "db": 1.0, "store": 1.0, "sync": 1.0, "server": 1.0}
TESTED_OVER_ALL = 0.8


def test_sizes(tree):
    """Lines of tests weigh as much as lines of code where it matters."""
    def lines(*patterns):
        # Neither empty lines nor comments count, on either side.
        return sum(1 for source in tree.files(*patterns)
                   for line in (source.code if source.path.endswith((".c", ".h")) else source.text).splitlines()
                   if line.strip() and not (source.path.endswith(".py") and line.lstrip().startswith("#")))

    for room, goal in TESTED.items():
        code = lines(f"src/{room}/**/*.[ch]")
        tests = lines(f"tests/{room}/**/*.[ch]", f"tests/{room}/**/*.py")
        if code and tests < goal * code:
            yield Finding(f"tests/{room}", 0, f"{tests} lines of tests for {code} of code; at least {goal:g}")
    code, tests = lines("src/**/*.[ch]"), lines("tests/**/*.[ch]", "tests/**/*.py")
    if code and tests < TESTED_OVER_ALL * code:
        yield Finding("tests", 0, f"{tests} lines of tests for {code} of code over all; at least {TESTED_OVER_ALL:g}")


RULES = {
    "include-arrows": arrows,
    "file-sizes": file_sizes,
    "function-sizes": function_sizes,
    "nesting": nesting,
    "forbidden-calls": forbidden_calls,
    "domain-is-pure": domain_is_pure,
    "library-prints": library_prints,
    "sqlite-in-db-only": sqlite_in_db_only,
    "version-branches": version_branches,
    "logged-names": logged_names,
    "public-documentation": public_documentation,
    "headers": headers,
    "licence-lines": licence_lines,
    "stolen-arguments": stolen_arguments,
    "unfinished": unfinished,
    "test-sizes": test_sizes,
}
