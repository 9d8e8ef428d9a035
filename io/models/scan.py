"""Looks into folders of other programs, within bounds.

What lies there is theirs, may be anything, and may be on a slow disk: so the entries that are
looked at, the depth and the time are bounded, a folder that cannot be read is noted and passed
over, and a link that leads back to where one came from ends there. Nothing is ever written.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import attrs

ENTRIES_MAX: Final = 100_000
"""Of all folders together: a library of thousands of models has fewer."""
DEPTH_MAX: Final = 6
"""Folders within folders, from where a program keeps its models."""
SECONDS_MAX: Final = 10.0
"""For all folders together."""
TEXT_BYTES_MAX: Final = 4 * 2**20
"""Of a small file that is read whole: a manifest, a model's settings."""
PROBLEMS_MAX: Final = 50


@attrs.frozen
class Folder:
    """A folder and the names of its files, links to files among them."""

    path: Path
    files: tuple[str, ...]


@attrs.define(eq=False)
class Scan:
    """One look around; `problems` say in words what could not be looked at."""

    clock: Callable[[], float] = time.monotonic
    seconds_max: float = SECONDS_MAX
    entries_max: int = ENTRIES_MAX
    problems: list[str] = attrs.field(factory=list[str])
    _entries: int = 0
    _deadline: float = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._deadline = self.clock() + self.seconds_max

    @property
    def is_over(self) -> bool:
        """Tells whether a bound is reached: what is left is not looked at."""
        return self._entries >= self.entries_max or self.clock() > self._deadline

    def note(self, problem: str) -> None:
        """Keeps what went wrong, once, for the listing to tell."""
        if problem not in self.problems and len(self.problems) < PROBLEMS_MAX:
            self.problems.append(problem)

    def names(self, folder: Path) -> list[str]:
        """The names in a folder, sorted; none, and a note, if it cannot be read."""
        names: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._entries += 1
                    if self.is_over:
                        self._note_the_bound(folder)
                        break
                    names.append(entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            self.note(f"{folder}: cannot be looked into: {error.strerror}")
        return sorted(names)

    def walk(self, folder: Path, depth_max: int = DEPTH_MAX) -> Iterator[Folder]:
        """The folder and what is below it, each once, by whichever links it is reached."""
        visited: set[tuple[int, int]] = set()
        waiting = [(folder, 0)]
        while waiting and not self.is_over:
            path, depth = waiting.pop()
            identity = identity_of(path)
            if identity is None or identity in visited:
                continue
            visited.add(identity)
            names = self.names(path)
            folders = [name for name in names if (path / name).is_dir()]
            within = set(folders)
            yield Folder(path, tuple(name for name in names if name not in within))
            if depth < depth_max:
                waiting += [(path / name, depth + 1) for name in reversed(folders)]
            elif folders and depth_max:
                self.note(f"{path}: folders below it are not looked into: {depth_max} levels deep")

    def read(self, path: Path, bytes_max: int = TEXT_BYTES_MAX) -> bytes:
        """A small file's content; b"", and a note unless it is missing, if it cannot be read."""
        try:
            # Without waiting: a pipe in the file's place must not stop the listing.
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    self.note(f"{path}: not a regular file")
                    return b""
                content = file.read(bytes_max + 1)
        except FileNotFoundError:
            return b""
        except OSError as error:
            self.note(f"{path}: cannot be read: {error.strerror}")
            return b""
        if len(content) > bytes_max:
            self.note(f"{path}: larger than the {bytes_max} bytes that such a file may have")
            return b""
        return content

    def _note_the_bound(self, folder: Path) -> None:
        if self._entries >= self.entries_max:
            self.note(f"{folder}: not looked through: {self.entries_max} entries were enough")
        else:
            self.note(f"{folder}: not looked through: {self.seconds_max:g} seconds were enough")


def identity_of(path: Path) -> tuple[int, int] | None:
    """The device and number of what a path leads to; None if it leads nowhere."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
