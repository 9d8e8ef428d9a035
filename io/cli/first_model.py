"""The first model of one's own: what is here already, else the one download that is offered.

Without an endpoint in the settings the embedded model answers, which is of no use for work. So
`doctor` says so, and on a terminal one key puts it right; `doctor --fix` is that in one command.
The commands that do it are those that anybody could type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import attrs
import click

from ...protocols.models.local_model import LocalModel
from ...protocols.models.offer import NONE_YET, Offer, find_offer
from ...protocols.resources.report import MemoryReport
from ..models.library import find_models
from ..models.recommended_file import recommended_beside
from .findings import Circumstances, Finding, warn
from .model_words import size_in_words

NAME: Final = "own model"
IMPORT: Final = "i"
DOWNLOAD: Final = "d"
KEY: Final = "k"
ROOM_PER_FILE_BYTE: Final = 1.2
"""A model's weights, and beside them a window to begin with."""
KEY_HINT: Final = """\
An endpoint elsewhere, with a key of yours. In {file}:

    [[endpoint]]
    name = "work"
    dialect = "anthropic"  # or openai-chat, openai-responses, gemini, ollama
    base_url = "https://api.anthropic.com"
    models = ["claude-sonnet-4-5"]  # the ids that it has
    key = "env:WORK_KEY"            # where the key is; never the key itself

Then `export WORK_KEY=...` in the shell that starts Understudy."""


@attrs.frozen
class FirstModel:
    """What would give a first model: one that is here, and one to fetch.

    `problem` says what is wrong with the user's own table of recommendations.
    """

    here: LocalModel | None
    offer: Offer | None
    problem: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What the better of the two is got by, after `understudy`; () if there is neither."""
        return next((arguments for _, (_, arguments) in _doors(self)), ())


def find_first_model(circumstances: Circumstances, report: MemoryReport) -> FirstModel | None:
    """What to offer; None if the settings have any endpoint already, or cannot be read."""
    if circumstances.settings.endpoints or circumstances.problems:
        return None
    here = _best_here(circumstances, report.budget_bytes)
    recommended = recommended_beside(circumstances.settings_file)
    offer = find_offer(report.reading.total_bytes, recommended.table)
    return FirstModel(here, offer, recommended.problem)


def check_first_model(first: FirstModel | None, settings_file: Path) -> Iterator[Finding]:
    """Says that there is no model of one's own, and how to come by one."""
    if first is None:
        return
    found, choices = NONE_YET, list[str]()
    if first.here is not None:
        size = size_in_words(first.here.size_bytes)
        found += f"; {first.here.id} ({size}) is on this machine"
        choices.append(f"run: understudy models import {first.here.id}")
    if first.offer is not None:
        choices.append(f"run: {first.offer.command} ({first.offer.words})")
    choices.append(f"name an endpoint with a key in {settings_file}")
    yield warn(NAME, found, ", or ".join(choices))
    if first.problem:
        yield warn("recommended", first.problem, "correct that file, or delete it")


def ask_for_first_model(ctx: click.Context, first: FirstModel, settings_file: Path) -> None:
    """Does what one key says. Any but those that are named goes on without."""
    doors = dict(_doors(first))
    for key, (words, _) in doors.items():
        click.echo(f"{key}  {words}")
    click.echo("Press a key; Enter goes on without: ", nl=False)
    try:
        key = click.getchar().lower()
    except (KeyboardInterrupt, EOFError):
        key = ""
    click.echo(key if key in doors else "")
    if key == KEY:
        click.echo(KEY_HINT.format(file=settings_file))
    elif key in doors:
        run_here(ctx, doors[key][1])


def run_here(ctx: click.Context, arguments: Sequence[str]) -> None:
    """Runs another command of this command line, as if it had been typed."""
    root = ctx.find_root()
    click.echo(f"understudy {' '.join(arguments)}")
    ctx.exit(root.command.main(list(arguments), "understudy", standalone_mode=False, obj=root.obj))


def _doors(first: FirstModel) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """The keys, what each is said to do, and the arguments of the command that does it."""
    if first.here is not None:
        yield IMPORT, (f"import {first.here.id}", ("models", "import", first.here.id))
    if first.offer is not None:
        pull = ("models", "pull", first.offer.reference, "--yes")
        yield DOWNLOAD, (f"download {first.offer.reference}", pull)
    yield KEY, ("show how to use an endpoint elsewhere, with a key", ())


def _best_here(circumstances: Circumstances, budget_bytes: int) -> LocalModel | None:
    """The largest model on this machine that fits and can work: it answers, and knows tools."""
    library = find_models(circumstances.environ, Path.home(), circumstances.folders)
    able = [
        model
        for model in library.models
        if not model.problem
        and model.facts.tools
        and not model.facts.embeddings
        and model.size_bytes * ROOM_PER_FILE_BYTE <= budget_bytes
    ]
    return max(able, key=lambda model: model.size_bytes, default=None)
