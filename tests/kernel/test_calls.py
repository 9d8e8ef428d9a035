"""Asks, streams and delegation: who waits for whom, and what Esc does to them."""

from __future__ import annotations

from functools import partial
from typing import Any

import attrs
import pytest
import trio
import trio.testing
from understudy.actors.kernel import Actor, ActorSystem, open_system
from understudy.actors.kernel.call import JOIN_SECONDS
from understudy.protocols.actor import (
    CallFailed,
    Message,
    Note,
    Rank,
    Ref,
    Refusal,
    Sink,
    StreamMessage,
    TooSlow,
    Unavailable,
)


@attrs.frozen
class Add(Message[int]):
    a: int
    b: int


@attrs.frozen
class Wait(Message[None]):
    seconds: float = 1e9


@attrs.frozen
class Crash(Message[None]):
    pass


@attrs.frozen
class Refuse(Message[None]):
    pass


@attrs.frozen
class Count(StreamMessage[int, str]):
    up_to: int
    then_wait: bool = False


@attrs.frozen
class Hello(Note):
    text: str


class Adder(Actor):
    """Answers at once, waits, crashes, refuses, counts: whatever a test needs of a callee."""

    def __init__(self, log: list[str], below: Ref | None = None) -> None:
        self.log = log
        self.below = below

    def handle(self, message: Message[Any], /) -> Any:
        match message:
            case Add(a, b):
                return a + b
            case Wait(seconds):
                return self._wait(seconds)
            case Crash():
                raise ZeroDivisionError("planted")
            case Refuse():
                raise Refusal("no")
        raise AssertionError(message)

    async def _wait(self, seconds: float) -> None:
        try:
            if self.below is not None:
                await self.below.ask(Wait(seconds))
            else:
                await trio.sleep(seconds)
        finally:
            self.log.append("left")

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> Any:
        assert isinstance(message, Count)
        try:
            if self.below is not None:
                return await self.below.delegate(message, sink)
            for number in range(message.up_to):
                await sink.send(number)
            if message.then_wait:
                await trio.sleep_forever()
            return "done"
        finally:
            self.log.append("stream left")

    def note(self, note: Note, /) -> None:
        assert isinstance(note, Hello)
        self.log.append(note.text)


class Stubborn(Actor):
    """Ignores cancellation for `seconds`: a native thread, seen from the kernel."""

    async def handle(self, message: Message[Any], /) -> None:
        assert isinstance(message, Wait)
        with trio.CancelScope(shield=True, deadline=trio.current_time() + message.seconds):
            await trio.sleep_forever()


def chain(system: ActorSystem, log: list[str], depth: int) -> Ref:
    """Adders of rising rank, each asking the next; returns the topmost."""
    below: Ref | None = None
    for rank in range(depth + 1, 1, -1):
        below = system.spawn(f"a{rank}", Rank(rank), partial(Adder, log, below))
    assert below is not None
    return below


async def test_an_ask_has_a_typed_answer(autojump_clock: object) -> None:
    async with open_system() as system:
        ref = system.spawn("adder", Rank.ROUTER, lambda: Adder([]))
        assert await ref.ask(Add(2, 3)) == 5


async def test_a_refusal_reaches_the_asker_and_the_actor_lives(autojump_clock: object) -> None:
    async with open_system() as system:
        ref = system.spawn("adder", Rank.ROUTER, lambda: Adder([]))
        with pytest.raises(Refusal, match="no"):
            await ref.ask(Refuse())
        assert await ref.ask(Add(1, 1)) == 2
        assert system.statistics()[0].restarts == 0


async def test_a_crash_fails_its_own_call_only(autojump_clock: object) -> None:
    log: list[str] = []
    async with open_system() as system, trio.open_nursery() as nursery:
        ref = system.spawn("adder", Rank.ROUTER, lambda: Adder(log))
        nursery.start_soon(ref.ask, Wait(5))
        await trio.testing.wait_all_tasks_blocked()
        with pytest.raises(CallFailed, match="ZeroDivisionError") as failure:
            await ref.ask(Crash())
        assert isinstance(failure.value.__cause__, ZeroDivisionError)
        assert log == []
        assert system.statistics()[0].restarts == 0
    assert log == ["left"]


async def test_a_deadline_cancels_the_callee(autojump_clock: object) -> None:
    log: list[str] = []
    async with open_system() as system:
        ref = system.spawn("adder", Rank.ROUTER, lambda: Adder(log))
        with pytest.raises(TooSlow, match="adder"):
            await ref.ask(Wait(), timeout_seconds=2)
        assert log == ["left"]


async def test_a_cancelled_ask_has_joined_every_callee(autojump_clock: object) -> None:
    log: list[str] = []
    async with open_system() as system:
        top = chain(system, log, 5)
        with trio.move_on_after(1):
            await top.ask(Wait())
        assert log == ["left"] * 5
        assert [actor.running for actor in system.statistics()] == [0] * 5


