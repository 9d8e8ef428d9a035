"""The settings file on disk: read once at start, watched after.

A change is seen by comparing the file's identity, size and times twice a second. Not by inotify:
it is Linux alone, watches an inode that editors replace by a rename, and cannot watch a file that
does not exist yet; one `stat` costs microseconds. A change is read once it has been quiet for
200 ms, so that a half-written file is not taken for a mistake.

The last good settings stay in force, whatever happens to the file: a file that is wrong, gone or
unreadable is reported as a value, `SettingsRejected`, and the next good one as `Settings`.

What stands beside it is read and watched along: settings_beside says what that is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import attrs
import trio

from ..protocols.settings import Settings, SettingsError, SettingsProblem, parse_settings
from .default_file import DEFAULT_FILE, DefaultFile
from .settings_beside import (
    ENDPOINTS_FILE,
    MODELS_FILE,
    FilesBeside,
    Seen,
    beside,
    fingerprint,
    text_of,
    unreadable,
)

POLL_SECONDS: Final = 0.5
DEBOUNCE_SECONDS: Final = 0.2
DEBOUNCE_SECONDS_MAX: Final = 2.0
"""A file that never comes to rest is read anyway after this."""


@attrs.frozen
class SettingsRejected:
    """The file has changed and cannot be used; the last good settings stay in force."""

    problems: tuple[SettingsProblem, ...]


SettingsEvent = Settings | SettingsRejected


class SettingsFile:
    """One settings file. `home` is what a leading `~` in it stands for."""

    def __init__(self, path: Path, *, home: str = "") -> None:
        self._path = path
        self._beside = FilesBeside(path)
        self._home = home
        self._seen: tuple[Seen, ...] = ("not looked at yet",)
        self._latest: SettingsEvent | None = None

    @property
    def problems_beside(self) -> tuple[SettingsProblem, ...]:
        """What was wrong with the files beside the settings when they were last read."""
        return self._beside.problems

    def load(self) -> Settings:
        """Reads the files now; a missing one gives the defaults. Raises SettingsError."""
        self._seen = self._fingerprints()
        self._beside.read()
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
        if self.problems_beside:
            news.append(SettingsRejected(self.problems_beside))
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
        problems = self.problems_beside
        self._beside.read()
        event = self._event(was_there=was_there)
        changed = event != self._latest
        # Who was told of problems is told that they are gone, though nothing else has changed.
        news = [event] if changed or (problems and not self.problems_beside) else []
        self._latest = event
        if self.problems_beside and (changed or problems != self.problems_beside):
            news.append(SettingsRejected(self.problems_beside))
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

    def _fingerprints(self) -> tuple[Seen, ...]:
        return fingerprint(self._path), *self._beside.fingerprints()

    def _read(self) -> Settings:
        return self._parsed(text_of(self._path))

    def _parsed(self, text: str) -> Settings:
        found = self._beside
        settings = parse_settings(
            text,
            str(self._path),
            home=self._home,
            imported=found.endpoints,
            providers=found.providers,
        )
        return attrs.evolve(settings, default=found.default) if found.default else settings


def models_file_of(settings_file: Path) -> Path | None:
    """The file of imported models that belongs to a settings file; None if it would be the same."""
    return beside(settings_file, MODELS_FILE)


def endpoints_file_of(settings_file: Path) -> Path | None:
    """The file of endpoints that were added; None if it would be the same."""
    return beside(settings_file, ENDPOINTS_FILE)


def default_file_of(settings_file: Path) -> DefaultFile | None:
    """The file of the default that was set by command; None if it would be the same."""
    path = beside(settings_file, DEFAULT_FILE)
    return None if path is None else DefaultFile(path)


def _rejected(path: Path, message: str) -> SettingsRejected:
    return SettingsRejected((unreadable(path, message),))
