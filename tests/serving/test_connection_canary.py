"""What of hypercorn's inside the connection relies upon, pinned to the letter.

Hypercorn promises none of it. When this fails after an upgrade, read the change, check the claim
that stands beside the name, run tests/serving, and only then write the new digest down.
"""

from __future__ import annotations

import inspect
from hashlib import sha256
from importlib.metadata import version

import pytest
from hypercorn.config import Config
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.trio.worker_context import WorkerContext

CLASSES = {each.__name__: each for each in (H11Protocol, HTTPStream, WorkerContext, Config)}

RELIED_UPON: list[tuple[str, str, str]] = [
    (
        "H11Protocol.__init__",
        "c7c989fd6a352626",
        "it takes these arguments, makes the h11.Connection, and waits for nothing",
    ),
    (
        "H11Protocol.stream_send",
        "56a36254a368d71a",
        "it says `connection: close` from keep_alive_max_requests on, and waits only in `send`",
    ),
    (
        "H11Protocol._handle_events",
        "bd4a76b2837e8722",
        "Http11's own version differs only in not parking and in refusing other protocols",
    ),
    (
        "H11Protocol._create_stream",
        "a2338a57ab343908",
        "it makes an HTTPStream unless a WebSocket upgrade is asked for, and starts its handler",
    ),
    (
        "H11Protocol._send_h11_event",
        "5e40283daa303ec7",
        "it hands bytes to `send` as RawData and raises h11.LocalProtocolError",
    ),
    (
        "H11Protocol._send_error_response",
        "58c2b47ae295d000",
        "it encodes an empty answer with `connection: close`",
    ),
    (
        "H11Protocol._maybe_recycle",
        "3ac53f52bc4e65de",
        "after a response it sends Updated(idle=True) last, when all is ready for the next "
        "request, or Closed",
    ),
    (
        "H11Protocol._close_stream",
        "378930655d7bb41a",
        "it tells the stream of its end and sets `stream` to None",
    ),
    (
        "HTTPStream",
        "e0f656feb55ab89c",
        "it calls spawn_app once, puts http.disconnect at the response's end, passes `state` on, "
        "and waits only in `send` and `app_put`",
    ),
    ("WorkerContext", "45885f0c0bd5bc9d", "it does nothing unless asked to"),
    (
        "Config.response_headers",
        "5a637c3d48180e55",
        "it adds `date`, and `server` only if include_server_header",
    ),
]


def digest(name: str) -> str:
    """A short digest of the source of a class or of one of its methods."""
    class_name, _, method = name.partition(".")
    source = getattr(CLASSES[class_name], method) if method else CLASSES[class_name]
    return sha256(inspect.getsource(source).encode()).hexdigest()[:16]


def test_hypercorn_is_the_version_that_was_read() -> None:
    assert version("hypercorn") == "0.18.0", "verify every claim of RELIED_UPON again"


@pytest.mark.parametrize(
    ("name", "expected", "claim"), RELIED_UPON, ids=[name for name, _, _ in RELIED_UPON]
)
def test_hypercorn_is_inside_as_it_was_read(name: str, expected: str, claim: str) -> None:
    assert digest(name) == expected, f"verify again that {claim}"
