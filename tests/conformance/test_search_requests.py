"""What the real search sends to each kind of endpoint, and what it makes of wrong answers."""

from __future__ import annotations

import json

import pytest
from understudy.io.ports import SearchError
from understudy.io.search import BODY_BYTES_MAX
from understudy.protocols.search_result import SearchResult
from understudy.protocols.settings_data import SearchKind

from .search_stage import BODIES, KEY, HttpStage
from .upstream_peer import PeerConnection

QUERY = "ä b&c"
LINES: dict[SearchKind, bytes] = {
    "searxng": b"GET /search?q=%C3%A4+b%26c&format=json HTTP/1.1",
    "brave": b"GET /res/v1/web/search?q=%C3%A4+b%26c&count=4&text_decorations=false HTTP/1.1",
    "tavily": b"POST /search HTTP/1.1",
}
KEY_LINES: dict[SearchKind, bytes] = {
    "searxng": b"authorization: Bearer " + KEY.encode(),
    "brave": b"x-subscription-token: " + KEY.encode(),
    "tavily": b"authorization: Bearer " + KEY.encode(),
}


@pytest.fixture(params=BODIES)
def stage(request: pytest.FixtureRequest) -> HttpStage:
    """The real adapter before each kind of endpoint."""
    return HttpStage(request.param)


async def failure(stage: HttpStage, body: bytes, status: bytes = b"200 OK") -> str:
    """What is told when the endpoint answers this."""
    async with stage.serving(stage.answering(body, status)) as search:
        with pytest.raises(SearchError) as caught:
            await search.search("a-secret plan", 5)
    words = str(caught.value)
    assert words.startswith("the search endpoint 127.0.0.1:")
    assert "secret" not in words
    assert KEY not in words
    return words


async def test_each_kind_is_asked_in_its_own_way(stage: HttpStage) -> None:
    async with stage.finding([]) as search:
        await search.search(QUERY, 4)
    (asked,) = stage.asked
    assert asked.line == LINES[stage.kind]
    lines = [line.lower() for line in asked.header_lines]
    assert KEY_LINES[stage.kind].lower() in lines
    assert b"accept-encoding: identity" in lines
    body = json.loads(asked.body) if asked.body else None
    assert body == ({"query": QUERY, "max_results": 4} if stage.kind == "tavily" else None)


async def test_no_more_is_asked_for_than_the_settings_allow(stage: HttpStage) -> None:
    pages = [SearchResult(f"{n}", f"https://pages.example/{n}", "") for n in range(9)]
    body = json.dumps(BODIES[stage.kind](pages)).encode()
    async with stage.serving(stage.answering(body), results=2) as search:
        assert len(await search.search(QUERY, 9)) == 2
    assert b"9" not in stage.asked[0].line + stage.asked[0].body


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (b"401 Unauthorized", "check the key"),
        (b"403 Forbidden", "check the key of [search] in the settings; a SearXNG also needs"),
        (b"404 Not Found", "check the base_url"),
        (b"429 Too Many Requests", "it is asked too often"),
        (b"302 Found", "try again later"),
        (b"500 Server Error", "try again later"),
        (b"204 No Content", "try again later"),
    ],
)
async def test_another_status_is_told_with_a_remedy(
    stage: HttpStage, status: bytes, remedy: str
) -> None:
    words = await failure(stage, b"", status)
    assert f"answered with {status[:3].decode()}: {remedy}" in words


async def test_a_redirect_is_not_followed_with_the_key(stage: HttpStage) -> None:
    elsewhere = b"location: http://127.0.0.1:1/\r\n"
    async with stage.serving(stage.answering(b"", b"302 Found", elsewhere)) as search:
        with pytest.raises(SearchError):
            await search.search(QUERY, 5)
    assert len(stage.asked) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{", b"{}", b"\xff", b"[" * 100_000])
async def test_what_is_no_answer_is_told(stage: HttpStage, body: bytes) -> None:
    assert "cannot be understood" in await failure(stage, body)


async def test_an_answer_without_end_is_left(stage: HttpStage) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.read_request()
        await connection.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            await connection.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    async with stage.serving(script) as search:
        with pytest.raises(SearchError, match=f"larger than {BODY_BYTES_MAX} bytes"):
            await search.search(QUERY, 5)


async def test_an_answer_that_is_cut_is_told(stage: HttpStage) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.answer(b'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"results": [')
        connection.cut()

    async with stage.serving(script) as search:
        with pytest.raises(SearchError, match="cannot be used"):
            await search.search(QUERY, 5)


async def test_a_key_that_cannot_be_had_is_told_before_anything_is_asked(stage: HttpStage) -> None:
    stage.environ.clear()
    async with stage.finding([]) as search:
        with pytest.raises(SearchError, match="SEARCH_KEY is not set"):
            await search.search(QUERY, 5)
    assert stage.asked == []
