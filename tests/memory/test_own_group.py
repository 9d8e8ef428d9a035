"""Where a control group of our own may be made, on recorded trees of each kind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from understudy.io.memory.kernel_files import KernelFiles
from understudy.io.memory.own_group import GroupRefused, OwnGroup, open_group

from .machines import MIB, V1_MOUNTS, V1_UNLIMITED, V2_MOUNT, Machine, machine

OWN = os.getpid()
V2_FOLDER = "/sys/fs/cgroup/a"
V1_FOLDER = "/sys/fs/cgroup/memory/a"
LIMIT_FILES = (
    "memory.max", "memory.swap.max", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes",
)  # fmt: skip


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new folder in a tree of groups has its files at once, and they do not keep it."""
    make, remove = Path.mkdir, Path.rmdir

    def mkdir(path: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        make(path, mode, parents, exist_ok)
        if path.name.startswith("understudy-"):
            for name in (*LIMIT_FILES, "cgroup.procs"):
                (path / name).touch()

    def rmdir(path: Path) -> None:
        for file in path.iterdir():
            file.unlink()
        remove(path)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    monkeypatch.setattr(Path, "rmdir", rmdir)


@pytest.fixture
def linux(tmp_path: Path) -> Machine:
    return machine(tmp_path)


def v1(linux: Machine) -> KernelFiles:
    linux.stands_in("4:memory:/a\n", V1_MOUNTS)
    linux.v1_group(V1_FOLDER, V1_UNLIMITED, 0)
    return KernelFiles(linux.root)


def v2(linux: Machine, *, processes: str = f"{OWN}\n", shared: str = "") -> KernelFiles:
    linux.stands_in("0::/a\n", V2_MOUNT)
    linux.v2_group(V2_FOLDER, "max", 0)
    linux.file(f"{V2_FOLDER}/cgroup.controllers", "cpu memory pids\n")
    linux.file(f"{V2_FOLDER}/cgroup.subtree_control", shared)
    linux.file(f"{V2_FOLDER}/cgroup.procs", processes)
    return KernelFiles(linux.root)


def text(group: OwnGroup, name: str) -> str:
    return (group.folder / name).read_text()


@pytest.mark.usefixtures("kernel")
def test_v1_a_group_below_ours_is_limited_and_removed(linux: Machine) -> None:
    with open_group(300 * MIB, v1(linux)) as group:
        assert group.folder.parent == linux.root / V1_FOLDER[1:]
        assert group.name == f"control group /a/{group.folder.name}"
        assert text(group, "memory.limit_in_bytes") == str(300 * MIB)
        assert text(group, "memory.memsw.limit_in_bytes") == str(300 * MIB)
        group.add(7)
        assert text(group, "cgroup.procs") == "7"
    assert not group.folder.exists()


@pytest.mark.usefixtures("kernel")
def test_v2_alone_in_our_group_we_move_and_make_room(linux: Machine) -> None:
    files = v2(linux)
    with open_group(300 * MIB, files) as group:
        ours = group.folder.parent
        assert (ours / "understudy-server" / "cgroup.procs").read_text() == str(OWN)
        assert (ours / "cgroup.subtree_control").read_text() == "+memory"
        assert text(group, "memory.max") == str(300 * MIB)
        assert text(group, "memory.swap.max") == "0"
    assert not group.folder.exists()


@pytest.mark.usefixtures("kernel")
def test_v2_moved_already_the_next_group_is_beside_us(linux: Machine) -> None:
    v2(linux, processes="", shared="memory\n")
    linux.stands_in("0::/a/understudy-server\n", V2_MOUNT)
    linux.file(f"{V2_FOLDER}/understudy-server/cgroup.procs", f"{OWN}\n")
    with open_group(MIB, KernelFiles(linux.root)) as group:
        assert group.folder.parent == linux.root / V2_FOLDER[1:]


def test_v2_a_group_that_others_are_in_is_left_alone(linux: Machine) -> None:
    files = v2(linux, processes=f"1\n{OWN}\n")
    with pytest.raises(GroupRefused, match="other processes"), open_group(MIB, files):
        pass
    assert not list((linux.root / V2_FOLDER[1:]).glob("understudy-*"))


def test_v2_without_the_memory_controller_nothing_is_tried(linux: Machine) -> None:
    files = v2(linux)
    linux.file(f"{V2_FOLDER}/cgroup.controllers", "cpu pids\n")
    with pytest.raises(GroupRefused, match="not given"), open_group(MIB, files):
        pass


def test_without_groups_it_says_so(linux: Machine) -> None:
    files = KernelFiles(linux.root)
    with pytest.raises(GroupRefused, match="no control groups"), open_group(MIB, files):
        pass


def test_a_folder_that_does_not_let_us_says_why(linux: Machine) -> None:
    linux.file("/sys/fs/cgroup/memory", "a file, in which no folder can be made")
    linux.stands_in("4:memory:/\n", V1_MOUNTS)
    files, why = KernelFiles(linux.root), "memory: no group can be made: Not a directory"
    with pytest.raises(GroupRefused, match=why), open_group(MIB, files):
        pass


@pytest.mark.usefixtures("kernel")
def test_what_a_killed_server_has_left_is_removed(linux: Machine) -> None:
    files = v1(linux)
    gone = linux.root / V1_FOLDER[1:] / f"understudy-{2**22 + 1}-3"
    alive = gone.with_name(f"understudy-{os.getppid()}-3")
    for folder in (gone, alive):
        folder.mkdir()
    with open_group(MIB, files):
        assert not gone.exists()
        assert alive.exists()


@pytest.mark.parametrize(
    ("version", "file", "said"),
    [
        (1, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"),
        (2, "memory.events", "low 0\nhigh 0\nmax 5\noom 3\noom_kill 2\n"),
    ],
)
def test_who_was_killed_is_counted(tmp_path: Path, version: int, file: str, said: str) -> None:
    group = OwnGroup("control group /a", tmp_path, version)
    assert group.killed() == 0
    (tmp_path / file).write_text(said)
    assert group.killed() == 2
