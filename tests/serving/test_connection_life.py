"""A connection is kept for a next request; ended by a crash, a cap or the server's stop."""

from __future__ import annotations

import errno
import logging

import pytest
import trio
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from trio.testing import MockClock, wait_all_tasks_blocked
from understudy.io.serving.limits import ServingLimits
from understudy.io.serving.listener import hypercorn_config, serve_connections

from .applications import (
    OK_START,
    STREAM_START,
    Witness,
    answer_ok,
    body,
    silence,
    silence_after_head,
)
from .conftest import Serve
from .peer import OK, REQUEST, Peer


async def test_a_connection_is_kept_for_its_next_request(
    serve: Serve, mock_clock: MockClock
) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    for _ in range(3):
        await peer.send()
        await peer.receive_until(OK)
        await wait_all_tasks_blocked()
        mock_clock.jump(301)
        await wait_all_tasks_blocked()
    assert served.server.statistics().open_connections == 1
    mock_clock.jump(30)
    assert await peer.receive_all() == b""


async def test_a_silent_handler_has_no_limit(serve: Serve, mock_clock: MockClock) -> None:
    witness = Witness(silence_after_head)
    served = await serve(witness, ServingLimits())
    peer = await served.connect()
    await peer.send()
    await peer.receive_until(b"data: 1")
    await wait_all_tasks_blocked()
    mock_clock.jump(100_000)
    await wait_all_tasks_blocked()
    assert served.server.statistics().requests_in_flight == 1


async def test_the_requests_of_a_connection_are_counted(serve: Serve) -> None:
    assert hypercorn_config(ServingLimits()).keep_alive_max_requests >= 100_000
    served = await serve(answer_ok, ServingLimits(requests_per_connection=20))
    peer = await served.connect()
    for _ in range(19):
        await peer.send()
        assert b"connection: close" not in (await peer.receive_until(OK)).lower()
    await peer.send()
    assert b"connection: close" in (await peer.receive_all()).lower()


SECRET = "".join(("swor", "dfish"))


