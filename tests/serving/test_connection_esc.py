"""The client leaves: its handler must be cancelled at once, whatever it is doing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
import trio
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from trio.testing import wait_all_tasks_blocked
from understudy.io.serving.connection import Connection
from understudy.io.serving.limits import ServingLimits

from .applications import STREAM_START, Witness, body, silence, silence_after_head, stream
from .conftest import Serve
from .peer import REQUEST, Peer

LATENCY_SECONDS_MAX = 0.1
"""Measured below 1 ms on an idle machine; the rest is for a busy one."""

HANDLERS = (silence, silence_after_head, stream)
LEAVINGS = (Peer.reset, Peer.leave)


@pytest.mark.parametrize("leave", LEAVINGS)
@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize("requests", [REQUEST, REQUEST + REQUEST], ids=["one", "pipelined"])
async def test_the_handler_is_cancelled_when_the_client_leaves(
    serve: Serve,
    handler: Callable[[ASGISendCallable], Awaitable[None]],
    leave: Callable[[Peer], None],
    requests: bytes,
) -> None:
    witness = Witness(handler)
    served = await serve(witness, ServingLimits())
    peer = await served.connect()
    await peer.send(requests)
    await witness.started.wait()
    if handler is not silence:
        await peer.receive_until(b"data: 1")
    if handler is not stream:
        await wait_all_tasks_blocked()

    left_at = trio.current_time()
    leave(peer)
    await witness.ended.wait()

    assert witness.ending == "Cancelled"
    assert witness.ended_at - left_at < LATENCY_SECONDS_MAX
    await wait_all_tasks_blocked()
    assert served.server.statistics().open_connections == 0
    assert served.server.statistics().requests_in_flight == 0


async def test_the_handler_is_cancelled_while_it_waits_for_the_body(serve: Serve) -> None:
    endings: list[str] = []

    async def wait_for_body(
        scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        try:
            while True:
                await receive()
        except trio.Cancelled:
            endings.append("Cancelled")
            raise

    served = await serve(wait_for_body, ServingLimits())
    peer = await served.connect()
    await peer.send(REQUEST[:-1])
    await wait_all_tasks_blocked()
    peer.reset()
    await wait_all_tasks_blocked()
    assert endings == ["Cancelled"]


async def test_a_complete_response_is_not_undone_by_the_clients_leaving(serve: Serve) -> None:
    async def settle_afterwards(send: ASGISendCallable) -> None:
        await send(STREAM_START)
        await send(body(b"done"))
        await trio.sleep(0.02)

    witness = Witness(settle_afterwards)
    served = await serve(witness, ServingLimits())
    peer = await served.connect()
    await peer.send()
    await peer.receive_until(b"0\r\n\r\n")
    peer.leave()
    await witness.ended.wait()
    assert witness.ending == "returned"


async def test_what_follows_a_complete_response_is_bounded(serve: Serve) -> None:
    async def never_settle(send: ASGISendCallable) -> None:
        await send(STREAM_START)
        await send(body(b"done"))
        await trio.sleep_forever()

    witness = Witness(never_settle)
    served = await serve(witness, ServingLimits(completion_seconds=0.01))
    peer = await served.connect()
    await peer.send()
    await peer.receive_until(b"0\r\n\r\n")
    peer.leave()
    await witness.ended.wait()
    assert witness.ending == "Cancelled"


@pytest.mark.parametrize("sends_on", [False, True])
async def test_abort_cuts_the_connection_where_the_client_sees_it(
    serve: Serve, sends_on: bool
) -> None:
    endings: list[str] = []

    async def abort(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await send(STREAM_START)
        await send(body(b"data: 1\n\n", more=True))
        assert scope["type"] == "http"
        connection = scope["state"]["connection"]
        assert isinstance(connection, Connection)
        connection.abort()
        try:
            await trio.lowlevel.checkpoint()
            if sends_on:
                await send(body(b"data: 2\n\n", more=True))
            endings.append("returned")
        except trio.Cancelled:
            endings.append("Cancelled")
            raise

    served = await serve(abort, ServingLimits())
    peer = await served.connect()
    await peer.send()
    with pytest.raises(trio.BrokenResourceError):
        await peer.receive_all()
    await wait_all_tasks_blocked()
    assert endings == ["Cancelled" if sends_on else "returned"]
    assert served.server.statistics().open_connections == 0
