"""One model on this machine, as the library shows it: where it lies, and what it can do."""

from __future__ import annotations

from typing import Final

import attrs

GGUF: Final = "gguf"
MLX: Final = "mlx"

OWN: Final = "understudy"
HUGGING_FACE: Final = "hugging face"
LM_STUDIO: Final = "lm studio"
OLLAMA: Final = "ollama"
LLAMA_CPP: Final = "llama.cpp"


@attrs.frozen
class ModelFacts:
    """What a model's own metadata say; "" and 0 where they are silent.

    `parameters` counts weights; `token_bytes` is what a token takes in the KV cache in half
    precision; `context_tokens` is the window it was trained for; `template` tells whether there is
    a chat template, and `tools` whether that knows tools; `embeddings` is a model that makes
    vectors.
    """

    format: str
    architecture: str = ""
    name: str = ""
    parameters: int = 0
    quantisation: str = ""
    context_tokens: int = 0
    token_bytes: int = 0
    template: bool = False
    tools: bool = False
    thinking: bool = False
    vision: bool = False
    embeddings: bool = False
    licence: str = ""


@attrs.frozen
class ModelPlace:
    """Where a model was found: the program whose it is, its path there, and its name there."""

    source: str
    path: str
    title: str = ""


@attrs.frozen
class LocalModel:
    """A model's file, or its folder (MLX).

    `id` is short and unique here; `source` says whose program's it is. `path` is absolute, of a
    split model that of its first part; `size_bytes` is of all parts, which `parts` names.
    `title` is what the program that it is of calls it. `projector` is the file that turns images
    into what the model reads, "" without one. `elsewhere` are further places of the same model.
    `problem` says in words why it cannot be run, "" if it can.
    """

    id: str
    path: str
    source: str
    size_bytes: int
    facts: ModelFacts
    problem: str = ""
    title: str = ""
    parts: tuple[str, ...] = ()
    projector: str = ""
    elsewhere: tuple[ModelPlace, ...] = ()
