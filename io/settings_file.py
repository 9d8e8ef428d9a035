"""The settings file on disk: read once at start, watched after.

A change is seen by comparing the file's identity, size and times twice a second. Not by inotify:
it is Linux alone, watches an inode that editors replace by a rename, and cannot watch a file that
does not exist yet; one `stat` costs microseconds. A change is read once it has been quiet for
200 ms, so that a half-written file is not taken for a mistake.

The last good settings stay in force, whatever happens to the file: a file that is wrong, gone or
unreadable is reported as a value, `SettingsRejected`, and the next good one as `Settings`.
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
    Settings,
    SettingsError,
    SettingsProblem,
    parse_settings,
)

POLL_SECONDS: Final = 0.5
DEBOUNCE_SECONDS: Final = 0.2
DEBOUNCE_SECONDS_MAX: Final = 2.0
"""A file that never comes to rest is read anyway after this."""

_Fingerprint = tuple[int, int, int, int, int]


@attrs.frozen
class SettingsRejected:
    """The file has changed and cannot be used; the last good settings stay in force."""

    problems: tuple[SettingsProblem, ...]


SettingsEvent = Settings | SettingsRejected


class SettingsFile:
    """One settings file. `home` is what a leading `~` in it stands for."""

    def __init__(self, path: Path, *, home: str = "") -> None:
        self._path = path
        self._home = home
        self._seen: _Fingerprint | str | None = "not looked at yet"
        self._latest: SettingsEvent | None = None

    def load(self) -> Settings:
        """Reads the file now; a missing file gives the defaults. Raises SettingsError."""
        self._seen = self._fingerprint()
        try:
            settings = self._read() if self._seen is not None else Settings()
        except SettingsError as error:
            self._latest = SettingsRejected(error.problems)
            raise
        self._latest = settings
        return settings

    async def watch(self, events: trio.MemorySendChannel[SettingsEvent]) -> None:
        """Sends what each change of the file means, from the last `load` on, until cancelled.

        Nothing is sent for a change that changes no setting. Closes `events` when it ends; returns
        when nobody receives any more.
        """
        async with events:
            while True:
                await trio.sleep(POLL_SECONDS)
                if self._fingerprint() == self._seen:
                    continue
                event = await self._settled_event()
                if event == self._latest:
                    continue
                self._latest = event
                try:
                    await events.send(event)
                except trio.BrokenResourceError:
                    return

    async def _settled_event(self) -> SettingsEvent:
        deadline = trio.current_time() + DEBOUNCE_SECONDS_MAX
        self._seen = self._fingerprint()
        while trio.current_time() < deadline:
            await trio.sleep(DEBOUNCE_SECONDS)
            before, self._seen = self._seen, self._fingerprint()
            if before == self._seen:
                break
        if self._seen is None:
            return _rejected(self._path, "the file was removed; the last good settings stay")
        try:
            return self._read()
        except SettingsError as error:
            return SettingsRejected(error.problems)

    def _fingerprint(self) -> _Fingerprint | str | None:
        """What changes when the file does; None if there is no file, words if it can't be seen."""
        try:
            found = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            return error.strerror or str(error)
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def _read(self) -> Settings:
        try:
            # Without waiting: a pipe in the file's place must not stop the server.
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise SettingsError(_rejected(self._path, "is not a regular file").problems)
                content = file.read(FILE_BYTES_MAX + 1)
            text = content.decode("utf-8-sig")
        except OSError as error:
            message = f"cannot be read: {error.strerror}"
            raise SettingsError(_rejected(self._path, message).problems) from None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            rejected = _rejected(self._path, "is not UTF-8 text; save it as UTF-8", line)
            raise SettingsError(rejected.problems) from None
        return parse_settings(text, str(self._path), home=self._home)


def _rejected(path: Path, message: str, line: int = 0) -> SettingsRejected:
    return SettingsRejected((SettingsProblem(str(path), line, "", message),))
