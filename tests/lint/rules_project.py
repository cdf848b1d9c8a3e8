# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about everything that is not C: translations, data files, scripts, documents, formatting."""
import ast
import os
import re
import tempfile

from findings import Finding, Skip

KEYWORDS = ["--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
            "--keyword=g_dcgettext:2", "--keyword=g_dngettext:2,3", "--keyword=g_dpgettext2:2c,3",
            "--keyword=ngettext:1,2",
            "--flag=g_strdup_printf:1:c-format", "--flag=g_string_printf:2:c-format"]
TRANSLATED_C = re.compile(r"(?<![\w])(_|N_|C_|NC_|ngettext|g_dngettext|g_dpgettext2)\s*\(\s*\"")
TRANSLATED_XML = re.compile(r"translatable=\"(yes|true)\"|<(summary|description)>")
CLANG_FORMAT_MAJOR = 14


def _potfiles(tree):
    if not tree.has("po/POTFILES"):
        return []
    return [line.strip() for line in tree.source("po/POTFILES").lines if line.strip() and not line.startswith("#")]


def potfiles(tree):
    """po/POTFILES names every file with text a person reads, sorted, and no other."""
    listed = _potfiles(tree)
    if listed != sorted(set(listed)):
        yield Finding("po/POTFILES", 0, "not sorted, or a line twice")
    for path in listed:
        if not tree.has(path):
            yield Finding("po/POTFILES", 0, f"{path} does not exist")
    for source in tree.files("src/**/*.c", "src/**/*.h", "src/**/*.ui", "data/*.gschema.xml", "data/*.in"):
        pattern = TRANSLATED_C if source.path.endswith((".c", ".h")) else TRANSLATED_XML
        told = source.path.endswith(".in") or pattern.search(source.text)
        if told and source.path not in listed:
            yield Finding(source.path, 0, "has text to translate and is not in po/POTFILES")


