"""The simulated Claude Code against a scripted endpoint, with no product between.

Each row of the table in docs/claude-code.md, measured on the real client, is a test of its own
here: how many attempts there are, how long the client waits, and how it ends. The rows that
`tests/real/test_client_failures.py` leaves out because they take minutes are here too.
"""

from __future__ import annotations

from itertools import count

import pytest
import trio
from understudy.protocols.anthropic import events
from understudy.simulations.upstream import HANG, SendBytes, SendHead, Wait
from understudy.simulations.world.answers import (
    answer_events,
    call_events,
    paced,
    refused,
    streamed,
)
from understudy.simulations.world.claude import OutcomeKind
from understudy.simulations.world.claude_request import Shape
from understudy.simulations.world.client import AnswerEnding
from understudy.simulations.world.peer import Cut, Ending, PeerStep, SendRaw
from understudy.simulations.world.question import read_question

from .desk import (
    PORT,
    SLACK_SECONDS,
    TEXT,
    Desk,
    Script,
    at_desk,
    gaps_seconds,
    is_on_ladder,
    streams,
)

DROP: Script = [SendRaw(b"")]
BREAK = SendRaw(b"")


@pytest.mark.parametrize("status", [401, 408, 409, 429, 500, 502, 503, 504, 529])
def test_a_passing_failure_is_asked_for_again_as_a_stream(status: int) -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(refused(status), refused(status))
        outcome = await desk.claude.ask("Now?")
        assert (outcome.kind, outcome.text) == (OutcomeKind.ANSWERED, TEXT)
        assert [one.status for one in outcome.attempts] == [status, status, 200]
        assert streams(outcome) == [True] * 3
        assert is_on_ladder(gaps_seconds(outcome))

    at_desk(scene)


@pytest.mark.parametrize("script", [refused(500), DROP], ids=["500", "dropped"])
def test_a_lasting_failure_is_asked_for_eleven_times_in_three_minutes(script: Script) -> None:
    async def scene(desk: Desk) -> None:
        desk.peer.respond = lambda _body: script
        outcome = await desk.claude.ask("Now?")
        assert outcome.kind is OutcomeKind.GAVE_UP
        assert len(desk.requests) == 11
        assert is_on_ladder(gaps_seconds(outcome))
        assert 170 < trio.current_time() < 200

    at_desk(scene)


def test_nobody_listening_is_a_dropped_connection() -> None:
    async def scene(desk: Desk) -> None:
        desk.claude.wire.port = PORT + 1
        outcome = await desk.claude.ask("Now?")
        assert outcome.kind is OutcomeKind.GAVE_UP
        assert [one.status for one in outcome.attempts] == [0] * 11

    at_desk(scene)


def test_retry_after_is_honoured() -> None:
    async def scene(desk: Desk) -> None:
        busy = refused(429, retry_after_seconds=3)
        desk.answer_with(busy, busy)
        outcome = await desk.claude.ask("Now?")
        assert outcome.kind is OutcomeKind.ANSWERED
        assert [round(gap, 3) for gap in gaps_seconds(outcome)] == [3.0, 3.0]

    at_desk(scene)


def test_an_overload_is_shown_soon_for_a_model_that_the_client_knows() -> None:
    async def scene(desk: Desk) -> None:
        desk.peer.respond = lambda _body: refused(529)
        outcome = await desk.claude.ask("Now?")
        assert (outcome.kind, outcome.status) == (OutcomeKind.GAVE_UP, 529)
        assert len(desk.requests) == 3
        assert trio.current_time() < 2

    at_desk(scene, model="claude-opus-5-5")


@pytest.mark.parametrize("status", [403, 413])
def test_a_refusal_is_shown_at_once(status: int) -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(refused(status))
        outcome = await desk.claude.ask("Now?")
        assert outcome.kind is OutcomeKind.REFUSED
        assert (outcome.status, outcome.message) == (status, "as scripted")
        assert len(desk.requests) == 1

    at_desk(scene)


