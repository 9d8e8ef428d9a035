"""Restarts, giving up, and shutdown in order."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
import trio
import trio.testing
from understudy.actors.kernel import Actor, open_system
from understudy.actors.kernel.cell import REST_SECONDS, RestartLimit, RestartPolicy
from understudy.actors.kernel.observer import Event, Restarted
from understudy.protocols.actor import (
    CallFailed,
    Message,
    Rank,
    SuspectState,
    Unavailable,
)


@attrs.frozen
class Ping(Message[int]):
    pass


@attrs.frozen
class Doubt(Message[None]):
    pass


@attrs.frozen
class Break(Message[None]):
    pass


@attrs.frozen
class Linger(Message[None]):
    seconds: float


class Fragile(Actor):
    """Answers with the number of its incarnation."""

    def __init__(self, births: list[int], log: list[str], name: str = "") -> None:
        births.append(len(births) + 1)
        self.number = births[-1]
        self.log = log
        self.name = name

    def handle(self, message: Message[Any], /) -> Any:
        match message:
            case Ping():
                return self.number
            case Doubt():
                raise SuspectState("planted")
            case Break():
                raise ValueError("planted")
            case Linger(seconds):
                return self._linger(seconds)
        raise AssertionError(message)

    async def _linger(self, seconds: float) -> None:
        try:
            await trio.sleep(seconds)
        finally:
            self.log.append(f"{self.name} left")

    async def stop(self) -> None:
        self.log.append(f"{self.name} stopped")


class Recorder:
    """Keeps every event."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def observe(self, event: Event, /) -> None:
        self.events.append(event)


async def test_suspect_state_makes_the_actor_anew(autojump_clock: object) -> None:
    births: list[int] = []
    recorder = Recorder()
    async with open_system(observers=[recorder]) as system, trio.open_nursery() as nursery:
        ref = system.spawn("f", Rank.BACKEND, lambda: Fragile(births, []))
        assert await ref.ask(Ping()) == 1

        async def linger() -> None:
            with pytest.raises(Unavailable):
                await ref.ask(Linger(100))

        nursery.start_soon(linger)
        await trio.testing.wait_all_tasks_blocked()
        with pytest.raises(CallFailed, match="failed on Doubt: SuspectState"):
            await ref.ask(Doubt())
        assert await ref.ask(Ping()) == 2
    assert [e.given_up for e in recorder.events if isinstance(e, Restarted)] == [False]


async def test_too_many_failures_restart_the_actor(autojump_clock: object) -> None:
    births: list[int] = []
    async with open_system() as system:
        ref = system.spawn("f", Rank.BACKEND, lambda: Fragile(births, []))
        for _ in range(3):
            with pytest.raises(CallFailed):
                await ref.ask(Break())
        assert await ref.ask(Ping()) == 1
        with pytest.raises(CallFailed):
            await ref.ask(Break())
        assert await ref.ask(Ping()) == 2


async def test_old_failures_are_forgotten(autojump_clock: object) -> None:
    births: list[int] = []
    async with open_system() as system:
        ref = system.spawn("f", Rank.BACKEND, lambda: Fragile(births, []))
        for _ in range(20):
            with pytest.raises(CallFailed):
                await ref.ask(Break())
            await trio.sleep(30)
        assert await ref.ask(Ping()) == 1


async def test_a_plain_actor_rests_and_returns(autojump_clock: object) -> None:
    births: list[int] = []
    async with open_system() as system:
        ref = system.spawn("f", Rank.BACKEND, lambda: Fragile(births, []))
        for _ in range(4):
            with pytest.raises(CallFailed):
                await ref.ask(Doubt())
        await trio.testing.wait_all_tasks_blocked()
        with pytest.raises(Unavailable, match="rests"):
            await ref.ask(Ping())
        await trio.sleep(REST_SECONDS + 1)
        assert await ref.ask(Ping()) == 5


async def test_an_essential_actor_takes_the_system_down(autojump_clock: object) -> None:
    with pytest.RaisesGroup(RestartLimit, flatten_subgroups=True):
        async with open_system() as system:
            policy = RestartPolicy(essential=True)
            ref = system.spawn("f", Rank.ROUTER, lambda: Fragile([], []), policy=policy)
            for _ in range(4):
                with pytest.raises(CallFailed):
                    await ref.ask(Doubt())
            await trio.sleep_forever()


async def test_shutdown_is_in_reverse_order_with_grace(autojump_clock: object) -> None:
    log: list[str] = []
    async with trio.open_nursery() as nursery:
        async with open_system(grace_seconds=5) as system:
            first = system.spawn("1", Rank.BACKEND, lambda: Fragile([], log, "first"))
            second = system.spawn("2", Rank.SESSION, lambda: Fragile([], log, "second"))

            async def linger() -> None:
                with pytest.raises(Unavailable):
                    await first.ask(Linger(1000))

            nursery.start_soon(second.ask, Linger(3))
            nursery.start_soon(linger)
            await trio.testing.wait_all_tasks_blocked()
        assert log == ["second left", "second stopped", "first left", "first stopped"]
        assert trio.current_time() == pytest.approx(8)


async def test_a_cancelled_system_still_stops_in_order(autojump_clock: object) -> None:
    log: list[str] = []
    with trio.move_on_after(1):
        async with open_system() as system:
            system.spawn("1", Rank.BACKEND, lambda: Fragile([], log, "first"))
            system.spawn("2", Rank.SESSION, lambda: Fragile([], log, "second"))
            await trio.sleep_forever()
    assert log == ["second stopped", "first stopped"]


async def test_a_closed_actor_that_cannot_be_made_is_not_made_again(
    autojump_clock: object,
) -> None:
    """It would go on for as long as its grace, with nobody left to serve."""

    def make() -> Fragile:
        raise RuntimeError("it has never been well")

    async with open_system() as system:
        ref = system.spawn("1", Rank.BACKEND, make)
        await trio.sleep(0.1)
        await system.retire(ref, grace_seconds=600)
        assert trio.current_time() < 60
        assert system.statistics() == []
