"""Each adapter of the `Search` port with what it finds: a scripted endpoint, or a simulated one."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import trio
from understudy.io.key_ring import KeyRing
from understudy.io.ports import Search
from understudy.io.search import HttpSearch
from understudy.io.upstream.http11 import Http11Upstream
from understudy.io.upstream.settings import UpstreamSettings
from understudy.protocols.search_result import SearchResult
from understudy.protocols.settings import KeyReference, SearchSettings
from understudy.protocols.settings_data import SEARCH_RESULTS_MAX, SearchKind
from understudy.simulations.search import SimulatedSearch

from .upstream_peer import PeerConnection, ReceivedRequest, Script, open_peer

KEY = "planted-key-of-the-search"
ENVIRONMENT = {"SEARCH_KEY": KEY}
PATIENCE_SECONDS = 0.2
"""What the adapters under test wait for an endpoint that says nothing."""

Body = Callable[[Sequence[SearchResult]], Any]


def searxng_body(results: Sequence[SearchResult]) -> Any:
    """What a SearXNG answers."""
    found = [
        {"url": r.url, "title": r.title, "content": r.text, "publishedDate": r.age or None}
        for r in results
    ]
    return {"query": "q", "number_of_results": 0, "results": found, "suggestions": []}


def brave_body(results: Sequence[SearchResult]) -> Any:
    """What Brave answers; without a result there is no `web` at all."""
    found = [
        {"type": "search_result", "url": r.url, "title": r.title, "description": r.text}
        | ({"age": r.age} if r.age else {})
        for r in results
    ]
    web = {"web": {"type": "search", "results": found}} if found else {}
    return {"type": "search", "query": {"original": "q"}, **web}


def tavily_body(results: Sequence[SearchResult]) -> Any:
    """What Tavily answers."""
    found = [
        {"url": r.url, "title": r.title, "content": r.text, "score": 0.5}
        | ({"published_date": r.age} if r.age else {})
        for r in results
    ]
    return {"query": "q", "answer": None, "images": [], "results": found, "response_time": 1.0}


BODIES: dict[SearchKind, Body] = {
    "searxng": searxng_body,
    "brave": brave_body,
    "tavily": tavily_body,
}


class SearchStage(ABC):
    """Opens the adapter under test on what the test wants to be found. `left` counts leavers."""

    left: int = 0

    @abstractmethod
    @asynccontextmanager
    async def finding(self, results: Sequence[SearchResult]) -> AsyncGenerator[Search]:
        """Every search finds these."""
        yield NotImplemented

    @abstractmethod
    @asynccontextmanager
    async def failing(self) -> AsyncGenerator[Search]:
        """The first search fails; later ones would find nothing."""
        yield NotImplemented

    @abstractmethod
    @asynccontextmanager
    async def silent(self, *, patience_seconds: float) -> AsyncGenerator[Search]:
        """No search is ever answered."""
        yield NotImplemented


class HttpStage(SearchStage):
    """The real adapter, before an endpoint of one kind on loopback."""

    def __init__(self, kind: SearchKind) -> None:
        self.kind: SearchKind = kind
        self.asked: list[ReceivedRequest] = []
        self.environ = dict(ENVIRONMENT)

    @asynccontextmanager
    async def serving(
        self, script: Script, *, patience_seconds: float = 10.0, results: int = SEARCH_RESULTS_MAX
    ) -> AsyncGenerator[Search]:
        """The adapter before a peer that follows the script."""
        async with open_peer(script, None) as peer:
            url = peer.url("").removesuffix("/")
            settings = SearchSettings(self.kind, url, KeyReference("env", "SEARCH_KEY"), results)
            upstream = Http11Upstream(UpstreamSettings())
            find_key = KeyRing(self.environ).find
            yield HttpSearch(settings, upstream, find_key, seconds_max=patience_seconds)
            await upstream.aclose()
            assert upstream.statistics().open_connections == 0

    def answering(self, body: bytes, status: bytes = b"200 OK", headers: bytes = b"") -> Script:
        """A script that answers every request with this."""

        async def script(connection: PeerConnection) -> None:
            head = b"HTTP/1.1 %b\r\n%bcontent-length: %d\r\n\r\n" % (status, headers, len(body))
            while True:
                self.asked.append(await connection.answer(head + body))

        return script

    @asynccontextmanager
    async def finding(self, results: Sequence[SearchResult]) -> AsyncGenerator[Search]:
        """See SearchStage."""
        body = json.dumps(BODIES[self.kind](results)).encode()
        async with self.serving(self.answering(body)) as search:
            yield search

    @asynccontextmanager
    async def failing(self) -> AsyncGenerator[Search]:
        """See SearchStage."""
        async with self.serving(self.answering(b"sorry", b"500 Server Error")) as search:
            yield search

    @asynccontextmanager
    async def silent(self, *, patience_seconds: float) -> AsyncGenerator[Search]:
        """See SearchStage."""

        async def script(connection: PeerConnection) -> None:
            self.asked.append(await connection.read_request())
            await connection.wait_closed()
            self.left += 1

        async with self.serving(script, patience_seconds=patience_seconds) as search:
            yield search
            with trio.fail_after(5):
                while self.left < len(self.asked):
                    await trio.sleep(0.005)


class SimulatedStage(SearchStage):
    """The simulated adapter."""

    @asynccontextmanager
    async def finding(self, results: Sequence[SearchResult]) -> AsyncGenerator[Search]:
        """See SearchStage."""
        yield SimulatedSearch(lambda _query: results)

    @asynccontextmanager
    async def failing(self) -> AsyncGenerator[Search]:
        """See SearchStage."""
        yield SimulatedSearch(lambda _query: (), failing_calls=[1])

    @asynccontextmanager
    async def silent(self, *, patience_seconds: float) -> AsyncGenerator[Search]:
        """See SearchStage."""
        search = SimulatedSearch(latency_seconds=3_600.0, seconds_max=patience_seconds)
        yield search
        self.left = search.left