def _unmatched(template, output):
    """msgcmp's complaints, with the message itself instead of a place in a file that is gone."""
    with open(template, encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    for line in output.splitlines():
        place = re.match(r".*fyrlykt\.pot:(\d+): (.*)", line)
        if place:
            start = int(place.group(1)) - 1
            while start > 0 and not lines[start].startswith("msgid "):
                start -= 1
            end = next((i for i in range(start, len(lines)) if lines[i].startswith("msgstr")), start + 1)
            message = lines[start:end]
            yield Finding("po/nb.po", 0, f"{' '.join(message)}: not translated")
        elif "fatal error" not in line and "not used" not in line:
            yield Finding("po/nb.po", 0, line)


def norwegian(tree):
    """po/nb.po is well formed and has every message of the sources, translated."""
    if not tree.has("po/nb.po"):
        yield Finding("po/nb.po", 0, "does not exist")
        return
    code, output = tree.run("msgfmt", "--check", "-o", "/dev/null", "po/nb.po")
    if code != 0:
        yield from (Finding("po/nb.po", 0, line) for line in output.splitlines())
        return
    with tempfile.TemporaryDirectory() as folder:
        template = f"{folder}/fyrlykt.pot"
        existing = [path for path in _potfiles(tree) if tree.has(path)]
        code, output = tree.run("xgettext", "--from-code=UTF-8", "--add-comments", *KEYWORDS, "-o", template,
                                *existing)
        if code != 0:
            yield Finding("po", 0, f"xgettext: {output}")
        elif os.path.exists(template):
            code, output = tree.run("msgcmp", "po/nb.po", template)
            if code != 0:
                yield from _unmatched(template, output)


def formatted(tree):
    """Every C file is as clang-format leaves it."""
    code, output = tree.run("clang-format", "--version")
    major = re.search(r"version (\d+)", output)
    if code != 0 or not major or int(major.group(1)) != CLANG_FORMAT_MAJOR:
        raise Skip(f"needs clang-format {CLANG_FORMAT_MAJOR}")
    files = [source.path for source in tree.all_c_files()]
    for start in range(0, len(files), 40):
        code, output = tree.run("clang-format", "--dry-run", "--Werror", *files[start:start + 40])
        wrong = sorted({line.split(":")[0] for line in output.splitlines() if "clang-format-violations" in line})
        yield from (Finding(path, 0, "not formatted; run ./dev format") for path in wrong)


def _tool(tree, patterns, command, name=None):
    for source in tree.files(*patterns):
        code, output = tree.run(*command, source.path)
        if code != 0:
            yield Finding(source.path, 0, f"{name or command[0]}: {output}")


def desktop_file(tree):
    """The desktop file is valid."""
    for source in tree.files("data/*.desktop.in"):
        with tempfile.TemporaryDirectory() as folder:
            copy = f"{folder}/{source.name.removesuffix('.in')}"
            with open(copy, "w", encoding="utf-8") as stream:
                stream.write(source.text)
            code, output = tree.run("desktop-file-validate", copy)
            if code != 0:
                yield Finding(source.path, 0, output)


def metainfo(tree):
    """The metainfo file is valid."""
    yield from _tool(tree, ["data/*.metainfo.xml.in", "data/*.metainfo.xml"],
                     ["appstreamcli", "validate", "--no-net", "--explain"])


def settings_schema(tree):
    """The settings schema compiles strictly and has no key for a patient's data."""
    if tree.files("data/*.gschema.xml"):
        code, output = tree.run("glib-compile-schemas", "--strict", "--dry-run", "data")
        if code != 0:
            yield Finding("data", 0, output)
    for source in tree.files("data/*.gschema.xml"):
        for line, match in source.find(re.compile(r"<key name=\"([^\"]*patient[^\"]*|search[^\"]*)\""), source.text):
            yield Finding(source.path, line, f"{match.group(1)}: settings never hold a patient's data")


def xml_files(tree):
    """Interface, help and resource files are well-formed XML."""
    yield from _tool(tree, ["src/**/*.ui", "src/**/*.gresource.xml", "help/**/*.page", "data/**/*.svg"],
                     ["xmllint", "--noout", "--nonet"])


def help_pages(tree):
    """Help pages are built, link to pages that exist, and are wholly in Norwegian."""
    pages = tree.files("help/C/*.page")
    names = {source.name.removesuffix(".page") for source in pages}
    built = tree.source("help/meson.build").text if tree.has("help/meson.build") else ""
    for source in pages:
        if source.name not in built:
            yield Finding(source.path, 0, "not in help/meson.build")
        for line, match in source.find(re.compile(r'xref="([^"#]+)'), source.text):
            if match.group(1) not in names:
                yield Finding(source.path, line, f"links to {match.group(1)}, which does not exist")
    if not pages:
        return
    with tempfile.TemporaryDirectory() as folder:
        template = f"{folder}/fyrlykt.pot"
        code, output = tree.run("itstool", "-o", template, *(source.path for source in pages))
        if code != 0:
            yield Finding("help", 0, f"itstool: {output}")
            return
        code, output = tree.run("msgcmp", "help/nb/nb.po", template)
        if code != 0:
            yield from (Finding("help/nb/nb.po", finding.line, finding.text)
                        for finding in _unmatched(template, output))


def scripts(tree):
    """Shell and Python scripts parse, and Python stays within version 3.11."""
    yield from _tool(tree, ["dev", ".ci/run", "**/*.sh"], ["sh", "-n"], "sh -n")
    for source in tree.files("**/*.py"):
        try:
            ast.parse(source.text, source.path, feature_version=(3, 11))
        except SyntaxError as error:
            yield Finding(source.path, error.lineno or 0, f"python: {error.msg}")


def documents(tree):
    """README, HACKING and src/README name only files that exist, and every room and verb is told of."""
    link = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
    for path in ("README.md", "HACKING.md", "CHANGELOG.md", "src/README.md", "LICENSE"):
        if not tree.has(path):
            yield Finding(path, 0, "does not exist")
            continue
        source = tree.source(path)
        for line, match in source.find(link, source.text):
            target = match.group(1)
            if "://" not in target and not tree.has(os.path.normpath(os.path.join(os.path.dirname(path), target))):
                yield Finding(path, line, f"names {target}, which does not exist")
    if tree.has("src/README.md"):
        rooms = {source.room for source in tree.c_files()}
        told = tree.source("src/README.md").text
        yield from (Finding("src/README.md", 0, f"says nothing of room {room}") for room in sorted(rooms)
                    if f"{room}/" not in told)
    if tree.has("HACKING.md"):
        told = tree.source("HACKING.md").text
        for verb in ("demo", "test", "tour", "bench", "faults", "asan"):
            if f"./dev {verb}" not in told:
                yield Finding("HACKING.md", 0, f"says nothing of ./dev {verb}")


def pure_text(tree):
    """No tab, trailing space or carriage return in what we write, and no line over 120 columns in C."""
    for source in tree.files("src/**/*.[ch]", "tests/**/*.[ch]", "src/**/*.ui", "**/*.py", "**/meson.build"):
        for number, line in enumerate(source.lines, 1):
            if line != line.rstrip() or "\t" in line:
                yield Finding(source.path, number, "trailing space, tab or carriage return")
            elif len(line) > 120 and source.path.endswith((".c", ".h")):
                yield Finding(source.path, number, f"{len(line)} columns; at most 120")


RULES = {
    "potfiles": potfiles,
    "norwegian": norwegian,
    "formatted": formatted,
    "desktop-file": desktop_file,
    "metainfo": metainfo,
    "settings-schema": settings_schema,
    "xml-files": xml_files,
    "help-pages": help_pages,
    "scripts": scripts,
    "documents": documents,
    "pure-text": pure_text,
}
