"""A client's files in a test: real ones, where another hand or the end may come at any step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from understudy.io.clients.files import DiskFiles, Look

T = TypeVar("T")


class Killed(BaseException):
    """The process has ended: nothing of it runs any more, no clean-up either."""


class MortalFiles(DiskFiles):
    """Dies at one step, before or after its effect; `steps` counts those that were begun."""

    def __init__(self, dies_at: int, *, after_effect: bool) -> None:
        self.steps = 0
        self.is_dead = False
        self._dies_at = dies_at
        self._after_effect = after_effect

    def look(self, path: Path) -> Look | None:
        """Dead hands read nothing; reading is no step, for nothing can be half read."""
        if self.is_dead:
            raise Killed
        return super().look(path)

    def write_draft(self, target: Path, content: bytes, like: Look | None) -> Path:
        """A step."""
        return self._step(lambda: super(MortalFiles, self).write_draft(target, content, like))

    def replace(self, draft: Path, target: Path) -> None:
        """A step."""
        self._step(lambda: super(MortalFiles, self).replace(draft, target))

    def remove(self, path: Path) -> None:
        """A step."""
        self._step(lambda: super(MortalFiles, self).remove(path))

    def remove_folder(self, folder: Path) -> None:
        """A step."""
        self._step(lambda: super(MortalFiles, self).remove_folder(folder))

    def make_folder(self, folder: Path) -> None:
        """A step."""
        self._step(lambda: super(MortalFiles, self).make_folder(folder))

    def _step(self, work: Callable[[], T]) -> T:
        self.steps += 1
        is_last = self.steps == self._dies_at
        if self.is_dead or (is_last and not self._after_effect):
            self.is_dead = True
            raise Killed
        done = work()
        if is_last:
            self.is_dead = True
            raise Killed
        return done


class ContestedFiles(DiskFiles):
    """A client rewrites a file just after its draft was written, as often as it is told to."""

    def __init__(self, path: Path, rewrite: Callable[[], object], times: int) -> None:
        self._path = path
        self._rewrite = rewrite
        self._times = times

    def write_draft(self, target: Path, content: bytes, like: Look | None) -> Path:
        """Writes the draft; then the other hand comes."""
        draft = super().write_draft(target, content, like)
        if target == self._path and self._times:
            self._times -= 1
            self._rewrite()
        return draft
