"""A reader under every split of its input, under fuzz, and in linear time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols import event_stream
from understudy.protocols.conversation.answer import AnswerEnded, AnswerFailed, AnswerStarted
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.event_stream import plain_event_end

from .wire import (
    call,
    chunk,
    event,
    events_of,
    few_examples,
    pieces,
    read,
    reader,
    single_bytes,
    stream,
    text,
    usage,
)

CHUNKS = [
    chunk(text("hm é\u2028", thought=True), **usage(3)),
    chunk(text("not an event: data: {}\r\n\r\n \U0001f600")),
    chunk({**call("Read", path="é"), "thoughtSignature": "c2ln"}, call("Bash")),
    chunk(text(""), finish="STOP", **usage(3, 4)),
]
WHOLE = chunk(text("é"), call("Read", path="\u00e9"), finish="STOP", **usage(3, 4))
ERROR = json.dumps({"error": {"code": 500, "message": "é"}}, indent=1, ensure_ascii=False)
BODIES = {
    "events": stream(*CHUNKS),
    "line feeds": stream(*CHUNKS).replace(b"\r\n", b"\n"),
    "pings": b"\n\n" + b"\n\n".join(map(event, CHUNKS)) + b": x\n\n",
    "array": json.dumps(CHUNKS, ensure_ascii=False, indent=1).encode(),
    "whole": json.dumps(WHOLE, ensure_ascii=False).encode(),
    "error": stream(CHUNKS[0]) + ERROR.encode() + b"\n",
}


@pytest.mark.parametrize("name", BODIES)
def test_every_split_in_two(name: str) -> None:
    body, wanted = BODIES[name], read(BODIES[name])
    assert len(wanted) >= 3
    for place in range(len(body) + 1):
        assert events_of(reader(), [body[:place], body[place:]]) == wanted


@pytest.mark.parametrize("name", BODIES)
def test_one_byte_at_a_time(name: str) -> None:
    assert events_of(reader(), single_bytes(BODIES[name])) == read(BODIES[name])


@few_examples
@given(st.sampled_from(list(BODIES)), st.data())
def test_any_split(name: str, data: st.DataObject) -> None:
    body = BODIES[name]
    assert events_of(reader(), data.draw(pieces(body))) == read(body)


@pytest.mark.parametrize("name", BODIES)
def test_cut_at_every_byte_it_never_ends_and_never_breaks(name: str) -> None:
    body = BODIES[name].rstrip()
    for place in range(len(body) - 1):
        found = events_of(reader(), [body[:place]])
        if name == "whole" or place < body.rfind(b"finishReason"):
            assert not [each for each in found if isinstance(each, AnswerEnded)]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
PARTS = VALUES | st.fixed_dictionaries(
    {},
    optional={
        "text": VALUES | st.text(),
        "thought": VALUES,
        "thoughtSignature": VALUES,
        "functionCall": VALUES
        | st.fixed_dictionaries({"name": VALUES}, optional={"args": VALUES, "id": VALUES}),
        "executableCode": VALUES,
    },
)
CANDIDATES = VALUES | st.fixed_dictionaries(
    {"content": VALUES | st.fixed_dictionaries({"parts": VALUES | st.lists(PARTS, max_size=3)})},
    optional={
        "finishReason": VALUES | st.sampled_from(["STOP", "SAFETY", "OTHER", "MAX_TOKENS"]),
        "finishMessage": VALUES,
        "groundingMetadata": VALUES
        | st.fixed_dictionaries(
            {
                "groundingChunks": st.lists(st.fixed_dictionaries({"web": VALUES}), max_size=2),
                "groundingSupports": st.lists(
                    st.fixed_dictionaries({"segment": VALUES, "groundingChunkIndices": VALUES}),
                    max_size=2,
                ),
            }
        ),
        "citationMetadata": VALUES,
        "logprobsResult": VALUES
        | st.fixed_dictionaries(
            {"chosenCandidates": st.lists(VALUES, max_size=2), "topCandidates": VALUES}
        ),
    },
)
CHUNK_VALUES = VALUES | st.fixed_dictionaries(
    {"candidates": VALUES | st.lists(CANDIDATES, max_size=2)},
    optional={
        "usageMetadata": VALUES
        | st.fixed_dictionaries(
            {"promptTokenCount": VALUES}, optional={"cachedContentTokenCount": VALUES}
        ),
        "promptFeedback": VALUES | st.fixed_dictionaries({"blockReason": VALUES}),
        "error": VALUES | st.fixed_dictionaries({"code": VALUES, "message": VALUES}),
    },
)


def keeps_the_contract(chunks: list[bytes]) -> None:
    """Whatever comes: only UpstreamNonsense, and the order of events."""
    try:
        events = events_of(reader(), chunks)
    except UpstreamNonsense:
        return
    last = [each for each in events if isinstance(each, AnswerEnded | AnswerFailed)]
    assert last in ([], events[-1:])
    assert [each for each in events if isinstance(each, AnswerStarted)] == [*events[:1]]


@few_examples
@given(st.lists(CHUNK_VALUES, max_size=4), st.booleans())
def test_odd_chunks(values: list[Any], streamed: bool) -> None:
    body = b"".join(map(event, values)) if streamed else json.dumps(values).encode()
    keeps_the_contract([body])


@few_examples
@given(st.lists(st.binary(max_size=40) | st.sampled_from([*BODIES.values()]), max_size=4))
def test_odd_bytes(chunks: list[bytes]) -> None:
    keeps_the_contract(chunks)


@few_examples
@given(st.sampled_from(list(BODIES)), st.data())
def test_a_body_with_one_byte_changed(name: str, data: st.DataObject) -> None:
    body = bytearray(BODIES[name])
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    keeps_the_contract([bytes(body)])


def test_nesting_that_is_too_deep_is_nonsense() -> None:
    deep = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
    with pytest.raises(UpstreamNonsense):
        events_of(reader(), [b"data: " + deep + b"\n\n"])
    assert events_of(reader(), [deep]) == []


def test_each_byte_of_a_large_event_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def counting(data: bytes | bytearray, start: int = 0) -> int:
        looked_at.append(len(data) - start)
        return plain_event_end(data, start)

    monkeypatch.setattr(event_stream, "plain_event_end", counting)
    body = event(chunk(text("x" * 100_000), finish="STOP"))
    cut = [body[place : place + 50] for place in range(0, len(body), 50)]
    assert len(events_of(reader(), cut)) == 3
    assert 0 < sum(looked_at) <= len(body) + 10 * len(looked_at)
