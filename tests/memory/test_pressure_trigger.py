"""Waiting for pressure where no trigger can be set, and the kernel's own trigger where it can."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest
import trio
import trio.testing
from understudy.io.memory.pressure_trigger import wait_for_pressure
from understudy.protocols.resources.reading import Pressure

MACHINE = Path("/proc/pressure/memory")


async def test_without_a_trigger_the_average_is_looked_at_each_second(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
) -> None:
    shares = [0.0, 4.9, 5.0, 99.0]

    def averages() -> Pressure:
        return Pressure(shares.pop(0))

    await wait_for_pressure(tmp_path, averages)
    assert trio.current_time() == pytest.approx(3.0)
    assert shares == [99.0]


async def test_a_machine_that_stays_pressed_wakes_once_a_second(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
) -> None:
    for second in range(1, 4):
        await wait_for_pressure(tmp_path, lambda: Pressure(50.0))
        assert trio.current_time() == pytest.approx(second)


async def test_where_nobody_counts_it_is_never_pressed(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
) -> None:
    with trio.move_on_after(86_400) as patience:
        await wait_for_pressure(tmp_path / "absent", lambda: None)
    assert patience.cancelled_caught


@pytest.mark.skipif(not os.access(MACHINE, os.W_OK), reason="no pressure is told here")
async def test_who_is_cancelled_leaves_no_file_open() -> None:
    before = psutil.Process().num_fds()
    with trio.move_on_after(0.02) as patience:
        while True:
            await wait_for_pressure(MACHINE, lambda: None)
    assert patience.cancelled_caught
    assert psutil.Process().num_fds() == before
