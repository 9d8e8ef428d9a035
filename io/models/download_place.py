"""Where a file of a hub's lies here: the file, its part, and the record of what they are.

    models/OWNER/NAME/model.gguf                 the file, once it is whole and checked
    models/OWNER/NAME/model.gguf.part            what has come so far
    models/OWNER/NAME/.model.gguf.pull.json      which bytes those are, and of which content

The record stays when the file is done: it then says which content that is, so that the next pull
need not read gigabytes to know. Below the models folder no symbolic link is followed: a name from a
hub never leads elsewhere.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

import attrs

from ...protocols.models.hub_api import HubFile
from ...protocols.models.hub_names import is_safe_path
from ...protocols.models.hub_ranges import RECORD_BYTES_MAX, Record, read_record
from ..folders import make_folder

FILE_MODE: Final = 0o600
READ_OURS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Reads what should be a file of ours, and does not wait where somebody has put a pipe."""


class DownloadFailed(Exception):
    """The file could not be written or is not what it should be; says what to do."""


@attrs.frozen
class FilePlace:
    """Where a file of a repository goes; `folder` is the repository's own."""

    folder: Path
    path: str

    @classmethod
    def below(cls, models_dir: Path, repository: str, path: str) -> FilePlace:
        """The place of a repository's file; both names were checked before."""
        assert is_safe_path(path), path
        return cls(models_dir / repository, path)

    @property
    def file(self) -> Path:
        """The file itself."""
        return self.folder / self.path

    @property
    def part(self) -> Path:
        """What has come of it."""
        return self.file.with_name(f"{self.file.name}.part")

    @property
    def record(self) -> Path:
        """What is known of both."""
        return record_of(self.file)

    def read_record(self) -> Record | None:
        """The record, if there is one that can be relied on."""
        try:
            descriptor = os.open(self.record, READ_OURS)
            with os.fdopen(descriptor, "rb") as file:
                return read_record(file.read(RECORD_BYTES_MAX))
        except OSError:
            return None

    def is_here(self, wanted: HubFile) -> bool:
        """Whether the file is here, whole and checked, with the content that the hub has now."""
        record = self.read_record()
        return (
            _size_of(self.file) == wanted.size_bytes
            and _size_of(self.part) < 0  # else the record is that of the part
            and record is not None
            and record.digest == wanted.digest
            and record.is_complete
        )

    def is_unknown(self, wanted: HubFile) -> bool:
        """Whether a file of this size is here of which nobody has written down what it is."""
        return _size_of(self.file) == wanted.size_bytes and self.read_record() is None

    def done_bytes(self, wanted: HubFile) -> int:
        """How much of it need not be fetched any more."""
        if self.is_here(wanted):
            return wanted.size_bytes
        record = self.read_record()
        is_same = record is not None and record.digest == wanted.digest
        return record.done_bytes if is_same and record and _size_of(self.part) >= 0 else 0

    def write_record(self, record: Record) -> None:
        """Writes it down, whole or not at all."""
        draft = self.record.with_name(f"{self.record.name}.new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(record.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.record)

    def make_folders(self, models_dir: Path) -> None:
        """Makes the folders down to the file. Raises DownloadFailed at a symbolic link."""
        make_folder(models_dir)
        for folder in reversed([*self.file.relative_to(models_dir).parents][:-1]):
            below = models_dir / folder
            below.mkdir(exist_ok=True)
            if not stat.S_ISDIR(below.lstat().st_mode):
                raise DownloadFailed(f"{below}: is a link or no folder; take it away")


def record_of(file: Path) -> Path:
    """Where it is written down what a fetched file is."""
    return file.with_name(f".{file.name}.pull.json")


def _size_of(file: Path) -> int:
    """The size of a regular file; -1 if there is none."""
    try:
        found = file.lstat()
    except OSError:
        return -1
    return found.st_size if stat.S_ISREG(found.st_mode) else -1
