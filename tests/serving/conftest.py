"""The server under test, on a loopback port of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import trio
from hypercorn.typing import ASGIFramework
from understudy.io.serving.limits import ServingLimits
from understudy.io.serving.listener import Server, serve_connections

from .peer import Served

Serve = Callable[[ASGIFramework, ServingLimits], Awaitable[Served]]


@pytest.fixture
async def serve(nursery: trio.Nursery) -> AsyncIterator[Serve]:
    """Starts a server of an application with some limits."""
    all_served: list[Served] = []

    async def start(app: ASGIFramework, limits: ServingLimits) -> Served:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        scope, ended = trio.CancelScope(), trio.Event()

        async def run(task_status: trio.TaskStatus[Server]) -> None:
            with scope:
                await serve_connections(app, listeners, limits, task_status=task_status)
            ended.set()

        port = int(listeners[0].socket.getsockname()[1])
        all_served.append(Served(await nursery.start(run), port, scope, ended))
        return all_served[-1]

    yield start
    for served in all_served:
        for peer in served.peers:
            peer.leave()
