"""Whatever the kernel's files say, reading them gives numbers, and never an error."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.io.memory.control_groups import (
    V1_FILES,
    V2_FILES,
    find_groups,
    headroom,
    read_counters,
    read_limit,
)
from understudy.io.memory.kernel_files import KernelFiles
from understudy.io.memory.proc_texts import (
    available_bytes,
    read_kibibytes,
    read_pressure,
    read_rollup,
    read_statm,
)
from understudy.protocols.resources.reading import Pressure

from .machines import HYBRID_MOUNTS, MEMINFO, PRESSED, V1_MOUNTS, V2_MOUNT

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure
CGROUP = "5:memory:/docker/4f2e\n4:cpu,cpuacct:/\n0::/user.slice/a.scope\n"
TEXTS = [CGROUP, V1_MOUNTS, V2_MOUNT, HYBRID_MOUNTS, MEMINFO, PRESSED, "max\n", "1 2 3\n"]
PIECES = sorted({*"".join(TEXTS).replace("\n", " ").split(" "), *"\0\ud800 -.:/,=²٣", "9" * 5000})


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A recorded text with some of its lines' words in other places, or with others."""
    lines = draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(draw(st.integers(0, 4))):
        number = draw(st.integers(0, len(lines) - 1))
        words = lines[number].split(" ")
        words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(PIECES))
        lines[number] = " ".join(words)
    return "\n".join(lines)


@UNHURRIED
@given(texts() | st.text(), texts() | st.text())
def test_any_text_is_read(one: str, other: str) -> None:
    for place in (find_groups(one, other).memory, find_groups(other, one).pressure):
        if place is not None:
            folders = list(place.upwards())
            assert folders[0] == place.folder
            assert folders[-1] == place.mount
            assert all(".." not in folder.parts for folder in folders)
            assert [place.name(folder) for folder in folders]
            KernelFiles().text(place.folder / "memory.max")
    for files in (V1_FILES, V2_FILES):
        assert headroom(files, 100, one, other) >= 0
    limit = read_limit(one)
    assert limit is None or limit >= 0
    assert available_bytes(read_kibibytes(one)) >= 0
    assert all(number >= 0 for number in read_counters(one).values())
    pressure = read_pressure(one)
    assert pressure is None or 0 <= pressure.full_percent <= 100 >= pressure.some_percent >= 0
    for held in (read_rollup(one), read_statm(one, 4096)):
        assert held is None or (held.private_bytes >= 0 and held.file_bytes >= 0)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("max\n", None),
        ("9223372036854771712\n", None),
        ("9223372036854710272\n", None),  # pages of 64 KiB
        ("18446744073709551615\n", None),
        ("-1\n", None),
        ("", None),
        ("4294967296\n", 2**32),
        ("0\n", 0),
    ],
)
def test_a_limit_is_a_number_that_a_machine_can_have(text: str, limit: int | None) -> None:
    assert read_limit(text) == limit


def test_the_mount_that_shows_most_of_the_way_is_taken() -> None:
    part = V2_MOUNT.replace(" / /sys/fs/cgroup ", " /a /part ")
    for mounts in (V2_MOUNT + part, part + V2_MOUNT):
        place = find_groups("0::/a/b\n", mounts).memory
        assert place is not None
        assert list(place.upwards()) == [PurePosixPath("/part/b"), PurePosixPath("/part")]


def test_version_1_without_the_memory_controller_leaves_version_2() -> None:
    mounts = HYBRID_MOUNTS.replace("rw,memory", "rw,pids")
    places = find_groups("4:pids:/a\n0::/b\n", mounts)
    assert places.memory is not None
    assert places.memory == places.pressure
    assert places.memory.version == 2


def test_version_1_counts_its_own_pages_where_there_is_no_total() -> None:
    assert headroom(V1_FILES, 100, "90\n", "inactive_file 20\nactive_file 5\n") == 35
    whole = "inactive_file 20\ntotal_inactive_file 60\ntotal_active_file 10\n"
    assert headroom(V1_FILES, 100, "90\n", whole) == 80


def test_shares_of_time() -> None:
    assert read_pressure(PRESSED) == Pressure(12.5, 2.25)
    assert read_pressure("some avg10=1.00 avg60=0\n") == Pressure(1.0, 0.0)
    for nonsense in ("", "full avg10=1.00 \n", "some avg10=nan \n", "some avg10=101 \n"):
        assert read_pressure(nonsense) is None
