"""The words for a memory report, as the log, the page and the command line show them."""

from __future__ import annotations

import pytest
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.report import DecisionLine, LeaseLine
from understudy.protocols.resources.words import (
    describe_decision,
    describe_duration,
    describe_lease,
    describe_size,
)

MIB = 2**20
GIB = 2**30


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (
            DecisionLine(5.0, "granted", "local", "qwen3", "needs 5.0 GiB of 9.1 GiB"),
            "local/qwen3 may load: needs 5.0 GiB of 9.1 GiB",
        ),
        (
            DecisionLine(5.0, "refused", "local", "big", "it needs 40 GiB of 16 GiB"),
            "local/big was refused: it needs 40 GiB of 16 GiB",
        ),
        (
            DecisionLine(5.0, "evicted", "a", "m", "idle for 3 min", 4 * GIB),
            "a/m is asked to leave, which frees 4.0 GiB: idle for 3 min",
        ),
        (
            DecisionLine(5.0, "released", "a", "m", "", 512 * MIB),
            "a/m has left, which freed 512 MiB",
        ),
        (DecisionLine(5.0, "released", "a", "m", "it crashed"), "a/m has left: it crashed"),
        (DecisionLine(5.0, "granted", "a", "m", "", GIB), "a/m may load"),
        (DecisionLine(5.0, "moved", "a", "m", "", GIB), "a/m moved"),
    ],
)
def test_a_decision_is_one_line(decision: DecisionLine, words: str) -> None:
    assert describe_decision(decision) == words


@pytest.mark.parametrize(
    ("state", "answers", "idle_seconds", "words"),
    [
        ("held", 0, 200.0, "idle 3 min"),
        ("held", 1, 200.0, "answering"),
        ("held", 3, 0.0, "answering 3"),
        ("leaving", 1, 0.0, "leaving"),
        ("waiting", 0, 9.0, "waiting"),
    ],
)
def test_a_lease_says_what_its_model_does(
    state: str, answers: int, idle_seconds: float, words: str
) -> None:
    lease = LeaseLine(1, "a", "m", state, MemoryNeed(GIB), 0, answers, idle_seconds)
    assert describe_lease(lease) == words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (0, "0 GiB"),
        (9000, "9 KiB"),
        (MIB, "1 MiB"),
        (999 * MIB, "999 MiB"),
        (1000 * MIB, "1.0 GiB"),
        (4 * GIB + 100 * MIB, "4.1 GiB"),
        (128 * GIB, "128 GiB"),
        (-3 * GIB // 2, "-1.5 GiB"),
    ],
)
def test_a_size_is_rounded_to_what_people_compare(size_bytes: int, words: str) -> None:
    assert describe_size(size_bytes) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1.0, "0 s"),
        (59.9, "59 s"),
        (60.0, "1 min"),
        (3599.0, "59 min"),
        (7300.0, "2 h"),
        (86400.0 * 5, "5 d"),
    ],
)
def test_a_duration_has_one_unit(seconds: float, words: str) -> None:
    assert describe_duration(seconds) == words
