"""What we wrote into other programs' files, and what was there before.

The journal is written before the file is: killed in between, it says more than was done, and what
it says of a key that holds another value is left alone. So undoing needs no file to be as we left
it, and no step of ours to have been the last one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import attrs
import msgspec

from .document import KeyPath, Traces
from .files import FileRefused, Files

VERSION: Final = 1
WROTE_MAX: Final = 8
"""Values of ours that one key is remembered to have had: an address that changed, a window."""


class Entry(msgspec.Struct, frozen=True):
    """A key of ours: the values that we gave it, the newest last, and what was there before.

    `before` is raw text, None where there was nothing.
    """

    path: KeyPath
    wrote: tuple[Any, ...]
    before: str | None = None


class FileRecord(msgspec.Struct, frozen=True):
    """What we did to one file; `made` if there was none before."""

    path: str
    made: bool = False
    entries: tuple[Entry, ...] = ()
    made_objects: tuple[KeyPath, ...] = ()
    emptied: tuple[tuple[KeyPath, str], ...] = ()

    @property
    def traces(self) -> Traces:
        """What putting our keys left beside them."""
        return Traces(self.made_objects, self.emptied)

    def entry(self, path: KeyPath) -> Entry | None:
        """What is known of a key."""
        return next((each for each in self.entries if each.path == path), None)


class Installation(msgspec.Struct, frozen=True):
    """A client that was set up, in one folder of its settings."""

    client: str
    folder: str
    made_folders: tuple[str, ...] = ()
    """Folders that were not there before, the outermost first."""
    files: tuple[FileRecord, ...] = ()

    def record(self, path: Path) -> FileRecord:
        """What was done to a file; nothing yet if it is not known."""
        return next((each for each in self.files if each.path == str(path)), FileRecord(str(path)))

    def with_record(self, record: FileRecord) -> Installation:
        """With one file's record in the place of the one before it."""
        others = tuple(each for each in self.files if each.path != record.path)
        return msgspec.structs.replace(self, files=(*others, record))

    def without_record(self, path: str) -> Installation:
        """Without a file that is as it was."""
        left = tuple(each for each in self.files if each.path != path)
        return msgspec.structs.replace(self, files=left)


class _Journal(msgspec.Struct, frozen=True):
    version: int = VERSION
    installations: tuple[Installation, ...] = ()


@attrs.frozen
class JournalFile:
    """The journal, in a folder of ours. Whoever writes holds the lock."""

    path: Path
    files: Files

    @property
    def lock(self) -> Path:
        """Held from the first look to the last word."""
        return self.path.with_name("lock")

    def installation(self, client: str, folder: Path) -> Installation:
        """What is known of a client's folder. Raises FileRefused."""
        known = self._read().installations
        wanted = (client, str(folder))
        return next(
            (each for each in known if (each.client, each.folder) == wanted),
            Installation(client, str(folder)),
        )

    def folders(self, client: str) -> list[str]:
        """In which folders a client is installed. Raises FileRefused."""
        return [each.folder for each in self._read().installations if each.client == client]

    def keep(self, installation: Installation) -> None:
        """Writes down what is known of a client's folder; nothing, if there is nothing to say."""
        before = self._read().installations
        wanted = (installation.client, installation.folder)
        after = tuple(each for each in before if (each.client, each.folder) != wanted)
        if installation.files:
            after = (*after, installation)
        if after == before:
            return
        content = msgspec.json.format(msgspec.json.encode(_Journal(VERSION, after)), indent=2)
        self.files.make_folder(self.path.parent)
        self.files.replace(self.files.write_draft(self.path, content, None), self.path)

    def _read(self) -> _Journal:
        if not os.path.lexists(self.path):
            return _Journal()
        look = self.files.look(self.path)
        try:
            journal = msgspec.json.decode(b"" if look is None else look.content, type=_Journal)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise FileRefused(
                f"{self.path}: says what was in your clients' settings before, and cannot be read: "
                f"{error}; put it right, or move it away: then uninstall knows of nothing"
            ) from None
        if journal.version != VERSION:
            raise FileRefused(
                f"{self.path}: was written by a newer version of Understudy; use that one"
            )
        return journal