def test_a_bad_request_is_asked_with_less_six_times_at_once() -> None:
    async def scene(desk: Desk) -> None:
        desk.peer.respond = lambda _body: refused(400)
        outcome = await desk.claude.ask("Now?")
        assert (outcome.kind, outcome.status) == (OutcomeKind.REFUSED, 400)
        assert trio.current_time() < 0.4
        assert [len(one["tools"]) for one in desk.requests] == [12, 12, 12, 21, 21, 21]
        shown = ["display" in one["thinking"] for one in desk.requests]
        assert shown == [True, True, False] * 2

    at_desk(scene)


def test_what_a_request_with_less_leaves_out() -> None:
    betas = [",".join(Shape(fewer=fewer).betas) for fewer in range(6)]
    assert ["advanced-tool-use" in one for one in betas] == [True] * 3 + [False] * 3
    assert ["thinking-token-count" in one for one in betas] == [True, False, False] * 2


def test_a_prompt_that_is_too_long_is_shown_at_once() -> None:
    async def scene(desk: Desk) -> None:
        words = "prompt is too long: 250000 tokens > 200000 maximum"
        body = events.error_body("invalid_request_error", words)
        length = (b"content-length", b"%d" % len(body))
        desk.answer_with([SendHead(400, (*events.JSON_HEADERS, length)), SendBytes(body)])
        outcome = await desk.claude.ask("Now?")
        assert (outcome.kind, outcome.message) == (OutcomeKind.REFUSED, words)
        assert len(desk.requests) == 1

    at_desk(scene)


def test_404_is_asked_for_as_a_whole_message() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(refused(404))
        outcome = await desk.claude.ask("Now?")
        assert (outcome.kind, outcome.text) == (OutcomeKind.ANSWERED, TEXT)
        assert streams(outcome) == [True, False]
        assert [one["max_tokens"] for one in desk.requests] == [128_000, 64_000]
        assert gaps_seconds(outcome) == [0.0]

    at_desk(scene, model="claude-opus-5-5")


def test_404_again_is_shown() -> None:
    async def scene(desk: Desk) -> None:
        desk.peer.respond = lambda _body: refused(404)
        outcome = await desk.claude.ask("Now?")
        assert (outcome.kind, streams(outcome)) == (OutcomeKind.REFUSED, [True, False])

    at_desk(scene)


def broken_by(pieces: int, *end: PeerStep) -> Script:
    """So many events of an answer, then this."""
    return [*paced(answer_events()[:pieces]), *end]


ERROR = SendBytes(events.error_event("overloaded_error", "as scripted"))


@pytest.mark.parametrize("pieces", [0, 1], ids=["first", "after message_start"])
def test_an_error_event_before_content_is_asked_for_again_as_a_stream(pieces: int) -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(broken_by(pieces, ERROR))
        outcome = await desk.claude.ask("Now?")
        assert (outcome.kind, streams(outcome)) == (OutcomeKind.ANSWERED, [True, True])
        assert is_on_ladder(gaps_seconds(outcome))

    at_desk(scene)


def test_an_error_event_after_content_is_asked_for_as_a_whole_message() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(broken_by(4, ERROR))
        outcome = await desk.claude.ask("Now?")
        assert (outcome.text, streams(outcome)) == (TEXT, [True, False])
        assert gaps_seconds(outcome) == [0.0]

    at_desk(scene)


@pytest.mark.parametrize("how", ["fin", "rst"])
def test_a_cut_in_a_text_is_asked_for_again_as_a_stream(how: str) -> None:
    async def scene(desk: Desk) -> None:
        attempts = count(1)

        def respond(_body: bytes) -> Script:
            cuts = [Cut(800, reset=how == "rst")] if next(attempts) <= 3 else []
            return [*cuts, *streamed()]

        desk.peer.respond = respond
        outcome = await desk.claude.ask("Now?")
        assert [one.ending for one in outcome.attempts[:3]] == [AnswerEnding.CUT] * 3
        assert (outcome.text, streams(outcome)) == (TEXT, [True] * 4)
        assert is_on_ladder(gaps_seconds(outcome))

    at_desk(scene)


