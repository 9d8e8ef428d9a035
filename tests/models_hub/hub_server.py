"""The fake hub behind real sockets: two HTTP servers on loopback, written on raw Trio streams.

Every response closes its connection or keeps it as HTTP/1.1 does; a cut is a reset. `sent_bytes`
counts what the second host has sent of files, which tells how much came twice.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import attrs
import trio

from .fake_hub import HUB, STORE, FakeHub, HubAnswer, HubRequest

HEAD_BYTES_MAX = 64 * 1024


@attrs.define
class HubServer:
    """The hub and how much its second host has sent."""

    hub: FakeHub
    sent_bytes: int = 0
    sent: trio.Event = attrs.field(factory=trio.Event)
    wake_after_bytes: int = 0

    def note(self, count: int) -> None:
        """Counts; wakes who waits for so much."""
        self.sent_bytes += count
        if self.wake_after_bytes and self.sent_bytes >= self.wake_after_bytes:
            self.sent.set()

    async def wait_sent(self, count: int) -> None:
        """Waits until the second host has sent so many bytes in all."""
        self.sent = trio.Event()
        self.wake_after_bytes = count
        if self.sent_bytes < count:
            await self.sent.wait()


@asynccontextmanager
async def open_hub_server() -> AsyncGenerator[HubServer]:
    """Serves both hosts around the block."""
    server = HubServer(FakeHub())
    listeners = {
        where: await trio.open_tcp_listeners(0, host="127.0.0.1") for where in (HUB, STORE)
    }
    ports = {where: each[0].socket.getsockname()[1] for where, each in listeners.items()}
    server.hub.hub_url = f"http://127.0.0.1:{ports[HUB]}"
    server.hub.store_url = f"http://127.0.0.1:{ports[STORE]}"
    async with trio.open_nursery() as nursery:
        for where, listening in listeners.items():
            handler = partial(_serve, server, where)
            nursery.start_soon(partial(trio.serve_listeners, handler, listening))
        yield server
        nursery.cancel_scope.cancel()


async def _serve(server: HubServer, where: str, stream: trio.SocketStream) -> None:
    try:
        buffer = b""
        while True:
            while b"\r\n\r\n" not in buffer:
                data = await stream.receive_some(HEAD_BYTES_MAX)
                if not data:
                    return
                buffer += data
            head, _, buffer = buffer.partition(b"\r\n\r\n")
            answer = server.hub.answer(_request(where, head.decode("latin-1")))
            if not await _send(server, where, stream, answer):
                return
    except (trio.BrokenResourceError, trio.ClosedResourceError):
        pass  # the client has left
    finally:
        stream.socket.close()


async def _send(
    server: HubServer, where: str, stream: trio.SocketStream, answer: HubAnswer
) -> bool:
    """Sends it; says whether the connection can be used again."""
    lines = [f"HTTP/1.1 {answer.status} Said"]
    lines += [f"{name}: {value}" for name, value in answer.all_headers]
    await stream.send_all("\r\n".join([*lines, "", ""]).encode("latin-1"))
    for piece in answer.pieces():
        await stream.send_all(piece)
        if where == STORE:
            server.note(len(piece))
        await trio.sleep(answer.piece_seconds)
    if answer.hang_after is not None:
        await trio.sleep_forever()
    if answer.cut_after is not None:
        linger = struct.pack("ii", 1, 0)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        return False
    return answer.length is None


def _request(where: str, head: str) -> HubRequest:
    line, *rest = head.split("\r\n")
    pairs = (each.partition(":") for each in rest)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return HubRequest(where, line.split(" ")[1], headers)
