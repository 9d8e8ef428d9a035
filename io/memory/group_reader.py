"""What bounds the memory of this process: its control groups, read from their files.

The mounts are looked up again only when the process stands in another group than before. A group
that cannot be read sets no bound: a wrong bound would keep every model from loading.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import attrs

from ...protocols.resources.reading import Pressure
from .control_groups import (
    GroupBound,
    GroupPlace,
    GroupPlaces,
    find_groups,
    headroom,
    read_limit,
)
from .kernel_files import KernelFiles
from .proc_texts import read_pressure


class GroupReader:
    """The control groups of this process."""

    def __init__(self, files: KernelFiles) -> None:
        self._files = files
        self._cgroup_text = ""
        self._places = GroupPlaces()

    @property
    def places(self) -> GroupPlaces:
        """Where our groups lie just now."""
        text = self._files.text("/proc/self/cgroup")
        if text != self._cgroup_text:
            places = find_groups(text, self._files.text("/proc/self/mountinfo"))
            self._cgroup_text = text
            self._places = GroupPlaces(self._there(places.memory), self._there(places.pressure))
        return self._places

    def bounds(self, places: GroupPlaces) -> list[GroupBound]:
        """Every group from ours upwards that sets a limit."""
        place = places.memory
        if place is None:
            return []
        found = (self._bound(place, folder) for folder in place.upwards())
        return [bound for bound in found if bound is not None]

    def pressure(self, places: GroupPlaces) -> Pressure | None:
        """What our group's tasks have waited for memory; None where nobody counts it."""
        if places.pressure is None:
            return None
        return read_pressure(self._files.text(places.pressure.folder / "memory.pressure"))

    def _there(self, place: GroupPlace | None) -> GroupPlace | None:
        """The place itself, or its mount where the path is not what is seen from in here."""
        if place is None or self._files.is_folder(place.folder):
            return place
        return attrs.evolve(place, folder=place.mount)

    def _bound(self, place: GroupPlace, folder: PurePosixPath) -> GroupBound | None:
        files = place.files
        limits = [read_limit(self._files.text(folder / name)) for name in files.limits]
        tightest = min((limit for limit in limits if limit is not None), default=None)
        if tightest is None:
            return None
        usage, stat = (self._files.text(folder / name) for name in (files.usage, files.stat))
        if not usage:
            return None
        left = headroom(files, tightest, usage, stat)
        return GroupBound(place.name(folder), tightest, left)
