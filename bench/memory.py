"""What watching the memory costs, and how soon it sees that a machine is short of it.

    python bench/memory.py [--json] [--seconds 30] [--rounds 5]

CPU time is that of this process. Each cost is printed beside a floor measured in the same run: for
a reading, the least that it could be made of (/proc/meminfo and /proc/pressure/memory read with
three system calls each); for a process, its smaps_rollup read alone; for the idle watcher, a task
that only wakes each second. The reaction is that of the kernel's trigger to a child that begins to
stall (`eater.py`), beside what averages looked at each second would have shown. It needs a kernel
that counts pressure and a place to make a control group; else it is left out, with the reason.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import trio
from understudy.io.memory.memory import open_memory
from understudy.io.memory.own_group import GroupRefused, open_group
from understudy.io.ports import Memory

READINGS = 500
PROCESS_READINGS = 50
MEBIBYTE = 1024**2
HELD_MEBIBYTES = (0, 512)
"""What the child holds whose memory is asked for: nothing but an interpreter, and so much."""
EATER = Path(__file__).with_name("eater.py")
EATER_LIMIT_BYTES = 40 * MEBIBYTE
EATER_MEBIBYTES = 160
AVERAGES = (5.0, 10.0)
"""Percent of `some` over 10 s, for comparison."""
PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 12.0
"""Writing its file has stalled the child too: averages must have forgotten that."""
PHASE_SECONDS = 0.37
"""So much later each round, so that they begin at other moments of the kernel's 2 s."""
HOLD = "import sys; held = bytearray(b'x') * (int(sys.argv[1]) * 2**20); print(flush=True); input()"


def read_file(path: str) -> bytes:
    """A file by three system calls: nothing reads it with fewer."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 65_536)
    finally:
        os.close(descriptor)


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """A Python process between two pipes."""
    command = [sys.executable, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def microseconds_each(work: Callable[[], object], count: int) -> float:
    """CPU time of one."""
    begun = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - begun) / count * 1e6


async def microseconds_each_async(work: Callable[[], Awaitable[object]], count: int) -> float:
    """CPU time of one, its thread's too."""
    await work()
    begun = time.process_time()
    for _ in range(count):
        await work()
    return (time.process_time() - begun) / count * 1e6


async def measure_reading(memory: Memory) -> dict[str, float]:
    """One reading of the machine."""

    def floor() -> None:
        read_file("/proc/meminfo")
        read_file("/proc/pressure/memory")

    return {
        "read_us": await microseconds_each_async(memory.read, READINGS),
        "read_floor_us": microseconds_each(floor, READINGS),
        "thread_us": await microseconds_each_async(lambda: trio.to_thread.run_sync(int), READINGS),
    }


async def measure_process(memory: Memory, mebibytes: int) -> dict[str, float]:
    """One reading of a child's memory."""
    with start("-c", HOLD, str(mebibytes)) as child:
        assert child.stdout is not None
        await trio.to_thread.run_sync(child.stdout.readline)
        rollup = f"/proc/{child.pid}/smaps_rollup"
        found = {
            "mebibytes": mebibytes,
            "process_us": await microseconds_each_async(
                lambda: memory.process(child.pid), PROCESS_READINGS
            ),
            "process_floor_us": microseconds_each(lambda: read_file(rollup), PROCESS_READINGS),
        }
        child.communicate(b"\n")
    return found


async def percent_of_a_core(work: Callable[[], Awaitable[object]], seconds: int) -> float:
    """CPU time of doing this once a second."""
    begun, wall = time.process_time(), time.monotonic()
    for _ in range(seconds):
        await trio.sleep(1.0)
        await work()
    return (time.process_time() - begun) / (time.monotonic() - wall) * 100


