"""A client's files as a whole: all are looked at before the first one is written.

What would be refused at the second file is refused before the first is touched. Each file is then
changed by itself: stopped in between, some have our keys and some do not; the journal knows of
both, and either command goes on from there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import attrs
import msgspec

from .change import Change, Done, Writer, document_of, odd, text_of
from .document import Document, KeyPath, OddDocument
from .files import FileRefused, Files, Look, target_of
from .journal import Entry, FileRecord, Installation, JournalFile
from .json_document import JsonDocument
from .merge import IsOurs, Wish, merge, undo
from .toml_document import TomlDocument

Read = Callable[[str], Document]
FORMS: Mapping[str, tuple[Read, str]] = {
    ".json": (JsonDocument.read, JsonDocument.blank),
    ".toml": (TomlDocument.read, TomlDocument.blank),
}
"""How a file of this ending is read, and the text that stands for none."""

STATE_FOLDER: Final = "clients"
"""In the folder of our state: what was done to clients."""
VARIABLES: Final = "env"
"""Where it holds for ours, and is told, that a key of that name has another value by now."""
FOLDER_DIGITS: Final = 12
"""Of a folder's name in the path of its backups."""


@attrs.frozen
class Target:
    """A file, and what is wished for in it."""

    path: Path
    wishes: tuple[Wish, ...]
    sign: KeyPath = ()
    """The key by which an installation is known that is not in the journal."""


@attrs.frozen
class Setup:
    """One client in one folder of its settings; `files` and `state_dir` are where it is written."""

    client: str
    folder: Path
    files: Files
    state_dir: Path
    """A folder of ours, made when it is first needed."""

    @property
    def journal(self) -> JournalFile:
        """What was there before."""
        return JournalFile(self.state_dir / "journal.json", self.files)

    @property
    def installation(self) -> Installation:
        """What the journal says of this client and folder. Raises FileRefused."""
        return self.journal.installation(self.client, self.folder)

    def plan_install(self, targets: Sequence[Target], *, force: bool) -> list[Change]:
        """What installing would change. Writes nothing. Raises FileRefused."""
        known = self.installation
        return [
            _installed(each, known.record(each.path), self.files.look(each.path), force=force)
            for each in targets
        ]

    def install(self, targets: Sequence[Target], *, force: bool) -> list[Done]:
        """Installs; the caller holds the journal's lock. Raises FileRefused."""
        self.plan_install(targets, force=force)
        return [self._install_one(each, force=force) for each in targets]

    def plan_uninstall(
        self, is_ours: IsOurs | None = None, installation: Installation | None = None
    ) -> list[Change]:
        """What uninstalling would change. Writes nothing. Raises FileRefused.

        With an `installation` it is that one which is undone, and not what the journal says.
        """
        return [
            _uninstalled(record, self.files.look(Path(record.path)), is_ours)
            for record in (installation or self.installation).files
        ]

    def recognised(self, targets: Sequence[Target]) -> Installation:
        """An installation of which the journal knows nothing, as far as it can be told by values.

        A file is taken for installed if the key by which it is known holds what would be written;
        then so is each other key that does. What was there before is not known. Raises FileRefused.
        """
        found = Installation(self.client, str(self.folder))
        for target in targets:
            if record := _recognised(target, self.files.look(target.path)):
                found = found.with_record(record)
        return found

    def uninstall(self, is_ours: IsOurs | None = None) -> list[Done]:
        """Uninstalls; the caller holds the journal's lock. Raises FileRefused."""
        self.plan_uninstall(is_ours)
        return [self._uninstall_one(each, is_ours) for each in self.installation.files]

    @property
    def _writer(self) -> Writer:
        """Each folder has backups of its own: several folders' files have the same names."""
        folder = sha256(os.fsencode(self.folder)).hexdigest()[:FOLDER_DIGITS]
        return Writer(self.files, self.state_dir / "backups" / self.client / folder)

    def _install_one(self, target: Target, *, force: bool) -> Done:
        def plan(look: Look | None) -> Change:
            record = self.installation.record(target.path)
            return _installed(target, record, look, force=force)

        def note(change: Change) -> None:
            known = self.installation
            if change.record != known.record(target.path):
                self.journal.keep(known.with_record(change.record))

        self._note_folders(target.path)
        return self._writer.carry_out(target.path, plan, note)

    def _uninstall_one(self, record: FileRecord, is_ours: IsOurs | None) -> Done:
        def plan(look: Look | None) -> Change:
            return _uninstalled(record, look, is_ours)

        done = self._writer.carry_out(Path(record.path), plan)
        installation = self.installation.without_record(record.path)
        if not installation.files:
            self._remove_folders(installation)
        self.journal.keep(installation)
        return done

    def _note_folders(self, path: Path) -> None:
        """Writes down which folders are not there, before they are made."""
        known = self.installation
        above = target_of(path).parents
        missing = [str(each) for each in above if not each.exists()]
        made = tuple(dict.fromkeys((*known.made_folders, *reversed(missing))))
        if made != known.made_folders:
            known = msgspec.structs.replace(known, made_folders=made)
            self.journal.keep(known.with_record(known.record(path)))

    def _remove_folders(self, installation: Installation) -> None:
        for folder in reversed(installation.made_folders):
            self.files.remove_folder(Path(folder))


