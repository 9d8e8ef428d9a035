"""Which prefixes are kept on disk: what to write, what to delete, when to read one. Pure.

The worker does the files: one for each key, its header and tokens as `state_header` says. A prefix
is worth its file when reading it again would take `SAVE_SECONDS_MIN`, when its file is read faster
than that, when no longer one on disk begins with it, and when it would not be the first to be
deleted again: a save deletes only what was used longer ago, so that saving comes to an end. A
prefix that conversations share is worth more: it is written even so, as its short file serves each
of them, and it outlives `SHARED_BONUS_USES` uses of others before it is the least recently used.
"""

from __future__ import annotations

import hashlib
from typing import Final

import attrs

from .prefixes import Prefixes
from .state_header import HEADER_BYTES, KEY_CHARACTERS
from .step import TOKEN_BYTES, Costs, Delete, Operation, Save, Tokens

STORE_BYTES_MAX: Final = 8 * 1024**3
"""The default of the disk budget of all prefixes of one model."""
SAVE_SECONDS_MIN: Final = 0.5
"""A prefix that is read again in less is not written."""
SHARED_BONUS_USES: Final = 32
"""So many uses of other prefixes later, a shared one is as old as one that is not."""


@attrs.frozen
class SavedPrefix:
    """A prefix on disk: these tokens, raw int32, and the bytes of its file."""

    key: str
    tokens: bytes
    file_bytes: int


@attrs.define
class _Entry:
    tokens: bytes
    file_bytes: int
    used: int
    shared: bool = False

    @property
    def age(self) -> int:
        """The entry with the lowest is deleted first."""
        return self.used + (SHARED_BONUS_USES if self.shared else 0)


