"""HTTP/1.1 is spoken, and nothing else, whatever the client proposes."""

from __future__ import annotations

import h11
import pytest
import trio
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from trio.testing import wait_all_tasks_blocked
from understudy.io.serving.limits import ServingLimits

from .applications import STREAM_START, answer_ok, body, read_body, silence_after_head
from .conftest import Serve
from .peer import OK, REQUEST

UPGRADE = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade%b\r\nUpgrade: %b\r\n%b\r\n"


async def test_http2_with_prior_knowledge_is_answered_505(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await peer.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9))
    assert (await peer.receive_all()).startswith(b"HTTP/1.1 505 ")


async def test_h2c_is_passed_over(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    for _ in range(2):
        await peer.send(UPGRADE % (b", HTTP2-Settings", b"h2c", b"HTTP2-Settings: AAAA\r\n"))
        assert (await peer.receive_until(OK)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (UPGRADE % (b"", b"WebSocket", b"Sec-WebSocket-Key: AAAA\r\n"), b"400"),
        (b"CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", b"501"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
    ],
    ids=["websocket", "connect", "nonsense", "no-host", "transfer-encoding"],
)
async def test_what_is_not_spoken_is_refused(
    serve: Serve, request_bytes: bytes, status: bytes
) -> None:
    scopes: list[Scope] = []

    async def note(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        scopes.append(scope)

    served = await serve(note, ServingLimits())
    peer = await served.connect()
    await peer.send(request_bytes)
    answer = await peer.receive_until(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"connection: close" in answer.lower()
    assert not scopes


BROKEN_BODY = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"


async def test_a_body_that_breaks_off_into_nonsense_is_answered_400(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await peer.send(BROKEN_BODY)
    assert (await peer.receive_all()).startswith(b"HTTP/1.1 400 ")
    peer.leave()
    await wait_all_tasks_blocked()
    assert served.server.statistics().requests_in_flight == 0


async def test_nonsense_during_a_response_cuts_the_connection(serve: Serve) -> None:
    async def answer_early(
        scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        await silence_after_head(send)

    served = await serve(answer_early, ServingLimits())
    peer = await served.connect()
    await peer.send(BROKEN_BODY[:-4])
    await peer.receive_until(b"data: 1")
    await peer.send(BROKEN_BODY[-4:])
    with pytest.raises(trio.BrokenResourceError):
        await peer.receive_all()
    await wait_all_tasks_blocked()
    assert served.server.statistics().requests_in_flight == 0


async def test_a_client_that_expects_100_continue_gets_it(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await peer.send(REQUEST[:-6] + b"\r\nExpect: 100-continue\r\n\r\n")
    assert (await peer.receive_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
    await peer.send(b"{}")
    assert (await peer.receive_until(OK)).startswith(b"HTTP/1.1 200 ")


async def test_an_http10_client_is_answered_and_closed(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await peer.send(b"GET / HTTP/1.0\r\n\r\n")
    assert (await peer.receive_all()).endswith(OK)


async def test_no_server_header_is_sent(serve: Serve) -> None:
    served = await serve(answer_ok, ServingLimits())
    peer = await served.connect()
    await peer.send()
    assert b"\r\nserver:" not in (await peer.receive_until(OK)).lower()


async def test_the_head_waits_for_the_first_body_event(serve: Serve) -> None:
    async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await read_body(receive)
        await send(STREAM_START)
        await wait_all_tasks_blocked()
        assert not peer.stream.socket.is_readable()
        await send(body(b"", more=True))  # the head alone
        await wait_all_tasks_blocked()
        assert peer.stream.socket.is_readable()
        await send(body(b"done"))
        answered.set()

    answered = trio.Event()
    served = await serve(answer, ServingLimits())
    peer = await served.connect()
    await peer.send()
    await answered.wait()
    await peer.receive_until(b"done\r\n0\r\n\r\n")


@pytest.mark.parametrize("framing", ["length", "chunked"])
async def test_a_body_arrives_whole_under_any_split(serve: Serve, framing: str) -> None:
    bodies: list[bytes] = []

    async def answer(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        bodies.append(await read_body(receive))
        await send(STREAM_START)
        await send(body(b"ok"))

    request = {
        "length": b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcde",
        "chunked": b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n",
    }[framing]
    served = await serve(answer, ServingLimits())
    peer = await served.connect()
    for cut in range(1, len(request)):
        await peer.send(request[:cut])
        await wait_all_tasks_blocked()
        await peer.send(request[cut:])
        await peer.receive_until(b"0\r\n\r\n")
    assert bodies == [b"abcde"] * (len(request) - 1)


PIECES = (b"data: 1\n\n", b"", b"\r\n0\r\n\r\n", b"x" * 70_000)
"""Bodies that would break a careless framing: empty, one that looks like the end, a long one."""


async def answer_in_pieces(
    scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
) -> None:
    await read_body(receive)
    await send(STREAM_START)
    for piece in PIECES:
        await send(body(piece, more=True))
    await send(body(b"end"))


def read_by_h11(method: str, received: bytes) -> bytes:
    """The body of a whole response, as h11 reads it; asserts that nothing is left over."""
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method=method, target="/", headers=[("host", "h")]))
    client.send(h11.EndOfMessage())
    client.receive_data(received)
    content = b""
    while not isinstance(event := client.next_event(), h11.EndOfMessage):
        assert event is not h11.NEED_DATA, "the response has not ended"
        if isinstance(event, h11.Data):
            content += event.data
    assert client.trailing_data[0] == b""
    return content


async def test_a_stream_is_sent_in_chunks_as_h11_reads_them(serve: Serve) -> None:
    served = await serve(answer_in_pieces, ServingLimits())
    peer = await served.connect()
    for _ in range(2):  # the connection is as good as new afterwards
        await peer.send()
        head = await peer.receive_until(b"\r\n\r\n")
        assert b"transfer-encoding: chunked" in head.lower()
        rest = await peer.receive_until(b"3\r\nend\r\n0\r\n\r\n")
        assert read_by_h11("POST", head + rest) == b"".join(PIECES) + b"end"


async def test_an_http10_client_gets_a_stream_without_chunks(serve: Serve) -> None:
    served = await serve(answer_in_pieces, ServingLimits())
    peer = await served.connect()
    await peer.send(b"POST / HTTP/1.0\r\ncontent-length: 2\r\n\r\n{}")
    head, _, content = (await peer.receive_all()).partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert content == b"".join(PIECES) + b"end"


async def test_head_of_a_stream_has_no_body(serve: Serve) -> None:
    served = await serve(answer_in_pieces, ServingLimits())
    peer = await served.connect()
    await peer.send(b"HEAD / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
    received = await peer.receive_all()
    assert received.endswith(b"\r\n\r\n")
    assert read_by_h11("HEAD", received) == b""