def by_hand(targets: Sequence[Target]) -> str:
    """What each file would hold if nothing else were in it, to be added by hand."""
    texts: list[str] = []
    for target in targets:
        read, blank = FORMS[target.path.suffix]
        merged = merge(read(blank), FileRecord(str(target.path)), target.wishes, force=True)
        texts.append(f"{target.path}:\n{merged.document.text}")
    return "\n".join(texts)


def _installed(target: Target, record: FileRecord, look: Look | None, *, force: bool) -> Change:
    read, blank = FORMS[target.path.suffix]
    before = text_of(target.path, look)
    document = document_of(read, target.path, blank if before is None else before)
    try:
        merged = merge(document, record, target.wishes, force=force)
    except OddDocument as error:
        raise odd(target.path, error) from None
    after = merged.document.text
    if before is None and merged.document is document:
        return Change(target.path, look, None, None, record, merged.conflicts)
    record = msgspec.structs.replace(merged.record, made=record.made or before is None)
    return Change(target.path, look, before, after, record, merged.conflicts)


def _uninstalled(record: FileRecord, look: Look | None, is_ours: IsOurs | None) -> Change:
    path = Path(record.path)
    before = text_of(path, look)
    if before is None:
        return Change(path, look, None, None, record)
    read, _ = FORMS[path.suffix]
    undone = undo(document_of(read, path, before), record, is_ours)
    is_gone = record.made and undone.document.is_bare
    after = None if is_gone else undone.document.text
    return Change(path, look, before, after, record, left=undone.left)


def _recognised(target: Target, look: Look | None) -> FileRecord | None:
    text = text_of(target.path, look)
    if text is None:
        return None
    read, _ = FORMS[target.path.suffix]
    document = document_of(read, target.path, text)
    try:
        there = [each for each in target.wishes if document.raw(each.path) is not None]
    except OddDocument:
        return None
    same = [each.path for each in there if document.value(each.path) == each.value]
    if target.sign not in same:
        return None
    ours = [each for each in there if each.path in same or each.path[0] == VARIABLES]
    entries = tuple(Entry(each.path, (each.value,)) for each in ours)
    parents = tuple(dict.fromkeys(each.path[:-1] for each in ours if len(each.path) > 1))
    return FileRecord(str(target.path), entries=entries, made_objects=parents)


def refused_with(targets: Sequence[Target], error: FileRefused) -> FileRefused:
    """The refusal, with what can be done by hand in place of it."""
    return FileRefused(f"{error}\nor add this by hand:\n{by_hand(targets)}")


def value_in(values: Mapping[Any, frozenset[Any]]) -> IsOurs:
    """Tells of some keys that these values can only be ours."""
    return lambda path, value: isinstance(value, str) and value in values.get(path, frozenset())
