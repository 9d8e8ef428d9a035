"""The state on disk: one SQLite file, used by one thread at a time.

One connection, opened at first use so that start-up pays nothing. Each operation runs as a whole
in a worker thread, and a limiter of one puts them in a row; once begun it is not abandoned, so a
cancelled save has either been written or not begun. BUSY_SECONDS bounds how long another process
can make it wait. Each save is one transaction.

A file that is no database, or is damaged, is moved aside, reported, and begun anew: the state is a
convenience, and a turn must not fail for it. Everything is bounded: the oldest go first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import trio

from ..protocols.records import ConversationRecord, TurnRecord
from ..protocols.tool_uses import TOOL_USE_SECONDS, TOOL_USES_MAX, ToolUse
from ..protocols.usage.sums import UsageBy, UsageRow
from . import state_schema as schema
from .folders import FolderUnusable, make_folder
from .ports import State, StateError
from .state_days import DAY_ROWS_MAX, DAYS_MAX, PRUNE_DAY_ROWS, PRUNE_DAYS
from .state_usage import find_lines, read_usage

if TYPE_CHECKING:
    import sqlite3

TURNS_MAX: Final = 50_000
CONVERSATIONS_MAX: Final = 10_000
CORRUPT_COPIES_MAX: Final = 4
"""Damaged files that are kept for their owner; one more replaces the last of them."""

BUSY_SECONDS: Final = 1.0
CLOSE_SECONDS: Final = 2.0

_SIDE_FILES: Final = ("", "-wal", "-shm")

Result = TypeVar("Result")


class SqliteState(State):
    """The state in `file`. `report` is told, in words for a log, when a damaged file was moved."""

    def __init__(
        self,
        file: Path,
        *,
        report: Callable[[str], None],
        turns_max: int = TURNS_MAX,
        conversations_max: int = CONVERSATIONS_MAX,
        days_max: int = DAYS_MAX,
        day_rows_max: int = DAY_ROWS_MAX,
        tool_uses_max: int = TOOL_USES_MAX,
    ) -> None:
        self._tool_uses_max = tool_uses_max
        self._file = file
        self._report = report
        self._turns_max = turns_max
        self._conversations_max = conversations_max
        self._days_max = days_max
        self._day_rows_max = day_rows_max
        self._newest_day = ""
        self._limiter = trio.CapacityLimiter(1)
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._warnings: list[str] = []
        self._closed = False

    async def load(self, conversation: str) -> ConversationRecord | None:
        """Reads one conversation, or None if it is not known."""
        return await self._run(partial(_load, conversation=conversation))

    async def save(
        self,
        conversations: Sequence[ConversationRecord],
        turns: Sequence[TurnRecord],
        tool_uses: Sequence[ToolUse] = (),
    ) -> None:
        """Writes all of it or, if it raises StateError, nothing of it; later ones win."""
        use_rows = [schema.tool_use_row(record) for record in tool_uses]
        conversation_rows = [schema.conversation_row(record) for record in conversations]
        turn_rows = [schema.turn_row(record) for record in turns]
        newest_day = max((record.day for record in turns), default="")
        await self._run(
            partial(
                self._save,
                conversations=conversation_rows,
                turns=turn_rows,
                newest_day=newest_day,
                tool_uses=use_rows,
            )
        )

    async def tool_uses(self, key: str) -> Sequence[ToolUse]:
        """Reads the tool uses with this digest, the oldest first: one for each conversation."""
        return await self._run(partial(_tool_uses, key=key))

    async def turns(self, *, limit: int) -> Sequence[TurnRecord]:
        """Reads the newest `limit` turns, newest first."""
        assert limit >= 0
        return await self._run(partial(_turns, limit=limit))

    async def usage(self, since: str, until: str, by: UsageBy) -> Sequence[UsageRow]:
        """Adds up the days from `since` to `until`, both included, by what is asked for."""
        return await self._run(partial(read_usage, since=since, until=until, by=by))

    async def find(self, beginning: str) -> Sequence[TurnRecord]:
        """Reads the lines of the turns whose ids begin so, oldest first, up to a limit."""
        return await self._run(partial(find_lines, beginning=beginning))

    async def named(self, beginning: str, *, limit: int) -> Sequence[ConversationRecord]:
        """Reads the conversations whose names begin so, those saved last first."""
        return await self._run(partial(_named, beginning=beginning, limit=limit))

    async def aclose(self) -> None:
        """Closes the file, also when cancelled; safe to call again."""
        self._closed = True
        with trio.move_on_after(CLOSE_SECONDS, shield=True):
            await trio.to_thread.run_sync(self._disconnect, limiter=self._limiter)
        await trio.lowlevel.checkpoint()

    async def _run(self, operation: Callable[[sqlite3.Connection], Result]) -> Result:
        if self._closed:
            await trio.lowlevel.checkpoint()
            raise StateError(f"{self._file}: the state is closed")
        try:
            return await trio.to_thread.run_sync(self._attempt, operation, limiter=self._limiter)
        finally:
            warnings, self._warnings = self._warnings, []
            for warning in warnings:
                self._report(warning)

    def _attempt(self, operation: Callable[[sqlite3.Connection], Result]) -> Result:
        """Runs in the worker thread: once, and once more on a new file if this one is damaged."""
        import sqlite3

        try:
            try:
                return operation(self._connect())
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._move_aside(str(error))
                return operation(self._connect())
        except sqlite3.Error as error:
            raise StateError(
                f"{self._file}: the state cannot be used: {error}; see that the disk has room, "
                "the file is yours and writable, and no other program holds it"
            ) from None
        except OSError as error:
            raise StateError(
                f"{self._file}: the state cannot be used: {error.strerror}; "
                "see that the file and its folder are yours and writable"
            ) from None
        except FolderUnusable as error:
            raise StateError(str(error)) from None
        except ValueError as error:
            raise StateError(
                f"{self._file}: holds a row that this version cannot read ({error}); "
                "update understudy, or move the file away"
            ) from None

    def _connect(self) -> sqlite3.Connection:
        if self._connection is not None:
            return self._connection
        import sqlite3

        make_folder(self._file.parent)
        # Made before SQLite does, which would let others read it; its side files copy the mode.
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
            found = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        self._identity = found.st_dev, found.st_ino
        connection = sqlite3.connect(
            self._file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            schema.migrate(connection, str(self._file))
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _save(
        self,
        connection: sqlite3.Connection,
        conversations: Sequence[schema.Row],
        turns: Sequence[schema.Row],
        newest_day: str,
        tool_uses: Sequence[schema.Row],
    ) -> None:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            if conversations:
                connection.executemany(schema.INSERT_CONVERSATION, conversations)
                connection.execute(schema.PRUNE_CONVERSATIONS, (self._conversations_max,))
            if turns:
                connection.executemany(schema.INSERT_TURN, turns)
                connection.execute(schema.PRUNE_TURNS, (self._turns_max,))
                connection.execute(PRUNE_DAY_ROWS, (self._day_rows_max,))
            if tool_uses:
                connection.executemany(schema.INSERT_TOOL_USE, tool_uses)
                newest = max(float(row[2]) for row in tool_uses)
                connection.execute(schema.PRUNE_OLD_TOOL_USES, (newest - TOOL_USE_SECONDS,))
                connection.execute(schema.PRUNE_TOOL_USES, (self._tool_uses_max,))
            if newest_day > self._newest_day:  # looks at all rows, so not with each save
                connection.execute(PRUNE_DAYS, (self._days_max,))
        self._newest_day = max(newest_day, self._newest_day)

    def _move_aside(self, reason: str) -> None:
        """Moves the damaged file away, unless another process has already put a new one there."""
        self._disconnect()
        found = self._file.stat()
        if (found.st_dev, found.st_ino) != self._identity:
            return
        aside = self._name_aside()
        for suffix in _SIDE_FILES:
            part = Path(f"{self._file}{suffix}")
            if part.exists():
                part.replace(f"{aside}{suffix}")
        self._warnings.append(
            f"{self._file}: the state is damaged ({reason}); it was moved to {aside.name} and a "
            "new one was begun: choices of models and the ledger of turns start afresh"
        )

    def _name_aside(self) -> Path:
        for number in range(1, CORRUPT_COPIES_MAX):
            name = self._file.with_name(f"{self._file.name}.corrupt-{number}")
            if not name.exists():
                return name
        return self._file.with_name(f"{self._file.name}.corrupt-{CORRUPT_COPIES_MAX}")


def _load(connection: sqlite3.Connection, conversation: str) -> ConversationRecord | None:
    if not schema.fits(conversation):
        return None
    row = connection.execute(schema.SELECT_CONVERSATION, (conversation,)).fetchone()
    return None if row is None else schema.conversation_record(row)


def _named(
    connection: sqlite3.Connection, beginning: str, limit: int
) -> Sequence[ConversationRecord]:
    if not schema.fits(beginning):
        return ()
    values = (beginning, beginning + schema.LAST_CHARACTER, limit)
    rows = connection.execute(schema.SELECT_NAMED, values).fetchall()
    return tuple(schema.conversation_record(row) for row in rows)


def _tool_uses(connection: sqlite3.Connection, key: str) -> Sequence[ToolUse]:
    rows = connection.execute(schema.SELECT_TOOL_USES, (key,)).fetchall()
    return tuple(ToolUse(str(row[0]), str(row[1]), float(row[2])) for row in rows)


def _turns(connection: sqlite3.Connection, limit: int) -> Sequence[TurnRecord]:
    rows = connection.execute(schema.SELECT_TURNS, (limit,)).fetchall()
    return tuple(schema.turn_record(row) for row in rows)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tells a damaged file from one that is busy, full or not ours."""
    import sqlite3

    code = getattr(error, "sqlite_errorcode", None)  # absent where the module itself complains
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
