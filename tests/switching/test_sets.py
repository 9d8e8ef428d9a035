"""Labelled sentences by many authors: commands are understood, and work is never taken for one.

The sets `seen_*` and `development` were looked at while the tables of the grammar were written, and
taught to the classifier. `a` to `f` are what one author each thinks people say; `g` and `h` are by
authors who thought of different people first; `t1` to `t3` are by twelve kinds of people and more,
from dictating ones to those who write English as they would their own language. `taught/` is what
the classifier has learnt from beside these, a file for each author.

From `held_out_*` nothing was ever learnt, and no table was mended with them: what holds there may
hold for users. What was not understood of `i`, `j` and `k` has been looked at afterwards, and a few
names and ways to set one aside were added. Some dozen sentences of `l`, `n` and `o` were seen after
they had been measured, and nothing was mended with them.
`negatives` is work that looks like a command, and `negative_families` makes more.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

import pytest

from .joined import joined
from .negative_families import generate
from .worlds import SETS, TAUGHT, cases, heard, is_right

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
    "held_out_i": 0.98,
    "held_out_j": 0.96,
    "held_out_k": 0.97,
    "held_out_l": 0.965,
    "held_out_n": 0.975,
    "held_out_o": 0.98,
}
"""What share of each set is understood: below these, something has been lost."""
HELD_OUT_HIJACKS_MAX = {"held_out_l": 1, "held_out_n": 2, "held_out_o": 4}
"""Of 400 each, which nobody has looked at before: 0 where nothing is said."""
TAUGHT_RECALL_MIN = 0.78
TAUGHT_HIJACKS_MAX = 0.006
"""Some are called work by one author and a command by another."""
TAUGHT_STEP = 3
"""There are 126,000; more than every third takes long and tells nothing else."""
GENERATED = 5_000
JOINED = 2_000
JOINED_HIJACKS_MAX = 0.005
SEED = 8


@pytest.mark.parametrize("name", RECALL_MIN)
def test_a_set_is_understood(name: str) -> None:
    found = cases(next(SETS.glob(f"{name}.*")))
    commands = [case for case in found if "intent" in case]
    wrong = [case["text"] for case in commands if not is_right(case)]
    assert commands
    assert len(wrong) <= (1 - RECALL_MIN[name]) * len(commands), wrong
    work = [case["text"] for case in found if "intent" not in case]
    taken = [text for text in work if heard(text)]
    assert len(taken) <= HELD_OUT_HIJACKS_MAX.get(name, 0), taken


@pytest.mark.parametrize("path", TAUGHT, ids=lambda path: path.stem)
def test_what_was_taught_is_known(path: Path) -> None:
    found = cases(path)[::TAUGHT_STEP]
    commands = [case for case in found if "intent" in case]
    wrong = [case["text"] for case in commands if not is_right(case)]
    assert len(wrong) <= (1 - TAUGHT_RECALL_MIN) * len(commands), wrong
    work = [case["text"] for case in found if "intent" not in case]
    assert work
    taken = [text for text in work if heard(text)]
    assert len(taken) <= TAUGHT_HIJACKS_MAX * len(work), taken


def test_every_set_has_its_share() -> None:
    names = {path.stem for path in SETS.glob("*.*") if not path.stem.startswith("neg")}
    assert names - {"injections"} == set(RECALL_MIN)


def test_no_work_is_taken_for_a_command() -> None:
    work = [case["text"] for case in cases(SETS / "negatives.jsonl")]
    assert work
    assert [text for text in work if heard(text)] == []


def test_work_beside_a_command_is_lost_by_hardly_any_reply() -> None:
    taught = [case for path in TAUGHT for case in cases(path)]
    texts = [case["text"] for case in islice(joined(taught, Random(SEED)), JOINED)]
    taken = [text for text in texts if heard(text)]
    assert len(taken) <= JOINED_HIJACKS_MAX * JOINED, taken


def test_no_generated_work_is_taken_for_a_command() -> None:
    made = list(islice(generate(Random(SEED)), GENERATED))
    assert len(made) == GENERATED
    assert [text for text in made if heard(text)] == []
