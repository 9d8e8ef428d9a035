"""Reads the header of a GGUF from its bytes, in any pieces. Sans-IO.

The file is somebody else's, and nothing in it is believed: each number is held against a named
limit and against the length of the file before anything is done by it, so that no header takes more
than some megabytes or a second. Every fault is a `GgufProblem`; any other exception is our mistake.

Invariant: what is kept of the metadata stays below KEPT_BYTES_MAX, whatever the counts say.
Source: the GGUF specification, ggml-org/ggml, docs/gguf.md; what llama.cpp refuses besides (nested
arrays, a key twice, gaps between tensors) is in ggml/src/gguf.cpp, and is refused here as well.
"""

from __future__ import annotations

import struct
from collections.abc import Generator
from typing import Final, TypeVar

from .feed import HEADER_BYTES_MAX, TAKE_BYTES_MAX, Feed
from .forms import ARRAY, BOOL, SCALARS, TENSOR_FORMS, TEXT
from .header import GgufHeader, Scalar, TensorInfo, Unkept, Value
from .layout import alignment_of, check_layout
from .problem import CONVERT_AGAIN, UPDATE, GgufProblem

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)
"""Version 1 counted in 32 bits; no engine of ours reads it."""
PAIRS_MAX: Final = 4_096
TENSORS_MAX: Final = 32_768
TEXTS_MAX: Final = 3_000_000
"""In all arrays together: the largest vocabularies have 262,144 tokens and twice as many merges."""
KEY_BYTES_MAX: Final = 65_535
NAME_BYTES_MAX: Final = 63
DIMENSIONS_MAX: Final = 4
WEIGHTS_MAX: Final = 2**63 - 1
ARRAY_KEPT: Final = 1_024
"""Values of an array that is kept: one for each layer at most."""
KEPT_BYTES_MAX: Final = 4 * 1024 * 1024
VALUE_BYTES: Final = 32
"""What a kept value is reckoned at."""
PAIR_BYTES_MIN: Final = 13
TENSOR_BYTES_MIN: Final = 25
_U32, _U64 = SCALARS[4], SCALARS[10]
_BIG_ENDIAN: Final = 0xFFFF
"""A version that is 0 in these bits has its bytes the other way round."""

Kept = TypeVar("Kept")
Steps = Generator[None, None, Kept]
"""A part of the reading: it yields where more bytes are needed."""