async def crash(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Crashes where the path says, with a message that nobody may see."""
    assert scope["type"] == "http"
    match scope["path"]:
        case "/before":
            raise RuntimeError(SECRET)
        case "/after-start":
            await send(OK_START)
            raise RuntimeError(SECRET)
        case "/bad-head":
            await send({**OK_START, "headers": [(b"x", b"a\r\n" + SECRET.encode())]})
            await send(body(b"ok"))
        case "/group":
            async with trio.open_nursery() as nursery:
                nursery.start_soon(trio.sleep_forever)
                raise RuntimeError(SECRET)
        case "/cause":
            try:
                raise KeyError(SECRET)
            except KeyError as error:
                raise RuntimeError(SECRET) from error
        case "/return":
            return
        case "/too-much":
            await send(OK_START)
            await send(body(b"three"))
        case _:
            await send(STREAM_START)
            await send(body(b"data: 1\n\n", more=True))
            raise RuntimeError(SECRET)


@pytest.mark.parametrize(
    "path", ["/before", "/after-start", "/bad-head", "/group", "/cause", "/return"]
)
async def test_a_crash_before_the_head_is_answered_500(
    serve: Serve, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    served = await serve(crash, ServingLimits())
    bystander = await served.connect()
    peer = await served.connect()
    await peer.send(b"GET %b HTTP/1.1\r\nHost: h\r\n\r\n" % path.encode())
    assert (await peer.receive_all()).startswith(b"HTTP/1.1 500 ")
    assert [record.name for record in caplog.records] == ["understudy.serving"]
    assert caplog.records[0].levelno == logging.ERROR
    assert path in caplog.text
    assert SECRET not in caplog.text
    await bystander.send(b"GET /before HTTP/1.1\r\nHost: h\r\n\r\n")
    assert (await bystander.receive_all()).startswith(b"HTTP/1.1 500 ")


@pytest.mark.parametrize("path", [b"/streaming", b"/too-much"])
async def test_a_crash_after_the_head_cuts_the_connection(
    serve: Serve, path: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    served = await serve(crash, ServingLimits())
    peer = await served.connect()
    await peer.send(b"GET %b HTTP/1.1\r\nHost: h\r\n\r\n" % path)
    with pytest.raises(trio.BrokenResourceError):
        await peer.receive_all()
    assert len(caplog.records) == 1


async def test_a_connection_over_the_cap_is_answered_503(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits(connections=1, refusals=1))
    first = await served.connect()
    await first.send()
    await first.receive_until(OK)
    second = await served.connect()
    await second.send()
    assert (await second.receive_all()).startswith(b"HTTP/1.1 503 ")
    third = await served.connect()
    assert await third.receive_all() == b""
    assert served.server.statistics().refused_connections == 2
    first.leave()
    second.leave()
    await wait_all_tasks_blocked()
    fourth = await served.connect()
    await fourth.send()
    await fourth.receive_until(OK)


async def test_statistics_count_what_is_open(serve: Serve) -> None:
    served = await serve(Witness(silence), ServingLimits())
    idle = await served.connect()
    busy = await served.connect()
    await busy.send()
    await wait_all_tasks_blocked()
    statistics = served.server.statistics()
    assert (statistics.open_connections, statistics.requests_in_flight) == (2, 1)
    for peer in (idle, busy):
        peer.leave()
    await wait_all_tasks_blocked()
    statistics = served.server.statistics()
    assert (statistics.open_connections, statistics.requests_in_flight) == (0, 0)


async def test_a_stop_lets_requests_in_flight_finish(serve: Serve) -> None:
    finish = trio.Event()

    async def finish_later(send: ASGISendCallable) -> None:
        await send(STREAM_START)
        await send(body(b"data: 1\n\n", more=True))
        await finish.wait()
        await send(body(b"data: 2\n\n"))

    async def answer_later(send: ASGISendCallable) -> None:
        await finish.wait()
        await send(OK_START)
        await send(body(b"ok"))

    later = Witness(answer_later)
    streaming = Witness(finish_later)

    async def choose(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        assert scope["type"] == "http"
        await (later if scope["method"] == "GET" else streaming)(scope, receive, send)

    served = await serve(choose, ServingLimits())
    idle, half, busy, silent = [await served.connect() for _ in range(4)]
    await half.send(REQUEST[:20])
    await busy.send()
    await busy.receive_until(b"data: 1")
    await silent.send(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    await later.started.wait()

    served.server.stop_accepting(grace_seconds=60)
    for peer in (idle, half):
        assert await peer.receive_all() == b""
    with pytest.raises(ConnectionRefusedError):
        await served.connect()
    assert not served.ended.is_set()
    finish.set()
    assert (await busy.receive_all()).endswith(b"data: 2\n\n\r\n0\r\n\r\n")
    assert b"connection: close" in (await silent.receive_all()).lower()
    await served.ended.wait()


async def test_a_stop_leaves_what_was_pipelined(serve: Serve) -> None:
    finish = trio.Event()
    paths: list[str] = []

    async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        assert scope["type"] == "http"
        paths.append(scope["path"])
        await send(STREAM_START)
        await send(body(b"data: 1\n\n", more=True))
        await finish.wait()
        await send(body(b"data: 2\n\n"))

    served = await serve(answer, ServingLimits())
    peer = await served.connect()
    await peer.send(b"GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
    await peer.receive_until(b"data: 1")
    served.server.stop_accepting(grace_seconds=60)
    finish.set()
    assert (await peer.receive_all()).endswith(b"data: 2\n\n\r\n0\r\n\r\n")
    assert paths == ["/1"]
    peer.leave()
    await served.ended.wait()


async def test_a_stop_cancels_what_outlasts_its_grace(serve: Serve, mock_clock: MockClock) -> None:
    witness = Witness(silence_after_head)
    served = await serve(witness, ServingLimits())
    peer = await served.connect()
    await peer.send()
    await peer.receive_until(b"data: 1")
    served.server.stop_accepting(grace_seconds=5)
    await wait_all_tasks_blocked()
    mock_clock.jump(4)
    await wait_all_tasks_blocked()
    served.server.stop_accepting(grace_seconds=100)  # the first call stands
    assert not served.ended.is_set()
    mock_clock.jump(2)
    await served.ended.wait()
    assert witness.ending == "Cancelled"
    with pytest.raises(trio.BrokenResourceError):
        await peer.receive_all()


class ShortOfDescriptors(trio.abc.Listener[trio.SocketStream]):
    """A listener whose first accept fails as it does when descriptors have run out."""

    def __init__(self, listener: trio.SocketListener) -> None:
        self.listener = listener
        self.failures = 1

    async def accept(self) -> trio.SocketStream:
        """Fails once, then accepts."""
        if self.failures:
            self.failures -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return await self.listener.accept()

    async def aclose(self) -> None:
        """Closes the real listener."""
        await self.listener.aclose()


async def test_accepting_goes_on_after_a_want_of_descriptors(
    nursery: trio.Nursery, mock_clock: MockClock
) -> None:
    (real,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    listener = ShortOfDescriptors(real)
    await nursery.start(serve_connections, answer_ok, [listener], ServingLimits())
    await wait_all_tasks_blocked()
    assert listener.failures == 0
    mock_clock.jump(0.2)
    peer = Peer(await trio.open_tcp_stream("127.0.0.1", real.socket.getsockname()[1]))
    await peer.send()
    await peer.receive_until(OK)
    peer.leave()
