"""What is read of a machine with each kind of tree of control groups."""

from __future__ import annotations

from pathlib import Path

import pytest
import trio
from understudy.io.memory.gpu import Gpus
from understudy.io.memory.linux import LinuxMemory
from understudy.protocols.resources.reading import (
    MACHINE,
    MemoryReading,
    Pressure,
    ProcessMemory,
)

from .machines import (
    GIB,
    HYBRID_MOUNTS,
    MIB,
    PRESSED,
    V1_MOUNTS,
    V1_UNLIMITED,
    V2_MOUNT,
    Machine,
    machine,
)

SYS = "/sys/fs/cgroup"


@pytest.fixture
def linux(tmp_path: Path) -> Machine:
    return machine(tmp_path)


async def reading(linux: Machine) -> MemoryReading:
    return await LinuxMemory(linux.root, Gpus("no_such_library")).read()


async def bound(linux: Machine) -> tuple[int, int, str]:
    found = await reading(linux)
    return found.total_bytes, found.available_bytes, found.limit


async def test_without_groups_the_machine_bounds(linux: Machine) -> None:
    assert await reading(linux) == MemoryReading(
        16 * GIB,
        8 * GIB,
        MACHINE,
        Pressure(),
        swap_total_bytes=2 * GIB,
        swap_free_bytes=GIB,
    )


async def test_what_is_not_said_is_left_out(tmp_path: Path) -> None:
    empty = await LinuxMemory(tmp_path, Gpus("no_such_library")).read()
    assert empty == MemoryReading(0, 0)


async def test_an_old_kernel_does_not_say_what_is_available(linux: Machine) -> None:
    linux.file("/proc/meminfo", "MemTotal: 2048 kB\nMemFree: 512 kB\nActive(file): 256 kB\n")
    assert await bound(linux) == (2 * MIB, 768 * 1024, MACHINE)


async def test_v2_the_tightest_group_on_the_way_up_bounds(linux: Machine) -> None:
    linux.stands_in("0::/user.slice/app.slice/it.scope\n", V2_MOUNT)
    linux.v2_group(f"{SYS}/user.slice/app.slice/it.scope", "max", GIB)
    linux.v2_group(f"{SYS}/user.slice/app.slice", str(4 * GIB), 3 * GIB, file_pages=2 * GIB)
    linux.v2_group(f"{SYS}/user.slice", str(12 * GIB), 5 * GIB)
    assert await bound(linux) == (4 * GIB, 3 * GIB, "control group /user.slice/app.slice")


async def test_v2_the_soft_limit_bounds_too(linux: Machine) -> None:
    linux.stands_in("0::/a\n", V2_MOUNT)
    linux.v2_group(f"{SYS}/a", str(4 * GIB), GIB)
    linux.file(f"{SYS}/a/memory.high", f"{2 * GIB}\n")
    assert await bound(linux) == (2 * GIB, GIB, "control group /a")


async def test_v2_in_a_container_the_mount_is_the_group(linux: Machine) -> None:
    linux.stands_in("0::/\n", V2_MOUNT)
    linux.v2_group(SYS, str(2 * GIB), GIB)
    assert await bound(linux) == (2 * GIB, GIB, "control group /")


@pytest.mark.parametrize("path", ["/docker/4f2e", "/../4f2e"])
async def test_v2_a_path_that_is_not_seen_in_here_is_the_mount(linux: Machine, path: str) -> None:
    linux.stands_in(f"0::{path}\n", V2_MOUNT)
    linux.v2_group(SYS, str(2 * GIB), GIB)
    assert await bound(linux) == (2 * GIB, GIB, "control group /")


async def test_a_limit_above_what_the_machine_has_does_not_bound(linux: Machine) -> None:
    linux.stands_in("0::/a\n", V2_MOUNT)
    linux.v2_group(f"{SYS}/a", str(64 * GIB), GIB)
    assert await bound(linux) == (16 * GIB, 8 * GIB, MACHINE)


async def test_more_used_than_the_limit_leaves_nothing(linux: Machine) -> None:
    linux.stands_in("0::/a\n", V2_MOUNT)
    linux.v2_group(f"{SYS}/a", str(2 * GIB), 3 * GIB)
    assert await bound(linux) == (2 * GIB, 0, "control group /a")


async def test_v1_the_tree_of_the_memory_controller_counts(linux: Machine) -> None:
    linux.stands_in("5:memory:/docker/4f2e\n4:cpu,cpuacct:/\n", V1_MOUNTS)
    linux.v1_group(f"{SYS}/memory/docker/4f2e", str(3 * GIB), 2 * GIB, file_pages=GIB)
    linux.v1_group(f"{SYS}/memory/docker", V1_UNLIMITED, 9 * GIB)
    linux.v1_group(f"{SYS}/memory", V1_UNLIMITED, 9 * GIB)
    assert await bound(linux) == (3 * GIB, 2 * GIB, "control group /docker/4f2e")


