"""Asks an endpoint that rests whether it is there; see protocols/routing/probe.py."""

from __future__ import annotations

from contextlib import suppress

import trio

from ...io.ports import Upstream, UpstreamError, UpstreamRequest
from ...protocols.routing.probe import PROBE_BYTES_MAX, PROBE_SECONDS_MAX
from ...protocols.turn import Headers
from .refusals import read_body


async def probe(upstream: Upstream, url: str, headers: Headers) -> int:
    """The status of the answer, or 0 if none came in time."""
    status = 0
    with trio.move_on_after(PROBE_SECONDS_MAX), suppress(UpstreamError):
        async with upstream.open(UpstreamRequest("GET", url, headers)) as response:
            status = response.status
            await read_body(response, PROBE_BYTES_MAX)  # so that the connection can be used again
    return status
