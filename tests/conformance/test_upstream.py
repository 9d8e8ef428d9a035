"""The `Upstream` port: what is sent, and what is received of a peer that behaves."""

from __future__ import annotations

import pytest
import trio
from understudy.io.ports import UpstreamRequest

from .upstream_peer import OK_HELLO, PeerConnection, ReceivedRequest, always_hello
from .upstream_stage import Received, Stage, fetch, get, post, read_body

ONE_CHUNK = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\nhello"
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n"
NO_BODY = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


async def answer_once(stage: Stage, data: bytes, *, method: str = "GET") -> Received:
    """What the client makes of one answer, after which the peer closes."""

    async def script(connection: PeerConnection) -> None:
        await connection.answer(data)

    async with stage.both(script) as (upstream, peer):
        return await fetch(upstream, UpstreamRequest(method, peer.url(), ()))


async def send_once(stage: Stage, request: UpstreamRequest) -> ReceivedRequest:
    """What the peer receives of a request, whose URL is completed here."""
    received: list[ReceivedRequest] = []

    async def script(connection: PeerConnection) -> None:
        received.append(await connection.answer())

    async with stage.both(script) as (upstream, peer):
        url = peer.url(request.url)
        await fetch(upstream, UpstreamRequest(request.method, url, request.headers, request.body))
    return received[0]


async def test_the_head_and_the_body_arrive(stage: Stage) -> None:
    answer = b"HTTP/1.1 201 Made\r\nContent-Type: text/plain\r\nX-Two: a\r\nx-two: b\r\n"
    received = await answer_once(stage, answer + b"Content-Length: 5\r\n\r\nhello")
    assert received == Received(
        201,
        (
            (b"content-type", b"text/plain"),
            (b"x-two", b"a"),
            (b"x-two", b"b"),
            (b"content-length", b"5"),
        ),
        b"hello",
    )


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (OK_HELLO, b"hello"),
        (ONE_CHUNK, b"hello"),
        (UNTIL_CLOSE, b"hello"),
        (UNTIL_CLOSE.replace(b"1.1", b"1.0"), b"hello"),
        (NO_CONTENT, b""),
        (NOT_MODIFIED, b""),
        (NO_BODY, b""),
    ],
)
async def test_every_framing_is_read_to_its_end(stage: Stage, answer: bytes, body: bytes) -> None:
    assert (await answer_once(stage, answer)).body == body


async def test_a_head_request_has_no_body(stage: Stage) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"
    assert (await answer_once(stage, answer, method="HEAD")).body == b""


@pytest.mark.parametrize("status", [301, 401, 404, 429, 500, 529])
async def test_a_refusal_is_a_response_like_any_other(stage: Stage, status: int) -> None:
    answer = b"HTTP/1.1 %d No\r\nlocation: /there\r\ncontent-length: 2\r\n\r\nno" % status
    received = await answer_once(stage, answer)
    assert (received.status, received.body) == (status, b"no")


async def test_informational_responses_are_passed_over(stage: Stage) -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
    received = await answer_once(stage, early + OK_HELLO)
    assert (received.status, received.body) == (200, b"hello")


async def test_compressed_bytes_are_not_touched(stage: Stage) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello"
    assert (await answer_once(stage, answer)).body == b"hello"


async def test_the_end_is_said_again(stage: Stage) -> None:
    async with (
        stage.both(always_hello) as (upstream, peer),
        upstream.open(get(peer.url())) as response,
    ):
        assert await read_body(response) == b"hello"
        assert await response.receive() == b""
        assert await response.receive() == b""


async def test_what_one_read_yields_is_joined(stage: Stage) -> None:
    if not stage.adapter.joins_chunks:
        pytest.skip("this adapter hands out one chunk at a time")
    heard = trio.Event()

    async def script(connection: PeerConnection) -> None:
        await connection.answer(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        await heard.wait()
        await connection.send(b"1\r\na\r\n" * 100)
        await connection.wait_closed()

    async with (
        stage.both(script) as (upstream, peer),
        upstream.open(get(peer.url())) as response,
    ):
        heard.set()
        assert await response.receive() == b"a" * 100


async def test_the_head_is_handed_over_before_the_body_is_there(stage: Stage) -> None:
    opened = trio.Event()

    async def script(connection: PeerConnection) -> None:
        await connection.answer(OK_HELLO[:-5])
        await opened.wait()
        await connection.send(b"hello")

    async with (
        stage.both(script) as (upstream, peer),
        upstream.open(get(peer.url())) as response,
    ):
        opened.set()
        assert await read_body(response) == b"hello"


async def test_bytes_that_come_one_by_one(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.read_request()
        for byte in ONE_CHUNK:
            await connection.send(bytes((byte,)))
            await trio.lowlevel.checkpoint()

    async with stage.both(script) as (upstream, peer):
        assert (await fetch(upstream, get(peer.url()))).body == b"hello"


async def test_a_large_body_arrives_whole(stage: Stage) -> None:
    body = bytes(range(256)) * 16384
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    assert (await answer_once(stage, answer)).body == body


async def test_headers_are_sent_as_they_are_plus_what_http_needs(stage: Stage) -> None:
    headers = ((b"x-api-key", b"secret"), (b"accept", b"a"), (b"accept", b"b"))
    received = await send_once(stage, UpstreamRequest("POST", "/v1?beta=true", headers, b"body"))
    assert received.line == b"POST /v1?beta=true HTTP/1.1"
    assert received.body == b"body"
    lines = [line.lower() for line in received.header_lines]
    assert [line for line in lines if not line.startswith(b"host:")] == [
        b"x-api-key: secret",
        b"accept: a",
        b"accept: b",
        b"content-length: 4",
    ]
    assert sum(line.startswith(b"host: 127.0.0.1:") for line in lines) == 1


async def test_an_empty_post_says_that_it_is_empty(stage: Stage) -> None:
    received = await send_once(stage, UpstreamRequest("POST", "/", ()))
    assert b"content-length: 0" in received.head.lower()


async def test_an_empty_get_says_nothing_of_a_body(stage: Stage) -> None:
    assert b"content-length" not in (await send_once(stage, get("/"))).head.lower()


async def test_a_host_header_of_the_callers_own_is_kept(stage: Stage) -> None:
    received = await send_once(stage, UpstreamRequest("GET", "/", ((b"host", b"other"),)))
    hosts = [line for line in received.header_lines if line.lower().startswith(b"host:")]
    assert [host.lower() for host in hosts] == [b"host: other"]


@pytest.mark.parametrize("size", [1, 65_536, 65_537, 3_000_000])
async def test_a_request_body_of_any_size_arrives_whole(stage: Stage, size: int) -> None:
    body = (b"0123456789" * (size // 10 + 1))[:size]
    assert (await send_once(stage, post("/", body))).body == body


async def test_many_at_once_do_not_mix(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        while True:
            request = await connection.read_request()
            await connection.send(OK_HELLO.replace(b"hello", request.body))

    async with stage.both(script) as (upstream, peer):

        async def ask(number: int) -> None:
            body = b"%05d" % number
            assert (await fetch(upstream, post(peer.url(), body))).body == body

        async with trio.open_nursery() as nursery:
            for number in range(40):
                nursery.start_soon(ask, number)
        assert peer.connections <= 40
        assert upstream.statistics().idle_connections <= 32
