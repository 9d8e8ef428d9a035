"""TOML text in, plain values out, or where the text is no TOML.

The parser is the standard library's; what it cannot take in bounded time is refused before.
"""

from __future__ import annotations

import re
from typing import Final

from .settings_data import FILE_BYTES_MAX
from .settings_problems import SettingsError, SettingsProblem, looks_secret

KEY_PARTS_MAX: Final = 64
"""Dots in one key: the parser takes quadratic time over them, and no key of ours has two."""

_SYNTAX_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LONG_KEY: Final = re.compile(
    rf"""(?<![A-Za-z0-9_"'-])(?:[A-Za-z0-9_"'-]++[ \t]*+\.[ \t]*+){{{KEY_PARTS_MAX}}}"""
)


def document(text: str, path: str) -> dict[str, object]:
    """Reads a text as TOML. Raises SettingsError, with the place."""
    import tomllib  # costs milliseconds, and a machine without a settings file never needs it

    if len(text) > FILE_BYTES_MAX:
        raise _unreadable(path, f"the file is too large; allowed: at most {FILE_BYTES_MAX} bytes")
    if long_key := _LONG_KEY.search(text):
        line = text.count("\n", 0, long_key.start()) + 1
        raise _unreadable(path, f"a key has more than {KEY_PARTS_MAX} parts", line)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, path) from None
    except RecursionError:
        raise _unreadable(path, "brackets are nested too deeply") from None
    except ValueError:
        raise _unreadable(path, "a number has too many digits") from None


def _syntax_error(message: str, text: str, path: str) -> SettingsError:
    place = _SYNTAX_PLACE.search(message)
    what = _SYNTAX_PLACE.sub("", message)
    if looks_secret(what):
        what = "Invalid key"
    line = text.count("\n") + 1
    column = len(text) - (text.rfind("\n") + 1) + 1
    if place is not None and place[1] is not None:
        line, column = int(place[1]), int(place[2])
    return SettingsError([SettingsProblem(path, line, "", f"not valid TOML: {what}", column)])


def _unreadable(path: str, message: str, line: int = 0) -> SettingsError:
    return SettingsError([SettingsProblem(path, line, "", message)])
