"""`understudy usage`: its table and plot at every width, and what it says where nothing is."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.io.cli.printable import columns_of, fitted, printable
from understudy.io.cli.usage_view import ASCII_SIGNS, plot_lines, table_lines
from understudy.io.state_days import SUMS
from understudy.io.state_schema import INSERT_TURN, MIGRATIONS, migrate, turn_row
from understudy.protocols.records import TurnOutcome, TurnRecord, Usage
from understudy.protocols.usage.data import row_as_data, row_of_data
from understudy.protocols.usage.plot import bar_cells
from understudy.protocols.usage.sums import Sums, UsageBy, UsageRow

from .stage import Stage

TODAY = time.strftime("%Y-%m-%d")
ONE = TurnRecord(
    "req_1", "c", "work", "claude-x", TurnOutcome.ANSWERED, 200, "end_turn", Usage(1234, 40, 8766),
    0.5, 2.5, began_at=time.time(), day=TODAY, why="claude-x is at work",
)  # fmt: skip
ROW = UsageRow(
    "2026-11-26",
    Sums(
        1050, 1065, 1000, 10, 37, 8, 1_234_567, 488_933, 12_000_000, 0, 1000, 2270.0, 488_933, 9e3
    ),
    2.31,
    4.65,
)


def keep(stage: Stage, *lines: TurnRecord, version: int = len(MIGRATIONS)) -> Path:
    """Makes the state's file, as a server that has ended would have left it."""
    file = stage.home / "state" / "state.db"
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, "state.db")
        for line in lines:
            connection.execute(INSERT_TURN, turn_row(line))
        connection.execute(f"PRAGMA user_version = {version}")
    return file


def test_the_table_stands_to_the_right() -> None:
    small = UsageRow("2026-11-27", Sums(turns=1, attempts=1, refused=1))
    lines = table_lines([row_as_data(ROW), row_as_data(small)], UsageBy.DAY)
    assert lines == [
        f"{left}  {right}".rstrip()
        for left, right in (
            (
                "day         turns  errors  cancelled       input  cached   output",
                "TTFT p50     p95    mean  tokens/s",
            ),
            (
                "2026-11-26  1,050      18         37  13,234,567     91%  488,933",
                "  2.31 s  4.65 s  2.27 s      54.3",
            ),
            ("2026-11-27      1       1          0           0                0", ""),
            (
                "all         1,051      19         37  13,234,567     91%  488,933",
                "                  2.27 s      54.3",
            ),
        )
    ]


def test_a_narrow_terminal_has_fewer_columns_and_no_broken_line() -> None:
    row = attrs.evolve(ROW, name="work/a-model-with-a-name-that-is-quite-long")
    lines: list[str] = []
    for columns in range(1, 140):
        lines = table_lines([row_as_data(row)] * 2, UsageBy.MODEL, columns)
        widest = max(columns_of(line) for line in lines)
        assert widest <= max(columns, 12), (columns, lines)
        assert "1,065" in lines[1]
    assert "attempts" in lines[0]
    assert lines[1].startswith("work/a-model-with-a-name-that-is-quite-long  ")


@given(st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**12))), st.integers(1, 200))
@settings(deadline=None, max_examples=60)
def test_what_is_not_nothing_is_seen(parts: list[tuple[int, int]], cells: int) -> None:
    longest = max((sum(each) for each in parts), default=0)
    for (first, second), (one, other) in zip(parts, bar_cells(parts, cells), strict=True):
        assert one >= 0 <= other
        assert one + other <= cells
        assert bool(one + other) == bool(first + second)
        if one + other > 1 and first and second:
            assert one
            assert other
        if first + second == longest > 0:
            assert one + other == cells


def test_a_plot_has_a_bar_for_each_row() -> None:
    rows = [
        UsageRow("2026-11-25", Sums()),
        UsageRow("2026-11-26", Sums(input_tokens=500, cache_read_tokens=1500)),
    ]
    assert plot_lines([row_as_data(row) for row in rows], 40, ASCII_SIGNS) == [
        "2026-11-25      0",
        "2026-11-26  2,000  #####................",
        "# new input and output   . input from a cache",
    ]


def test_names_of_others_cannot_write_on_a_terminal() -> None:
    name = "work/\x1b]0;title\x07\r\n\u202egpt\x9b2J"
    shown = table_lines([row_as_data(attrs.evolve(ROW, name=name))], UsageBy.MODEL)[1]
    assert shown.isprintable()
    assert shown.startswith(r"work/\x1b]0;title\x07\r\n\u202egpt\x9b2J  ")
    assert printable("plain ü 模型") == "plain ü 模型"
    assert columns_of("模型") == 4
    assert fitted("模型模型", 5) == "模型…"
    assert columns_of(fitted("模型模型", 6)) == 6


@given(st.text(), st.lists(st.integers(0, 9), min_size=len(SUMS), max_size=len(SUMS)))
@settings(deadline=None, max_examples=15)
def test_rows_survive_json(name: str, sums: list[int]) -> None:
    row = UsageRow(name, Sums(*sums))
    assert row_of_data(json.loads(json.dumps(row_as_data(row)))) == row


def test_the_file_is_read_where_no_server_runs_and_left_as_it_was(stage: Stage) -> None:
    file = keep(stage, ONE, attrs.evolve(ONE, turn="req_2", usage=Usage(6)))
    before = file.read_bytes()
    shown = json.loads(stage.run("usage", "--json").stdout)
    [row] = shown["rows"]
    assert (shown["by"], row["name"], row["turns"]) == ("day", TODAY, 2)
    assert (row["input_tokens"], row["first_byte_p95_seconds"]) == (1240, 0.5)
    assert stage.run("usage", "--by", "model").stdout.splitlines()[1].startswith("work/claude-x")
    [of_csv] = csv.DictReader(io.StringIO(stage.run("usage", "--csv", "--days", "1").stdout))
    assert (of_csv["name"], of_csv["cache_read_tokens"]) == (TODAY, "8766")
    plot = stage.run("usage", "--plot").stdout
    assert plot.isascii()
    assert plot.startswith(f"{TODAY}  10,046  #")
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["state.db"]


@pytest.mark.parametrize(
    ("version", "code", "words"),
    [
        (None, 0, "no turn has been kept yet"),
        (1, 0, "was written by an older version"),
        (99, 2, "was written by a newer version (schema 99"),
    ],
)
def test_nothing_is_made_or_changed(stage: Stage, version: Any, code: int, words: str) -> None:
    file = None if version is None else keep(stage, ONE, version=version)
    before = None if file is None else file.read_bytes()
    for arguments in (["usage"], ["usage", "--plot"]):
        done = stage.run(*arguments)
        assert (done.returncode, done.stdout) == (code, "")
        assert words in done.stderr
    if file is None:
        assert not (stage.home / "state").exists()
    else:
        assert file.read_bytes() == before


def test_days_without_a_turn_are_told(stage: Stage) -> None:
    keep(stage, attrs.evolve(ONE, day="2026-01-01"))
    done = stage.run("usage")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing was used from" in done.stderr
    assert "--days 400" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "yesterday"], "'yesterday' is no day: write it as 2026-11-26"),
        (["--since", "9999-01-01"], "is after today"),
        (["--since", "2026-01-01", "--days", "3"], "--since or --days, not both"),
        (["--json", "--csv"], "choose one of --plot, --json and --csv"),
        (["--days", "401"], "401 is not in the range"),
        (["--by", "moon"], "'moon' is not one of"),
    ],
)
def test_wrong_options_are_told(stage: Stage, arguments: list[str], words: str) -> None:
    done = stage.run("usage", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
