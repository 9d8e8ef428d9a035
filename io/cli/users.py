"""Who uses a server that was started only for use: a lock that every user holds shared.

Two `understudy claude` may share the server that the first one started, and the first may be the
first to leave. So such a server is not stopped by its starter but by the last user's leaving: it
waits for the lock alone. The kernel gives a lock back however its holder ends, so that no crash
leaves a server behind. Once the server has the lock it keeps it until its process has ended: who
comes then waits for that, finds no server, and starts another.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import attrs

from ..folders import make_folder

LOCK_FILE = "users.lock"


@attrs.frozen
class Membership:
    """One user's hold on the lock."""

    _descriptor: int

    def is_last(self) -> bool:
        """Tells whether nobody else uses the server; from then on nobody can come in."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@attrs.frozen
class Users:
    """The users of servers that keep their state in this folder."""

    state_dir: Path

    @contextmanager
    def joined(self) -> Generator[Membership]:
        """Counts the caller as a user; waits first for a server that is just stopping."""
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield Membership(descriptor)
        finally:
            os.close(descriptor)

    def wait_until_none(self) -> None:
        """Waits until nobody uses the server; nobody can come in until this process ends."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)

    def _open(self) -> int:
        make_folder(self.state_dir)
        return os.open(self.state_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
