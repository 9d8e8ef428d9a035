"""The two that change a stream: StartRemover and NoticeInserter, under every split."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic import notice as notice_module
from understudy.protocols.anthropic import start as start_module
from understudy.protocols.anthropic.events import text_delta
from understudy.protocols.anthropic.notice import NoticeInserter
from understudy.protocols.anthropic.start import StartRemover

from .requests import few_examples
from .streams import (
    BODY,
    COMMENT,
    ENDING,
    PING,
    START,
    carriage,
    event,
    opened,
    pieces,
    single_bytes,
    splits,
)

NOTICE = "[note] "
BOTH = pytest.mark.parametrize("line_end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
TOOL_FIRST = opened(0, type="tool_use", id="t", name="ping", input={})


def joined(frames: Iterable[bytes], line_end: bytes) -> bytes:
    frames = list(frames)
    return b"".join(frames if line_end == b"\n" else carriage(frames))


def without_start(chunks: Iterable[bytes]) -> bytes:
    remover = StartRemover()
    return b"".join(remover.receive_data(chunk) for chunk in chunks)


def with_notice(chunks: Iterable[bytes], *, streamed: bool = True) -> bytes:
    inserter = NoticeInserter(NOTICE, streamed)
    return b"".join([*(inserter.receive_data(chunk) for chunk in chunks), inserter.end()])


@BOTH
@pytest.mark.parametrize(
    "before", [[], [PING], [PING, COMMENT, PING]], ids=["bare", "ping", "comment"]
)
def test_the_start_is_removed_whatever_the_split(before: list[bytes], line_end: bytes) -> None:
    rest = joined([*BODY[:9], ENDING], line_end)
    stream = joined([*before, START], line_end) + rest
    for chunks in splits(stream):
        assert without_start(chunks) == rest
    assert without_start(single_bytes(stream)) == rest


@BOTH
@few_examples
@given(st.data())
def test_the_start_is_removed_from_any_pieces(line_end: bytes, data: st.DataObject) -> None:
    rest = joined([*BODY, ENDING], line_end)
    assert without_start(data.draw(pieces(joined([PING, START], line_end) + rest))) == rest


@BOTH
@pytest.mark.parametrize(
    "first",
    [
        TOOL_FIRST,
        event("error", error={"type": "overloaded_error", "message": "ping"}),
    ],
)
def test_another_first_event_is_passed_on(first: bytes, line_end: bytes) -> None:
    stream = joined([first, START, ENDING], line_end)
    for chunks in splits(stream):
        assert without_start(chunks) == stream


@BOTH
@pytest.mark.parametrize("first", [event("from_the_future", flavour={}), b"data: no JSON\n\n"])
def test_the_start_is_removed_behind_what_nobody_knows(first: bytes, line_end: bytes) -> None:
    rest = joined([*BODY, ENDING], line_end)
    stream = joined([first, PING, START], line_end) + rest
    for chunks in splits(stream):
        assert without_start(chunks) == joined([first], line_end) + rest


@pytest.mark.parametrize("sham", ["ping", "message_start"])
def test_what_an_event_holds_does_not_decide_what_it_is(sham: str) -> None:
    start = event("message_start", message={"model": sham})
    assert without_start([start + TOOL_FIRST]) == TOOL_FIRST
    block = opened(0, type="tool_use", id="t", name=sham, input={})
    assert without_start([block + START]) == block + START


def test_a_first_event_without_an_end_is_not_held_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(start_module, "START_BYTES_MAX", 100)
    chunks = [b"x" * 40] * 10
    assert without_start(chunks) == b"".join(chunks)


@BOTH
def test_the_notice_opens_the_first_text_whatever_the_split(line_end: bytes) -> None:
    before, after = joined([START, *BODY[:7]], line_end), joined([*BODY[7:], ENDING], line_end)
    expected = before + text_delta(1, NOTICE) + after
    for chunks in splits(before + after):
        assert with_notice(chunks) == expected
    assert with_notice(single_bytes(before + after)) == expected


@BOTH
@few_examples
@given(st.data())
def test_the_notice_comes_once_in_any_pieces(line_end: bytes, data: st.DataObject) -> None:
    twice = [START, *BODY, opened(4, type="text", text=""), ENDING]
    stream = joined(twice, line_end)
    found = with_notice(data.draw(pieces(stream)))
    assert found.count(NOTICE.encode()) == 1
    assert found.replace(text_delta(1, NOTICE), b"") == stream


@BOTH
def test_an_answer_without_text_is_passed_on_as_it_is(line_end: bytes) -> None:
    stream = joined([START, *BODY[:6], *BODY[10:], ENDING], line_end)
    for chunks in splits(stream):
        assert with_notice(chunks) == stream


@BOTH
def test_events_are_not_held_longer_than_to_their_end(line_end: bytes) -> None:
    inserter = NoticeInserter(NOTICE, True)
    for frame in (START, *BODY[:6]):
        given_frame = joined([frame], line_end)
        assert inserter.receive_data(given_frame) == given_frame


@pytest.mark.parametrize(
    "frame",
    [
        b'data: {"type":"content_block_start"}\n\n',
        b'data: {"type":"content_block_start","content_block":{"type":"text"}}\n\n',
        b'data: {"type":"content_block_start","index":"x","content_block":{"type":"text"}}\n\n',
        b'data: {"type":"content_block_start","content_block":[]}\n\n',
        b'data: "content_block_start"\n\n',
        b'data: {"content_block_start"',
    ],
)
def test_an_odd_event_is_passed_on(frame: bytes) -> None:
    assert with_notice([frame]) == frame


def test_a_plain_answer_gets_its_notice_in_its_first_text() -> None:
    blocks = [{"type": "thinking"}, {"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    body = json.dumps({"type": "message", "content": blocks}).encode()
    for chunks in splits(body):
        found = json.loads(with_notice(chunks, streamed=False))
        assert [block.get("text") for block in found["content"]] == [None, "[note] a", "b"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b'{"content":7}',
        b'{"content":[7,{"type":"tool_use"}]}',
        b'{"type":"error","error":{}}',
        b"[" * 50_000,
    ],
)
def test_a_plain_answer_without_text_keeps_its_bytes(body: bytes) -> None:
    assert with_notice([body], streamed=False) == body


@pytest.mark.parametrize("streamed", [True, False])
def test_the_inserter_holds_no_more_than_its_limit(
    monkeypatch: pytest.MonkeyPatch, streamed: bool
) -> None:
    monkeypatch.setattr(notice_module, "HELD_BYTES_MAX", 100)
    inserter = NoticeInserter(NOTICE, streamed)
    assert inserter.receive_data(b"x" * 90) == b""
    assert inserter.receive_data(b"y" * 90) == b"x" * 90 + b"y" * 90
    assert inserter.receive_data(b"z") == b"z"
    assert inserter.end() == b""
