"""`understudy mcp`: a client's pipes, the proxy, and a server on a real socket."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import attrs
import pytest
import trio
from trio.testing import MemoryReceiveStream, memory_stream_one_way_pair
from understudy.io.mcp.pipes import SETTINGS
from understudy.io.mcp.proxy import StdioProxy
from understudy.io.mcp.target import Target
from understudy.io.upstream.http11 import Http11Upstream

from ..gateway.client import TOKEN
from .conftest import McpStage
from .raw import CLIENT, ERAS, LEGACY, MODERN, Raw, call
from .test_transport import Slow
from .test_transport import slow as slow

SECONDS_MAX = 5.0


@attrs.define
class Pipe:
    """The client's end of a proxy."""

    proxy: StdioProxy
    lines: trio.abc.SendStream
    answers: MemoryReceiveStream
    raw: Raw
    ended: trio.Event = attrs.field(factory=trio.Event)
    held: bytes = b""

    async def say(self, message: dict[str, Any]) -> None:
        await self.lines.send_all(json.dumps(message).encode() + b"\n")

    async def hear(self) -> Any:
        with trio.fail_after(SECONDS_MAX):
            while b"\n" not in self.held:
                self.held += await self.answers.receive_some()
        line, _, self.held = self.held.partition(b"\n")
        return json.loads(line)

    async def ask(self, method: str, params: dict[str, Any] | None = None) -> Any:
        await self.say(self.raw.request(next(self.raw.ids), method, params))
        return await self.hear()

    async def open(self) -> None:
        """Begins a session, where the era has any."""
        if self.raw.era == LEGACY:
            said = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": CLIENT}
            found = await self.ask("initialize", said)
            assert found["result"]["protocolVersion"] == LEGACY
            await self.say({"jsonrpc": "2.0", "method": "notifications/initialized"})


@asynccontextmanager
async def piped(
    served: McpStage, era: str, port: int = 0, token: str = TOKEN
) -> AsyncGenerator[Pipe]:
    """A proxy with its client."""
    lines, received = memory_stream_one_way_pair()
    sent, answers = memory_stream_one_way_pair()
    url = f"http://127.0.0.1:{port or served.stage.port}/mcp"
    target = Target(url, ((b"authorization", f"Bearer {token}".encode()),))

    async def find() -> Target:
        await trio.lowlevel.checkpoint()
        return target

    upstream = Http11Upstream(SETTINGS)
    proxy = StdioProxy(upstream, find, sent.send_all)
    pipe = Pipe(proxy, lines, answers, Raw(served.stage.port, era))

    async def run() -> None:
        await proxy.run(received)
        pipe.ended.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(run)
        yield pipe
        nursery.cancel_scope.cancel()
    await upstream.aclose()


@pytest.mark.parametrize("era", ERAS)
async def test_messages_pass_in_both_directions(served: McpStage, era: str) -> None:
    async with piped(served, era) as pipe:
        await pipe.open()
        found = await pipe.ask("tools/list")
        assert "endpoint_set" in [tool["name"] for tool in found["result"]["tools"]]
        found = await pipe.ask("tools/call", call("endpoint_list"))
        assert found["result"]["structuredContent"]["default"] == "work/claude-x"
        assert (await pipe.ask("no/such/method"))["error"]["code"] == -32601


@pytest.mark.parametrize("era", ERAS)
async def test_a_cancelled_call_ends_its_tool(served: McpStage, slow: Slow, era: str) -> None:
    async with piped(served, era) as pipe:
        await pipe.open()
        number = next(pipe.raw.ids)
        await pipe.say(pipe.raw.request(number, "tools/call", call("slow")))
        with trio.fail_after(SECONDS_MAX):
            await slow.began.wait()
            cancelled = {"requestId": number, "reason": "Esc"}
            method = "notifications/cancelled"
            await pipe.say({"jsonrpc": "2.0", "method": method, "params": cancelled})
            await slow.cancelled.wait()
        if era == LEGACY:
            assert "error" in await pipe.hear()
        assert (await pipe.ask("tools/list"))["result"]["tools"]


@pytest.mark.parametrize("era", ERAS)
async def test_the_end_of_the_pipe_ends_everything(served: McpStage, slow: Slow, era: str) -> None:
    async with piped(served, era) as pipe:
        await pipe.open()
        await pipe.say(pipe.raw.request(next(pipe.raw.ids), "tools/call", call("slow")))
        with trio.fail_after(SECONDS_MAX):
            await slow.began.wait()
            await pipe.lines.aclose()
            await pipe.ended.wait()
            await slow.cancelled.wait()
    await served.stage.wait_idle()


async def test_a_session_that_the_server_forgot_is_begun_again(served: McpStage) -> None:
    async with piped(served, LEGACY) as pipe:
        await pipe.open()
        pipe.raw.session = pipe.proxy.session.decode()
        ended = await served.stage.ask("DELETE", "/mcp", pipe.raw.headers("DELETE"))
        assert ended.status == 200
        found = await pipe.ask("tools/list")
        assert found["result"]["tools"]


@pytest.mark.parametrize("era", ERAS)
async def test_without_a_server_a_request_is_told_so(served: McpStage, era: str) -> None:
    async with piped(served, era, port=1) as pipe:
        found = await pipe.ask("tools/list")
        assert "127.0.0.1" in found["error"]["message"]


async def test_a_call_that_the_server_drops_is_not_made_again(
    served: McpStage, nursery: trio.Nursery
) -> None:
    """It has used a connection before, which looks as if that had only grown stale."""
    seen: list[bytes] = []

    async def serve(stream: trio.SocketStream) -> None:
        async with stream:
            while data := await stream.receive_some():
                seen.append(data)
                if b"tools/call" in data:
                    return
                await stream.send_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")

    [listener, *_] = await nursery.start(
        partial(trio.serve_tcp, serve, 0, host="127.0.0.1")  # its listeners
    )
    port = listener.socket.getsockname()[1]
    async with piped(served, MODERN, port=port) as pipe:
        await pipe.ask("tools/list")
        found = await pipe.ask("tools/call", call("endpoint_list"))
        assert "it may have acted on the request" in found["error"]["message"]
        assert sum(b"tools/call" in each for each in seen) == 1


async def test_a_wrong_token_is_told_and_not_shown(served: McpStage) -> None:
    async with piped(served, MODERN, token="not-the-token") as pipe:
        found = await pipe.ask("tools/list")
        assert "status 401" in found["error"]["message"]
        assert "not-the-token" not in json.dumps(found)


async def test_what_is_no_message_is_told_so(served: McpStage) -> None:
    async with piped(served, MODERN) as pipe:
        for line in (b"{", b"[]", b'"x"'):
            await pipe.lines.send_all(line + b"\n\n")
            assert (await pipe.hear())["error"]["code"] == -32700


async def test_a_client_that_hears_no_more_ends_it(served: McpStage) -> None:
    async with piped(served, MODERN) as pipe:
        await pipe.answers.aclose()
        await pipe.say(pipe.raw.request(1, "tools/list", None))
        with trio.fail_after(SECONDS_MAX):
            await pipe.ended.wait()
