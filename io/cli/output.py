"""What commands show: colours, tables and a spinner on a terminal, plain text everywhere else.

rich is imported only when there is a terminal to be rich on. `NO_COLOR` takes the colours away,
here and in rich itself (no-color.org).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import click

COLUMN_GAP = "  "
COLUMNS_MIN = 20


def is_terminal(stream: TextIO) -> bool:
    """Tells whether a person is looking, on something that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def note(message: str) -> None:
    """Says something to the user, beside the output proper: one line on stderr."""
    click.echo(f"understudy: {message}", err=True)


def show_json(value: Any) -> None:
    """Prints a value as JSON, for other programs and for people alike."""
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def show_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints rows under headings; not on a terminal: columns of plain text, never cut."""
    if is_terminal(sys.stdout):
        _show_rich_table(headings, rows)
        return
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo(COLUMN_GAP.join(cells).rstrip())


def show_details(details: Sequence[tuple[str, str]]) -> None:
    """Prints names and texts in two columns, folded on a terminal."""
    width = max((len(name) for name, _ in details), default=0)
    indent = len(COLUMN_GAP) * 2 + width
    for name, text in details:
        first, *more = folded(text, indent) or [""]
        click.echo(f"{COLUMN_GAP}{name.ljust(width)}{COLUMN_GAP}{first}")
        for line in more:
            click.echo(f"{' ' * indent}{line}")


def styled(text: str, colour: str) -> str:
    """Colours a text for stdout if that is a terminal and nobody asked for none; "" is bold."""
    if not is_terminal(sys.stdout) or os.environ.get("NO_COLOR"):
        return text
    return click.style(text, fg=colour or None, bold=True)


def folded(text: str, indent_columns: int) -> list[str]:
    """Folds a text into lines for stdout if that is a terminal; words and paths stay whole."""
    if not is_terminal(sys.stdout):
        return [text] if text else []
    import shutil
    import textwrap

    columns = max(shutil.get_terminal_size().columns - indent_columns, COLUMNS_MIN)
    return textwrap.wrap(text, columns, break_long_words=False, break_on_hyphens=False)


@contextmanager
def spinner(message: str) -> Generator[None]:
    """Shows on a terminal's stderr that something is under way, while the block runs."""
    if not is_terminal(sys.stderr):
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(message, spinner="dots"):
        yield


def _show_rich_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
