"""A response means the same wherever the network cuts it."""

from __future__ import annotations

from itertools import pairwise

import h11
import trio
from hypothesis import given
from hypothesis import strategies as st
from understudy.io.upstream.connection import Connection

from .wires import make_wire

REQUEST = h11.Request(method="GET", target="/", headers=[("host", "peer.test")])


def framed(body_pieces: list[bytes], framing: str) -> bytes:
    body = b"".join(body_pieces)
    head = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx-a: b\r\n"
    if framing == "length":
        return head + b"content-length: %d\r\n\r\n" % len(body) + body
    if framing == "close":
        return head + b"\r\n" + body
    chunks = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(piece), piece) for piece in body_pieces if piece)
    return head + b"transfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\nx-trailer: t\r\n\r\n"


def split(data: bytes, cuts: set[int]) -> list[bytes]:
    places = [0, *sorted(cut for cut in cuts if 0 < cut < len(data)), len(data)]
    return [data[start:end] for start, end in pairwise(places)]


async def receive_all(pieces: list[bytes]) -> tuple[bytes, bool]:
    wire, theirs = make_wire(pieces)
    connection = Connection(wire, "route", "https://peer.test")
    with theirs:
        head = await connection.exchange(REQUEST, b"")
        assert (head.status_code, next(iter(head.headers))) == (200, (b"x-a", b"b"))
        body = b""
        while piece := await connection.receive():
            body += piece
        is_reusable = connection.recycle()
        connection.close()
        return body, is_reusable


@given(
    body_pieces=st.lists(st.binary(max_size=40), max_size=6),
    framing=st.sampled_from(["length", "close", "chunked"]),
    cuts=st.sets(st.integers(min_value=1, max_value=400), max_size=60),
)
def test_the_body_is_the_same_under_every_split(
    body_pieces: list[bytes], framing: str, cuts: set[int]
) -> None:
    pieces = split(framed(body_pieces, framing), cuts)
    body, is_reusable = trio.run(receive_all, pieces)
    assert body == b"".join(body_pieces)
    assert is_reusable == (framing != "close")


async def test_cut_into_single_bytes() -> None:
    data = framed([b"hello", b"\r\n0\r\n\r\n"], "chunked")
    assert await receive_all(split(data, set(range(len(data))))) == (b"hello\r\n0\r\n\r\n", True)
