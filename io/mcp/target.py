"""Where `understudy mcp` finds the server, and how it reads an answer's parts."""

from __future__ import annotations

from typing import Final

import attrs

from ..ports import Headers, UpstreamResponse

BODY_BYTES_MAX: Final = 64 * 1024 * 1024
"""Of one answer that is no stream."""


@attrs.frozen
class Target:
    """Where the server is, and what shows it that we may ask."""

    url: str
    headers: Headers = attrs.field(repr=False)


class ProxyRefused(Exception):
    """There is no server to pass a message on to; the words say what to do."""


async def body_of(response: UpstreamResponse) -> bytes:
    """The whole body of an answer, up to the limit."""
    body = b""
    while len(body) <= BODY_BYTES_MAX and (data := await response.receive()):
        body += data
    return body


def header_of(response: UpstreamResponse, name: bytes) -> bytes:
    """A header of an answer; b"" without it."""
    return next((value for key, value in response.headers if key == name), b"")
