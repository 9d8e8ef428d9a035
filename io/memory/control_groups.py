"""Which control groups bound this process's memory: the kernel's texts, without touching files.

Linux has two kinds. In version 2 there is one tree; in version 1 each controller has its own, and a
process stands in each. Both may be mounted at once (hybrid): the memory controller is then in one
of them, and pressure in the other. A group is bounded by its own limit and by that of every group
above it, so the whole way up to the mount counts.

In a container, the path in /proc/self/cgroup may be that of the machine's tree, of which only a
part is mounted, or lie outside of what is mounted ("/../x"): what is seen then is the mount itself.

Nothing in here raises on a text that is none of the kernel's. Sources: the Linux kernel's
documentation, admin-guide/cgroup-v2.rst and admin-guide/cgroup-v1/memory.rst; proc_pid_mountinfo(5)
and cgroups(7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

import attrs

UNLIMITED_BYTES: Final = 2**62
"""Version 1 has no word for "no limit": it is the largest number of whole pages, which depends on
the size of a page. No machine has half of it."""
TEXT_BYTES_MAX: Final = 1024 * 1024
"""Of one of the kernel's files; the mounts of a machine full of containers are the longest."""
DEPTH_MAX: Final = 64
"""So many groups are looked at on the way up, the innermost first."""
DIGITS_MAX: Final = 20
"""Of the largest number in 64 bits."""
_V2_TYPE: Final = "cgroup2"
_V1_TYPE: Final = "cgroup"
_ESCAPED: Final = re.compile(r"\\([0-3][0-7]{2})")


@attrs.frozen
class GroupFiles:
    """The names of a version's files. `limits` are alternatives of which the tightest holds."""

    limits: tuple[str, ...]
    usage: str
    stat: str
    reclaimable: tuple[tuple[str, ...], ...]
    """Sums of counters in the file `stat`: the first that it has is what counts."""


V2_FILES: Final = GroupFiles(
    ("memory.max", "memory.high"),
    "memory.current",
    "memory.stat",
    (("inactive_file", "active_file"),),
)
V1_FILES: Final = GroupFiles(
    ("memory.limit_in_bytes",),
    "memory.usage_in_bytes",
    "memory.stat",
    # The usage is that of a whole branch where it is hierarchical, and only then are there totals.
    (("total_inactive_file", "total_active_file"), ("inactive_file", "active_file")),
)


@attrs.frozen
class GroupPlace:
    """Where a process's group lies: `folder`, below `mount` or the mount itself."""

    version: int
    mount: PurePosixPath
    folder: PurePosixPath

    @property
    def files(self) -> GroupFiles:
        """What its files are called."""
        return V2_FILES if self.version == 2 else V1_FILES

    def upwards(self) -> Iterator[PurePosixPath]:
        """The group's folder and those above it, up to the mount."""
        for number, folder in enumerate((self.folder, *self.folder.parents)):
            if number == DEPTH_MAX:
                break
            yield folder
            if folder == self.mount:
                break

    def name(self, folder: PurePosixPath) -> str:
        """What people call the group in a folder: its path within the mount."""
        path = folder.relative_to(self.mount)
        return f"control group /{'/'.join(path.parts)}"


@attrs.frozen
class GroupPlaces:
    """The group whose memory is limited, and the one whose pressure is told; either may be none."""

    memory: GroupPlace | None = None
    pressure: GroupPlace | None = None


@attrs.frozen
class GroupBound:
    """How a group bounds memory: what it may take at most, and what is left of that."""

    name: str
    limit_bytes: int
    headroom_bytes: int


@attrs.frozen
class _Mount:
    kind: str
    root: PurePosixPath
    point: PurePosixPath
    options: frozenset[str]


def find_groups(cgroup_text: str, mounts_text: str) -> GroupPlaces:
    """Where our groups lie, from /proc/self/cgroup and /proc/self/mountinfo."""
    paths = _paths(cgroup_text)
    mounts = list(_mounts(mounts_text))
    unified = _place(2, paths.get(""), [m for m in mounts if m.kind == _V2_TYPE])
    of_memory = [m for m in mounts if m.kind == _V1_TYPE and "memory" in m.options]
    return GroupPlaces(_place(1, paths.get("memory"), of_memory) or unified, unified)


def read_limit(text: str) -> int | None:
    """The limit in a file's text, in bytes; None where it sets none."""
    limit = read_number(text.strip())  # "max" is none
    return limit if limit is not None and limit < UNLIMITED_BYTES else None


def read_number(text: str) -> int | None:
    """A whole number of the kernel's, or None."""
    is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX
    return int(text) if is_number else None


def read_counters(text: str) -> dict[str, int]:
    """The counters of a file with a name and a number in each line; what is neither is left out."""
    counters = dict[str, int]()
    for line in text.splitlines():
        name, _, number = line.partition(" ")
        value = read_number(number)
        if value is not None:
            counters[name] = value
    return counters


def headroom(files: GroupFiles, limit_bytes: int, usage_text: str, stat_text: str) -> int:
    """What is left below a limit; pages of files that can be read again are not in the way."""
    counters = read_counters(stat_text)
    known = (names for names in files.reclaimable if any(name in counters for name in names))
    reclaimable = sum(counters.get(name, 0) for name in next(known, ()))
    used = max(0, (read_number(usage_text.strip()) or 0) - reclaimable)
    return max(0, limit_bytes - used)


def _paths(text: str) -> dict[str, str]:
    """The path of our group in each tree, by controller; that of version 2 under "" ."""
    paths = dict[str, str]()
    for line in text.splitlines():
        _, _, rest = line.partition(":")
        controllers, separator, path = rest.partition(":")
        if separator:
            for controller in controllers.split(","):
                paths.setdefault(controller, path)
    return paths


def _mounts(text: str) -> Iterator[_Mount]:
    """Those of control groups. Before the lone "-" come any number of optional fields."""
    for line in text.splitlines():
        own, separator, filesystem = line.partition(" - ")
        fields, kind = own.split(), filesystem.split()
        if separator and len(fields) >= 5 and len(kind) >= 3 and kind[0] in (_V1_TYPE, _V2_TYPE):
            root, point = _unescaped(fields[3]), _unescaped(fields[4])
            if point.startswith("/"):
                options = frozenset(kind[2].split(","))
                yield _Mount(kind[0], PurePosixPath(root), PurePosixPath(point), options)


def _unescaped(field: str) -> str:
    """Blanks in paths are written as their octal number."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), field)


def _place(version: int, path: str | None, mounts: list[_Mount]) -> GroupPlace | None:
    """The folder of a path, by the mount that shows the most of the way to it."""
    if path is None or not mounts:
        return None
    group = PurePosixPath(path)
    showing = [mount for mount in mounts if group.is_relative_to(mount.root)]
    if not showing or ".." in group.parts:
        return GroupPlace(version, mounts[0].point, mounts[0].point)
    mount = max(showing, key=lambda mount: len(mount.root.parts))
    return GroupPlace(version, mount.point, mount.point / group.relative_to(mount.root))
