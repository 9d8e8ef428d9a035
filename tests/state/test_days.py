"""Schema step 2: older files come to it whole, and its triggers count as the pure sums do."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.io import state_days
from understudy.io.state import SqliteState
from understudy.io.state_schema import INSERT_TURN, migrate, turn_row
from understudy.io.state_usage import read_usage
from understudy.protocols.records import ConversationRecord, TurnOutcome, TurnRecord, Usage
from understudy.protocols.usage import sums
from understudy.protocols.usage.sums import Sums, UsageBy
from understudy.simulations.state_usage import Days, count_line, usage_rows

UNHURRIED = settings(deadline=None, max_examples=60)  # a busy machine is not a failure
COUNTS = st.integers(0, 10**6)
SECONDS = st.sampled_from([-1.0, 0.0, 0.25, 1.0, 7.5, 1000.0])
LINES = st.builds(
    TurnRecord,
    turn=st.sampled_from(["a", "a~2", "b", "b~2", "b~3", "c"]),
    conversation=st.sampled_from(["x", "y"]),
    endpoint=st.sampled_from(["", "work", "home"]),
    model=st.sampled_from(["m", "n"]),
    outcome=st.sampled_from(TurnOutcome),
    status=st.just(200),
    stop_reason=st.just(""),
    usage=st.builds(Usage, COUNTS, COUNTS, COUNTS, COUNTS),
    first_byte_seconds=SECONDS,
    total_seconds=SECONDS,
    day=st.sampled_from(["", "2026-11-25", "2026-11-26"]),
)


@UNHURRIED
@given(st.lists(LINES, max_size=12))
def test_the_triggers_count_as_the_pure_sums_do(lines: Sequence[TurnRecord]) -> None:
    days, kept = Days(), dict[str, TurnRecord]()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, "memory")
        for line in lines:
            connection.execute(INSERT_TURN, turn_row(line))
            count_line(days, kept.get(line.turn), line)
            kept[line.turn] = line
        dated = [line for line in kept.values() if line.day]
        for by in UsageBy:
            found = read_usage(connection, "2026", "2027", by)
            for row, expected in zip(found, usage_rows(days, dated, by), strict=True):
                assert row == attrs.evolve(expected, sums=row.sums)
                assert attrs.astuple(row.sums) == pytest.approx(attrs.astuple(expected.sums))


def test_a_row_is_read_in_the_order_of_its_sums() -> None:
    assert list(state_days.SUMS) == [field.name for field in attrs.fields(Sums)]
    assert state_days.RATE_TOKENS_PER_SECOND_MAX == sums.RATE_TOKENS_PER_SECOND_MAX


async def test_a_file_of_the_first_schema_comes_to_this_one_whole(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((Path(__file__).parent / "schema_1.sql").read_text("utf-8"))
    state = SqliteState(file, report=pytest.fail)
    assert await state.load("c1") == ConversationRecord("c1", "work/claude-x", 1200, 2, dieted=True)
    refused, cancelled, answered = await state.turns(limit=9)
    assert answered == TurnRecord(
        "req_1",
        "c1",
        "work",
        "claude-x",
        TurnOutcome.ANSWERED,
        200,
        "tool_use",
        Usage(3, 40, 90, 5),
        0.5,
        2.5,
        ("toolu_1", "toolu_2"),
    )
    assert [line.turn for line in (cancelled, refused)] == ["req_2", "req_3"]
    assert [line.began_at for line in (answered, cancelled)] == [0.0, 0.0], "nobody knows"
    assert await state.usage("", "9999", UsageBy.DAY) == (), "of which day nobody knows either"
    await state.save([], [attrs.evolve(cancelled, turn="req_4", day="2026-11-26")])
    [day] = await state.usage("", "9999", UsageBy.DAY)
    assert (day.name, day.sums.turns, day.sums.cancelled) == ("2026-11-26", 1, 1)
    await state.aclose()
    with closing(sqlite3.connect(file)) as connection:
        migrated = shape(connection)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh, "memory")
        assert shape(fresh) == migrated


def shape(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    """Everything that the database is made of."""
    return connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()


def test_the_sums_of_days_hold_no_prompt() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, "memory")
        texts = [
            f"{table}.{row[1]}"
            for table in ("conversations", "turns", "days")
            for row in connection.execute(f"PRAGMA table_info({table})")
            if row[2] == "TEXT"
        ]
    assert texts == [
        "conversations.conversation",
        "conversations.model",
        "conversations.home",
        "conversations.choice",
        "turns.turn",
        "turns.conversation",
        "turns.endpoint",
        "turns.model",
        "turns.outcome",
        "turns.stop_reason",
        "turns.tool_uses",
        "turns.day",
        "turns.why",
        "turns.home",
        "days.day",
        "days.endpoint",
        "days.model",
    ], "a text that is kept is a place for a prompt: think twice"
