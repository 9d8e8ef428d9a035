"""Every failing case that was kept: nothing is found in it any more. And the files they lie in.

A file in `seeds/` is named after what was observed and says what it was. It is a test of its own;
while there are no files, there is no such test.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import trio
from understudy import app
from understudy.actors.backend.exchange import Exchange
from understudy.simulations.explorer.case import Case, run_case
from understudy.simulations.explorer.regression import (
    LINES_MAX,
    Regression,
    RegressionError,
    decode,
    encode,
)

SEEDS = Path(__file__).parent / "seeds"
FILES = sorted(SEEDS.glob("*.json"))
FULL = Case(
    "crowd",
    17,
    "pct",
    ("peer.cut#2", "client.esc#10"),
    {"peer:connection#2@5": (3, 0), "understudy.app.<locals>.x#1@12": (0, -1)},
)
FOUND = "A client that left in a tool call kept its upstream."
TEXT = encode(FULL, "sockets are open", FOUND).decode()


def complaints_of(data: bytes, file: str) -> list[str]:
    """What is wrong with a kept case: it is found again, or nobody said what it was."""
    kept = decode(data, file)
    complaints = [f"{file}: {words}" for words in run_case(kept.case, app).complaints]
    if not kept.found:
        complaints.append(f"{file}: `found` says nothing yet; write a sentence on what was wrong")
    if len(data.splitlines()) > LINES_MAX:
        complaints.append(f"{file}: more than {LINES_MAX} lines; shrink it first")
    return complaints


if FILES:

    @pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
    def test_it_is_not_found_again(path: Path) -> None:
        assert complaints_of(path.read_bytes(), path.name) == []


def test_only_regression_files_lie_in_the_folder() -> None:
    if SEEDS.exists():
        assert sorted(SEEDS.iterdir()) == FILES


def test_a_kept_case_that_fails_again_is_complained_of(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = encode(Case("one-turn", 3, "walk", (), {}), "tasks are left", "A task was left.")
    assert complaints_of(kept, "kept.json") == []
    whole = Exchange.run

    async def leak(self: Exchange, *arguments: object) -> None:
        trio.lowlevel.spawn_system_task(trio.sleep_forever)
        await whole(self, *arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Exchange, "run", leak)
    [complaint] = complaints_of(kept, "kept.json")
    assert "tasks are left" in complaint


def test_a_kept_case_that_nobody_explained_is_complained_of() -> None:
    [complaint] = complaints_of(encode(Case("one-turn", 3), "tasks are left"), "kept.json")
    assert "`found` says nothing yet" in complaint


@pytest.mark.parametrize(
    "case", [FULL, Case("one-turn", 0), Case("slow", -1, "fifo", (), {})], ids=str
)
def test_what_is_written_is_read(case: Case) -> None:
    data = encode(case, "sockets are open", FOUND)
    read = decode(data, "file")
    assert read.case == case
    assert (read.finds, read.found) == ("sockets are open", FOUND)
    assert encode(read.case, read.finds, read.found) == data
    assert len(data.splitlines()) <= LINES_MAX


def test_a_long_complaint_makes_a_file_that_can_be_read() -> None:
    said = f"tasks are left: {['a task'] * 100}"
    assert decode(encode(Case("one-turn", 0), said), "file").finds == said[:400]


def test_a_file_is_the_same_run() -> None:
    drawn = run_case(Case("crowd", 5, "pct"), app)
    told = Case("crowd", 5, "walk", drawn.struck, drawn.schedule)
    again = run_case(decode(encode(told, "nothing"), "file").case, app)
    assert again == drawn


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ('"pct"', '"random"', 6, "allowed: one of fifo, walk, pct"),
        ("17,", '"x",', 5, "allowed: a whole number"),
        ("17,", "1.5,", 5, "allowed: a whole number"),
        ('"crowd"', '"crowds"', 4, "allowed: one of one-turn, "),
        ("cut#2", "cut#0", 7, 'allowed: a list of "site#number"'),
        ("@5", "", 8, 'allowed: an object of "task#number@step"'),
        ("[3, 0]", "[3]", 8, 'allowed: an object of "task#number@step"'),
        ("[3, 0]", "[-3, 0]", 8, 'allowed: an object of "task#number@step"'),
        ('"finds": "sockets are open"', '"finds": ""', 3, "allowed: the words of a complaint"),
        ('"finds": "sockets are open",\n', "", 1, "missing required field `finds`"),
        ('"seed"', '"sead"', 5, "allowed: the keys found, finds, scenario, seed, policy"),
        ("17,", "17", 6, "not JSON: "),
        ("{", "[", 2, "not JSON: "),
    ],
)
def test_a_bad_file_is_told_by_line_and_by_what_is_allowed(
    right: str, wrong: str, line: int, words: str
) -> None:
    assert right in TEXT
    told = re.escape(f"seeds/x.json:{line}: ") + ".*" + re.escape(words)
    with pytest.raises(RegressionError, match=told):
        decode(TEXT.replace(right, wrong, 1).encode(), "seeds/x.json")


def test_bytes_that_are_no_text_are_told() -> None:
    data = TEXT.encode().replace(b"tool", b"\xff", 1)
    with pytest.raises(RegressionError, match=r"x\.json:2: only UTF-8 is allowed"):
        decode(data, "x.json")
    with pytest.raises(RegressionError, match="at most 1,000,000 bytes"):
        decode(b" " * 1_000_001, "x.json")


def test_every_key_says_what_it_allows() -> None:
    from understudy.simulations.explorer.regression import ALLOWED

    assert tuple(ALLOWED) == Regression.__struct_fields__
