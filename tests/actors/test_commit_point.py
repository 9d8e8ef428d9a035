"""When an answer is committed, what stands from then on, and how it may still end."""

from __future__ import annotations

from itertools import pairwise

import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.exchange import COMMIT_SECONDS, UPSTREAM_SILENCE_SECONDS
from understudy.protocols.anthropic import events
from understudy.protocols.records import TurnOutcome
from understudy.protocols.turn import Cut, TurnRefused
from understudy.simulations.upstream import (
    HANG,
    CutConnection,
    RefuseConnection,
    SendBytes,
    SendHead,
    Step,
    Wait,
)

from .legal import kinds, read_events
from .scripts import ANSWER, ANSWER_USAGE, JSON, MESSAGE, always, paced, refusal, stream, turn
from .stage import Reader, open_stage

BEAT_SECONDS = 1.0
SILENCE_SECONDS_MAX = 15.0
BODY = b"".join(ANSWER)
LATE = Wait(COMMIT_SECONDS + 5)


async def read(*script: Step, streamed: bool = True) -> Reader:
    """Reads one turn of a peer that follows the script."""
    async with open_stage() as stage:
        stage.work.respond = always(script)
        reader = await stage.read(turn(stream=streamed))
        assert reader.record in (None, await stage.line(reader))
        return reader


def outcome_of(reader: Reader) -> tuple[TurnOutcome, int]:
    """How the ledger says that it ended."""
    assert reader.record is not None
    return reader.record.outcome, reader.record.status


def longest_silence(reader: Reader) -> float:
    """The longest time between two items, in seconds."""
    moments = [moment for moment, _ in reader.items]
    return max(after - before for before, after in pairwise(moments))


def without_pings(reader: Reader) -> list[bytes]:
    """The pieces that are not pings of ours."""
    return [piece for piece in reader.pieces if piece != events.PING]


async def test_the_upstream_s_head_commits_whenever_it_comes(autojump_clock: MockClock) -> None:
    reader = await read(Wait(19.9), *stream())
    assert reader.items[0][0] == pytest.approx(19.9)
    assert reader.pieces == list(ANSWER)


async def test_after_twenty_silent_seconds_we_answer_in_its_place(
    autojump_clock: MockClock,
) -> None:
    reader = await read(Wait(100), *stream())
    began = reader.items[0][0]
    assert COMMIT_SECONDS <= began <= COMMIT_SECONDS + BEAT_SECONDS
    assert reader.headers == events.STREAM_HEADERS
    start = read_events(reader.pieces[0])[0][0]
    assert start["message"]["id"] == f"msg_{reader.turn.id}"
    assert start["message"]["model"] == reader.turn.model
    assert longest_silence(reader) <= SILENCE_SECONDS_MAX
    assert reader.pieces.count(events.PING) == 5, "from second 20 to 100, one every 14 or 15"


async def test_the_upstream_s_own_start_is_dropped_and_the_rest_unchanged(
    autojump_clock: MockClock,
) -> None:
    reader = await read(LATE, *stream())
    assert without_pings(reader)[1:] == list(ANSWER[1:])
    assert outcome_of(reader) == (TurnOutcome.ANSWERED, 200)
    assert reader.record is not None
    assert reader.record.usage == ANSWER_USAGE, "read from the start that the client never saw"


@pytest.mark.parametrize("size", [1, 13, 200])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
async def test_the_start_is_dropped_however_it_is_cut_up(
    size: int, line_end: bytes, autojump_clock: MockClock
) -> None:
    body = BODY.replace(b"\n", line_end)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    reader = await read(LATE, *stream(pieces, 0.01))
    assert b"".join(without_pings(reader)[1:]) == b"".join(ANSWER[1:]).replace(b"\n", line_end)
    assert max(map(len, without_pings(reader)[1:])) < size + len(ANSWER[1]) < len(body)


async def test_a_late_answer_that_is_no_stream_is_an_error_event(
    autojump_clock: MockClock,
) -> None:
    reader = await read(LATE, SendHead(200, JSON), SendBytes(MESSAGE))
    assert kinds(reader.body)[-1] == "error"
    assert outcome_of(reader) == (TurnOutcome.REFUSED, 502)


async def test_pings_before_a_late_start_are_dropped_with_it(autojump_clock: MockClock) -> None:
    reader = await read(LATE, *stream([events.PING, ANSWER[0], events.PING, *ANSWER[1:]], 0))
    assert kinds(reader.body)[:3] == ["message_start", "ping", "content_block_start"]


@pytest.mark.parametrize(
    ("status", "kind"), [(429, "rate_limit_error"), (500, "api_error"), (529, "overloaded_error")]
)
async def test_a_late_refusal_is_an_error_event(
    status: int, kind: str, autojump_clock: MockClock
) -> None:
    reader = await read(LATE, *refusal(status, kind, "Too much."))
    last = read_events(reader.body)[0][-1]
    assert last == {"type": "error", "error": {"type": kind, "message": "Too much."}}
    assert reader.cut is None
    assert outcome_of(reader) == (TurnOutcome.REFUSED, status)


async def test_a_late_refusal_to_connect_is_an_error_event(autojump_clock: MockClock) -> None:
    reader = await read(LATE, RefuseConnection())
    assert kinds(reader.body)[-1] == "error"
    assert outcome_of(reader) == (TurnOutcome.REFUSED, 503)


@pytest.mark.parametrize("pieces", [0, 1, 3])
async def test_an_answer_cut_short_is_a_cut(pieces: int, autojump_clock: MockClock) -> None:
    reader = await read(*stream(ANSWER[:pieces]), CutConnection("reset"))
    assert reader.body == b"".join(ANSWER[:pieces])
    assert reader.cut == Cut("http://work.test:9000: reset")
    assert outcome_of(reader) == (TurnOutcome.BROKEN, 200)


