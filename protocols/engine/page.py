"""The page of memory that a backend shares with a worker: one abort byte, and a generation.

Byte 0 is the flag: C reads it as the first byte of a string, between two operations of a
computation, so byte 1 is 0 for ever. Bytes 8 to 15 are the generation, little-endian: how often the
parent has set the flag.

The parent counts the generation up, then sets the flag, then sends a `Cancel` with that generation.
The worker computes nothing while the flag is set: it reads its pipe until it has seen the page's
generation, clears the flag, and looks at the generation once more; if that has changed, it sets the
flag again itself. So no cancellation is lost, whatever the order in which the two see each other's
writes, and none stops a later request.
"""

from __future__ import annotations

import struct
from typing import Final

PAGE_BYTES: Final = 4096
FLAG: Final = 0
"""Where the flag is."""
_GENERATION = struct.Struct("<Q")
_GENERATION_AT: Final = 8

Page = bytearray | memoryview
"""The shared memory, writable."""


def request_abort(page: Page) -> int:
    """The parent's side: sets the flag; returns the generation to send with the `Cancel`."""
    generation = generation_of(page) + 1
    _GENERATION.pack_into(page, _GENERATION_AT, generation)
    page[FLAG] = 1
    return generation


def generation_of(page: Page) -> int:
    """How often the flag has been set."""
    (generation,) = _GENERATION.unpack_from(page, _GENERATION_AT)
    return int(generation)


def is_set(page: Page) -> bool:
    """Whether the computation is to stop."""
    return page[FLAG] != 0


def settle(page: Page, seen: int) -> bool:
    """The worker's side, having read every `Cancel` up to the generation `seen`: clears the flag.

    False if the flag is still, or again, set: another `Cancel` is on its way.
    """
    if generation_of(page) != seen:
        return False
    page[FLAG] = 0
    if generation_of(page) != seen:
        page[FLAG] = 1
        return False
    return True
