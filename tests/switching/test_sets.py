"""Labelled sentences by several authors: commands are understood, and work is never taken for one.

The sets `seen_*` and `development` were looked at while the tables were written. `a` to `f` are
what one author each thinks people say; `g` and `h` are by authors who thought of different people
first; `t1` to `t3` are by twelve kinds of people and more, from dictating ones to those who write
English as they would their own language: nearest to what users say, and heard least. `held_out_i`
is like `g` and `h`, was not looked at, and is never used to mend a table: what holds for it may
hold for users. `negatives` is work that looks like a command, and `negative_families` makes more.
"""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from .negative_families import generate
from .worlds import SETS, cases, heard, is_right

RECALL_MIN = {
    "development": 0.99,
    "seen_a": 0.98,
    "seen_b": 0.98,
    "seen_c": 0.98,
    "seen_d": 0.93,
    "seen_e": 0.98,
    "seen_f": 0.98,
    "seen_g": 0.96,
    "seen_h": 0.97,
    "seen_t1": 0.90,
    "seen_t2": 0.88,
    "seen_t3": 0.94,
    "held_out_i": 0.89,
}
"""What share of each set is understood: below these, something has been lost."""
GENERATED = 5_000
SEED = 8


@pytest.mark.parametrize("name", RECALL_MIN)
def test_a_set_is_understood(name: str) -> None:
    found = cases(SETS / f"{name}.jsonl")
    commands = [case for case in found if "intent" in case]
    wrong = [case["text"] for case in commands if not is_right(case)]
    assert commands
    assert len(wrong) <= (1 - RECALL_MIN[name]) * len(commands), wrong
    work = [case["text"] for case in found if "intent" not in case]
    assert [text for text in work if heard(text)] == []


def test_every_set_has_its_share() -> None:
    names = {path.stem for path in SETS.glob("*.jsonl") if not path.stem.startswith("neg")}
    assert names - {"injections"} == set(RECALL_MIN)


def test_no_work_is_taken_for_a_command() -> None:
    work = [case["text"] for case in cases(SETS / "negatives.jsonl")]
    assert work
    assert [text for text in work if heard(text)] == []


def test_no_generated_work_is_taken_for_a_command() -> None:
    made = list(islice(generate(Random(SEED)), GENERATED))
    assert len(made) == GENERATED
    assert [text for text in made if heard(text)] == []
