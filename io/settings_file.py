"""The settings file on disk: read once at start, watched after.

A change is seen by comparing the file's identity, size and times twice a second. Not by inotify:
it is Linux alone, watches an inode that editors replace by a rename, and cannot watch a file that
does not exist yet; one `stat` costs microseconds. A change is read once it has been quiet for
200 ms, so that a half-written file is not taken for a mistake.

The last good settings stay in force, whatever happens to the file: a file that is wrong, gone or
unreadable is reported as a value, `SettingsRejected`, and the next good one as `Settings`.

Models that were imported have a file of their own beside it, which is read and watched along, so
that the user's file is never written. It is less than the settings: if it is wrong it is reported
and left out, and what it said last stays; if it is gone no models are imported.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

import attrs
import trio

from ..protocols.settings import (
    FILE_BYTES_MAX,
    EndpointSettings,
    Settings,
    SettingsError,
    SettingsProblem,
    parse_models,
    parse_settings,
)

MODELS_FILE: Final = "models.toml"
"""Beside the settings file; `io/models/models_file.py` writes it."""

POLL_SECONDS: Final = 0.5
DEBOUNCE_SECONDS: Final = 0.2
DEBOUNCE_SECONDS_MAX: Final = 2.0
"""A file that never comes to rest is read anyway after this."""

_Seen = tuple[int, int, int, int, int] | str | None


@attrs.frozen
class SettingsRejected:
    """The file has changed and cannot be used; the last good settings stay in force."""

    problems: tuple[SettingsProblem, ...]


SettingsEvent = Settings | SettingsRejected


class SettingsFile:
    """One settings file. `home` is what a leading `~` in it stands for.

    `models_problems` are what was wrong with the file of imported models when it was last read.
    """

    def __init__(self, path: Path, *, home: str = "") -> None:
        self.models_problems: tuple[SettingsProblem, ...] = ()
        self._path = path
        self._models = models_file_of(path)
        self._home = home
        self._seen: tuple[_Seen, _Seen] = ("not looked at yet", "not looked at yet")
        self._imported: tuple[EndpointSettings, ...] = ()
        self._latest: SettingsEvent | None = None

    def load(self) -> Settings:
        """Reads the files now; a missing one gives the defaults. Raises SettingsError."""
        self._seen = self._fingerprints()
        self._read_models()
        try:
            settings = self._read() if self._seen[0] is not None else self._parsed("")
        except SettingsError as error:
            self._latest = SettingsRejected(error.problems)
            raise
        self._latest = settings
        return settings

    async def watch(self, events: trio.MemorySendChannel[SettingsEvent]) -> None:
        """Sends what each change of the files means, from the last `load` on, until cancelled.

        Nothing is sent for a change that changes no setting. Closes `events` when it ends; returns
        when nobody receives any more.
        """
        news: list[SettingsEvent] = []
        if self.models_problems:
            news.append(SettingsRejected(self.models_problems))
        async with events:
            while True:
                try:
                    for event in news:
                        await events.send(event)
                except trio.BrokenResourceError:
                    return
                news = []
                await trio.sleep(POLL_SECONDS)
                if self._fingerprints() != self._seen:
                    news = await self._settled_news()

    async def _settled_news(self) -> list[SettingsEvent]:
        was_there = self._seen[0] is not None
        deadline = trio.current_time() + DEBOUNCE_SECONDS_MAX
        self._seen = self._fingerprints()
        while trio.current_time() < deadline:
            await trio.sleep(DEBOUNCE_SECONDS)
            before, self._seen = self._seen, self._fingerprints()
            if before == self._seen:
                break
        problems = self.models_problems
        self._read_models()
        event = self._event(was_there=was_there)
        changed = event != self._latest
        # Who was told of problems is told that they are gone, though nothing else has changed.
        news = [event] if changed or (problems and not self.models_problems) else []
        self._latest = event
        if self.models_problems and (changed or problems != self.models_problems):
            news.append(SettingsRejected(self.models_problems))
        return news

    def _event(self, *, was_there: bool) -> SettingsEvent:
        if self._seen[0] is None:
            if was_there:
                return _rejected(self._path, "the file was removed; the last good settings stay")
            return self._latest if isinstance(self._latest, SettingsRejected) else self._parsed("")
        try:
            return self._read()
        except SettingsError as error:
            return SettingsRejected(error.problems)

    def _fingerprints(self) -> tuple[_Seen, _Seen]:
        models = None if self._models is None else _fingerprint(self._models)
        return _fingerprint(self._path), models

    def _read(self) -> Settings:
        return self._parsed(_text_of(self._path))

    def _parsed(self, text: str) -> Settings:
        return parse_settings(text, str(self._path), home=self._home, imported=self._imported)

    def _read_models(self) -> None:
        """Takes over what the models' file says; if it is wrong, only what is wrong with it."""
        self.models_problems = ()
        if self._models is None or self._seen[1] is None:
            self._imported = ()
            return
        try:
            self._imported = parse_models(_text_of(self._models), str(self._models))
        except SettingsError as error:
            self.models_problems = error.problems


def models_file_of(settings_file: Path) -> Path | None:
    """The file of imported models that belongs to a settings file; None if it would be the same."""
    path = settings_file.with_name(MODELS_FILE)
    return None if path == settings_file else path


def _fingerprint(path: Path) -> _Seen:
    """What changes when the file does; None if there is no file, words if it can't be seen."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return error.strerror or str(error)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _text_of(path: Path) -> str:
    """The file's text. Raises SettingsError."""
    try:
        # Without waiting: a pipe in the file's place must not stop the server.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SettingsError(_rejected(path, "is not a regular file").problems)
            content = file.read(FILE_BYTES_MAX + 1)
        return content.decode("utf-8-sig")
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise SettingsError(_rejected(path, message).problems) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        rejected = _rejected(path, "is not UTF-8 text; save it as UTF-8", line)
        raise SettingsError(rejected.problems) from None


def _rejected(path: Path, message: str, line: int = 0) -> SettingsRejected:
    return SettingsRejected((SettingsProblem(str(path), line, "", message),))
