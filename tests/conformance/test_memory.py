"""The `Memory` port's promises, kept by every adapter while a process takes memory."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import trio
import trio.testing
from understudy.io.ports import Memory

from .memory_stage import LinuxStage, MacStage, MemoryStage, PortableStage, SimulatedStage

SIZE_BYTES = 64 * 1024**2
TRIES = 5
"""Other programs take and free memory meanwhile."""
STAGES: dict[str, Callable[[Path], MemoryStage]] = {
    "linux": LinuxStage,
    "macos": MacStage,
    "portable": PortableStage,
    "simulated": SimulatedStage,
}


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> MemoryStage:
    """Each adapter."""
    if request.param in ("linux", "macos") and sys.platform != "linux":
        pytest.skip("it reads Linux's files")
    return STAGES[request.param](tmp_path)


async def test_a_reading_is_sane(stage: MemoryStage) -> None:
    reading = await stage.memory.read()
    assert 0 < reading.available_bytes <= reading.total_bytes
    assert 0 <= reading.swap_free_bytes <= reading.swap_total_bytes
    assert reading.limit
    if reading.pressure is not None:
        assert 0 <= reading.pressure.full_percent <= 100
        assert 0 <= reading.pressure.some_percent <= 100


async def test_what_a_process_takes_is_no_longer_available(stage: MemoryStage) -> None:
    async with stage.holder() as holder:
        for attempt in range(1, TRIES + 1):
            before = (await stage.memory.read()).available_bytes
            await holder.hold("private", SIZE_BYTES * attempt)
            after = (await stage.memory.read()).available_bytes
            if before - after > SIZE_BYTES * attempt * 3 // 4:
                return
    raise AssertionError("nothing was missing")


@pytest.mark.parametrize("kind", ["private", "child"])
async def test_what_a_process_and_its_children_have_is_private(
    stage: MemoryStage, kind: str
) -> None:
    if kind not in stage.kinds:
        pytest.skip("it has no such memory")
    async with stage.holder() as holder:
        before = await stage.memory.process(holder.process_id)
        await holder.hold(kind, SIZE_BYTES)
        after = await stage.memory.process(holder.process_id)
    assert before is not None
    assert after is not None
    taken = after.private_bytes - before.private_bytes
    assert SIZE_BYTES * 19 // 20 < taken < SIZE_BYTES * 3 // 2


async def test_pages_of_a_mapped_file_are_not_private(stage: MemoryStage) -> None:
    if "mapped" not in stage.kinds:
        pytest.skip("it does not tell them apart")
    async with stage.holder() as holder:
        before = await stage.memory.process(holder.process_id)
        await holder.hold("mapped", SIZE_BYTES)
        after = await stage.memory.process(holder.process_id)
    assert before is not None
    assert after is not None
    assert after.file_bytes - before.file_bytes > SIZE_BYTES * 19 // 20
    assert after.private_bytes - before.private_bytes < SIZE_BYTES // 20


async def test_a_process_that_has_ended_holds_nothing(stage: MemoryStage) -> None:
    async with stage.holder() as holder:
        assert await stage.memory.process(holder.process_id) is not None
    assert await stage.memory.process(holder.process_id) is None


async def test_a_number_that_is_nobody_s_holds_nothing(stage: MemoryStage) -> None:
    assert await stage.memory.process(2**22 + 7) is None


async def test_many_may_ask_at_once(stage: MemoryStage) -> None:
    async with stage.holder() as holder, trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(stage.memory.read)
            nursery.start_soon(stage.memory.process, holder.process_id)


async def test_a_system_that_becomes_pressed_says_so(
    stage: MemoryStage, autojump_clock: trio.testing.MockClock
) -> None:
    if not stage.can_press:
        pytest.skip("it cannot be pressed here")

    async def press() -> None:
        await trio.testing.wait_all_tasks_blocked()
        stage.press()

    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(stage.live)
            nursery.start_soon(press)
            await stage.memory.pressed()
            nursery.cancel_scope.cancel()


ASKED: list[Callable[[Memory], Awaitable[object]]] = [
    lambda memory: memory.read(),
    lambda memory: memory.process(2**22 + 7),
    lambda memory: memory.pressed(),
]


@pytest.mark.parametrize("ask", ASKED, ids=["read", "process", "pressed"])
async def test_each_question_is_a_checkpoint(
    stage: MemoryStage, ask: Callable[[Memory], Awaitable[object]]
) -> None:
    with trio.CancelScope() as scope:
        scope.cancel()
        await ask(stage.memory)
    assert scope.cancelled_caught


async def test_who_waits_for_pressure_may_leave(stage: MemoryStage) -> None:
    with trio.move_on_after(0.02) as scope:
        while True:
            await stage.memory.pressed()
    assert scope.cancelled_caught
