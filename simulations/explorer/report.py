"""What is said of a finding: its words, its chart, and the commands that run it again.

A finding is first made small, if that is wanted: few faults, few deviations from the order of age.
The chart is then that of the small run. What is kept of it is a file of a few lines; without a
folder to put it in, the file is part of the command.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable
from itertools import chain, count
from pathlib import Path
from typing import Any

import attrs
import click

from ...io.cli.errors import CannotRun
from ...io.cli.output import is_terminal, styled
from ..world.chronicle import Happening
from ..world.run import Result
from .case import Case
from .chart_svg import chart_svg
from .chart_text import COLUMNS_MAX, chart_lines
from .regression import encode
from .runner import Runner
from .shrink import shrink
from .tally import Finding

CHART_ROWS = 40
"""The end of a failing run, which is where to look first."""
COLUMNS_MIN = 60
COMMAND = "understudy simulate"
SHRINK_RUNS_MAX = 400
REPORTS_MAX = 10
"""Findings that are told in full; of the others only the command."""


@attrs.frozen
class Report:
    """A finding, looked into. `result` is the traced run of `case`, None if it cannot be run."""

    finding: Finding[Case]
    case: Case
    result: Result | None = None
    regression: str = ""
    file: Path | None = None

    @property
    def complaint(self) -> str | None:
        """What the run of `case` says of the finding; None if it does not happen again."""
        return None if self.result is None else self.finding.same_complaint(self.result)

    @property
    def command(self) -> str:
        """What runs the case as it was found."""
        return command_of(self.finding.case)

    @property
    def replay(self) -> str:
        """What runs the regression file."""
        if self.file is not None:
            return f"{COMMAND} --replay {shlex.quote(str(self.file))}"
        return f"{COMMAND} --replay - <<'END'\n{self.regression.rstrip()}\nEND"

    def as_json(self) -> dict[str, Any]:
        """For other programs."""
        found = self.finding
        return {
            "scenario": found.case.scenario,
            "seed": found.case.seed,
            "policy": found.case.policy,
            "complaints": list(found.complaints),
            "runs": found.runs,
            "command": self.command,
            "regression": self.regression or None,
            "file": None if self.file is None else str(self.file),
        }


def command_of(case: Case) -> str:
    """What shows a run that is drawn from its seed alone."""
    name = shlex.quote(case.scenario)
    return f"{COMMAND} --scenario {name} --seeds {case.seed} --policy {case.policy} --trace"


def investigate(
    finding: Finding[Case],
    runner: Runner,
    *,
    shrinks: bool,
    folder: Path | None,
    interrupted: Callable[[], bool],
) -> Report:
    """Makes a finding small, runs it once more with a trace, and writes what is kept of it.

    An interrupted one stays as large as it was found, and nothing is kept.
    """
    if finding.told_only:
        return Report(finding, finding.case)
    case = _shrunk(finding, runner, interrupted) if shrinks else finding.case
    report = Report(finding, case, runner.traced(case))
    if not shrinks or interrupted() or report.complaint is None:
        return report
    report = attrs.evolve(report, regression=encode(case, report.complaint).decode())
    return report if folder is None else _saved(report, folder)


class _Interrupted(Exception):
    """No more runs are wanted."""


def _shrunk(finding: Finding[Case], runner: Runner, interrupted: Callable[[], bool]) -> Case:
    def fails(case: Case) -> Result | None:
        if interrupted():
            raise _Interrupted
        result = runner(case)
        return None if finding.same_complaint(result) is None else result

    try:
        return shrink(finding.case, fails, budget_runs=SHRINK_RUNS_MAX)
    except (ValueError, _Interrupted):  # ValueError: it does not fail again, as the report will say
        return finding.case


def _saved(report: Report, folder: Path) -> Report:
    """Writes the regression file, beside any other of this name."""
    stem = f"{report.case.scenario}-{report.case.seed}"
    names = chain([f"{stem}.json"], (f"{stem}-{number}.json" for number in count(2)))
    path = next(path for name in names if _is_free(path := folder / name, report.regression))
    write(path, report.regression)
    return attrs.evolve(report, file=path)


def _is_free(path: Path, text: str) -> bool:
    return not path.exists() or path.read_bytes() == text.encode()


def write(path: Path, text: str) -> None:
    """Writes a file, and the folders above it. Raises CannotRun."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CannotRun(f"cannot write {path}: {error.strerror}; name another place") from None


def show(report: Report, number: int) -> None:
    """Prints a report."""
    found = report.finding
    show_found(found, number, counted(found.runs, "run"))
    if report.result is not None:
        show_chart(report.result.happenings, last=CHART_ROWS)
        click.echo()
    click.echo(f"again:  {report.command}")
    if report.result is not None and report.complaint is None:
        click.echo("        It did not happen again: --check says where two of its runs part.")
    if report.regression:
        faults = counted(len(report.case.strikes or ()), "fault")
        deviations = counted(len(report.case.schedule or {}), "deviation")
        click.echo(f"small:  {faults}, {deviations} from the order of age")
        click.echo(f"keep:   {report.replay}")
    click.echo()


def show_found(found: Finding[Any], number: int, runs: str) -> None:
    """Prints what was found in so many runs, and what the first of them complains of."""
    click.echo(styled(f"found {number}: {found.case}, in {runs}", "red"))
    for words in found.complaints:
        click.echo(f"  {words}")
    click.echo()


def counted(number: int, name: str) -> str:
    """So many of them, in words."""
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"


def show_chart(happenings: tuple[Happening, ...], *, last: int | None = None) -> None:
    """Prints a chart, as wide as the terminal allows."""
    columns = COLUMNS_MAX
    if is_terminal(sys.stdout):
        columns = min(max(shutil.get_terminal_size().columns, COLUMNS_MIN), COLUMNS_MAX)
    for line in chart_lines(happenings, last=last, columns=columns):
        click.echo(styled(line.text, "red") if line.fault else line.text)


def draw(path: Path, case: Case, result: Result, *, last: int | None = None) -> None:
    """Writes the picture of a run. Raises CannotRun."""
    title = f"{case.scenario}, seed {case.seed}, policy {case.policy}"
    write(path, chart_svg(result.happenings, title, last=last))
