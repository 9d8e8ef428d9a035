"""The `Upstream` port: peers that break off, talk nonsense, or cannot be reached."""

from __future__ import annotations

import attrs
import pytest
import trio
from understudy.io.ports import UpstreamBroken, UpstreamRequest, UpstreamUnreachable
from understudy.io.upstream.settings import UpstreamSettings

from .upstream_peer import OK_HELLO, PeerConnection, always_hello
from .upstream_stage import Stage, fetch, get, post, read_body

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
LARGE_BODY = b"x" * 8_000_000
TOO_LARGE = b"HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig"


async def expect_broken(stage: Stage, answer: bytes, *, connections: int = 1) -> None:
    """The answer, followed by the peer's close, is reported as broken, without another try."""

    async def script(connection: PeerConnection) -> None:
        await connection.answer(answer)
        connection.cut()

    async with stage.both(script) as (upstream, peer):
        with pytest.raises(UpstreamBroken, match=r"broke off: .*; it may have acted"):
            await fetch(upstream, get(peer.url()))
        assert peer.connections == connections
        assert upstream.statistics().open_connections == 0


@pytest.mark.parametrize("answer", [OK_HELLO, CHUNKED + b"5\r\nhello\r\n0\r\n\r\n"])
async def test_a_response_cut_at_any_byte_is_broken(stage: Stage, answer: bytes) -> None:
    step = 9 if stage.is_secure else 3
    for cut in range(0, len(answer), step):
        await expect_broken(stage, answer[:cut])


@pytest.mark.parametrize(
    "cut", [b"5\r\nhel", b"5\r\nhello", b"5\r\nhello\r\n", b"5\r\nhello\r\n0\r\n"]
)
async def test_a_chunked_body_without_its_last_chunk_is_broken(stage: Stage, cut: bytes) -> None:
    await expect_broken(stage, CHUNKED + cut)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n",
        CHUNKED + b"not a length\r\n",
        b"HTTP/1.1 200 OK\r\nx-large: " + b"x" * 200_000 + b"\r\n\r\n",
    ],
)
async def test_nonsense_is_broken(stage: Stage, answer: bytes) -> None:
    await expect_broken(stage, answer)


