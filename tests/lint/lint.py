#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The project's own lint, in TAP: one test a rule.

  lint.py [RULE…]     judge this tree, by every rule or those named
  lint.py --samples   judge the lint: every rule must find the fault in its own bad sample
                      (samples/<rule>/…), and none in samples/good
"""
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../support"))

import rules_project
import rules_source
import tap
from findings import Skip, Tree

RULES = {**rules_source.RULES, **rules_project.RULES}
# Rules about a whole tree, which the small good sample does not try to be.
WHOLE_TREE = {"documents", "norwegian"}


def findings(rule, tree):
    """What a rule finds in a tree; a rule that cannot judge here skips the test."""
    try:
        return list(RULES[rule](tree))
    except Skip as reason:
        raise tap.Skip(str(reason)) from reason


def judge(rule, tree):
    """The test of one rule on the project."""
    def test():
        found = findings(rule, tree)
        assert not found, "\n".join(["", *map(str, found[:200])])
    return test


def judge_sample(rule):
    """The test of the rule itself: its bad sample fires, and what should be silent is."""
    def test():
        bad = os.path.join(HERE, "samples", rule)
        assert os.path.isdir(bad), f"no bad sample for {rule}"
        expected = open(os.path.join(bad, "EXPECT"), encoding="utf-8").read().split("\n")
        found = "\n".join(map(str, findings(rule, Tree(bad))))
        for words in filter(None, expected):
            assert words in found, f"{rule} did not say “{words}”, only:\n{found}"
        if rule not in WHOLE_TREE:
            silent = findings(rule, Tree(os.path.join(HERE, "samples/good")))
            assert not silent, f"{rule} fired on the good sample:\n" + "\n".join(map(str, silent))
    return test


def main(words):
    """Choose the tests and run them."""
    if words == ["--samples"]:
        tap.main([(f"{rule} finds its bad sample", judge_sample(rule)) for rule in RULES])
    tree = Tree(os.path.join(HERE, "../.."))
    names = words or list(RULES)
    tap.main([(f"{rule}: {RULES[rule].__doc__.strip().splitlines()[0]}", judge(rule, tree)) for rule in names])


if __name__ == "__main__":
    main(sys.argv[1:])
