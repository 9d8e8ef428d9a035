"""Events as bytes: where they end under every split, and that no byte is looked at again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols import event_stream
from understudy.protocols.event_stream import (
    END_BYTES_MAX,
    EventBuffer,
    event_end,
    plain_event_end,
)

from .requests import few_examples
from .streams import pieces


def events_of(chunks: list[bytes]) -> tuple[list[bytes], bytes]:
    """The events that come out of the buffer, and what is left in it."""
    buffer, found = EventBuffer(), list[bytes]()
    for chunk in chunks:
        buffer.add(chunk)
        while event := buffer.take_event():
            found.append(event)
    return found, buffer.take_all()


@few_examples
@given(st.text(alphabet="ab:\r\n", max_size=60).map(str.encode), st.data())
def test_events_end_where_they_do_in_one_piece(stream: bytes, data: st.DataObject) -> None:
    wanted, start = list[bytes](), 0
    while end := event_end(stream, start):
        wanted.append(stream[start:end])
        start = end
    assert events_of([stream]) == (wanted, stream[start:])
    split, rest = events_of(data.draw(pieces(stream)))
    assert b"".join([*split, rest]) == stream
    assert split == wanted


@pytest.mark.parametrize(("finder", "first"), [(event_end, b"\r"), (plain_event_end, b"x")])
def test_each_byte_is_looked_at_once(
    monkeypatch: pytest.MonkeyPatch, finder: Callable[[bytes | bytearray, int], int], first: bytes
) -> None:
    looked_at: list[int] = []

    def counting(data: bytes | bytearray, start: int = 0) -> int:
        looked_at.append(len(data) - start)
        return finder(data, start)

    monkeypatch.setattr(event_stream, finder.__name__, counting)
    chunks = [first, *[b"x" * 100] * 5_000]
    assert events_of([*chunks, b"\n\n"]) == ([b"".join(chunks) + b"\n\n"], b"")
    assert len(looked_at) == len(chunks) + 1
    assert sum(looked_at) <= 500_000 + len(looked_at) * END_BYTES_MAX
