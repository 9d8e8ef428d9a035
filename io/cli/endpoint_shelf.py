"""What the commands of endpoints work on: the settings, what stands beside them, and the keys."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import attrs
import trio

from ...protocols.providers.endpoints_toml import EndpointTable, endpoint_text
from ...protocols.providers.provider import Providers
from ...protocols.settings import EndpointSettings, Settings, SettingsError, parse_models
from ...protocols.settings_data import Dialect
from ..folders import Folders
from ..key_ring import KeyRing
from ..ports import Keychain
from ..providers.endpoints_file import EndpointsFile
from ..providers.trial import Trial, Trier, try_endpoint
from ..settings_beside import FilesBeside
from ..settings_file import endpoints_file_of
from ..upstream.http11 import Http11Upstream
from ..upstream.settings import settings_from_environment
from .catalogue import read_settings
from .errors import CannotRun

T = TypeVar("T")


@attrs.define(eq=False)
class EndpointShelf:
    """The settings file that is meant, and the providers that endpoints beside it may name."""

    folders: Folders
    settings_file: Path
    providers: Providers
    _keychain: Keychain | None = None
    """Opened once: the passphrase of an encrypted file is asked for once, too."""

    @classmethod
    def of(cls, folders: Folders, config: Path | None) -> EndpointShelf:
        """The shelf of one settings file, else of the usual one. Raises SettingsError."""
        settings_file = (config or folders.settings_file).absolute()
        beside = FilesBeside(settings_file)
        beside.read()
        wrong = [each for each in beside.problems if each.file.endswith("providers.toml")]
        if wrong:
            raise SettingsError(wrong)
        return cls(folders, settings_file, beside.providers)

    @property
    def file(self) -> EndpointsFile:
        """The file of added endpoints. Raises CannotRun if the settings have its name."""
        path = endpoints_file_of(self.settings_file)
        if path is None:
            raise CannotRun(f"{self.settings_file}: a settings file cannot have this name")
        return EndpointsFile(path, self.folders.endpoints_lock, self.providers)

    def keychain(self) -> Keychain:
        """Where the settings keep their keys; asks for the passphrase of an encrypted file."""
        from .keys_place import open_file, open_place  # brings what few endpoints need

        if self._keychain is None:
            place = open_place(self.settings_file)
            open_file(place)
            self._keychain = place.keychain
        return self._keychain

    def settings(self) -> Settings:
        """The settings with all that stands beside them. Raises SettingsError."""
        return read_settings(self.settings_file)

    def settings_of(self, table: EndpointTable) -> EndpointSettings:
        """An endpoint as the server will read it. Raises CannotRun."""
        try:
            [endpoint] = parse_models(endpoint_text(table), "this endpoint", self.providers)
        except SettingsError as error:
            told = (_told(each.key, each.message) for each in error.problems)
            raise CannotRun("\n".join(told)) from None
        return endpoint


def _told(key: str, message: str) -> str:
    return f"{key.removeprefix('endpoint[0].')}: {message}"


def run_trial(endpoint: EndpointSettings, shelf: EndpointShelf, model: str = "") -> Trial:
    """Tries an endpoint, with its first key. Raises KeyUnavailable."""
    return _with_trier(endpoint, shelf, lambda trier: try_endpoint(trier, model))


def run_listing(endpoint: EndpointSettings, shelf: EndpointShelf) -> tuple[str, ...]:
    """The models that an endpoint lists; () where it lists none. Raises KeyUnavailable and
    UpstreamError."""
    return _with_trier(endpoint, shelf, Trier.list_models) or ()


def run_probe(endpoint: EndpointSettings, shelf: EndpointShelf) -> tuple[tuple[Dialect, ...], bool]:
    """The dialects of an address; see Trier.probe. Raises KeyUnavailable and UpstreamError."""
    return _with_trier(endpoint, shelf, Trier.probe)


def _with_trier(
    endpoint: EndpointSettings,
    shelf: EndpointShelf,
    work: Callable[[Trier], Awaitable[T]],
) -> T:
    environ = os.environ
    ring = KeyRing(environ, shelf.keychain() if endpoint.key.source == "keychain" else None)

    async def run() -> T:
        key = await ring.find(endpoint.key, endpoint.base_url or "")
        upstream = Http11Upstream(settings_from_environment(environ))
        try:
            return await work(Trier(endpoint, key, upstream))
        finally:
            await upstream.aclose()

    return trio.run(run)