async def react(memory: Memory, round_: int) -> dict[str, float]:
    """Seconds from a child's first stall to each sign of it. Raises GroupRefused."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_group(EATER_LIMIT_BYTES) as group,
        start(str(EATER), f"{folder}/file", str(EATER_MEBIBYTES)) as child,
    ):
        try:
            group.add(child.pid)
            await trio.to_thread.run_sync(next_step, child)
            assert child.stdout is not None
            await trio.to_thread.run_sync(child.stdout.readline)
            await trio.sleep(PAUSE_SECONDS + PHASE_SECONDS * round_)
            next_step(child)
            return await note_signs(memory)
        finally:
            child.kill()


def next_step(child: subprocess.Popen[bytes]) -> None:
    """Has the eater go on."""
    assert child.stdin is not None
    child.stdin.write(b"\n")
    child.stdin.flush()


async def note_signs(memory: Memory) -> dict[str, float]:
    """Seconds from now to each sign, for at most PATIENCE_SECONDS."""
    signs, begun = dict[str, float](), time.monotonic()
    with trio.move_on_after(PATIENCE_SECONDS):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(note_trigger, memory, begun, signs)
            nursery.start_soon(note_averages, memory, begun, signs)
    return signs


async def note_trigger(memory: Memory, begun: float, signs: dict[str, float]) -> None:
    """When the trigger fires."""
    await memory.pressed()
    signs["trigger"] = time.monotonic() - begun


async def note_averages(memory: Memory, begun: float, signs: dict[str, float]) -> None:
    """When an average, looked at each second, is as high."""
    waiting = list(AVERAGES)
    while waiting:
        await trio.sleep(1.0)
        pressure = (await memory.read()).pressure
        while waiting and pressure is not None and pressure.some_percent >= waiting[0]:
            signs[f"average of {waiting.pop(0):g} %"] = time.monotonic() - begun


async def measure(seconds: int, rounds: int) -> dict[str, Any]:
    """All of it."""
    memory = open_memory()
    found: dict[str, Any] = await measure_reading(memory)
    found["processes"] = [await measure_process(memory, each) for each in HELD_MEBIBYTES]
    found["idle_percent"] = await percent_of_a_core(memory.read, seconds)
    found["idle_floor_percent"] = await percent_of_a_core(trio.lowlevel.checkpoint, seconds)
    try:
        found["reactions"] = [await react(memory, each) for each in range(rounds)]
    except GroupRefused as refused:
        found["no_reactions"] = str(refused)
    return found


def print_reactions(reactions: list[dict[str, float]]) -> None:
    """A line for each sign, the quickest first."""
    for sign in ("trigger", *(f"average of {percent:g} %" for percent in AVERAGES)):
        times = [signs[sign] for signs in reactions if sign in signs]
        if times:
            middle = statistics.median(times)
            print(f"stall seen by {sign:<16} {middle:>6.2f} s", end="   ")
            print(f"at most {max(times):.2f} s, {len(times)} of {len(reactions)} rounds")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--seconds", type=int, default=30, help="of idling, twice")
    parser.add_argument("--rounds", type=int, default=5, help="of stalling")
    arguments = parser.parse_args()
    found = trio.run(measure, arguments.seconds, arguments.rounds)
    if arguments.json:
        print(json.dumps(found))
        return
    read, floor = found["read_us"], found["read_floor_us"]
    print(f"read()                   {read:>8.0f} us   {read / floor:.1f} x its floor", end="")
    print(f" ({floor:.0f} us); its thread takes {found['thread_us']:.0f} us")
    for row in found["processes"]:
        cost, least = row["process_us"], row["process_floor_us"]
        print(f"process() of {row['mebibytes']:>4} MiB    {cost:>8.0f} us", end="   ")
        print(f"{cost / least:.1f} x its floor ({least:.0f} us)")
    idle, alone = found["idle_percent"], found["idle_floor_percent"]
    print(f"a reading each second    {idle:>8.3f} % of a core   goal < 0.2", end="")
    print(f"; {idle / alone:.1f} x waking alone ({alone:.3f} %)")
    print_reactions(found.get("reactions", []))
    if "no_reactions" in found:
        print(f"no child was made to stall: {found['no_reactions']}")


if __name__ == "__main__":
    main()
