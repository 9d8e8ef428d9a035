"""The files beside the settings that commands write, and the user's own table of providers.

One of them is the default that was set by command or by a tool (`default_file.py`).

Models that were imported and endpoints that were added have files of their own, so that the user's
settings are never written. They are less than the settings: one that is wrong is reported and left
out, and what it said last stays; one that is gone says nothing. Of two equal names the earlier
file's counts: models first, so that adding an endpoint elsewhere sends nobody's words there who
has not chosen it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from ..protocols.providers.provider import Provider
from ..protocols.providers.provider_table import FILE_NAME as PROVIDERS_FILE
from ..protocols.providers.provider_table import parse_providers
from ..protocols.settings import (
    FILE_BYTES_MAX,
    EndpointSettings,
    SettingsError,
    SettingsProblem,
    parse_models,
)
from .default_file import DEFAULT_FILE, default_of
from .providers.providers_file import ProviderTable

MODELS_FILE: Final = "models.toml"
"""`io/models/models_file.py` writes it."""
ENDPOINTS_FILE: Final = "endpoints.toml"
"""`understudy endpoints add` writes it."""

Seen = tuple[int, int, int, int, int] | str | None


class FilesBeside:
    """What stands beside one settings file. `problems` are what was wrong at the last reading."""

    def __init__(self, settings_file: Path) -> None:
        self.problems: tuple[SettingsProblem, ...] = ()
        self.providers = ProviderTable()
        self.default = ""
        """What comes before the settings' default; "" if nothing does."""
        self._default_file = beside(settings_file, DEFAULT_FILE)
        self._providers_file = beside(settings_file, PROVIDERS_FILE)
        names = (MODELS_FILE, ENDPOINTS_FILE)
        self._files = [beside(settings_file, name) for name in names]
        self._endpoints: list[tuple[EndpointSettings, ...]] = [() for _ in names]

    @property
    def endpoints(self) -> tuple[EndpointSettings, ...]:
        """The endpoints of all files, by the first of each name."""
        found: dict[str, EndpointSettings] = {}
        for endpoint in (each for file in self._endpoints for each in file):
            found.setdefault(endpoint.name, endpoint)
        return tuple(found.values())

    def fingerprints(self) -> tuple[Seen, ...]:
        """What changes when one of the files does."""
        files = (self._providers_file, self._default_file, *self._files)
        return tuple(None if file is None else fingerprint(file) for file in files)

    def read(self) -> None:
        """Takes over what the files say; of one that is wrong only what is wrong with it."""
        problems: list[SettingsProblem] = []
        try:
            self.providers = ProviderTable(self._own_providers())
        except SettingsError as error:
            problems += error.problems
        for index, file in enumerate(self._files):
            try:
                self._endpoints[index] = self._endpoints_of(file)
            except SettingsError as error:
                problems += error.problems
        try:
            self.default = self._own_default()
        except SettingsError as error:
            problems += error.problems
        self.problems = tuple(problems)

    def _own_default(self) -> str:
        file = self._default_file
        if file is None or fingerprint(file) is None:
            return ""
        return default_of(text_of(file), str(file))

    def _own_providers(self) -> dict[str, Provider]:
        file = self._providers_file
        if file is None or fingerprint(file) is None:
            return {}
        return dict(parse_providers(text_of(file), str(file)))

    def _endpoints_of(self, file: Path | None) -> tuple[EndpointSettings, ...]:
        if file is None or fingerprint(file) is None:
            return ()
        return parse_models(text_of(file), str(file), self.providers)


def beside(settings_file: Path, name: str) -> Path | None:
    """The file of that name that belongs to a settings file; None if it would be the same."""
    path = settings_file.with_name(name)
    return None if path == settings_file else path


def fingerprint(path: Path) -> Seen:
    """What changes when the file does; None if there is no file, words if it can't be seen."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return error.strerror or str(error)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def text_of(path: Path) -> str:
    """The file's text. Raises SettingsError."""
    try:
        # Without waiting: a pipe in the file's place must not stop the server.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SettingsError([unreadable(path, "is not a regular file")])
            content = file.read(FILE_BYTES_MAX + 1)
        return content.decode("utf-8-sig")
    except OSError as error:
        raise SettingsError([unreadable(path, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(
            [unreadable(path, "is not UTF-8 text; save it as UTF-8", line)]
        ) from None


def unreadable(path: Path, message: str, line: int = 0) -> SettingsProblem:
    """What is wrong with a file as a whole."""
    return SettingsProblem(str(path), line, "", message)
