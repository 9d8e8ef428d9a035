"""Wishes put into a settings file, and taken out of it again: text in, text out.

A value that the user has set is theirs: it stays, and is told, unless they say otherwise. What is
ours is known by the journal and by its value: a key that holds what we wrote there is ours to
change and to take out; one that holds anything else is the user's by now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import msgspec

from .document import Document, KeyPath, OddDocument
from .journal import WROTE_MAX, Entry, FileRecord


@attrs.frozen
class Wish:
    """A value that a key is to have, and why, in words for the user; `fits` will do as well."""

    path: KeyPath
    value: Any
    why: str
    fits: frozenset[str] = frozenset()

    def is_granted(self, value: Any) -> bool:
        """Whether a value will do."""
        return value == self.value or (isinstance(value, str) and value in self.fits)


@attrs.frozen
class Conflict:
    """A key that keeps the user's value. `replaced` if they wanted ours all the same."""

    path: KeyPath
    raw: str
    wish: Wish
    replaced: bool = False


@attrs.frozen
class Merged:
    """What comes of it; the document is the old one if there was nothing to do."""

    document: Document
    record: FileRecord
    conflicts: tuple[Conflict, ...]


@attrs.frozen
class Undone:
    """The document without what was ours, and the keys that somebody has changed since."""

    document: Document
    left: tuple[KeyPath, ...]


IsOurs = Callable[[KeyPath, Any], bool]
"""Whether a value can only be ours although another hand put it there."""


def merge(document: Document, record: FileRecord, wishes: Sequence[Wish], *, force: bool) -> Merged:
    """Puts the wishes in; what is ours and no longer wished for goes. Raises OddDocument."""
    wanted = {wish.path for wish in wishes}
    retired = [each for each in record.entries if each.path not in wanted]
    document = _without(document, retired)[0]
    entries = {each.path: each for each in record.entries if each.path in wanted}
    traces, conflicts = record.traces, list[Conflict]()
    for wish in wishes:
        raw = document.raw(wish.path)
        entry = entries.get(wish.path)
        if raw is not None and wish.is_granted(document.value(wish.path)):
            continue
        is_ours = entry is not None and raw is not None and _wrote(document, entry)
        if raw is not None and not is_ours:
            conflicts.append(Conflict(wish.path, raw, wish, replaced=force))
            if not force:
                continue
        entries[wish.path] = _entry(wish, raw, entry if is_ours else None)
        traces = traces.joined(document.traces(wish.path))
        document = document.put(wish.path, wish.value)
    record = msgspec.structs.replace(
        record,
        entries=tuple(entries.values()),
        made_objects=traces.made,
        emptied=traces.emptied,
    )
    return Merged(document, record, tuple(conflicts))


def undo(document: Document, record: FileRecord, is_ours: IsOurs | None = None) -> Undone:
    """Takes out what is ours, and puts back what it replaced."""
    document, left = _without(document, record.entries, is_ours)
    return Undone(document.tidied(record.traces), left)


def _without(
    document: Document, entries: Sequence[Entry], is_ours: IsOurs | None = None
) -> tuple[Document, tuple[KeyPath, ...]]:
    left: list[KeyPath] = []
    for entry in entries:
        try:
            raw = document.raw(entry.path)
            if raw is None:
                continue
            if _wrote(document, entry) or (
                is_ours is not None and is_ours(entry.path, document.value(entry.path))
            ):
                document = _restored(document, entry)
            elif not _is_as_before(document, entry):
                left.append(entry.path)
        except OddDocument:  # what stands there now has another form than what we wrote
            left.append(entry.path)
    return document, tuple(left)


def _restored(document: Document, entry: Entry) -> Document:
    if entry.before is None:
        return document.take(entry.path)
    return document.put_raw(entry.path, entry.before)


def _wrote(document: Document, entry: Entry) -> bool:
    return any(document.value(entry.path) == value for value in entry.wrote)


def _is_as_before(document: Document, entry: Entry) -> bool:
    """Whether our value never came to be there: we were stopped after the journal was written."""
    return entry.before is not None and document.raw(entry.path) == entry.before


def _entry(wish: Wish, raw: str | None, known: Entry | None) -> Entry:
    if known is None:
        return Entry(wish.path, (wish.value,), raw)
    wrote = (*(each for each in known.wrote if each != wish.value), wish.value)
    return Entry(wish.path, wrote[-WROTE_MAX:], known.before)
