"""One connection over a stream that a test writes."""

from __future__ import annotations

import h11
import pytest
import trio
from understudy.io.ports import UpstreamBroken, UpstreamUnreachable
from understudy.io.upstream.connection import Connection

from .wires import PiecewiseStream, make_wire

POST = h11.Request(method="POST", target="/", headers=[("host", "a"), ("content-length", "4")])
CHUNKED_POST = h11.Request(
    method="POST", target="/", headers=[("host", "a"), ("transfer-encoding", "chunked")]
)
HELLO = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"


class RecordingStream(PiecewiseStream):
    """Keeps what is sent."""

    sent = b""

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += data
        await trio.lowlevel.checkpoint()


class DeafStream(PiecewiseStream):
    """Cannot be written to."""

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await trio.lowlevel.checkpoint()
        raise trio.BrokenResourceError


async def exchange(stream: trio.abc.Stream, request: h11.Request = POST) -> tuple[int, bytes, bool]:
    wire, theirs = make_wire()
    wire.stream = stream
    connection = Connection(wire, "route", "https://peer.test:443")
    with theirs:
        try:
            head = await connection.exchange(request, b"body")
            return head.status_code, await connection.receive(), connection.recycle()
        finally:
            connection.close()


async def test_head_and_body_go_out_as_one() -> None:
    stream = RecordingStream([HELLO])
    assert await exchange(stream) == (200, b"hello", True)
    assert stream.sent == b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nbody"


async def test_a_chunked_request_is_framed() -> None:
    stream = RecordingStream([HELLO])
    assert await exchange(stream, CHUNKED_POST) == (200, b"hello", True)
    assert stream.sent.endswith(b"\r\n\r\n4\r\nbody\r\n0\r\n\r\n")


async def test_an_answer_is_heard_though_the_write_failed_and_the_connection_is_spent() -> None:
    assert await exchange(DeafStream([HELLO])) == (200, b"hello", False)


async def test_the_end_before_the_head_is_put_in_words() -> None:
    with pytest.raises(UpstreamBroken) as caught:
        await exchange(PiecewiseStream([b"HTTP/1.1 2"]))
    assert str(caught.value) == (
        "https://peer.test:443 broke off: the peer closed the connection without a whole response"
        " head; it may have acted on the request, so look before sending it again"
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"what the model said\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nwhat the model said\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: what the model said\0\r\n\r\n",
    ],
)
async def test_a_message_does_not_quote_the_peer(answer: bytes) -> None:
    with pytest.raises(UpstreamBroken) as caught:
        await exchange(PiecewiseStream([answer]))
    assert "broke off: " in str(caught.value)
    assert "model" not in str(caught.value)


async def test_a_length_that_the_body_does_not_have_is_not_sent() -> None:
    request = h11.Request(
        method="POST", target="/", headers=[("host", "a"), ("content-length", "3")]
    )
    stream = RecordingStream([HELLO])
    with pytest.raises(UpstreamUnreachable, match="cannot be sent"):
        await exchange(stream, request)
    assert stream.sent == b""