def test_a_clean_end_without_message_stop_is_a_cut_and_a_complaint() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(broken_by(4))
        outcome = await desk.claude.ask("Now?")
        assert (outcome.text, streams(outcome)) == (TEXT, [True, True])
        assert is_on_ladder(gaps_seconds(outcome))

    at_desk(scene, complaint="a clean end without message_stop")


def test_a_cut_after_a_whole_tool_use_runs_it_and_goes_on() -> None:
    async def scene(desk: Desk) -> None:
        begun = paced(call_events([("Bash", "ls")], count(1))[:-2])
        desk.answer_with([*begun, Wait(0.3), BREAK])
        outcome = await desk.claude.ask("Run it")
        assert outcome.kind is OutcomeKind.ANSWERED
        assert list(desk.claude.tools_run) == ["toolu_1"]
        assert [read_question(one.request).results for one in outcome.attempts] == [
            (),
            ("story ran ls",),
        ]

    at_desk(scene)


def test_a_cut_in_one_burst_with_a_tool_use_runs_no_tool_twice() -> None:
    async def scene(desk: Desk) -> None:
        ids = count(1)
        calls = [paced(call_events([("Bash", "ls")], ids), pause_seconds=0) for _ in range(2)]
        desk.answer_with([*calls[0][:-4], BREAK], calls[1])
        outcome = await desk.claude.ask("Run it")
        assert outcome.kind is OutcomeKind.ANSWERED
        assert list(desk.claude.tools_run) == ["toolu_2"]

    at_desk(scene)


def test_without_a_head_the_client_leaves_after_362_s_and_asks_from_scratch() -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with([HANG], [HANG])
        outcome = await desk.claude.ask("Anyone?")
        lasted = [round(one.ended_seconds - one.begun_seconds, 1) for one in outcome.attempts]
        assert lasted[:2] == [362.0, 362.0]
        assert (outcome.text, streams(outcome)) == (TEXT, [True] * 3)
        endings = [exchange.ending for exchange in desk.peer.exchanges]
        assert endings == [Ending.LEFT, Ending.LEFT, Ending.COMPLETE]
        assert is_on_ladder(gaps_seconds(outcome))

    at_desk(scene)


@pytest.mark.parametrize("pieces", [0, 4], ids=["after the head", "after content"])
def test_after_300_s_of_silence_a_whole_message_is_asked_for(pieces: int) -> None:
    async def scene(desk: Desk) -> None:
        desk.answer_with(broken_by(pieces, HANG))
        outcome = await desk.claude.ask("Go on")
        spoken_seconds = 0.1 * pieces
        left_seconds = outcome.attempts[0].left_seconds
        assert 300 + spoken_seconds <= left_seconds <= 300 + spoken_seconds + SLACK_SECONDS
        assert (outcome.text, streams(outcome)) == (TEXT, [True, False])
        assert desk.peer.exchanges[0].ending is Ending.LEFT

    at_desk(scene)


PING = SendBytes(events.PING)
COMMENT = SendBytes(b": keep-alive\n\n")


def test_pings_keep_the_client_for_700_s() -> None:
    async def scene(desk: Desk) -> None:
        alive = [step for _ in range(35) for step in (Wait(20), PING)]
        desk.answer_with([*paced(answer_events()[:1]), *alive, *paced(answer_events()[1:])[1:]])
        outcome = await desk.claude.ask("Take your time")
        assert (outcome.text, streams(outcome)) == (TEXT, [True])
        assert trio.current_time() > 700

    at_desk(scene)


def test_comments_keep_the_client_too() -> None:
    async def scene(desk: Desk) -> None:
        alive = [step for _ in range(35) for step in (Wait(20), COMMENT)]
        desk.answer_with([*paced(answer_events()[:1]), *alive, *paced(answer_events()[1:])[1:]])
        outcome = await desk.claude.ask("Take your time")
        assert (outcome.text, streams(outcome)) == (TEXT, [True])
        desk.claude.answers.clear()  # `legality` takes a comment for something that is no event

    at_desk(scene)
