"""The state of a sequence as bytes: its caches' kinds and numbers, as they lie in memory.

A header in JSON says the tree of each cache's `state`: for an array its type and shape, for a
number its value. The arrays follow, in the header's order. What a cache has room for beyond its
tokens is not written. Nothing that is read makes code run: kinds are those of a table, and the
caller has checked that the bytes are those that were written (`state_header`).
"""

from __future__ import annotations

import json
import math
import struct
from typing import Any, Final

import attrs

from ....protocols.json_values import list_of, object_of
from .library import caches as kinds
from .library import mx, numpy
from .model_caches import Caches

HEADER_BYTES_MAX: Final = 4 * 1024 * 1024
_LENGTH = struct.Struct("<I")
KINDS: Final = ("KVCache", "RotatingKVCache", "ArraysCache", "ChunkedKVCache", "CacheList")
"""Whose states are written and read."""
WIDTHS: Final = {
    "bool": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "float16": 2, "bfloat16": 2,
    "int32": 4, "uint32": 4, "float32": 4,
}  # fmt: skip
"""Bytes of a number, by the names of MLX's types."""
ARRAY: Final = "array"


class NoState(ValueError):
    """These caches cannot be written, or these bytes are no caches."""


@attrs.frozen
class Plan:
    """What is to be written: the header, and the arrays behind it."""

    header: bytes
    arrays: tuple[Any, ...]

    @property
    def size_bytes(self) -> int:
        """All of it."""
        return _LENGTH.size + len(self.header) + sum(int(array.nbytes) for array in self.arrays)

    def write(self, into: memoryview) -> int:
        """Writes it; returns how many bytes that are."""
        at = _LENGTH.size + len(self.header)
        into[:at] = _LENGTH.pack(len(self.header)) + self.header
        for array in self.arrays:
            raw = numpy.ascontiguousarray(numpy.array(array.view(mx.uint8)))
            into[at : at + array.nbytes] = memoryview(raw).cast("B")
            at += array.nbytes
        return at


def planned(caches: Caches, tokens: int) -> Plan:
    """What is to be written of caches that hold so many tokens. Raises NoState for those of a kind
    that is not in the table."""
    arrays: list[Any] = []
    told = [tokens, [_told(each, arrays) for each in caches]]
    return Plan(json.dumps(told).encode(), tuple(arrays))


def read_caches(data: memoryview) -> tuple[Caches, int]:
    """The caches in these bytes, and how many tokens they hold. Raises NoState."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        if length > HEADER_BYTES_MAX:
            raise NoState(f"a header of {length} bytes")
        first = _LENGTH.size + length
        tokens, told = json.loads(bytes(data[_LENGTH.size : first]))
        reader = _Reader(data[first:])
        found = [reader.cache(each) for each in told]
    except NoState:
        raise
    except (struct.error, LookupError, TypeError, ValueError, RecursionError) as error:
        raise NoState(f"no state of a sequence: {error}") from error
    mx.eval([each.state for each in found])
    return found, int(tokens)


def _told(cache: Any, arrays: list[Any]) -> list[Any]:
    """A cache for the header: its kind, and its state or those of its parts."""
    kind = type(cache).__name__
    if kind not in KINDS:
        raise NoState(f"a cache of the kind {kind}")
    if kind == "CacheList":
        return [kind, [_told(each, arrays) for each in cache.caches]]
    state = cache.state
    if kind == "KVCache" and cache.keys is not None:
        state = (*cache.keys_and_values(), cache.offset)
    return [kind, _tree(state, arrays)]


def _tree(value: Any, arrays: list[Any]) -> Any:
    """A state for the header; its arrays are added to the list."""
    if isinstance(value, mx.array):
        arrays.append(value)
        return {ARRAY: [str(value.dtype).removeprefix("mlx.core."), list(value.shape)]}
    if type(value) in (list, tuple):
        return [_tree(each, arrays) for each in value]
    if value is None or isinstance(value, int | float | str):
        return value
    raise NoState(f"a state with a {type(value).__name__}")


class _Reader:
    """Builds caches from the header's words and the arrays that follow it, in their order."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._at = data, 0

    def cache(self, told: Any) -> Any:
        kind, tree = told
        if kind not in KINDS:
            raise NoState(f"a cache of the kind {kind!r}")
        if kind == "CacheList":
            return kinds.CacheList(*[self.cache(each) for each in tree])
        return getattr(kinds, kind).from_state(self._built(tree))

    def _built(self, tree: Any) -> Any:
        if isinstance(tree, list):
            return [self._built(each) for each in list_of(tree)]
        if isinstance(tree, dict):
            name, shape = object_of(tree)[ARRAY]
            return self._array(name, shape)
        return tree

    def _array(self, name: str, shape: list[int]) -> Any:
        size = WIDTHS[name] * math.prod(shape)
        data = self._data[self._at : self._at + size]
        if len(data) != size:
            raise NoState("it is cut short")
        self._at += size
        raw = mx.array(numpy.frombuffer(data, dtype=numpy.uint8))
        # The last dimension is counted in bytes until the type is known.
        return raw.view(getattr(mx, name)).reshape(shape)
