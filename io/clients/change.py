"""What is to become of one file: planned from what it holds, written so that no edit is lost.

Clients rewrite their files at any time. So a change is planned from a look at the file and written
only if the file is still the one that was looked at; else it is planned anew from what is there. A
few such tries, then we say so. Between the last look and the replacing a few system calls remain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs

from .document import Document, KeyPath, OddDocument
from .files import FileRefused, Files, Look, draft_of, target_of
from .journal import FileRecord
from .merge import Conflict

TRIES_MAX: Final = 5
BACKUPS_MAX: Final = 10
"""Of one file; the oldest go."""


@attrs.frozen
class Change:
    """A file's text as it was and as it is to be, None where there is no file.

    `record` is what the journal has to know of it then; `left` are keys that are the user's by now.
    """

    path: Path
    look: Look | None
    before: str | None
    after: str | None
    record: FileRecord
    conflicts: tuple[Conflict, ...] = ()
    left: tuple[KeyPath, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether anything is to be written."""
        return self.before != self.after


Planner = Callable[[Look | None], Change]
"""Plans the change of one file from what it holds."""


@attrs.frozen
class Done:
    """A change that holds now; `backup` is what was there before, if it was replaced."""

    change: Change
    backup: Path | None = None


def text_of(path: Path, look: Look | None) -> str | None:
    """The text of a file; None if there is none. Raises FileRefused."""
    if look is None:
        return None
    try:
        return look.content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = look.content.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            f"{path}, line {line}: is not UTF-8 text; nothing was changed: save it as UTF-8"
        ) from None


def document_of(read: Callable[[str], Document], path: Path, text: str) -> Document:
    """The text as settings. Raises FileRefused."""
    try:
        return read(text)
    except OddDocument as error:
        raise odd(path, error) from None


def odd(path: Path, error: OddDocument) -> FileRefused:
    """The file's own words for what is odd about it."""
    words = str(error)
    where = f"{path}, {words}" if words.startswith("line ") else f"{path}: {words}"
    return FileRefused(f"{where}; nothing was changed: put this right, and try again")


@attrs.frozen
class Writer:
    """Carries changes out; what is replaced is kept in `backups`."""

    files: Files
    backups: Path

    def carry_out(
        self, path: Path, plan: Planner, note: Callable[[Change], None] | None = None
    ) -> Done:
        """Plans and writes until no other hand came between. `note` hears of it just before.

        Raises FileRefused.
        """
        for _ in range(TRIES_MAX):
            look = self.files.look(path)
            self.files.remove(draft_of(target_of(path) if look is None else look.path))
            change = plan(look)
            if not change.is_needed:
                if note is not None:
                    note(change)
                return Done(change)
            done = self._tried(change, note)
            if done is not None:
                return done
        raise FileRefused(
            f"{path}: another program rewrote it {TRIES_MAX} times while it was to be changed; "
            "close the client's windows, and try again"
        )

    def _tried(self, change: Change, note: Callable[[Change], None] | None) -> Done | None:
        """One try; None if the file is another one by now."""
        target = target_of(change.path) if change.look is None else change.look.path
        backup = None if change.look is None else self._backed_up(target, change.look)
        draft = None
        if note is not None:  # first of all: who cleans up after us learns from it where to look
            note(change)
        try:
            if change.after is not None:
                self.files.make_folder(target.parent)
                draft = self.files.write_draft(target, change.after.encode(), change.look)
            if not _is_same(self.files.look(change.path), change.look):
                return None
            if draft is None:
                self.files.remove(target)
            else:
                self.files.replace(draft, target)
                draft = None
        finally:
            if draft is not None:
                self.files.remove(draft)
        return Done(change, backup)

    def _backed_up(self, target: Path, look: Look) -> Path:
        """Keeps the content under the next number, unless the newest backup is the same."""
        kept = self._numbered(target.name)
        newest = kept[max(kept)] if kept else None
        if newest is not None and _content(newest) == look.content:
            return newest
        backup = self.backups / f"{target.name}.{max(kept, default=0) + 1}"
        self.files.make_folder(self.backups)
        self.files.replace(self.files.write_draft(backup, look.content, None), backup)
        for number in sorted(kept)[: max(0, len(kept) + 1 - BACKUPS_MAX)]:
            self.files.remove(kept[number])
        return backup

    def _numbered(self, name: str) -> dict[int, Path]:
        form = re.compile(rf"{re.escape(name)}\.(\d+)")
        found = self.backups.iterdir() if self.backups.is_dir() else ()
        matches = ((form.fullmatch(path.name), path) for path in found)
        return {int(match[1]): path for match, path in matches if match}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _is_same(now: Look | None, then: Look | None) -> bool:
    if now is None or then is None:
        return now is then
    return (now.path, now.identity, now.content) == (then.path, then.identity, then.content)
