"""The dialect of workers: what is asked, and what an answer's frames mean, under every split."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.blocks import Text, ToolResult, ToolUse
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.dialect import NEED_DATA, AnswerReader, UpstreamNonsense
from understudy.protocols.engine import messages
from understudy.protocols.engine.dialect import WORKER
from understudy.protocols.engine.envelope import refusal_body
from understudy.protocols.engine.frames import frame
from understudy.protocols.engine.messages import (
    Ask,
    Chat,
    Count,
    Counted,
    Ended,
    FromWorker,
    Piece,
    Reading,
    Refused,
    Started,
    decode_to_worker,
    encode,
)
from understudy.protocols.records import Usage

WEATHER = Tool("weather", "Tells it.", {"type": "object", "properties": {"city": {}}})
ASKED = Conversation((Message("user", (Text("Hello"),)),), tools=(WEATHER,))
STARTED = Started(7, "hermes", 100, 60, 0, "<|im_start|>assistant\n")
FRESH = Usage(40, cache_read_tokens=60)
CALL = '<tool_call>\n{"name": "weather", "arguments": {"city": "Oslo"}}\n</tool_call>'


def token(number: int) -> bytes:
    return struct.pack("<i", number)


def reader(conversation: Conversation = ASKED) -> AnswerReader:
    return WORKER.reader(conversation, "small", "turn-1")


def frames(*said: FromWorker) -> bytes:
    return b"".join(frame(encode(message)) for message in said)


def events(data: Sequence[bytes], conversation: Conversation = ASKED) -> list[AnswerEvent]:
    found, whole = list[AnswerEvent](), reader(conversation)
    for piece in data:
        whole.receive_data(piece)
        while (event := whole.next_event()) is not NEED_DATA:
            found.append(event)
    whole.receive_end()
    assert whole.next_event() is NEED_DATA
    return found


def answer(*said: FromWorker) -> list[AnswerEvent]:
    """The events of an answer, the same wherever its bytes are split."""
    data = frames(STARTED, *said)
    found = events([data])
    assert events([bytes([byte]) for byte in data]) == found
    for place in range(1, len(data)):
        assert events([data[:place], data[place:]]) == found
    return found


def pieces(text: str, size: int = 3) -> list[Piece]:
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    return [Piece(7, part, token(number)) for number, part in enumerate(parts)]


def test_an_answer_of_text() -> None:
    found = answer(Reading(7, 50), Piece(7, "Good"), Piece(7, " day"), Ended(7, messages.STOP, 2))
    usage = attrs.evolve(FRESH, output_tokens=2)
    assert found[0] == AnswerStarted(FRESH)
    assert "".join(e.text for e in found if isinstance(e, TextDelta)) == "Good day"
    assert found[-1] == AnswerEnded("end_turn", usage)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (messages.STOP, "end_turn"),
        (messages.LENGTH, "max_tokens"),
        (messages.STOP_SEQUENCE, "stop_sequence"),
        (messages.CONTEXT, "model_context_window_exceeded"),
        ("something new", "something new"),
    ],
)
def test_how_an_answer_ends(reason: str, told: str) -> None:
    ended = answer(Piece(7, "x"), Ended(7, reason, 1, "END"))[-1]
    assert isinstance(ended, AnswerEnded)
    assert (ended.stop_reason, ended.stop_sequence) == (told, "END")


def test_a_call_is_told_whole_and_is_why_the_answer_ends() -> None:
    found = answer(*pieces(CALL), Ended(7, messages.STOP, 9))
    assert found[-1] == AnswerEnded("tool_use", attrs.evolve(FRESH, output_tokens=9))
    [begun] = [event for event in found if isinstance(event, ToolUseStarted)]
    place = found.index(begun)
    assert begun.name == "weather"
    assert found[place + 1 : place + 3] == [ToolInputDelta('{"city": "Oslo"}'), BlockEnded()]


def test_the_calls_of_all_answers_have_ids_of_their_own() -> None:
    data = frames(STARTED, *pieces(CALL + "\n" + CALL), Ended(7, messages.STOP, 9))
    ids = list[str]()
    for name in ("turn-1", "turn-1-1", "turn-2"):
        whole = WORKER.reader(ASKED, "small", name)
        whole.receive_data(data)
        while (event := whole.next_event()) is not NEED_DATA:
            ids += [event.id] if isinstance(event, ToolUseStarted) else []
    assert len(set(ids)) == len(ids) == 6


def test_a_call_that_was_cut_is_told_as_text() -> None:
    found = answer(*pieces(CALL[:-20]), Ended(7, messages.LENGTH, 9, whole=False))
    assert not [event for event in found if isinstance(event, ToolUseStarted)]
    assert "".join(e.text for e in found if isinstance(e, TextDelta)) == CALL[:-20]
    assert isinstance(found[-1], AnswerEnded)
    assert found[-1].stop_reason == "max_tokens"


def test_thinking_is_signed_with_the_model_that_may_read_it_again() -> None:
    text = "<think>\nHm.\n</think>\n\nYes."
    found = answer(*pieces(text), Ended(7, messages.STOP, len(pieces(text))))
    kinds = [type(event) for event in found if not isinstance(event, ThinkingDelta | TextDelta)]
    assert kinds == [AnswerStarted, ThinkingSigned, BlockEnded, AnswerEnded]
    thought = "".join(e.text for e in found if isinstance(e, ThinkingDelta))
    assert thought.strip() == "Hm."
    [signed] = [event for event in found if isinstance(event, ThinkingSigned)]
    assert signed.signature == "understudy:worker small "
    ended = found[-1]
    assert isinstance(ended, AnswerEnded)
    assert 0 < ended.usage.reasoning_tokens < ended.usage.output_tokens


def test_thinking_without_an_end_is_signed_all_the_same() -> None:
    found = answer(*pieces("<think>\nHm, let me see"), Ended(7, messages.LENGTH, 8, whole=False))
    assert [type(event) for event in found[-3:]] == [ThinkingSigned, BlockEnded, AnswerEnded]


def test_probabilities_come_with_the_text_that_they_are_of() -> None:
    def shown(text: str) -> list[dict[str, Any]]:
        return [{"token": text, "logprob": -0.5}]

    found = answer(
        Piece(7, "<think>", token(1), shown("<think>")),
        Piece(7, "Hm", token(2), shown("Hm")),
        Piece(7, "</think>", token(3), shown("</think>")),
        Piece(7, "Yes", token(4), shown("Yes")),
        Piece(7, ".", token(5), shown(".")),
        Ended(7, messages.STOP, 5),
    )
    logprobs = [one["token"] for e in found if isinstance(e, TextDelta) for one in e.logprobs]
    assert logprobs == ["Yes", "."]


def test_an_answer_that_fails_in_the_middle() -> None:
    found = answer(Piece(7, "Go"), Refused(7, 503, "overloaded_error", "no memory"))
    assert found[-1] == AnswerFailed("overloaded_error", "no memory", 503)


def test_an_answer_that_was_stopped_has_failed() -> None:
    assert answer(Piece(7, "Go"), Ended(7, messages.CANCELLED, 1))[-1] == AnswerFailed(
        "api_error", "the computation was stopped", 500
    )


def test_an_answer_that_was_cut_has_no_end() -> None:
    data = frames(STARTED, Piece(7, "Go"))
    assert events([data]) == events([data + b"\x09\x00"])
    assert not isinstance(events([data])[-1], AnswerEnded)


@pytest.mark.parametrize(
    "data",
    [
        frames(Piece(7, "early")),
        frames(Ended(7, messages.STOP, 0)),
        frames(Started(7, "no such format", 1, 0, 0, "")),
        frame(b"\xc1"),
        b"\x00\x00\x00\x00",
        frames(STARTED) + b"\xff\xff\xff\xff",
    ],
)
def test_nonsense_is_named(data: bytes) -> None:
    with pytest.raises(UpstreamNonsense, match="worker: "):
        events([data])


def test_more_is_kept_than_there_is() -> None:
    """A count that makes no sense does no harm to the ledger."""
    data = frames(Started(7, "hermes", 5, 9, 0, ""), Ended(7, messages.STOP, 0))
    assert events([data])[0] == AnswerStarted(Usage(0, cache_read_tokens=5))


def asked(conversation: Conversation) -> Ask:
    outgoing = WORKER.request(conversation, "small")
    message = decode_to_worker(outgoing.body)
    assert isinstance(message, Ask)
    assert message.request == 0
    return message


def test_every_wish_is_asked() -> None:
    sampling = Sampling(
        max_tokens=9,
        temperature=0.5,
        top_p=0.9,
        top_k=40,
        stop_sequences=("END",),
        seed=3,
        presence_penalty=0.25,
        frequency_penalty=0.5,
        logit_bias={"5": -100},
        logprobs=2,
    )
    schema = {"type": "object"}
    ask = asked(
        attrs.evolve(
            ASKED,
            sampling=sampling,
            tool_choice=ToolChoice("tool", "weather"),
            parallel_tools=False,
            output=OutputFormat(schema),
        )
    )
    assert ask.sampling == messages.Sampling(0.5, 0.9, 40, None, 3, 0.25, 0.5, 1.0, {5: -100.0}, 2)
    assert (ask.answer_tokens_max, ask.stop_sequences) == (9, ("END",))
    assert (ask.tool_mode, ask.tool_name, ask.parallel, ask.output) == (
        "tool",
        "weather",
        False,
        schema,
    )
    assert [tool.name for tool in ask.chat.tools] == ["weather"]


def test_a_history_with_a_call_is_asked_in_order() -> None:
    history = (
        Message("user", (Text("How is it?"),)),
        Message("assistant", (ToolUse("call-1", "weather", {"city": "Oslo"}),)),
        Message("user", (ToolResult("call-1", (Text("Rain."),)),)),
    )
    roles = [message["role"] for message in asked(Conversation(history)).chat.messages]
    assert roles == ["user", "assistant", "tool"]


def test_what_was_left_out_is_named() -> None:
    many = attrs.evolve(ASKED, sampling=Sampling(choices=3))
    assert WORKER.request(many, "small").dropped == ("choices",)


def test_a_count() -> None:
    outgoing = WORKER.count_request(ASKED, "small")
    message = decode_to_worker(outgoing.body)
    assert isinstance(message, Count)
    assert WORKER.counted(frames(Counted(1, 12))) == 12


@pytest.mark.parametrize(
    "body", [b"", frames(STARTED), frames(Counted(1, 2), Counted(1, 2)), b"\xff" * 8]
)
def test_no_count(body: bytes) -> None:
    with pytest.raises(UpstreamNonsense):
        WORKER.counted(body)


def test_a_refusal_keeps_status_kind_and_words() -> None:
    failure = WORKER.failure(400, (), refusal_body("invalid_request_error", "prompt is too long"))
    assert (failure.status, failure.kind, failure.message) == (
        400,
        "invalid_request_error",
        "prompt is too long",
    )
    assert WORKER.failure(503, (), b"gone").kind == "overloaded_error"


def test_a_sign_of_life_needs_no_template() -> None:
    message = decode_to_worker(WORKER.sign_of_life().body)
    assert message == Count(0, Chat([], prompt=" "))


def test_nothing_is_relayed() -> None:
    with pytest.raises(AssertionError):
        WORKER.relayed(None, "small")  # type: ignore[arg-type]  # it is not looked at
