"""Where models may lie on this machine: each program's folders, and who knows their form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs

from ...protocols.models.local_model import HUGGING_FACE, LLAMA_CPP, LM_STUDIO, OLLAMA, OWN
from ..folders import Folders
from .finders import hugging_face, llama_cpp, lm_studio, ollama, own
from .found import Found
from .scan import Scan

Find = Callable[[Scan, Path], Iterator[Found]]
"""Yields the models that lie in a folder of one form."""


@attrs.frozen
class Place:
    """A folder that a program keeps models in, whether it is there or not."""

    source: str
    folder: Path
    find: Find


def places(environ: Mapping[str, str], home: Path, folders: Folders) -> list[Place]:
    """All places, our own first: where one model lies in several, the first is shown."""
    found = [Place(OWN, folders.models_dir, own.find)]
    for source, module in (
        (HUGGING_FACE, hugging_face),
        (LM_STUDIO, lm_studio),
        (OLLAMA, ollama),
        (LLAMA_CPP, llama_cpp),
    ):
        found += [Place(source, each, module.find) for each in module.folders(environ, home)]
    return found
