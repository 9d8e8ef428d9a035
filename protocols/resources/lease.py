"""Leases of memory: what a backend and the resource-watcher say to each other.

A backend opens a lease before it starts a process, and holds the stream open as long as the process
lives. The first item says that it may load; a refusal, with numbers, is raised in its place. A
`Leave` may come down at any time. Closing the stream is the release: there is no other, so that a
backend that crashes or is cancelled has released.

Who uses a model is not told in messages: the lease's `usage` is written by the backend alone and
read by the watcher in the moment of its decision. A message for each turn would cost each turn two
round trips, and be old when it is read.
"""

from __future__ import annotations

from math import inf

import attrs

from ..actor import Message, Note, Refusal, StreamMessage
from .need import MemoryNeed


@attrs.define(eq=False)
class LeaseUsage:
    """How many answers a process computes just now, and since when it has computed none.

    `pinned` if a person has said so while the server runs.
    """

    answers: int = 0
    idle_since_seconds: float = 0.0
    pinned: bool = False


@attrs.frozen
class Granted:
    """The model may be loaded: so much is reserved for it under this number."""

    lease: int
    reserved_bytes: int


@attrs.frozen
class Leave:
    """The memory is wanted back, within so many seconds.

    The backend takes no new turn into this process, lets those it has begun come to their end
    unless it is `critical`, has the prefixes saved, stops the process and closes the stream. If it
    is critical, answers are cut at the next step, and their clients told `why`; else none is, and
    who takes longer than that counts as late.
    """

    within_seconds: float
    critical: bool
    why: str


LeaseItem = Granted | Leave


@attrs.frozen
class TakeLease(StreamMessage[LeaseItem, None]):
    """To the resource-watcher: a process of this endpoint wants to load this model.

    `pinned` is never asked to leave short of a critical state. A model that has been idle for
    `idle_seconds_max` is asked to leave although nobody presses. `reload_seconds` is what it took
    to load the last time; 0 where it never was. Raises LeaseRefused.
    """

    endpoint: str
    model: str
    need: MemoryNeed
    usage: LeaseUsage
    pinned: bool = False
    idle_seconds_max: float = inf
    reload_seconds: float = 0.0

    @property
    def is_pinned(self) -> bool:
        """Whether it is never asked to leave short of a critical state."""
        return self.pinned or self.usage.pinned


@attrs.frozen
class LeaseLoaded(Message[None]):
    """To the resource-watcher: this lease's model is loaded, in this process, and took so long."""

    lease: int
    process_id: int
    load_seconds: float


@attrs.frozen
class LeaseIdle(Note):
    """To the resource-watcher: this lease's process computes nothing. Only makes it look sooner."""

    lease: int


class LeaseRefused(Refusal):
    """There is no room, and none can be made. The words have the numbers and what would help.

    `retry_after_seconds` is set where room may come by itself.
    """

    def __init__(
        self,
        words: str,
        *,
        need_bytes: int,
        available_bytes: int,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(words)
        self.words = words
        self.need_bytes = need_bytes
        self.available_bytes = available_bytes
        self.retry_after_seconds = retry_after_seconds
