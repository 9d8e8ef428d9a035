"""Answers a request for embeddings from an endpoint: one question, one answer, always translated.

Even between two of the same dialect: vectors are numbers, and nothing of them is lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable

import trio

from ...io.ports import Upstream, UpstreamError, UpstreamRequest, UpstreamUnreachable
from ...protocols.dialect import Outgoing, UpstreamNonsense
from ...protocols.dialects import UPSTREAM
from ...protocols.embedding import ASK, read_vectors, vectors_body, wish_of
from ...protocols.told import Told
from ...protocols.translation import not_for_the_client
from ...protocols.turn import TurnRefused
from .exchange import FAILURE_BYTES_MAX, REDIRECTS, UPSTREAM_SILENCE_SECONDS, Exchange
from .refusals import read_body, redirected, refused

VECTORS_BYTES_MAX = 64 * 1024 * 1024


async def embed(
    exchange: Exchange,
    upstream: Upstream,
    dialect: str,
    request: Callable[[Outgoing], UpstreamRequest],
) -> None:
    """Asks for the vectors and tells them. Raises TurnRefused, and BadRequest."""
    asked = exchange.turn.request
    wish = wish_of(asked)
    outgoing = ASK[dialect](wish, exchange.model)
    try:
        with trio.fail_after(UPSTREAM_SILENCE_SECONDS):
            body = await _ask(exchange.endpoint, upstream, dialect, request(outgoing))
        vectors = read_vectors(dialect, body, len(wish.inputs))
    except trio.TooSlowError:
        words = f"{exchange.endpoint}: no vectors within {UPSTREAM_SILENCE_SECONDS:.0f} s"
        raise TurnRefused(504, "timeout_error", words) from None
    except UpstreamUnreachable as error:
        words = f"{exchange.endpoint}: {error}"
        raise TurnRefused(503, "overloaded_error", words) from None
    except (UpstreamError, UpstreamNonsense) as error:
        raise TurnRefused(502, "api_error", f"{exchange.endpoint}: {error}") from None
    exchange.input_tokens = vectors.tokens
    await exchange.tell(Told.headers, vectors_body(asked, vectors))


async def _ask(endpoint: str, upstream: Upstream, dialect: str, request: UpstreamRequest) -> bytes:
    """The body of the answer. Raises UpstreamError and TurnRefused."""
    async with upstream.open(request) as response:
        status = response.status
        if status in REDIRECTS:
            raise redirected(endpoint, status)
        body = await read_body(response, VECTORS_BYTES_MAX if status == 200 else FAILURE_BYTES_MAX)
    if status != 200:
        failure = UPSTREAM[dialect].failure(status, response.headers, body)
        raise refused(not_for_the_client(failure))
    return body


def no_embeddings(endpoint: str) -> TurnRefused:
    """The refusal of an endpoint that makes none."""
    words = f"{endpoint} makes no embeddings; choose a model of an endpoint that does"
    return TurnRefused(400, "invalid_request_error", words)
