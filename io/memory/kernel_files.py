"""Reading the kernel's small files, which may not be there, not be ours to read, or go meanwhile.

A file's path is given as the kernel names it; all of them lie below a folder, which is the root of
the file system but for tests, which record trees of machines elsewhere. A reading of the memory
takes a dozen of them each second, so they are read by system calls alone.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Final

from .control_groups import TEXT_BYTES_MAX

PIECE_BYTES: Final = 64 * 1024


class KernelFiles:
    """The files below a folder."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root
        self._prefix = str(root).rstrip("/")

    def path(self, place: PurePosixPath | str) -> Path:
        """Where an absolute path of the kernel's lies."""
        return Path(f"{self._prefix}{place}")

    def text(self, place: PurePosixPath | str) -> str:
        """The text of a file; "" if it cannot be read, for whatever reason."""
        try:
            descriptor = os.open(f"{self._prefix}{place}", os.O_RDONLY | os.O_CLOEXEC)
        except (OSError, ValueError):  # the latter for a path that no file can have
            return ""
        try:
            return _read(descriptor).decode("utf-8", "replace")
        except OSError:
            return ""
        finally:
            os.close(descriptor)

    def is_folder(self, place: PurePosixPath | str) -> bool:
        """Whether there is such a folder."""
        try:
            return self.path(place).is_dir()
        except (OSError, ValueError):
            return False


def _read(descriptor: int) -> bytes:
    """All of a file, up to TEXT_BYTES_MAX; raises OSError."""
    text = b""
    while len(text) < TEXT_BYTES_MAX and (piece := os.read(descriptor, PIECE_BYTES)):
        text += piece
    return text
