# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule works on (a tree of files) and what it returns (findings)."""
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property

import csource


class Skip(Exception):
    """Raised by a rule that cannot judge here; its text says why."""


@dataclass
class Finding:
    """One thing that is wrong, where it is."""
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


class Source:
    """One file of the tree; read and parsed once."""

    def __init__(self, root, path):
        self.root = root
        self.path = path

    @cached_property
    def text(self):
        with open(os.path.join(self.root, self.path), encoding="utf-8") as stream:
            return stream.read()

    @cached_property
    def lines(self):
        return self.text.splitlines()

    @cached_property
    def code(self):
        """Text with comments and strings blanked."""
        return csource.code_only(self.text)

    @cached_property
    def functions(self):
        return csource.functions(self.text)

    @property
    def room(self):
        """The room of a file under src/, or None."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "src" and len(parts) > 2 else None

    @property
    def name(self):
        return os.path.basename(self.path)

    def find(self, pattern, code=None):
        """(line, match) of a compiled pattern in the code."""
        code = self.code if code is None else code
        for match in pattern.finditer(code):
            yield csource.line_of(code, match.start()), match


def _pattern(pattern):
    """A regular expression for a pattern of paths."""
    words = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return words.replace(r"\[ch\]", "[ch]")


class Tree:
    """The files of a source tree, by pattern."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self._sources = {}

    @cached_property
    def paths(self):
        """Every path of the tree; the lint's own bad samples and build folders are left out."""
        found = []
        for folder, folders, names in os.walk(self.root):
            here = "" if folder == self.root else os.path.relpath(folder, self.root)
            folders[:] = [name for name in folders if not name.startswith("build") and name not in (
                ".git", "__pycache__", "node_modules") and os.path.join(here, name) != "tests/lint/samples"]
            found += [os.path.join(here, name) for name in names]
        return sorted(found)

    def files(self, *patterns):
        """Sources that match one of the patterns (`*` within a folder, `**/` any folders), sorted."""
        wanted = re.compile("|".join(_pattern(pattern) for pattern in patterns))
        return [self.source(path) for path in self.paths if wanted.fullmatch(path)]

    def source(self, path):
        """One file, kept."""
        if path not in self._sources:
            self._sources[path] = Source(self.root, path)
        return self._sources[path]

    def has(self, path):
        return os.path.exists(os.path.join(self.root, path))

    def c_files(self):
        """C sources and headers of the product."""
        return self.files("src/**/*.c", "src/**/*.h")

    def all_c_files(self):
        """C sources and headers of the product, its tests and benchmarks."""
        return self.files("src/**/*.[ch]", "tests/**/*.[ch]", "bench/**/*.[ch]")

    def run(self, *command):
        """Run a tool in the tree; (status, output)."""
        try:
            result = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False,
                                    stdin=subprocess.DEVNULL)
        except FileNotFoundError as error:
            raise Skip(f"{command[0]} is not installed") from error
        return result.returncode, (result.stdout + result.stderr).strip()
