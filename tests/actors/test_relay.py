"""What a relay may change: nothing of an answer, and a closed list of splices in a request."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from typing import Any

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock
from understudy.actors.kernel.stream import STREAM_SLOTS
from understudy.io.ports import Headers
from understudy.protocols.anthropic import events
from understudy.protocols.records import TurnOutcome
from understudy.protocols.turn import Operation
from understudy.simulations.upstream import (
    CutConnection,
    RefuseConnection,
    SendBytes,
    SendHead,
    Step,
)

from .scripts import (
    ANSWER,
    ANSWER_USAGE,
    CLIENT_HEADERS,
    HOME,
    JSON,
    MESSAGE,
    always,
    paced,
    refusal,
    stream,
    turn,
    whole,
)
from .stage import ENVIRONMENT, WORK_URL, Reader, open_stage

BODY = b"".join(ANSWER)


async def relay(script: list[Step], streamed: bool = True) -> Reader:
    """Reads one turn of a peer that follows the script."""
    async with open_stage() as stage:
        stage.work.respond = always(script)
        return await stage.read(turn(stream=streamed))


@given(cuts=st.lists(st.integers(1, len(BODY) - 1), max_size=12, unique=True))
@settings(max_examples=30, deadline=None)
def test_a_streamed_answer_is_unchanged_however_it_is_cut_up(cuts: list[int]) -> None:
    ends = sorted({*cuts, len(BODY)})
    pieces = [BODY[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    clock = MockClock(autojump_threshold=0)
    reader = trio.run(relay, stream(pieces, seconds=16.0), clock=clock)
    assert [piece for piece in reader.pieces if piece != events.PING] == pieces


@pytest.mark.parametrize("size", [1, 7, 100, len(BODY)])
async def test_a_streamed_answer_is_unchanged_and_whole(
    size: int, autojump_clock: MockClock
) -> None:
    pieces = [BODY[start : start + size] for start in range(0, len(BODY), size)]
    reader = await relay(stream(pieces, seconds=0.001))
    assert reader.pieces == pieces
    assert reader.record is not None
    assert (reader.record.outcome, reader.record.usage) == (TurnOutcome.ANSWERED, ANSWER_USAGE)


async def test_line_ends_of_another_kind_are_passed_on(autojump_clock: MockClock) -> None:
    reader = await relay(stream([BODY.replace(b"\n", b"\r\n")]))
    assert reader.body == BODY.replace(b"\n", b"\r\n")
    assert reader.record is not None
    assert reader.record.usage == ANSWER_USAGE


@pytest.mark.parametrize("size", [1, 9, len(MESSAGE)])
async def test_an_answer_that_is_not_streamed_is_unchanged(
    size: int, autojump_clock: MockClock
) -> None:
    pieces = [MESSAGE[start : start + size] for start in range(0, len(MESSAGE), size)]
    script = [SendHead(200, JSON), *paced(pieces, 30.0)]
    reader = await relay(script, False)
    assert reader.pieces == pieces, "and no ping among them, however slow they are"
    assert reader.record is not None
    assert (reader.record.outcome, reader.record.usage) == (TurnOutcome.ANSWERED, ANSWER_USAGE)


@pytest.mark.parametrize(
    ("status", "kind", "headers"),
    [
        (400, "invalid_request_error", ()),
        (401, "authentication_error", ()),
        (429, "rate_limit_error", ((b"retry-after", b"17"),)),
        (500, "api_error", ((b"x-should-retry", b"false"),)),
        (529, "overloaded_error", ()),
    ],
)
@pytest.mark.parametrize("streamed", [True, False])
async def test_a_refusal_keeps_its_status_its_body_and_its_headers(
    status: int, kind: str, headers: Headers, streamed: bool, autojump_clock: MockClock
) -> None:
    script = refusal(status, kind, "Not now.", headers)
    reader = await relay(script, streamed)
    assert reader.head.status == status
    assert reader.headers == JSON + headers
    assert [SendBytes(piece) for piece in reader.pieces] == script[1:]
    assert reader.record is not None
    assert (reader.record.outcome, reader.record.status) == (TurnOutcome.REFUSED, status)


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_redirect_does_not_reach_the_client(
    streamed: bool, autojump_clock: MockClock
) -> None:
    location = (b"location", b"https://elsewhere.example/v1/messages")
    reader = await relay([SendHead(307, (location,))], streamed)
    assert reader.items == []
    assert (reader.refused.status, reader.refused.kind) == (502, "api_error")
    assert "base_url" in reader.refused.message
    assert "elsewhere" not in reader.refused.message


async def test_headers_of_one_hop_stay_behind_and_others_pass(autojump_clock: MockClock) -> None:
    kept = ((b"content-type", b"text/event-stream"), (b"request-id", b"r1"), (b"x-new", b"1"))
    hop = ((b"transfer-encoding", b"chunked"), (b"server", b"x"), (b"set-cookie", b"a=b"))
    reader = await relay([SendHead(200, hop + kept), *paced(ANSWER)])
    assert reader.headers == kept


def splices(sent: bytes, received: bytes) -> list[tuple[str, str]]:
    """The places where the request was changed, as (before, after)."""
    before, after = sent.decode(), received.decode()
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    spans = [change for change in changes if change[0] != "equal"]
    if not spans:
        return []
    _, first, _, first_after, _ = spans[0]
    _, _, last, _, last_after = spans[-1]
    return [(before[first:last], after[first_after:last_after])]


async def sent_for(members: dict[str, Any]) -> tuple[bytes, bytes]:
    """The client's request, and what the peer received of it."""
    async with open_stage() as stage:
        reader = await stage.read(turn("Grüße, 世界", **members))
        [exchange] = stage.upstream.exchanges
        return reader.turn.request.body, exchange.request.body


