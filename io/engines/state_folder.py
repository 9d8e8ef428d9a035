"""The folder in which workers keep what they have read of prompts, and the budget of all of them.

A worker keeps to its budget by itself (`worker/state_files.py`); here the files of models
that do not run just now are counted too. Before a worker starts, the oldest go until the budget is
kept by all of them. A worker that misses a file reads the prompt again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..folders import make_folder

PATTERN: Final = "*/*/*.kv*"
"""The model's file, the model's name, and the states; also one whose writer was killed."""
FILES_MAX: Final = 65_536
"""So many files are looked at; a folder with more is not ours alone."""
DIGEST_BYTES: Final = 8


def state_folder_of(folder: Path, file: str) -> Path:
    """The folder for the states of one model file: another file may be another model."""
    return folder / hashlib.blake2b(os.fsencode(file), digest_size=DIGEST_BYTES).hexdigest()


def make_room(folder: Path, bytes_max: int) -> int:
    """Makes the folder of all models, and deletes the oldest states beyond the budget.

    Returns how many bytes are kept. Raises FolderUnusable if it cannot be made.
    """
    kept = 0
    for _, size, path in sorted(_files(make_folder(folder)), reverse=True):
        if kept + size <= bytes_max:
            kept += size
        else:
            path.unlink(missing_ok=True)
    return kept


def kept_bytes(folder: Path) -> int:
    """How much is kept of prompts, of all models."""
    return sum(size for _, size, _ in _files(folder))


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Each file's age, size and path."""
    for path, _ in zip(folder.glob(PATTERN), range(FILES_MAX), strict=False):
        try:
            found = path.stat()
        except OSError:
            continue
        yield found.st_mtime, found.st_size, path
