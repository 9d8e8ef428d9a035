"""The load client: each measurement is one coroutine that takes a `Target`.

The mock upstream behind the target must have been told how to answer (`Control.behave`). Nothing
here knows of processes, CPU or rounds. Times are in seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from http_client import ANSWER_SECONDS_MAX, Control, LoadError, Target, ignore

CLOSED_SECONDS_MAX = 5.0
POLL_SECONDS = 0.005


class DeltaCounter:
    """A sink that counts text deltas, also where one is cut in two; notes the times of arrival."""

    def __init__(self, target: Target) -> None:
        self.count = 0
        self.first_at: float | None = None
        self.last_at: float | None = None
        self.reached: dict[int, asyncio.Event] = {}
        self._mark = target.dialect.delta_mark
        self._tail = b""

    def __call__(self, data: bytes) -> None:
        data = self._tail + data
        found = data.count(self._mark)
        self._tail = data[1 - len(self._mark) :]
        if found:
            self.last_at = time.monotonic()
            self.first_at = self.first_at or self.last_at
            self.count += found
            for count, event in self.reached.items():
                if self.count >= count:
                    event.set()

    def when(self, count: int) -> asyncio.Event:
        """Returns an event that is set once so many deltas have come."""
        return self.reached.setdefault(count, asyncio.Event())


async def fetch(target: Target, *, streamed: bool) -> bytes:
    """Returns the body of one answer, without its chunks, to judge peers by."""
    received = bytearray()
    async with target.connected() as connection:
        await connection.send(target.request(streamed=streamed), received.extend)
        if not connection.chunked:
            return bytes(received)
    body = bytearray()
    while received:
        size_bytes, _, rest = received.partition(b"\r\n")
        size = int(size_bytes, 16)
        body += rest[:size]
        received = rest[size + 2 :]
    return bytes(body)


async def measure_first_token(target: Target, count: int, large: bool) -> list[float]:
    """Sends streamed requests in turn; returns the seconds to the first text delta of each."""
    request = target.request(streamed=True, large=large)
    seconds: list[float] = []
    async with target.connected() as connection:
        for _ in range(count):
            counter = DeltaCounter(target)
            started_at = time.monotonic()
            await connection.send(request, counter)
            if counter.first_at is None:
                raise LoadError("an answer without a text delta")
            seconds.append(counter.first_at - started_at)
    return seconds


@dataclass(frozen=True)
class Throughput:
    """How many requests or events came through in how many seconds."""

    count: int
    seconds: float

    @property
    def per_second(self) -> float:
        """The rate."""
        return self.count / self.seconds


async def measure_requests(target: Target, connections: int, seconds: float) -> Throughput:
    """Sends small plain requests on some connections at once, each as fast as it is answered."""
    started_at = time.monotonic()
    answered = 0

    async def repeat() -> None:
        nonlocal answered
        request = target.request(streamed=False)
        async with target.connected() as connection:
            while time.monotonic() < started_at + seconds:
                await connection.send(request, ignore)
                answered += 1

    await asyncio.gather(*(repeat() for _ in range(connections)))
    return Throughput(answered, time.monotonic() - started_at)


async def measure_events(target: Target, streams: int, repeats: int) -> Throughput:
    """Reads some unthrottled streams at once, each several times, and counts text deltas."""
    counter = DeltaCounter(target)

    async def repeat() -> None:
        request = target.request(streamed=True)
        async with target.connected() as connection:
            for _ in range(repeats):
                stream_counter = DeltaCounter(target)
                await connection.send(request, stream_counter)
                counter.count += stream_counter.count

    started_at = time.monotonic()
    await asyncio.gather(*(repeat() for _ in range(streams)))
    return Throughput(counter.count, time.monotonic() - started_at)


@dataclass
class Paced:
    """What paced streams did; `stream_seconds` is from the first delta to the last, per stream."""

    tokens: int
    token_seconds: float
    stream_seconds: list[float] = field(default_factory=list[float])

    def streams_at_pace(self, tolerance: float) -> int:
        """Counts the streams whose every delta came, not later than the tolerance allows."""
        limit_seconds = (self.tokens - 1) * self.token_seconds * (1 + tolerance)
        return sum(seconds <= limit_seconds for seconds in self.stream_seconds)


async def measure_paced(target: Target, streams: int, tokens: int, token_seconds: float) -> Paced:
    """Reads streams whose tokens come at a pace; their phases are spread evenly over one token.

    Spread, most events are a wake-up of their own for the peer, which is the dearest case and
    the usual one.
    """
    paced = Paced(tokens, token_seconds)

    async def read(phase: float) -> None:
        await asyncio.sleep(phase * token_seconds)
        counter = DeltaCounter(target)
        async with target.connected() as connection:
            await connection.send(target.request(streamed=True), counter)
        if counter.count != tokens or counter.first_at is None or counter.last_at is None:
            raise LoadError(f"{counter.count} of {tokens} text deltas came")
        paced.stream_seconds.append(counter.last_at - counter.first_at)

    await asyncio.gather(*(read(index / streams) for index in range(streams)))
    return paced


async def measure_abort(target: Target, control: Control, place: str) -> float | None:
    """Leaves one request and returns the seconds until the upstream saw its connection closed.

    `place` is "mid-stream" (after some deltas), "before first byte" (of a stream) or "plain" (not
    streamed). None when the upstream's connection was still open after CLOSED_SECONDS_MAX. The
    mock must answer slowly enough: `token_seconds` mid-stream, else `hold_seconds`.
    """
    counter = DeltaCounter(target)
    async with control.watched() as last_exchange, target.connected() as connection:
        answered = connection.start(target.request(streamed=place != "plain"), counter)
        if place == "mid-stream":
            await asyncio.wait_for(counter.when(5).wait(), ANSWER_SECONDS_MAX)
        else:
            await poll(last_exchange, "requested_at")
        left_at = time.monotonic()
        connection.transport.abort()
        closed_at = await poll(last_exchange, "closed_at")
        if closed_at is None:
            await poll(last_exchange, "answered_at")  # so that it does not disturb what comes next
        with suppress(LoadError):
            await answered
    return None if closed_at is None else closed_at - left_at


async def poll(last_exchange: Callable[[], Awaitable[dict[str, Any]]], name: str) -> float | None:
    """Waits until the last exchange has a time by that name, for CLOSED_SECONDS_MAX at most."""
    deadline = time.monotonic() + CLOSED_SECONDS_MAX
    while time.monotonic() < deadline:
        found: float | None = (await last_exchange()).get(name)
        if found is not None:
            return found
        await asyncio.sleep(POLL_SECONDS)
    return None
