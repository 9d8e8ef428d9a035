"""Pressure for real: a child with too little memory stalls, and whoever waits for that is woken."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
import trio
from understudy.io.memory.linux import PRESSURE_FILE, LinuxMemory
from understudy.io.memory.own_group import GroupRefused, open_group

from .measured import bound_milliseconds
from .memory_eater import LIMIT_BYTES, open_eater

ROUNDS = 4
QUIET_SECONDS = 0.7
"""Between two rounds, so that they begin at different moments of the kernel's 2 s."""

READ = """
input()
import trio
from understudy.io.memory.memory import open_memory
reading = trio.run(open_memory().read)
print(reading.total_bytes, reading.available_bytes, reading.limit)
"""

pytestmark = pytest.mark.skipif(
    not os.access(PRESSURE_FILE, os.W_OK), reason="the kernel tells of no pressure here"
)


@pytest.fixture
def groups() -> None:
    """Skips where no control group can be made."""
    try:
        with open_group(LIMIT_BYTES):
            pass
    except GroupRefused as refused:
        pytest.skip(str(refused))


@pytest.mark.usefixtures("groups")
async def test_a_child_that_stalls_wakes_who_waits_for_pressure(tmp_path: Path) -> None:
    memory, woken = LinuxMemory(), list[float]()
    for number in range(ROUNDS):
        async with open_eater(tmp_path) as (eater, group):
            await trio.sleep(QUIET_SECONDS * number)
            assert eater.stdin is not None
            await eater.stdin.send_all(b"\n")
            begun = trio.current_time()
            with trio.fail_after(30):
                await memory.pressed()
            woken.append(trio.current_time() - begun)
            pressure = (await memory.read()).pressure
            assert pressure is not None
            assert pressure.some_percent > 0
            assert not group.killed()
    print("woken after", ", ".join(f"{seconds:.2f}" for seconds in woken), "s")
    assert statistics.median(woken) < bound_milliseconds("MEMORY_PRESSED", 4000) / 1000


@pytest.mark.usefixtures("groups")
async def test_who_is_in_a_group_reads_its_limit() -> None:
    with open_group(LIMIT_BYTES) as group:
        reader = await trio.lowlevel.open_process(
            [sys.executable, "-P", "-c", READ], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert reader.stdin is not None
        assert reader.stdout is not None
        group.add(reader.pid)
        await reader.stdin.send_all(b"\n")
        with trio.fail_after(30):
            said = b"".join([bytes(chunk) async for chunk in reader.stdout])
            await reader.wait()
    total, available, limit = said.decode().strip().split(" ", 2)
    assert int(total) == LIMIT_BYTES
    assert 0 < int(available) < LIMIT_BYTES
    assert limit == group.name
