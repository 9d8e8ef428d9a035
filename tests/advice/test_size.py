"""How long a conversation is, from lines that are not all its own."""

from __future__ import annotations

import pytest
from understudy.protocols.advice.situation import Situation
from understudy.protocols.advice.size import Size, size_of
from understudy.protocols.records import TurnOutcome, TurnRecord, Usage


def line(tokens: int, outcome: TurnOutcome = TurnOutcome.ANSWERED) -> TurnRecord:
    usage = Usage(tokens // 4, 100, tokens - tokens // 4 - 100)
    return TurnRecord("t", "c", "work", "m", outcome, 200, "", usage, 0.1, 1.0)


@pytest.mark.parametrize(
    ("lines", "guessed", "size"),
    [
        ([], 0, Size()),
        ([], 900, Size(900)),
        ([47_000], 0, Size(47_000)),
        ([47_000, 44_000, 40_000], 0, Size(47_000, 3_500)),
        ([47_000, 2_000, 44_000, 3_000, 40_000], 0, Size(47_000, 3_500)),
        ([2_000, 47_000, 44_000], 40_000, Size(47_000, 3_000)),
        ([12_000, 90_000, 88_000], 11_000, Size(12_000)),
        ([90_000, 88_000], 11_000, Size(11_000)),
        ([50_000, 52_000, 50_000], 0, Size(50_000, 2_000)),
        ([60_000, 50_000, 49_000, 48_000, 47_000, 27_000], 0, Size(60_000, 3_250)),
    ],
    ids=[
        "nothing is known",
        "a guess",
        "one turn",
        "the mean of the steps",
        "sub-agents are between",
        "a sub-agent was last",
        "compacted",
        "compacted just now",
        "a step back adds nothing",
        "the newest four steps",
    ],
)
def test_the_conversations_own_lines_are_taken(lines: list[int], guessed: int, size: Size) -> None:
    assert size_of([line(tokens) for tokens in lines], guessed) == size


def test_what_was_refused_says_nothing() -> None:
    assert size_of([line(9_000, TurnOutcome.REFUSED), line(8_000)]) == Size(8_000)


@pytest.mark.parametrize(
    ("tokens", "growth", "window", "full"),
    [
        (0, 0, 1_000, False),
        (84_999, 0, 100_000, False),
        (85_000, 0, 100_000, True),
        (80_000, 9_999, 100_000, False),
        (80_000, 10_000, 100_000, True),
        (85_000, 0, 0, False),
    ],
)
def test_a_window_is_full_before_it_overflows(
    tokens: int, growth: int, window: int, full: bool
) -> None:
    assert Situation(tokens, growth).is_full(window) is full
