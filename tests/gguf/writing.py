"""Small GGUF files, lawful ones and any others: each part can be written by itself.

Source of the form: the GGUF specification, ggml-org/ggml, docs/gguf.md.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from understudy.protocols.gguf.forms import TENSOR_FORMS
from understudy.protocols.gguf.header import GgufHeader
from understudy.protocols.gguf.reader import HeaderReader

U32, I32, F32, BOOL, TEXT, ARRAY, U64 = 4, 5, 6, 7, 8, 9, 10
TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}{% if tools %}{{ tools }}{% endif %}"
LLAMA: Mapping[str, Any] = {
    "general.architecture": "llama",
    "general.name": "small",
    "general.file_type": 1,
    "llama.context_length": 4_096,
    "llama.embedding_length": 64,
    "llama.block_count": 2,
    "llama.feed_forward_length": 128,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "llama.attention.layer_norm_rms_epsilon": 1e-5,
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.tokens": ["a", "b", "c", "<|end|>"],
    "tokenizer.chat_template": TEMPLATE,
}
"""The metadata of a model that could be."""


@attrs.frozen
class Placed:
    """A tensor as the table has it: `offset` is where it lies, or None for behind the last."""

    name: str
    dimensions: tuple[int, ...]
    form: int = 1
    offset: int | None = None

    @property
    def data_bytes(self) -> int:
        """What it takes in the file."""
        form = TENSOR_FORMS.get(self.form, TENSOR_FORMS[0])
        return math.prod(self.dimensions) // form.block_weights * form.block_bytes


TENSORS = (
    Placed("token_embd.weight", (64, 4)),
    Placed("blk.0.attn_q.weight", (64, 64)),
    Placed("blk.1.attn_q.weight", (64, 64)),
    Placed("output_norm.weight", (64,), 0),
)


def text(written: str | bytes) -> bytes:
    """A text with its length before it."""
    data = written.encode() if isinstance(written, str) else written
    return struct.pack("<Q", len(data)) + data


def pair(key: str, value: Any) -> bytes:
    """An entry of metadata; lists are of texts, of truth values or of whole numbers."""
    if isinstance(value, bool):
        return text(key) + struct.pack("<IB", BOOL, value)
    if isinstance(value, str | bytes):
        return text(key) + struct.pack("<I", TEXT) + text(value)
    if isinstance(value, float):
        return text(key) + struct.pack("<If", F32, value)
    if isinstance(value, int):
        return text(key) + struct.pack("<I", U32 if value < 2**32 else U64) + number(value)
    return text(key) + struct.pack("<I", ARRAY) + array(value)


def number(value: int) -> bytes:
    """A whole number in the form that `pair` chooses."""
    return struct.pack("<I" if value < 2**32 else "<Q", value)


def array(values: Sequence[Any]) -> bytes:
    """The items of a list, with their form and their count before them."""
    if all(isinstance(value, bool) for value in values):
        return struct.pack(f"<IQ{len(values)}B", BOOL, len(values), *values)
    if all(isinstance(value, int) for value in values):
        return struct.pack(f"<IQ{len(values)}i", I32, len(values), *values)
    return struct.pack("<IQ", TEXT, len(values)) + b"".join(map(text, values))


def file_of(
    metadata: Mapping[str, Any] = LLAMA,
    tensors: Sequence[Placed] = TENSORS,
    *,
    with_data: bool = True,
    alignment: int = 32,
    pairs: bytes = b"",
    more_pairs: int = 0,
) -> bytes:
    """A whole file; `pairs` are `more_pairs` entries of metadata that are written already."""
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(metadata) + more_pairs)
    head += b"".join(pair(key, value) for key, value in metadata.items()) + pairs
    offset = 0
    for tensor in tensors:
        place = offset if tensor.offset is None else tensor.offset
        count = len(tensor.dimensions)
        head += text(tensor.name)
        head += struct.pack(f"<I{count}QIQ", count, *tensor.dimensions, tensor.form, place)
        offset += tensor.data_bytes + -tensor.data_bytes % alignment
    return head + bytes(-len(head) % alignment) + bytes(offset if with_data else 0)


def header_of(metadata: Mapping[str, Any], tensors: Sequence[Placed] = TENSORS) -> GgufHeader:
    """The header of such a file, read."""
    data = file_of(metadata, tensors)
    reader = HeaderReader(len(data))
    reader.receive_data(data)
    return reader.receive_end()


def shape(architecture: str, **values: Any) -> dict[str, Any]:
    """The metadata of a model of another architecture; a double underscore becomes a point."""
    own = {f"{architecture}.{key.replace('__', '.')}": value for key, value in values.items()}
    return {"general.architecture": architecture, **own}
