"""A loaded model file: its weights, its metadata and its vocabulary.

A load fails in the words of whoever asked for it: a missing file, one that is no GGUF, one that
the library cannot run. That the file begins as a GGUF is looked at first, for the library says no
more than that it failed. Source: the GGUF specification, ggml-org/ggml, docs/gguf.md.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ..worker.model import LoadError
from .library import POOLING_MEAN, last_errors, llama
from .vocabulary import Vocabulary

METADATA_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of one value; templates take a few kilobytes."""
GGUF_MAGIC: Final = b"GGUF"
CACHE_ELEMENT_BYTES: Final = 2
"""Keys and values are kept in half precision."""


class Weights:
    """A model in memory."""

    def __init__(self, file: str, gpu_layers: int, progress: Callable[[float], None]) -> None:
        _check(file)

        def told(fraction: float, _data: Any) -> bool:
            progress(fraction)
            return True

        parameters = llama.llama_model_default_params()
        parameters.n_gpu_layers = gpu_layers
        callback = llama.llama_progress_callback(told)
        parameters.progress_callback = callback
        self.handle: Any = llama.llama_model_load_from_file(file.encode(), parameters)
        if not self.handle:
            reason = last_errors() or "no reason given"
            raise LoadError(f"model file {file}: llama.cpp cannot load it: {reason}")
        self.vocabulary = Vocabulary(llama.llama_model_get_vocab(self.handle))
        self.trained_tokens: int = llama.llama_model_n_ctx_train(self.handle)
        self.embedding_length: int = llama.llama_model_n_embd_out(self.handle)
        if not self.vocabulary.size:
            raise LoadError(f"model file {file}: it has no vocabulary, so it reads no text")
        if llama.llama_model_has_encoder(self.handle):
            raise LoadError(f"model file {file}: models with an encoder are not run")

    @property
    def template(self) -> str:
        """The chat template of the file, or ""."""
        found = llama.llama_model_chat_template(self.handle, None)
        return found.decode("utf-8", "replace") if found else ""

    def metadata(self, key: str) -> str:
        """The value under a key of the file's metadata, or ""."""
        size = llama.llama_model_meta_val_str(self.handle, key.encode(), None, 0)
        if not 0 < size < METADATA_BYTES_MAX:
            return ""
        buffer = ctypes.create_string_buffer(size + 1)
        llama.llama_model_meta_val_str(self.handle, key.encode(), buffer, size + 1)
        return buffer.value.decode("utf-8", "replace")

    def number(self, key: str) -> float | None:
        """The number under a key, or None."""
        try:
            return float(self.metadata(key))
        except ValueError:
            return None

    @property
    def cache_bytes_per_token(self) -> int:
        """What a token takes in the cache, from the metadata; 0 if they do not say."""
        kind = self.metadata("general.architecture")
        heads = self.number(f"{kind}.attention.head_count_kv")
        heads = heads or self.number(f"{kind}.attention.head_count")
        layers = self.number(f"{kind}.block_count")
        if not heads or not layers:
            return 0
        width = llama.llama_model_n_embd(self.handle) // llama.llama_model_n_head(self.handle)
        keys = self.number(f"{kind}.attention.key_length") or width
        values = self.number(f"{kind}.attention.value_length") or width
        return int(layers * heads * (keys + values) * CACHE_ELEMENT_BYTES)

    @property
    def pooling(self) -> int:
        """How the vectors of a text become one: what the file says, else their mean."""
        kind = self.metadata("general.architecture")
        named = self.number(f"{kind}.pooling_type")
        return int(named) if named else POOLING_MEAN

    def close(self) -> None:
        """Frees the model; its contexts must have been closed before."""
        llama.llama_model_free(self.handle)


def _check(file: str) -> None:
    try:
        with Path(file).open("rb") as stream:
            magic = stream.read(len(GGUF_MAGIC))
    except OSError as error:
        raise LoadError(f"model file {file}: {error.strerror}; check the path") from error
    if magic != GGUF_MAGIC:
        raise LoadError(f"model file {file}: not a GGUF file (it begins with {magic!r})")
