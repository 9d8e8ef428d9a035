"""Ports that fail once: each stands before a real one, counts its calls, and fails the chosen one.

A call fails before it has done anything, with an error that its port names; an engine's process
dies as soon as it is ready, and a memory that is not told is one that the system says nothing of.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import attrs

from ...io.ports import (
    Engine,
    EngineError,
    EngineProcess,
    EngineSpec,
    KeptKey,
    Keychain,
    KeychainError,
    Memory,
    State,
    StateError,
    Upstream,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamStatistics,
    UpstreamUnreachable,
)
from ...protocols.records import ConversationRecord, TurnRecord
from ...protocols.resources.need import MemoryNeed
from ...protocols.resources.reading import MemoryReading, ProcessMemory
from ...protocols.tool_uses import ToolUse
from ...protocols.usage.sums import UsageBy, UsageRow
from ..world.life import Hooks
from .strikes import Failure, Strikes

WORDS = ("fails here, as planned",)
PORT_FAILURES: Mapping[str, Mapping[str, Failure]] = {
    "state.load": {"StateError": (StateError, WORDS)},
    "state.save": {"StateError": (StateError, WORDS)},
    "state.turns": {"StateError": (StateError, WORDS)},
    "state.usage": {"StateError": (StateError, WORDS)},
    "state.find": {"StateError": (StateError, WORDS)},
    "state.named": {"StateError": (StateError, WORDS)},
    "state.tool_uses": {"StateError": (StateError, WORDS)},
    "upstream.open": {
        "UpstreamUnreachable": (UpstreamUnreachable, WORDS),
        "UpstreamBroken": (UpstreamBroken, WORDS),
    },
    "upstream.receive": {"UpstreamBroken": (UpstreamBroken, WORDS)},
    "engine.need": {"EngineError": (EngineError, WORDS)},
    "engine.open": {"EngineError": (EngineError, WORDS)},
    "engine.process": {"death": None},
    "keychain.read": {"KeychainError": (KeychainError, WORDS), "nothing": None},
    "memory.read": {"nothing": None},
    "memory.process": {"unknown": None},
}
"""The calls, and what each may raise, as `io/ports.py` says it."""


def failing_hooks(strikes: Strikes) -> Hooks:
    """What puts ports that may fail in the place of the others."""
    return Hooks(
        state=lambda state: FailingState(state, strikes),
        upstream=lambda upstream: FailingUpstream(upstream, strikes),
        engine=lambda engine: FailingEngine(engine, strikes),
        memory=lambda memory: FailingMemory(memory, strikes),
        keychain=lambda keychain: FailingKeychain(keychain, strikes),
    )


@attrs.define(eq=False)
class FailingState(State):
    """A state that may fail."""

    _inner: State
    _strikes: Strikes

    async def load(self, conversation: str) -> ConversationRecord | None:
        """See State.load."""
        self._strikes.strike("state.load")
        return await self._inner.load(conversation)

    async def save(
        self,
        conversations: Sequence[ConversationRecord],
        turns: Sequence[TurnRecord],
        tool_uses: Sequence[ToolUse] = (),
    ) -> None:
        """See State.save."""
        self._strikes.strike("state.save")
        await self._inner.save(conversations, turns, tool_uses)

    async def tool_uses(self, key: str) -> Sequence[ToolUse]:
        """See State.tool_uses."""
        self._strikes.strike("state.tool_uses")
        return await self._inner.tool_uses(key)

    async def turns(self, *, limit: int) -> Sequence[TurnRecord]:
        """See State.turns."""
        self._strikes.strike("state.turns")
        return await self._inner.turns(limit=limit)

    async def usage(self, since: str, until: str, by: UsageBy) -> Sequence[UsageRow]:
        """See State.usage."""
        self._strikes.strike("state.usage")
        return await self._inner.usage(since, until, by)

    async def find(self, beginning: str) -> Sequence[TurnRecord]:
        """See State.find."""
        self._strikes.strike("state.find")
        return await self._inner.find(beginning)

    async def named(self, beginning: str, *, limit: int) -> Sequence[ConversationRecord]:
        """See State.named."""
        self._strikes.strike("state.named")
        return await self._inner.named(beginning, limit=limit)

    async def aclose(self) -> None:
        """See State.aclose."""
        await self._inner.aclose()


@attrs.define(eq=False)
class FailingUpstream(Upstream):
    """An upstream that may fail."""

    _inner: Upstream
    _strikes: Strikes

    def open(self, request: UpstreamRequest) -> AbstractAsyncContextManager[UpstreamResponse]:
        """See Upstream.open."""
        return self._open(request)

    @asynccontextmanager
    async def _open(self, request: UpstreamRequest) -> AsyncGenerator[UpstreamResponse]:
        self._strikes.strike("upstream.open")
        async with self._inner.open(request) as response:
            yield FailingResponse(response, self._strikes)

    async def aclose(self) -> None:
        """See Upstream.aclose."""
        await self._inner.aclose()

    def statistics(self) -> UpstreamStatistics:
        """See Upstream.statistics."""
        return self._inner.statistics()


class FailingResponse(UpstreamResponse):
    """A response that may break off."""

    def __init__(self, inner: UpstreamResponse, strikes: Strikes) -> None:
        self.status, self.headers = inner.status, inner.headers
        self._inner = inner
        self._strikes = strikes

    async def receive(self) -> bytes:
        """See UpstreamResponse.receive."""
        self._strikes.strike("upstream.receive")
        return await self._inner.receive()


@attrs.define(eq=False)
class FailingEngine(Engine):
    """An engine that may not start, or whose process may die."""

    _inner: Engine
    _strikes: Strikes

    async def need(self, spec: EngineSpec) -> MemoryNeed:
        """See Engine.need."""
        self._strikes.strike("engine.need")
        return await self._inner.need(spec)

    def open(self, spec: EngineSpec) -> AbstractAsyncContextManager[EngineProcess]:
        """See Engine.open."""
        return self._open(spec)

    @asynccontextmanager
    async def _open(self, spec: EngineSpec) -> AsyncGenerator[EngineProcess]:
        self._strikes.strike("engine.open")
        async with self._inner.open(spec) as process:
            if self._strikes.hits("engine.process"):
                process.kill()
            yield process


@attrs.define(eq=False)
class FailingMemory(Memory):
    """A memory of which nothing may be known."""

    _inner: Memory
    _strikes: Strikes

    async def read(self) -> MemoryReading:
        """See Memory.read."""
        reading = await self._inner.read()
        return MemoryReading(0, 0) if self._strikes.hits("memory.read") else reading

    async def process(self, process_id: int) -> ProcessMemory | None:
        """See Memory.process."""
        found = await self._inner.process(process_id)
        return None if self._strikes.hits("memory.process") else found

    async def pressed(self) -> None:
        """See Memory.pressed."""
        await self._inner.pressed()


@attrs.define(eq=False)
class FailingKeychain(Keychain):
    """A keychain that may refuse, or have lost a key. The server only reads."""

    _inner: Keychain
    _strikes: Strikes

    async def read(self, name: str) -> KeptKey | None:
        """See Keychain.read."""
        if self._strikes.hits("keychain.read"):
            if self._strikes.failure is None:
                return None
            kind, arguments = self._strikes.failure
            raise kind(*arguments)
        return await self._inner.read(name)

    async def write(self, name: str, key: KeptKey) -> None:
        """See Keychain.write."""
        await self._inner.write(name, key)

    async def remove(self, name: str) -> bool:
        """See Keychain.remove."""
        return await self._inner.remove(name)
