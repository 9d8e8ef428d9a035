"""What `understudy simulate` does: searches, replays, shows, and sums up.

The product is handed in by whoever may import it. Results go to stdout and progress to stderr; the
last line is a summary. The exit status is 0 only if nothing was found, 1 if something was, and 130
if Ctrl-C came before anything was found.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import click

from ...io.cli.errors import CannotRun
from ...io.cli.output import note, show_json, show_table, spinner
from ...io.cli.simulate import Plan
from ..exhaustive.sets import exhaustive_sets
from ..scenarios.catalogue import SCENARIOS
from ..world.run import Result
from . import jobs
from .case import Case
from .plan import cases, policy_of
from .points import explore_points
from .progress import Progress
from .regression import RegressionError, decode
from .report import REPORTS_MAX, Report, counted, draw, investigate, show, show_chart
from .runner import Runner
from .search import search
from .tally import Tally

FOUND, INTERRUPTED = 1, 130
STDIN = Path("-")


@attrs.frozen
class ProductExplorer:
    """Explores a product, which is a module: other processes import it by its name."""

    module: ModuleType

    def scenarios(self) -> Mapping[str, str]:
        """See Explorer.scenarios."""
        return {name: _first_sentence(story.__doc__ or "") for name, story in SCENARIOS.items()}

    def sets(self) -> Mapping[str, str]:
        """See Explorer.sets."""
        return {name: each.words for name, each in exhaustive_sets().items()}

    def explore(self, plan: Plan) -> int:
        """See Explorer.explore."""
        if plan.point or plan.points or plan.exhaustive:
            found, whole = explore_points(plan, self.module.__name__)
            return _status(found, interrupted=not whole)
        if plan.replay is not None:
            return self._show_one(plan, read_case(plan.replay))
        if plan.trace:
            [seed], [scenario] = plan.seeds, plan.scenarios
            return self._show_one(plan, Case(scenario, seed, policy_of(plan, seed)))
        return self._search(plan)

    def _show_one(self, plan: Plan, case: Case) -> int:
        tally = Tally()
        with Progress(tally, 1) as progress:
            result = self._runner(plan).traced(case)
        tally.take(case, result)
        if plan.as_json:
            show_json(_run_as_json(case, result))
        else:
            show_chart(result.happenings)
            click.echo("\n".join(["", *(f"found: {words}" for words in result.complaints)]))
        if plan.svg is not None:
            draw(plan.svg, case, result)
        _show_coverage(plan, tally)
        click.echo(summary(progress, tally, 1), err=plan.as_json)
        return _status(tally.failed)

    def _search(self, plan: Plan) -> int:
        scenarios = plan.scenarios or tuple(SCENARIOS)
        runs = len(plan.seeds) * len(scenarios)
        by_time = plan.seconds > 0
        tally = Tally()
        progress = Progress(tally, plan.seconds if by_time else runs, by_time)
        todo = cases(plan, scenarios)
        interrupted = not search(todo, self._runner(plan), plan.jobs, tally, progress)
        summed_up = summary(progress, tally, len(scenarios), interrupted=interrupted)
        seconds = progress.seconds
        reports = self._look_into(plan, tally, shrinks=plan.shrink and not interrupted)
        if plan.as_json:
            show_json(_search_as_json(tally, seconds, scenarios, reports, interrupted))
        _draw_first(plan, reports)
        _show_coverage(plan, tally)
        click.echo(summed_up, err=plan.as_json)
        return _status(tally.failed, interrupted=interrupted)

    def _look_into(self, plan: Plan, tally: Tally, *, shrinks: bool) -> list[Report]:
        """Looks into each finding and shows it; of very many only the first."""
        runner = self._runner(plan)
        reports: list[Report] = []
        with jobs.interrupts_held() as interrupted:
            for number, finding in enumerate(tally.findings, 1):
                report = Report(finding, finding.case)
                if number <= REPORTS_MAX:
                    with spinner(f"looking into {finding.case.scenario}, seed {finding.case.seed}"):
                        report = investigate(
                            finding,
                            runner,
                            shrinks=shrinks,
                            folder=plan.save,
                            interrupted=interrupted,
                        )
                reports.append(report)
                if not plan.as_json:
                    show(report, number)
        return reports

    def _runner(self, plan: Plan) -> Runner:
        return Runner(self.module.__name__, plan.check)


def read_case(file: Path) -> Case:
    """Reads a regression file, or stdin for `-`. Raises CannotRun."""
    name = "stdin" if file == STDIN else str(file)
    try:
        data = sys.stdin.buffer.read() if file == STDIN else file.read_bytes()
    except OSError as error:
        raise CannotRun(f"cannot read {file}: {error.strerror}; name another file") from None
    try:
        return decode(data, name).case
    except RegressionError as error:
        raise CannotRun(str(error)) from None


def _status(found: int, *, interrupted: bool = False) -> int:
    return FOUND if found else INTERRUPTED if interrupted else 0


def summary(progress: Progress, tally: Tally, scenarios: int, *, interrupted: bool = False) -> str:
    """The last line."""
    seeds = 0 if tally.first_seed is None else tally.last_seed - tally.first_seed + 1
    kinds = f" of {counted(len(tally.findings), 'kind')}" if tally.failed else ""
    words = (
        f"{counted(seeds, 'seed')} of {counted(scenarios, 'scenario')}, "
        f"{counted(tally.runs, 'run')}, {tally.failed:,} found{kinds}, "
        f"{progress.seconds:,.1f} s: {progress.pace()}"
    )
    return f"interrupted: {words}" if interrupted else words


def _first_sentence(text: str) -> str:
    words = " ".join(text.split("\n\n")[0].split())
    return words.partition(". ")[0].rstrip(".") + "." if words else ""


def _draw_first(plan: Plan, reports: Sequence[Report]) -> None:
    if plan.svg is None:
        return
    for report in reports:
        if report.result is not None:
            draw(plan.svg, report.case, report.result)
            return
    note(f"nothing was found, so {plan.svg} is not written; --trace draws any run")


def _show_coverage(plan: Plan, tally: Tally) -> None:
    if plan.coverage is None or plan.as_json:
        return
    coverage = tally.coverage
    if plan.coverage == "markdown":
        click.echo(coverage.as_markdown())
        return
    headings, rows = coverage.table()
    if rows:
        show_table(headings, rows)
    else:
        click.echo("no fault struck")
    click.echo()
    if marks := coverage.mark_rows():
        show_table(("mark", "times"), marks)


def _run_as_json(case: Case, result: Result) -> dict[str, Any]:
    return {
        "ok": not result.complaints,
        "scenario": case.scenario,
        "seed": case.seed,
        "policy": case.policy,
        "complaints": list(result.complaints),
        "trace_hash": result.trace_hash,
        "steps": result.steps,
        "virtual_seconds": result.virtual_seconds,
        "struck": list(result.struck),
        "happenings": [attrs.asdict(each) for each in result.happenings],
    }


def _search_as_json(
    tally: Tally,
    seconds: float,
    scenarios: Sequence[str],
    reports: Sequence[Report],
    interrupted: bool,
) -> dict[str, Any]:
    return {
        "ok": not (tally.failed or interrupted),
        "interrupted": interrupted,
        "scenarios": list(scenarios),
        "first_seed": tally.first_seed,
        "last_seed": tally.last_seed if tally.runs else None,
        "runs": tally.runs,
        "failed": tally.failed,
        "seconds": round(seconds, 3),
        "steps": tally.steps,
        "virtual_seconds": round(tally.virtual_seconds, 3),
        "found": [report.as_json() for report in reports],
        "coverage": tally.coverage.as_json(),
    }
