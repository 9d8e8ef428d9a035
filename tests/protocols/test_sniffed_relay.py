"""The relay of any dialect but Anthropic's: bytes as they are, and an account kept beside them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.dialect import Failure, Headers, Target, UpstreamNonsense
from understudy.protocols.dialects import SERVED, UPSTREAM
from understudy.protocols.records import Usage
from understudy.protocols.request import ServedRequest
from understudy.protocols.sniffed_relay import SniffedRelay

DIALECTS = [name for name in UPSTREAM if name != "anthropic"]
EVERY = pytest.mark.parametrize("dialect", DIALECTS)
USAGE = Usage(10, 3)
CALL = (ToolUseStarted("call_1", "note"), ToolInputDelta("{}"), BlockEnded())
EVENTS: tuple[AnswerEvent, ...] = (
    AnswerStarted(),
    TextDelta("To be."),
    BlockEnded(),
    *CALL,
    AnswerEnded("tool_use", USAGE),
)
BODIES: dict[str, dict[str, Any]] = {
    "openai-chat": {"messages": [], "stream_options": {"include_usage": True}},
    "openai-responses": {"input": "Hi"},
    "gemini": {"contents": []},
    "ollama": {"messages": []},
}


def request(dialect: str, *, streamed: bool = True, array: bool = False) -> ServedRequest:
    """A request of a client."""
    body = {"model": "m", "stream": streamed, **BODIES[dialect]}
    if not streamed:
        body.pop("stream_options", None)
    return SERVED[dialect].parse(json.dumps(body).encode(), Target("m", streamed, array))


def relay(dialect: str, *, streamed: bool = True, array: bool = False) -> SniffedRelay:
    """The relay of the answer to it."""
    writer = SERVED[dialect].writer(request(dialect, streamed=streamed, array=array), "1")
    return SniffedRelay(UPSTREAM[dialect], writer, "1", streamed=streamed)


def answer(dialect: str, *, streamed: bool = True, array: bool = False) -> list[bytes]:
    """An endpoint's answer."""
    writer = SERVED[dialect].writer(request(dialect, streamed=streamed, array=array), "up")
    pieces = [*map(writer.send, EVENTS), writer.end()]
    return [piece for piece in pieces if piece]


def headers(found: SniffedRelay, *more: tuple[bytes, bytes]) -> Headers:
    """The head of an answer that is what the client waits for."""
    return (*found.headers, *more)


BODY = {dialect: b"".join(answer(dialect)) for dialect in DIALECTS}


@EVERY
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_the_bytes_pass_as_they_are_and_are_read(dialect: str, data: st.DataObject) -> None:
    body, found = BODY[dialect], relay(dialect)
    cuts = data.draw(st.lists(st.integers(1, len(body)), max_size=8, unique=True))
    ends = sorted({*cuts, len(body)})
    pieces = [body[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert [found.receive_data(piece) for piece in pieces] == pieces
    assert found.receive_end() == b""
    account = found.account
    assert (account.stopped, account.tool_finished, account.error) == (True, True, "")
    assert account.usage == USAGE
    assert len(account.tool_uses) == 1


@EVERY
def test_an_answer_in_one_piece_is_read_too(dialect: str) -> None:
    found = relay(dialect, streamed=False)
    [body] = answer(dialect, streamed=False)
    assert found.receive_data(body[:9]) + found.receive_data(body[9:]) == body
    assert (found.receive_end(), found.account.stopped) == (b"", True)
    assert found.account.usage == USAGE


@EVERY
def test_pings_stand_between_two_events_alone(dialect: str) -> None:
    found, pieces = relay(dialect), answer(dialect)
    found.receive_head(headers(found))
    assert found.ping(), "before the first"
    found.receive_data(pieces[0][:5])
    assert not found.ping(), "inside an event"
    found.receive_data(pieces[0][5:])
    assert found.ping()
    for piece in pieces[1:]:
        found.receive_data(piece)
    found.receive_end()
    assert not found.ping(), "after the last"


@EVERY
def test_our_opening_is_nothing_that_an_answer_could_not_begin_with(dialect: str) -> None:
    found = relay(dialect)
    opened = found.opening(5)
    assert opened == found.ping()
    found.receive_head(headers(found))
    body = opened + b"".join(found.receive_data(piece) for piece in answer(dialect))
    again = relay(dialect)
    assert again.receive_data(body) + again.receive_end() == body
    assert again.account.usage == USAGE, "a client reads it as before"


@pytest.mark.parametrize(
    "head",
    [
        ((b"content-type", b"text/html"),),
        (),
        ((b"content-type", b"text/event-stream"), (b"content-encoding", b"gzip")),
    ],
)
def test_what_is_not_the_stream_that_was_asked_for_gets_nothing_of_ours(head: Headers) -> None:
    found = relay("openai-chat")
    found.receive_head(head)
    assert found.ping() == b""
    opened = relay("openai-chat")
    opened.opening(5)
    with pytest.raises(UpstreamNonsense):
        opened.receive_head(head)


@EVERY
@pytest.mark.parametrize("junk", [b"data: {]\n\n", b"\xff\xfe\n", b"data: 7\n\n" * 3, b"{" * 2_000])
def test_what_cannot_be_read_passes_and_is_no_break(dialect: str, junk: bytes) -> None:
    found = relay(dialect)
    first, *_ = answer(dialect)
    for piece in (first, junk, junk):
        assert found.receive_data(piece) == piece
    assert found.receive_end() == b""
    account = found.account
    if account.stopped:
        assert account.settled_usage().estimated


@EVERY
def test_an_answer_that_ends_early_has_not_stopped(dialect: str) -> None:
    found, pieces = relay(dialect), answer(dialect)
    found.receive_data(pieces[0])
    found.receive_end()
    assert not found.account.stopped


@EVERY
def test_a_failure_after_our_opening_is_told_in_the_stream(dialect: str) -> None:
    found = relay(dialect)
    found.opening(5)
    told = found.told(Failure(503, "overloaded_error", "Busy."))
    assert b"Busy." in told


def test_a_failing_array_is_closed() -> None:
    found = relay("gemini", array=True)
    told = found.opening(5) + found.told(Failure(503, "overloaded_error", "Busy."))
    assert json.loads(told)[0]["error"]["message"] == "Busy."


@EVERY
def test_an_error_response_is_read_as_its_dialect_tells_it(dialect: str) -> None:
    body = SERVED[dialect].error(Failure(429, "rate_limit_error", "Busy."), "req_1")
    found = relay(dialect).failure(429, (), body)
    assert (found.status, found.kind, found.message) == (429, "rate_limit_error", "Busy.")


def test_a_relay_carries_no_notice() -> None:
    passage = relay("ollama")
    passage.notice("shortened")
    assert passage.receive_data(b'{"message":{"content":"Hi"}}\n') == (
        b'{"message":{"content":"Hi"}}\n'
    )
