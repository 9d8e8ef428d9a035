"""The state's tables, how older ones become newer ones, and what a record looks like as a row.

`ordinal` is the order of time: a turn keeps the place of its first save, a conversation moves to
the front with each save, so that pruning by ordinal takes the oldest turns and the conversations
that were left alone longest. What a row cannot hold is found before anything is written.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ..protocols.records import ConversationRecord, TurnOutcome, TurnRecord, Usage
from ..protocols.tool_uses import ToolUse
from .ports import StateError
from .state_days import STEP_2

if TYPE_CHECKING:
    import sqlite3

Value = str | int | float
Row = tuple[Value, ...]

LAST_CHARACTER: Final = "\U0010ffff"
"""Behind all names that begin alike."""
TEXT_CHARACTERS_MAX: Final = 1_048_576
_INTEGER_MAX: Final = 2**63 - 1
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

MIGRATIONS: Final = (
    (
        """
        CREATE TABLE conversations (
            ordinal INTEGER PRIMARY KEY, conversation TEXT NOT NULL UNIQUE, model TEXT NOT NULL,
            input_tokens INTEGER NOT NULL, turns INTEGER NOT NULL, dieted INTEGER NOT NULL
        )
        """,
        """
        CREATE TABLE turns (
            ordinal INTEGER PRIMARY KEY, turn TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
            endpoint TEXT NOT NULL, model TEXT NOT NULL, outcome TEXT NOT NULL,
            status INTEGER NOT NULL, stop_reason TEXT NOT NULL, input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL, cache_read_tokens INTEGER NOT NULL,
            cache_creation_tokens INTEGER NOT NULL, estimated INTEGER NOT NULL,
            first_byte_seconds REAL NOT NULL, total_seconds REAL NOT NULL, tool_uses TEXT NOT NULL
        )
        """,
    ),
    STEP_2,
    (
        "ALTER TABLE conversations ADD COLUMN choice TEXT NOT NULL DEFAULT ''",
        """
        CREATE TABLE tool_uses (
            ordinal INTEGER PRIMARY KEY, key TEXT NOT NULL, conversation TEXT NOT NULL,
            seen_at REAL NOT NULL, UNIQUE (key, conversation)
        )
        """,
    ),
)
"""Step n takes schema n to schema n + 1. A step that was released is never changed again."""

SELECT_CONVERSATION: Final = """
    SELECT conversation, model, input_tokens, turns, dieted, home, choice
    FROM conversations WHERE conversation = ?
"""
SELECT_NAMED: Final = """
    SELECT conversation, model, input_tokens, turns, dieted, home, choice
    FROM conversations WHERE conversation >= ? AND conversation < ? ORDER BY ordinal DESC LIMIT ?
"""
INSERT_CONVERSATION: Final = """
    INSERT OR REPLACE INTO conversations (
        conversation, model, input_tokens, turns, dieted, home, choice
    )
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
PRUNE_CONVERSATIONS: Final = """
    DELETE FROM conversations WHERE ordinal IN (
        SELECT ordinal FROM conversations ORDER BY ordinal
        LIMIT max(0, (SELECT count(*) FROM conversations) - ?)
    )
"""
_TURN_COLUMNS: Final = (
    "turn", "conversation", "endpoint", "model", "outcome", "status", "stop_reason",
    "input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens", "estimated",
    "first_byte_seconds", "total_seconds", "tool_uses", "began_at", "day", "why", "home",
    "reasoning_tokens", "key_number",
)  # fmt: skip
"""In the order of a turn's row."""
TURN_FIELDS: Final = ", ".join(_TURN_COLUMNS)
SELECT_TURNS: Final = (
    f"SELECT {TURN_FIELDS} FROM turns "  # noqa: S608 our own names alone
    "ORDER BY ordinal DESC LIMIT ?"
)
INSERT_TURN: Final = f"""
    INSERT INTO turns ({TURN_FIELDS}) VALUES ({", ".join("?" * len(_TURN_COLUMNS))})
    ON CONFLICT (turn) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in _TURN_COLUMNS[1:])}
"""  # noqa: S608 our own names alone
PRUNE_TURNS: Final = """
    DELETE FROM turns WHERE ordinal <= (SELECT max(ordinal) FROM turns) - ?
"""
"""Quick however many there are: only the oldest are ever deleted, so their ordinals have no gaps.
Those of conversations have: they are counted."""


