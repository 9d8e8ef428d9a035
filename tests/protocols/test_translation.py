"""The passage between two dialects: what is written when, paused, failed, and accounted for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from understudy.protocols.anthropic.dialect import SERVED
from understudy.protocols.conversation.answer import (
    CONTEXT_WINDOW,
    PAUSE_TURN,
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.blocks import Text, ToolUse
from understudy.protocols.conversation.request import Conversation
from understudy.protocols.dialect import (
    NEED_DATA,
    AnswerReader,
    Failure,
    Headers,
    NeedData,
    Outgoing,
    UpstreamDialect,
)
from understudy.protocols.records import Usage
from understudy.protocols.request import ServedRequest
from understudy.protocols.translation import Translation, not_for_the_client

END = BlockEnded()
USAGE = Usage(10, 3)
ENDED = AnswerEnded("end_turn", USAGE)
CALL = ToolUseStarted("call_1", "search")
SEARCHED: tuple[AnswerEvent, ...] = (CALL, ToolInputDelta("{}"), END)
TOLD = OtherBlock("anthropic", {"type": "web_search_tool_result", "tool_use_id": "s"})


class ScriptReader(AnswerReader):
    """Each byte that comes is the next event of the script."""

    def __init__(self, script: Sequence[AnswerEvent]) -> None:
        self._script, self._due = list(script), 0

    def receive_data(self, data: bytes) -> None:
        self._due += len(data)

    def next_event(self) -> AnswerEvent | NeedData:
        if not self._due or not self._script:
            return NEED_DATA
        self._due -= 1
        return self._script.pop(0)

    def receive_end(self) -> None:
        self._due = len(self._script)


class ScriptDialect(UpstreamDialect):
    """An endpoint that answers by a script."""

    name = "script"

    def __init__(self, script: Sequence[AnswerEvent]) -> None:
        self._script = script
        self.asked: list[bool] = []

    def request(self, conversation: Conversation, model: str) -> Outgoing:
        raise NotImplementedError

    def relayed(self, request: ServedRequest, model: str) -> Outgoing:
        raise NotImplementedError

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        return Failure(status, "authentication_error", body.decode(), 7)

    def reader(self, conversation: Conversation, model: str, answer: str) -> AnswerReader:
        self.asked.append(conversation.streamed)
        return ScriptReader(self._script)


def passage(*, streamed: bool = True) -> Translation:
    """A passage to a client of Anthropic's dialect."""
    stream = json.dumps(streamed).encode()
    body = b'{"model":"m","max_tokens":9,"messages":[],"stream":%b}' % stream
    return Translation(SERVED.writer(SERVED.parse(body), "1"))


def answered(found: Translation, *events: AnswerEvent) -> bytes:
    """What the client gets of an answer."""
    found.expect(ScriptDialect(events), Conversation((), streamed=True), "m", "1")
    return found.receive_data(b"." * len(events)) + found.receive_end()


def read(data: bytes) -> list[dict[str, Any]]:
    """The events that were written."""
    lines = [line for line in data.splitlines() if line.startswith(b"data: ")]
    return [json.loads(line.removeprefix(b"data: ")) for line in lines]


def kinds(data: bytes) -> list[str]:
    """Their kinds."""
    return [event["type"] for event in read(data)]


def texts(data: bytes) -> list[str]:
    """Their pieces of text."""
    deltas = [event.get("delta", {}) for event in read(data)]
    return [delta["text"] for delta in deltas if delta.get("type") == "text_delta"]


def test_each_event_is_written_when_it_comes() -> None:
    found = passage()
    found.expect(
        ScriptDialect([AnswerStarted(), TextDelta("a"), END, ENDED]), Conversation(()), "m", "1"
    )
    written = [kinds(found.receive_data(b".")) for _ in range(4)]
    assert written == [
        ["message_start"],
        ["content_block_start", "content_block_delta"],
        ["content_block_stop"],
        ["message_delta", "message_stop"],
    ]
    assert found.account.stopped
    assert found.account.settled_usage() == USAGE


