"""The settings files of Claude Code that rule over the user's own, as they are found here.

An organisation's settings rule over all others; a project's own two files rule over the user's, in
the folder where the client is started. Of what an organisation delivers on a machine the first way
that says anything counts alone: a managed preference of macOS, then the files in a folder of the
system, `managed-settings.json` with those of `managed-settings.d` on top, the last by name first.

Places and order: code.claude.com/docs/en/settings; on Linux measured with version 2.1.330, also
that the shared file of a project is that of the very folder, and that the local one of the work
tree's root rules over the folder's. What an account delivers is not fetched while a variable leads
the client elsewhere; what is said by `--settings` is known only when the client starts.
"""

from __future__ import annotations

import json
import os
import pwd
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from ...protocols.json_values import object_of
from .document import KeyPath
from .files import FILE_BYTES_MAX

Rank = Literal["managed", "local", "project", "own"]
"""Whose a file is; each rules over those behind it."""
LINUX_FOLDER: Final = Path("/etc/claude-code")
MACOS_FOLDER: Final = Path("/Library/Application Support/ClaudeCode")
MACOS_PREFERENCES: Final = Path("/Library/Managed Preferences")
PREFERENCE: Final = "com.anthropic.claudecode.plist"
DROP_INS_MAX: Final = 200
NOT_READ: Final = "cannot be read"
NO_SETTINGS: Final = "is no object of settings"


@attrs.frozen
class RulingFile:
    """A file that is there. With a `problem`, NOT_READ or NO_SETTINGS, it has no values."""

    path: Path
    rank: Rank
    values: dict[str, Any] = attrs.field(factory=dict[str, Any], repr=False)
    problem: str = ""

    def value(self, path: KeyPath) -> Any:
        """The value of a key; None if it says nothing of it. A variable's is text in any case."""
        found: Any = self.values
        for key in path:
            found = object_of(found).get(key)
        if path[0] == "env" and isinstance(found, int):
            return str(found).lower()
        return found


@attrs.frozen
class RulingPlaces:
    """Where such files would be: the system's folder, preferences, and where the user is now."""

    system: Path
    working: Path
    preferences: tuple[Path, ...] = ()

    @classmethod
    def here(cls) -> RulingPlaces:
        """Those of this machine, for this user, in the current folder."""
        if sys.platform == "darwin":
            user = pwd.getpwuid(os.getuid()).pw_name
            preferences = (MACOS_PREFERENCES / user / PREFERENCE, MACOS_PREFERENCES / PREFERENCE)
            return cls(MACOS_FOLDER, Path.cwd(), preferences)
        return cls(LINUX_FOLDER, Path.cwd())

    def files(self, own: Path) -> Sequence[RulingFile]:
        """All that are there, the first rules over the others; `own`, the user's, is the last."""
        found = [*self._managed(), *self._of_the_project()]
        others = [each for each in found if not _is_same(each.path, own)]
        return [*others, *_read(own, "own")]

    def servers(self) -> RulingFile | None:
        """The file that says which MCP servers there are, and that there are no others."""
        return next(iter(_read(self.system / "managed-mcp.json", "managed")), None)

    def _managed(self) -> Sequence[RulingFile]:
        for path in self.preferences:
            if found := list(_read(path, "managed")):
                return found
        try:
            names = sorted((self.system / "managed-settings.d").glob("[!.]*.json"), reverse=True)
        except OSError:
            names = []
        paths = [*names[:DROP_INS_MAX], self.system / "managed-settings.json"]
        return [each for path in paths for each in _read(path, "managed")]

    def _of_the_project(self) -> Sequence[RulingFile]:
        above = (self.working, *self.working.parents)
        root = next((each for each in above if (each / ".git").exists()), self.working)
        found = [
            *_read(self.working / ".claude" / "settings.local.json", "local"),
            *_read(self.working / ".claude" / "settings.json", "project"),
        ]
        if root != self.working:
            found[:0] = _read(root / ".claude" / "settings.local.json", "local")
        return found


def _read(path: Path, rank: Rank) -> Iterator[RulingFile]:
    """The file, if it is there."""
    try:
        if not path.is_file():
            return
        with path.open("rb") as reader:
            content = reader.read(FILE_BYTES_MAX)
    except OSError:
        yield RulingFile(path, rank, problem=NOT_READ)
        return
    read = _preference if path.suffix == ".plist" else _json
    values = read(content)
    if isinstance(values, dict):
        yield RulingFile(path, rank, object_of(values))
    else:
        yield RulingFile(path, rank, problem=NO_SETTINGS)


def _json(content: bytes) -> object:
    try:
        found: object = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return found


def _preference(content: bytes) -> object:
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        found: object = plistlib.loads(content)
    except (ValueError, ExpatError):
        return None
    return found


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False
