"""The file of imported models on disk: read, changed under a lock, replaced in one step.

Two commands at once (a pull that ends while somebody imports) must not lose each other's model: so
the file is read again under the lock, and the lock is a file of its own, because the file itself is
replaced. A reader needs no lock: it sees the old file or the new one. What is about to be written
is read first; a file that could not be read would take all imported models from the server.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import attrs

from ...protocols.models.models_toml import models_text
from ...protocols.settings import EndpointSettings, SettingsError, parse_models
from ..folders import make_folder
from ..locked_file import FileUnusable, locked, replace_text

ModelsFileUnusable = FileUnusable
"""The file cannot be changed now; the message says why and what to do."""


@attrs.frozen
class ModelsFile:
    """The file at `path`, guarded by `lock`."""

    path: Path
    lock: Path

    def endpoints(self) -> tuple[EndpointSettings, ...]:
        """What is imported. Raises ModelsFileUnusable."""
        try:
            return parse_models(self.path.read_text("utf-8"), str(self.path))
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise ModelsFileUnusable(f"{self.path}: cannot be read: {error}") from None
        except SettingsError as error:
            raise ModelsFileUnusable(
                f"{error}\nnothing is imported or removed until that is put right; or move "
                f"{self.path} away, and import the models again"
            ) from None

    def put(self, endpoint: EndpointSettings) -> None:
        """Adds an endpoint, in the place of one of the same name. Raises ModelsFileUnusable."""
        with self._locked():
            before = self.endpoints()
            names = [each.name for each in before]
            if endpoint.name in names:
                index = names.index(endpoint.name)
                self._write((*before[:index], endpoint, *before[index + 1 :]))
            else:
                self._write((*before, endpoint))

    def take(self, name: str) -> EndpointSettings | None:
        """Takes an endpoint out and returns it; None if there is none. Raises ModelsFileUnusable"""
        with self._locked():
            before = self.endpoints()
            taken = next((each for each in before if each.name == name), None)
            if taken is not None:
                self._write(each for each in before if each is not taken)
            return taken

    def _write(self, endpoints: Iterable[EndpointSettings]) -> None:
        text = models_text(endpoints)
        try:
            parse_models(text, str(self.path))
        except SettingsError as error:
            raise ModelsFileUnusable(f"this cannot be imported: {error}") from None
        replace_text(self.path, text)

    @contextmanager
    def _locked(self) -> Generator[None]:
        make_folder(self.path.parent)
        with locked(self.lock):
            yield
