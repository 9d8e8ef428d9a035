"""What an installation may change of an environment, kept so that it can be put back.

Only two things can change: the files of llama-cpp-python itself, of which a copy is made, and
dependencies of it that were not there. Those that were there are pinned as they are (`pins`), so
that pip cannot exchange them: it says that it would have to, and stops.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import shutil
from pathlib import Path
from typing import Final

import attrs

from .llama_recipe import DISTRIBUTION

DEPENDENCIES: Final = ("diskcache", "jinja2", "markupsafe", "numpy", "typing-extensions")
"""What llama-cpp-python asks for, and what that asks for."""


@attrs.frozen
class Snapshot:
    """The environment before. `files` are pairs: where a file belongs, and its copy."""

    versions: dict[str, str]
    files: tuple[tuple[Path, Path], ...]

    @classmethod
    def taken(cls, folder: Path) -> Snapshot:
        """Looks at the environment and copies what is there of the package into the folder."""
        importlib.invalidate_caches()
        return cls(_versions(), tuple(_copied(folder)))

    @property
    def pins(self) -> str:
        """Constraints for pip."""
        return "".join(f"{name}=={version}\n" for name, version in self.versions.items())

    def came_since(self) -> list[str]:
        """The distributions that are there now and were not: they are to be taken out again."""
        importlib.invalidate_caches()
        return [name for name in _versions() if name not in self.versions]

    def put_back(self) -> None:
        """Puts the package's files where they were; what is there now has been uninstalled."""
        for place, copy in self.files:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(copy, place)


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in DEPENDENCIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _copied(folder: Path) -> list[tuple[Path, Path]]:
    try:
        files = importlib.metadata.files(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    places = [Path(str(each.locate())) for each in files]
    pairs = [(place, folder / str(number)) for number, place in enumerate(places)]
    present = [(place, copy) for place, copy in pairs if place.is_file()]
    folder.mkdir()
    for place, copy in present:
        shutil.copy2(place, copy)
    return present
