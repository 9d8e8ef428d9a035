"""The proxy at this process's own pipes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import trio

from ..cli.errors import CannotRun, expected_errors
from ..cli.server import Server
from ..listeners import others_listen
from ..upstream.http11 import Http11Upstream
from ..upstream.settings import UpstreamSettings
from .answer import PATH
from .proxy import StdioProxy
from .target import ProxyRefused, Target

FindServer = Callable[[], Server | None]
SETTINGS: Final = UpstreamSettings(idle_connections_max=0)
"""Each request has a connection of its own. One that was used before may break off in mid-call and
look as if it had only grown stale: the call would be made again, and its tool run twice."""


def serve_pipes(find_server: FindServer, none_runs: str) -> bool:
    """Passes messages between stdin, stdout and the running server, until stdin ends.

    True if a signal has ended it before. The server is looked for at first, and again when it does
    not answer: it may have moved.
    """
    return trio.run(_serve, find_server, none_runs)


async def _serve(find_server: FindServer, none_runs: str) -> bool:
    async def find() -> Target:
        # Left behind where the client ends: it may wait for seconds for a server that hangs.
        return await trio.to_thread.run_sync(
            target_of, find_server, none_runs, abandon_on_cancel=True
        )

    upstream = Http11Upstream(SETTINGS)
    try:
        # Copies: closing these streams leaves the descriptors themselves as they were.
        async with (
            trio.lowlevel.FdStream(os.dup(0)) as lines,
            trio.lowlevel.FdStream(os.dup(1)) as answers,
        ):
            proxy = StdioProxy(upstream, find, answers.send_all, is_foreign)
            return await _until_signal(proxy, lines)
    finally:
        await upstream.aclose()


def target_of(find_server: FindServer, none_runs: str) -> Target:
    """Where the running server is. Raises ProxyRefused, whatever is wrong with it: it may be
    starting or stopping just now, and be found by the next request."""
    try:
        server = find_server()
    except CannotRun as error:
        raise ProxyRefused(error.message) from None
    except expected_errors() as error:
        raise ProxyRefused(str(error)) from None
    if server is None:
        raise ProxyRefused(none_runs)
    headers = ((name.encode(), value.encode()) for name, value in server.headers().items())
    return Target(server.address + PATH, tuple(headers))


def is_foreign(target: Target) -> bool:
    """Whether another user's program listens where the server was found."""
    return others_listen(urlsplit(target.url).port or 0)


async def _until_signal(proxy: StdioProxy, lines: trio.lowlevel.FdStream) -> bool:
    """Runs the proxy to its end; true if a signal came first."""
    is_interrupted = False

    async def wait(scope: trio.CancelScope) -> None:
        nonlocal is_interrupted
        with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _ in signals:
                is_interrupted = True
                scope.cancel("interrupted")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(wait, nursery.cancel_scope)
        await proxy.run(lines)
        nursery.cancel_scope.cancel("the client has ended")
    return is_interrupted
