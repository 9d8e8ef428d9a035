"""The form of a prefix's file: a header, the tokens (raw int32), the state as llama.cpp gives it.

The header has its own CRC-32, so that an index can be read without the states; another CRC-32
covers tokens and state. CRC-32 is for disks and crashes (3.8 GB/s here, BLAKE2b 0.9), not for
enemies: who can write this folder can do worse. The key in the header is that of the file's name
and of the tokens in it (`PrefixStore.key_of`), so a file of another model, template or build is
refused, and one that was renamed. A file is written under another name and then renamed, so half a
file is seldom seen; if it is, its length gives it away.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

import attrs

from .step import TOKEN_BYTES

_MAGIC: Final = b"UNDYKV\r\n"
_VERSION: Final = 1
_FIELDS = struct.Struct("<8sI32sIQI")
_CHECK = struct.Struct("<I")
HEADER_BYTES: Final = _FIELDS.size + _CHECK.size
KEY_CHARACTERS: Final = 32
"""Of a key: lower-case hexadecimal digits."""


class BadState(ValueError):
    """The file is not to be trusted; the message says why. Delete it."""


@attrs.frozen
class StateHeader:
    """What a file says of itself."""

    key: str
    tokens: int
    state_bytes: int
    checksum: int

    @property
    def file_bytes(self) -> int:
        """How long the whole file is."""
        return HEADER_BYTES + self.tokens * TOKEN_BYTES + self.state_bytes


def encode_header(key: str, tokens: bytes, state: bytes | memoryview) -> bytes:
    """The header to be written before these tokens and this state."""
    name = key.encode("ascii")
    assert len(name) == KEY_CHARACTERS, key
    checksum = zlib.crc32(state, zlib.crc32(tokens))
    count = len(tokens) // TOKEN_BYTES
    fields = _FIELDS.pack(_MAGIC, _VERSION, name, count, len(state), checksum)
    return fields + _CHECK.pack(zlib.crc32(fields))


def decode_header(data: bytes | memoryview, file_bytes: int) -> StateHeader:
    """Reads a header from the first bytes of a file of this length. Raises BadState."""
    if len(data) < HEADER_BYTES:
        raise BadState("it is shorter than a header")
    (check,) = _CHECK.unpack_from(data, _FIELDS.size)
    if zlib.crc32(data[: _FIELDS.size]) != check:
        raise BadState("its header is damaged")
    magic, version, name, count, state_bytes, checksum = _FIELDS.unpack_from(data)
    if magic != _MAGIC or version != _VERSION:
        raise BadState("it is of another kind or version")
    header = StateHeader(name.decode("ascii"), count, state_bytes, checksum)
    if header.file_bytes != file_bytes:
        raise BadState(f"it has {file_bytes} bytes, and its header says {header.file_bytes}")
    return header


def verify_state(data: memoryview, key: str, tokens: bytes) -> memoryview:
    """The state in a whole file that is to be these tokens' under this key. Raises BadState."""
    header = decode_header(data[:HEADER_BYTES], len(data))
    if header.key != key:
        raise BadState("it belongs to another model, template, build or prefix")
    first = HEADER_BYTES + header.tokens * TOKEN_BYTES
    if zlib.crc32(data[HEADER_BYTES:]) != header.checksum:
        raise BadState("its tokens or its state are damaged")
    if data[HEADER_BYTES:first].tobytes() != tokens:
        raise BadState("it holds other tokens")
    return data[first:]
