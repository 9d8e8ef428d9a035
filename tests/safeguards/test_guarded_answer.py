"""What of an answer may pass, what is held, and what it calls: under every split of its bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic.events import error_event
from understudy.protocols.safeguards.guarded_answer import HELD_BYTES_MAX, GuardedAnswer
from understudy.protocols.safeguards.verdict import NoVerdict, Verdict, results

from .answers import CALLS, anthropic_bytes, verdicts_in

VERDICTS = results([Verdict("call_1", False, ""), Verdict("call_2", True, "Why not.")])
END = anthropic_bytes().index(b"event: message_delta")


def passed(answer: GuardedAnswer, *pieces: bytes) -> bytes:
    """What goes out of these pieces before the end is known."""
    return b"".join(map(answer.receive_data, pieces))


@pytest.mark.parametrize("streamed", [True, False])
def test_every_split_gives_the_same(streamed: bool) -> None:
    body = anthropic_bytes(streamed=streamed)
    told = set[bytes]()
    for place in range(len(body) + 1):
        answer = GuardedAnswer(streamed)
        before = passed(answer, body[:place], body[place:])
        assert before == (body[:END] if streamed else b"")
        answer.receive_end()
        assert answer.complete
        assert [(use.id, use.name, use.input) for use in answer.tool_uses] == [
            (call, name, json.loads(given)) for call, name, given in CALLS
        ]
        told.add(before + answer.finish(VERDICTS))
    [whole] = told
    assert verdicts_in(whole, streamed=streamed) == VERDICTS[0]["status"]["tool_uses"]


@pytest.mark.parametrize("streamed", [True, False])
def test_without_verdicts_it_goes_out_as_it_came(streamed: bool) -> None:
    body = anthropic_bytes(streamed=streamed)
    for place in range(0, len(body) + 1, 7):
        answer = GuardedAnswer(streamed)
        before = passed(answer, body[:place], body[place:])
        answer.receive_end()
        assert before + answer.finish(None) == body


def test_only_the_verdicts_are_put_in() -> None:
    body = anthropic_bytes()
    answer = GuardedAnswer(streamed=True)
    whole = passed(answer, body) + answer.finish(VERDICTS)
    assert whole.count(b"safeguard_results") == 1
    assert whole[:END] == body[:END]
    lines = [line[6:] for line in whole[END:].split(b"\n") if line.startswith(b"data: ")]
    delta, stop = map(json.loads, lines)
    del delta["delta"]["safeguard_results"]
    [before] = [line for line in body.split(b"\n") if b'"message_delta"' in line]
    assert delta == json.loads(before[6:])
    assert stop == {"type": "message_stop"}


@given(st.integers(0, END), st.booleans())
def test_a_cut_answer_is_never_complete(place: int, more: bool) -> None:
    body = anthropic_bytes()[: place + (40 if more else 0)]
    answer = GuardedAnswer(streamed=True)
    before = passed(answer, body)
    answer.receive_end()
    assert not answer.complete
    assert before + answer.finish(None) == body


def test_an_error_in_the_stream_is_no_end() -> None:
    body = anthropic_bytes()[:END] + error_event("api_error", "Broken")
    answer = GuardedAnswer(streamed=True)
    assert passed(answer, body) == body
    answer.receive_end()
    assert not answer.complete


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("two with one id", (("a", "Bash", "{}"), ("a", "Bash", "{}"))),
        ("one without an id", (("", "Bash", "{}"),)),
        ("broken input", (("a", "Bash", '{"command": "ls'),)),
    ],
)
def test_what_cannot_be_read_cannot_be_judged(
    name: str, calls: tuple[tuple[str, str, str], ...]
) -> None:
    answer = GuardedAnswer(streamed=True)
    passed(answer, anthropic_bytes(calls))
    answer.receive_end()
    with pytest.raises(NoVerdict):
        pytest.fail(f"{name}: {answer.tool_uses}")


def test_an_event_without_an_end_is_passed_on_at_a_limit() -> None:
    answer = GuardedAnswer(streamed=True)
    piece = b"x" * (HELD_BYTES_MAX // 4)
    assert passed(answer, b"data: ", *[piece] * 5) == b"data: " + piece * 5
    answer.receive_end()
    with pytest.raises(NoVerdict):
        pytest.fail(f"{answer.tool_uses}")
