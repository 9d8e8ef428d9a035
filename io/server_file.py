"""The note that a running server leaves: where it listens and which process it is.

The command line reads it to find the server. A note whose process is gone, or is not the one that
wrote it, counts as no note: a crash leaves one behind. Imports little, as `folders` does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from ..protocols.json_values import object_of, text_of
from .folders import make_folder


class RunningServer(NamedTuple):
    """A server as its note describes it. `address` is a URL without a slash at its end."""

    address: str
    process_id: int
    version: str
    settings_file: str = ""


class ServerFile(NamedTuple):
    """The note's file."""

    path: Path

    @contextmanager
    def written(self, note: RunningServer) -> Generator[None, None, None]:
        """Leaves the note while the block runs; takes away only its own."""
        make_folder(self.path.parent)
        draft = self.path.with_name(f"{self.path.name}.{note.process_id}.new")
        draft.write_text(json.dumps(note._asdict()))
        draft.replace(self.path)
        try:
            yield
        finally:
            if self._read() == note:
                self.path.unlink(missing_ok=True)

    def running(self) -> RunningServer | None:
        """The server that runs now, as far as the note and its process tell."""
        note = self._read()
        if note is None or note.process_id <= 0:
            return None
        with suppress(PermissionError):
            try:
                os.kill(note.process_id, 0)
            except ProcessLookupError:
                return None
        return note

    def _read(self) -> RunningServer | None:
        try:
            found = object_of(json.loads(self.path.read_bytes()))
        except (OSError, ValueError, RecursionError):
            return None
        address, version = text_of(found.get("address")), text_of(found.get("version"))
        process_id = found.get("process_id")
        if not address or not isinstance(process_id, int):
            return None
        return RunningServer(address, process_id, version, text_of(found.get("settings_file")))
