"""What is said to the process that talks to the keychain, and what is kept there.

A message is four bytes of length, big-endian, and so many bytes of JSON. It goes through a pipe and
nowhere else: arguments and environments can be read by others. The reasons are this table's, not
the keychain's own words, which differ by system and by version.
"""

from __future__ import annotations

import struct
from typing import Final, Literal

import msgspec

SERVICE: Final = "understudy"
"""Under this name the keys stand in the keychain; the account is the key's name."""
MESSAGE_BYTES_MAX: Final = 65_536
_LENGTH: Final = struct.Struct(">I")
LENGTH_BYTES: Final = _LENGTH.size

Operation = Literal["read", "write", "remove"]
Outcome = Literal["done", "absent", "failed"]
Reason = Literal["no-bus", "no-service", "no-backend", "locked", "denied", "error"]


class Wish(msgspec.Struct, frozen=True):
    """One operation. `kept` is what is to be kept, as JSON, for "write" alone."""

    operation: Operation
    name: str
    kept: str = ""


class Told(msgspec.Struct, frozen=True):
    """How it ended. `kept` is what was read; `detail` the keychain's own words, without a key."""

    outcome: Outcome
    kept: str = ""
    reason: Reason = "error"
    detail: str = ""


class Kept(msgspec.Struct, frozen=True):
    """What stands in the keychain for one key."""

    value: str
    host: str


class BadMessage(Exception):
    """Bytes that are no message."""


def framed(message: Wish | Told) -> bytes:
    """The bytes of a message. Raises BadMessage if there are too many."""
    body = msgspec.json.encode(message)
    if len(body) > MESSAGE_BYTES_MAX:
        raise BadMessage(f"a message has {len(body)} bytes; at most {MESSAGE_BYTES_MAX}")
    return _LENGTH.pack(len(body)) + body


def length_of(head: bytes) -> int:
    """How long the message is that follows its first LENGTH_BYTES. Raises BadMessage."""
    if len(head) != LENGTH_BYTES:
        raise BadMessage("the message did not come")
    (length,) = _LENGTH.unpack(head)
    if length > MESSAGE_BYTES_MAX:
        raise BadMessage(f"a message of {length} bytes is announced; at most {MESSAGE_BYTES_MAX}")
    return int(length)
