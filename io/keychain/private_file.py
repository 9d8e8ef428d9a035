"""A small file that its owner alone reads and writes: whole or not at all, one writer at a time."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import attrs
import trio

from ..folders import FolderUnusable, make_folder
from ..ports import KeychainError

FILE_MODE: Final = 0o600
LOCK_SECONDS_MAX: Final = 5.0
LOCK_POLL_SECONDS: Final = 0.02


@attrs.frozen
class PrivateFile:
    """The file at `path`; it has at most `bytes_max`. Every error is a KeychainError."""

    path: Path
    bytes_max: int

    def read(self) -> bytes | None:
        """What it holds; None if there is none. Refused if others could have written it."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable("read", error) from None
        try:
            self._check(os.fstat(descriptor))
            with os.fdopen(descriptor, "rb", closefd=False) as reader:
                content = reader.read(self.bytes_max + 1)
        finally:
            os.close(descriptor)
        if len(content) > self.bytes_max:
            raise KeychainError(f"{self.path}: is larger than {self.bytes_max} bytes; look at it")
        return content

    def write(self, content: bytes) -> None:
        """Writes it anew. Whoever reads meanwhile reads the old one."""
        draft = self.path.with_name(f".{self.path.name}.{os.urandom(8).hex()}.new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            make_folder(self.path.parent)
            descriptor = os.open(draft, flags, FILE_MODE)
            with os.fdopen(descriptor, "wb") as writer:
                writer.write(content)
                writer.flush()
                os.fsync(descriptor)
            draft.replace(self.path)
        except FolderUnusable as error:
            raise KeychainError(str(error)) from None
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise self._unusable("written", error) from None

    @asynccontextmanager
    async def locked(self) -> AsyncGenerator[None]:
        """Keeps other writers out, of this process and of others, while the block runs."""
        lock = self.path.with_name(f"{self.path.name}.lock")
        try:
            make_folder(self.path.parent)
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        except FolderUnusable as error:
            raise KeychainError(str(error)) from None
        except OSError as error:
            raise self._unusable("locked", error) from None
        try:
            await self._wait_for(descriptor, lock)
            yield
        finally:
            os.close(descriptor)

    async def _wait_for(self, descriptor: int, lock: Path) -> None:
        with trio.move_on_after(LOCK_SECONDS_MAX):
            while True:
                try:
                    return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    await trio.sleep(LOCK_POLL_SECONDS)
        raise KeychainError(
            f"another command has held {lock} for {LOCK_SECONDS_MAX:g} s; wait for it, and try "
            "again"
        )

    def _check(self, found: os.stat_result) -> None:
        if not stat.S_ISREG(found.st_mode):
            raise KeychainError(f"{self.path}: is not a regular file; move it away")
        if found.st_uid != os.geteuid():
            raise KeychainError(
                f"{self.path}: belongs to another user (id {found.st_uid}); move it away"
            )
        if found.st_mode & 0o077:
            raise KeychainError(
                f"{self.path}: other users may read or change it; run `chmod 600 {self.path}` if "
                "you know who did that, else add your keys anew"
            )

    def _unusable(self, what: str, error: OSError) -> KeychainError:
        return KeychainError(
            f"{self.path}: cannot be {what}: {error.strerror}; free some space, or make its "
            "folder writable"
        )
