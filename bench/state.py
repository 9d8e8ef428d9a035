"""What telemetry costs the disk: 1,000 turns saved with the triggers that keep days, and without.

Each save is of 10 turns, as the ledger's batches are under load; a tenth of the turns is settled
again. Also what settling one turn costs in memory, and what is asked of a full file. Times are the
median of several runs, interleaved.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import attrs
import trio
from understudy.io.state import TURNS_MAX, SqliteState
from understudy.protocols.records import TurnOutcome, TurnRecord, Usage
from understudy.protocols.usage.sums import UsageBy
from understudy.protocols.usage.today import Today

TURNS = 1_000
BATCH = 10
RUNS = 5
TRIGGERS = ("turn_settled", "turn_settled_again")
DAYS = tuple(f"2026-11-{day:02}" for day in range(1, 31))


def turns(count: int) -> list[TurnRecord]:
    """So many turns, at three places and over thirty days."""
    line = TurnRecord(
        "", "", "", "", TurnOutcome.ANSWERED, 200, "end_turn", Usage(900, 80, 9_000), 0.5, 2.5
    )
    return [
        attrs.evolve(
            line,
            turn=f"req_{number:024x}",
            conversation=f"c{number % 50}",
            endpoint=("work", "home", "other")[number % 3],
            model=f"m{number % 5}",
            day=DAYS[number * len(DAYS) // count],
            why="claude-x is at work",
        )
        for number in range(count)
    ]


async def save_seconds(folder: Path, lines: Sequence[TurnRecord], *, with_days: bool) -> float:
    """How long it takes to save all, in batches."""
    file = folder / "state.db"
    state = SqliteState(file, report=print)
    await state.save([], [])
    if not with_days:
        with closing(sqlite3.connect(file)) as connection:
            for trigger in TRIGGERS:
                connection.execute(f"DROP TRIGGER {trigger}")
    again = [each for number, each in enumerate(lines) if number % 10 == 0]
    begun = time.perf_counter()
    for part in (lines, again):
        for at in range(0, len(part), BATCH):
            await state.save([], part[at : at + BATCH])
    spent = time.perf_counter() - begun
    await state.aclose()
    return spent


async def compare() -> tuple[float, float]:
    """The medians with triggers and without."""
    lines, found = turns(TURNS), {True: list[float](), False: list[float]()}
    for _ in range(RUNS):
        for with_days in found:
            with tempfile.TemporaryDirectory() as folder:
                seconds = await save_seconds(Path(folder), lines, with_days=with_days)
                found[with_days].append(seconds)
    return statistics.median(found[True]), statistics.median(found[False])


async def ask_milliseconds() -> dict[str, float]:
    """How long a full file takes to say each kind of usage."""
    with tempfile.TemporaryDirectory() as folder:
        state = SqliteState(Path(folder) / "state.db", report=print)
        await state.save([], turns(TURNS_MAX))
        spent: dict[str, float] = {}
        for by in UsageBy:
            begun = time.perf_counter()
            await state.usage(DAYS[0], DAYS[-1], by)
            spent[by.value] = (time.perf_counter() - begun) * 1e3
        await state.aclose()
        return spent


def settle_microseconds() -> float:
    """The median of counting a line in memory."""
    today, spent = Today(DAYS[0]), list[float]()
    for line in turns(TURNS):
        line = attrs.evolve(line, day=DAYS[0])
        begun = time.perf_counter()
        today.settle(line)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent) * 1e6


def main() -> None:
    """Prints all of it."""
    with_days, without = trio.run(compare)
    print(f"{TURNS:,} turns saved, {BATCH} at a time, a tenth of them again:")
    print(f"  with the sums of days  {with_days * 1e3:6.0f} ms")
    print(f"  without                {without * 1e3:6.0f} ms   ratio {with_days / without:.2f}")
    print(f"a line counted in memory {settle_microseconds():6.1f} us")
    for by, milliseconds in trio.run(ask_milliseconds).items():
        print(f"usage by {by:<15} {milliseconds:6.0f} ms, of {TURNS_MAX:,} turns")


if __name__ == "__main__":
    main()
