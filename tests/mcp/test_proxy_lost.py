"""`understudy mcp` where the server is lost: ended, started anew, half up, or somebody else's."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import attrs
import pytest
import trio
from trio.testing import MemoryReceiveStream, MockClock, memory_stream_one_way_pair
from understudy.io.cli.errors import CannotRun, Failed
from understudy.io.cli.server import Server
from understudy.io.mcp import pipes
from understudy.io.mcp.pipes import target_of
from understudy.io.mcp.proxy import REQUESTS_MAX, StdioProxy
from understudy.io.mcp.target import ProxyRefused, Target
from understudy.io.ports import (
    Headers,
    Upstream,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamStatistics,
)
from understudy.io.token import ServerToken, TokenError

TARGET = Target("http://127.0.0.1:7337/mcp", ((b"authorization", b"Bearer secret"),))
HELLO = b'{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}\n'
TOLD = b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n'


class Response(UpstreamResponse):
    """A response as it was written down."""

    def __init__(
        self, status: int, session: bytes, *bodies: bytes, kind: bytes = b"text/plain"
    ) -> None:
        self.status = status
        self.headers: Headers = ((b"mcp-session-id", session), (b"content-type", kind))
        self._bodies = [*reversed(bodies)]

    async def receive(self) -> bytes:
        await trio.lowlevel.checkpoint()
        return self._bodies.pop() if self._bodies else b""


def never(_: UpstreamRequest) -> bool:
    return False


@attrs.define(eq=False)
class Peer(Upstream):
    """A server of the older era, which knows one session: the one that was begun last."""

    session: bytes = b""
    begun: int = 0
    is_told: bool = False
    open_now: int = 0
    fails: Callable[[UpstreamRequest], bool] = never
    hangs: bool = False
    knows_none: bool = False
    """Whether it begins no session."""
    seen: list[str] = attrs.field(factory=list[str])
    streams: list[bytes] = attrs.field(factory=list[bytes])
    """What it answers to a request as a stream of events, b"" last."""

    @asynccontextmanager
    async def _exchange(self, request: UpstreamRequest) -> AsyncGenerator[UpstreamResponse]:
        await trio.lowlevel.checkpoint()
        self.seen.append(request.method)
        if self.fails(request):
            raise UpstreamBroken("it has failed")
        self.open_now += 1
        try:
            if self.hangs:
                await trio.sleep_forever()
            yield self._answer(request)
        finally:
            self.open_now -= 1

    def _answer(self, request: UpstreamRequest) -> Response:
        headers = dict(request.headers)
        if self.streams and b"tools/list" in request.body:
            return Response(200, self.session, *self.streams, kind=b"text/event-stream")
        if self.knows_none:
            return Response(404, b"", b"")
        if b'"initialize"' in request.body:
            self.begun += 1
            self.session, self.is_told = b"session %d" % self.begun, False
        elif not self.session or headers.get(b"mcp-session-id") != self.session:
            return Response(404, b"", b"")
        elif request.body.strip() == TOLD.strip():
            self.is_told = True
        elif not self.is_told or headers.get(b"mcp-protocol-version") != b"2025-11-25":
            return Response(400, b"", b"before it was told that the session has begun")
        if request.method == "GET":
            return Response(405, b"", b"")
        found = json.loads(request.body or b"{}")
        answer = {
            "jsonrpc": "2.0",
            "id": found.get("id"),
            "result": {"protocolVersion": "2025-11-25"},
        }
        return Response(200, self.session, json.dumps(answer).encode())

    def open(self, request: UpstreamRequest) -> AbstractAsyncContextManager[UpstreamResponse]:
        return self._exchange(request)

    async def aclose(self) -> None:
        """Holds nothing."""

    def statistics(self) -> UpstreamStatistics:
        return UpstreamStatistics(0, 0)


@attrs.define
class Line:
    """A proxy before a peer, and the client's end of it."""

    peer: Peer
    proxy: StdioProxy
    lines: trio.abc.SendStream
    answers: MemoryReceiveStream
    finds: list[Exception | None]
    """What looking for the server raises, one after the other; nothing once it is empty."""
    found: int = 0
    ended: trio.Event = attrs.field(factory=trio.Event)

    async def ask(self, number: int) -> str:
        """A request's answer."""
        await self.lines.send_all(request(number))
        return await self.hear()

    async def hear(self) -> str:
        return (await self.answers.receive_some()).decode()

    async def begin(self) -> None:
        await self.lines.send_all(HELLO)
        await self.hear()
        await self.lines.send_all(TOLD)


def request(number: int, version: str = "") -> bytes:
    meta = {"io.modelcontextprotocol/protocolVersion": version} if version else {}
    said = {"jsonrpc": "2.0", "id": number, "method": "tools/list", "params": {"_meta": meta}}
    return json.dumps(said).encode() + b"\n"


@asynccontextmanager
async def lined(*finds: Exception | None) -> AsyncGenerator[Line]:
    lines, received = memory_stream_one_way_pair()
    sent, answers = memory_stream_one_way_pair()

    async def find() -> Target:
        await trio.lowlevel.checkpoint()
        line.found += 1
        if line.finds and (error := line.finds.pop(0)) is not None:
            raise error
        return TARGET

    peer = Peer()
    line = Line(peer, StdioProxy(peer, find, sent.send_all), lines, answers, [*finds])

    async def run() -> None:
        await line.proxy.run(received)
        line.ended.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(run)
        with trio.fail_after(1000):
            yield line
        nursery.cancel_scope.cancel()


