"""Reading request bodies: each bounded, and all together, so that no client can fill the memory.

A body with a Content-Length has its room reserved before a byte of it is read; one without
reserves as it grows.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import attrs
from hypercorn.typing import ASGIReceiveCallable

BODY_BYTES_MAX = 64 * 1024 * 1024
BODIES_BYTES_MAX = 256 * 1024 * 1024
"""All bodies in memory together, from their first byte until their turn has ended."""


class BodyTooLarge(Exception):
    """The body is over BODY_BYTES_MAX."""


class NoRoom(Exception):
    """The bodies in memory leave no room for this one now."""


class ClientLeft(Exception):
    """The client left before its body was complete."""


@attrs.define(eq=False)
class BodyBudget:
    """The room that all bodies share."""

    limit_bytes: int = BODIES_BYTES_MAX
    used_bytes: int = 0

    @asynccontextmanager
    async def body(
        self, headers: Mapping[bytes, bytes], receive: ASGIReceiveCallable
    ) -> AsyncGenerator[bytes, None]:
        """Reads a body and holds its room until the block is left.

        Raises BodyTooLarge, NoRoom, ClientLeft.
        """
        announced = headers.get(b"content-length", b"")
        reserved = self._reserve(0, int(announced) if announced.isdigit() else 0)
        pieces: list[bytes] = []
        length = 0
        try:
            while True:
                event = await receive()
                if event["type"] != "http.request":
                    raise ClientLeft
                pieces.append(event["body"])
                length += len(event["body"])
                reserved = self._reserve(reserved, length)
                if not event["more_body"]:
                    break
            yield b"".join(pieces)
        finally:
            self.used_bytes -= reserved

    def _reserve(self, reserved: int, wanted: int) -> int:
        """Makes sure of `wanted` bytes in all; returns what is reserved now."""
        if wanted > BODY_BYTES_MAX:
            raise BodyTooLarge
        more = wanted - reserved
        if more <= 0:
            return reserved
        if self.used_bytes + more > self.limit_bytes:
            raise NoRoom
        self.used_bytes += more
        return wanted
