"""What the actor kernel costs: asks, posts, stream items, and Esc in scheduler ticks.

    python bench/kernel.py [--json]

Times depend on the machine; each is printed beside a floor measured in the same run (one scheduler
step, one bare memory channel). Ticks do not: through five actors the innermost is cancelled in 6
ticks and all are joined in 12, with 1, 100 and 1,000 requests in flight alike.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from functools import partial
from typing import Any

import attrs
import trio
import trio.testing
from understudy.actors.kernel import Actor, ActorSystem, open_system
from understudy.protocols.actor import Message, Note, Rank, Ref, Sink, StreamMessage

DEPTH = 5
ASKS = 5_000
POSTS = 50_000
ITEMS = 50_000


@attrs.frozen
class Echo(Message[int]):
    """Answered at once by a plain function."""

    value: int


@attrs.frozen
class SlowEcho(Message[int]):
    """Answered in a task of its own."""

    value: int


@attrs.frozen
class Numbers(StreamMessage[int, None]):
    """A stream of so many items."""

    count: int


@attrs.frozen
class Park(Message[None]):
    """Never answered: waits in the lowest actor."""


@attrs.frozen
class Tick(Note):
    """Nothing to do."""


class Worker(Actor):
    """Echoes, counts and parks; `hits` gets the tick at which a parked call is cancelled."""

    concurrency = 4096

    def __init__(self, below: Ref | None, ticks: TickCounter, hits: list[int]) -> None:
        self.below = below
        self.ticks = ticks
        self.hits = hits

    def handle(self, message: Message[Any], /) -> Any:
        """Answers."""
        match message:
            case Echo(value):
                return value
            case SlowEcho(value):
                return self.echo(value)
            case Park():
                return self.park()
        raise AssertionError(message)

    async def echo(self, value: int) -> int:
        """Answers from a task."""
        return value

    async def park(self) -> None:
        """Asks the next lower actor, or waits for ever."""
        try:
            if self.below is not None:
                await self.below.ask(Park())
            else:
                await trio.sleep_forever()
        finally:
            if self.below is None:
                self.hits.append(self.ticks.now)

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> None:
        """Counts."""
        assert isinstance(message, Numbers)
        for number in range(message.count):
            await sink.send(number)

    def note(self, note: Note, /) -> None:
        """Takes a note."""


class TickCounter(trio.abc.Instrument):
    """Counts passes of Trio's run loop."""

    def __init__(self) -> None:
        self.now = 0

    def before_io_wait(self, timeout: float) -> None:
        """One more pass."""
        self.now += 1


def chain(system: ActorSystem, ticks: TickCounter, hits: list[int]) -> Ref:
    """Five actors, each asking the next."""
    below: Ref | None = None
    for rank in range(DEPTH + 1, 1, -1):
        below = system.spawn(f"a{rank}", Rank(rank), partial(Worker, below, ticks, hits))
    assert below is not None
    return below


async def time_asks(ref: Ref, kind: type[Echo | SlowEcho]) -> list[float]:
    """Seconds of each of ASKS round trips, one after the other."""
    times: list[float] = []
    for value in range(ASKS):
        start = time.perf_counter()
        await ref.ask(kind(value))
        times.append(time.perf_counter() - start)
    return times


async def posts_per_second(ref: Ref) -> float:
    """Notes taken per second; a full mailbox is waited out by one scheduler step."""
    start = time.perf_counter()
    posted = 0
    while posted < POSTS:
        if ref.post(Tick()):
            posted += 1
        else:
            await trio.lowlevel.checkpoint()
    return POSTS / (time.perf_counter() - start)


async def items_per_second(ref: Ref) -> float:
    """Stream items read per second."""
    start = time.perf_counter()
    async with ref.open_stream(Numbers(ITEMS)) as stream:
        async for _ in stream:
            pass
    return ITEMS / (time.perf_counter() - start)


async def bare_channel_per_second() -> float:
    """The floor of the above: the same items through a bare memory channel."""
    send, receive = trio.open_memory_channel[int](8)

    async def produce() -> None:
        async with send:
            for number in range(ITEMS):
                await send.send(number)

    start = time.perf_counter()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(produce)
        async for _ in receive:
            pass
    return ITEMS / (time.perf_counter() - start)


async def step_seconds() -> float:
    """The floor of everything: one scheduler step."""
    start = time.perf_counter()
    for _ in range(ASKS):
        await trio.lowlevel.checkpoint()
    return (time.perf_counter() - start) / ASKS


async def cancel_ticks(top: Ref, ticks: TickCounter, hits: list[int], many: int) -> dict[str, Any]:
    """Cancels `many` parked requests at once; ticks and ms to the innermost and to the join."""
    hits.clear()
    start_tick, start = 0, 0.0
    with trio.CancelScope() as scope:
        async with trio.open_nursery() as nursery:
            for _ in range(many):
                nursery.start_soon(top.ask, Park())
            await trio.testing.wait_all_tasks_blocked()
            start_tick, start = ticks.now, time.perf_counter()
            scope.cancel("bench")
    return {
        "requests": many,
        "innermost_ticks": max(hits) - start_tick,
        "joined_ticks": ticks.now - start_tick,
        "joined_ms": round(1e3 * (time.perf_counter() - start), 3),
    }


async def measure(ticks: TickCounter) -> dict[str, Any]:
    """All measurements of one run."""
    hits: list[int] = []
    async with open_system() as system:
        top = chain(system, ticks, hits)
        await time_asks(top, Echo)  # warm
        echo = await time_asks(top, Echo)
        slow = await time_asks(top, SlowEcho)
        return {
            "step_us": round(1e6 * await step_seconds(), 1),
            "ask_p50_us": round(1e6 * statistics.median(echo), 1),
            "ask_p99_us": round(1e6 * statistics.quantiles(echo, n=100)[98], 1),
            "ask_of_a_task_p50_us": round(1e6 * statistics.median(slow), 1),
            "posts_per_second": round(await posts_per_second(top)),
            "stream_items_per_second": round(await items_per_second(top)),
            "bare_channel_items_per_second": round(await bare_channel_per_second()),
            "cancel": [await cancel_ticks(top, ticks, hits, many) for many in (1, 100, 1000)],
        }


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    ticks = TickCounter()
    found = trio.run(measure, ticks, instruments=[ticks])
    if arguments.json:
        print(json.dumps(found))
        return
    print(f"one scheduler step       {found['step_us']:>10} us   (the floor)")
    print(f"ask, p50                 {found['ask_p50_us']:>10} us   goal <= 30")
    print(f"ask, p99                 {found['ask_p99_us']:>10} us")
    print(f"ask of a task, p50       {found['ask_of_a_task_p50_us']:>10} us")
    print(f"posts                    {found['posts_per_second']:>10} /s   goal >= 50,000")
    bare = found["bare_channel_items_per_second"]
    items = found["stream_items_per_second"]
    print(f"stream items             {items:>10} /s   {items / bare:.2f} x a bare channel")
    for row in found["cancel"]:
        many, inner, joined = row["requests"], row["innermost_ticks"], row["joined_ticks"]
        print(f"cancel {many:>4} through {DEPTH}: {inner} ticks to the innermost", end=", ")
        print(f"{joined} to joined (goal 6 and 12), {row['joined_ms']} ms")


if __name__ == "__main__":
    main()
