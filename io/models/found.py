"""A model as a finder comes upon it: its files, its name, whose it is; nothing is read of it."""

from __future__ import annotations

from pathlib import Path

import attrs

from ...protocols.models.local_model import GGUF, ModelPlace


@attrs.frozen
class Found:
    """One model. `parts` are its files, first part first; for MLX, its folder alone.

    `name` is what the id is made of, and `publisher` tells two of one name apart. `licence` and
    `problem` are what the program's own notes say.
    """

    place: ModelPlace
    name: str
    parts: tuple[Path, ...]
    form: str = GGUF
    publisher: str = ""
    projector: Path | None = None
    licence: str = ""
    problem: str = ""


def unfinished(place: ModelPlace, name: str, path: Path) -> Found:
    """A download that is under way, or was given up."""
    problem = "its download is not finished"
    return Found(place, name, (path,), problem=problem)


def missing_parts(missing: int, there: int) -> str:
    """Says that parts are not there; "" if all are."""
    if not missing:
        return ""
    return f"{missing} of its {missing + there} parts are not there; fetch it again"
