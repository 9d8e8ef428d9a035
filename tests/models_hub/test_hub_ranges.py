"""Which bytes are here, which come next, and whether a record of it can be relied on."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from understudy.protocols.models.hub_ranges import Record, content_range, read_record

DIGEST = "a" * 64


def test_a_new_file_is_cut_into_ranges() -> None:
    assert Record(DIGEST, 25).missing(10) == [(0, 10), (10, 20), (20, 25)]
    assert Record(DIGEST, 0).missing(10) == []
    assert Record(DIGEST, 0).is_complete


def test_what_is_here_is_not_fetched_again() -> None:
    record = Record(DIGEST, 50).with_interval(10, 20).with_interval(24, 30)
    assert record.missing(10) == [(0, 10), (20, 24), (30, 40), (40, 50)]
    assert record.done_bytes == 16


def test_neighbours_become_one() -> None:
    record = Record(DIGEST, 50).with_interval(20, 30).with_interval(0, 10).with_interval(10, 20)
    assert record.done == ((0, 30),)


def test_any_order_of_any_intervals_covers_the_file_once() -> None:
    random = Random(6)
    for _ in range(300):
        size, step = random.randrange(1, 200), random.randrange(1, 50)
        record = Record(DIGEST, size)
        for _ in range(random.randrange(6)):
            start = random.randrange(size)
            record = record.with_interval(start, random.randrange(start, size) + 1)
        missing = record.missing(step)
        here = {place for start, end in record.done for place in range(start, end)}
        wanted = [place for start, end in missing for place in range(start, end)]
        assert len(wanted) == len(set(wanted))
        assert here.isdisjoint(wanted)
        assert here.union(wanted) == set(range(size))
        assert all(end - start <= step for start, end in missing)
        for start, end in missing:
            record = record.with_interval(start, end)
        assert record.done == ((0, size),)
        assert record.is_complete


def test_a_record_comes_back_as_it_was_written() -> None:
    record = Record(DIGEST, 50).with_interval(10, 20)
    assert read_record(record.as_bytes()) == record


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2},
        {"digest": None},
        {"size_bytes": -1},
        {"size_bytes": 2**60},
        {"size_bytes": True},
        {"done": None},
        {"done": [[0]]},
        {"done": [[5, 3]]},
        {"done": [[0, 51]]},
        {"done": [[-1, 5]]},
        {"done": [["0", "5"]]},
        {"done": [7]},
    ],
)
def test_a_record_that_was_tampered_with_is_none(changed: dict[str, Any]) -> None:
    value = {"version": 1, "digest": DIGEST, "size_bytes": 50, "done": [[0, 5]]}
    assert read_record(json.dumps(value).encode()) is not None
    assert read_record(json.dumps(value | changed).encode()) is None


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"[" * 9_999])
def test_what_is_no_record_is_none(data: bytes) -> None:
    assert read_record(data) is None


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("bytes 0-9/100", (0, 10, 100)),
        (" Bytes 90-99/100 ", (90, 100, 100)),
        ("bytes 0-9/*", None),
        ("bytes */100", None),
        ("bytes 9-0/100", None),
        ("bytes 0-100/100", None),
        ("bytes \u0660-\u0669/\u0661\u0660", None),
        (f"bytes 0-9/{'9' * 40}", None),
        ("items 0-9/100", None),
        ("", None),
    ],
)
def test_a_range_is_read_or_refused(header: str, found: tuple[int, int, int] | None) -> None:
    assert content_range(header) == found