async def test_the_request_is_the_client_s_but_for_the_model(autojump_clock: MockClock) -> None:
    sent, received = await sent_for({})
    assert received == sent.replace(b'"work/claude-x"', b'"claude-x"', 1)
    assert splices(sent, received) == [("work/", "")]


async def test_thinking_that_nobody_signed_is_taken_out(autojump_clock: MockClock) -> None:
    unsigned = {"type": "thinking", "thinking": "Hm.", "signature": ""}
    signed = {"type": "thinking", "thinking": "Hm.", "signature": "abc"}
    said = {"type": "text", "text": "So."}
    messages = [
        {"role": "user", "content": "?"},
        {"role": "assistant", "content": [unsigned, signed, said]},
        {"role": "user", "content": [{"type": "text", "text": "!"}]},
    ]
    sent, received = await sent_for({"messages": messages})
    expected = json.loads(sent)
    expected["model"] = "claude-x"
    expected["messages"][1]["content"] = [signed, said]
    assert json.loads(received) == expected
    assert received.startswith(sent[: sent.index(b"work/")])


async def test_credentials_are_the_endpoint_s_and_other_headers_the_client_s(
    autojump_clock: MockClock,
) -> None:
    async with open_stage() as stage:
        await stage.read(turn(query=b"beta=true"))
        await stage.read(turn(model=HOME))
        work, home = (exchange.request for exchange in stage.upstream.exchanges)
    key = ((b"x-api-key", ENVIRONMENT["WORK_KEY"].encode()),)
    identity = ((b"accept-encoding", b"identity"),)
    assert work.url == f"{WORK_URL}/v1/messages?beta=true"
    assert work.headers == CLIENT_HEADERS + key + identity
    assert home.headers == CLIENT_HEADERS + identity, "no key of another endpoint"


async def test_tokens_are_counted_by_the_endpoint(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always(whole(b'{"input_tokens": 7}'))
        reader = await stage.read(turn(operation=Operation.COUNT_TOKENS))
        assert reader.body == b'{"input_tokens": 7}'
        assert stage.upstream.exchanges[0].request.url == f"{WORK_URL}/v1/messages/count_tokens"
        assert (await stage.line(reader)).outcome is TurnOutcome.ANSWERED


async def test_an_endpoint_that_is_not_there_is_a_refusal(autojump_clock: MockClock) -> None:
    reader = await relay([RefuseConnection()])
    assert (reader.refused.status, reader.refused.kind) == (503, "overloaded_error")
    assert "work: cannot connect to http://work.test:9000" in reader.refused.message


async def test_a_connection_lost_before_the_head_is_a_refusal(autojump_clock: MockClock) -> None:
    reader = await relay([CutConnection()])
    assert (reader.refused.status, reader.refused.kind) == (502, "api_error")


async def test_a_key_that_is_not_there_is_a_refusal_that_names_it(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(environment={}) as stage:
        reader = await stage.read(turn())
        assert reader.refused.status == 403
        assert "WORK_KEY" in reader.refused.message
        assert stage.upstream.exchanges == []


async def test_a_slow_reader_slows_the_peer(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always(stream([*ANSWER[:2], *(ANSWER[2],) * 100], seconds=0))
        reader = stage.start(turn(), pause_seconds=10.0)
        await trio.sleep(55)
        [exchange] = stage.upstream.exchanges
        in_the_sender_s_hand = 1
        assert exchange.pieces == len(reader.pieces) + STREAM_SLOTS + in_the_sender_s_hand
        reader.leave()
        await reader.ended.wait()


def test_the_diff_sees_a_change() -> None:
    assert splices(b"abc", b"abc") == []
    assert splices(b"a1c", b"a2c") == [("1", "2")]
