# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading C just well enough to judge it: comments and strings blanked, functions, prototypes."""
import re
from dataclasses import dataclass

_TOKENS = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
_CONTROL = {"if", "for", "while", "switch", "do", "else", "return", "sizeof"}


@dataclass
class Function:
    """A function's definition: name, first and last line (from its name to its brace), deepest nesting."""
    name: str
    first: int
    last: int
    nesting: int
    body: str

    @property
    def lines(self):
        return self.last - self.first + 1


@dataclass
class Prototype:
    """A function declared in a header, and the comment that stands directly before it."""
    name: str
    line: int
    text: str
    comment: str


def _blank(match):
    """The same text in spaces, with its line ends, so that positions stay."""
    text = match.group(0)
    kept = re.sub(r"[^\n]", " ", text)
    return '"' + kept[1:-1] + '"' if text[0] in "\"'" and len(kept) >= 2 else kept


def code_only(text, keep_strings=False):
    """`text` with comments blanked, and strings unless `keep_strings`; every position stays."""
    if keep_strings:
        return _TOKENS.sub(lambda m: m.group(0) if m.group(0)[0] in "\"'" else _blank(m), text)
    return _TOKENS.sub(_blank, text)


def without_preprocessor(code):
    """`code` with preprocessor lines (and their continuations) blanked."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code,
                  flags=re.MULTILINE)


def line_of(text, position):
    """Line number from 1."""
    return text.count("\n", 0, position) + 1


def _function_name(code, brace):
    """Name of the function whose body opens at `brace`, with its position; None when it is no function."""
    before = code[:brace].rstrip()
    if not before.endswith(")"):
        return None
    depth = 0
    for position in range(len(before) - 1, -1, -1):
        if before[position] == ")":
            depth += 1
        elif before[position] == "(":
            depth -= 1
            if depth == 0:
                match = re.search(r"([A-Za-z_]\w*)\s*$", before[:position])
                if match and match.group(1) not in _CONTROL:
                    return match.group(1), match.start(1)
                return None
    return None


def functions(text):
    """Every function defined in a C text."""
    code = without_preprocessor(code_only(text))
    found, depth, deepest, opened = [], 0, 0, None
    for match in re.finditer(r"[{}]", code):
        if match.group(0) == "{":
            if depth == 0:
                opened = _function_name(code, match.start()) and (
                    *_function_name(code, match.start()), match.start())
                deepest = 0
            elif not code[:match.start()].rstrip().endswith(("=", ",", "{", "(")):
                deepest = max(deepest, depth)
            depth += 1
        else:
            depth = max(depth - 1, 0)
            if depth == 0 and opened:
                name, start, brace = opened
                found.append(Function(name, line_of(code, start), line_of(code, match.start()), deepest,
                                      code[brace:match.end()]))
                opened = None
    return found


def prototypes(text):
    """Every function a header declares, with the comment directly before it."""
    code = without_preprocessor(code_only(text))
    code = re.sub(r"\bG_(BEGIN|END)_DECLS\b", lambda m: " " * len(m.group(0)), code)
    found, start, depth = [], 0, 0
    for match in re.finditer(r"[{};]", code):
        if match.group(0) == "{":
            depth += 1
        elif match.group(0) == "}":
            depth -= 1
            if depth == 0 and not code[match.end():].lstrip().startswith((";", "*")) and not re.match(
                    r"\s*[A-Za-z_]\w*\s*;", code[match.end():]):
                start = match.end()
        elif depth == 0:
            statement = code[start:match.start()]
            # Several macros without a semicolon may stand before: take what follows the last of them.
            statement_start = start + (len(statement) - len(statement.lstrip()))
            prototype = _prototype(text, code, statement_start, match.start())
            if prototype:
                found.append(prototype)
            start = match.end()
    return found


def _prototype(text, code, start, end):
    statement = code[start:end]
    if re.match(r"\s*(typedef|struct\s+\w+\s*$|enum|union|extern\s+const|static)\b", statement) or "{" in statement:
        return None
    macro = re.match(r"(G_DECLARE_\w+|G_DEFINE_\w+|G_STATIC_ASSERT)\s*\([^)]*\)\s*", statement)
    while macro:
        start += macro.end()
        statement = code[start:end]
        macro = re.match(r"(G_DECLARE_\w+|G_DEFINE_\w+|G_STATIC_ASSERT)\s*\([^)]*\)\s*", statement)
    match = re.search(r"([A-Za-z_]\w*)\s*\(", statement)
    if not match or match.group(1).startswith("G_") and "(" not in statement[match.end():]:
        return None
    before = text[:start].rstrip()
    comment = ""
    if before.endswith("*/"):
        comment = before[before.rfind("/*"):]
    return Prototype(match.group(1), line_of(code, start), statement.rstrip(), comment)
