"""The engines of this machine as `understudy engines list` shows them."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from ...protocols.settings_data import EnginesSettings
from ..engines.llama_installed import About, LibraryUnusable, installed_version, load_once
from ..engines.llama_recipe import serves

SERVER_PACKAGE: Final = "xllamacpp"
INSTALL: Final = "understudy engines install llama.cpp"

Kind = Literal["direct", "server"]
"""As `engines.worker` in the settings names them."""
TITLES: Final[dict[Kind, str]] = {
    "direct": "workers of Understudy's own, on llama.cpp",
    "server": "llama.cpp's server",
}


@attrs.frozen
class EngineRow:
    """One engine. `used`: models run in it unless an endpoint says otherwise."""

    kind: Kind
    used: bool
    state: str
    version: str | None
    about: About | None
    place: str | None
    next_step: str = ""

    @property
    def details(self) -> list[tuple[str, str]]:
        """What there is to say of it, line by line."""
        lines = {
            "version": self.version,
            "built for": self.about and self.about.features_in_words,
            "GPU": self.about and ("is used" if self.about.gpu else "none: built for the CPU"),
            "place": self.place,
            "next": self.next_step,
        }
        return [(name, text) for name, text in lines.items() if text]

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "kind": self.kind,
            "used": self.used,
            "state": self.state,
            "version": self.version,
            "features": self.about.features if self.about else None,
            "gpu": self.about.gpu if self.about else None,
            "place": self.place,
            "next": self.next_step or None,
        }


def engine_rows(settings: EnginesSettings) -> list[EngineRow]:
    """Looks at both; the library of the first is loaded by a child."""
    direct = _direct(settings)
    return [direct, _server(settings, direct)]


def _direct(settings: EnginesSettings) -> EngineRow:
    asked = settings.worker == "direct"
    version = installed_version()
    if version is None:
        return EngineRow("direct", asked, "not installed", None, None, None, f"run: {INSTALL}")
    try:
        about = load_once()
    except LibraryUnusable as error:
        state = f"installed, and cannot be loaded: {error}"
        step = f"run: {INSTALL} --rebuild"
        return EngineRow("direct", asked, state, version, None, None, step)
    used = settings.worker != "server"
    state = "in use" if used else "installed; the settings ask for the server"
    step = "" if serves(version) else f"run: {INSTALL} (it is written for another version)"
    return EngineRow("direct", used, state, about.build, about, about.place, step)


def _server(settings: EnginesSettings, direct: EngineRow) -> EngineRow:
    used = settings.worker == "server" or (settings.worker == "auto" and not direct.used)
    found = find_spec(SERVER_PACKAGE)
    if found is None or found.origin is None:
        state = f"not installed: there is none for {sys.platform} on {platform.machine()}"
        return EngineRow("server", used, state, None, None, None)
    state = "in use" if used else 'installed; for endpoints with engine = "llama-server"'
    version = f"{SERVER_PACKAGE} {importlib.metadata.version(SERVER_PACKAGE)}"
    place = str(Path(found.origin).parent)
    return EngineRow("server", used, state, version, None, place)
