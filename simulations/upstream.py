"""The upstream, made of virtual time: peers that follow a script, and a record of every exchange.

A peer answers each request with a script, an iterable of steps that it takes one after the other,
each when the reader asks for it: a slow reader slows the peer, and a script may be endless. What
one SendBytes holds is what one read yields. A script that is a generator is closed when its
exchange is over, so that it learns whether the reader has left.

Every exchange is written down with the request's bytes and the moment and the way it was left:
a test reads there when Esc reached the peer. Like the real adapters, leaving never awaits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from enum import Enum
from functools import partial
from math import inf
from types import TracebackType
from typing import NoReturn

import attrs
import trio

from ..io.ports import (
    Headers,
    Upstream,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamStatistics,
    UpstreamUnreachable,
)

EVENT_STREAM: Headers = ((b"content-type", b"text/event-stream; charset=utf-8"),)


@attrs.frozen
class Wait:
    """The peer does nothing for so long; `inf` is a peer that hangs."""

    seconds: float


@attrs.frozen
class WaitFor:
    """The peer does nothing until this has returned."""

    done: Callable[[], Awaitable[None]]


@attrs.frozen
class SendHead:
    """The peer sends its status and headers."""

    status: int = 200
    headers: Headers = EVENT_STREAM


@attrs.frozen
class SendBytes:
    """The peer sends a piece of the body, which one read takes whole."""

    data: bytes


@attrs.frozen
class CutConnection:
    """The connection fails here."""

    why: str = "the peer closed the connection in the middle of its answer"


@attrs.frozen
class HangUp:
    """The answer is whole, and the peer closes the connection, whatever it has promised."""


@attrs.frozen
class RefuseConnection:
    """No connection can be made; the first step of its script."""

    why: str = "connection refused"


Step = Wait | WaitFor | SendHead | SendBytes | CutConnection | HangUp | RefuseConnection
Script = Iterable[Step]
Respond = Callable[[UpstreamRequest], Script]

HANG = Wait(inf)


def abandon(script: Iterator[object]) -> None:
    """Closes a script that is a generator; no step of it is taken any more."""
    if isinstance(script, Generator):
        script.close()


class Ending(Enum):
    """How an exchange came to its end."""

    OPEN = "open"
    COMPLETE = "complete"
    LEFT = "left"
    BROKEN = "broken"
    UNREACHABLE = "unreachable"


@attrs.define(eq=False)
class Peer:
    """Who answers at `base_url`. Once it is `gone`, its exchanges break."""

    base_url: str
    respond: Respond
    gone: bool = False
    _waits: list[trio.CancelScope] = attrs.field(factory=list[trio.CancelScope])

    def stop(self) -> None:
        """Ends the peer now; who waits for it learns of it at once."""
        self.gone = True
        for scope in self._waits:
            scope.cancel("the peer has stopped")

    async def wait_for(self, done: Callable[[], Awaitable[None]]) -> None:
        """Waits, as a checkpoint, until this has returned or the peer is gone."""
        with trio.CancelScope() as scope:
            self._waits.append(scope)
            try:
                if self.gone:
                    scope.cancel("the peer has stopped")
                await done()
            finally:
                self._waits.remove(scope)


@attrs.define(eq=False)
class SimulatedExchange:
    """One request and what became of it; moments in virtual seconds, -1.0 for never."""

    request: UpstreamRequest
    opened_seconds: float
    ending: Ending = Ending.OPEN
    head_seconds: float = -1.0
    left_seconds: float = -1.0
    pieces: int = 0
    hung_up: bool = False
    script: Iterator[Step] = attrs.field(factory=lambda: iter(()), repr=False)

    def end(self, ending: Ending) -> None:
        """Notes the ending, unless there is one, and that the exchange has been left."""
        if self.ending is Ending.OPEN:
            self.ending = ending
        self.left_seconds = trio.current_time()
        abandon(self.script)


class SimulatedUpstream(Upstream):
    """Reaches the peers that `listen` was called for; connecting takes `connect_seconds`."""

    def __init__(self, *, connect_seconds: float = 0.0) -> None:
        self.exchanges: list[SimulatedExchange] = []
        self._connect_seconds = connect_seconds
        self._peers: dict[str, Peer] = {}
        self._open = 0
        self._idle = 0

    def listen(self, base_url: str, respond: Respond) -> Peer:
        """Puts a peer at an address, in place of the one that was there."""
        peer = self._peers[base_url] = Peer(base_url, respond)
        return peer

    def open(self, request: UpstreamRequest) -> AbstractAsyncContextManager[UpstreamResponse]:
        """See Upstream.open."""
        return _OpenExchange(self, request)

    async def aclose(self) -> None:
        """See Upstream.aclose."""
        self._idle = 0
        await trio.lowlevel.checkpoint()

    def statistics(self) -> UpstreamStatistics:
        """See Upstream.statistics."""
        return UpstreamStatistics(self._open + self._idle, self._idle)

    async def enter(self, exchange: SimulatedExchange) -> SimulatedResponse:
        """Connects and waits for the head. Raises UpstreamUnreachable or UpstreamBroken."""
        self.exchanges.append(exchange)
        self._open += 1
        self._idle = max(0, self._idle - 1)
        try:
            await trio.sleep(self._connect_seconds)
            peer = self._peer(exchange.request.url)
            exchange.script = iter(peer.respond(exchange.request))
            response = SimulatedResponse(exchange, peer)
            await response.receive_head()
        except BaseException:
            self.leave(exchange)
            raise
        return response

    def leave(self, exchange: SimulatedExchange) -> None:
        """Ends an exchange; after a complete one its connection waits to be used again."""
        exchange.end(Ending.LEFT)
        self._open -= 1
        if exchange.ending is Ending.COMPLETE and not exchange.hung_up:
            self._idle += 1

    def _peer(self, url: str) -> Peer:
        for base_url, peer in self._peers.items():
            if url.startswith(f"{base_url}/") and not peer.gone:
                return peer
        raise UpstreamUnreachable(f"cannot connect to {url}: connection refused")


class _OpenExchange(AbstractAsyncContextManager[UpstreamResponse]):
    def __init__(self, upstream: SimulatedUpstream, request: UpstreamRequest) -> None:
        self._upstream = upstream
        self._request = request

    async def __aenter__(self) -> UpstreamResponse:
        self._exchange = SimulatedExchange(self._request, trio.current_time())
        try:
            return await self._upstream.enter(self._exchange)
        except UpstreamUnreachable:
            self._exchange.ending = Ending.UNREACHABLE
            raise

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._upstream.leave(self._exchange)


class SimulatedResponse(UpstreamResponse):
    """A response that takes the steps of its peer's script when they are due."""

    def __init__(self, exchange: SimulatedExchange, peer: Peer) -> None:
        self._exchange = exchange
        self._peer = peer

    async def receive_head(self) -> None:
        """Takes the steps up to the head. Raises UpstreamUnreachable or UpstreamBroken."""
        head = await self._take_step()
        if isinstance(head, RefuseConnection):
            raise UpstreamUnreachable(f"cannot connect to {self._peer.base_url}: {head.why}")
        assert isinstance(head, SendHead), f"a script sends its head first, not {head}"
        self.status = head.status
        self.headers = head.headers
        self._exchange.head_seconds = trio.current_time()

    async def receive(self) -> bytes:
        """See UpstreamResponse.receive."""
        step = await self._take_step()
        if step is None or isinstance(step, HangUp):
            self._exchange.ending = Ending.COMPLETE
            self._exchange.hung_up |= step is not None
            return b""
        assert isinstance(step, SendBytes), f"a body is made of bytes, not {step}"
        self._exchange.pieces += 1
        return step.data

    async def _take_step(self) -> Step | None:
        """The next step that is no wait, after the waits before it; None after the last."""
        await self._wait_for(trio.lowlevel.checkpoint)
        while isinstance(step := next(self._exchange.script, None), Wait | WaitFor):
            if isinstance(step, WaitFor):
                await self._wait_for(step.done)
            else:
                await self._wait_for(partial(trio.sleep, step.seconds))
        if isinstance(step, CutConnection):
            self._break(step.why)
        return step

    async def _wait_for(self, done: Callable[[], Awaitable[None]]) -> None:
        await self._peer.wait_for(done)
        if self._peer.gone:
            self._break("the peer has gone away")

    def _break(self, why: str) -> NoReturn:
        self._exchange.ending = Ending.BROKEN
        raise UpstreamBroken(f"{self._peer.base_url}: {why}")
