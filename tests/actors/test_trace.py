"""The way of one turn through the actors: who is asked, and who is not on the way of the answer."""

from __future__ import annotations

import attrs
import trio
from trio.testing import MockClock
from understudy.actors.kernel import CallEnded, CallStarted
from understudy.actors.kernel.observer import Event
from understudy.protocols.turn import Head

from .instruments import StepCounter
from .scripts import ANSWER, WORK, always, stream, turn
from .stage import open_stage


@attrs.define(eq=False)
class CallTree:
    """Notes each call as (asking actor, asked actor, message), and how it ended."""

    calls: list[tuple[str, str, str]] = attrs.field(factory=list[tuple[str, str, str]])
    endings: list[tuple[str, str]] = attrs.field(factory=list[tuple[str, str]])
    _actors: dict[int, str] = attrs.field(factory=lambda: {0: "outside"})

    def observe(self, event: Event, /) -> None:
        """Takes note of one event."""
        if isinstance(event, CallStarted):
            self._actors[event.call] = event.actor
            self.calls.append((self._actors[event.parent], event.actor, event.message))
        elif isinstance(event, CallEnded):
            self.endings.append((event.actor, event.ending))


async def test_the_session_asks_the_router_and_delegates_to_the_backend(
    autojump_clock: MockClock,
) -> None:
    tree = CallTree()
    async with open_stage(observers=[tree]) as stage:
        reader = await stage.read(turn("Explain quaternions", model=WORK))
        assert tree.calls == [
            ("outside", "session:1", "StartTurn"),
            ("session:1", "conversations", "FindChoice"),
            ("session:1", "router", "FindRoute"),
            ("session:1", "backend:work:1", "Answer"),
            ("backend:work:1", "conversations", "RecordTurn"),
        ]
        assert tree.endings == [
            ("conversations", "answered"),
            ("router", "answered"),
            ("conversations", "answered"),
            ("backend:work:1", "answered"),
            ("session:1", "answered"),
        ]
        assert reader.record == await stage.line(reader)


async def test_the_events_reach_the_reader_without_passing_the_session(
    autojump_clock: MockClock,
) -> None:
    pieces = [ANSWER[0], ANSWER[1], *(ANSWER[2],) * 500, *ANSWER[-3:]]
    tree, counter = CallTree(), StepCounter()
    async with open_stage(observers=[tree]) as stage:
        stage.work.respond = always(stream(pieces))
        reader = stage.start(turn(model=WORK))
        await trio.sleep(0.25)
        calls = len(tree.calls)
        trio.lowlevel.add_instrument(counter)
        await trio.sleep(0.1 * len(pieces) - 0.5)
        trio.lowlevel.remove_instrument(counter)
        assert len(tree.calls) == calls, "an event costs no call"
        await reader.ended.wait()

    assert isinstance(reader.items[0][1], Head)
    assert reader.pieces == pieces, "one item is what one read yielded"
    asked = ("session:1", "router", "conversations", "actor:session:1", "actor:router")
    assert {name: counter.steps[name] for name in asked} == dict.fromkeys(asked, 0)
    assert counter.steps["backend:work:1"] >= len(pieces) - 10, "the counter sees who is on the way"
