"""How actors are spoken to: messages that name their reply, and the `Ref` they are sent to.

A message is a frozen attrs class that derives from `Message[Reply]` (answered once) or
`StreamMessage[Item, Reply]` (many items, then one reply). The reply's type belongs to the message,
so `await ref.ask(FindRoute(...))` has a type without a registry. A `Note` is never answered.

Ranks are strict: a call goes only to a higher number, so that cycles of waiting cannot exist.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from enum import IntEnum
from typing import Generic, Protocol, TypeVar

import attrs

Item = TypeVar("Item")
Reply = TypeVar("Reply")
ItemCo = TypeVar("ItemCo", covariant=True)
ReplyCo = TypeVar("ReplyCo", covariant=True)
ItemContra = TypeVar("ItemContra", contravariant=True)


class Rank(IntEnum):
    """Who may call whom: downwards in this list only. Callers outside the actors have rank 0."""

    OUTSIDE = 0
    VOICE = 1
    SESSION = 2
    TOOLBELT = 3
    ROUTER = 4
    BACKEND = 5
    RESOURCES = 6
    CONVERSATIONS = 7


@attrs.frozen
class Message(Generic[ReplyCo]):
    """A question with one answer."""


@attrs.frozen
class StreamMessage(Generic[ItemCo, ReplyCo]):
    """A question answered by a stream of items and, at its end, by one reply."""


@attrs.frozen
class Note:
    """Something worth knowing, not worth waiting for: it may be dropped."""


class ActorError(Exception):
    """What a caller can meet; the subclasses say what the caller can do about it."""


class Refusal(ActorError):
    """The callee answered no, on purpose. The actor is well; the reason is the reply."""


class Unavailable(ActorError):
    """The callee is stopped, restarting or given up: try elsewhere, or later."""


class CallFailed(ActorError):
    """The callee's handler crashed on this call: a defect. The cause is chained."""


class TooSlow(ActorError):
    """The deadline passed before the answer came; the call has been cancelled."""


class ReaderLeft(ActorError):
    """The reader of the stream is gone: stop sending."""


class SuspectState(Exception):
    """Raised by an actor that no longer trusts its own state: it is made anew."""


class Sink(Protocol[ItemContra]):
    """The callee's end of a stream. It can be handed down to another actor with `delegate`."""

    @property
    def used(self) -> bool:
        """Whether anything has been sent into the stream."""
        ...

    def offer(self, item: ItemContra, /) -> bool:
        """Passes one item on if there is room for it now; never waits."""
        ...

    async def send(self, item: ItemContra, /) -> None:
        """Passes one item on; waits while the reader is slow. Raises ReaderLeft."""
        ...


class Stream(Protocol[ItemCo, ReplyCo]):
    """The opener's end of a stream."""

    def __aiter__(self) -> AsyncIterator[ItemCo]:
        """Iterates over the items; ends with the stream, or raises what the callee raised."""
        ...

    async def receive(self) -> ItemCo:
        """Waits for the next item. Raises trio.EndOfChannel at the end, or the callee's error."""
        ...

    async def reply(self) -> ReplyCo:
        """Waits for the reply that ends the stream; items not yet read are dropped."""
        ...


class Ref(Protocol):
    """The address of an actor. It outlives the actor's restarts."""

    @property
    def name(self) -> str:
        """The actor's name, unique among the living."""
        ...

    async def ask(self, message: Message[Reply], *, timeout_seconds: float | None = None) -> Reply:
        """Sends a question and waits for its answer.

        Cancelling the asker cancels the work and waits, up to the join bound, until the callee
        has left it. Raises Refusal, Unavailable, CallFailed, TooSlow.
        """
        ...

    def open_stream(
        self, message: StreamMessage[Item, Reply]
    ) -> AbstractAsyncContextManager[Stream[Item, Reply]]:
        """Opens a stream; leaving the block closes it and joins the callee."""
        ...

    async def delegate(self, message: StreamMessage[Item, Reply], sink: Sink[Item]) -> Reply:
        """Opens a stream whose items go straight to the reader of `sink`; waits for its reply.

        The delegating actor keeps the scope and the reply, and is not on the way of the items.
        """
        ...

    def post(self, note: Note) -> bool:
        """Leaves a note without waiting; False when the mailbox is full and it was dropped."""
        ...
