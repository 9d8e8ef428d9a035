"""The header of a GGUF: its metadata, and the table of its tensors.

Long arrays (vocabularies) and long texts are not kept; their place is taken by an `Unkept`, which
tells how many there were. What is asked for under a key comes back as what the asker can use, or
as 0, "" or nothing: the metadata are somebody else's, and a number may stand where a text should.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import attrs

from .forms import TensorForm

ARCHITECTURE: Final = "general.architecture"


@attrs.frozen
class Unkept:
    """An array, or a text, that was too long to be kept: of which form, and how long it was."""

    form: int
    count: int


Scalar = bool | int | float
Value = Scalar | str | tuple[Scalar, ...] | Unkept


@attrs.frozen
class TensorInfo:
    """One tensor. `dimensions` are GGUF's: the columns of a matrix first; `offset` is from where
    the data begin."""

    name: str
    dimensions: tuple[int, ...]
    form: TensorForm
    offset: int

    @property
    def weights(self) -> int:
        """How many there are."""
        return math.prod(self.dimensions)

    @property
    def data_bytes(self) -> int:
        """What they take in the file."""
        return self.weights // self.form.block_weights * self.form.block_bytes


@attrs.frozen
class GgufHeader:
    """A whole header that has been checked: see `layout`. `data_offset` is where the data begin."""

    version: int
    pairs: Mapping[str, Value] = attrs.field(repr=False)
    tensors: tuple[TensorInfo, ...] = attrs.field(repr=False)
    alignment: int
    data_offset: int

    @property
    def architecture(self) -> str:
        """What kind of model it is; "" if the file does not say."""
        return self.text(ARCHITECTURE)

    def key(self, name: str) -> str:
        """A key of the architecture's own: its name stands in front."""
        return f"{self.architecture}.{name}"

    def text(self, key: str) -> str:
        """The text under a key, or ""."""
        value = self.pairs.get(key)
        return value if isinstance(value, str) else ""

    def count(self, key: str, default: int = 0) -> int:
        """The whole number from 0 on under a key, else the default."""
        return _count(self.pairs.get(key), default)

    def counts(self, key: str, length: int, default: int = 0) -> tuple[int, ...]:
        """So many whole numbers under a key that may have one for all, or one for each.

        What is missing at the end of an array is the default.
        """
        value = self.pairs.get(key)
        if not isinstance(value, tuple):
            return (_count(value, default),) * length
        kept = tuple(_count(item, default) for item in value[:length])
        return kept + (default,) * (length - len(kept))

    def length(self, key: str) -> int:
        """How long the array under a key is; 0 if there is none."""
        value = self.pairs.get(key)
        if isinstance(value, Unkept):
            return value.count
        return len(value) if isinstance(value, tuple) else 0

    @property
    def parameters(self) -> int:
        """How many weights the file has."""
        return sum(tensor.weights for tensor in self.tensors)

    @property
    def file_bytes(self) -> int:
        """How long the file must be at least for all of its tensors to be in it."""
        ends = (tensor.offset + tensor.data_bytes for tensor in self.tensors)
        return self.data_offset + max(ends, default=0)


def _count(value: Value | None, default: int) -> int:
    """A whole number, also one that is written as a truth value; never a fraction."""
    return value if isinstance(value, int) and value >= 0 else default
