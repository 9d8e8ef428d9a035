"""What a GGUF file, or all parts of a split one, say of themselves; only the headers are read.

A file that is not a GGUF, cut off or of parts that do not fit together is no exception here, where
a whole library is listed: the problem in words is part of what is known of a model. The reader is
the engines' own, so that what is said here of a model is what will happen to it.
"""

from __future__ import annotations

from pathlib import Path

from ...protocols.gguf.facts import TEMPLATE, read_facts
from ...protocols.gguf.kind import run_problem
from ...protocols.models.local_model import GGUF, ModelFacts
from ..engines.model_file import read_model_file_sync
from ..ports import EngineError


def read_gguf_model(path: Path) -> tuple[ModelFacts, str]:
    """The facts of the model whose first file this is, and why it cannot be run, "" if it can."""
    try:
        found = read_model_file_sync(str(path))
    except EngineError as error:
        return ModelFacts(GGUF), str(error).removeprefix(f"model file {path}: ")
    return read_facts(found.header, found.headers[1:]), run_problem(found.header)


def template_of_gguf(path: Path) -> str:
    """The chat template of a model's first file; "" where there is none to be read."""
    try:
        return read_model_file_sync(str(path)).header.text(TEMPLATE)
    except EngineError:
        return ""
