"""A file on its way: its part, open and held by one process, until it is whole and checked.

The part itself is the lock (flock): whoever holds it fetches. Bytes count once they are on the disk
and the record says so, in this order; the file takes its place in one step, at the very end.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ...protocols.models.hub_api import HubFile
from ...protocols.models.hub_ranges import Record
from .download_place import FILE_MODE, READ_OURS, DownloadFailed, FilePlace

HASHED_BYTES: Final = 16 * 1024 * 1024
"""Read at a time when a file is checked."""


class DownloadRuns(DownloadFailed):
    """Another process fetches this file just now."""


class PartFile:
    """An open part, held by us alone; `is_anew` tells that what was there before was of no use."""

    def __init__(self, place: FilePlace, descriptor: int, wanted: HubFile) -> None:
        self.place = place
        self._descriptor = descriptor
        self._wanted = wanted
        self._record_lock = threading.Lock()
        old = place.read_record()
        is_whole = os.fstat(descriptor).st_size == wanted.size_bytes
        is_same = old is not None and (old.digest, old.size_bytes) == (
            wanted.digest,
            wanted.size_bytes,
        )
        self.is_anew = old is not None and bool(old.done) and not (is_same and is_whole)
        self.record = Record(wanted.digest, wanted.size_bytes)
        if is_same and is_whole and old is not None:
            self.record = old
        else:
            self.start_anew()

    def start_anew(self) -> None:
        """Forgets what has come."""
        self.record = Record(self._wanted.digest, self._wanted.size_bytes)
        with _disk_errors(self.place.part):
            os.ftruncate(self._descriptor, 0)
            os.ftruncate(self._descriptor, self._wanted.size_bytes)
            self.place.write_record(self.record)

    def write(self, start: int, data: bytes) -> None:
        """Writes bytes to their place; they count once they are `kept`."""
        assert start + len(data) <= self._wanted.size_bytes, "a byte past the end"
        with _disk_errors(self.place.part):
            view = memoryview(data)
            while view:
                written = os.pwrite(self._descriptor, view, start)
                start, view = start + written, view[written:]

    def keep(self, start: int, end: int) -> None:
        """Makes written bytes last, and then says so in the record."""
        if start == end:
            return
        with _disk_errors(self.place.part), self._record_lock:
            os.fsync(self._descriptor)
            self.record = self.record.with_interval(start, end)
            self.place.write_record(self.record)

    def finish(self) -> None:
        """Puts the whole and checked file into its place."""
        with _disk_errors(self.place.part):
            os.fsync(self._descriptor)
            self.place.write_record(self.record)
            self.place.part.replace(self.place.file)
            _sync_folder(self.place.file.parent)

    def remove(self) -> None:
        """Takes the part and its record away."""
        self.place.part.unlink(missing_ok=True)
        self.place.record.unlink(missing_ok=True)

    def digest(self) -> Digest:
        """Reads what was written, to see whether it is what the hub has."""
        return Digest(self._descriptor, self._wanted)


class Digest:
    """The digest of an open file, a piece at a time."""

    def __init__(self, descriptor: int, wanted: HubFile) -> None:
        self._descriptor = descriptor
        self._wanted = wanted
        self.place = 0
        if wanted.is_large:
            self._hash = hashlib.sha256()
        else:  # git's own: of a word, the size and the content
            self._hash = hashlib.sha1(b"blob %d\0" % wanted.size_bytes, usedforsecurity=False)

    def read_piece(self) -> bool:
        """Takes the next piece; says False at the end."""
        piece = os.pread(self._descriptor, HASHED_BYTES, self.place)
        self._hash.update(piece)
        self.place += len(piece)
        return bool(piece)

    @property
    def is_right(self) -> bool:
        """Whether all that was read is what the hub has."""
        return self._hash.hexdigest() == self._wanted.digest


@contextmanager
def open_part(models_dir: Path, place: FilePlace, wanted: HubFile) -> Generator[PartFile]:
    """Opens the part and holds it. Raises DownloadRuns, DownloadFailed and FolderUnusable."""
    with _disk_errors(place.part):
        place.make_folders(models_dir)
        descriptor = _locked(place.part)
    try:
        yield PartFile(place, descriptor, wanted)
    finally:
        os.close(descriptor)


@contextmanager
def open_digest(place: FilePlace, wanted: HubFile) -> Generator[Digest]:
    """Reads the finished file."""
    with _disk_errors(place.file):
        descriptor = os.open(place.file, READ_OURS)
    try:
        yield Digest(descriptor, wanted)
    finally:
        os.close(descriptor)


def _locked(part: Path) -> int:
    """Opens a part and locks it; one that was renamed or removed meanwhile is opened again."""
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(part, flags, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same(part, descriptor):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise DownloadRuns(
                f"{part}: another pull fetches this file just now; wait for that"
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_same(part: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(part.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk_errors(path: Path) -> Generator[None]:
    """What the disk refuses, in words."""
    try:
        yield
    except OSError as error:
        advice = {
            errno.ENOSPC: "make room on this disk; the same command then goes on",
            errno.EDQUOT: "make room in your quota; the same command then goes on",
            errno.ELOOP: "it is a symbolic link; take it away",
        }.get(error.errno or 0, "check that you may write there")
        raise DownloadFailed(f"{path}: {error.strerror}: {advice}") from None
