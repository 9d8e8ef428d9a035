"""Model files made of other model files: with another template, or a model that comes to an end."""

from __future__ import annotations

import struct
from pathlib import Path

import attrs
from understudy.io.engines.rehearsal import MODEL_FILE

from .gguf_model import (
    ALIGNMENT,
    BLOCK_BYTES,
    BLOCK_WEIGHTS,
    UNIFORM_DEVIATION,
    metadata,
    read_pair,
    read_text,
)

TEMPLATE = "tokenizer.chat_template"
END = "tokenizer.ggml.eos_token_id"
HEAD = "<4sIQQ"


@attrs.frozen
class Parts:
    """A file taken apart; `shapes` is how its tensors are described, `places` is where they are."""

    pairs: dict[str, bytes]
    shapes: bytes
    places: dict[str, tuple[int, int]]
    """Of each tensor its columns, and where in `data` it begins."""
    data: bytes

    @classmethod
    def of(cls, file: Path) -> Parts:
        """Reads a file."""
        with file.open("rb") as stream:
            _, _, tensors, count = struct.unpack(HEAD, stream.read(24))
            pairs = dict(read_pair(stream) for _ in range(count))
            start, places = stream.tell(), dict[str, tuple[int, int]]()
            for _ in range(tensors):
                name = read_text(stream).decode()
                (dimensions,) = struct.unpack("<I", stream.read(4))
                columns, *_ = struct.unpack(f"<{dimensions}Q", stream.read(8 * dimensions))
                _, offset = struct.unpack("<IQ", stream.read(12))
                places[name] = columns, offset
            end = stream.tell()
            stream.seek(start)
            shapes, data = stream.read(end - start), stream.read()
        return cls(pairs, shapes, places, data[-end % ALIGNMENT :])

    def write(self, file: Path) -> None:
        """Writes them as a file."""
        head = struct.pack(HEAD, b"GGUF", 3, len(self.places), len(self.pairs))
        head += b"".join(self.pairs.values()) + self.shapes
        file.write_bytes(head + bytes(-len(head) % ALIGNMENT) + self.data)


def write_with_template(file: Path, template: str) -> None:
    """Writes the model that ships with us with this chat template instead of its own."""
    parts = Parts.of(Path(MODEL_FILE))
    (pair,) = metadata({TEMPLATE: template})
    attrs.evolve(parts, pairs={**parts.pairs, TEMPLATE: pair}).write(file)


def let_end(file: Path, deviation: float) -> None:
    """Gives the end's logit, in a model of random weights, this deviation instead of about 1.

    With 10 times as much as other tokens, it is the best one again and again, or never: a seed is
    to be chosen for which answers are neither empty nor endless.
    """
    parts = Parts.of(file)
    columns, start = parts.places["output.weight"]
    (end_token,) = struct.unpack("<I", parts.pairs[END][-4:])
    row_bytes = columns // BLOCK_WEIGHTS * BLOCK_BYTES
    scale = struct.pack("<e", deviation * columns**-0.5 / UNIFORM_DEVIATION)
    data = bytearray(parts.data)
    first = start + end_token * row_bytes
    for at in range(first, first + row_bytes, BLOCK_BYTES):
        data[at : at + len(scale)] = scale
    attrs.evolve(parts, data=bytes(data)).write(file)
