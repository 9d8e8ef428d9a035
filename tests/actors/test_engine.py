"""The backend of a model on this machine: when its process is started, and what its faults do."""

from __future__ import annotations

import json
from typing import Any

import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.backend import BEAT_SECONDS
from understudy.actors.backend.engine import (
    PROBE_SECONDS,
    RETRY_AFTER_SECONDS,
    WAITING_TURNS_MAX,
)
from understudy.actors.backend.engine_keeper import (
    RESTART_PAUSE_SECONDS,
    SILENT_PROBES_MAX,
    WATCH_SECONDS,
)
from understudy.actors.backend.exchange import COMMIT_SECONDS
from understudy.protocols.records import TurnOutcome, Usage
from understudy.protocols.turn import Operation, Turn
from understudy.simulations.engine import REPLY, Life, count_tokens
from understudy.simulations.upstream import Ending

from .legal import kinds, read_events
from .scripts import LOCAL, event, turn
from .stage import SLOTS, Stage, open_stage


def local_turn(text: str = "Hello", *, streamed: bool = True, **members: Any) -> Turn:
    """A turn for the model on this machine."""
    return turn(text, model=LOCAL, stream=streamed, **members)


def text_of(body: bytes) -> str:
    """The text of a streamed answer."""
    deltas = [found["delta"] for found in read_events(body)[0] if "delta" in found]
    return "".join(delta.get("text", "") for delta in deltas)


def counted(stage: Stage) -> int:
    """How many tokens the engine saw in the newest request."""
    return count_tokens(stage.upstream.exchanges[-1].request.body)


async def test_the_exact_count_comes_first_and_then_the_answer(
    autojump_clock: MockClock,
) -> None:
    async with open_stage() as stage:
        reader = await stage.read(local_turn())
        events = read_events(reader.body)[0]
        assert [found["type"] for found in events] == [
            "message_start",
            "content_block_start",
            *["content_block_delta"] * len(REPLY),
            "content_block_stop",
            "message_delta",
            "message_stop",
        ]
        assert events[0]["message"]["usage"]["input_tokens"] == counted(stage)
        assert events[0]["message"]["model"] == LOCAL
        assert reader.items[0][0] == pytest.approx(2.01), "loaded and counted, nothing read yet"
        assert text_of(reader.body) == "".join(REPLY)
        line = await stage.line(reader)
        assert line.outcome is TurnOutcome.ANSWERED
        assert line.usage == Usage(counted(stage), len(REPLY))


