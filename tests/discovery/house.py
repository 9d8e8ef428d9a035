"""The server as the composition root builds it, and a client that speaks as Anthropic's do.

It listens on loopback, keeps its listings, and follows its settings file, as `serve` has it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import trio
from understudy import app
from understudy.actors.kernel import open_system
from understudy.actors.kernel.ref import CellRef
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.ports import UpstreamRequest
from understudy.io.serving.addresses import listen
from understudy.io.serving.door import Door
from understudy.io.serving.gateway import Gateway
from understudy.io.serving.limits import ServingLimits
from understudy.io.serving.listener import serve_connections
from understudy.io.serving.status import StatusBoard
from understudy.io.settings_file import SettingsFile
from understudy.io.upstream.http11 import Http11Upstream
from understudy.protocols.turn import ListModels, ModelCard
from understudy.simulations.state import SimulatedState

TOKEN = "token-of-this-server"
BEARER = (b"authorization", f"Bearer {TOKEN}".encode())
SECONDS_MAX = 10.0
ANSWER_TOKENS_MAX = 96
TOOL = {
    "name": "Read",
    "description": "Reads a file.",
    "input_schema": {
        "type": "object",
        "properties": {"path": {"type": "string", "enum": ["notes.txt"]}},
        "required": ["path"],
    },
}


@attrs.frozen
class Said:
    """What a streamed answer came to: its text, and its calls with their ids."""

    text: str
    calls: tuple[tuple[str, str, Any], ...]
    stop_reason: str


@attrs.frozen
class House:
    """A server and its one client."""

    url: str
    router: CellRef
    upstream: Http11Upstream

    async def models(self) -> dict[str, ModelCard]:
        """The models that are listed now, without those behind `anthropic/`."""
        cards = await self.router.ask(ListModels())
        return {each.id: each for each in cards if not each.id.startswith("anthropic/")}

    async def wait_for(self, model: str) -> ModelCard:
        """Waits until a model is listed."""
        with trio.fail_after(SECONDS_MAX):
            while model not in (found := await self.models()):
                await trio.sleep(0.005)
        return found[model]

    async def ask(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        """One request of the client's: its status and its body."""
        request = UpstreamRequest(method, f"{self.url}{target}", (BEARER,), body)
        with trio.fail_after(SECONDS_MAX):
            async with self.upstream.open(request) as response:
                said = b""
                while data := await response.receive():
                    said += data
                return response.status, said

    async def say(self, model: str, messages: list[Any], **more: Any) -> Said:
        """One streamed turn, as a client of Anthropic's makes it."""
        request = {
            "model": f"anthropic/{model}",
            "max_tokens": ANSWER_TOKENS_MAX,
            "stream": True,
            "messages": messages,
            "tools": [TOOL],
            **more,
        }
        status, body = await self.ask("POST", "/v1/messages", json.dumps(request).encode())
        assert status == 200, body
        return _said(body)

    async def tool_round_trip(self, model: str, result: str, **more: Any) -> tuple[Said, Said]:
        """A question that makes the model call a tool, and the turn with the tool's result.

        `more` are members of the first request.
        """
        messages: list[Any] = [{"role": "user", "content": "What is in notes.txt?"}]
        first = await self.say(model, messages, **more)
        calls = [
            {"type": "tool_use", "id": call, "name": name, "input": value}
            for call, name, value in first.calls
        ]
        results = [
            {"type": "tool_result", "tool_use_id": call, "content": result}
            for call, _, _ in first.calls
        ]
        messages += [
            {"role": "assistant", "content": calls},
            {"role": "user", "content": results},
        ]
        return first, await self.say(model, messages)


@asynccontextmanager
async def open_house(folder: Path, settings: str) -> AsyncGenerator[House]:
    """Serves until the block is left."""
    path = folder / "settings.toml"
    path.write_text(settings)
    file = SettingsFile(path)
    listeners = await listen("127.0.0.1", 0)
    port = int(listeners[0].socket.getsockname()[1])
    upstream = Http11Upstream()
    async with open_system() as system, trio.open_nursery() as nursery:
        parts, router, sessions = app.start_actors(
            system, file.load(), SimulatedState(), upstream, LlamaServer(), {}
        )
        live = sessions.live
        board = StatusBoard("0", "", router, parts.conversations, lambda: list(live.values()))
        door = Door.for_address(lambda token: token == TOKEN, "127.0.0.1", port, any_host=False)
        gateway = Gateway(door, router, sessions.session, board, sessions.marks)
        nursery.start_soon(app.follow_settings, file, parts, router, board)
        server = await nursery.start(
            serve_connections, gateway, listeners, ServingLimits(linger_seconds=0.05)
        )
        yield House(f"http://127.0.0.1:{port}", router, upstream)
        server.stop_accepting(grace_seconds=0.0)
        nursery.cancel_scope.cancel()
    with trio.CancelScope(shield=True, deadline=trio.current_time() + SECONDS_MAX):
        await upstream.aclose()


def _said(body: bytes) -> Said:
    lines = [line[6:] for line in body.decode().splitlines() if line.startswith("data: ")]
    text, calls, inputs, stop = "", dict[int, tuple[str, str]](), dict[int, str](), ""
    for event in map(json.loads, lines):
        kind, index = event["type"], event.get("index", 0)
        if kind == "content_block_start" and event["content_block"]["type"] == "tool_use":
            calls[index] = event["content_block"]["id"], event["content_block"]["name"]
        elif kind == "content_block_delta":
            text += event["delta"].get("text", "")
            inputs[index] = inputs.get(index, "") + event["delta"].get("partial_json", "")
        elif kind == "message_delta":
            stop = event["delta"]["stop_reason"]
    found = [(*call, json.loads(inputs[index])) for index, call in calls.items()]
    return Said(text, tuple(found), stop)