@pytest.mark.parametrize("script", [[CutConnection()], [SendHead(), CutConnection()]])
async def test_a_cut_before_any_content_after_our_commit_is_a_cut(
    script: list[Step], autojump_clock: MockClock
) -> None:
    reader = await read(LATE, *script)
    assert kinds(reader.body) == ["message_start"]
    assert reader.cut is not None
    assert outcome_of(reader) == (TurnOutcome.BROKEN, 200)


async def test_a_connection_lost_after_the_end_is_no_cut(autojump_clock: MockClock) -> None:
    reader = await read(*stream(), CutConnection())
    assert reader.cut is None
    assert outcome_of(reader) == (TurnOutcome.ANSWERED, 200)


async def test_a_clean_end_without_message_stop_passes_on(autojump_clock: MockClock) -> None:
    reader = await read(*stream(ANSWER[:-1]))
    assert reader.body == b"".join(ANSWER[:-1])
    assert reader.cut is None, "the peer's way of ending is passed on as it is"
    assert outcome_of(reader) == (TurnOutcome.BROKEN, 200)


@pytest.mark.parametrize("pieces", [ANSWER[:-1], [ANSWER[0][:20]], []])
async def test_after_our_own_commit_it_is_a_cut(
    pieces: list[bytes], autojump_clock: MockClock
) -> None:
    reader = await read(LATE, *stream(pieces))
    assert reader.cut is not None
    assert outcome_of(reader) == (TurnOutcome.BROKEN, 200)


async def test_a_ping_goes_between_events_and_never_into_one(autojump_clock: MockClock) -> None:
    half = len(ANSWER[2]) // 2
    script = [
        *stream(ANSWER[:2]),
        Wait(40),
        SendBytes(ANSWER[2][:half]),
        Wait(40),
        SendBytes(ANSWER[2][half:]),
        *paced(ANSWER[3:]),
    ]
    reader = await read(*script)
    assert without_pings(reader) == [*ANSWER[:2], ANSWER[2][:half], ANSWER[2][half:], *ANSWER[3:]]
    place = reader.pieces.index(ANSWER[2][:half])
    assert reader.pieces[place - 2 : place] == [events.PING] * 2
    assert reader.pieces[place + 1] == ANSWER[2][half:]


async def test_nothing_comes_after_the_end_of_a_message(autojump_clock: MockClock) -> None:
    reader = await read(*stream(), Wait(60))
    assert reader.pieces == list(ANSWER)


async def test_nothing_comes_after_an_error(autojump_clock: MockClock) -> None:
    error = events.error_event("overloaded_error", "Overloaded")
    reader = await read(*stream([*ANSWER[:3], error]), Wait(60))
    assert reader.pieces == [*ANSWER[:3], error]
    assert outcome_of(reader) == (TurnOutcome.BROKEN, 200)


async def test_an_answer_that_is_not_streamed_has_no_commit_and_no_pings(
    autojump_clock: MockClock,
) -> None:
    slow = [Wait(300), SendHead(200, JSON), *paced([MESSAGE[:50], MESSAGE[50:]], 100)]
    reader = await read(*slow, streamed=False)
    assert reader.items[0][0] == pytest.approx(300)
    assert reader.pieces == [MESSAGE[:50], MESSAGE[50:]]


async def test_a_peer_that_answers_a_stream_with_json_gets_no_pings_in_it(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(check=False) as stage:
        stage.work.respond = always([SendHead(200, JSON), Wait(60), SendBytes(MESSAGE)])
        reader = await stage.read(turn())
        assert reader.body == MESSAGE


async def test_the_pacemaker_paces_each_turn_by_its_own_time(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([HANG])
        readers = list[Reader]()
        for number in range(5):
            readers.append(stage.start(turn(f"{number}")))
            await trio.sleep(3.7)
        await trio.sleep(100)
        for number, reader in enumerate(readers):
            began = reader.items[0][0] - number * 3.7
            assert COMMIT_SECONDS <= began <= COMMIT_SECONDS + BEAT_SECONDS
            assert longest_silence(reader) <= SILENCE_SECONDS_MAX
            reader.leave()
            await reader.ended.wait()


@pytest.mark.parametrize("pieces", [0, 4])
async def test_an_upstream_that_is_silent_for_good_is_left(
    autojump_clock: MockClock, pieces: int
) -> None:
    """A client that hears our pings would wait for ever; asked directly it would have given up."""
    reader = await read(*([SendHead(), *paced(ANSWER[:pieces])] if pieces else []), HANG)
    heard_seconds = 0.1 * pieces
    assert 0 <= reader.ended_seconds - heard_seconds - UPSTREAM_SILENCE_SECONDS <= BEAT_SECONDS
    assert reader.cut is not None
    assert "nothing was heard" in reader.cut.why
    assert outcome_of(reader) == (TurnOutcome.BROKEN, 200)


async def test_silence_before_an_answer_that_is_not_streamed_is_told_as_a_504(
    autojump_clock: MockClock,
) -> None:
    reader = await read(HANG, streamed=False)
    assert isinstance(reader.error, TurnRefused)
    assert (reader.error.status, reader.error.kind) == (504, "timeout_error")


async def test_an_upstream_that_says_something_now_and_then_is_not_left(
    autojump_clock: MockClock,
) -> None:
    reader = await read(SendHead(), *paced(ANSWER, UPSTREAM_SILENCE_SECONDS - 1))
    assert b"".join(without_pings(reader)) == BODY
    assert outcome_of(reader) == (TurnOutcome.ANSWERED, 200)
