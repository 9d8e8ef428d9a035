"""The sniffer: what it learns does not depend on how the bytes were cut, and it holds no more."""

from __future__ import annotations

import json
from collections.abc import Iterable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic import sniffer as module
from understudy.protocols.anthropic.sniffer import AnswerSniffer
from understudy.protocols.records import Usage

from .requests import few_examples
from .streams import (
    ANSWER,
    BODY,
    DELTAS,
    ENDING,
    START,
    carriage,
    event,
    opened,
    pieces,
    single_bytes,
    splits,
)

LF = b"".join(ANSWER)
CRLF = b"".join(carriage(ANSWER))
WHOLE = Usage(12, 41, 3000, 40)


def sniffed(chunks: Iterable[bytes], *, streamed: bool = True) -> AnswerSniffer:
    sniffer = AnswerSniffer(streamed)
    for chunk in chunks:
        sniffer.receive_data(chunk)
    sniffer.end()
    return sniffer


def test_a_whole_answer_is_known() -> None:
    known = sniffed([LF])
    assert known.settled_usage() == WHOLE
    assert (known.started, known.content_started, known.stopped) == (True, True, True)
    assert known.tool_uses == ["toolu_1", "toolu_2"]
    assert known.tool_finished
    assert (known.stop_reason, known.error, known.deltas) == ("tool_use", "", DELTAS)
    assert known.at_boundary


@pytest.mark.parametrize("answer", [LF, CRLF], ids=["LF", "CRLF"])
def test_every_split_in_two_gives_the_same(answer: bytes) -> None:
    known = sniffed([LF])
    for chunks in splits(answer):
        assert sniffed(chunks) == known, chunks[0][-40:]
    assert sniffed(single_bytes(answer)) == known


@few_examples
@given(st.sampled_from([LF, CRLF]).flatmap(pieces))
def test_any_pieces_give_the_same(chunks: list[bytes]) -> None:
    assert sniffed(chunks) == sniffed([LF])


@pytest.mark.parametrize("frames", [ANSWER, carriage(ANSWER)], ids=["LF", "CRLF"])
def test_a_boundary_is_where_an_event_ends_and_nowhere_else(frames: list[bytes]) -> None:
    sniffer = AnswerSniffer(True)
    assert sniffer.at_boundary
    for frame in frames:
        for place, byte in enumerate(single_bytes(frame), 1):
            sniffer.receive_data(byte)
            assert sniffer.at_boundary == (place == len(frame)), frame[:place]


def test_usage_is_estimated_if_and_only_if_the_answer_did_not_end() -> None:
    frames = [START, *BODY, ENDING]
    for count in range(len(frames) + 1):
        known = sniffed(frames[:count])
        usage = known.settled_usage()
        assert usage.estimated == (0 < count < len(frames))
        assert usage.input_tokens == (12 if count else 0)
    assert sniffed(frames[:-1]).settled_usage() == Usage(12, DELTAS, 3000, 40, estimated=True)


def test_what_the_ending_reports_again_replaces_what_the_start_said() -> None:
    ending = event("message_delta", delta={}, usage={"input_tokens": 15, "output_tokens": 3})
    assert sniffed([START, ending]).usage == Usage(15, 3, 3000, 40)
    silent = event("message_delta", delta={"stop_reason": "end_turn"}) + event("message_stop")
    assert sniffed([START, silent]).settled_usage() == Usage(12, 1, 3000, 40)


def test_a_tool_is_finished_at_its_own_end_and_not_before() -> None:
    for count in range(len(BODY) + 1):
        assert sniffed([START, *BODY[:count]]).tool_finished == (count >= 14)


@few_examples
@given(st.data())
def test_an_error_event_is_seen(data: st.DataObject) -> None:
    error = event("error", error={"type": "overloaded_error", "message": "busy"})
    known = sniffed(data.draw(pieces(START + error)))
    assert known.error == "overloaded_error"
    assert not known.stopped


def test_an_event_needs_no_name_and_may_spread_its_data_over_lines() -> None:
    data = b'data:{"type" : "message_start",\ndata:"message":{"usage":{"input_tokens":5}}}\n\n'
    assert sniffed([data]).usage.input_tokens == 5


@pytest.mark.parametrize(
    "frame",
    [
        b'data: {"type":"message_start","message":7}\n\n',
        b'data: {"type":"message_start"\n\n',
        b'data: ["type":"message_start"]\n\n',
        b'data: {"type":"content_block_start","content_block":[]}\n\n',
        b'data: {"type":"message_delta","usage":[1],"delta":"x"}\n\n',
        b'data: {"type":"error","error":"x"}\n\n',
        b'data: {"type":"message_stop","x":"\xff"}\n\n',
        b'data: {"type":"message_start","x":' + b"[" * 50_000 + b"\n\n",
    ],
)
def test_an_event_that_makes_no_sense_is_no_crash(frame: bytes) -> None:
    known = sniffed([frame, START])
    assert known.usage.input_tokens == 12
    assert known.at_boundary


@pytest.mark.parametrize("count", [-1, 2**64, 10**30, 1.5, "7", None, [], True])
def test_a_count_that_no_ledger_can_hold_is_no_count(count: object) -> None:
    strange = event("message_delta", delta={}, usage={"output_tokens": count})
    assert sniffed([START, strange]).usage.output_tokens == 1


def test_names_for_the_ledger_are_short() -> None:
    tool = opened(0, type="tool_use", id="t" * 5000)
    ending = event("message_delta", delta={"stop_reason": "r" * 5000})
    error = event("error", error={"type": "e" * 5000})
    known = sniffed([tool, ending, error])
    names = (known.tool_uses[0], known.stop_reason, known.error)
    assert {len(name) for name in names} == {module.NAME_CHARACTERS_MAX}


def test_a_plain_answer_is_read_at_its_end() -> None:
    content = [{"type": "text", "text": "x"}, {"type": "tool_use", "id": "toolu_9"}, 7]
    usage = {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": None}
    message = {"type": "message", "content": content, "stop_reason": "end_turn", "usage": usage}
    known = sniffed(single_bytes(json.dumps(message).encode()), streamed=False)
    assert known.settled_usage() == Usage(3, 4)
    assert (known.stop_reason, known.tool_uses, known.stopped) == ("end_turn", ["toolu_9"], True)


def test_a_plain_error_is_read_too() -> None:
    body = json.dumps({"type": "error", "error": {"type": "api_error"}}).encode()
    assert sniffed([body], streamed=False).error == "api_error"


@few_examples
@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_are_taken(data: bytes, streamed: bool) -> None:
    known = sniffed([data], streamed=streamed)
    assert isinstance(known.settled_usage(), Usage)


@pytest.mark.parametrize("streamed", [True, False])
def test_beyond_its_limit_it_looks_no_more_and_holds_nothing(
    monkeypatch: pytest.MonkeyPatch, streamed: bool
) -> None:
    monkeypatch.setattr(module, "EVENT_BYTES_MAX", 1000)
    monkeypatch.setattr(module, "BODY_BYTES_MAX", 1000)
    sniffer = AnswerSniffer(streamed)
    for _ in range(50):
        sniffer.receive_data(b"x" * 100)
        assert len(attrs.asdict(sniffer)["_rest"]) <= 1000
    assert attrs.asdict(sniffer)["_rest"] == b""
    sniffer.receive_data(b"\n\n" + START)
    sniffer.end()
    assert not sniffer.at_boundary
    assert not sniffer.started
