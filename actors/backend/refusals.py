"""The refusals that an upstream's answer comes to, and reading what it says for them."""

from __future__ import annotations

from typing import Final

from ...io.ports import UpstreamResponse
from ...protocols.dialect import Failure
from ...protocols.turn import TurnRefused

ERRORS: Final = range(400, 600)


def refused(failure: Failure) -> TurnRefused:
    """A failure as the refusal of a turn; a status that is no error's is the endpoint's fault."""
    status = failure.status if failure.status in ERRORS else 502
    return TurnRefused(status, failure.kind, failure.message, failure.retry_after_seconds)


def redirected(endpoint: str, status: int) -> TurnRefused:
    """The refusal of a turn that an endpoint leads elsewhere."""
    return TurnRefused(
        502,
        "api_error",
        f"{endpoint} redirects (status {status}), which is not followed; "
        "write the address that it redirects to as its base_url",
    )


async def read_body(response: UpstreamResponse, limit_bytes: int) -> bytes:
    """Reads a body up to a limit; what comes after is not asked for."""
    body = b""
    while len(body) < limit_bytes and (data := await response.receive()):
        body += data
    return body[:limit_bytes]
