"""A child that has too little memory: it stalls, so that the kernel tells of pressure.

It is `bench/eater.py` in a control group of its own, with a file that is larger than the group may
hold. That presses nobody else, and the kernel counts it for the whole machine.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import trio
from understudy.io.memory.own_group import OwnGroup, open_group

PROGRAM = Path(__file__).parents[2] / "bench" / "eater.py"
LIMIT_BYTES = 40 * 1024**2
FILE_MEBIBYTES = 160


@asynccontextmanager
async def open_eater(folder: Path) -> AsyncGenerator[tuple[trio.Process, OwnGroup]]:
    """It begins when it is sent a line. Raises GroupRefused."""
    arguments = (str(folder / "larger-than-the-group"), str(FILE_MEBIBYTES))
    with open_group(LIMIT_BYTES) as group:
        process = await trio.lowlevel.open_process(
            [sys.executable, str(PROGRAM), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            group.add(process.pid)
            await process.stdin.send_all(b"\n")
            assert await process.stdout.receive_some(1) == b"\n"
            yield process, group
        finally:
            process.kill()
            with trio.move_on_after(5, shield=True):
                await process.wait()