def store_identity(file_identity: str, template: str, build: str) -> str:
    """What a state depends on beside its tokens: the model's file, its template, the library."""
    digest = hashlib.blake2b(digest_size=KEY_CHARACTERS // 2)
    for part in (file_identity, template, build):
        data = part.encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


class PrefixStore:
    """The index of one model's prefixes on disk, and the policy for it."""

    def __init__(self, identity: str, costs: Costs, bytes_max: int = STORE_BYTES_MAX) -> None:
        """`identity` is what `store_identity` says of the model's file, its template and the
        library's build."""
        self._identity = identity.encode()
        self._costs = costs
        self._bytes_max = bytes_max
        self._bytes = 0
        self._index: Prefixes[str] = Prefixes()
        self._entries: dict[str, _Entry] = {}
        self._writing: dict[str, _Entry] = {}
        self._deletions: list[Delete] = []
        self._uses = 0

    def key_of(self, tokens: Tokens) -> str:
        """The name of the file for these tokens: other models and builds have other names."""
        digest = hashlib.blake2b(self._identity, digest_size=KEY_CHARACTERS // 2)
        digest.update(tokens)
        return digest.hexdigest()

    def found(self, tokens: Tokens, file_bytes: int) -> bool:
        """At start: a file with this whole header and these tokens is there; oldest use first.

        False if it is not to be kept (delete it): it is larger than the budget. Older ones that
        have no room beside it are deleted by the first step's operations.
        """
        if file_bytes > self._bytes_max:
            return False
        self._add(self.key_of(tokens), _Entry(tokens, file_bytes, self.tick()))
        self._make_room(0)
        return True

    def saved(self, key: str, file_bytes: int) -> None:
        """A Save is done; its file has so many bytes."""
        entry = self._writing.pop(key)
        entry.file_bytes = file_bytes
        for older in self._contained_in(entry.tokens):
            self._delete(older)
        self._add(key, entry)
        self._make_room(0)

    def not_saved(self, key: str) -> None:
        """A Save has failed: there is no such file."""
        del self._writing[key]

    def forget(self, key: str) -> None:
        """The file is gone or bad: it is deleted, if it is there."""
        if key in self._entries:
            self._delete(key)

    @property
    def prefixes(self) -> int:
        """How many prefixes are on disk."""
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """How many bytes of disk they take."""
        return self._bytes

    def tick(self) -> int:
        """The time of a use: a number larger than any before."""
        self._uses += 1
        return self._uses

    def save(
        self, sequence: int, tokens: Tokens, used: int, *, shared: bool = False
    ) -> list[Operation]:
        """The operations that write this sequence's prefix, used last at this tick; none if it is
        not worth it."""
        if not self.wants(tokens, used, shared=shared):
            return []
        key, file_bytes = self.key_of(tokens), self._file_bytes(tokens)
        self._make_room(file_bytes)
        self._writing[key] = _Entry(tokens, file_bytes, used, shared)
        return [*self.take_deletions(), Save(sequence, key, tokens)]

    def wants(self, tokens: Tokens, used: int, *, shared: bool = False) -> bool:
        """Whether a file for these tokens is worth writing."""
        key, count = self.key_of(tokens), len(tokens) // TOKEN_BYTES
        seconds, file_bytes = self._prefill_seconds(count), self._file_bytes(tokens)
        restore_seconds = file_bytes / self._costs.restore_bytes_per_second
        if (
            key in self._entries
            or key in self._writing
            or file_bytes > self._bytes_max - self._bytes_newer(used, shared)
            or seconds < max(SAVE_SECONDS_MIN, restore_seconds)
        ):
            return False
        if shared:
            return True
        being_written = any(entry.tokens.startswith(tokens) for entry in self._writing.values())
        return not being_written and not self._index.matches(tokens, count)

    def best(
        self, prompt: Tokens, kept_tokens: int, tokens_max: int, *, whole: bool
    ) -> tuple[int, SavedPrefix] | None:
        """The saved prefix to be read for this prompt, and how many tokens of it are of use.

        It must spare more time than its file takes, beside the `kept_tokens` that are in memory;
        it may have at most `tokens_max`, all of them in the prompt if only a `whole` one is of use.
        """
        usable_max = len(prompt) // TOKEN_BYTES - 1
        best: tuple[float, int, str] | None = None
        for common, key in self._index.matches(prompt, kept_tokens + 1):
            entry = self._entries[key]
            usable, count = min(common, usable_max), len(entry.tokens) // TOKEN_BYTES
            spared = self._prefill_seconds(usable - kept_tokens) - self._restore_seconds(entry)
            fits = count <= tokens_max and (usable == count or not whole)
            if fits and spared > 0 and (best is None or spared > best[0]):
                best = (spared, usable, key)
        if best is None:
            return None
        entry = self._entries[best[2]]
        entry.used = self.tick()
        return best[1], SavedPrefix(best[2], entry.tokens, entry.file_bytes)

    def take_deletions(self) -> list[Delete]:
        """What is to be deleted since this was asked last."""
        deletions, self._deletions = self._deletions, []
        return deletions

    @property
    def _bytes_written(self) -> int:
        """What the files take that are being written."""
        return sum(entry.file_bytes for entry in self._writing.values())

    def _file_bytes(self, tokens: Tokens) -> int:
        count = len(tokens) // TOKEN_BYTES
        return HEADER_BYTES + len(tokens) + count * self._costs.state_bytes_per_token

    def _bytes_newer(self, used: int, shared: bool) -> int:
        """How many bytes are not to be deleted for a prefix of this use, or cannot be yet."""
        age = used + (SHARED_BONUS_USES if shared else 0)
        newer = (entry.file_bytes for entry in self._entries.values() if entry.age >= age)
        return sum(newer) + self._bytes_written

    def _prefill_seconds(self, tokens: int) -> float:
        return tokens / self._costs.prefill_tokens_per_second

    def _restore_seconds(self, entry: _Entry) -> float:
        return entry.file_bytes / self._costs.restore_bytes_per_second

    def _contained_in(self, tokens: Tokens) -> list[str]:
        """The saved prefixes that these tokens begin with and that nobody shares."""
        return [
            key
            for common, key in self._index.matches(tokens)
            if len(self._entries[key].tokens) == common * TOKEN_BYTES
            and not self._entries[key].shared
        ]

    def _make_room(self, file_bytes: int) -> None:
        room = self._bytes_max - self._bytes_written - file_bytes
        while self._entries and self._bytes > room:
            self._delete(min(self._entries, key=lambda key: self._entries[key].age))

    def _add(self, key: str, entry: _Entry) -> None:
        if key in self._entries:
            self._bytes -= self._entries[key].file_bytes
        self._entries[key] = entry
        self._index.put(key, entry.tokens)
        self._bytes += entry.file_bytes

    def _delete(self, key: str) -> None:
        self._bytes -= self._entries.pop(key).file_bytes
        self._index.remove(key)
        self._deletions.append(Delete(key))
