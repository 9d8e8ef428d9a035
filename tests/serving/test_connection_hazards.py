"""Clients that stall, dawdle or flood: what they hold is bounded, and it ends when we say so."""

from __future__ import annotations

from contextlib import suppress

import psutil
import pytest
import trio
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from trio.testing import MockClock, wait_all_tasks_blocked
from understudy.io.serving.limits import ServingLimits

from .applications import STREAM_START, Witness, answer_ok, body, read_body, silence
from .conftest import Serve
from .peer import OK, REQUEST

FLOOD = b"x" * 3_000_000


async def send_flood(send: ASGISendCallable) -> None:
    """Sends more than the kernel holds, in one event."""
    await send(STREAM_START)
    await send(body(FLOOD))


async def refuse_body(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answers 413 without reading."""
    await send({"type": "http.response.start", "status": 413, "headers": []})
    await send(body(b"too large"))


async def test_a_stalled_reader_does_not_hold_up_the_servers_end(serve: Serve) -> None:
    witness = Witness(send_flood)
    served = await serve(witness, ServingLimits())
    peer = await served.connect(receive_buffer_bytes=4096)
    await peer.send()
    await witness.started.wait()
    await wait_all_tasks_blocked()
    cancelled_at = trio.current_time()
    served.scope.cancel()
    await served.ended.wait()
    assert trio.current_time() - cancelled_at < 0.1
    assert witness.ending == "Cancelled"
    with pytest.raises(trio.BrokenResourceError):
        await peer.receive_all()


async def test_a_stalled_reader_is_cut(serve: Serve, mock_clock: MockClock) -> None:
    witness = Witness(send_flood)
    served = await serve(witness, ServingLimits())
    peer = await served.connect(receive_buffer_bytes=4096)
    await peer.send()
    await wait_all_tasks_blocked()
    mock_clock.jump(59)
    await wait_all_tasks_blocked()
    assert served.server.statistics().requests_in_flight == 1
    mock_clock.jump(2)
    await witness.ended.wait()
    assert witness.ending == "Cancelled"
    await wait_all_tasks_blocked()
    assert served.server.statistics().open_connections == 0


async def test_a_stalled_reader_of_small_events_is_cut(serve: Serve, mock_clock: MockClock) -> None:
    event = b"data: " + b"x" * 500 + b"\n\n"
    sent: list[bytes] = []

    async def send_events(send: ASGISendCallable) -> None:
        await send(STREAM_START)
        while True:
            await send(body(event, more=True))
            sent.append(event)

    witness = Witness(send_events)
    served = await serve(witness, ServingLimits())
    peer = await served.connect(receive_buffer_bytes=4096)
    await peer.send()
    await witness.started.wait()
    await wait_all_tasks_blocked()
    assert len(b"".join(sent)) < 100_000, "the kernel's buffer is to be small"
    mock_clock.jump(59)
    await wait_all_tasks_blocked()
    assert not witness.ended.is_set()
    mock_clock.jump(2)
    await witness.ended.wait()
    assert witness.ending == "Cancelled"


async def test_a_send_cancelled_halfway_cuts_the_connection(serve: Serve) -> None:
    async def give_up_and_go_on(send: ASGISendCallable) -> None:
        await send(STREAM_START)
        with trio.move_on_after(0.01) as impatience:
            await send(body(FLOOD, more=True))
        assert impatience.cancelled_caught
        await send(body(b"the end"))

    witness = Witness(give_up_and_go_on)
    served = await serve(witness, ServingLimits())
    peer = await served.connect(receive_buffer_bytes=4096)
    await peer.send()
    await witness.ended.wait()
    assert witness.ending == "Cancelled"
    with pytest.raises(trio.BrokenResourceError):
        await peer.receive_all()


async def test_a_slow_reader_that_goes_on_reading_is_not_cut(
    serve: Serve, mock_clock: MockClock
) -> None:
    witness = Witness(send_flood)
    served = await serve(witness, ServingLimits())
    peer = await served.connect(receive_buffer_bytes=4096)
    await peer.send()
    while not peer.received.endswith(b"0\r\n\r\n"):
        await wait_all_tasks_blocked()
        mock_clock.jump(50)
        for _ in range(64):
            peer.received += await peer.stream.receive_some()
            if peer.received.endswith(b"0\r\n\r\n"):
                break
    assert trio.current_time() > 120, "the test is to last for several stall limits"
    assert FLOOD in peer.received
    await witness.ended.wait()
    assert witness.ending == "returned"


async def test_a_connection_without_a_request_frees_its_descriptor_at_once(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits())
    descriptors = psutil.Process().num_fds()
    peer = await served.connect()
    await wait_all_tasks_blocked()
    assert served.server.statistics().open_connections == 1
    peer.leave()
    await wait_all_tasks_blocked()
    assert served.server.statistics().open_connections == 0
    assert psutil.Process().num_fds() == descriptors


async def test_a_silent_connection_is_closed(serve: Serve, mock_clock: MockClock) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await wait_all_tasks_blocked()
    mock_clock.jump(9)
    await wait_all_tasks_blocked()
    assert served.server.statistics().open_connections == 1
    mock_clock.jump(2)
    assert await peer.receive_all() == b""


async def test_half_a_head_is_answered_408(serve: Serve, mock_clock: MockClock) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await peer.send(REQUEST[:10])
    await wait_all_tasks_blocked()
    mock_clock.jump(15)
    await peer.send(REQUEST[10:20])  # a byte now and then buys no time
    await wait_all_tasks_blocked()
    assert served.server.statistics().open_connections == 1
    mock_clock.jump(6)
    assert (await peer.receive_all()).startswith(b"HTTP/1.1 408 ")


async def test_half_a_head_behind_a_request_is_timed_from_its_turn(
    serve: Serve, mock_clock: MockClock
) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await peer.send(REQUEST + REQUEST[:10])
    await peer.receive_until(OK)
    await wait_all_tasks_blocked()
    mock_clock.jump(21)
    assert (await peer.receive_all()).startswith(b"HTTP/1.1 408 ")


async def test_half_a_body_is_cut(serve: Serve, mock_clock: MockClock) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await peer.send(REQUEST[:-1])
    await wait_all_tasks_blocked()
    mock_clock.jump(61)
    with pytest.raises(trio.BrokenResourceError):
        await peer.receive_all()


async def test_a_head_beyond_its_limit_is_answered_431(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits(header_bytes=1000))
    peer = await served.connect()
    await peer.send(b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 2000)
    assert (await peer.receive_all()).startswith(b"HTTP/1.1 431 ")


async def test_a_pipelined_request_is_answered_after_the_first(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await peer.send(REQUEST * 3)
    for _ in range(3):
        await peer.receive_until(OK)
    await peer.send()
    await peer.receive_until(OK)


async def test_a_flood_behind_a_request_in_flight_is_cut(serve: Serve) -> None:
    witness = Witness(silence)
    served = await serve(witness, ServingLimits(read_ahead_bytes=10_000))
    peer = await served.connect()
    await peer.send()
    await witness.started.wait()
    await peer.send(b"x" * 10_000)
    await wait_all_tasks_blocked()
    assert served.server.statistics().requests_in_flight == 1
    await peer.send(b"x")
    await witness.ended.wait()
    assert witness.ending == "Cancelled"
    with pytest.raises(trio.BrokenResourceError):
        await peer.receive_all()


async def test_a_body_beyond_the_buffer_is_back_pressure(
    serve: Serve, mock_clock: MockClock, nursery: trio.Nursery
) -> None:
    bodies: list[bytes] = []
    begin = trio.Event()

    async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await begin.wait()
        bodies.append(await read_body(receive))
        await send(STREAM_START)
        await send(body(b"ok"))

    served = await serve(answer, ServingLimits())
    peer = await served.connect()
    flood = b"y" * 8_000_000
    sent = trio.Event()

    async def send_request() -> None:
        await peer.send(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n" + flood)
        sent.set()

    nursery.start_soon(send_request)
    await wait_all_tasks_blocked()
    mock_clock.jump(600)  # it is we who wait, not the client
    await wait_all_tasks_blocked()
    assert not sent.is_set()
    begin.set()
    await peer.receive_until(b"0\r\n\r\n")
    assert bodies == [flood]


async def test_an_early_answer_reaches_a_client_that_is_still_sending(serve: Serve) -> None:
    served = await serve(refuse_body, ServingLimits())
    peer = await served.connect()
    length = 20_000_000
    head = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % length
    await peer.send(head + b"z" * length)
    assert (await peer.receive_all()).endswith(b"too large\r\n0\r\n\r\n")


HEAD_OF_FLOOD = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n"


@pytest.mark.parametrize("aborts", [False, True])
async def test_back_pressure_ends_with_the_handler(
    serve: Serve, nursery: trio.Nursery, aborts: bool
) -> None:
    fail = trio.Event()

    async def fail_late(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await fail.wait()
        assert scope["type"] == "http"
        if aborts:
            scope["state"]["connection"].abort()
            await trio.sleep_forever()
        raise RuntimeError

    async def send_request() -> None:
        # It hears of the end from the socket, or still waits when its own side closes.
        with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
            await peer.send(HEAD_OF_FLOOD + b"y" * 8_000_000)

    served = await serve(fail_late, ServingLimits(completion_seconds=0.01))
    peer = await served.connect()
    nursery.start_soon(send_request)
    await wait_all_tasks_blocked()
    fail.set()
    if aborts:
        with suppress(trio.BrokenResourceError):  # told once, to whoever asks first
            assert await peer.receive_all() == b""
    else:
        assert (await peer.receive_all()).startswith(b"HTTP/1.1 500 ")
    await wait_all_tasks_blocked()
    peer.leave()
    served.server.stop_accepting(grace_seconds=600)
    await served.ended.wait()


async def test_an_answer_ends_back_pressure(serve: Serve, nursery: trio.Nursery) -> None:
    refuse = trio.Event()

    async def refuse_late(
        scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        await refuse.wait()
        await refuse_body(scope, receive, send)

    served = await serve(refuse_late, ServingLimits())
    peer = await served.connect()
    nursery.start_soon(peer.send, HEAD_OF_FLOOD + b"y" * 8_000_000)
    await wait_all_tasks_blocked()
    refuse.set()
    assert (await peer.receive_all()).endswith(b"too large\r\n0\r\n\r\n")
    await wait_all_tasks_blocked()


async def test_lingering_ends(serve: Serve, mock_clock: MockClock) -> None:
    served = await serve(refuse_body, ServingLimits())
    peer = await served.connect()
    await peer.send(REQUEST[:-1])
    await peer.receive_until(b"too large")
    await wait_all_tasks_blocked()
    assert served.server.statistics().open_connections == 1
    mock_clock.jump(6)
    await wait_all_tasks_blocked()
    assert served.server.statistics().open_connections == 0
