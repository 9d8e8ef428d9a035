"""A settings file's text, in which single values are put and taken while all else stays.

A path names a value from the outermost object inwards. A document is never changed: each step gives
a new one. Raw text is a value as it stands in the file, so that what was there before comes back to
the letter.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Final

import attrs

KeyPath = tuple[str, ...]
DEPTH_MAX: Final = 200
"""Deeper than any settings are nested, and safe to walk."""


class OddDocument(Exception):
    """The text cannot be changed safely; the message says where and why, without the file."""


@attrs.frozen
class Traces:
    """What putting a value leaves beside it: objects that were made, and how empty ones looked."""

    made: tuple[KeyPath, ...] = ()
    emptied: tuple[tuple[KeyPath, str], ...] = ()

    def joined(self, other: Traces) -> Traces:
        """Both, each trace once; of an object the earliest look counts."""
        known = {path for path, _ in self.emptied}
        later = tuple(each for each in other.emptied if each[0] not in known)
        return Traces(tuple(dict.fromkeys((*self.made, *other.made))), (*self.emptied, *later))


class Document(ABC):
    """A text that was read as settings."""

    blank: str = ""
    """The text of a file that is not there."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The whole text."""

    @property
    @abstractmethod
    def is_bare(self) -> bool:
        """Whether it says nothing any more."""

    @abstractmethod
    def raw(self, path: KeyPath) -> str | None:
        """The value as it is written; None if there is none. Raises OddDocument."""

    @abstractmethod
    def value(self, path: KeyPath) -> Any:
        """The value, which must be there."""

    @abstractmethod
    def value_of(self, path: KeyPath, raw: str) -> Any:
        """What a raw text of this path means."""

    @abstractmethod
    def traces(self, path: KeyPath) -> Traces:
        """What putting a value there would leave beside it."""

    @abstractmethod
    def put(self, path: KeyPath, value: Any) -> Document:
        """The document with a value; objects on the way are made. Raises OddDocument."""

    @abstractmethod
    def put_raw(self, path: KeyPath, raw: str) -> Document:
        """The document with a value that is there replaced by a raw text. Raises OddDocument."""

    @abstractmethod
    def take(self, path: KeyPath) -> Document:
        """The document without a value that is there. Raises OddDocument."""

    @abstractmethod
    def tidied(self, traces: Traces) -> Document:
        """The document without those traces, as far as nothing else needs them now."""


def shown(path: Sequence[str]) -> str:
    """A path for people."""
    return ".".join(path)
