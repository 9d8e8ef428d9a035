"""What a check of `understudy doctor` finds: a state, what was seen, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import attrs

from ...protocols.settings import Settings, SettingsProblem
from ..folders import Folders
from ..server_file import RunningServer

State = Literal["ok", "warn", "fail"]


@attrs.frozen
class Finding:
    """One check's result. `advice` is empty where nothing is to be done."""

    name: str
    state: State
    found: str
    advice: str = ""


@attrs.frozen
class Circumstances:
    """What the checks look at.

    `settings` are the defaults where the file has `problems`; `note` is the running server's, as
    far as its process is alive.
    """

    environ: Mapping[str, str]
    folders: Folders
    settings_file: Path
    settings: Settings
    problems: tuple[SettingsProblem, ...]
    note: RunningServer | None


def ok(name: str, found: str) -> Finding:
    """Nothing to be done."""
    return Finding(name, "ok", found)


def warn(name: str, found: str, advice: str) -> Finding:
    """It works, and something is not as it should be."""
    return Finding(name, "warn", found, advice)


def fail(name: str, found: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(name, "fail", found, advice)