async def test_a_head_without_end_is_broken_though_the_peer_stays(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.answer(b"HTTP/1.1 200 OK\r\n")
        while True:
            await connection.send(b"x-more: " + b"x" * 1000 + b"\r\n")

    async with stage.both(script) as (upstream, peer):
        with pytest.raises(UpstreamBroken):
            await fetch(upstream, get(peer.url()))


async def test_body_bytes_before_the_cut_are_handed_over_first(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.answer(CHUNKED + b"5\r\nhello\r\nnonsense\r\n")

    async with (
        stage.both(script) as (upstream, peer),
        upstream.open(get(peer.url())) as response,
    ):
        assert await response.receive() == b"hello"
        for _ in range(2):
            with pytest.raises(UpstreamBroken):
                await response.receive()


async def test_a_reset_before_the_head_is_broken(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.read_request()
        connection.reset()

    async with stage.both(script) as (upstream, peer):
        with pytest.raises(UpstreamBroken):
            await fetch(upstream, get(peer.url()))
        assert peer.connections == 1


async def test_a_reset_within_the_body_is_broken(stage: Stage) -> None:
    opened = trio.Event()

    async def script(connection: PeerConnection) -> None:
        await connection.answer(CHUNKED + b"5\r\nhello\r\n")
        await opened.wait()
        connection.reset()

    async with (
        stage.both(script) as (upstream, peer),
        upstream.open(get(peer.url())) as response,
    ):
        assert await response.receive() == b"hello"
        opened.set()
        with pytest.raises(UpstreamBroken):
            await read_body(response)


async def test_a_refusal_is_heard_though_the_body_was_not_read(stage: Stage) -> None:
    if stage.is_secure and not stage.adapter.hears_early_answer_over_tls:
        pytest.skip("this adapter may lose an early answer over TLS")

    async def script(connection: PeerConnection) -> None:
        await connection.read_head()
        await connection.send(TOO_LARGE)
        connection.cut()  # with unread data, so the client's system sees a reset

    async with stage.both(script) as (upstream, peer):
        received = await fetch(upstream, post(peer.url(), LARGE_BODY))
        assert (received.status, received.body) == (413, b"big")
        assert peer.connections == 1
        assert upstream.statistics().open_connections == 0


async def test_a_peer_that_leaves_during_a_large_body_is_broken(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.read_head()
        connection.cut()

    async with stage.both(script) as (upstream, peer):
        with pytest.raises(UpstreamBroken):
            await fetch(upstream, post(peer.url(), LARGE_BODY))
        assert peer.connections == 1


async def test_a_closed_port_is_unreachable(stage: Stage) -> None:
    async with stage.peer(always_hello) as peer:
        url = peer.url("/path?key=secret")
    async with stage.upstream() as upstream:
        with pytest.raises(UpstreamUnreachable) as caught:
            await fetch(upstream, get(url))
    message = str(caught.value)
    assert message == (
        f"cannot connect to {peer.url('')}: Connection refused; check the address and that it is up"
    )


async def test_an_unknown_host_is_unreachable(stage: Stage) -> None:
    async with stage.upstream() as upstream:
        with pytest.raises(UpstreamUnreachable, match="cannot connect to"):
            await fetch(upstream, get(f"{stage.scheme}://{'x' * 64}.invalid/"))


@pytest.mark.parametrize(
    "url", ["/relative", "ftp://host/", "https://", "http://[::1", "http://user:secret@host/"]
)
async def test_a_url_that_cannot_be_used_is_unreachable(stage: Stage, url: str) -> None:
    async with stage.upstream() as upstream:
        with pytest.raises(UpstreamUnreachable) as caught:
            await fetch(upstream, get(url))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "header", [(b"x-api-key", b"secret\r\nx: y"), (b"a secret", b"v"), (b"x-key", b"\x00secret")]
)
async def test_a_header_that_cannot_be_sent_is_unreachable(
    stage: Stage, header: tuple[bytes, bytes]
) -> None:
    async with stage.both(always_hello) as (upstream, peer):
        with pytest.raises(UpstreamUnreachable) as caught:
            await fetch(upstream, UpstreamRequest("GET", peer.url(), (header,)))
        assert "secret" not in str(caught.value)
        assert "check" in str(caught.value)


async def test_connecting_has_a_limit(stage: Stage) -> None:
    if not stage.is_secure:
        pytest.skip("a silent peer can only be met in a handshake")
    plain = attrs.evolve(stage, scheme="http")
    settings = attrs.evolve(stage.settings(), connect_seconds_max=0.05)
    async with (
        plain.peer(PeerConnection.wait_closed) as peer,
        stage.upstream(settings) as upstream,
    ):
        with pytest.raises(UpstreamUnreachable, match=r"no connection to .* within 0.05 s"):
            await fetch(upstream, get(f"https://127.0.0.1:{peer.port}/"))


async def test_a_peer_without_tls_is_unreachable(stage: Stage) -> None:
    plain = attrs.evolve(stage, scheme="http")

    async def script(connection: PeerConnection) -> None:
        await connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await connection.wait_closed()

    async with plain.peer(script) as peer, stage.upstream() as upstream:
        with pytest.raises(UpstreamUnreachable, match=r"TLS handshake .* check that it speaks"):
            await fetch(upstream, get(f"https://127.0.0.1:{peer.port}/"))


async def test_a_certificate_of_an_unknown_ca_is_refused(stage: Stage) -> None:
    secure = attrs.evolve(stage, scheme="https")
    async with (
        secure.peer(always_hello) as peer,
        stage.upstream(UpstreamSettings()) as upstream,
    ):
        with pytest.raises(UpstreamUnreachable) as caught:
            await fetch(upstream, get(peer.url()))
    message = str(caught.value)
    assert message.startswith(f"the certificate of {peer.url('')} was not accepted: ")
    assert "SSL_CERT_FILE" in message


async def test_a_certificate_of_another_host_is_refused(stage: Stage) -> None:
    secure = attrs.evolve(stage, scheme="https")
    async with secure.peer(always_hello) as peer, stage.upstream() as upstream:
        with pytest.raises(UpstreamUnreachable, match=r"localhost.*not accepted: .*mismatch"):
            await fetch(upstream, get(peer.url(host="localhost")))


async def test_a_missing_ca_file_is_named(stage: Stage) -> None:
    secure = attrs.evolve(stage, scheme="https")
    async with (
        secure.peer(always_hello) as peer,
        stage.upstream(UpstreamSettings(ca_file="no/such.pem")) as upstream,
    ):
        with pytest.raises(UpstreamUnreachable, match=r"CA bundle no/such\.pem"):
            await fetch(upstream, get(peer.url()))
