"""The file of endpoints that were added: read, changed under a lock, replaced in one step.

What is about to be written is read first, as the server will read it: a file that could not be read
would take all added endpoints from it. The file as it was stays beside it as `.bak`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

import attrs

from ...protocols.providers.endpoints_toml import EndpointTable, endpoints_text
from ...protocols.providers.provider import Providers
from ...protocols.settings import SettingsError, parse_models
from ..folders import make_folder
from ..locked_file import FileUnusable, locked, replace_text

BACKUP_SUFFIX: Final = ".bak"


@attrs.frozen
class EndpointsFile:
    """The file at `path`, guarded by `lock`; its endpoints may name these providers."""

    path: Path
    lock: Path
    providers: Providers

    def tables(self) -> list[EndpointTable]:
        """What was added, as it is written. Raises FileUnusable."""
        try:
            text = self.path.read_text("utf-8")
            parse_models(text, str(self.path), self.providers)
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise FileUnusable(f"{self.path}: cannot be read: {error}") from None
        except SettingsError as error:
            raise FileUnusable(
                f"{error}\nnothing is added or removed until that is put right; or move "
                f"{self.path} away, and add the endpoints again"
            ) from None
        return cast(list[EndpointTable], tomllib.loads(text).get("endpoint", []))

    def put(self, table: EndpointTable) -> None:
        """Adds an endpoint, in the place of one of the same name. Raises FileUnusable."""
        with self._changing() as tables:
            places = [n for n, each in enumerate(tables) if each["name"] == table["name"]]
            if places:
                tables[places[0]] = table
            else:
                tables.append(table)
            self._write(tables)

    def take(self, name: str) -> EndpointTable | None:
        """Takes an endpoint out and returns it; None if it is not there. Raises FileUnusable."""
        with self._changing() as tables:
            taken = next((each for each in tables if each["name"] == name), None)
            if taken is not None:
                self._write([each for each in tables if each is not taken])
            return taken

    @contextmanager
    def _changing(self) -> Generator[list[EndpointTable]]:
        make_folder(self.path.parent)
        with locked(self.lock):
            yield self.tables()

    def _write(self, tables: list[EndpointTable]) -> None:
        text = endpoints_text(tables)
        try:
            parse_models(text, str(self.path), self.providers)
        except SettingsError as error:
            raise FileUnusable(f"this cannot be added: {error}") from None
        if self.path.exists():
            backup = self.path.with_name(self.path.name + BACKUP_SUFFIX)
            replace_text(backup, self.path.read_text("utf-8"))
        replace_text(self.path, text)
