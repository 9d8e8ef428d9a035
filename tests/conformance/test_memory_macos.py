"""A Mac's memory, by a library that says what Apple's is documented to say. Never run on a Mac."""

from __future__ import annotations

import os

import pytest
import trio
import trio.testing
from understudy.io.memory.linux import LinuxMemory
from understudy.io.memory.macos import MacMemory
from understudy.io.memory.memory import open_memory
from understudy.io.memory.portable import PortableMemory
from understudy.protocols.resources.reading import PressureLevel, ProcessMemory

from .mac_library import MacLibrary

OWN = os.getpid()


@pytest.mark.parametrize(
    ("said", "level"),
    [
        (1, PressureLevel.NORMAL),
        (2, PressureLevel.WARNING),
        (4, PressureLevel.CRITICAL),
        (3, PressureLevel.UNKNOWN),
    ],
)
async def test_the_kernel_s_level_is_told(said: int, level: PressureLevel) -> None:
    assert (await MacMemory(MacLibrary(said)).read()).level is level


async def test_a_kernel_that_says_no_level() -> None:
    assert (await MacMemory(MacLibrary(4, says_level=False)).read()).level is PressureLevel.UNKNOWN


@pytest.mark.parametrize(
    ("resident", "footprint", "mapped"), [(900, 300, 600), (300, 900, 0), (5, 5, 0)]
)
async def test_a_footprint_is_what_the_end_frees(
    resident: int, footprint: int, mapped: int
) -> None:
    library = MacLibrary(processes={OWN: (resident, footprint)})
    held = await MacMemory(library).process(OWN)
    assert held == ProcessMemory(footprint, mapped)


async def test_what_the_library_does_not_say_of_a_process_psutil_does() -> None:
    held = await MacMemory(MacLibrary()).process(OWN)
    assert held is not None
    assert held.private_bytes > 1_000_000


@pytest.mark.parametrize("level", [2, 4])
async def test_a_warning_wakes_within_a_second(
    level: int, autojump_clock: trio.testing.MockClock
) -> None:
    library = MacLibrary()

    async def warn() -> None:
        await trio.sleep(10.5)
        library.level = level

    async with trio.open_nursery() as nursery:
        nursery.start_soon(warn)
        await MacMemory(library).pressed()
    assert trio.current_time() == pytest.approx(11.0)


async def test_an_unknown_system_never_says_that_it_is_pressed(
    autojump_clock: trio.testing.MockClock,
) -> None:
    with trio.move_on_after(86_400) as patience:
        await PortableMemory().pressed()
    assert patience.cancelled_caught


def test_each_platform_has_its_adapter() -> None:
    assert type(open_memory("linux")) is LinuxMemory
    assert type(open_memory("darwin")) is MacMemory
    assert type(open_memory("freebsd14")) is PortableMemory
