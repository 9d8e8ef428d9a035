"""The file of imported models on disk: read, changed under a lock, replaced in one step.

Two commands at once (a pull that ends while somebody imports) must not lose each other's model: so
the file is read again under the lock, and the lock is a file of its own, because the file itself is
replaced. A reader needs no lock: it sees the old file or the new one. What is about to be written
is read first; a file that could not be read would take all imported models from the server.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from ...protocols.models.models_toml import models_text
from ...protocols.settings import EndpointSettings, SettingsError, parse_models
from ..folders import make_folder

LOCK_SECONDS_MAX: Final = 10.0
LOCK_POLL_SECONDS: Final = 0.05
FILE_MODE: Final = 0o600


class ModelsFileUnusable(Exception):
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
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.new")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise ModelsFileUnusable(
                f"{self.path}: cannot be written: {error.strerror}; free some space, or make "
                "its folder writable"
            ) from None

    @contextmanager
    def _locked(self) -> Generator[None]:
        make_folder(self.path.parent)
        make_folder(self.lock.parent)
        descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        try:
            self._wait_for(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _wait_for(self, descriptor: int) -> None:
        deadline = time.monotonic() + LOCK_SECONDS_MAX
        while True:
            try:
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ModelsFileUnusable(
                        f"another command has held {self.lock} for {LOCK_SECONDS_MAX:g} seconds; "
                        "wait for it, and try again"
                    ) from None
            time.sleep(LOCK_POLL_SECONDS)
