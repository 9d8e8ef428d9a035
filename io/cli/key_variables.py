"""The variables of our environment that hold keys, which no program but the server is to have.

What a model may run can print its environment, and on Linux /proc/PID/environ shows what a process
was started with. The names are the user's own, so the settings say which they are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ...protocols.json_values import list_of, object_of
from ...protocols.settings_data import KeyReference, Settings
from ..keys import PASSPHRASE_VARIABLE
from ..token import TOKEN_VARIABLE

SETTINGS_BYTES_MAX: Final = 2**20
_MARK: Final = "env:"


def key_variables(settings: Settings) -> dict[str, str]:
    """The variables of keys in the settings, each with whose key it is."""
    found: dict[str, str] = {}
    for endpoint in settings.endpoints:
        for reference in endpoint.keys:
            _note(found, reference, endpoint.name)
    if settings.search is not None:
        _note(found, settings.search.key, "[search]")
    return found


def named_in(file: Path) -> dict[str, str]:
    """The variables that a settings file names, even one with mistakes, each with where.

    What a running server tells of its endpoints does not name the key of [search].
    """
    try:
        with file.open("rb") as reader:
            text = reader.read(SETTINGS_BYTES_MAX).decode()
        tables = tomllib.loads(text)
    except (OSError, ValueError):
        return {}
    return dict.fromkeys(_variables(tables), file.name)


def without_keys(environ: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment without keys, for a program that needs none."""
    secret = {TOKEN_VARIABLE, PASSPHRASE_VARIABLE, *key_variables(settings)}
    return {name: value for name, value in environ.items() if name not in secret}


def _note(found: dict[str, str], reference: KeyReference, owner: str) -> None:
    if reference.source == "env":
        found.setdefault(reference.name, owner)


def _variables(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(_MARK):
        yield value.removeprefix(_MARK)
    for each in (*object_of(value).values(), *list_of(value)):
        yield from _variables(each)
