"""What is wrong with a settings file: every problem at once, each with its place and its cure.

A message may quote what the user wrote, so quoting has rules: what looks like a key is never
shown, long text is clipped, and nothing unprintable reaches a terminal. Wrong guesses err towards
hiding: a hidden model name is a nuisance, a shown key is a leak.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import attrs

from .settings_lines import KeyPath, key_lines

PROBLEMS_MAX: Final = 100
SHOWN_CHARACTERS_MAX: Final = 80

_HIDDEN: Final = "(not shown: it looks like a key)"
_SECRET: Final = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(?:[sprg]{1,2}k[-_]|csk-|hf_|xai-|pplx-|nvapi-|tgp_|fw_|r8_|gh[opsu]_|github_pat_|glpat-|"
    r"AIza|AKIA|eyJ)[A-Za-z0-9_-]{6}"
    r"|(?=[A-Za-z]{0,19}[0-9])(?=[0-9]{0,19}[A-Za-z])[A-Za-z0-9]{20}"
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


@attrs.frozen
class SettingsProblem:
    """One thing that is wrong. `line` and `column` count from 1; 0 where there is none."""

    file: str
    line: int
    key: str
    message: str
    column: int = 0

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class SettingsError(Exception):
    """The settings cannot be used; `problems` holds all that was found, in the file's order."""

    def __init__(self, problems: Sequence[SettingsProblem]) -> None:
        assert problems
        self.problems: tuple[SettingsProblem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems:
    """Collects what is wrong with one file, up to PROBLEMS_MAX."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._found: list[SettingsProblem] = []
        self._dropped = 0
        self._lines: dict[KeyPath, int] | None = None

    def add(self, path: KeyPath, message: str) -> None:
        """Notes a problem at the line of `path`, or of the nearest table around it."""
        if len(self._found) < PROBLEMS_MAX:
            line = self._line(path)
            self._found.append(SettingsProblem(self._file, line, shown_path(path), message))
        else:
            self._dropped += 1

    def raise_if_any(self) -> None:
        """Raises SettingsError if any problem was added."""
        if not self._found:
            return
        found = sorted(self._found, key=lambda problem: problem.line)
        if self._dropped:
            found.append(SettingsProblem(self._file, 0, "", f"and {self._dropped} more problems"))
        raise SettingsError(found)

    def _line(self, path: KeyPath) -> int:
        if self._lines is None:
            self._lines = key_lines(self._text)
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def looks_secret(text: str) -> bool:
    """Tells whether the text could be a key: by a known prefix, or a long mix of characters."""
    return _SECRET.search(text) is not None


def shown(value: object) -> str:
    """Quotes a TOML value for a message; never a key, never long, never unprintable."""
    match value:
        case str() if looks_secret(value):
            return _HIDDEN
        case str():
            return f'"{_printable(value)}"'
        case bool():
            return "true" if value else "false"
        case int() if abs(value) < 10**18:
            return str(value)
        case int():
            return "a very long integer"
        case float():
            return str(value)
        case list():
            return "an array"
        case dict():
            return "a table"
        case _:
            return "a date or time"


def shown_path(path: KeyPath) -> str:
    """Writes a key's place as `endpoint[1].dialect`; indices count from 0."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            name = part if _BARE_KEY.fullmatch(part) and not looks_secret(part) else shown(part)
            written += f".{_clipped(name)}" if written else _clipped(name)
    return written


def suggestion(value: str, allowed: Sequence[str]) -> str:
    """Writes `; did you mean "x"?` if one of `allowed` is close, else nothing."""
    import difflib  # only a wrong file needs it

    close = difflib.get_close_matches(value[:SHOWN_CHARACTERS_MAX], allowed, n=1, cutoff=0.5)
    return f'; did you mean "{close[0]}"?' if close else ""


def _printable(text: str) -> str:
    return "".join(
        character
        if character.isprintable() and character not in '"\\'
        else character.encode("unicode_escape").decode("ascii")
        if character not in '"\\'
        else f"\\{character}"
        for character in _clipped(text)
    )


def _clipped(text: str) -> str:
    if len(text) <= SHOWN_CHARACTERS_MAX:
        return text
    return f"{text[: SHOWN_CHARACTERS_MAX - 3]}..."
