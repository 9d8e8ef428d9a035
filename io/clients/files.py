"""The files of other programs, as far as we dare to touch them.

A file is replaced, never written in place: a draft beside it is on the disk before it takes the
name, so that whoever reads sees the old file or the new one, also when we are killed in between.
Mode and owner are kept. A symbolic link stays one: what it leads to is replaced. Whatever could not
be replaced so that its owner would find it as it was is refused: a hard link (the other name would
keep the old content), a file that is read-only, or somebody else's.

`Files` is the port; tests put one in its place that fails at any of its steps.
"""

from __future__ import annotations

import errno
import os
import stat
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import Final

import attrs

from ..locked_file import FileUnusable

FILE_BYTES_MAX: Final = 16 * 1_048_576
"""Claude Code's own file holds a few hundred kB after a year."""
NEW_FILE_MODE: Final = 0o600
NEW_FOLDER_MODE: Final = 0o700
NO_EMPTY_FOLDER: Final = (errno.ENOENT, errno.ENOTDIR, errno.ENOTEMPTY, errno.EEXIST)
"""How a system says that a name is no folder of its own, or that something is in it."""
DRAFT: Final = ".{name}.understudy.new"


class FileRefused(FileUnusable):
    """The file is left as it is; the message says what, where, and what to do."""


@attrs.frozen
class Look:
    """A file as it was seen: `path` is what a symbolic link leads to in the end."""

    path: Path
    content: bytes = attrs.field(repr=False)
    mode: int
    user_id: int
    group_id: int
    identity: tuple[int, ...]
    """Changes with every rewriting, also one that leaves the content alone."""


class Files(ABC):
    """What is done to the files of another program."""

    @abstractmethod
    def look(self, path: Path) -> Look | None:
        """Reads a file that may be replaced; None if there is none. Raises FileRefused."""

    @abstractmethod
    def write_draft(self, target: Path, content: bytes, like: Look | None) -> Path:
        """Writes a draft beside the target, on disk, of the mode and owner of `like`."""

    @abstractmethod
    def replace(self, draft: Path, target: Path) -> None:
        """Gives the draft the target's name, in one step that is on disk afterwards."""

    @abstractmethod
    def remove(self, path: Path) -> None:
        """Removes a file, if it is there."""

    @abstractmethod
    def remove_folder(self, folder: Path) -> None:
        """Removes a folder with nothing in it, if it is there; never a link or a file."""

    @abstractmethod
    def make_folder(self, folder: Path) -> None:
        """Makes a folder and what is missing above it."""


