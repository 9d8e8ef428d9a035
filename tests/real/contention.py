"""What a test of scarce memory needs: a control group with a limit, a hog, and eyes on processes.

Where no control group may be made the hog only eats along, and what bounds the models is the
budget of the settings alone.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from math import inf
from pathlib import Path

import attrs
import psutil
import trio
from understudy.io.memory.own_group import GroupRefused, OwnGroup, open_group

MEBIBYTE = 2**20
LOOK_SECONDS = 0.05
END_SECONDS_MAX = 5.0
HOG = """
import random, sys, time
sys.stdin.readline()
random, most = random.Random(int(sys.argv[1])), int(sys.argv[2])
while True:
    held, size = [], random.choice((0.2, 0.5, 0.8, 1.0)) * most
    while len(held) * 16 < size:
        held.append(bytearray(b"x" * (16 << 20)))
        time.sleep(0.05)
    time.sleep(random.uniform(0.5, 2))
    held.clear()
    time.sleep(random.uniform(1, 3))
"""
"""Takes memory bit by bit, up to so many MiB, holds it for a while, gives it back, without end."""


@attrs.define(eq=False)
class Life:
    """One process of a model, as the system shows it."""

    process_id: int
    model: str
    ended: float = inf


@contextmanager
def limited(limit_bytes: int) -> Generator[OwnGroup | None]:
    """A control group with this limit, or None where it cannot be made."""
    with suppress(GroupRefused), open_group(limit_bytes) as group:
        yield group
        return
    yield None


@asynccontextmanager
async def open_hog(group: OwnGroup | None, seed: int, mebibytes: int) -> AsyncGenerator[None]:
    """A child that takes and gives until the block is left; it must have lived until then."""
    hog = await trio.lowlevel.open_process(
        [sys.executable, "-c", HOG, str(seed), str(mebibytes)], stdin=subprocess.PIPE
    )
    try:
        if group is not None:
            group.add(hog.pid)
        assert hog.stdin is not None
        await hog.stdin.send_all(b"\n")
        yield
        assert hog.returncode is None, "the hog was killed"
    finally:
        hog.kill()
        with trio.CancelScope(shield=True, deadline=trio.current_time() + END_SECONDS_MAX):
            await hog.wait()


async def watch_lives(
    children: Callable[[], list[psutil.Process]], folder: Path, lives: list[Life]
) -> None:
    """Notes every process that maps a model of this folder, and its end."""
    while True:
        alive = {child.pid for child in children()}
        known = {life.process_id for life in lives if life.ended == inf}
        for life in lives:
            if life.process_id not in alive and life.ended == inf:
                life.ended = trio.current_time()
        for process_id in alive - known:
            if model := mapped_model(process_id, folder):
                lives.append(Life(process_id, model))
        await trio.sleep(LOOK_SECONDS)


def mapped_model(process_id: int, folder: Path) -> str:
    """The model of this folder that a process maps; "" if there is none."""
    with suppress(OSError):
        for line in Path(f"/proc/{process_id}/maps").read_text().splitlines():
            path = Path(line.split(maxsplit=5)[-1])
            if path.parent == folder:
                return path.stem
    return ""


def counters(group: OwnGroup, *names: str) -> dict[str, int]:
    """Counters of the group's `memory.stat`, those of groups below it included."""
    pairs = dict(line.split() for line in (group.folder / "memory.stat").read_text().splitlines())
    prefix = "total_" if group.version == 1 else ""
    return {name: int(pairs.get(f"{prefix}{name}", 0)) for name in names}
