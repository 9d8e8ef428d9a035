"""The actors of the kernel's scenario: each does one thing that a kernel must get right.

A clerk asks a foreman who asks a smith; a desk delegates a stream to a press; a mule takes its time
to leave; a gate serves one at a time, with its mailbox full; a glass breaks, and is made anew.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import attrs
import trio

from ...actors.kernel import Actor
from ...protocols.actor import Message, Note, Ref, Sink, StreamMessage, SuspectState
from .probe import Probe


@attrs.frozen
class Do(Message[str]):
    """Some work, for `label`, which is the answer; it takes so long."""

    label: str
    seconds: float = 0.0


@attrs.frozen
class Print(StreamMessage[int, int]):
    """The numbers up to `pages`, and then how many they were."""

    label: str
    pages: int


@attrs.frozen
class Break(Message[None]):
    """Whoever gets this trusts its state no more."""


@attrs.frozen
class Chaff(Note):
    """Fills a mailbox."""


@attrs.define(eq=False)
class Shop:
    """What the actors share: the probe, the tools that are taken, and who has stopped."""

    probe: Probe
    tools_taken: int = 0
    stopped: list[str] = attrs.field(factory=list[str])

    @contextmanager
    def tool(self) -> Generator[None]:
        """Takes a tool, and gives it back."""
        self.tools_taken += 1
        try:
            yield
        finally:
            self.tools_taken -= 1


class Hand(Actor):
    """Base of the actors here; its answer is the label of what it was asked."""

    def __init__(self, name: str, shop: Shop) -> None:
        self.name = name
        self.shop = shop

    async def stop(self) -> None:
        """Notes the order of stopping."""
        self.shop.stopped.append(self.name)

    def handle(self, message: Message[Any], /) -> Any:
        """Works in a task of its own."""
        assert isinstance(message, Do), message
        return self.work(message)

    async def work(self, message: Do) -> str:
        """Takes a tool, works, and gives it back."""
        with self.shop.probe.working(message.label), self.shop.tool():
            await trio.sleep(message.seconds)
            await trio.lowlevel.checkpoint()
        return message.label


class Passing(Hand):
    """Asks the next one, in a scope of its own."""

    def __init__(self, name: str, shop: Shop, below: Ref, depth: int) -> None:
        super().__init__(name, shop)
        self._below = below
        self._depth = depth

    async def work(self, message: Do) -> str:
        """Passes it on."""
        name, answer = f"{self.name}-{message.label}", "left"
        with self.shop.probe.scope(name, message.label, depth=self._depth):
            answer = await self._below.ask(message)
        return answer  # noqa: RET504 the scope may swallow a cancellation


class Press(Hand):
    """Streams numbers."""

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> int:
        """Sends as fast as the reader takes."""
        assert isinstance(message, Print)
        with self.shop.probe.working(message.label), self.shop.tool():
            for page in range(message.pages):
                if page == message.pages // 2:
                    await trio.sleep(0.01)
                await sink.send(page)
        return message.pages


class Desk(Passing):
    """Delegates a stream."""

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> int:
        """Keeps the scope and the reply."""
        assert isinstance(message, Print)
        name, pages = f"{self.name}-{message.label}", -1
        with self.shop.probe.scope(name, message.label, depth=self._depth):
            pages = await self._below.delegate(message, sink)
        return pages  # noqa: RET504 the scope may swallow a cancellation


class Mule(Hand):
    """Takes its time to leave, under a shield with a deadline."""

    async def work(self, message: Do) -> str:
        """Works a little, and leaves slowly."""
        try:
            await trio.sleep(0.02)
        finally:
            bound = trio.current_time() + message.seconds
            with trio.CancelScope(shield=True, deadline=bound), self.shop.tool():
                await trio.sleep_forever()
        return message.label


class Gate(Hand):
    """Serves one at a time."""

    concurrency = 1

    def note(self, note: Note, /) -> None:
        """Takes the chaff."""
        assert isinstance(note, Chaff)


class Glass(Hand):
    """Breaks."""

    def handle(self, message: Message[Any], /) -> Any:
        """Breaks, or works."""
        if isinstance(message, Break):
            raise SuspectState("as planned")
        return super().handle(message)
