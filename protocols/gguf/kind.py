"""What kind of thing a GGUF is, and why one that is whole may still not be run as a model.

The words that say so are the same for the library, which lists every file, and for an engine, which
is about to start: both ask here. Ranges are those of llama.cpp (src/llama-hparams.h,
LLAMA_MAX_LAYERS) where it has any; it stops the whole process on some of them (GGML_ASSERT).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .header import ARCHITECTURE, GgufHeader
from .problem import CONVERT_AGAIN, FETCH_AGAIN

TYPE: Final = "general.type"
PROJECTOR: Final = "clip"
"""The architecture of what turns images into embeddings."""
LAYERS_MAX: Final = 512


def words(text: str) -> frozenset[str]:
    """The words of a text: names of architectures are many, and read best without commas."""
    return frozenset(text.split())


_NOT_MODELS: Final[Mapping[str, str]] = {
    "mmproj": "a projector, which belongs to a model: name the model's own file",
    "adapter": "an adapter (LoRA) without a model: merge the two, or name the model's own file",
    "imatrix": "statistics for quantising, not a model: name the model's own file",
    "vocab": "a vocabulary without weights: name the model's own file",
}
_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "block_count": (1, LAYERS_MAX),
    "embedding_length": (1, 2**20),
    "context_length": (1, 2**31 - 1),
}
"""What every architecture must have under these keys."""
_ENCODERS: Final = words(
    """
    bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 modern-bert eurobert
    gemma-embedding llama-embed t5encoder
    """
)
"""Architectures that make vectors and do not answer."""
_WITHOUT_MEMORY: Final = _ENCODERS - {"llama-embed"} | {"dream", "llada", "llada-moe", "rnd1"}
"""Architectures that read a text as a whole: nothing is kept of it."""


def is_projector(header: GgufHeader) -> bool:
    """Whether it only turns images or sounds into what a model reads."""
    return header.text(TYPE) == "mmproj" or header.architecture == PROJECTOR


def makes_vectors(header: GgufHeader) -> bool:
    """Whether it is a model that makes vectors of texts."""
    if header.architecture in _ENCODERS:
        return True
    return header.count(header.key("pooling_type")) > 0


def has_no_memory(header: GgufHeader) -> bool:
    """Whether nothing is kept of what it has read: it looks at a whole text at once."""
    return header.architecture in _WITHOUT_MEMORY or is_projector(header)


def run_problem(header: GgufHeader) -> str:
    """Why this cannot be run as a model, and what to do; "" if it can."""
    kind = "mmproj" if is_projector(header) else header.text(TYPE)
    if kind in _NOT_MODELS:
        return f"it is {_NOT_MODELS[kind]}"
    if not header.architecture:
        return f"it does not say what kind of model it is ({ARCHITECTURE}); {CONVERT_AGAIN}"
    for name, (least, most) in _RANGES.items():
        key = header.key(name)
        value = header.pairs.get(key)
        if type(value) is not int or not least <= value <= most:
            found = f"is {value}" if isinstance(value, int | float) else "is not a number"
            return f"{key[:80]!r} {found}, and must be {least} to {most}; {FETCH_AGAIN}"
    if not header.tensors:
        return f"it has no weights; {FETCH_AGAIN}"
    return ""
