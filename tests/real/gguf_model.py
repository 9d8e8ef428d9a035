"""Model files for tests: llama's architecture with random weights and a real tokenizer.

What a test of an engine needs is shapes that cost what real ones cost, and text that goes through a
real tokenizer; what the model says does not matter, as long as it says the same again. So weights
are random bytes (quantised in blocks of 32, `q8_0`, each block with the same scale), and the
tokenizer and the template are those of the embedded rehearsal model. Nothing but the standard
library is needed, and the same shape is the same file, byte for byte.

    python -m tests.real.gguf_model wide FILE      makes one by hand

Source of the form: the GGUF specification, ggml-org/ggml, docs/gguf.md; of the blocks: ggml's
ggml-common.h, block_q8_0.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import BinaryIO

import attrs
from understudy.io.engines.rehearsal import MODEL_FILE

ALIGNMENT = 32
BLOCK_WEIGHTS = 32
BLOCK_BYTES = 34
F32, Q8_0 = 0, 8
"""Of tensors."""
U32, FLOAT, BOOL, STRING, ARRAY = 4, 6, 7, 8, 9
"""Of metadata."""
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, U32: 4, 5: 4, FLOAT: 4, BOOL: 1, 10: 8, 11: 8, 12: 8}
UNIFORM_DEVIATION = 73.9
"""The standard deviation of a random byte, read as a signed one."""


@attrs.frozen
class Shape:
    """What a model is made of; `template` replaces the rehearsal model's if it is not empty."""

    width: int
    layers: int
    forward: int
    heads: int
    cache_heads: int
    trained_tokens: int = 32_768
    exact: bool = False
    """Weights in single precision: then the order of a sum hardly changes it."""
    seed: int = 0
    template: str = ""

    @property
    def cache_width(self) -> int:
        """How wide keys and values are."""
        return self.width // self.heads * self.cache_heads


SHAPES = {
    "tiny": Shape(256, 4, 704, 8, 4),
    "m100": Shape(768, 12, 2048, 12, 4),
    "exact": Shape(128, 3, 352, 4, 2, exact=True),
    "slow": Shape(512, 6, 1408, 8, 4, exact=True),
    "wide": Shape(4096, 3, 14_336, 32, 8),
}
"""By name: 8 MB; 94 MB, a small model's costs; 11 MB and 106 MB, for texts that are compared; 770
MB, an 8B model's costs a layer."""


@attrs.frozen
class Tensor:
    """A tensor of random weights; of `constant` where the deviation is 0. `dimensions` are GGUF's:
    the columns of a matrix first."""

    name: str
    dimensions: tuple[int, ...]
    deviation: float = 0.0
    constant: float = 1.0
    is_exact: bool = False

    @property
    def form(self) -> int:
        """How the weights are kept."""
        return F32 if self.is_exact or not self.deviation else Q8_0

    @property
    def weights(self) -> int:
        """How many there are."""
        return math.prod(self.dimensions)

    @property
    def data_bytes(self) -> int:
        """What they take."""
        blocks = self.weights // BLOCK_WEIGHTS
        return blocks * BLOCK_BYTES if self.form == Q8_0 else 4 * self.weights

    def data(self, random: Random) -> bytes:
        """The weights."""
        if not self.deviation:
            return struct.pack("<f", self.constant) * self.weights
        fill = _weights if self.form == Q8_0 else _exact_weights
        return fill(random, self.weights, self.deviation)


def write_model(path: Path, shape: Shape, tokenizer: list[bytes] | None = None) -> None:
    """Writes a model of this shape; `tokenizer` replaces the rehearsal model's and its template."""
    kept = tokenizer or tokenizer_metadata(Path(MODEL_FILE), but_template=bool(shape.template))
    tensors = list(_tensors(shape, vocabulary_size(kept)))
    write_gguf(path, [*kept, *_metadata(path.stem, shape)], tensors, shape.seed)


def write_gguf(path: Path, pairs: list[bytes], tensors: list[Tensor], seed: int) -> None:
    """Writes a file with this metadata and these tensors."""
    with path.open("wb") as stream:
        stream.write(struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(pairs)))
        stream.write(b"".join(pairs))
        offset = 0
        for tensor in tensors:
            count = len(tensor.dimensions)
            stream.write(_text(tensor.name) + struct.pack("<I", count))
            stream.write(struct.pack(f"<{count}QIQ", *tensor.dimensions, tensor.form, offset))
            offset += tensor.data_bytes + -tensor.data_bytes % ALIGNMENT
        stream.write(bytes(-stream.tell() % ALIGNMENT))
        random = Random(seed)
        for tensor in tensors:
            data = tensor.data(random)
            assert len(data) == tensor.data_bytes, tensor
            stream.write(data + bytes(-len(data) % ALIGNMENT))


def tokenizer_metadata(file: Path, *, but_template: bool = False) -> list[bytes]:
    """The tokenizer of a model file: its pairs of metadata as they stand there."""
    with file.open("rb") as stream:
        _, version, _, count = struct.unpack("<4sIQQ", stream.read(24))
        assert version == 3, version
        found = [read_pair(stream) for _ in range(count)]
    template = "tokenizer.chat_template"
    return [
        raw
        for name, raw in found
        if name.startswith("tokenizer.") and not (but_template and name == template)
    ]


