"""`understudy usage`: what was used, by day, endpoint, model or conversation."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import click

from ...protocols.usage.data import row_as_data
from ...protocols.usage.days import day_at, day_number, days_between
from ...protocols.usage.sums import Sums, UsageBy, UsageRow
from ..calendar import WallCalendar
from ..folders import Folders
from ..state_days import DAYS_MAX
from ..state_reading import NothingKept
from .errors import CannotRun
from .ledger import Ledger
from .output import is_terminal, note, show_json, styled
from .usage_view import ASCII_SIGNS, PLAIN_COLUMNS, UNICODE_SIGNS, plot_lines, table_lines

DAYS_SHOWN: Final = 14

Rows = Sequence[Mapping[str, Any]]


@attrs.frozen
class Span:
    """Some days, both ends included."""

    since: str
    until: str


@click.command("usage")
@click.option(
    "--by",
    type=click.Choice([by.value for by in UsageBy]),
    default=UsageBy.DAY.value,
    help="What a row is about.  [default: day]",
)
@click.option("--since", metavar="DAY", help="The first day, as 2026-11-26.")
@click.option(
    "--days",
    type=click.IntRange(1, DAYS_MAX),
    help=f"So many days up to today.  [default: {DAYS_SHOWN}]",
)
@click.option("--plot", is_flag=True, help="Draw the tokens as bars.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, with a line of headings.")
def command(
    by: str, since: str | None, days: int | None, plot: bool, as_json: bool, as_csv: bool
) -> None:
    """Show what was used: turns, tokens, waits and speed.

    Counts come from the running server, or from its file where none runs. A turn that was tried at
    two places is one turn of its day, and an attempt at each.

    \b
    Examples:
      understudy usage
      understudy usage --by model --days 30
      understudy usage --plot
      understudy usage --csv --since 2026-11-01
    """
    if plot + as_json + as_csv > 1:
        raise CannotRun("choose one of --plot, --json and --csv")
    span = _span(since, days)
    ledger = Ledger.find(Folders.from_environment(os.environ))
    rows, remark = _rows(ledger, span, UsageBy(by))
    if as_json:
        show_json({**attrs.asdict(span), "by": by, "from": ledger.place, "rows": rows})
    elif as_csv:
        _show_csv(rows)
    elif not rows:
        note(remark)
    elif plot:
        _show_plot(_with_gaps(rows, span) if by == UsageBy.DAY.value else rows)
    else:
        _show_table(rows, UsageBy(by))


def _span(since: str | None, days: int | None) -> Span:
    """The days that are meant. Raises CannotRun."""
    calendar = WallCalendar()
    today = calendar.day(calendar.now())
    if since is None:
        return Span(day_at(day_number(today) - (days or DAYS_SHOWN) + 1), today)
    if days is not None:
        raise CannotRun("give --since or --days, not both")
    try:
        if day_number(since) > day_number(today):
            raise CannotRun(f"--since {since}: is after today, which is {today}")
    except ValueError as error:
        raise CannotRun(f"--since {error}") from None
    return Span(since, today)


def _rows(ledger: Ledger, span: Span, by: UsageBy) -> tuple[Rows, str]:
    """The rows, and what to say where there are none."""
    try:
        rows = ledger.usage(span.since, span.until, by)
    except NothingKept as error:
        return (), str(error)
    return rows, (
        f"nothing was used from {span.since} to {span.until}: `--days {DAYS_MAX}` looks further "
        "back, and `understudy ask` makes a beginning"
    )


def _with_gaps(rows: Rows, span: Span) -> Rows:
    """The days from the first that was used, also those on which nothing was."""
    known = {str(row["name"]): row for row in rows}
    days = days_between(min(known), span.until)
    return [known.get(day) or row_as_data(UsageRow(day, Sums())) for day in days]


def _show_table(rows: Rows, by: UsageBy) -> None:
    columns = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else 0
    heading, *lines = table_lines(rows, by, columns)
    click.echo(styled(heading, ""))
    for line in lines:
        click.echo(line)


def _show_plot(rows: Rows) -> None:
    terminal = is_terminal(sys.stdout)
    columns = shutil.get_terminal_size().columns if terminal else PLAIN_COLUMNS
    for line in plot_lines(rows, columns, UNICODE_SIGNS if terminal else ASCII_SIGNS):
        click.echo(line)


def _show_csv(rows: Rows) -> None:
    import csv

    headings = list(row_as_data(UsageRow("", Sums())))
    writer = csv.DictWriter(sys.stdout, headings, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
