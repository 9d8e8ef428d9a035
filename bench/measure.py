"""The measurements of the gateway benchmark: what is asked of each peer, how often, in what order.

Rounds are interleaved: within a round each measurement visits every peer before the next begins,
and each round starts with another peer, so that a noisy minute of the machine falls on all alike.
Every value is kept; the report takes medians over rounds.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

import load_client
from http_client import Control, LoadError, Target
from judge import wrong_with_message, wrong_with_stream
from peers import A2A, FLOOR, OTHERS, SUBJECT, Case
from processes import Process

PACED_STREAMS = 32
TOKEN_SECONDS = 0.010
PACE_TOLERANCE = 0.05
BUSY_CONNECTIONS = 16
FIRST_TOKEN_WARM_UP = 5
STREAM_TOKENS = 200
WARM_UP_SMALL, WARM_UP_LARGE = 50, 5
"""Requests before anything is measured: programs load and compile much of themselves only then."""
NEVERS_MAX = 3
"""A place where so many aborts were never seen is measured no further: each takes seconds."""
HOLD_SECONDS = load_client.CLOSED_SECONDS_MAX + 1
ABORT_PLACES = ("mid-stream", "before first byte", "plain")
NEVER = float("inf")


@dataclass(frozen=True)
class Sizes:
    """How much is measured; per round, but for `rounds` and `starts`."""

    rounds: int = 3
    starts: int = 5
    first_tokens: int = 100
    busy_seconds: float = 3.0
    single_stream_repeats: int = 20
    parallel_stream_repeats: int = 3
    paced_tokens: int = 300
    aborts: int = 10


QUICK = Sizes(
    rounds=1,
    starts=1,
    first_tokens=10,
    busy_seconds=0.5,
    single_stream_repeats=3,
    parallel_stream_repeats=1,
    paced_tokens=50,
    aborts=2,
)


@dataclass(frozen=True)
class Peer:
    """What is measured. `process` is None for the mock upstream itself, asked directly."""

    name: str
    target: Target
    process: Process | None

    def cpu_seconds(self) -> float:
        """Returns the CPU time used so far; nan for the mock, which is not under test."""
        return math.nan if self.process is None else self.process.cpu_seconds()


class Samples:
    """Every value measured, by peer and metric."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, peer: Peer, metric: str, *values: float) -> None:
        """Keeps values, but for nan, which stands for what does not apply."""
        self.values[peer.name][metric].extend(value for value in values if not math.isnan(value))

    def get(self, peer: str, metric: str) -> list[float]:
        """Returns what was kept, [] if nothing."""
        return self.values[peer].get(metric, [])


