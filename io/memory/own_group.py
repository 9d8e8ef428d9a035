"""A control group of our own for one process, with a limit, where we may make one.

Version 1: a group below ours, if its folder lets us. Version 2 gives limits only to groups whose
parent has no processes of its own, so the parent is ours only where nobody else is in it: we move
ourselves into a group below it, once, and make the others beside it. That is what systemd asks of
a unit with `Delegate=yes`; a terminal's scope, where the shell is too, is left as it is.

A group is removed when its process has ended. One that a killed server has left is removed by the
next that makes one here. Sources: the Linux kernel's documentation, admin-guide/cgroup-v2.rst, "No
Internal Process Constraint", and admin-guide/cgroup-v1/memory.rst; systemd.resource-control(5).
Version 2 was tested with recorded files alone.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Final

import attrs

from .control_groups import GroupPlace, read_counters
from .group_reader import GroupReader
from .kernel_files import KernelFiles

PREFIX: Final = "understudy-"
SERVER_GROUP: Final = f"{PREFIX}server"
_numbers: Final = count(1)


class GroupRefused(Exception):
    """No group can be made here; the message says where and why."""


@attrs.frozen
class OwnGroup:
    """A group with a limit. `name` is what people call it."""

    name: str
    folder: Path
    version: int

    def add(self, process_id: int) -> None:
        """Moves a process into it. Raises GroupRefused."""
        _write(self.folder / "cgroup.procs", str(process_id))

    def killed(self) -> int:
        """How many processes the kernel has killed for its limit."""
        file = "memory.events" if self.version == 2 else "memory.oom_control"
        text = KernelFiles().text(str(self.folder / file))
        return read_counters(text).get("oom_kill", 0)


@contextmanager
def open_group(limit_bytes: int, files: KernelFiles | None = None) -> Generator[OwnGroup]:
    """A new group without processes; leaving the block removes it. Raises GroupRefused."""
    files = files or KernelFiles()
    place = GroupReader(files).places.memory
    if place is None:
        raise GroupRefused("no control groups of memory are mounted")
    parent = _parent(place, files)
    _sweep(parent)
    folder = parent / f"{PREFIX}{os.getpid()}-{next(_numbers)}"
    _make(folder)
    try:
        for name, value in _limits(place.version, limit_bytes):
            if (folder / name).exists():
                _write(folder / name, str(value))
        shown = PurePosixPath("/") / folder.relative_to(files.root)
        yield OwnGroup(place.name(shown), folder, place.version)
    finally:
        _remove(folder)


def _limits(version: int, limit_bytes: int) -> tuple[tuple[str, int], ...]:
    """What is written where, in this order; the second keeps a model from going to swap instead,
    and is not there where swap is not counted."""
    if version == 2:
        return (("memory.max", limit_bytes), ("memory.swap.max", 0))
    return (
        ("memory.limit_in_bytes", limit_bytes),
        ("memory.memsw.limit_in_bytes", limit_bytes),
    )


def _parent(place: GroupPlace, files: KernelFiles) -> Path:
    """Where groups can be made that have limits. Raises GroupRefused."""
    ours = files.path(place.folder)
    if place.version == 1:
        return ours
    if ours.name == SERVER_GROUP:  # we have moved before
        return ours.parent
    if "memory" not in _words(ours / "cgroup.subtree_control"):
        _move_ourselves(ours)
    return ours


def _move_ourselves(ours: Path) -> None:
    """Makes room for limits in our own group. Raises GroupRefused."""
    if "memory" not in _words(ours / "cgroup.controllers"):
        raise GroupRefused(f"{ours}: the memory controller is not given to this group")
    if _words(ours / "cgroup.procs") != [str(os.getpid())]:
        raise GroupRefused(f"{ours}: other processes are in this group, which is not ours alone")
    _make(ours / SERVER_GROUP)
    _write(ours / SERVER_GROUP / "cgroup.procs", str(os.getpid()))
    _write(ours / "cgroup.subtree_control", "+memory")


def _sweep(parent: Path) -> None:
    """Removes what servers that are gone have left."""
    for folder in parent.glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            _remove(folder)


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise GroupRefused(f"{folder.parent}: no group can be made: {error.strerror}") from error


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text)
    except OSError as error:
        raise GroupRefused(f"{file}: cannot be written: {error.strerror}") from error


def _words(file: Path) -> list[str]:
    return KernelFiles().text(str(file)).split()


def _remove(folder: Path) -> None:
    """The kernel keeps one that still has a process; `_sweep` tries again."""
    with suppress(OSError):
        folder.rmdir()
