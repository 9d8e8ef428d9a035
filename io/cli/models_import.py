"""`understudy models import`: a model that is here becomes an endpoint."""

from __future__ import annotations

import os
from pathlib import Path

import attrs
import click

from ...protocols.models.local_model import LocalModel
from ...protocols.resources.words import describe_size
from ...protocols.settings import EndpointSettings, Settings
from ...protocols.settings_data import CONTEXT_TOKENS_MAX, CONTEXT_TOKENS_MIN
from ..engines.mlx_direct import mlx_problem
from ..models.importing import (
    CONTEXT_TOKENS,
    ImportRefused,
    Wishes,
    endpoint_for,
    link_into,
)
from ..models.library import model_at
from ..models.models_file import ModelsFileUnusable
from ..server_file import ServerFile
from .catalogue import read_settings
from .errors import CannotRun
from .model_fit import WINDOWS, fits_of
from .model_shelf import Shelf, config_option, model_argument, open_shelf, shortest_id
from .model_words import kind_in_words, printable, size_in_words
from .models_list import TITLES
from .output import note, show_details


@attrs.frozen
class _Import:
    """What is to be done: the endpoint, the model as it is, and whether links are made of it."""

    endpoint: EndpointSettings
    model: LocalModel
    linked: bool


@click.command("import", short_help="Make an endpoint of a model, without copying it.")
@model_argument
@click.option("--as", "name_as", metavar="NAME", default="", help="The endpoint's name.")
@click.option(
    "--context",
    type=click.IntRange(CONTEXT_TOKENS_MIN, CONTEXT_TOKENS_MAX),
    metavar="N",
    help="Its window in tokens, question and answer together.",
)
@click.option("--pinned/--not-pinned", default=None, help="It never makes room for another model.")
@click.option("--images", is_flag=True, help="It sees images; llama.cpp's server runs it then.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@config_option
def command(
    name: str,
    name_as: str,
    context: int | None,
    pinned: bool | None,
    images: bool,
    dry_run: bool,
    config: Path | None,
) -> None:
    """Make an endpoint of a model: an id of `models list`, or the path of a file or folder.

    Nothing is copied. A file that no program's folder has gets a link in Understudy's own. The
    endpoint is written into models.toml beside your settings file, which is not touched. To change
    a window or a pin, import the model again.

    \b
    Examples:
      understudy models import qwen3-4b
      understudy models import ~/Downloads/model-Q4_K_M.gguf --as coder --context 65536
    """
    shelf = open_shelf(config)
    wishes = Wishes(name_as, context, pinned, images)
    try:
        work = _plan(shelf, _model_named(shelf, name), wishes)
        if not dry_run:
            work = _done(shelf, work)
    except (ImportRefused, ModelsFileUnusable) as error:
        raise CannotRun(printable(str(error))) from None
    settings = (
        _settings_with(shelf, work.endpoint) if dry_run else read_settings(shelf.settings_file)
    )
    _show(shelf, work, settings, dry_run=dry_run)


def import_path(path: Path, name: str = "", *, images: bool = False) -> str:
    """Imports what lies at a path, and returns the id to use. Raises CannotRun."""
    shelf = open_shelf()
    wishes = Wishes(name, images=images)
    try:
        work = _done(shelf, _plan(shelf, _model_named(shelf, str(path)), wishes))
    except (ImportRefused, ModelsFileUnusable) as error:
        raise CannotRun(printable(str(error))) from None
    return shortest_id(read_settings(shelf.settings_file), work.endpoint)


def _model_named(shelf: Shelf, name: str) -> LocalModel:
    """The model of this id, or at this path. Raises CannotRun."""
    known = shelf.library.model(name)
    path = Path(name).expanduser().absolute()
    if known is not None or not (os.sep in name or path.exists()):
        return known or shelf.model(name)
    if not path.exists():
        raise CannotRun(f"{path}: no such file or folder")
    real = os.path.realpath(path)
    for model in shelf.library.models:
        if real in {os.path.realpath(part) for part in model.parts}:
            return model
    outside = model_at(path)
    if outside is None:
        raise CannotRun(f"{path}: not one model; name a .gguf file, or a folder in MLX's form")
    return outside


def _plan(shelf: Shelf, model: LocalModel, wishes: Wishes) -> _Import:
    """What is to be done. Raises ImportRefused."""
    there = shelf.endpoint_of(model)
    imported = {each.name: each for each in shelf.models_file.endpoints()}
    if there is not None:
        is_ours = imported.get(there.name) == there
        if not is_ours:
            raise ImportRefused(
                f"{model.id} is served already, as {shelf.id_of(there)}: by your settings, "
                f"{shelf.settings_file}"
            )
        if wishes.name and wishes.name != there.name:
            raise ImportRefused(
                f"{model.id} is imported already, as {there.name}; to change its name: "
                f"understudy models rm {model.id}, and import it again"
            )
        wishes = _with_what_was(wishes, there)
    if wishes.context_tokens is None and not model.problem:
        wishes = attrs.evolve(wishes, context_tokens=_window(shelf, model))
    endpoint = endpoint_for(model, wishes)
    if there is None and endpoint.name in {each.name for each in shelf.settings.endpoints}:
        raise ImportRefused(
            f"another endpoint is called {endpoint.name}; choose a name with --as NAME"
        )
    if there is not None:
        endpoint = attrs.evolve(endpoint, file=there.file)  # a link of ours stays the way to it
    known = model.path in {each.path for each in shelf.library.models}
    return _Import(endpoint, model, linked=not known)


def _with_what_was(wishes: Wishes, there: EndpointSettings) -> Wishes:
    """What is not wished anew stays as it was."""
    return Wishes(
        there.name,
        wishes.context_tokens or there.context_tokens,
        there.pinned if wishes.pinned is None else wishes.pinned,
        wishes.images or there.projector is not None,
    )


def _window(shelf: Shelf, model: LocalModel) -> int | None:
    """The window that fits this machine; None leaves it to the importer. Raises ImportRefused."""
    windows = [window for window in WINDOWS if window <= CONTEXT_TOKENS]
    (fit,) = fits_of(shelf, [model], windows)
    if not fit.needs:
        return None
    if not fit.most_tokens:
        least = min(fit.needs, key=lambda need: need.total_bytes)
        raise ImportRefused(
            f"{model.id} needs {describe_size(least.total_bytes)} with a window of "
            f"{least.context_tokens:,} tokens, and models can have "
            f"{describe_size(fit.room.most_bytes)} here; take a smaller quantisation, or say "
            "--context N to import it nevertheless"
        )
    return fit.most_tokens


def _done(shelf: Shelf, work: _Import) -> _Import:
    """Makes the links and writes the endpoint. Raises ImportRefused and ModelsFileUnusable."""
    endpoint = work.endpoint
    if work.linked:
        linked = link_into(shelf.folders.models_dir, work.model, endpoint.name)
        projector = linked.projector if endpoint.projector else None
        endpoint = attrs.evolve(endpoint, file=linked.path, projector=projector)
    shelf.models_file.put(endpoint)
    return attrs.evolve(work, endpoint=endpoint)


def _settings_with(shelf: Shelf, endpoint: EndpointSettings) -> Settings:
    others = tuple(each for each in shelf.settings.endpoints if each.name != endpoint.name)
    return attrs.evolve(shelf.settings, endpoints=(*others, endpoint))


def _show(shelf: Shelf, work: _Import, settings: Settings, *, dry_run: bool) -> None:
    endpoint, model = work.endpoint, work.model
    used = shortest_id(settings, endpoint)
    path = model.path if not work.linked else f"{model.path}, by way of a link"
    origin = TITLES[model.source] if not work.linked else "a file"
    click.echo(f"{'would import' if dry_run else 'imported'} {model.id}")
    show_details(
        [
            ("model", f"{kind_in_words(model.facts)}, {size_in_words(model.size_bytes)}"),
            ("from", f"{origin}: {printable(path)}"),
            ("window", f"{endpoint.context_tokens:,} tokens"),
            *([("images", f"by {printable(endpoint.projector)}")] if endpoint.projector else []),
            ("written to", str(shelf.models_file.path)),
            ("use it as", used + (", and by default" if _is_default(settings, endpoint) else "")),
        ]
    )
    if dry_run:
        return
    if endpoint.engine == "mlx" and (problem := mlx_problem()):
        note(f"it cannot be loaded yet: {problem}")
    if ServerFile(shelf.folders.server_file).running() is not None:
        note("the running server has it within a second")
    note(f'try it: understudy ask --model {used} "What is a socket?"')


def _is_default(settings: Settings, endpoint: EndpointSettings) -> bool:
    return settings.default_model == f"{endpoint.name}/{endpoint.models[0]}"
