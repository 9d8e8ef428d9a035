"""Odd values, and the ways to cut bytes into pieces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

few_examples = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
"""For large examples: fewer, and however long the machine takes for one."""

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


def objects(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects with any of these members, and values that are none."""
    return VALUES | st.fixed_dictionaries({}, optional=members)


CALLS = objects(id=VALUES, function=objects(name=VALUES, arguments=VALUES))


def splits(data: bytes) -> Iterator[list[bytes]]:
    """Every way to cut the data in two."""
    for place in range(len(data) + 1):
        yield [data[:place], data[place:]]


def single_bytes(data: bytes) -> list[bytes]:
    """The data one byte at a time."""
    return [data[place : place + 1] for place in range(len(data))]


def pieces(data: bytes) -> st.SearchStrategy[list[bytes]]:
    """The data cut anywhere, in any number of pieces."""
    places = st.lists(st.integers(0, len(data)), max_size=12).map(sorted)
    return places.map(
        lambda cuts: [
            data[first:last] for first, last in zip([0, *cuts], [*cuts, len(data)], strict=True)
        ]
    )