INSERT_TOOL_USE: Final = """
    INSERT OR REPLACE INTO tool_uses (key, conversation, seen_at) VALUES (?, ?, ?)
"""
SELECT_TOOL_USES: Final = """
    SELECT key, conversation, seen_at FROM tool_uses WHERE key = ? ORDER BY ordinal
"""
PRUNE_OLD_TOOL_USES: Final = "DELETE FROM tool_uses WHERE seen_at <= ?"
PRUNE_TOOL_USES: Final = """
    DELETE FROM tool_uses WHERE ordinal IN (
        SELECT ordinal FROM tool_uses ORDER BY ordinal
        LIMIT max(0, (SELECT count(*) FROM tool_uses) - ?)
    )
"""


def migrate(
    connection: sqlite3.Connection, file: str, migrations: Sequence[Sequence[str]] = MIGRATIONS
) -> None:
    """Brings the database to the newest schema; each step is one transaction.

    The connection must be in autocommit mode. Raises StateError for a schema from the future.
    """
    while (version := _version(connection)) != len(migrations):
        if version > len(migrations):
            raise StateError(
                f"{file}: was written by a newer version (schema {version}, this version knows "
                f"up to {len(migrations)}); update understudy, or move the file away"
            )
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            # Asked again under the lock: another process may have taken the step meanwhile.
            if _version(connection) == version:
                for statement in migrations[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")


def fits(value: Value) -> bool:
    """Tells whether a column can hold the value and give it back as it was."""
    match value:
        case str():
            return len(value) <= TEXT_CHARACTERS_MAX and not _SURROGATE.search(value)
        case int():
            return abs(value) <= _INTEGER_MAX
        case float():
            return math.isfinite(value)


def conversation_row(record: ConversationRecord) -> Row:
    """A conversation as a row. Raises StateError for what no row can hold."""
    return _checked(
        (
            record.conversation,
            record.model,
            record.input_tokens,
            record.turns,
            int(record.dieted),
            record.home,
            record.choice,
        )
    )


def conversation_record(row: Row) -> ConversationRecord:
    """The conversation that a row of SELECT_CONVERSATION holds."""
    conversation, model, input_tokens, turns, dieted, home, choice = row
    return ConversationRecord(
        conversation=str(conversation),
        model=str(model),
        input_tokens=int(input_tokens),
        turns=int(turns),
        dieted=bool(dieted),
        home=str(home),
        choice=str(choice),
    )


def tool_use_row(record: ToolUse) -> Row:
    """A tool use as a row. Raises StateError for what no row can hold."""
    return _checked((record.key, record.conversation, record.seen_at))


def turn_row(record: TurnRecord) -> Row:
    """A turn as a row. Raises StateError for what no row can hold."""
    usage = record.usage
    return _checked(
        (
            record.turn,
            record.conversation,
            record.endpoint,
            record.model,
            record.outcome.value,
            record.status,
            record.stop_reason,
            usage.input_tokens,
            usage.output_tokens,
            usage.cache_read_tokens,
            usage.cache_creation_tokens,
            int(usage.estimated),
            record.first_byte_seconds,
            record.total_seconds,
            json.dumps(record.tool_uses, ensure_ascii=False),
            record.began_at,
            record.day,
            record.why,
            record.home,
            usage.reasoning_tokens,
            record.key,
        )
    )


def turn_record(row: Row) -> TurnRecord:
    """The turn that a row of SELECT_TURNS holds."""
    return TurnRecord(
        turn=str(row[0]),
        conversation=str(row[1]),
        endpoint=str(row[2]),
        model=str(row[3]),
        outcome=TurnOutcome(row[4]),
        status=int(row[5]),
        stop_reason=str(row[6]),
        usage=Usage(
            input_tokens=int(row[7]),
            output_tokens=int(row[8]),
            cache_read_tokens=int(row[9]),
            cache_creation_tokens=int(row[10]),
            estimated=bool(row[11]),
            reasoning_tokens=int(row[19]),
        ),
        first_byte_seconds=float(row[12]),
        total_seconds=float(row[13]),
        tool_uses=tuple(json.loads(str(row[14]))),
        began_at=float(row[15]),
        day=str(row[16]),
        why=str(row[17]),
        home=str(row[18]),
        key=int(row[20]),
    )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _checked(row: Row) -> Row:
    if not all(fits(value) for value in row):
        raise StateError(
            f"the record of {str(row[0])[:64]!a} cannot be kept: it holds a text that is too "
            "long or no valid Unicode, or a number out of range"
        )
    return row
