"""The default that was set by command or by a tool: a file of its own beside the settings.

The user's own file is never written. As long as this one is there, its default comes before that of
the settings; `understudy endpoints default --clear` takes it away.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import attrs

from ..protocols.settings import SettingsError, SettingsProblem
from ..protocols.settings_data import MODEL_CHARACTERS_MAX
from ..protocols.settings_problems import shown
from ..protocols.settings_toml import document
from .folders import make_folder
from .locked_file import replace_text

DEFAULT_FILE: Final = "default.toml"
_HEAD: Final = "# Written by Understudy: `understudy endpoints default` shows and clears it.\n"


@attrs.frozen
class DefaultFile:
    """The file at `path`."""

    path: Path

    def put(self, place: str) -> None:
        """Makes this the default. Raises FileUnusable."""
        make_folder(self.path.parent)
        # A JSON string without other than ASCII signs is a TOML string, too.
        replace_text(self.path, f"{_HEAD}default = {json.dumps(place)}\n")

    def clear(self) -> bool:
        """Leaves the default to the settings again; false if it was."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        return True


def default_of(text: str, path: str) -> str:
    """What a file's text says. Raises SettingsError."""
    found = document(text, path).get("default")
    if not isinstance(found, str) or not 0 < len(found) <= MODEL_CHARACTERS_MAX:
        words = f"{shown(found)} is no default; `understudy endpoints default --clear` removes it"
        raise SettingsError([SettingsProblem(path, 1, "default", words)])
    return found
