"""`understudy models rm`: a model is no endpoint any more; its files go only if they are ours."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

import attrs
import click

from ...protocols.models.file_names import finished_name
from ...protocols.models.local_model import (
    HUGGING_FACE,
    LLAMA_CPP,
    LM_STUDIO,
    MLX,
    OLLAMA,
    OWN,
    LocalModel,
)
from ...protocols.settings import EndpointSettings
from ..models.download_place import record_of
from ..models.models_file import ModelsFileUnusable
from .errors import CannotRun, Failed
from .model_shelf import Shelf, config_option, model_argument, open_shelf
from .model_words import printable, size_in_words
from .output import is_terminal, note

REMOVED_THERE: Final = {
    HUGGING_FACE: "hf cache rm model/{repository}",
    LM_STUDIO: "in LM Studio, below My Models",
    OLLAMA: "ollama rm {title}",
    LLAMA_CPP: "rm {path}",
}
"""How each program's models are removed by its own means."""


@attrs.frozen
class _Files:
    """What of a model lies in our folder: links to elsewhere, and files or folders of its own."""

    links: tuple[Path, ...] = ()
    own: tuple[Path, ...] = ()


@click.command("rm", short_help="Take an endpoint out again; delete files of ours.")
@model_argument
@click.option("--yes", "-y", is_flag=True, help="Do not ask; delete what is Understudy's.")
@click.option("--keep", is_flag=True, help="Delete no files.")
@config_option
def command(name: str, yes: bool, keep: bool, config: Path | None) -> None:
    """Take a model out of the endpoints, and delete what of it is Understudy's own.

    Files of other programs are never touched; it is said how they are removed there. What is in
    your settings file is left there.

    \b
    Examples:
      understudy models rm qwen3-4b
      understudy models rm coder --keep
    """
    shelf = open_shelf(config)
    model, endpoint = _wanted(shelf, name)
    files = _Files() if model is None else _files_of(shelf, model)
    models_dir = shelf.folders.models_dir
    undo = None if model is None else _undo(models_dir, model, endpoint, files, keep=keep)
    delete = bool(files.own) and not keep
    if delete and not yes:
        assert model is not None, "files are a model's"
        _confirm(model)
    if endpoint is not None:
        _take_out(shelf, endpoint)
    if model is not None and not keep:
        _delete(shelf, files)
        if files.own:
            click.echo(f"deleted {size_in_words(model.size_bytes)}: {printable(model.path)}")
    if undo is not None:
        note(undo)
    if model is not None and model.source != OWN:
        note(f"its files are not Understudy's and stay; to delete them: {_removal(model)}")


def _wanted(shelf: Shelf, name: str) -> tuple[LocalModel | None, EndpointSettings | None]:
    """The model, and its endpoint if we have imported it; the latter may be left alone."""
    try:
        imported = {each.name: each for each in shelf.models_file.endpoints()}
    except ModelsFileUnusable as error:
        raise CannotRun(str(error)) from None
    alone = imported.get(name)
    model = shelf.library.model(name)
    if alone is not None and (model is None or shelf.endpoint_of(model) != alone):
        owners = [each for each in shelf.library.models if shelf.endpoint_of(each) == alone]
        return (owners[0] if owners else None), alone
    model = model or shelf.model(name)
    endpoint = shelf.endpoint_of(model)
    if endpoint is not None and imported.get(endpoint.name) != endpoint:
        note(f"{endpoint.name} is in your settings file; take it out there: {shelf.settings_file}")
        endpoint = None
    elif endpoint is None and model.source != OWN:
        raise CannotRun(
            f"{model.id} is no endpoint, and its files are not Understudy's; to delete them: "
            f"{_removal(model)}"
        )
    return model, endpoint


def _files_of(shelf: Shelf, model: LocalModel) -> _Files:
    """What of the model lies in our own folder; the rest of it is other programs'."""
    folder = shelf.folders.models_dir
    paths = [Path(part) for part in (*model.parts, *filter(None, [model.projector]))]
    ours = [path for path in paths if path.is_relative_to(folder)]
    links = tuple(path for path in ours if path.is_symlink())
    return _Files(links, tuple(path for path in ours if not path.is_symlink()))


def _confirm(model: LocalModel) -> None:
    if not is_terminal(sys.stdin):
        raise CannotRun(
            "nobody can be asked here whether its files are to be deleted: say --yes, or --keep"
        )
    question = f"Delete {size_in_words(model.size_bytes)}, {printable(model.path)}?"
    click.confirm(question, default=False, abort=True, err=True)


def _take_out(shelf: Shelf, endpoint: EndpointSettings) -> None:
    try:
        shelf.models_file.take(endpoint.name)
    except ModelsFileUnusable as error:
        raise CannotRun(str(error)) from None
    click.echo(f"took the endpoint {endpoint.name} out of {shelf.models_file.path}")


def _delete(shelf: Shelf, files: _Files) -> None:
    for path in (*files.links, *files.own):
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
                record_of(path.with_name(finished_name(path.name))).unlink(missing_ok=True)
        except OSError as error:
            raise Failed(f"{path}: cannot be deleted: {error.strerror}") from None
        _remove_empty(path.parent, shelf.folders.models_dir)


def _remove_empty(folder: Path, top: Path) -> None:
    """Removes folders of ours that have nothing in them any more."""
    while folder != top and folder.is_relative_to(top):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _undo(
    models_dir: Path,
    model: LocalModel,
    endpoint: EndpointSettings | None,
    files: _Files,
    *,
    keep: bool,
) -> str:
    """How to have it as it was, said of what is still there."""
    if files.own and not keep:
        wanted = Path(finished_name(model.path)).relative_to(models_dir)
        return f"to have it again: understudy models pull {printable(str(wanted))}"
    name = os.path.realpath(model.path) if files.links and not keep else model.id
    words = ["to undo: understudy models import", printable(shlex.quote(name))]
    return " ".join([*words, *(_wishes(model, endpoint) if endpoint is not None else [])])


def _wishes(model: LocalModel, endpoint: EndpointSettings) -> list[str]:
    """The options that make the endpoint again as it was."""
    written = [f"--as {endpoint.name}"] if endpoint.name != model.id else []
    if endpoint.context_tokens is not None:
        written.append(f"--context {endpoint.context_tokens}")
    written += ["--pinned"] if endpoint.pinned else []
    return [*written, *(["--images"] if endpoint.projector is not None else [])]


def _removal(model: LocalModel) -> str:
    """How the program that the model is of removes it."""
    repository = "/".join(model.title.split("/")[:2]) if model.facts.format != MLX else model.title
    text = REMOVED_THERE.get(model.source, "rm {path}")
    return printable(text.format(repository=repository, title=model.title, path=model.path))
