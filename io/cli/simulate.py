"""`understudy simulate`: tells stories to the whole product in a simulated world, seed after seed.

Or it tries one thing at every place where it can be tried, which are the points of exhaustive sets.
The simulation itself is injected, since this room may not import it: an `Explorer` knows the
scenarios and does what a `Plan` says. `python -m understudy.simulations` is the same command.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import attrs
import click
from click.shell_completion import CompletionItem

from ... import __version__
from .output import show_json, show_table

if TYPE_CHECKING:
    from .main import Starters

SEEDS = range(100)
"""What is run when nothing else is said."""
SEED_MAX = 2**63 - 1
POLICIES = ("fifo", "walk", "pct", "mix")
TABLES = ("table", "markdown")
OF_SEEDS = ("seeds", "scenarios", "policy", "check", "trace", "svg", "save", "coverage")
"""What is said of seeds, and not of points."""


@attrs.frozen(kw_only=True)
class Plan:
    """What is asked for: a case to replay, points to run, or else seeds times scenarios.

    Points are one by its name, so many drawn by a key, or all of `sets`, which is all sets if none
    is named. With `seconds`, further seeds follow those of `seeds` until that much time is spent;
    points are run for that long at most.
    """

    seeds: range = SEEDS
    scenarios: tuple[str, ...] = ()
    policy: str = "mix"
    seconds: float = 0.0
    jobs: int = 1
    replay: Path | None = None
    shrink: bool = True
    check: bool = False
    trace: bool = False
    svg: Path | None = None
    save: Path | None = None
    as_json: bool = False
    coverage: Literal["table", "markdown"] | None = None
    exhaustive: bool = False
    sets: tuple[str, ...] = ()
    points: int = 0
    key: str = __version__
    point: str = ""


class Explorer(Protocol):
    """What the composition root injects."""

    def scenarios(self) -> Mapping[str, str]:
        """The names of all scenarios, each with its story in a sentence."""
        ...

    def sets(self) -> Mapping[str, str]:
        """The names of the exhaustive sets, each with what it tries in a sentence."""
        ...

    def explore(self, plan: Plan) -> int:
        """Does it, shows what is found, and gives the exit status. Raises CannotRun."""
        ...


class SeedRange(click.ParamType[range]):
    """`A..B`, both included, or one number."""

    name = "A..B"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> range:
        """Reads it, or says what is wrong with it."""
        if isinstance(value, range):
            return value
        found = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", value)
        if found is None:
            self.fail(f"{value!r} is no seed and no range of seeds; write 7, or 0..499", param, ctx)
        first, last = int(found[1]), int(found[2] or found[1])
        if last < first:
            self.fail(f"{value!r} ends before it begins; write {last}..{first}", param, ctx)
        if last > SEED_MAX:
            self.fail(f"{value!r} is too large; the last seed is {SEED_MAX}", param, ctx)
        return range(first, last + 1)


class KnownName(click.ParamType[str]):
    """A name that the explorer knows, which the shell completes."""

    name = "NAME"

    def __init__(self, what: str, names: Callable[[Explorer], Mapping[str, str]]) -> None:
        self._what = what
        self._names = names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Checks it, or says which one may have been meant."""
        assert ctx is not None
        names = self._names(_explorer(ctx))
        if value not in names:
            self.fail(unknown(self._what, value, names), param, ctx)
        return str(value)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names that begin so."""
        return [
            CompletionItem(name, help=words)
            for name, words in self._names(_explorer(ctx)).items()
            if name.startswith(incomplete)
        ]


def unknown(what: str, name: str, names: Mapping[str, str]) -> str:
    """What to say of a name that is not known."""
    near = difflib.get_close_matches(name.lower(), names, n=2, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`--list` shows all."
    return f"No such {what} {name!r}. {hint}"


def _file(**more: Any) -> click.Path:
    return click.Path(path_type=Path, dir_okay=False, **more)


OPTIONS = (
    click.option("--seeds", type=SeedRange(), help="The seeds to run.  [default: 0..99]"),
    click.option(
        "--scenario",
        "scenarios",
        type=KnownName("scenario", lambda explorer: explorer.scenarios()),
        multiple=True,
        help="Run this scenario; may be repeated.  [default: all]",
    ),
    click.option(
        "--list", "listing", is_flag=True, help="List the scenarios and the sets, and stop."
    ),
    click.option(
        "--policy",
        type=click.Choice(POLICIES),
        help="Who runs next: the oldest task, a random walk, few random priorities, or each "
        "of them in turn, by seed.  [default: mix]",
    ),
    click.option(
        "--seconds",
        type=click.FloatRange(0, min_open=True),
        metavar="N",
        help="Go on with further seeds until N seconds are spent. Without --seeds from 0 on. "
        "Points: stop after N seconds.",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(1),
        metavar="N",
        help="Processes to run in; 1 runs in this one.  [default: one per CPU]",
    ),
    click.option(
        "--check", is_flag=True, help="Run each case twice and replay it: all must be equal."
    ),
    click.option("--replay", type=_file(), metavar="FILE", help="Run a regression file."),
    click.option("--trace", is_flag=True, help="Show one run as a sequence chart."),
    click.option(
        "--svg",
        type=_file(),
        metavar="FILE",
        help="Draw the chart of the run, or of the first that failed.",
    ),
    click.option(
        "--shrink/--no-shrink",
        default=True,
        help="Make what is found small, and keep it.  [default: shrink]",
    ),
    click.option(
        "--save",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="FOLDER",
        help="Write regression files here.",
    ),
    click.option(
        "--coverage",
        type=click.Choice(TABLES),
        is_flag=False,
        flag_value="table",
        metavar="[markdown]",
        help="Show which faults met which state, and what never happened.",
    ),
    click.option(
        "--exhaustive", is_flag=True, help="Run all points of the exhaustive sets instead of seeds."
    ),
    click.option(
        "--set",
        "sets",
        type=KnownName("set", lambda explorer: explorer.sets()),
        multiple=True,
        help="Run all points of this set; may be repeated.",
    ),
    click.option(
        "--points",
        type=click.IntRange(1),
        metavar="N",
        help="Run N points drawn from every step of every scenario.",
    ),
    click.option(
        "--key",
        metavar="TEXT",
        help="What draws the points, such as a commit.  [default: this version]",
    ),
    click.option("--point", metavar="NAME", help="Run one point, by the name that was printed."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
)
"""In the order of the help."""


def _with_options(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(OPTIONS):
        function = option(function)
    return function


@click.command("simulate")
@_with_options
@click.pass_context
def command(ctx: click.Context, /, listing: bool, as_json: bool, **asked: Any) -> None:
    """Look for seeds under which the product breaks a promise.

    Runs the whole product in a simulated world, in virtual time: one seed is one run, the same each
    time. What is found is shown as a sequence chart, made small, and printed with the command that
    runs it again. The last line is a summary. Exit code 0 if nothing was found, 1 if something was.

    A point of an exhaustive set is one thing tried at one place, such as Esc at the 57th step. One
    that is found is printed with the command that runs it again; it is small already.

    \b
    Examples:
      understudy simulate --seeds 0..499
      understudy simulate --scenario crowd --seeds 17 --trace
      understudy simulate --seconds 600 --save regressions
      understudy simulate --replay regressions/crowd-17.json
      understudy simulate --set esc --set stop
      understudy simulate --points 20000 --key $(git rev-parse HEAD)
    """
    explorer = _explorer(ctx)
    if listing:
        _list(explorer, as_json=as_json)
        return
    given = {name: value for name, value in asked.items() if value not in (None, ())}
    _refuse_contradictions(given)
    if "seconds" in given and "seeds" not in given:
        given["seeds"] = range(0)
    if "sets" in given:
        given["exhaustive"] = True
    given.setdefault("jobs", os.cpu_count() or 1)
    ctx.exit(explorer.explore(Plan(as_json=as_json, **given)))


def _explorer(ctx: click.Context) -> Explorer:
    starters: Starters = ctx.obj
    return starters.explorer()


def _list(explorer: Explorer, *, as_json: bool) -> None:
    scenarios, sets = explorer.scenarios(), explorer.sets()
    if as_json:
        told = [{"scenario": name, "story": story} for name, story in scenarios.items()]
        show_json([*told, *({"set": name, "tries": words} for name, words in sets.items())])
        return
    show_table(("scenario", "story"), list(scenarios.items()))
    click.echo()
    show_table(("set", "what is tried"), list(sets.items()))


def _refuse_contradictions(given: Mapping[str, Any]) -> None:
    alone = [_option(name) for name in ("replay", "points", "point") if given.get(name)]
    alone += ["--set" if "sets" in given else "--exhaustive"] * _asks_for_sets(given)
    if len(alone) > 1:
        raise click.UsageError(f"{' and '.join(alone)} exclude each other; give one.")
    if "key" in given and "points" not in given:
        raise click.UsageError("--key draws points; say how many with --points N.")
    against = [_option(name) for name in _out_of_place(given) if given.get(name)]
    if alone and against:
        raise click.UsageError(f"{alone[0]} says what is run; leave out {', '.join(against)}.")
    single = len(given.get("seeds", SEEDS)) == len(given.get("scenarios", ())) == 1
    if given["trace"] and ("seconds" in given or not (single or "replay" in given)):
        raise click.UsageError(
            "--trace shows one run; give one seed and one scenario, such as "
            "`--scenario one-turn --seeds 7`, or --replay FILE."
        )


def _asks_for_sets(given: Mapping[str, Any]) -> bool:
    return bool(given["exhaustive"] or "sets" in given)


def _out_of_place(given: Mapping[str, Any]) -> Sequence[str]:
    """What does not go with what stands alone."""
    if "replay" in given:
        return ("seeds", "scenarios", "policy", "seconds")
    return (*OF_SEEDS, "seconds") if "point" in given else OF_SEEDS


def _option(name: str) -> str:
    return f"--{'scenario' if name == 'scenarios' else name}"
