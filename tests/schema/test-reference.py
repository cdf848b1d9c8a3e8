#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reference page in the tree is the one the declarations make."""
import pathlib
import sys

page, generated = (pathlib.Path(path) for path in sys.argv[1:3])
same = page.exists() and page.read_text() == generated.read_text()
print("1..1")
print(f"{'ok' if same else 'not ok'} 1 - src/schema/REFERENCE.md is up to date")
if not same:
    print(f"# copy {generated} over {page}")
sys.exit(0 if same else 1)
