"""A client of MCP that is written by hand: one request on one connection, in either era."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import attrs
import h11

from ..gateway.client import BEARER, Answer, Client, HeaderPairs, connect

LEGACY = "2025-11-25"
MODERN = "2026-07-28"
ERAS = (LEGACY, MODERN)
CLIENT = {"name": "raw", "version": "1"}
ACCEPT = (
    ("accept", "application/json, text/event-stream"),
    ("content-type", "application/json"),
)
_PREFIX = "io.modelcontextprotocol/"


def messages(answer: Answer) -> list[Any]:
    """The messages of an answer, whole or as events."""
    if answer.headers["content-type"].startswith("application/json"):
        return [json.loads(answer.body)]
    lines = answer.body.decode().splitlines()
    return [json.loads(line[5:]) for line in lines if line.startswith("data:") and line[5:].strip()]


@attrs.define
class Raw:
    """What speaks to `/mcp` of the server at a port, in an era."""

    port: int
    era: str
    session: str = ""
    path: str = "/mcp"
    ids: count[int] = attrs.field(factory=lambda: count(1))

    async def ask(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """A request and its answer's result."""
        found = await self.message(method, params)
        assert "result" in found, found
        return found["result"]

    async def message(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """A request and its answer, the last message of the response."""
        async with connect(self.port) as client:
            await self.start(client, method, params)
            answer = await client.answer()
        assert answer.status == 200, (answer.status, answer.body)
        return messages(answer)[-1]

    async def start(self, client: Client, method: str, params: dict[str, Any] | None = None) -> int:
        """Sends a request, and returns its id."""
        number = next(self.ids)
        body = json.dumps(self.request(number, method, params)).encode()
        await client.start("POST", self.path, self.headers(method, params), body)
        return number

    def request(self, number: int, method: str, params: dict[str, Any] | None) -> dict[str, Any]:
        """The message of a request."""
        said = dict(params or {})
        if self.era == MODERN:
            meta = {
                f"{_PREFIX}protocolVersion": MODERN,
                f"{_PREFIX}clientInfo": CLIENT,
                f"{_PREFIX}clientCapabilities": {},
            }
            said["_meta"] = {**meta, **said.get("_meta", {})}
        return {"jsonrpc": "2.0", "id": number, "method": method, "params": said}

    def headers(self, method: str, params: dict[str, Any] | None = None) -> HeaderPairs:
        """The headers of a request."""
        pairs: list[tuple[str, str]] = [*BEARER, *ACCEPT]
        if method != "initialize":
            pairs.append(("mcp-protocol-version", self.era))
        if self.session:
            pairs.append(("mcp-session-id", self.session))
        if self.era == MODERN:
            pairs.append(("mcp-method", method))
            if "name" in (params or {}):
                pairs.append(("mcp-name", (params or {})["name"]))
        return tuple(pairs)

    async def open(self) -> None:
        """Begins the session, where the era has any."""
        if self.era == MODERN:
            return
        async with connect(self.port) as client:
            said = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": CLIENT}
            await self.start(client, "initialize", said)
            answer = await client.answer()
        assert answer.status == 200, answer
        self.session = answer.headers["mcp-session-id"]
        await self.notify("notifications/initialized")

    async def notify(self, method: str, params: dict[str, Any] | None = None) -> None:
        """Sends a notification."""
        body = {"jsonrpc": "2.0", "method": method, **({"params": params} if params else {})}
        async with connect(self.port) as client:
            headers = self.headers(method)
            await client.start("POST", self.path, headers, json.dumps(body).encode())
            assert (await client.answer()).status == 202

    async def call(self, name: str, meta: dict[str, Any] | None = None, /, **arguments: Any) -> Any:
        """A tool's result."""
        return await self.ask("tools/call", call(name, meta, **arguments))

    async def listen(self, client: Client) -> None:
        """Opens a stream for news alone, and waits for its head."""
        if self.era == MODERN:
            said = {"notifications": {"toolsListChanged": True}}
            await self.start(client, "subscriptions/listen", said)
        else:
            await client.start("GET", self.path, self.headers("GET"))
        head = await client.event()
        assert isinstance(head, h11.Response), head
        assert head.status_code == 200, head


def call(name: str, meta: dict[str, Any] | None = None, /, **arguments: Any) -> dict[str, Any]:
    """The parameters of a tool's call."""
    said: dict[str, Any] = {"name": name, "arguments": arguments}
    return {**said, "_meta": meta} if meta else said


@asynccontextmanager
async def opened(port: int, era: str) -> AsyncGenerator[Raw]:
    """A client whose session, if it has any, is open."""
    raw = Raw(port, era)
    await raw.open()
    yield raw
