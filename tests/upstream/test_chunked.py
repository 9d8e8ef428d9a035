"""The chunked body: every split, h11 as the judge, and everything that is no chunked body."""

from __future__ import annotations

import itertools

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.io.upstream.chunked import (
    LINE_BYTES_MAX,
    TRAILER_BYTES_MAX,
    ChunkedBody,
    ChunkError,
)

WHOLE = b'5\r\nhello\r\n1;name="a;b"\r\n \r\n00B\r\nwor\r\nld\0\xff\r\r\r\n0\r\nx-sum: 1\r\n\r\n'
CONTENT = b"hello wor\r\nld\0\xff\r\r"

REFUSED = {
    "no size": b"\r\nhello",
    "a sign": b"+5\r\nhello",
    "a minus": b"-5\r\nhello",
    "a prefix": b"0x5\r\nhello",
    "an underscore": b"1_0\r\nhello",
    "a space before": b" 5\r\nhello",
    "text": b"five\r\nhello",
    "too large": b"f" * 16 + b"\r\n",
    "a bare line feed": b"5\nhello\r\n",
    "a longer chunk": b"4\r\nhello\r\n",
    "a line feed behind": b"5\r\nhello\n",
    "a line break in an extension": b"5;a\nb\r\nhello\r\n",
    "a trailer that is no field": b"0\r\nHTTP/1.1 200 OK\r\n\r\n",
    "a size without an end": b"1" * (LINE_BYTES_MAX + 1),
    "a trailer line without an end": b"0\r\n" + b"a" * (TRAILER_BYTES_MAX + 1),
    "a trailer without an end": b"0\r\n" + b"a: b\r\n" * TRAILER_BYTES_MAX,
}


def decoded(*pieces: bytes) -> tuple[bytes, ChunkedBody]:
    body = ChunkedBody()
    content: list[bytes] = []
    for piece in pieces:
        body.receive_data(piece, content)
    assert all(content), "an empty piece would look like the end"
    return b"".join(content), body


def judged(data: bytes) -> bytes | None:
    """What h11 reads as the body; None if it refuses or the body has not ended."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + data)
    content = b""
    try:
        while not isinstance(event := connection.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                return None
            if isinstance(event, h11.Data):
                content += event.data
    except h11.RemoteProtocolError:
        return None
    return content


def test_one_piece_and_what_comes_behind() -> None:
    content, body = decoded(WHOLE + b"HTTP/1.1")
    assert content == CONTENT == judged(WHOLE)
    assert body.ended
    assert body.rest == b"HTTP/1.1"


@pytest.mark.parametrize("cut", range(len(WHOLE)))
def test_every_cut(cut: int) -> None:
    content, body = decoded(WHOLE[:cut], WHOLE[cut:])
    assert content == CONTENT
    assert body.ended
    assert body.rest == b""


def test_byte_by_byte() -> None:
    content, body = decoded(*(WHOLE[at : at + 1] for at in range(len(WHOLE))), b"more", b"!")
    assert content == CONTENT
    assert body.rest == b"more!"


@pytest.mark.parametrize("end", range(len(WHOLE)))
def test_a_body_that_is_cut_has_not_ended(end: int) -> None:
    _, body = decoded(WHOLE[:end])
    assert not body.ended


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_refused(data: bytes) -> None:
    with pytest.raises(ChunkError) as refused:
        decoded(data)
    assert "hello" not in str(refused.value), "an error quotes nothing of an answer"


def test_what_came_before_an_error_is_kept() -> None:
    content: list[bytes] = []
    with pytest.raises(ChunkError):
        ChunkedBody().receive_data(b"5\r\nhello\r\n4\r\nmore!", content)
    assert content == [b"hello", b"more"]


@given(st.lists(st.binary(min_size=1, max_size=40)), st.data())
def test_any_content_under_any_split(chunks: list[bytes], data: st.DataObject) -> None:
    encoded = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    at = sorted(data.draw(st.lists(st.integers(0, len(encoded)), max_size=6)))
    edges = [0, *at, len(encoded)]
    content, body = decoded(*(encoded[a:b] for a, b in itertools.pairwise(edges)))
    assert content == b"".join(chunks)
    assert body.ended


@given(st.lists(st.sampled_from([b"5", b"0", b"\r\n", b"\n", b"a: b", b";", b"hello"]), max_size=9))
def test_no_laxer_than_h11(parts: list[bytes]) -> None:
    data = b"".join(parts)
    try:
        content, body = decoded(data)
    except ChunkError:
        return
    if body.ended:
        assert judged(data) == content
