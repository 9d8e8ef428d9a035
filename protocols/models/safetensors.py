"""The header of a safetensors file: the names, forms and shapes of its tensors. Sans-IO.

The file begins with the header's length, 8 bytes, and the header, which is JSON. It is somebody
else's, so its length is bounded before anything is read, and what is not as it must be is refused.
Only what is counted is kept.

Source: huggingface/safetensors, README.md, "Format"; safetensors/src/tensor.rs (its limit).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from ..json_decoding import NotJson, decode_json
from ..json_values import list_of, object_of, text_of

LENGTH: Final = struct.Struct("<Q")
HEADER_BYTES_MAX: Final = 32 * 2**20
"""Upstream allows 100 MB; a header of a hundred thousand tensors has a tenth of that."""
METADATA: Final = "__metadata__"
DIMENSIONS_MAX: Final = 8
WORD_BITS: Final = 32
"""MLX packs quantised weights into unsigned numbers of so many bits."""


class SafetensorsProblem(ValueError):
    """The file is no safetensors file, or not whole; the message says why."""


@attrs.frozen
class Tensor:
    """One tensor: its form as the file names it (`BF16`, `U32`), and how many numbers it holds."""

    form: str
    count: int


@attrs.frozen
class SafetensorsHeader:
    """The tensors by name, and the format that wrote them ("mlx", "pt"; "" if it is not said).

    `file_bytes` is how long the file must be for all of them to be in it.
    """

    tensors: Mapping[str, Tensor]
    format: str
    file_bytes: int


def header_bytes(beginning: bytes) -> int:
    """How long the header is, from the file's first bytes. Raises SafetensorsProblem."""
    if len(beginning) < LENGTH.size:
        raise SafetensorsProblem("it ends before its header; fetch it again")
    length: int = LENGTH.unpack(beginning[: LENGTH.size])[0]
    if not 2 <= length <= HEADER_BYTES_MAX:
        raise SafetensorsProblem(
            f"its header would have {length} bytes, and at most {HEADER_BYTES_MAX} are read: "
            "it is no safetensors file"
        )
    return length


def read_header(content: bytes) -> SafetensorsHeader:
    """Reads the header itself, without its length. Raises SafetensorsProblem."""
    try:
        entries = object_of(decode_json(content))
    except NotJson as error:
        raise SafetensorsProblem(f"its header is not JSON: {error}; fetch it again") from None
    if not entries:
        raise SafetensorsProblem("its header names no tensors; fetch it again")
    metadata = object_of(entries.pop(METADATA, None))
    tensors: dict[str, Tensor] = {}
    end = 0
    for name, entry in entries.items():
        tensors[name] = _tensor(name, object_of(entry))
        end = max(end, _end(object_of(entry)))
    return SafetensorsHeader(
        tensors, text_of(metadata.get("format")), LENGTH.size + len(content) + end
    )


def parameters_of(headers: Iterable[SafetensorsHeader], bits: Mapping[str, int]) -> int:
    """How many weights a model has.

    A quantised layer has its weights packed into words, and scales and biases beside them, which
    are no weights of its own. `bits` are a weight's by the name of a layer, "" stands for all
    others; 0 where nothing is quantised.
    """
    tensors = {name: tensor for header in headers for name, tensor in header.tensors.items()}
    total = 0
    for name, tensor in tensors.items():
        layer, _, kind = name.rpartition(".")
        quantised = f"{layer}.scales" in tensors and tensors.get(f"{layer}.weight") is not None
        if not quantised or kind not in ("weight", "scales", "biases"):
            total += tensor.count
        elif kind == "weight":
            width = bits.get(layer, bits.get("", 0))
            packed = tensor.form == "U32" and width > 0
            total += tensor.count * WORD_BITS // width if packed else tensor.count
    return total


def _tensor(name: str, entry: dict[str, Any]) -> Tensor:
    shape = list_of(entry.get("shape"))
    numbers = [size for size in shape if isinstance(size, int) and 0 <= size < 2**40]
    if len(numbers) != len(shape) or len(shape) > DIMENSIONS_MAX:
        raise SafetensorsProblem(f"the tensor {name[:80]!r} has no shape that can be")
    return Tensor(text_of(entry.get("dtype")), math.prod(numbers))


def _end(entry: dict[str, Any]) -> int:
    offsets = list_of(entry.get("data_offsets"))
    whole = [each for each in offsets if isinstance(each, int) and 0 <= each < 2**60]
    return max(whole, default=0)
