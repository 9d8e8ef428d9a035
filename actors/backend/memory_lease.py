"""The lease of memory that a process of an engine lives on: opened before it starts, closed after.

Where nobody watches the memory (no watcher at all, or one that fails twice in a row) a model is
loaded without a lease, as if the machine were large enough: a turn is worth more than its account.
A lease that is lost while a process lives has it leave as soon as it is idle, so that the next one
has a lease again.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from math import inf
from typing import Any

import attrs
import trio

from ...protocols.actor import CallFailed, Ref, Stream, Unavailable
from ...protocols.resources.lease import (
    Granted,
    LeaseIdle,
    LeaseItem,
    LeaseLoaded,
    LeaseRefused,
    Leave,
    TakeLease,
)
from ...protocols.resources.need import MemoryNeed
from ...protocols.settings_data import EndpointSettings, MemorySettings
from ...protocols.settings_memory import idle_seconds_of
from ...protocols.turn import MemoryRefused

LIMIT_SHARE = 1.5
LIMIT_BYTES_MORE = 1024**3
"""A process may hold so much more than its need before its own limit ends it: that is for a leak,
and no load may come near."""
TRIES = 2
RETRY_SECONDS = 0.1
"""A watcher that has crashed is made anew in less; after its second crash a load does without."""
LOST = Leave(inf, critical=False, why="the resource-watcher has lost sight of it")


@attrs.frozen
class LeaseTerms:
    """What the settings say of a model's lease; see TakeLease. `limited` gives a process a
    limit."""

    pinned: bool = False
    idle_seconds_max: float = inf
    limited: bool = False

    def bytes_max(self, need: MemoryNeed) -> int:
        """What a process with this need may hold; 0 sets no limit."""
        if not (self.limited and need.total_bytes):
            return 0
        return int(need.total_bytes * LIMIT_SHARE) + LIMIT_BYTES_MORE


def terms_of(endpoint: EndpointSettings, memory: MemorySettings) -> LeaseTerms:
    """What the settings say of the memory of an endpoint's model."""
    return LeaseTerms(endpoint.pinned, idle_seconds_of(endpoint, memory), memory.worker_limit)


@attrs.frozen
class MemoryLease:
    """A lease that is held; without a stream there is none, and nobody ever asks to leave."""

    _resources: Ref | None = None
    _stream: Stream[LeaseItem, Any] | None = None
    _number: int = 0

    async def loaded(self, process_id: int, load_seconds: float) -> bool:
        """The model is loaded: another may begin. False if nobody can be told: the lease is
        lost."""
        if self._resources is not None:
            try:
                await self._resources.ask(LeaseLoaded(self._number, process_id, load_seconds))
            except (Unavailable, CallFailed):
                return False
        return True

    def idle(self) -> None:
        """Nobody uses the process just now."""
        if self._resources is not None:
            self._resources.post(LeaseIdle(self._number))

    async def wait_leave(self) -> Leave:
        """Waits for the next word that the memory is wanted back."""
        if self._stream is None:
            await trio.sleep_forever()
        assert self._stream is not None
        try:
            item = await self._stream.receive()
        except (Unavailable, CallFailed):
            return LOST
        assert isinstance(item, Leave), item
        return item


async def take_lease(stack: AsyncExitStack, resources: Ref | None, wish: TakeLease) -> MemoryLease:
    """Waits until the model may be loaded; leaving the stack gives the lease back.

    Raises LeaseRefused.
    """
    for _ in range(TRIES if resources is not None else 0):
        assert resources is not None
        try:
            stream = await stack.enter_async_context(resources.open_stream(wish))
            granted = await stream.receive()
        except (Unavailable, CallFailed):
            await trio.sleep(RETRY_SECONDS)
            continue
        assert isinstance(granted, Granted), granted
        return MemoryLease(resources, stream, granted.lease)
    return MemoryLease()


def refused_turn(refusal: LeaseRefused) -> MemoryRefused:
    """A refused lease as the refusal of the turns that wait for it. The words name the model."""
    return MemoryRefused(503, "overloaded_error", refusal.words, refusal.retry_after_seconds)
