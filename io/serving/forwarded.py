"""What of a client's request an endpoint of its own dialect is to see: no credentials for us."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from ...protocols.turn import Headers

NOT_FORWARDED: Final = frozenset(
    b"accept-encoding api-key authorization connection content-length cookie expect forwarded host"
    b" keep-alive origin proxy-authorization proxy-connection referer te trailer"
    b" transfer-encoding upgrade via x-api-key x-forwarded-for x-forwarded-host"
    b" x-forwarded-proto x-goog-api-key".split()
)
"""The client's headers that end here: credentials for us, and what concerns this hop alone."""

SECRET_PARAMETERS: Final = ("key", "access_token")
"""What a query may hold of credentials; they are for us like those in headers."""


def forwarded_query(query: bytes) -> bytes:
    """The client's query without a key in it: Gemini's clients may show our token there."""
    pairs = query.split(b"&")
    return b"&".join(pair for pair in pairs if _name(pair) not in SECRET_PARAMETERS)


def _name(pair: bytes) -> str:
    return unquote(pair.partition(b"=")[0].decode("latin-1")).lower()


def forwarded_headers(headers: Headers) -> Headers:
    """The client's headers that an endpoint of its own dialect is to see."""
    ours = {value for name, value in headers if name == b"connection" and value != b"keep-alive"}
    hop = {name.strip().lower() for value in ours for name in value.split(b",")}
    return tuple(
        (bytes(name), bytes(value))
        for name, value in headers
        if name not in NOT_FORWARDED and name not in hop
    )