def test_nothing_is_written_behind_the_end() -> None:
    found = passage()
    written = answered(found, AnswerStarted(), ENDED, TextDelta("late"), AnswerFailed("x", "late"))
    assert kinds(written)[-1] == "message_stop"
    assert texts(written) == []
    assert found.failed is None
    assert found.ping() == b""


def test_a_failure_is_kept_and_not_written() -> None:
    found, failed = passage(), AnswerFailed("overloaded_error", "Busy.", 529)
    written = answered(found, AnswerStarted(), failed, ENDED)
    assert kinds(written) == ["message_start"]
    assert found.failed == Failure(529, "overloaded_error", "Busy.")
    assert found.account.error == "overloaded_error"
    assert found.ping() == b""


def test_a_failure_is_told_before_content_and_cut_after_it() -> None:
    failure = Failure(503, "overloaded_error", "Busy.")
    found = passage()
    answered(found, AnswerStarted())
    assert kinds(found.told(failure)) == ["error"]
    found = passage()
    answered(found, AnswerStarted(), ThinkingDelta("h"))
    assert found.told(failure) == b""


def test_the_answer_begins_once_however_often_it_is_said() -> None:
    found = passage()
    opening = found.opening(5)
    written = opening + answered(found, AnswerStarted(), AnswerStarted(USAGE), ENDED)
    assert kinds(written).count("message_start") == 1
    assert read(opening)[0]["message"]["usage"]["input_tokens"] == 5


@pytest.mark.parametrize(("counted", "wanted"), [(0, 40), (5, 5)])
def test_an_opening_tells_what_is_known_of_the_input(counted: int, wanted: int) -> None:
    found = passage()
    found.estimated_tokens = 40
    assert read(found.opening(counted))[0]["message"]["usage"]["input_tokens"] == wanted


def test_an_estimate_stands_only_where_nothing_is_reported() -> None:
    found = passage()
    found.estimated_tokens = 40
    written = answered(found, AnswerStarted(), AnswerEnded("end_turn", Usage(output_tokens=3)))
    assert read(written)[0]["message"]["usage"]["input_tokens"] == 40
    assert found.account.usage == Usage(40, 3, estimated=True)
    found = passage()
    found.estimated_tokens = 40
    written = answered(found, AnswerStarted(), AnswerEnded("end_turn", Usage(0, 3, 50)))
    assert read(written)[-2]["usage"] == {
        "input_tokens": 0,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 50,
        "output_tokens": 3,
    }
    assert found.account.usage == Usage(0, 3, 50)


def test_a_notice_stands_in_front_of_the_first_text_once() -> None:
    found = passage()
    found.notice("(shortened) ")
    written = answered(found, AnswerStarted(), ThinkingDelta("h"), TextDelta("a"), TextDelta("b"))
    assert texts(written) == ["(shortened) ", "a", "b"]


def test_json_in_the_place_of_a_stream_is_read_as_what_it_is() -> None:
    for kind, asked in ((b"application/json; charset=utf-8", [True, False]), (b"text/x", [True])):
        found, upstream = passage(), ScriptDialect([])
        found.expect(upstream, Conversation((), streamed=True), "m", "1")
        found.receive_head(((b"content-type", kind),))
        assert upstream.asked == asked


def test_a_refused_key_is_not_told_as_the_client_s() -> None:
    found = passage()
    answered(found)
    told = found.failure(401, (), b"bad key")
    assert (told.status, told.kind) == (403, "permission_error")
    assert "bad key" in told.message
    for status in (400, 403, 429):
        other = Failure(status, "x", "y", 7)
        assert not_for_the_client(other) is other