async def test_an_answer_that_is_not_streamed(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        reader = await stage.read(local_turn(streamed=False))
        assert json.loads(reader.body)["content"][0]["text"] == "".join(REPLY)
        assert (await stage.line(reader)).usage == Usage(counted(stage), len(REPLY))


async def test_tokens_are_counted_by_the_engine_itself(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        reader = await stage.read(local_turn(operation=Operation.COUNT_TOKENS))
        assert json.loads(reader.body) == {"input_tokens": counted(stage)}


async def test_nothing_is_started_before_it_is_asked(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        await stage.read(turn())
        assert stage.engine.starts == 0


async def test_two_first_turns_start_it_once(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        readers = [stage.start(local_turn(text)) for text in ("one", "two")]
        for reader in readers:
            await reader.ended.wait()
            assert reader.record is not None
        await stage.read(local_turn("three"))
        assert stage.engine.starts == 1


async def test_who_starts_it_may_leave_and_it_goes_on_loading(autojump_clock: MockClock) -> None:
    async with open_stage(lives=[Life(load_seconds=10)]) as stage:
        first = stage.start(local_turn())
        await trio.sleep(5)
        first.leave()
        second = await stage.read(local_turn())
        assert second.items[0][0] == pytest.approx(10.01)
        assert stage.engine.starts == 1


async def test_a_crash_in_mid_stream_is_a_cut_and_the_next_turn_starts_it_anew(
    autojump_clock: MockClock,
) -> None:
    crashing = Life(crash_seconds=0.56)
    async with open_stage(lives=[crashing, Life()]) as stage:
        reader = await stage.read(local_turn())
        assert reader.cut is not None
        assert text_of(reader.body) == REPLY[0] + REPLY[1]
        assert (await stage.line(reader)).outcome is TurnOutcome.BROKEN
        crashed = trio.current_time()
        again = await stage.read(local_turn())
        assert again.record is not None
        assert stage.engine.starts == 2
        ready = crashed + RESTART_PAUSE_SECONDS + Life().load_seconds
        assert again.items[0][0] == pytest.approx(ready + Life().count_seconds)
        assert [process.stopped_seconds >= 0 for process in stage.engine.processes] == [True, False]


async def test_turns_that_wait_when_it_crashes_are_answered_by_the_next(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(lives=[Life(crash_seconds=0.56), Life()]) as stage:
        readers = [stage.start(local_turn(f"{number}")) for number in range(SLOTS + 3)]
        for reader in readers:
            await reader.ended.wait()
        assert sum(reader.cut is not None for reader in readers) == SLOTS
        assert sum(reader.body.endswith(event("message_stop")) for reader in readers) == 3
        assert stage.engine.starts == 2


async def test_an_engine_that_hangs_is_killed_and_the_next_turn_starts_another(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(lives=[Life(hang_seconds=0.3), Life()]) as stage:
        waiting = [stage.start(local_turn(f"{number}")) for number in range(SLOTS + 1)]
        for reader in waiting:
            await reader.ended.wait()
        assert trio.current_time() < 2 + SILENT_PROBES_MAX * (WATCH_SECONDS + PROBE_SECONDS) + 5
        [unbegun] = [reader for reader in waiting if reader.cut is None]
        assert text_of(unbegun.body) == "".join(REPLY), "it had waited for a slot"
        assert stage.engine.starts == 2


async def test_an_engine_that_is_busy_for_long_is_not_killed(autojump_clock: MockClock) -> None:
    async with open_stage(lives=[Life(prefill_seconds=600)]) as stage:
        reader = await stage.read(local_turn())
        assert text_of(reader.body) == "".join(REPLY)
        assert stage.engine.starts == 1


async def test_a_process_that_takes_long_to_go_is_replaced_once(
    autojump_clock: MockClock,
) -> None:
    """Turns that come while the old process is being reaped wait for the one new process."""
    async with open_stage(lives=[Life(crash_seconds=5, reap_seconds=4), Life()]) as stage:
        await stage.read(local_turn("one"))
        await trio.sleep(5)
        readers = [stage.start(local_turn(text)) for text in ("two", "three")]
        for reader in readers:
            await reader.ended.wait()
            assert reader.record is not None
        await trio.sleep(5)
        await stage.read(local_turn("four"))
        assert stage.engine.starts == 2
        assert stage.engine.running == 1


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_failure_to_start_is_told_to_all_that_wait(
    streamed: bool, autojump_clock: MockClock
) -> None:
    bad = Life(load_seconds=3, failure="it exited with status 1")
    async with open_stage(lives=[bad, Life()]) as stage:
        readers = [
            stage.start(local_turn(f"{number}", streamed=streamed)) for number in range(SLOTS + 3)
        ]
        for reader in readers:
            await reader.ended.wait()
            assert (reader.refused.status, reader.refused.kind) == (500, "api_error")
            assert "could not start: it exited with status 1" in reader.refused.message
            assert (await stage.line(reader)).outcome is TurnOutcome.REFUSED
        assert trio.current_time() == pytest.approx(3)
        assert stage.engine.starts == 1
        assert (await stage.read(local_turn("later"))).record is not None


async def test_a_late_failure_to_start_is_an_error_event(autojump_clock: MockClock) -> None:
    async with open_stage(lives=[Life(load_seconds=50, failure="it is no model")]) as stage:
        reader = await stage.read(local_turn())
        assert COMMIT_SECONDS <= reader.items[0][0] <= COMMIT_SECONDS + BEAT_SECONDS
        assert kinds(reader.body) == ["message_start", "ping", "ping", "error"]
        assert "it is no model" in read_events(reader.body)[0][-1]["error"]["message"]
        line = await stage.line(reader)
        assert (line.outcome, line.status) == (TurnOutcome.REFUSED, 500)


async def test_a_long_load_keeps_the_client_waiting_with_pings(autojump_clock: MockClock) -> None:
    async with open_stage(lives=[Life(load_seconds=100)]) as stage:
        reader = await stage.read(local_turn())
        assert kinds(reader.body).count("ping") == 5
        assert text_of(reader.body) == "".join(REPLY)


async def test_a_long_prefill_keeps_the_client_waiting_with_pings(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(lives=[Life(prefill_seconds=60)]) as stage:
        reader = await stage.read(local_turn())
        assert kinds(reader.body)[:6] == ["message_start", *["ping"] * 4, "content_block_start"]


async def test_one_turn_too_many_is_told_when_to_come_again(autojump_clock: MockClock) -> None:
    async with open_stage(lives=[Life(silent=True)]) as stage:
        waiting = [
            stage.start(local_turn(f"{number}")) for number in range(SLOTS + WAITING_TURNS_MAX)
        ]
        await trio.sleep(5)
        refused = (await stage.read(local_turn("one too many"))).refused
        assert (refused.status, refused.kind) == (429, "rate_limit_error")
        assert refused.retry_after_seconds == RETRY_AFTER_SECONDS
        assert not any(reader.ended.is_set() for reader in waiting)
        for reader in reversed(waiting):
            reader.leave()
            await reader.ended.wait()


async def test_only_so_many_turns_are_in_the_engine_at_once(autojump_clock: MockClock) -> None:
    async with open_stage(lives=[Life(silent=True)]) as stage:
        readers = [stage.start(local_turn(f"{number}")) for number in range(10)]
        await trio.sleep(10)
        open_ones = [e for e in stage.upstream.exchanges if e.ending is Ending.OPEN]
        assert len(open_ones) == SLOTS
        for reader in reversed(readers):
            reader.leave()
            await reader.ended.wait()


async def test_the_engine_stops_with_the_system(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        await stage.read(local_turn())
        assert stage.engine.running == 1
    assert stage.engine.running == 0
