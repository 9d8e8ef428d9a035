"""Actors that crash at their k-th message: each stands before a real one and counts its messages.

`fails` fails the call alone, `suspect` says that the actor's state cannot be trusted, `background`
crashes a task of the actor while it serves the message: the latter two have it made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...actors.kernel import Actor, ActorSystem
from ...actors.kernel.cell import RestartPolicy
from ...actors.kernel.ref import CellRef
from ...actors.kernel.statistics import ActorStatistics
from ...actors.kernel.system import DEFAULT_POLICY, GRACE_SECONDS
from ...protocols.actor import Message, Note, Rank, Sink, StreamMessage, SuspectState
from .strikes import Strikes

FAILS, SUSPECT, BACKGROUND = "fails", "suspect", "background"
FORMS = (FAILS, SUSPECT, BACKGROUND)
WORDS = "crashes here, as planned"


class CrashingActor(Actor):
    """Passes everything on to the actor behind it, but for the message that it crashes at."""

    def __init__(self, inner: Actor, name: str, form: str, strikes: Strikes) -> None:
        self.concurrency = inner.concurrency
        self._inner = inner
        self._name = name
        self._form = form
        self._strikes = strikes

    async def start(self) -> None:
        """See Actor.start."""
        self._inner.background = self.background
        await self._inner.start()

    async def stop(self) -> None:
        """See Actor.stop."""
        await self._inner.stop()

    def handle(self, message: Message[Any], /) -> Any:
        """See Actor.handle."""
        self._take(message)
        return self._inner.handle(message)

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> Any:
        """See Actor.stream."""
        self._take(message)
        return await self._inner.stream(message, sink)

    def note(self, note: Note, /) -> None:
        """See Actor.note."""
        self._take(note)
        self._inner.note(note)

    def _take(self, message: object) -> None:
        if not self._strikes.hits(self._name, type(message).__name__):
            return
        if self._form == BACKGROUND:
            self.background.start_soon(_crash, name=f"{self._name}:crash")
        elif self._form == SUSPECT:
            raise SuspectState(WORDS)
        else:
            raise RuntimeError(WORDS)


class CrashingSystem(ActorSystem):
    """A system whose actors may crash; `inner` has them."""

    def __init__(self, inner: ActorSystem, form: str, strikes: Strikes) -> None:
        self._inner = inner
        self._form = form
        self._strikes = strikes

    def spawn(
        self,
        name: str,
        rank: Rank,
        make: Callable[[], Actor],
        *,
        policy: RestartPolicy = DEFAULT_POLICY,
    ) -> CellRef:
        """See ActorSystem.spawn."""

        def make_crashing() -> Actor:
            return CrashingActor(make(), name, self._form, self._strikes)

        return self._inner.spawn(name, rank, make_crashing, policy=policy)

    async def retire(self, ref: CellRef, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """See ActorSystem.retire."""
        await self._inner.retire(ref, grace_seconds=grace_seconds)

    def dismiss(self, ref: CellRef) -> None:
        """See ActorSystem.dismiss."""
        self._inner.dismiss(ref)

    async def stop(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """See ActorSystem.stop."""
        await self._inner.stop(grace_seconds=grace_seconds)

    def close(self) -> None:
        """See ActorSystem.close."""
        self._inner.close()

    def statistics(self) -> Sequence[ActorStatistics]:
        """See ActorSystem.statistics."""
        return self._inner.statistics()


async def _crash() -> None:
    raise RuntimeError(WORDS)