def paused(*events: AnswerEvent, streamed: bool = True) -> tuple[Translation, bytes]:
    """A passage that withholds calls of `search`, after an answer with these events."""
    found = passage(streamed=streamed)
    found.stand_ins(frozenset({"search"}))
    return found, answered(found, AnswerStarted(), *events, AnswerEnded("tool_use", USAGE))


def test_a_withheld_call_pauses_the_answer() -> None:
    found, written = paused(TextDelta("I look."), END, *SEARCHED)
    assert found.paused
    assert not found.account.stopped
    assert "tool_use" not in str(read(written))
    assert "message_stop" not in kinds(written)
    assert found.withheld == (ToolUse("call_1", "search", {}),)
    assert found.said == (Text("I look."), ToolUse("call_1", "search", {}))
    assert kinds(found.ping()) == ["ping"]
    assert found.account.tool_uses == []


def resumed(found: Translation, told: Iterable[OtherBlock] = (TOLD,)) -> bytes:
    """The second answer, after the call was run."""
    return found.resume(told) + answered(found, AnswerStarted(USAGE), TextDelta("So."), END, ENDED)


def test_the_next_answer_goes_on_in_the_same_one() -> None:
    found, written = paused(*SEARCHED)
    written += resumed(found)
    assert kinds(written).count("message_start") == kinds(written).count("message_stop") == 1
    starts = [event for event in read(written) if event["type"] == "content_block_start"]
    assert [event["index"] for event in starts] == [0, 1]
    assert read(written)[-2]["usage"]["output_tokens"] == 6
    assert found.account.usage == Usage(20, 6)
    assert not found.paused


def test_a_call_for_the_client_ends_the_answer_when_the_others_are_told() -> None:
    found, _ = paused(*SEARCHED, ToolUseStarted("call_2", "note"), END)
    written = found.resume([TOLD])
    assert kinds(written)[-2:] == ["message_delta", "message_stop"]
    assert read(written)[-2]["delta"]["stop_reason"] == "tool_use"
    assert (found.paused, found.account.stopped) == (False, True)
    assert found.account.tool_uses == ["call_2"]


def test_the_last_time_the_turn_is_told_to_pause() -> None:
    found, _ = paused(*SEARCHED)
    written = found.resume([TOLD], last=True)
    assert read(written)[-2]["delta"]["stop_reason"] == PAUSE_TURN
    assert found.account.stop_reason == PAUSE_TURN
    found, _ = paused(*SEARCHED, ToolUseStarted("call_2", "note"), END)
    assert read(found.resume([TOLD], last=True))[-2]["delta"]["stop_reason"] == "tool_use"


def test_what_is_told_of_a_call_is_content() -> None:
    """What fails then is better cut: blocks have come that an error would throw away."""
    found, _ = paused(*SEARCHED)
    found.resume([TOLD])
    assert found.told(Failure(503, "overloaded_error", "Busy.")) == b""


def test_a_call_that_was_never_ended_swallows_nothing_of_the_next_answer() -> None:
    found, _ = paused(CALL, ToolInputDelta("{}"))
    written = resumed(found)
    assert kinds(written).count("content_block_start") == kinds(written).count("content_block_stop")


def test_an_answer_in_one_piece_pauses_without_a_byte() -> None:
    found, written = paused(*SEARCHED, streamed=False)
    assert written == b""
    written = resumed(found)
    content = json.loads(written)["content"]
    assert [block["type"] for block in content] == ["web_search_tool_result", "text"]


def test_who_has_no_stand_ins_collects_nothing() -> None:
    found = passage()
    answered(found, AnswerStarted(), *SEARCHED, ENDED)
    assert (found.said, found.withheld, found.account.tool_uses) == ((), (), ["call_1"])


def test_a_reason_of_the_model_s_own_is_kept_for_the_ledger() -> None:
    found = passage()
    answered(found, AnswerStarted(), AnswerEnded(CONTEXT_WINDOW, USAGE))
    assert found.account.stop_reason == CONTEXT_WINDOW
