"""Which keys were added, and for which hosts: a keychain cannot be asked what it holds.

A file of names, hosts and places, without keys. It is there to be listed and completed from; what
decides is what the keychain itself holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from ..ports import KeychainError
from .private_file import PrivateFile

FILE_BYTES_MAX: Final = 2**20
ENTRIES_MAX: Final = 1_024


class Entry(msgspec.Struct, frozen=True):
    """One key that was added: for which host, and in which store ("keychain" or "file")."""

    host: str
    store: str


class _Index(msgspec.Struct, frozen=True):
    keys: dict[str, Entry] = {}


class KeyIndex:
    """The file. Raises KeychainError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self._file = PrivateFile(path, FILE_BYTES_MAX)

    def entries(self) -> dict[str, Entry]:
        """The keys by name, sorted."""
        content = self._file.read()
        if content is None:
            return {}
        try:
            found = msgspec.json.decode(content, type=_Index).keys
        except msgspec.MsgspecError:
            raise KeychainError(
                f"{self._file.path}: is damaged; remove it: it holds no keys, and `understudy "
                "keys add` writes it anew"
            ) from None
        return dict(sorted(found.items()))

    async def put(self, name: str, entry: Entry) -> None:
        """Notes a key."""
        async with self._file.locked():
            entries = self.entries()
            if len(entries) >= ENTRIES_MAX and name not in entries:
                raise KeychainError(f"there are {ENTRIES_MAX} keys already; remove one")
            self._store({**entries, name: entry})

    async def take(self, name: str) -> bool:
        """Notes that a key is gone; false if it was not noted."""
        async with self._file.locked():
            entries = self.entries()
            if name not in entries:
                return False
            self._store({known: entry for known, entry in entries.items() if known != name})
            return True

    def _store(self, entries: dict[str, Entry]) -> None:
        content = msgspec.json.format(msgspec.json.encode(_Index(entries)), indent=1)
        self._file.write(content + b"\n")
