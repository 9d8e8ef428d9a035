"""The simulated state's scripted and drawn faults, and its latency."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock
from understudy.io.ports import StateError
from understudy.protocols.records import ConversationRecord
from understudy.simulations.state import SLOW_SECONDS, SimulatedState, StoredState
from understudy.simulations.world.chance import Chance


async def test_the_named_calls_fail_and_do_nothing() -> None:
    state = SimulatedState(failing_calls={2, 3})
    await state.save([ConversationRecord("a")], [])
    with pytest.raises(StateError, match="call 2 of the simulated state fails, as scripted"):
        await state.save([ConversationRecord("b")], [])
    with pytest.raises(StateError, match="call 3"):
        await state.load("a")
    assert await state.load("a") is not None
    assert await state.load("b") is None
    assert state.calls == 5


async def test_each_call_takes_its_latency(autojump_clock: MockClock) -> None:
    state = SimulatedState(latency_seconds=0.5)
    began = trio.current_time()
    await state.save([], [])
    await state.load("a")
    await state.turns(limit=1)
    assert trio.current_time() - began == pytest.approx(1.5)


async def test_a_save_cancelled_in_its_latency_writes_nothing(autojump_clock: MockClock) -> None:
    stored = StoredState()
    state = SimulatedState(stored, latency_seconds=0.5)
    with trio.move_on_after(0.4) as scope:
        await state.save([ConversationRecord("a")], [])
    assert scope.cancelled_caught
    assert stored == StoredState()


async def test_calls_fail_by_chance_once_it_has_started() -> None:
    chance = Chance(1, {"state.fails#2"})
    state = SimulatedState(chance=chance)
    await state.save([], [])
    await state.save([], [])
    chance.start()
    await state.save([], [])
    with pytest.raises(StateError, match="fails, as scripted"):
        await state.save([ConversationRecord("a")], [])
    assert await state.load("a") is None
    assert chance.struck == ["state.fails#2"]


async def test_calls_are_slow_by_chance(autojump_clock: MockClock) -> None:
    chance = Chance(1, {"state.is slow#1"})
    chance.start()
    state = SimulatedState(chance=chance)
    await state.save([], [])
    assert SLOW_SECONDS[0] <= trio.current_time() <= SLOW_SECONDS[1]
    began_seconds = trio.current_time()
    await state.save([], [])
    assert trio.current_time() == began_seconds