class DiskFiles(Files):
    """The real ones."""

    def look(self, path: Path) -> Look | None:
        """Reads a file that may be replaced; None if there is none. Raises FileRefused."""
        target = target_of(path)
        try:
            # Without waiting: a pipe in the file's place must not stop us.
            descriptor = os.open(target, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            _check_folder(target)
            return None
        except OSError as error:
            raise _refused(target, "cannot be read", error) from None
        try:
            found = os.fstat(descriptor)
            _check_file(target, found)
            _check_folder(target)
            with os.fdopen(descriptor, "rb", closefd=False) as reader:
                content = reader.read(FILE_BYTES_MAX + 1)
        finally:
            os.close(descriptor)
        if len(content) > FILE_BYTES_MAX:
            raise FileRefused(
                f"{target}: is larger than {FILE_BYTES_MAX:,} bytes, which no settings are; look "
                "what it is, and move it away"
            )
        identity = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        mode = stat.S_IMODE(found.st_mode)
        return Look(target, content, mode, found.st_uid, found.st_gid, identity)

    def write_draft(self, target: Path, content: bytes, like: Look | None) -> Path:
        """Writes a draft beside the target, on disk, of the mode and owner of `like`."""
        draft = draft_of(target)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            draft.unlink(missing_ok=True)  # one that was left when we were killed
            descriptor = os.open(draft, flags, NEW_FILE_MODE)
            with os.fdopen(descriptor, "wb") as writer:
                if like is not None:
                    _make_alike(descriptor, like)
                else:
                    _give_to_owner(draft)
                writer.write(content)
                writer.flush()
                os.fsync(descriptor)
        except FileRefused:
            draft.unlink(missing_ok=True)
            raise
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise _refused(target, "cannot be written", error) from None
        return draft

    def replace(self, draft: Path, target: Path) -> None:
        """Gives the draft the target's name, in one step that is on disk afterwards."""
        try:
            draft.replace(target)
            _sync_folder(target.parent)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise _refused(target, "cannot be replaced", error) from None

    def remove(self, path: Path) -> None:
        """Removes a file, if it is there."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(path, "cannot be removed", error) from None

    def remove_folder(self, folder: Path) -> None:
        """Removes a folder with nothing in it, if it is there; never a link or a file.

        What took the folder's name since it was made is its user's: a link into another folder.
        """
        try:
            folder.rmdir()
        except OSError as error:
            if error.errno not in NO_EMPTY_FOLDER:
                raise _refused(folder, "cannot be removed", error) from None

    def make_folder(self, folder: Path) -> None:
        """Makes a folder and what is missing above it."""
        missing = [each for each in (folder, *folder.parents) if not each.is_dir()]
        try:
            for each in reversed(missing):
                each.mkdir(mode=NEW_FOLDER_MODE, exist_ok=True)
                _give_to_owner(each)
        except OSError as error:
            raise _refused(folder, "cannot be made", error) from None


def draft_of(target: Path) -> Path:
    """The draft's name: always the same, so that one which was left over is found."""
    return target.with_name(DRAFT.format(name=target.name))


def target_of(path: Path) -> Path:
    """What a symbolic link leads to in the end, there or not. Raises FileRefused."""
    try:
        path.stat()
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise FileRefused(
                f"{path}: is a symbolic link that leads back to itself; remove it"
            ) from None
        raise _refused(path, "cannot be looked at", error) from None
    return Path(os.path.realpath(path))


def _check_file(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise FileRefused(f"{path}: is not a regular file; move it away")
    if found.st_nlink > 1:
        raise FileRefused(
            f"{path}: has {found.st_nlink} names (hard links), and the others would keep the old "
            "content; make a copy of it take its place, or use a symbolic link"
        )
    if found.st_uid != os.geteuid() and os.geteuid() != 0:
        raise FileRefused(f"{path}: belongs to another user (id {found.st_uid}); ask its owner")
    if not found.st_mode & stat.S_IWUSR:
        raise FileRefused(f"{path}: is read-only; `chmod u+w` it if it is yours to change")


def _check_folder(target: Path) -> None:
    """A folder that is missing will be made; one that is there must take a draft."""
    folder = target.parent
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _refused(folder, "cannot be looked at", error) from None
    if not (mode & stat.S_IWUSR and os.access(folder, os.W_OK | os.X_OK)):
        raise FileRefused(f"{folder}: the folder is read-only; make it writable")


def _make_alike(descriptor: int, like: Look) -> None:
    seen = os.fstat(descriptor)
    if (seen.st_uid, seen.st_gid) != (like.user_id, like.group_id):
        try:
            os.fchown(descriptor, like.user_id, like.group_id)
        except PermissionError:
            raise FileRefused(
                f"{like.path}: belongs to the group {like.group_id}, which is none of yours, and "
                "could not be given to it again; nothing was changed: `chgrp` it to one of yours"
            ) from None
    os.fchmod(descriptor, like.mode)


def _give_to_owner(path: Path) -> None:
    """What root makes in another user's folder has to be that user's: they could not read it.

    Where root is only the root of a container, that user may not exist there.
    """
    if os.geteuid() == 0:
        owner = path.parent.stat()
        with suppress(OSError):
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(path: Path, what: str, error: OSError) -> FileRefused:
    return FileRefused(
        f"{path}: {what}: {error.strerror}; nothing was changed there: make it readable and its "
        "folder writable, or free some space"
    )