async def test_v1_in_a_container_a_part_of_the_tree_is_mounted(linux: Machine) -> None:
    mounts = V1_MOUNTS.replace("0:32 / ", "0:32 /docker/4f2e ")
    linux.stands_in("5:memory:/docker/4f2e\n", mounts)
    linux.v1_group(f"{SYS}/memory", str(3 * GIB), GIB)
    assert await bound(linux) == (3 * GIB, 2 * GIB, "control group /")


async def test_hybrid_memory_is_bounded_in_one_tree_and_pressed_in_the_other(
    linux: Machine,
) -> None:
    linux.stands_in("4:memory:/a\n1:name=systemd:/x\n0::/b\n", HYBRID_MOUNTS)
    linux.v1_group(f"{SYS}/memory/a", str(4 * GIB), GIB)
    linux.file(f"{SYS}/unified/b/memory.pressure", PRESSED)
    found = await reading(linux)
    assert (found.available_bytes, found.limit) == (3 * GIB, "control group /a")
    assert found.pressure == Pressure(12.5, 2.25)


async def test_the_worse_pressure_counts(linux: Machine) -> None:
    linux.stands_in("0::/a\n", V2_MOUNT)
    linux.file(f"{SYS}/a/memory.pressure", "some avg10=3.00 \nfull avg10=9.00 avg60=0\n")
    linux.file("/proc/pressure/memory", PRESSED)
    assert (await reading(linux)).pressure == Pressure(12.5, 9.0)


async def test_a_process_that_is_moved_is_bounded_by_its_new_group(linux: Machine) -> None:
    linux.stands_in("0::/a\n", V2_MOUNT)
    linux.v2_group(f"{SYS}/a", str(2 * GIB), GIB)
    linux.v2_group(f"{SYS}/b c", str(GIB), 0)
    memory = LinuxMemory(linux.root, Gpus("no_such_library"))
    assert (await memory.read()).limit == "control group /a"
    linux.stands_in("0::/b c\n", V2_MOUNT)
    assert (await memory.read()).limit == "control group /b c"


async def test_a_mount_with_a_blank_in_its_path(linux: Machine) -> None:
    linux.stands_in("0::/a\n", V2_MOUNT.replace("/sys/fs/cgroup", r"/my\040groups"))
    linux.v2_group("/my groups/a", str(GIB), 0)
    assert await bound(linux) == (GIB, GIB, "control group /a")


ROLLUP = """\
55a67b015000-7ffea28e1000 ---p 00000000 00:00 0                          [rollup]
Rss:               11744 kB
Pss:                3000 kB
Pss_Anon:           1000 kB
Pss_File:           1500 kB
Pss_Shmem:           500 kB
Anonymous:          1200 kB
Private_Hugetlb:       8 kB
Swap:                200 kB
SwapPss:             100 kB
"""


async def test_a_process_is_shared_out_and_summed_with_its_children(linux: Machine) -> None:
    linux.file("/proc/7/smaps_rollup", ROLLUP)
    linux.file("/proc/7/task/7/children", "8 ")
    linux.file("/proc/7/task/70/children", "9 ")
    linux.file("/proc/8/smaps_rollup", "Pss: 3 kB\nPss_Anon: 2 kB\nPss_File: 1 kB\n")
    linux.file("/proc/8/task/8/children", "7 10 ")  # numbers are used again
    held = await LinuxMemory(linux.root).process(7)
    assert held == ProcessMemory(1610 * 1024, 1501 * 1024)


async def test_a_kernel_that_does_not_split_what_is_shared_out(linux: Machine) -> None:
    linux.file("/proc/7/smaps_rollup", "Pss: 30 kB\nAnonymous: 10 kB\nSwapPss: 4 kB\n")
    assert await LinuxMemory(linux.root).process(7) == ProcessMemory(14 * 1024, 20 * 1024)


async def test_a_process_of_another_user_is_told_by_its_pages(linux: Machine) -> None:
    linux.file("/proc/7/statm", "1000 30 10 5 0 100 0\n")
    held = await LinuxMemory(linux.root).process(7)
    assert held is not None
    assert held.private_bytes == 2 * held.file_bytes > 0


@pytest.mark.parametrize("statm", ["", "0 0 0 0 0 0 0\n", "1000 x 10\n", "1000\n"])
async def test_a_process_that_has_ended_holds_nothing(linux: Machine, statm: str) -> None:
    linux.file("/proc/7/smaps_rollup", "")
    linux.file("/proc/7/statm", statm)
    assert await LinuxMemory(linux.root).process(7) is None


async def test_without_pressure_files_nobody_says_it(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
) -> None:
    with trio.move_on_after(3600) as patience:
        await LinuxMemory(tmp_path).pressed()
    assert patience.cancelled_caught
