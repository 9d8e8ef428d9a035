"""What a model's folder says in its JSON files: template, special tokens, endings, and advice.

Source of the forms: transformers' `chat_template.jinja`, `tokenizer_config.json` (a template, or a
list of named ones), `generation_config.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from ....protocols.engine.messages import Sampling
from ....protocols.json_values import list_of, object_of, objects_of, text_of
from ..worker.model import LoadError
from ..worker.sampling_limits import MIN_P, TEMPERATURE, TOP_K, TOP_P

CONFIG: Final = "config.json"
JSON_BYTES_MAX: Final = 64 * 1024 * 1024
"""Of one file; the largest are tokenizers' configurations with thousands of added tokens."""
TEMPLATE_FILES: Final = ("chat_template.jinja", "chat_template.json")
WITH_TOOLS: Final = "tool_use"


@attrs.frozen
class ModelFolder:
    """A folder with a model, its JSON files read. Templates are "" where there is none."""

    path: Path
    config: Mapping[str, Any]
    template: str
    template_with_tools: str
    bos: str
    eos: str
    ends: tuple[int, ...]
    defaults: Sampling

    @classmethod
    def read(cls, folder: str) -> ModelFolder:
        """Reads it. Raises LoadError."""
        path = Path(folder)
        config = _object(path, CONFIG)
        if not config:
            raise LoadError(f"model folder {folder}: it has no {CONFIG} that is an object")
        tokenizer, advice = _object(path, "tokenizer_config.json"), _object(path, _ADVICE)
        template, with_tools = _templates(path, tokenizer)
        ends = advice.get("eos_token_id", config.get("eos_token_id"))
        return cls(
            path,
            config,
            template,
            with_tools,
            _token(tokenizer.get("bos_token")),
            _token(tokenizer.get("eos_token")),
            tuple(each for each in (ends, *list_of(ends)) if isinstance(each, int)),
            _defaults(advice),
        )

    def weights(self) -> list[Path]:
        """The files that its weights are in. Raises LoadError."""
        found = sorted(self.path.glob("model*.safetensors"))
        if not found:
            raise LoadError(f"model folder {self.path}: it has no model*.safetensors")
        return found


_ADVICE: Final = "generation_config.json"


def _templates(path: Path, tokenizer: Mapping[str, Any]) -> tuple[str, str]:
    """The template, and the one for requests with tools if there is one of its own."""
    named = _named(tokenizer.get("chat_template"))
    for name in TEMPLATE_FILES:
        file = path / name
        if file.is_file():
            text = _text(file)
            inner = _object(path, name).get("chat_template") if file.suffix == ".json" else text
            named["default"] = inner if isinstance(inner, str) else ""
            break
    return named.get("default", ""), named.get(WITH_TOOLS, "")


def _named(found: Any) -> dict[str, str]:
    if isinstance(found, str):
        return {"default": found}
    return {text_of(each.get("name")): text_of(each.get("template")) for each in objects_of(found)}


def _token(found: Any) -> str:
    """A special token's text: it is given as such, or as an object with its content."""
    return text_of(found) or text_of(object_of(found).get("content"))


def _defaults(advice: Mapping[str, Any]) -> Sampling:
    """What the folder recommends, else llama.cpp's defaults."""

    def recommended(name: str, default: float) -> float:
        found = advice.get(name)
        if isinstance(found, bool) or not isinstance(found, int | float):
            return default
        return float(found) if found >= 0 else default

    return Sampling(
        temperature=recommended("temperature", TEMPERATURE),
        top_k=int(recommended("top_k", TOP_K)),
        top_p=recommended("top_p", TOP_P),
        min_p=recommended("min_p", MIN_P),
    )


def _object(folder: Path, name: str) -> Mapping[str, Any]:
    """The object in a JSON file; {} if there is none. Raises LoadError for a broken file."""
    file = folder / name
    if not file.is_file():
        return {}
    try:
        found = json.loads(_text(file))
    except (ValueError, RecursionError) as error:
        raise LoadError(f"model folder {folder}: {name} is no JSON: {error}") from error
    return object_of(found)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > JSON_BYTES_MAX:
            raise LoadError(f"model file {file}: larger than {JSON_BYTES_MAX} bytes")
        return file.read_text("utf-8", "replace")
    except OSError as error:
        raise LoadError(f"model file {file}: {error.strerror}; check the path") from error
