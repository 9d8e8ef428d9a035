"""`understudy models list`: every model that is here, by whose it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import click

from ...protocols.models.local_model import LocalModel
from .model_shelf import Shelf, config_option, open_shelf
from .model_words import UNKNOWN, kind_in_words, printable, size_in_words, sources, tokens_in_words
from .output import COLUMN_GAP, folded, is_terminal, note, show_json, styled

HEADINGS: Final = ("id", "size", "kind", "context", "tools", "served as")
ID_COLUMNS_MAX: Final = 32
"""A longer id stands on a line of its own: a table wider than 80 columns is hard to read."""
ITSELF: Final = "itself"

TITLES: Final = {
    "understudy": "Understudy's own",
    "hugging face": "Hugging Face",
    "lm studio": "LM Studio",
    "ollama": "Ollama",
    "llama.cpp": "llama.cpp",
}


@click.command("list", short_help="List the models that are on this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@config_option
def command(as_json: bool, config: Path | None) -> None:
    """List the models on this machine, whichever program has fetched them.

    A model of several programs is listed once. `tools` says whether its template knows tools,
    `served as` under which id clients can ask for it now ("itself": its own id).

    \b
    Examples:
      understudy models list
      understudy models list --json
    """
    shelf = open_shelf(config)
    if as_json:
        show_json(_as_json(shelf))
        return
    _show(shelf)
    for problem in shelf.library.problems:
        note(printable(problem))
    _say_the_next_step(shelf)


def _show(shelf: Shelf) -> None:
    models = sorted(shelf.library.models, key=lambda model: list(TITLES).index(model.source))
    rows = {model.id: _row(shelf, model) for model in models}
    widths = [
        max([len(heading), *(len(row[column]) for row in rows.values())])
        for column, heading in enumerate(HEADINGS)
    ]
    fitting = (len(name) for name in rows if len(name) <= ID_COLUMNS_MAX)
    widths[0] = max(fitting, default=ID_COLUMNS_MAX)
    if models:
        click.echo(_line(HEADINGS, widths))
    for source, group in groupby(models, key=lambda model: model.source):
        click.echo(styled(TITLES[source], "green"))
        for model in group:
            click.echo(_line(rows[model.id], widths))
            _show_remarks(model)


def _row(shelf: Shelf, model: LocalModel) -> tuple[str, ...]:
    facts = model.facts
    endpoint = shelf.endpoint_of(model)
    served = UNKNOWN if endpoint is None else shelf.id_of(endpoint)
    return (
        model.id,
        size_in_words(model.size_bytes),
        kind_in_words(facts),
        tokens_in_words(facts.context_tokens),
        ("yes" if facts.tools else "no") if facts.template else UNKNOWN,
        ITSELF if served == model.id else served,
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """A row of the table; an id that is too long is followed by a line of its own for the rest."""
    first, *rest = cells
    cells_and_widths = zip(rest, widths[1:], strict=True)
    padded = COLUMN_GAP.join(
        cell.rjust(width) if cell[:1].isdigit() else cell.ljust(width)
        for cell, width in cells_and_widths
    )
    if len(first) <= widths[0]:
        return f"{COLUMN_GAP}{first.ljust(widths[0])}{COLUMN_GAP}{padded}".rstrip()
    indent = " " * (len(COLUMN_GAP) * 2 + widths[0])
    return f"{COLUMN_GAP}{first}\n{indent}{padded}".rstrip()


def _show_remarks(model: LocalModel) -> None:
    remarks = [f"also {TITLES[source]}'s" for source in sources(model)[1:]]
    if model.problem:
        remarks.append(f"cannot be run: {printable(model.problem)}")
    indent = COLUMN_GAP * 3
    for remark in remarks:
        for line in folded(remark, len(indent)) or [remark]:
            click.echo(f"{indent}{line}")


def _say_the_next_step(shelf: Shelf) -> None:
    models = shelf.library.models
    if not models:
        looked = ", ".join(str(place.folder) for place in shelf.library.places)
        note(f"no models are here; looked in {looked}")
        note("`understudy models fit` says which one would fit this machine")
    elif not any(shelf.endpoint_of(model) for model in models):
        first = next((model.id for model in models if not model.problem), None)
        if first is not None and is_terminal(sys.stdout):
            note(f"to use one: `understudy models import {first}`")


def _as_json(shelf: Shelf) -> dict[str, Any]:
    return {
        "models": [model_as_json(shelf, model) for model in shelf.library.models],
        "places": [
            {
                "source": place.source,
                "folder": str(place.folder),
                "there": os.path.isdir(place.folder),  # noqa: PTH112 is_dir() may raise
            }
            for place in shelf.library.places
        ],
        "problems": [printable(problem) for problem in shelf.library.problems],
    }


def model_as_json(shelf: Shelf, model: LocalModel) -> dict[str, Any]:
    """All that is known of a model, for programs; what is unknown is null."""
    facts = model.facts
    endpoint = shelf.endpoint_of(model)
    return {
        "id": model.id,
        "source": model.source,
        "title": printable(model.title),
        "path": printable(model.path),
        "parts": [printable(part) for part in model.parts],
        "projector": printable(model.projector) or None,
        "elsewhere": [
            {"source": each.source, "path": printable(each.path), "title": printable(each.title)}
            for each in model.elsewhere
        ],
        "size_bytes": model.size_bytes,
        "format": facts.format,
        "architecture": facts.architecture or None,
        "name": facts.name or None,
        "parameters": facts.parameters or None,
        "quantisation": facts.quantisation or None,
        "context_tokens": facts.context_tokens or None,
        "token_bytes": facts.token_bytes or None,
        "template": facts.template,
        "tools": facts.tools,
        "thinking": facts.thinking,
        "vision": facts.vision,
        "embeddings": facts.embeddings,
        "licence": facts.licence or None,
        "endpoint": None if endpoint is None else endpoint.name,
        "served_as": None if endpoint is None else shelf.id_of(endpoint),
        "problem": printable(model.problem) or None,
    }