async def test_nothing_is_sent_where_another_user_listens(autojump_clock: MockClock) -> None:
    async with lined() as line:
        await line.begin()
        await trio.sleep(10)
        line.proxy.is_foreign = lambda _: True
        before = len(line.peer.seen)
        assert "another user's program" in await line.ask(1)
        await trio.sleep(300)
        assert len(line.peer.seen) == before, "nor is it asked for news"
        line.proxy.is_foreign = lambda _: False
        found = line.found
        assert "result" in await line.ask(2)
        assert line.found > found, "the server was proved again"


async def test_a_stream_for_news_that_fails_has_the_server_found_anew(
    autojump_clock: MockClock,
) -> None:
    async with lined() as line:
        await line.begin()
        line.peer.fails = lambda request: request.method == "GET"
        await trio.sleep(2)
        found = line.found
        await trio.sleep(200)
        assert found < line.found <= found + 10


async def test_a_dead_session_is_not_asked_for_news_for_ever(autojump_clock: MockClock) -> None:
    async with lined() as line:
        await line.begin()
        await trio.sleep(10)
        line.peer.session = b""
        line.peer.fails = lambda request: b'"initialize"' in request.body
        before = len(line.peer.seen)
        await trio.sleep(600)
        assert len(line.peer.seen) - before < 30
        line.peer.fails = never
        await trio.sleep(200)
        assert line.peer.session == line.proxy.session == b"session 2"


@pytest.mark.parametrize("method", [b'"initialize"', b'"notifications/initialized"'])
async def test_a_session_that_cannot_be_begun_again_is_tried_again(
    autojump_clock: MockClock, method: bytes
) -> None:
    async with lined() as line:
        await line.begin()
        await trio.sleep(10)
        line.peer.session = b""
        line.peer.fails = lambda request: method in request.body
        assert "it has failed" in await line.ask(1)
        line.peer.fails = never
        assert "result" in await line.ask(2)


async def test_a_session_is_begun_once_there_is_a_server(autojump_clock: MockClock) -> None:
    refused = ProxyRefused("no server runs")
    async with lined(refused, refused, refused) as line:
        await line.begin()
        await trio.sleep(60)
        assert "result" in await line.ask(1)
        assert line.peer.begun == 1


async def test_a_request_is_answered_where_the_server_begins_no_session(
    autojump_clock: MockClock,
) -> None:
    async with lined() as line:
        line.peer.fails = lambda request: b'"initialize"' in request.body
        await line.begin()
        line.peer.fails = never
        line.peer.knows_none = True
        assert "begins no session" in await line.ask(1)


async def test_a_cancel_in_the_same_read_as_its_request_ends_it(autojump_clock: MockClock) -> None:
    async with lined() as line:
        line.peer.hangs = True
        params = {"requestId": 1}
        cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}
        both = request(1, "2026-07-28") + json.dumps(cancel).encode() + b"\n"
        await line.lines.send_all(both)
        await trio.sleep(10)
        assert line.peer.open_now == 0


async def test_a_client_that_leaves_while_its_session_begins_ends_it(
    autojump_clock: MockClock,
) -> None:
    async with lined() as line:
        line.peer.hangs = True
        await line.lines.send_all(HELLO + TOLD + request(1))
        await trio.sleep(10)
        assert line.peer.seen == ["POST"], "the session comes first"
        await line.lines.aclose()
        await line.ended.wait()
        assert line.peer.open_now == 0


async def test_a_request_that_is_cancelled_is_dropped_where_the_server_hangs(
    autojump_clock: MockClock,
) -> None:
    async with lined() as line:
        await line.begin()
        await trio.sleep(10)
        line.peer.hangs = True
        await line.lines.send_all(request(1))
        await trio.sleep(1)
        cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
        await line.lines.send_all(json.dumps(cancel).encode() + b"\n")
        await trio.sleep(60)
        line.peer.hangs = False
        assert "result" in await line.ask(1), "its id is free again"


@pytest.mark.parametrize("version", ["", "2026-07-28"])
async def test_a_stream_that_ends_without_an_answer_is_told(
    autojump_clock: MockClock, version: str
) -> None:
    async with lined() as line:
        await line.begin()
        await trio.sleep(10)
        line.peer.streams = [b'data: {"jsonrpc":"2.0","method":"notifications/progress"}\n\n', b""]
        await line.lines.send_all(request(1, version))
        assert "notifications/progress" in await line.hear()
        told = json.loads(await line.hear())
        assert told["id"] == 1
        assert "has ended this request without an answer" in told["error"]["message"]


async def test_requests_of_one_read_are_counted(autojump_clock: MockClock) -> None:
    async with lined() as line:
        line.peer.hangs = True
        many = [request(number, "2026-07-28") for number in range(REQUESTS_MAX + 2)]
        await line.lines.send_all(b"".join(many))
        await trio.sleep(1)
        assert (await line.hear()).count("requests at once") == 2
        assert len(line.peer.seen) == REQUESTS_MAX


@pytest.mark.parametrize(
    "error", [Failed("half up"), CannotRun("another token"), TokenError("no token")]
)
def test_whatever_is_wrong_with_the_server_is_a_refusal(error: Exception) -> None:
    def find() -> Server | None:
        raise error

    with pytest.raises(ProxyRefused, match=str(error)):
        target_of(find, "none")
    with pytest.raises(ProxyRefused, match="none runs"):
        target_of(lambda: None, "none runs")


def test_the_port_of_the_server_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def others_listen(port: int) -> bool:
        return port == 7337

    monkeypatch.setattr(pipes, "others_listen", others_listen)
    found = target_of(lambda: Server("http://127.0.0.1:7337", ServerToken("secret")), "")
    assert pipes.is_foreign(found)
    assert not pipes.is_foreign(Target("http://127.0.0.1:7338/mcp", ()))