class HeaderReader:
    """Reads one header. `file_bytes` is the length of the whole file, where it is known."""

    def __init__(self, file_bytes: int | None = None) -> None:
        self.header: GgufHeader | None = None
        self._feed = Feed(file_bytes)
        self._kept_bytes = 0
        self._texts = 0
        self._steps = self._read()

    @property
    def offset(self) -> int:
        """How far it has read."""
        return self._feed.offset

    @property
    def skip_bytes(self) -> int:
        """How many of the next bytes are of no interest: pass them over, and say so to `skip`."""
        return self._feed.skip_bytes

    def skip(self, count: int) -> None:
        """The next `count` bytes, at most `skip_bytes`, are not going to be received.

        Raises GgufProblem.
        """
        self._feed.skip(count)
        next(self._steps, None)

    def receive_data(self, data: bytes) -> bool:
        """Takes the next bytes of the file; true once there is a header. Raises GgufProblem."""
        if self.header is None:
            self._feed.receive(data)
            next(self._steps, None)
        return self.header is not None

    def receive_end(self) -> GgufHeader:
        """The file is over: returns the header, or raises GgufProblem if it is not whole."""
        if self.header is None:
            what = "the file ends within its header" if self.offset else "the file is empty"
            raise GgufProblem(what, self.offset)
        return self.header

    def _read(self) -> Steps[None]:
        version = yield from self._version()
        tensors = yield from self._number(_U64)
        self._check_count(tensors, TENSORS_MAX, TENSOR_BYTES_MIN, "tensors")
        pairs = yield from self._number(_U64)
        self._check_count(pairs, PAIRS_MAX, PAIR_BYTES_MIN, "entries of metadata")
        found: dict[str, Value] = {}
        for _ in range(pairs):
            yield from self._pair(found)
        alignment = alignment_of(found, self.offset)
        table: dict[str, TensorInfo] = {}
        for _ in range(tensors):
            yield from self._tensor(table)
        data_offset = self.offset + -self.offset % alignment
        header = GgufHeader(version, found, tuple(table.values()), alignment, data_offset)
        check_layout(header, self._feed.file_bytes)
        self.header = header

    def _version(self) -> Steps[int]:
        magic = yield from self._take(len(MAGIC), "the mark of a GGUF")
        if magic != MAGIC:
            advice = "this engine runs GGUF files: convert the model, or fetch its GGUF"
            if magic == b"vers":
                advice = "it looks like a Git LFS pointer: run `git lfs pull` where it came from"
            raise GgufProblem(f"not a GGUF file, it begins with {magic!r}", 0, advice)
        version = yield from self._number(_U32)
        if version and not version & _BIG_ENDIAN:
            advice = "the engines here read little-endian ones: fetch that file of the model"
            raise GgufProblem("the GGUF is big-endian", len(MAGIC), advice)
        if version not in VERSIONS:
            advice = UPDATE if version > max(VERSIONS) else CONVERT_AGAIN
            what = f"GGUF version {version}; {VERSIONS[0]} and {VERSIONS[1]} are known"
            raise GgufProblem(what, len(MAGIC), advice)
        return version

    def _pair(self, found: dict[str, Value]) -> Steps[None]:
        place = self.offset
        key = yield from self._text("a key", KEY_BYTES_MAX)
        if not key:
            raise GgufProblem("a key is empty", place, CONVERT_AGAIN)
        if key in found:
            raise GgufProblem(f"the key {_shown(key)} is there twice", place, CONVERT_AGAIN)
        form = yield from self._number(_U32)
        found[key] = yield from self._value(_shown(key), form)
        self._keep(len(key) + VALUE_BYTES)

    def _value(self, key: str, form: int) -> Steps[Value]:
        if form == ARRAY:
            return (yield from self._array(key))
        if form == TEXT:
            return (yield from self._kept_text(key))
        if form in SCALARS:
            return (yield from self._scalar(key, form))
        what = f"the value of {key} is of form {form}, which does not exist"
        raise GgufProblem(what, self.offset - _U32.size)

    def _scalar(self, key: str, form: int) -> Steps[Scalar]:
        place = self.offset
        data = yield from self._take(SCALARS[form].size, f"the value of {key}")
        value: bool | int | float = SCALARS[form].unpack(data)[0]
        if form != BOOL:
            return value
        if value > 1:
            raise GgufProblem(f"the truth value of {key} is {value}", place)
        return bool(value)

    def _kept_text(self, key: str) -> Steps[str | Unkept]:
        place = self.offset
        length = yield from self._number(_U64)
        self._feed.expect(length, f"the text of {key}", HEADER_BYTES_MAX)
        if length > TAKE_BYTES_MAX:
            yield from self._drop(length)
            return Unkept(TEXT, length)
        self._keep(length)
        data = yield from self._take(length, f"the text of {key}")
        return _decoded(data, f"the text of {key}", place + _U64.size)

    def _array(self, key: str) -> Steps[tuple[Scalar, ...] | Unkept]:
        place = self.offset
        form = yield from self._number(_U32)
        count = yield from self._number(_U64)
        if form == TEXT:
            yield from self._texts_of(key, count)
            return Unkept(TEXT, count)
        if form not in SCALARS:
            what = "has arrays in it" if form == ARRAY else f"is of form {form}"
            raise GgufProblem(f"the array {key} {what}, which no engine reads", place)
        size = count * SCALARS[form].size
        self._feed.expect(size, f"the array {key} of {count} values", HEADER_BYTES_MAX)
        if count > ARRAY_KEPT:
            yield from self._drop(size)
            return Unkept(form, count)
        self._keep(count * VALUE_BYTES)
        data = yield from self._take(size, f"the array {key}")
        values = struct.unpack(f"<{count}{SCALARS[form].format[-1]}", data)
        return tuple(map(bool, values)) if form == BOOL else values

    def _texts_of(self, key: str, count: int) -> Steps[None]:
        self._feed.expect(count * _U64.size, f"the array {key} of {count} texts", HEADER_BYTES_MAX)
        self._texts += count
        if self._texts > TEXTS_MAX:
            what = f"the arrays up to {key} have {self._texts} texts, at most {TEXTS_MAX} are read"
            raise GgufProblem(what, self.offset)
        while count := self._feed.drop_texts(count):
            yield

    def _tensor(self, table: dict[str, TensorInfo]) -> Steps[None]:
        place = self.offset
        name = yield from self._text("the name of a tensor", NAME_BYTES_MAX)
        shown = f"the tensor {_shown(name)}"
        if name in table:
            raise GgufProblem(f"{shown} is there twice", place, CONVERT_AGAIN)
        count = yield from self._number(_U32)
        if not 0 < count <= DIMENSIONS_MAX:
            what = f"{shown} has {count} dimensions, 1 to {DIMENSIONS_MAX} are possible"
            raise GgufProblem(what, self.offset - _U32.size)
        data = yield from self._take(8 * count + 12, shown)
        *dimensions, form, offset = struct.unpack(f"<{count}QIQ", data)
        if form not in TENSOR_FORMS:
            what = f"{shown} is of form {form}, which is not known here"
            raise GgufProblem(what, self.offset - 12, UPDATE)
        tensor = TensorInfo(name, tuple(dimensions), TENSOR_FORMS[form], offset)
        if not 0 < tensor.weights <= WEIGHTS_MAX:
            what = f"{shown} of {' x '.join(map(str, dimensions))} weights cannot be"
            raise GgufProblem(what, place)
        if dimensions[0] % tensor.form.block_weights:
            what = f"{shown} has rows of {dimensions[0]}, in blocks of {tensor.form.block_weights}"
            raise GgufProblem(what, place, CONVERT_AGAIN)
        table[name] = tensor

    def _text(self, what: str, bytes_max: int) -> Steps[str]:
        place = self.offset
        length = yield from self._number(_U64)
        self._feed.expect(length, what, bytes_max)
        data = yield from self._take(length, what)
        return _decoded(data, what, place + _U64.size)

    def _number(self, form: struct.Struct) -> Steps[int]:
        data = yield from self._take(form.size, "a number")
        (value,) = form.unpack(data)
        return int(value)

    def _take(self, count: int, what: str) -> Steps[bytes]:
        while (data := self._feed.take(count)) is None:
            self._feed.expect(count, what)
            yield
        return data

    def _drop(self, count: int) -> Steps[None]:
        self._feed.drop(count)
        while self._feed.skip_bytes:
            yield

    def _keep(self, count: int) -> None:
        self._kept_bytes += count
        if self._kept_bytes > KEPT_BYTES_MAX:
            what = f"the metadata without long arrays take more than {KEPT_BYTES_MAX} bytes"
            raise GgufProblem(what, self.offset, CONVERT_AGAIN)

    def _check_count(self, count: int, count_max: int, bytes_min: int, what: str) -> None:
        place, file_bytes = self.offset - _U64.size, self._feed.file_bytes
        if file_bytes is not None and place + count * bytes_min > file_bytes:
            raise GgufProblem(f"{count} {what} cannot be in {file_bytes} bytes", place)
        if count > count_max:
            raise GgufProblem(f"{count} {what}, at most {count_max} are read", place)


def _decoded(data: bytes, what: str, place: int) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise GgufProblem(f"{what} is not in UTF-8", place + error.start) from None


def _shown(name: str) -> str:
    """A name as a message shows it: short, and with nothing in it that a terminal would obey."""
    return repr(name if len(name) <= 80 else f"{name[:80]}...")