async def test_the_join_has_a_bound_and_the_laggard_is_counted(autojump_clock: object) -> None:
    async with open_system() as system:
        ref = system.spawn("stubborn", Rank.BACKEND, Stubborn)
        with trio.move_on_after(1):
            await ref.ask(Wait(30))
        assert trio.current_time() == pytest.approx(1 + JOIN_SECONDS)
        assert system.statistics()[0].draining == 1
        await trio.sleep(30)
        assert system.statistics()[0].draining == 0


async def test_a_queued_call_that_is_cancelled_is_never_seen(autojump_clock: object) -> None:
    class OneByOne(Adder):
        concurrency = 1

    log: list[str] = []
    async with open_system() as system, trio.open_nursery() as nursery:
        ref = system.spawn("one", Rank.BACKEND, lambda: OneByOne(log))
        nursery.start_soon(ref.ask, Wait(10))
        await trio.testing.wait_all_tasks_blocked()
        nursery.start_soon(ref.ask, Wait(10))
        await trio.testing.wait_all_tasks_blocked()
        with trio.move_on_after(1):
            await ref.ask(Wait(10))
    assert log == ["left", "left"]


async def test_a_stream_yields_its_items_then_its_reply(autojump_clock: object) -> None:
    async with open_system() as system:
        ref = system.spawn("adder", Rank.BACKEND, lambda: Adder([]))
        async with ref.open_stream(Count(20)) as stream:
            assert [item async for item in stream] == list(range(20))
            assert await stream.reply() == "done"


async def test_a_delegated_stream_reaches_the_reader_directly(autojump_clock: object) -> None:
    log: list[str] = []
    async with open_system() as system:
        top = chain(system, log, 3)
        async with top.open_stream(Count(3)) as stream:
            assert [item async for item in stream] == [0, 1, 2]
            assert await stream.reply() == "done"
        assert log == ["stream left"] * 3


@pytest.mark.parametrize("up_to", [0, 3, 1000])
async def test_leaving_a_stream_stops_everyone_below(up_to: int, autojump_clock: object) -> None:
    log: list[str] = []
    async with open_system() as system:
        top = chain(system, log, 3)
        async with top.open_stream(Count(up_to, then_wait=True)) as stream:
            await trio.testing.wait_all_tasks_blocked()
            if up_to:
                assert await stream.receive() == 0
        assert log == ["stream left"] * 3
        assert all(actor.running == 0 for actor in system.statistics())
        assert all(actor.restarts == 0 for actor in system.statistics())


async def test_calls_go_down_only(autojump_clock: object) -> None:
    async with open_system() as system:
        low = system.spawn("low", Rank.BACKEND, lambda: Adder([], high))
        high = system.spawn("high", Rank.SESSION, lambda: Adder([]))
        with pytest.raises(CallFailed) as caught:
            await low.ask(Wait(1))
        assert "SESSION: calls go down" in str(caught.value.__cause__)


async def test_a_note_never_waits(autojump_clock: object) -> None:
    log: list[str] = []
    async with open_system() as system:
        ref = system.spawn("adder", Rank.ROUTER, lambda: Adder(log))
        posted = [ref.post(Hello("hi")) for _ in range(1000)]
        assert 0 < sum(posted) < 1000
        await trio.testing.wait_all_tasks_blocked()
        assert log == ["hi"] * sum(posted)


async def test_a_stopped_actor_refuses(autojump_clock: object) -> None:
    async with open_system() as system:
        ref = system.spawn("adder", Rank.ROUTER, lambda: Adder([]))
        await system.retire(ref)
        with pytest.raises(Unavailable, match="adder is stopped"):
            await ref.ask(Add(1, 2))
        assert system.statistics() == []


async def test_a_call_never_overtakes_what_was_sent_before_it(autojump_clock: object) -> None:
    log: list[str] = []

    class Writer(Adder):
        def handle(self, message: Message[Any], /) -> Any:
            self.log.append("call")
            return super().handle(message)

    async with open_system() as system:
        ref = system.spawn("writer", Rank.ROUTER, lambda: Writer(log))
        assert await ref.ask(Add(1, 1)) == 2
        await trio.testing.wait_all_tasks_blocked()
        log.clear()
        assert ref.post(Hello("note"))
        assert await ref.ask(Add(1, 1)) == 2
        assert log == ["note", "call"]


async def test_places_are_bounded_also_for_calls_handed_over_at_once(
    autojump_clock: object,
) -> None:
    class Two(Adder):
        concurrency = 2

    async with open_system() as system, trio.open_nursery() as nursery:
        ref = system.spawn("two", Rank.BACKEND, lambda: Two([]))
        for _ in range(5):
            nursery.start_soon(ref.ask, Wait(10))
        await trio.testing.wait_all_tasks_blocked()
        assert system.statistics()[0].running == 2
    assert trio.current_time() == pytest.approx(30)
