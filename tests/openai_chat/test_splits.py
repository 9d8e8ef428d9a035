"""What an answer says does not depend on how its bytes were cut, not even inside a character."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import AnswerEvent
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.openai_chat.dialect import SERVED, UPSTREAM
from understudy.protocols.request import BadRequest

from .wire import (
    ANSWER,
    DONE,
    MODEL,
    STREAMED,
    body,
    call,
    calls,
    chunk,
    data,
    drained,
    read,
)

TEXT = "na\u00efve \U0001f600 data: [DONE] \n\n \r\n"
FRAMES = [
    b": waiting\n\n",
    chunk(role="assistant", content=""),
    chunk(reasoning_content="h\u00f6"),
    chunk(content=TEXT),
    calls(call(0, '{"a":', id="x", name="f"), call(1, '"\u00e9"', id="y", name="g")),
    calls(call(0, "1}")),
    chunk("tool_calls"),
    data({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 3}}),
    DONE,
]
STREAM = b"".join(FRAMES)
STREAMS = {
    "LF": STREAM,
    "CR LF": STREAM.replace(b"\n", b"\r\n"),
    "CR": STREAM.replace(b"\n", b"\r"),
    "no end mark": b"".join(FRAMES[:-1]),
    "no last line": STREAM.rstrip(),
    "error": b"".join(FRAMES[:4]) + data({"error": {"message": TEXT, "code": 503}}),
    "body": body("tool_calls", content=TEXT, tool_calls=[call(None, "{}", id="x", name="f")]),
}


def pieces(raw: bytes, places: Iterable[int]) -> list[bytes]:
    """The bytes cut at these places."""
    cuts = [0, *sorted(places), len(raw)]
    return [raw[first:last] for first, last in itertools.pairwise(cuts)]


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_every_split_in_two_gives_the_same(stream: bytes) -> None:
    whole = read(stream)
    assert len(whole) > 4
    for place in range(len(stream) + 1):
        assert read(stream[:place], stream[place:]) == whole, stream[:place][-40:]
    assert read(*pieces(stream, range(1, len(stream)))) == whole


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(list(STREAMS.values())).flatmap(
        lambda raw: st.tuples(st.just(raw), st.lists(st.integers(0, len(raw)), max_size=12))
    )
)
def test_any_pieces_give_the_same(cut: tuple[bytes, list[int]]) -> None:
    raw, places = cut
    assert read(*pieces(raw, places)) == read(raw)


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_a_stream_that_is_cut_anywhere_is_a_beginning_of_the_whole(stream: bytes) -> None:
    whole = read(stream)
    for place in range(len(stream)):
        try:
            events = read(stream[:place])
        except UpstreamNonsense:
            assert stream[:1] == b"{"
        else:
            ended = len(events) == len(whole) and events[:-1] == whole[:-1]
            assert ended or events == whole[: len(events)], stream[:place][-40:]


def test_events_come_with_the_byte_that_makes_them_whole() -> None:
    reader = UPSTREAM.reader(STREAMED, MODEL, ANSWER)
    events: list[AnswerEvent] = []
    for frame in FRAMES:
        reader.receive_data(frame[:-1])
        assert list(drained(reader)) == []
        reader.receive_data(frame[-1:])
        events += drained(reader)
    assert events == read(STREAM)


def test_a_request_that_is_cut_anywhere_is_refused() -> None:
    message = {"role": "user", "content": [{"type": "text", "text": TEXT}]}
    raw = json.dumps({"model": "m", "messages": [message]}, ensure_ascii=False).encode()
    assert SERVED.parse(raw).model == "m"
    for place in range(len(raw)):
        with pytest.raises(BadRequest):
            SERVED.parse(raw[:place])