class Session:
    """One run of all measurements over some peers; `faults` is what is wrong with others' work."""

    def __init__(
        self, case: Case, sizes: Sizes, control: Control, say: Callable[[str], None]
    ) -> None:
        self.case = case
        self.sizes = sizes
        self.samples = Samples()
        self.faults: dict[str, list[str]] = {}
        self._control = control
        self._say = say
        self._measurements: tuple[Callable[[Peer], Awaitable[None]], ...] = (
            self._first_token_small,
            self._first_token_large,
            self._requests,
            self._events_single,
            self._events_parallel,
            self._events_paced,
            self._aborts,
        )

    async def run(self, peers: list[Peer]) -> None:
        """Checks the peers, then measures them; raises LoadError when ours does not do its work."""
        for peer in peers:
            await self._check(peer)
        self._weigh(peers, "idle")
        for peer in peers:
            await self._warm_up(peer)
        for number in range(self.sizes.rounds):
            first = number % len(peers)
            for measurement in self._measurements:
                for peer in peers[first:] + peers[:first]:
                    await measurement(peer)
            self._say(f"round {number + 1} of {self.sizes.rounds} done")
        self._weigh(peers, "loaded")

    async def _check(self, peer: Peer) -> None:
        """Judges a stream and a plain answer. What relays must give back the upstream's bytes."""
        if peer.process is None:
            return
        await self._control.behave(tokens=STREAM_TOKENS)
        stream = await load_client.fetch(peer.target, streamed=True)
        plain = await load_client.fetch(peer.target, streamed=False)
        wrong = [f"streamed: {what}" for what in wrong_with_stream(stream, STREAM_TOKENS)]
        wrong += [f"plain: {what}" for what in wrong_with_message(plain)]
        if self.case is A2A and peer.name in (FLOOR, SUBJECT):
            upstream = Target(self._control.base_url)
            if stream != await load_client.fetch(upstream, streamed=True):
                wrong.append(f"it changed the stream: {stream[:300]!r}")
        if wrong and peer.name not in OTHERS:
            raise LoadError(f"{peer.name}: {'; '.join(wrong)}")
        self.faults.update({peer.name: wrong} if wrong else {})

    async def _warm_up(self, peer: Peer) -> None:
        await self._control.behave(tokens=20)
        await load_client.measure_first_token(peer.target, WARM_UP_SMALL, large=False)
        await load_client.measure_first_token(peer.target, WARM_UP_LARGE, large=True)

    def _weigh(self, peers: list[Peer], when: str) -> None:
        for peer in peers:
            if peer.process is not None:
                memory = peer.process.memory()
                self.samples.add(peer, f"resident_megabytes_{when}", memory.resident_megabytes)
                self.samples.add(peer, f"unique_megabytes_{when}", memory.unique_megabytes)

    async def _first_token_small(self, peer: Peer) -> None:
        await self._first_token(peer, large=False)

    async def _first_token_large(self, peer: Peer) -> None:
        await self._first_token(peer, large=True)

    async def _first_token(self, peer: Peer, *, large: bool) -> None:
        await self._control.behave(tokens=20)
        count = self.sizes.first_tokens + FIRST_TOKEN_WARM_UP
        seconds = await load_client.measure_first_token(peer.target, count, large)
        metric = "first_token_large_seconds" if large else "first_token_small_seconds"
        self.samples.add(peer, metric, median(seconds[FIRST_TOKEN_WARM_UP:]))

    async def _requests(self, peer: Peer) -> None:
        await self._control.behave()
        before = peer.cpu_seconds()
        done = await load_client.measure_requests(
            peer.target, BUSY_CONNECTIONS, self.sizes.busy_seconds
        )
        self.samples.add(peer, "requests_per_second", done.per_second)
        self.samples.add(peer, "request_cpu_seconds", (peer.cpu_seconds() - before) / done.count)

    async def _events_single(self, peer: Peer) -> None:
        await self._control.behave(tokens=STREAM_TOKENS)
        done = await load_client.measure_events(peer.target, 1, self.sizes.single_stream_repeats)
        self.samples.add(peer, "events_per_second_single", done.per_second)

    async def _events_parallel(self, peer: Peer) -> None:
        await self._control.behave(tokens=STREAM_TOKENS)
        before = peer.cpu_seconds()
        done = await load_client.measure_events(
            peer.target, PACED_STREAMS, self.sizes.parallel_stream_repeats
        )
        cpu_seconds = (peer.cpu_seconds() - before) / done.count
        self.samples.add(peer, "events_per_second_parallel", done.per_second)
        self.samples.add(peer, "burst_event_cpu_seconds", cpu_seconds)

    async def _events_paced(self, peer: Peer) -> None:
        tokens = self.sizes.paced_tokens
        await self._control.behave(tokens=tokens, token_seconds=TOKEN_SECONDS)
        before = peer.cpu_seconds()
        paced = await load_client.measure_paced(peer.target, PACED_STREAMS, tokens, TOKEN_SECONDS)
        cpu_seconds = peer.cpu_seconds() - before
        self.samples.add(peer, "event_cpu_seconds", cpu_seconds / (tokens * PACED_STREAMS))
        self.samples.add(peer, "streams_at_pace", paced.streams_at_pace(PACE_TOLERANCE))

    async def _aborts(self, peer: Peer) -> None:
        for place in ABORT_PLACES:
            if place == "mid-stream":
                tokens = round(HOLD_SECONDS / TOKEN_SECONDS)
                await self._control.behave(tokens=tokens, token_seconds=TOKEN_SECONDS)
            else:
                await self._control.behave(hold_seconds=HOLD_SECONDS)
            for _ in range(self.sizes.aborts):
                if self.samples.get(peer.name, f"abort_seconds_{place}").count(NEVER) >= NEVERS_MAX:
                    break
                seconds = await load_client.measure_abort(peer.target, self._control, place)
                closed_seconds = NEVER if seconds is None else seconds
                self.samples.add(peer, f"abort_seconds_{place}", closed_seconds)
