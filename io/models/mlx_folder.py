"""Reads what a model's folder in MLX's form says of itself: small files whole, of weights the head.

Nothing is loaded and nothing believed: what is missing or wrong in it becomes the model's problem,
in words. Sources: see protocols/models/mlx_facts.py and protocols/models/safetensors.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from ...protocols.json_decoding import NotJson, decode_json
from ...protocols.json_values import object_of
from ...protocols.models.local_model import MLX, ModelFacts
from ...protocols.models.mlx_facts import answers, mlx_facts, template_of
from ...protocols.models.safetensors import (
    LENGTH,
    SafetensorsHeader,
    SafetensorsProblem,
    header_bytes,
    read_header,
)
from .finders.tree import MLX_CONFIG, MLX_WEIGHTS
from .scan import Scan

WEIGHT_FILES_MAX: Final = 500
TEMPLATE_FILE: Final = "chat_template.jinja"
TOKENIZER_SETTINGS: Final = "tokenizer_config.json"
TOKENIZER_FILES: Final = ("tokenizer.json", "tokenizer.model", "tiktoken.model")
INDEX: Final = "model.safetensors.index.json"
INDEX_BYTES_MAX: Final = 32 * 2**20


@attrs.frozen
class MlxFolder:
    """What was read. `answers` is whether it is a model that writes text at all."""

    facts: ModelFacts
    template: str = ""
    problem: str = ""
    answers: bool = True


def weight_files(folder: Path) -> list[Path]:
    """The files with the model's weights, in order."""
    try:
        return sorted(folder.glob(MLX_WEIGHTS))[:WEIGHT_FILES_MAX]
    except OSError:
        return []


def read_mlx_folder(scan: Scan, folder: Path) -> MlxFolder:
    """Reads a folder; whatever is in it, the result is facts, with a problem where there is one."""
    config = _json(scan.read(folder / MLX_CONFIG))
    template = _template(scan, folder)
    headers: list[SafetensorsHeader] = []
    problem = "" if config else f"its {MLX_CONFIG} is no settings of a model; fetch it again"
    for file in weight_files(folder):
        try:
            headers.append(_header(file))
        except (OSError, SafetensorsProblem) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            problem = problem or f"{file.name}: {reason}"
    facts = mlx_facts(config, headers, template) if config else ModelFacts(MLX)
    problem = problem or _missing(scan, folder)
    return MlxFolder(facts, template, problem, answers(config, headers) or not headers)


def _header(file: Path) -> SafetensorsHeader:
    with file.open("rb") as stream:
        length = header_bytes(stream.read(LENGTH.size))
        header = read_header(stream.read(length))
        there = stream.seek(0, 2)
    if there < header.file_bytes:
        raise SafetensorsProblem(
            f"it has {there} bytes of {header.file_bytes}; fetch the rest of it"
        )
    return header


def _missing(scan: Scan, folder: Path) -> str:
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        return f"it has no {TOKENIZER_FILES[0]}; fetch it again"
    wanted = object_of(_json(scan.read(folder / INDEX, INDEX_BYTES_MAX)).get("weight_map"))
    names = {name for name in wanted.values() if isinstance(name, str) and "/" not in name}
    gone = sorted(name for name in names if not (folder / name).exists())
    if len(gone) > 1:
        return f"{gone[0]} and {len(gone) - 1} more of its files are not there; fetch them"
    return f"{gone[0]} is not there; fetch it" if gone else ""


def _template(scan: Scan, folder: Path) -> str:
    written = scan.read(folder / TEMPLATE_FILE).decode("utf-8", "replace")
    return written or template_of(_json(scan.read(folder / TOKENIZER_SETTINGS)))


def _json(content: bytes) -> Mapping[str, Any]:
    try:
        return object_of(decode_json(content)) if content else {}
    except NotJson:
        return {}
