"""The files in which states of sequences are kept; their form is `protocols.engine.state_header`'s.

A file is written under another name and renamed when it is whole, so a worker may be killed at any
moment; what it leaves is deleted by the next, and so are the files of an older model of its name.
Nothing is forced to the disk: should the machine lose power, lengths and checksums tell what was
lost. A file that is not what its name says is deleted and never shown to the library, which trusts
what it reads.

The state is read into memory that is given back at once, so for a moment it is there twice: a state
that would need more than half of the free memory is not written.
"""

from __future__ import annotations

import mmap
import os
import re
import sys
from hashlib import blake2b
from pathlib import Path
from typing import Final

import psutil

from ....protocols.engine.prefix_store import PrefixStore
from ....protocols.engine.state_header import (
    HEADER_BYTES,
    BadState,
    decode_header,
    encode_header,
    verify_state,
)
from ....protocols.engine.step import TOKEN_BYTES, Restore, Save
from .model import Context

SUFFIX: Final = ".kv"
PART: Final = ".part"
MEMORY_SHARE_MAX: Final = 0.5
FILES_MAX: Final = 4096
"""So many files of a folder are looked at; a folder with more is not ours alone."""
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
NAME_CHARACTERS: Final = 40
_UNUSUAL = re.compile(r"[^A-Za-z0-9._-]+")
_OURS = re.compile(r"[0-9a-f]{32}\.kv(\.part)?")


class StateFiles:
    """The files of one model: a folder of its own below the one of all models."""

    def __init__(self, folder: str, model: str) -> None:
        self._folder = Path(folder) / _folder_name(model)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def register(self, store: PrefixStore) -> int:
        """Tells a store what is there, oldest first, and deletes what is of no use."""
        found = [path for path in self._folder.iterdir() if _OURS.fullmatch(path.name)]
        for path in sorted(found[:FILES_MAX], key=_age):
            tokens = self._tokens(path, store)
            if tokens is None or not store.found(tokens, path.stat().st_size):
                path.unlink(missing_ok=True)
        return store.prefixes

    def save(self, context: Context, save: Save) -> int:
        """Writes the state of a sequence; returns the file's size, 0 if it cannot be written."""
        size = context.state_bytes(save.sequence)
        if not 0 < size < psutil.virtual_memory().available * MEMORY_SHARE_MAX:
            return 0
        part = self._path(save.key).with_suffix(SUFFIX + PART)
        try:
            view = memoryview(mmap.mmap(-1, size))
            if context.read_state(save.sequence, view) != size:
                return 0
            with os.fdopen(os.open(part, _WRITE, 0o600), "wb") as stream:
                stream.write(encode_header(save.key, save.tokens, view))
                stream.write(save.tokens)
                stream.write(view)
            part.replace(self._path(save.key))
        except OSError as error:
            sys.stderr.write(f"cannot keep a prefix in {self._folder}: {error.strerror}\n")
            part.unlink(missing_ok=True)
            return 0
        return HEADER_BYTES + len(save.tokens) + size

    def restore(self, context: Context, restore: Restore) -> bool:
        """Reads a file into an empty sequence. A file that is bad is deleted: False."""
        path = self._path(restore.key)
        try:
            with path.open("rb") as stream:
                whole = _mapped(stream.fileno())
            state = verify_state(whole, restore.key, restore.tokens)
            taken = context.write_state(restore.sequence, state)
            os.utime(path)
        except (OSError, BadState) as error:
            sys.stderr.write(f"prefix {path}: {error}\n")
            self.delete(restore.key)
            return False
        if not taken:
            self.delete(restore.key)
        return taken

    def delete(self, key: str) -> None:
        """Deletes a key's file, if it is there."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{SUFFIX}"

    def _tokens(self, path: Path, store: PrefixStore) -> bytes | None:
        if path.suffix == PART:
            return None
        try:
            with path.open("rb") as stream:
                header = decode_header(stream.read(HEADER_BYTES), path.stat().st_size)
                tokens = stream.read(header.tokens * TOKEN_BYTES)
        except (OSError, BadState):
            return None
        return tokens if store.key_of(tokens) == header.key == path.stem else None


def _mapped(descriptor: int) -> memoryview:
    """The file as memory, writable for ctypes' sake: nothing is written, or would reach it.

    It is given back with the last view of it; closing it could fail while an error holds one.
    """
    if not os.fstat(descriptor).st_size:
        raise BadState("it is empty")
    return memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY))


def _folder_name(model: str) -> str:
    """A name for any file system, and another for each model."""
    readable = _UNUSUAL.sub("-", model)[:NAME_CHARACTERS].strip(".-")
    return f"{readable}-{blake2b(model.encode(), digest_size=4).hexdigest()}"


def _age(path: Path) -> float:
    return path.stat().st_mtime
