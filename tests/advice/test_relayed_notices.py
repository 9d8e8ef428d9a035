"""A notice in a relayed answer of each dialect: clients that are strict hear it, and nothing else
has changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
)
from understudy.protocols.dialects import SERVED, UPSTREAM
from understudy.protocols.sniffed_relay import SniffedRelay
from understudy.simulations.dialects.dialects import EARS

from ..actors.dialects import (
    CHAT,
    EVENTS,
    GEMINI,
    OLLAMA,
    RESPONSES,
    SAID,
    USAGE,
    answer_pieces,
    calling,
    dialect_turn,
)

DIALECTS = (CHAT, RESPONSES, GEMINI, OLLAMA)
NOTICE = "(Understudy: 看，there is more room.)\n\n"  # noqa: RUF001 Chinese punctuation
Json = dict[str, Any]


def relayed(
    dialect: str,
    pieces: Sequence[bytes],
    *,
    streamed: bool = True,
    kind: bytes = b"",
) -> tuple[bytes, SniffedRelay]:
    """The bytes that the client gets, and the relay."""
    turn = dialect_turn(dialect, stream=streamed)
    writer = SERVED[dialect].writer(turn.request, "one")
    relay = SniffedRelay(UPSTREAM[dialect], writer, "one", streamed=streamed)
    relay.notice(NOTICE)
    headers = ((b"content-type", kind),) if kind else writer.headers
    relay.receive_head(headers)
    return b"".join(map(relay.receive_data, pieces)) + relay.receive_end(), relay


def events(*values: Json, named: bool = False) -> list[bytes]:
    """A stream of these values."""
    names = [f"event: {value['type']}\n" if named else "" for value in values]
    pairs = zip(names, values, strict=True)
    return [f"{name}data: {json.dumps(value)}\n\n".encode() for name, value in pairs]


def values_of(body: bytes) -> list[Json]:
    """The values of a stream."""
    lines = [line.removeprefix(b"data: ") for line in body.splitlines()]
    return [json.loads(line) for line in lines if line.startswith(b"{")]


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_strict_client_hears_it_first(dialect: str, streamed: bool) -> None:
    pieces, _ = answer_pieces(dialect, streamed=streamed)
    body, relay = relayed(dialect, pieces, streamed=streamed)
    ear = EARS[dialect]
    heard = ear.heard(body, complete=True) if streamed else ear.heard_whole(body)
    assert (heard.text, heard.complaints, heard.whole) == (NOTICE + SAID, (), True)
    assert relay.noticed
    assert relay.changes_length


@pytest.mark.parametrize("dialect", DIALECTS)
def test_it_is_the_same_wherever_the_stream_is_split(dialect: str) -> None:
    whole = b"".join(answer_pieces(dialect)[0])
    wanted, _ = relayed(dialect, [whole])
    for place in range(0, len(whole), 3):
        assert relayed(dialect, [whole[:place], whole[place:]])[0] == wanted


@pytest.mark.parametrize("dialect", DIALECTS)
def test_all_other_frames_pass_as_they_came(dialect: str) -> None:
    whole = b"".join(answer_pieces(dialect)[0])
    end = b"\n" if dialect == OLLAMA else b"\n\n"
    frames = relayed(dialect, [whole])[0].split(end)
    changed = [new for new, old in zip(frames, whole.split(end), strict=True) if new != old]
    assert len(changed) == (5 if dialect == RESPONSES else 1)
    assert all(json.dumps(NOTICE, ensure_ascii=False)[1:-1].encode() in each for each in changed)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_thoughts_stay_before_it(dialect: str) -> None:
    asked: list[AnswerEvent] = [AnswerStarted(), ThinkingDelta("hm"), BlockEnded()]
    pieces, _ = answer_pieces(dialect, [*asked, *EVENTS[1:]])
    heard = EARS[dialect].heard(relayed(dialect, pieces)[0], complete=True)
    assert heard.text == NOTICE + SAID
    assert heard.thoughts in ("", "hm")


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_without_text_carries_none(dialect: str, streamed: bool) -> None:
    pieces, _ = answer_pieces(dialect, calling("Read", "{}"), streamed=streamed)
    body, relay = relayed(dialect, pieces, streamed=streamed)
    assert body == b"".join(pieces)
    assert not relay.noticed


@pytest.mark.parametrize("text", ["<think>Well", "\n<", "<|channel|>", "[THINK] hm"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_thought_in_tags_is_left_alone(dialect: str, text: str) -> None:
    said: list[AnswerEvent] = [AnswerStarted(), TextDelta(text), TextDelta("end"), BlockEnded()]
    pieces, _ = answer_pieces(dialect, [*said, AnswerEnded("end_turn", USAGE)])
    body, relay = relayed(dialect, pieces)
    assert body == b"".join(pieces)
    assert not relay.noticed


@pytest.mark.parametrize("dialect", DIALECTS)
def test_white_space_waits_for_words(dialect: str) -> None:
    said: list[AnswerEvent] = [AnswerStarted(), TextDelta("\n"), TextDelta(" To"), BlockEnded()]
    pieces, _ = answer_pieces(dialect, [*said, AnswerEnded("end_turn", USAGE)])
    heard = EARS[dialect].heard(relayed(dialect, pieces)[0], complete=True)
    assert (heard.text, heard.complaints) == (f"\n {NOTICE}To", ())


@pytest.mark.parametrize("kind", [b"application/json", b"text/event-stream; x"])
def test_what_is_no_stream_of_events_passes(kind: bytes) -> None:
    whole = b"".join(answer_pieces(CHAT, streamed=False)[0])
    assert relayed(CHAT, [whole], kind=kind)[0] == whole


def test_a_frame_that_is_no_json_passes_and_line_ends_stay() -> None:
    frames = [b": hello\r\n\r\n", b"id: 1\r\ndata: nonsense\r\n\r\n", b"data: [DONE]\r\n\r\n"]
    chunk = b'id: 2\r\ndata: {"choices":[{"delta":{"content":"To"}}]}\r\n\r\n'
    body, _ = relayed(CHAT, [*frames[:2], chunk, frames[2]])
    told = json.dumps(NOTICE + "To", ensure_ascii=False).encode()
    wanted = b'id: 2\r\ndata: {"choices":[{"delta":{"content":%s}}]}\r\n\r\n' % told
    assert body == b"".join([*frames[:2], wanted, frames[2]])


def test_only_the_first_choice_carries_it() -> None:
    second: Json = {"choices": [{"index": 1, "delta": {"content": "No"}}]}
    first: Json = {"choices": [{"index": 0, "delta": {"content": "Yes"}}]}
    body, _ = relayed(CHAT, events(second, first))
    assert [each["choices"][0]["delta"]["content"] for each in values_of(body)] == [
        "No",
        f"{NOTICE}Yes",
    ]


def test_citations_move_along() -> None:
    size = len(NOTICE)
    cited: Json = {"type": "url_citation", "start_index": 0, "end_index": 2, "url": "u"}
    chat: Json = {"choices": [{"message": {"content": "To", "annotations": [
        {"type": "url_citation", "url_citation": {"start_index": 0, "end_index": 2}}
    ]}}]}  # fmt: skip
    [found] = values_of(relayed(CHAT, [json.dumps(chat).encode()], streamed=False)[0])
    [moved] = found["choices"][0]["message"]["annotations"]
    assert moved["url_citation"] == {"start_index": size, "end_index": 2 + size}
    part: Json = {"type": "output_text", "text": "To", "annotations": [cited]}
    items: Json = {"output": [{"type": "reasoning"}, {"type": "message", "content": [part]}]}
    [whole] = values_of(relayed(RESPONSES, [json.dumps(items).encode()], streamed=False)[0])
    assert whole["output"][1]["content"][0]["annotations"][0]["end_index"] == 2 + size
    place: Json = {"output_index": 0, "content_index": 0}
    told = events(
        {"type": "response.output_text.delta", **place, "delta": "To"},
        {"type": "response.output_text.annotation.added", **place, "annotation": cited},
        {"type": "response.content_part.done", **place, "part": part},
        named=True,
    )
    _, added, done = values_of(relayed(RESPONSES, told)[0])
    assert added["annotation"]["start_index"] == size
    assert done["part"]["annotations"][0]["start_index"] == size
    assert done["part"]["text"] == f"{NOTICE}To"


@pytest.mark.parametrize("first", range(4))
def test_an_item_may_be_told_when_it_is_done(first: int) -> None:
    place: Json = {"output_index": 1, "content_index": 0}
    part: Json = {"type": "output_text", "text": " To"}
    item: Json = {"type": "message", "content": [part]}
    told: list[Json] = [
        {"type": "response.output_text.done", **place, "text": " To"},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": 1, "item": item},
        {"type": "response.completed", "response": {"output": [{"type": "reasoning"}, item]}},
    ]
    found = values_of(relayed(RESPONSES, events(*told[first:], named=True))[0])
    texts = [
        found[-1]["response"]["output"][1]["content"][0]["text"],
        *[each["item"]["content"][0]["text"] for each in found if "item" in each],
        *[each["part"]["text"] for each in found if "part" in each],
        *[each["text"] for each in found if "text" in each],
    ]
    wanted = f" {NOTICE}To" if first < 3 else " To"
    assert set(texts) == {wanted}


def test_what_gemini_says_of_its_words_moves_by_bytes() -> None:
    size = len(NOTICE.encode())
    grounding: Json = {"groundingSupports": [{"segment": {"startIndex": 1, "endIndex": 2}}]}
    value: Json = {
        "candidates": [{"content": {"parts": [{"text": "To"}]}, "groundingMetadata": grounding}]
    }
    [found] = values_of(relayed(GEMINI, [json.dumps(value).encode()], streamed=False)[0])
    [support] = found["candidates"][0]["groundingMetadata"]["groundingSupports"]
    assert support["segment"] == {"startIndex": 1 + size, "endIndex": 2 + size}


def test_what_gemini_has_signed_stays_as_it_is() -> None:
    signed: Json = {"text": "To", "thoughtSignature": "c2ln"}
    thought: Json = {"text": "hm", "thought": True}
    value: Json = {"candidates": [{"content": {"parts": [thought, signed]}}]}
    [found] = values_of(relayed(GEMINI, events(value))[0])
    assert found["candidates"][0]["content"]["parts"] == [thought, {"text": NOTICE}, signed]
