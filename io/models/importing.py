"""Makes an endpoint of a model that is here. Nothing of the model is copied, moved or changed.

What a program of this machine keeps stays where that keeps it. A file from anywhere else gets a
link in our own folder, so that it is found again: a link for each part, and for its projector.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, cast, get_args

import attrs

from ...protocols.models.file_names import id_of
from ...protocols.models.local_model import MLX, LocalModel
from ...protocols.settings import EndpointSettings
from ...protocols.settings_data import (
    CONTEXT_TOKENS_MIN,
    NAME_CHARACTERS_MAX,
    RESERVED_NAMES,
    EngineKind,
)
from ..folders import make_folder

CONTEXT_TOKENS: Final = 32_768
"""The window of an imported model of which nothing is said: Claude Code needs as much."""
ENGINES: Final = {"gguf": "llama.cpp", MLX: "mlx"}
_NAME: Final = re.compile(rf"[a-z0-9._-]{{1,{NAME_CHARACTERS_MAX}}}")


class ImportRefused(Exception):
    """The model cannot be imported so; the message says why and what to do."""


@attrs.frozen
class Wishes:
    """What the user wants of the endpoint; "" and None leave it to us, or as it was.

    `images` has it see images, where it has a projector. llama.cpp's server runs it then, and not
    a worker of our own, so that is not done unasked.
    """

    name: str = ""
    context_tokens: int | None = None
    pinned: bool | None = None
    images: bool = False


def endpoint_for(model: LocalModel, wishes: Wishes) -> EndpointSettings:
    """The endpoint that would run the model. Raises ImportRefused."""
    if model.problem:
        raise ImportRefused(f"{model.id} cannot be run: {model.problem}")
    if wishes.images and not model.projector:
        raise ImportRefused(f"{model.id} has no projector beside it (mmproj-….gguf): no images")
    name = wishes.name or usable_name(model.id)
    if not _NAME.fullmatch(name) or name in RESERVED_NAMES:
        raise ImportRefused(
            f"{name!r} is no usable name; allowed: 1 to {NAME_CHARACTERS_MAX} of a-z, 0-9, '.', "
            f"'_' and '-', and not {' or '.join(RESERVED_NAMES)}"
        )
    return EndpointSettings(
        name=name,
        models=(name,),
        context_tokens=_window(model, wishes.context_tokens),
        engine=_engine(model),
        file=model.path,
        projector=model.projector if wishes.images else None,
        pinned=bool(wishes.pinned),
    )


def usable_name(name: str) -> str:
    """An id as an endpoint's name: the same but for the few names that are taken by ourselves."""
    return f"{name}-model" if name in RESERVED_NAMES else id_of(name)


def link_into(models_dir: Path, model: LocalModel, name: str) -> LocalModel:
    """The same model by way of links in our folder, which are made. Raises ImportRefused."""
    folder = models_dir / name
    make_folder(folder if model.facts.format != MLX else models_dir)
    if model.facts.format == MLX:
        _link(folder, model.path)
        return attrs.evolve(model, path=str(folder), parts=(str(folder),))
    files = [*model.parts, *([model.projector] if model.projector else [])]
    for file in files:
        _link(folder / Path(file).name, file)
    first, *others = (str(folder / Path(file).name) for file in files)
    projector = others.pop() if model.projector else ""
    return attrs.evolve(model, path=first, parts=(first, *others), projector=projector)


def _link(link: Path, target: str) -> None:
    if link.is_symlink() and os.path.realpath(link) == os.path.realpath(target):
        return
    try:
        link.symlink_to(os.path.abspath(target))  # noqa: PTH100 resolve() would follow links
    except FileExistsError:
        raise ImportRefused(
            f"{link} is there already, and is another file; choose another name with --as"
        ) from None
    except OSError as error:
        raise ImportRefused(f"{link}: no link can be made: {error.strerror}") from None


def _engine(model: LocalModel) -> EngineKind:
    engine = ENGINES[model.facts.format]
    if engine not in get_args(EngineKind):
        raise ImportRefused(
            f"{model.id} is in MLX's form, and no engine here runs that; fetch its GGUF"
        )
    return cast(EngineKind, engine)


def _window(model: LocalModel, wished: int | None) -> int:
    trained = model.facts.context_tokens
    if wished is not None and trained and wished > trained:
        raise ImportRefused(f"{model.id} was trained for {trained:,} tokens; --context {trained}")
    window = wished or (min(trained, CONTEXT_TOKENS) if trained else CONTEXT_TOKENS)
    return max(window, CONTEXT_TOKENS_MIN)
