"""A file that commands change: under a lock, and replaced in one step.

Two commands at once must not lose each other's change. The lock is a file of its own, because the
file itself is replaced; a reader needs no lock, for it sees the old file or the new one.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from .folders import make_folder

LOCK_SECONDS_MAX: Final = 10.0
LOCK_POLL_SECONDS: Final = 0.05
FILE_MODE: Final = 0o600


class FileUnusable(Exception):
    """The file cannot be changed now; the message says why and what to do."""


def replace_text(path: Path, text: str) -> None:
    """Writes a file anew, on disk before it takes the old one's place. Raises FileUnusable."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise FileUnusable(
            f"{path}: cannot be written: {error.strerror}; free some space, or make its folder "
            "writable"
        ) from None


@contextmanager
def locked(lock: Path) -> Generator[None]:
    """Holds the lock around the block. Raises FileUnusable if it cannot be had."""
    make_folder(lock.parent)
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        raise FileUnusable(
            f"{lock}: cannot be opened: {error.strerror}; it is made by whoever runs a command "
            "first: remove it if that was another user, and make its folder yours"
        ) from None
    try:
        _wait_for(descriptor, lock)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, lock: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS_MAX
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise FileUnusable(
                    f"another command has held {lock} for {LOCK_SECONDS_MAX:g} seconds; "
                    "wait for it, and try again"
                ) from None
        time.sleep(LOCK_POLL_SECONDS)
