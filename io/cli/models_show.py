"""`understudy models show`: everything that is known of one model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from ...protocols.model_format.formats import format_of
from ...protocols.models.local_model import GGUF, LocalModel
from ...protocols.resources.words import describe_size
from ...protocols.settings import EndpointSettings
from ..models.gguf_file import template_of_gguf
from ..models.importing import CONTEXT_TOKENS
from ..models.mlx_folder import read_mlx_folder
from ..models.scan import Scan
from .model_fit import fits_of
from .model_shelf import Shelf, config_option, model_argument, open_shelf
from .model_words import (
    abilities,
    count_in_words,
    kind_in_words,
    printable,
    size_in_words,
    tokens_in_words,
)
from .models_list import TITLES, model_as_json
from .output import show_details, show_json, styled


@click.command("show", short_help="Show everything about one of them.")
@model_argument
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@config_option
def command(name: str, as_json: bool, config: Path | None) -> None:
    """Show everything that is known of a model.

    ID is one of `models list`, the name that its program gives it (`qwen3:4b`), or a path.

    \b
    Examples:
      understudy models show qwen3-4b
      understudy models show qwen3-4b --json
    """
    shelf = open_shelf(config)
    model = shelf.model(name)
    form = template_form(model)
    if as_json:
        show_json({**model_as_json(shelf, model), "template_format": form or None})
        return
    click.echo(styled(model.id, "green"))
    show_details(list(_details(shelf, model, form)))


def template_form(model: LocalModel) -> str:
    """What the form of its template is called; "" for a model without one."""
    if not model.facts.template:
        return ""
    if model.facts.format == GGUF:
        template = template_of_gguf(Path(model.path))
    else:
        template = read_mlx_folder(Scan(), Path(model.path)).template
    return format_of(template).name


def _details(shelf: Shelf, model: LocalModel, form: str) -> Iterator[tuple[str, str]]:
    facts = model.facts
    yield "called", printable(model.title)
    yield "source", TITLES[model.source]
    yield "path", printable(model.path)
    if len(model.parts) > 1:
        yield "parts", f"{len(model.parts)} files"
    if model.projector:
        yield "projector", printable(model.projector)
    for each in model.elsewhere:
        yield "also", f"{TITLES[each.source]}: {printable(each.title)}, {printable(each.path)}"
    yield "size", size_in_words(model.size_bytes)
    yield "form", kind_in_words(facts)
    if facts.architecture:
        yield "architecture", printable(facts.architecture)
    if facts.parameters:
        yield "parameters", count_in_words(facts.parameters)
    if facts.context_tokens:
        yield "trained for", f"{tokens_in_words(facts.context_tokens)} tokens"
    if not model.problem:
        yield "template", f"of the form {form}" if form else "none: it continues texts"
        yield "can do", ", ".join(abilities(facts)) or "nothing besides writing"
        yield "licence", printable(facts.licence) or "not said"
    yield from _use(shelf, model)


def _use(shelf: Shelf, model: LocalModel) -> Iterator[tuple[str, str]]:
    endpoint = shelf.endpoint_of(model)
    if endpoint is not None:
        window = f"{endpoint.context_tokens:,} tokens" if endpoint.context_tokens else "by default"
        yield "endpoint", f"{endpoint.name}, window {window}{', pinned' * endpoint.pinned}"
        yield "use it as", shelf.id_of(endpoint)
    if model.problem:
        yield "problem", printable(model.problem)
        return
    yield from _need(shelf, model, endpoint)
    if endpoint is None:
        yield "next", f"understudy models import {model.id}"


def _need(
    shelf: Shelf, model: LocalModel, endpoint: EndpointSettings | None
) -> Iterator[tuple[str, str]]:
    """What it takes of memory with its window, or with the one that an import would give it."""
    own = endpoint.context_tokens if endpoint is not None else None
    trained = model.facts.context_tokens or CONTEXT_TOKENS
    (fit,) = fits_of(shelf, [model], [own or min(trained, CONTEXT_TOKENS)])
    for need in fit.needs:
        words = f"{describe_size(need.total_bytes)} with a window of {need.context_tokens:,} tokens"
        if fit.now_tokens:
            yield "needs", f"{words}, and fits now"
        elif fit.most_tokens:
            yield "needs", f"{words}; {describe_size(fit.room.now_bytes)} may be had now"
        else:
            yield "needs", f"{words}; it can have {describe_size(fit.room.most_bytes)} here at most"
