"""The limits of a served connection, each with its unit."""

from __future__ import annotations

import attrs


@attrs.frozen
class ServingLimits:
    """What one client may take of the server.

    The times guard four places: a connection that says nothing, a request that arrives too
    slowly, a response that is read too slowly, and a connection kept between two requests. A
    response itself has no limit: a long silence of the model is no fault of the client's.
    """

    connections: int = 512
    """Open connections; one more is answered 503 and closed."""

    refusals: int = 64
    """Connections being told 503 at the same time; one more is closed without a word."""

    requests_per_connection: int = 1_000_000
    """Requests on one connection; the last is answered with `connection: close`."""

    first_request_seconds: float = 10.0
    """From accepting a connection to its first byte."""

    header_seconds: float = 20.0
    """From a request's first byte to the end of its head; then 408."""

    body_stall_seconds: float = 60.0
    """Without one more byte of a request's body."""

    stall_seconds: float = 60.0
    """Without the client's accepting more of a response. The kernel reports progress every few
    KiB, since Trio sets TCP_NOTSENT_LOWAT on the socket."""

    keep_alive_seconds: float = 330.0
    """From the end of a response to the next request's first byte. Claude Code reuses idle
    connections for up to 300 s; a shorter limit would race with its next request."""

    linger_seconds: float = 5.0
    """For reading on, unheard, after a last answer given before the request's end: closing a
    socket with unread bytes in it would destroy the answer on its way."""

    completion_seconds: float = 5.0
    """For what a handler does after its response is complete, once the client has gone."""

    read_ahead_bytes: int = 64 * 1024
    """Received and not yet consumed. Beyond it a request's body waits in the kernel; a client
    that sends this much behind a complete request is cut."""

    header_bytes: int = 64 * 1024
    """A request's head, and likewise the head of a chunk or the trailers; then 431."""