def metadata(values: Mapping[str, str | int | float]) -> Iterator[bytes]:
    """Pairs of metadata: texts, whole numbers and numbers."""
    for key, value in values.items():
        if isinstance(value, str):
            yield _text(key) + struct.pack("<I", STRING) + _text(value)
        elif isinstance(value, int):
            yield _text(key) + struct.pack("<II", U32, value)
        else:
            yield _text(key) + struct.pack("<If", FLOAT, value)


def _metadata(name: str, shape: Shape) -> Iterator[bytes]:
    yield from metadata(
        {
            "general.architecture": "llama",
            "general.name": name,
            "general.quantization_version": 2,
            "general.file_type": 7,
            "llama.context_length": shape.trained_tokens,
            "llama.embedding_length": shape.width,
            "llama.block_count": shape.layers,
            "llama.feed_forward_length": shape.forward,
            "llama.attention.head_count": shape.heads,
            "llama.attention.head_count_kv": shape.cache_heads,
            "llama.rope.dimension_count": shape.width // shape.heads,
            "llama.attention.layer_norm_rms_epsilon": 1e-5,
            "llama.rope.freq_base": 500_000.0,
        }
    )
    if shape.template:
        yield from metadata({"tokenizer.chat_template": shape.template})


def _tensors(shape: Shape, vocabulary: int) -> Iterator[Tensor]:
    width, forward, deep = shape.width, shape.forward, (2 * shape.layers) ** 0.5

    def matrix(name: str, rows: int, columns: int, deviation: float) -> Tensor:
        return Tensor(f"{name}.weight", (columns, rows), deviation, is_exact=shape.exact)

    yield matrix("token_embd", vocabulary, width, 0.5)
    yield matrix("output", vocabulary, width, width**-0.5)
    yield Tensor("output_norm.weight", (width,))
    for layer in range(shape.layers):
        block = f"blk.{layer}"
        yield Tensor(f"{block}.attn_norm.weight", (width,))
        yield Tensor(f"{block}.ffn_norm.weight", (width,))
        yield matrix(f"{block}.attn_q", width, width, width**-0.5)
        yield matrix(f"{block}.attn_k", shape.cache_width, width, width**-0.5)
        yield matrix(f"{block}.attn_v", shape.cache_width, width, width**-0.5)
        yield matrix(f"{block}.attn_output", width, width, width**-0.5 / deep)
        yield matrix(f"{block}.ffn_gate", forward, width, width**-0.5)
        yield matrix(f"{block}.ffn_up", forward, width, width**-0.5)
        yield matrix(f"{block}.ffn_down", width, forward, forward**-0.5 / deep)


def _weights(random: Random, count: int, deviation: float) -> bytes:
    """Blocks of a scale in half precision and 32 signed bytes."""
    assert count % BLOCK_WEIGHTS == 0, count
    blocks = count // BLOCK_WEIGHTS
    data = bytearray(random.randbytes(blocks * BLOCK_BYTES))
    low, high = struct.pack("<e", deviation / UNIFORM_DEVIATION)
    data[0::BLOCK_BYTES] = bytes([low]) * blocks
    data[1::BLOCK_BYTES] = bytes([high]) * blocks
    return bytes(data)


def _exact_weights(random: Random, count: int, deviation: float) -> bytes:
    """Floats whose sign and mantissa are random, all of nearly the wanted size."""
    data = bytearray(random.randbytes(4 * count))
    *_, low, high = struct.pack("<f", 2.0 ** round(math.log2(deviation / 1.5)))
    data[2::4] = data[2::4].translate(bytes(value & 0x7F | low & 0x80 for value in range(256)))
    data[3::4] = data[3::4].translate(bytes(value & 0x80 | high for value in range(256)))
    return bytes(data)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def vocabulary_size(pairs: list[bytes]) -> int:
    """How many tokens a tokenizer's metadata list."""
    key = _text("tokenizer.ggml.tokens")
    (found,) = [pair for pair in pairs if pair.startswith(key)]
    _, _, count = struct.unpack_from("<IIQ", found, len(key))
    return int(count)


def read_pair(stream: BinaryIO) -> tuple[str, bytes]:
    """A key, and the whole pair as it stands in the file."""
    start = stream.tell()
    key = read_text(stream).decode()
    (form,) = struct.unpack("<I", stream.read(4))
    _skip(stream, form)
    end = stream.tell()
    stream.seek(start)
    return key, stream.read(end - start)


def _skip(stream: BinaryIO, form: int) -> None:
    if form == STRING:
        read_text(stream)
    elif form == ARRAY:
        inner, count = struct.unpack("<IQ", stream.read(12))
        if inner == STRING:
            for _ in range(count):
                read_text(stream)
        else:
            stream.seek(SIZES[inner] * count, 1)
    else:
        stream.seek(SIZES[form], 1)


def read_text(stream: BinaryIO) -> bytes:
    (length,) = struct.unpack("<Q", stream.read(8))
    return stream.read(length)


if __name__ == "__main__":
    write_model(Path(sys.argv[2]), SHAPES[sys.argv[1]])
